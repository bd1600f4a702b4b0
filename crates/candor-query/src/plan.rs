//! One part of a record as one query: what is selected, and how an answer's row is read.

use crate::{
    catalogue::records::{Aggregate, Beside, Level, Metric, Part},
    engine::Scope,
    segment::Window,
    sql::{Expr, Fragment},
};
use candor_store::{Cell, Dialect};

/// At most so many grouped rows are read at once.
pub(crate) const ROWS_MAX: usize = 1_000_000;

/// A part with everything that decides its text.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) part: &'a Part,
    /// Slot of a list column, or the record's number.
    pub(crate) number: i32,
    /// Grouped by day; otherwise the days are taken together.
    pub(crate) by_day: bool,
}

/// Keys that are asked for one by one; for more it is cheaper to ask for all.
const KEYS_MAX: usize = 1000;

/// One row of an answer.
pub(crate) struct Read<'a> {
    /// 0 where days are taken together.
    pub(crate) day: i32,
    /// The cells of each level, outermost first.
    pub(crate) levels: Vec<&'a [Cell]>,
    /// 0 where the part isn't by goal.
    pub(crate) goal: i32,
    /// One a metric.
    pub(crate) metrics: &'a [Cell],
    /// One a fact.
    pub(crate) metadata: &'a [Cell],
}

impl Plan<'_> {
    fn slot(&self) -> u32 {
        u32::try_from(self.number).unwrap_or(0)
    }

    /// The query's text and values.
    pub(crate) fn query(&self, scope: &Scope<'_>, window: &Window, dialect: &dyn Dialect) -> Fragment {
        let levels = self.part.levels.iter().flat_map(|level| level_columns(level, dialect, self.slot())).collect();
        self.grouped(levels, self.facts(dialect), scope, window, dialect)
    }

    /// The same with a number in the place of each text that is grouped by, and without facts: an engine groups by
    /// numbers in half the time. What they stand for is asked with [`Self::meanings`].
    pub(crate) fn query_by_key(&self, scope: &Scope<'_>, window: &Window, dialect: &dyn Dialect) -> Fragment {
        self.grouped(self.keys(dialect), vec![], scope, window, dialect)
    }

    /// What these keys stand for: each key, its texts, its facts.
    pub(crate) fn meanings(&self, keys: &[i64], scope: &Scope<'_>, window: &Window, dialect: &dyn Dialect) -> Fragment {
        let key = self.keys(dialect).join(", ");
        let mut filters: Vec<_> = self.filter().into_iter().collect();
        if keys.len() <= KEYS_MAX {
            let cells: Vec<_> = keys.iter().map(|key| Cell::Int(*key)).collect();
            filters.push(Fragment::new(format!("{key} in ({})", vec!["?"; keys.len()].join(", ")), cells));
        }
        let from = self.from(scope, window, filters, dialect);
        let texts = self.part.levels.iter().flat_map(|level| level_columns(level, dialect, self.slot()));
        let texts: Vec<_> = texts.map(|text| dialect.any(&text)).chain(self.facts(dialect)).collect();
        Fragment::new(format!("select {key}, {}\nfrom {}\ngroup by 1", texts.join(", "), from.text), from.values)
    }

    fn keys(&self, dialect: &dyn Dialect) -> Vec<String> {
        let texts = self.part.levels.iter().flat_map(|level| level_columns(level, dialect, self.slot()));
        texts.map(|text| dialect.hash(&text)).collect()
    }

    fn facts(&self, dialect: &dyn Dialect) -> Vec<String> {
        self.part.metadata.iter().map(|fact| dialect.any(&fact.expression.sql(dialect, self.slot()))).collect()
    }

    fn grouped(
        &self,
        levels: Vec<String>,
        facts: Vec<String>,
        scope: &Scope<'_>,
        window: &Window,
        dialect: &dyn Dialect,
    ) -> Fragment {
        let part = self.part;
        let mut columns = if self.by_day { vec!["day".to_owned()] } else { vec![] };
        columns.extend(levels);
        if part.by_goal {
            columns.push("goal_id".to_owned());
        }
        let group_by = (1..=columns.len()).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
        columns.extend(part.metrics.iter().map(|m| aggregate(m, dialect)));
        columns.extend(facts);
        let from = self.from(scope, window, self.filter().into_iter().collect(), dialect);
        let mut text = format!("select {}\nfrom {}", columns.join(", "), from.text);
        if !group_by.is_empty() {
            text.push_str(&format!("\ngroup by {group_by}"));
        }
        text.push_str(&format!("\nlimit {}", ROWS_MAX + 1));
        Fragment::new(text, from.values)
    }

    /// Which rows the part itself wants; `None` = all.
    fn filter(&self) -> Option<Fragment> {
        let filter = self.part.filter.replace("{n}", &self.number.to_string());
        (!filter.is_empty()).then(|| Fragment::new(filter, []))
    }

    /// The rows: where from and which.
    fn from(&self, scope: &Scope<'_>, window: &Window, filters: Vec<Fragment>, dialect: &dyn Dialect) -> Fragment {
        let part = self.part;
        let mut rows = vec![window.rows()];
        rows.extend(scope.segment.map(|segment| segment.condition(part.source, window, dialect)));
        let (from, conditions) = match part.beside {
            Beside::Nothing => (Fragment::new(part.source.table(), []), rows),
            Beside::Neighbours => (with_neighbours(&window.around()), rows),
            // The segment goes by the conversion's own columns, so it is asked before the other rows come in.
            Beside::PagesBefore => (with_pages_before(&Fragment::all(rows), &window.around()), vec![]),
            Beside::Entry => (with_entry(&Fragment::all(rows), &window.around()), vec![]),
        };
        let conditions: Vec<_> = conditions.into_iter().chain(filters).collect();
        from.then(Fragment::new("\nwhere ", [])).then(Fragment::all(conditions))
    }

    /// Reads one row of the answer; `None` when it hasn't the columns that were selected.
    pub(crate) fn read<'a>(&self, row: &'a [Cell]) -> Option<Read<'a>> {
        let mut rest = row;
        let day = if self.by_day { int(take(&mut rest, 1)?.first()?) } else { 0 };
        let mut levels = vec![];
        for level in self.part.levels {
            levels.push(take(&mut rest, level_width(level))?);
        }
        let goal = if self.part.by_goal { int(take(&mut rest, 1)?.first()?) } else { 0 };
        let metrics = take(&mut rest, self.part.metrics.len())?;
        let metadata = take(&mut rest, self.part.metadata.len())?;
        Some(Read { day, levels, goal, metrics, metadata })
    }
}

fn take<'a>(rest: &mut &'a [Cell], count: usize) -> Option<&'a [Cell]> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    Some(head)
}

fn int(cell: &Cell) -> i32 {
    match cell {
        Cell::Int(n) => i32::try_from(*n).unwrap_or(0),
        _ => 0,
    }
}

fn level_width(level: &Level) -> usize {
    match level {
        Level::Values(expressions, _) => expressions.len(),
        Level::Optional(_) | Level::Apart(_) | Level::Ranges(..) => 1,
    }
}

fn level_columns(level: &Level, dialect: &dyn Dialect, slot: u32) -> Vec<String> {
    match level {
        Level::Values(expressions, _) => expressions.iter().map(|e| e.sql(dialect, slot)).collect(),
        Level::Optional(expression) | Level::Apart(expression) => vec![expression.sql(dialect, slot)],
        Level::Ranges(expression, ranges) => vec![range_number(*expression, ranges, dialect)],
    }
}

/// The ordinal of the range that a number falls into. No value counts as 0.
fn range_number(expression: Expr, ranges: &[(i64, Option<i64>)], dialect: &dyn Dialect) -> String {
    let value = format!("coalesce({}, 0)", expression.sql(dialect, 0));
    let mut text = "case".to_owned();
    for (number, (_, end)) in ranges.iter().enumerate() {
        match end {
            Some(end) => text.push_str(&format!(" when {value} <= {end} then {number}")),
            None => text.push_str(&format!(" else {number}")),
        }
    }
    text + " end"
}

fn with_pages_before(conversions: &Fragment, around: &Fragment) -> Fragment {
    let text = format!(
        "(select visit_id, day, goal_id, \"at\" as conversion_at, revenue, pageviews_before from conversions where {}) \
         join (select visit_id as page_visit, \"at\" as page_at, url, title from actions where kind = 1 and {}) \
         on page_visit = visit_id and page_at <= conversion_at",
        conversions.text, around.text
    );
    Fragment::new(text, [conversions.values.as_slice(), &around.values].concat())
}

fn with_entry(conversions: &Fragment, around: &Fragment) -> Fragment {
    let text = format!(
        "(select visit_id, day, goal_id, revenue from conversions where {}) \
         join (select visit_id as entry_visit, entry_url, entry_title, entry_title_kind from visits where {}) \
         on entry_visit = visit_id",
        conversions.text, around.text
    );
    Fragment::new(text, [conversions.values.as_slice(), &around.values].concat())
}

fn with_neighbours(around: &Fragment) -> Fragment {
    let text = format!(
        "(select *, lead(time_spent) over visit as next_time_spent, lead(visit_id) over visit is null as is_last, \
         count(*) over (partition by visit_id) = 1 as is_only from actions where {} \
         window visit as (partition by visit_id order by seq))",
        around.text
    );
    Fragment::new(text, around.values.clone())
}

fn aggregate(metric: &Metric, dialect: &dyn Dialect) -> String {
    match metric.aggregate {
        Aggregate::Rows => "count(*)".to_owned(),
        Aggregate::RowsIf(condition) => dialect.count_if(condition),
        Aggregate::Present(expression) if metric.omit_null => format!("nullif(count({expression}), 0)"),
        Aggregate::Present(expression) => format!("count({expression})"),
        // Sums of integers are wider than a cell's integer in some engines.
        Aggregate::Sum(expression) if metric.omit_null => format!("cast(sum({expression}) as bigint)"),
        Aggregate::Sum(expression) => format!("cast(coalesce(sum({expression}), 0) as bigint)"),
        Aggregate::SumFloat(expression) if metric.omit_null => format!("sum({expression})"),
        Aggregate::SumFloat(expression) => format!("coalesce(sum({expression}), 0.0)"),
        Aggregate::Average(expression) => format!("avg({expression})"),
        Aggregate::Max(expression) => format!("max({expression})"),
        Aggregate::Min(expression) => format!("min({expression})"),
        Aggregate::NoneAbove0(expression) => format!("case when max({expression}) <= 0 then 1 else 0 end"),
        Aggregate::Distinct(expression) => dialect.count_distinct(expression),
        Aggregate::Zero => "0".to_owned(),
    }
}
