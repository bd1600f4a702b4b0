//! Trees of pages: the widest records, with the most texts. The store groups their rows by numbers that stand for the
//! texts and answers in columns; what a number stands for is asked once. While one run of days is put together, the
//! store works on the next.

use super::{
    Engine, Scope,
    days::{Days, plans, window},
    labels::{LabelId, Labels},
    layout::Layout,
    paths,
    places::Places,
};
use crate::{
    catalogue::records::{Beside, RecordDef, Shape},
    error::QueryError,
    plan::{Plan, ROWS_MAX},
    table::Value,
};
use candor_core::Day;
use candor_store::{Cell, Numbers, Values};
use foldhash::{HashMap, HashMapExt};
use std::{borrow::Cow, sync::mpsc};

/// Whether a record's rows make a tree.
pub(super) fn is_tree(def: &RecordDef) -> bool {
    matches!(def.shape, Shape::PageUrls | Shape::PageTitles | Shape::Hosts)
}

/// What keys stand for, as far as anybody asked.
#[derive(Default)]
pub(super) struct Meanings {
    labels: HashMap<i64, LabelId>,
    /// Whole URLs of keys that have one.
    urls: HashMap<i64, Value>,
}

/// What the store answered to each part of a record.
type Answers<'d> = Vec<(Plan<'d>, Vec<Numbers>)>;

impl Engine {
    /// Computes the days of each span, and hands them over in the order of spans.
    pub(super) fn compute_trees(
        &self,
        (def, layout): (&RecordDef, &Layout),
        (labels, meanings): (&mut Labels, &mut Meanings),
        scope: &Scope<'_>,
        spans: &[(Day, Day)],
        mut take: impl FnMut(usize, &Labels, Days),
    ) -> Result<(), QueryError> {
        std::thread::scope(|threads| {
            let (answered, answers) = mpsc::sync_channel(1);
            threads.spawn(move || {
                for span in spans {
                    // Where putting together has failed nobody waits for more.
                    if answered.send(self.ask(def, scope, *span)).is_err() {
                        return;
                    }
                }
            });
            for ((number, span), answers) in spans.iter().enumerate().zip(answers) {
                let mut tree = Tree { engine: self, def, layout, scope, span: *span, labels, meanings };
                let days = tree.days(answers?)?;
                take(number, labels, days);
            }
            Ok(())
        })
    }

    fn ask<'d>(&self, def: &'d RecordDef, scope: &Scope<'_>, span: (Day, Day)) -> Result<Answers<'d>, QueryError> {
        scope.check_time()?;
        let window = window(scope, span);
        plans(def, true)
            .map(|plan| {
                let query = plan.query_by_key(scope, &window, self.store.dialect());
                let columns = self.store.columns(&query.text, &query.values)?;
                let rows = columns.first().map_or(0, |column| column.missing.len());
                if rows > ROWS_MAX { Err(QueryError::TooMany(ROWS_MAX)) } else { Ok((plan, columns)) }
            })
            .collect()
    }
}

/// Puts together the sheets of some days.
struct Tree<'a> {
    engine: &'a Engine,
    def: &'a RecordDef,
    layout: &'a Layout,
    scope: &'a Scope<'a>,
    span: (Day, Day),
    labels: &'a mut Labels,
    meanings: &'a mut Meanings,
}

impl Tree<'_> {
    fn days(&mut self, answers: Answers<'_>) -> Result<Days, QueryError> {
        let mut days = Days::new();
        for (plan, columns) in answers {
            let [day, key, columns @ ..] = columns.as_slice() else { continue };
            let (day, key) = (whole(day), whole(key));
            self.learn(&plan, key)?;
            self.add(&mut days, &plan, (day, key), columns);
        }
        for day in days.values_mut() {
            if self.def.parts.iter().any(|part| part.beside == Beside::Entry) {
                day.add_entry_rates(self.layout);
            }
            day.sum_up(self.layout, self.labels);
        }
        Ok(days)
    }

    /// Asks for what keys stand for that weren't met before.
    fn learn(&mut self, plan: &Plan<'_>, keys: &[i64]) -> Result<(), QueryError> {
        let with_url = !plan.part.metadata.is_empty();
        let is_known = |key: &i64| {
            if with_url { self.meanings.urls.contains_key(key) } else { self.meanings.labels.contains_key(key) }
        };
        let mut unknown: Vec<i64> = keys.iter().filter(|key| !is_known(key)).copied().collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        let query = plan.meanings(&unknown, self.scope, &window(self.scope, self.span), self.engine.store.dialect());
        for row in self.engine.store.query(&query.text, &query.values)?.rows {
            let [Cell::Int(key), Cell::Text(text), facts @ ..] = row.as_slice() else { continue };
            let path = match self.def.shape {
                Shape::PageUrls => paths::page_url(text, self.scope.settings),
                Shape::Hosts => paths::host(text),
                _ => paths::page_title(text, self.scope.settings),
            };
            self.meanings.labels.insert(*key, self.labels.path(&path));
            if let [prefix] = facts {
                self.meanings.urls.insert(*key, Value::Text(format!("{}{text}", paths::url_prefix(prefix))));
            }
        }
        Ok(())
    }

    fn add(&self, days: &mut Days, plan: &Plan<'_>, (day, key): (&[i64], &[i64]), columns: &[Numbers]) {
        let places = Places::of(self.layout, plan.part);
        let (goals, metrics) = match columns {
            [goals, metrics @ ..] if plan.part.by_goal => (whole(goals), metrics),
            metrics => (&[][..], metrics),
        };
        let mut cells = vec![];
        for (row, (day, key)) in day.iter().zip(key).enumerate() {
            let (Some(label), Ok(day)) = (self.meanings.labels.get(key), i32::try_from(*day)) else { continue };
            let goal = goals.get(row).and_then(|goal| i32::try_from(*goal).ok()).unwrap_or(0);
            cells.clear();
            cells.extend(metrics.iter().map(|numbers| cell(numbers, row)));
            let sheet = days.entry(day).or_default();
            let Some(line) = places.add(sheet, self.labels, *label, goal, &cells) else { continue };
            for fact in plan.part.metadata {
                if let (Some(url), false) = (self.meanings.urls.get(key), line.has_metadata(fact.name)) {
                    line.add_metadata(Cow::Borrowed(fact.name), url.clone());
                }
            }
        }
    }
}

fn whole(numbers: &Numbers) -> &[i64] {
    match &numbers.values {
        Values::Whole(values) => values,
        Values::Float(_) => &[],
    }
}

fn cell(numbers: &Numbers, row: usize) -> Cell {
    if numbers.missing.get(row) != Some(&false) {
        return Cell::Null;
    }
    match &numbers.values {
        Values::Whole(values) => values.get(row).map_or(Cell::Null, |n| Cell::Int(*n)),
        Values::Float(values) => values.get(row).map_or(Cell::Null, |x| Cell::Float(*x)),
    }
}
