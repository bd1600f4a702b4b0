//! A segment as an SQL condition over one table.
//!
//! A segment chooses visits. Tables are never joined: what another table decides is `visit_id in (select …)`. Operands
//! of one table in an and-chain must be fulfilled by the same row; `!=` and `!@` of anything but the visit exclude
//! whole visits.

use super::{
    Operator, Segment,
    check::{Condition, Member, Test},
};
use crate::{
    catalogue::dimensions::{Source, Values},
    sql::Fragment,
};
use candor_core::{Day, SiteId};
use candor_store::{Cell, Dialect};

/// The rows a query looks at: one site, local days from `first` to `last`.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    /// Site.
    pub site: SiteId,
    /// First local day.
    pub first: Day,
    /// Last local day.
    pub last: Day,
    /// Days by which a visit's rows may lie outside: visits end at midnight unless the settings say otherwise.
    pub slack: i32,
}

impl Window {
    /// Rows of the days themselves.
    pub(crate) fn rows(&self) -> Fragment {
        self.days(self.first, self.last)
    }

    /// Rows of the days and of visits that reach over their edges.
    pub(crate) fn around(&self) -> Fragment {
        self.days(self.first.plus(-self.slack), self.last.plus(self.slack))
    }

    fn days(&self, first: Day, last: Day) -> Fragment {
        let values = [i64::from(self.site.0), i64::from(first.0), i64::from(last.0)].map(Cell::Int);
        Fragment::new("site_id = ? and day >= ? and day <= ?", values)
    }
}

/// Tests by the table they are asked of.
type BySource = Vec<(Source, Vec<Fragment>)>;

fn push(tests: &mut BySource, source: Source, test: Fragment) {
    match tests.iter_mut().find(|(s, _)| *s == source) {
        Some((_, tests)) => tests.push(test),
        None => tests.push((source, vec![test])),
    }
}

impl Segment {
    /// The condition over rows of `base`.
    pub(crate) fn condition(&self, base: Source, window: &Window, dialect: &dyn Dialect) -> Fragment {
        let scope = Scope { base, window, dialect };
        let mut same_row = BySource::new();
        let mut excluded = BySource::new();
        let mut parts = vec![];
        for group in &self.conditions {
            if let [condition] = group.as_slice()
                && excludes_visits(condition)
            {
                push(&mut excluded, condition.source, scope.members(condition));
            } else if let Some(source) = single_source(group) {
                push(&mut same_row, source, Fragment::any(group.iter().map(|c| scope.by_row(c)).collect()));
            } else {
                parts.push(scope.mixed(group));
            }
        }
        parts.extend(same_row.into_iter().map(|(source, tests)| scope.rows_of(source, Fragment::all(tests))));
        // Neither this nor that: one look at the table finds all visits to leave out.
        parts.extend(excluded.into_iter().map(|(source, tests)| scope.visits("not in", source, Fragment::any(tests))));
        Fragment::all(parts)
    }
}

/// Negations of a visit's own values go by the row; those of other tables exclude visits.
fn excludes_visits(condition: &Condition) -> bool {
    condition.negated && condition.source != Source::Visits
}

/// The table of a group that goes by the rows of one table.
fn single_source(group: &[Condition]) -> Option<Source> {
    let first = group.first()?.source;
    group.iter().all(|c| c.source == first && !excludes_visits(c)).then_some(first)
}

struct Scope<'a> {
    base: Source,
    window: &'a Window,
    dialect: &'a dyn Dialect,
}

impl Scope<'_> {
    /// Rows of the base table whose visit has a row in `source` that passes. A segment chooses visits as a whole:
    /// all actions of a visit stay, also where the condition speaks of actions.
    fn rows_of(&self, source: Source, test: Fragment) -> Fragment {
        if source == Source::Visits && self.base == Source::Visits { test } else { self.visits("in", source, test) }
    }

    fn visits(&self, word: &str, source: Source, test: Fragment) -> Fragment {
        let rows = Fragment::all(vec![self.window.around(), test]);
        Fragment::new(
            format!("visit_id {word} (select visit_id from {} where {})", source.table(), rows.text),
            rows.values,
        )
    }

    /// Any of these; what is negated of one table is negated together.
    fn mixed(&self, group: &[Condition]) -> Fragment {
        let mut parts = vec![];
        let mut excluded = BySource::new();
        for condition in group {
            if excludes_visits(condition) {
                push(&mut excluded, condition.source, self.members(condition));
            } else {
                parts.push(self.rows_of(condition.source, self.by_row(condition)));
            }
        }
        parts.extend(excluded.into_iter().map(|(source, tests)| self.visits("not in", source, Fragment::all(tests))));
        Fragment::any(parts)
    }

    /// The condition on a row of its own table.
    fn by_row(&self, condition: &Condition) -> Fragment {
        let test = self.members(condition);
        if condition.negated { test.negated() } else { test }
    }

    fn members(&self, condition: &Condition) -> Fragment {
        let tests = condition.members.iter().flat_map(|m| m.slots.iter().map(|slot| self.member(m, *slot)));
        Fragment::any(tests.collect())
    }

    fn member(&self, member: &Member, slot: u32) -> Fragment {
        let expression = member.dimension.expression.sql(self.dialect, slot);
        let test = self.test(&expression, member.dimension.values, &member.test);
        match member.dimension.filter {
            "" => test,
            filter => Fragment::all(vec![Fragment::new(filter, []), test]),
        }
    }

    fn test(&self, expression: &str, values: Values, test: &Test) -> Fragment {
        let as_text = || match values {
            Values::Text | Values::Exact | Values::PageUrl => expression.to_owned(),
            _ => format!("cast({expression} as varchar)"),
        };
        match test {
            Test::OneOf(cells) if cells.is_empty() => Fragment::never(),
            Test::OneOf(cells) => {
                let marks = vec!["?"; cells.len()].join(", ");
                Fragment::new(format!("{expression} in ({marks})"), cells.clone())
            }
            Test::Text(cell) => Fragment::new(self.dialect.equals_ci(expression, "?"), [cell.clone()]),
            Test::Empty => Fragment::new(format!("coalesce({}, '') in ('', '0')", as_text()), []),
            Test::Compare(operator, cell) => Fragment::new(format!("{expression} {operator} ?"), [cell.clone()]),
            Test::Like(operator, cell) => {
                let like = match operator {
                    Operator::StartsWith => self.dialect.starts_with_ci(&as_text(), "?"),
                    Operator::EndsWith => self.dialect.ends_with_ci(&as_text(), "?"),
                    _ => self.dialect.contains_ci(&as_text(), "?"),
                };
                Fragment::new(like, [cell.clone()])
            }
        }
    }
}
