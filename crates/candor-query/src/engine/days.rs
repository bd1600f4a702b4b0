//! Runs a record's queries over some days and puts the answers together, one table a day.

use super::{
    Engine, Scope,
    labels::{LabelId, Labels, TOP},
    layout::Layout,
    places::Places,
    sheet::Sheet,
};
use crate::{
    catalogue::records::{Level, Metadata, MetadataKind, RecordDef, Shape},
    error::QueryError,
    plan::{Plan, ROWS_MAX, Read},
    segment::Window,
    table::Value,
};
use candor_core::{Day, visit::plugin};
use candor_store::Cell;
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;

/// Tables in the making by day; day 0 alone where days are taken together.
pub(super) type Days = HashMap<i32, Sheet>;

impl Engine {
    /// Asks the store for all days from `first` to `last`, each its own table or all together.
    /// While one answer is put in place, the store works on the next.
    pub(super) fn compute(
        &self,
        (def, layout, labels): (&RecordDef, &Layout, &mut Labels),
        scope: &Scope<'_>,
        span: (Day, Day),
        by_day: bool,
    ) -> Result<Days, QueryError> {
        scope.check_time()?;
        let window = window(scope, span);
        let plans: Vec<Plan<'_>> = plans(def, by_day).collect();
        let queries: Vec<_> = plans.iter().map(|plan| plan.query(scope, &window, self.store.dialect())).collect();
        let mut days = Days::new();
        std::thread::scope(|threads| {
            let (answered, answers) = std::sync::mpsc::sync_channel(1);
            threads.spawn(move || {
                for query in queries {
                    // Where reading has failed nobody waits for more.
                    if answered.send(self.store.query(&query.text, &query.values)).is_err() {
                        return;
                    }
                }
            });
            for (plan, answer) in plans.into_iter().zip(answers) {
                let answer = answer?;
                if answer.rows.len() > ROWS_MAX {
                    return Err(QueryError::TooMany(ROWS_MAX));
                }
                let places = Places::of(layout, plan.part);
                let mut reader = Reader { def, layout, plan, places, labels };
                for row in &answer.rows {
                    if let Some(read) = plan.read(row) {
                        reader.add(&mut days, &read);
                    }
                }
            }
            Ok(())
        })?;
        days.values_mut().for_each(|day| day.sum_up(layout, labels));
        Ok(days)
    }
}

/// The queries of a record: its parts, those of slots once a slot.
pub(super) fn plans(def: &RecordDef, by_day: bool) -> impl Iterator<Item = Plan<'_>> {
    def.parts.iter().flat_map(move |part| {
        let numbers = match part.slots {
            0 => def.number.unwrap_or(0)..=def.number.unwrap_or(0),
            slots => 1..=i32::try_from(slots).unwrap_or(i32::MAX),
        };
        numbers.map(move |number| Plan { part, number, by_day })
    })
}

/// The rows of some days.
pub(super) fn window(scope: &Scope<'_>, (first, last): (Day, Day)) -> Window {
    let slack = if scope.settings.tracker.create_new_visit_after_midnight { 1 } else { LONG_VISIT_DAYS };
    Window { site: scope.site.id, first, last, slack }
}

/// Where visits don't end at midnight, none is longer than this: 10,000 actions with pauses under 30 minutes could be,
/// but are not people.
const LONG_VISIT_DAYS: i32 = 31;

/// Adds the rows of one answer to the days' sheets.
struct Reader<'a> {
    def: &'a RecordDef,
    layout: &'a Layout,
    plan: Plan<'a>,
    places: Places<'a>,
    labels: &'a mut Labels,
}

impl Reader<'_> {
    fn add(&mut self, days: &mut Days, read: &Read<'_>) {
        let sheet = days.entry(read.day).or_default();
        match self.def.shape {
            Shape::Plugins => {
                let labels = labels(self.plan.part.levels, &read.levels);
                let bits = labels.first().and_then(|label| label.parse::<u16>().ok()).unwrap_or(0);
                for (name, _) in plugin::ALL.iter().filter(|(_, bit)| bits & bit != 0) {
                    let label = self.labels.below(TOP, name);
                    self.places.add(sheet, self.labels, label, read.goal, read.metrics);
                }
            }
            Shape::Levels if self.plan.part.levels.is_empty() => {
                let label = self.labels.below(TOP, "");
                self.places.add(sheet, self.labels, label, read.goal, read.metrics);
            }
            Shape::Levels => {
                let label = self.labels.path(&labels(self.plan.part.levels, &read.levels));
                self.add_levels(sheet, label, read);
            }
            // Trees are counted from scans.
            Shape::PageUrls | Shape::PageTitles | Shape::Hosts => {}
        }
    }

    fn add_levels(&mut self, sheet: &mut Sheet, label: LabelId, read: &Read<'_>) {
        let line = self.places.add(sheet, self.labels, label, read.goal, read.metrics);
        let Some(line) = line else { return };
        let facts = self.plan.part.metadata.iter().zip(read.metadata);
        for (fact, cell) in facts.filter(|(fact, _)| !fact.kind.is_of_first_level()) {
            if let Some(value) = metadata(fact, cell) {
                line.add_metadata(Cow::Borrowed(fact.name), value);
            }
        }
        for fact in self.plan.part.metadata.iter().filter(|fact| fact.kind.is_of_first_level()) {
            let top = sheet.line(self.layout, self.labels, self.labels.first(label));
            if let (Some(line), Some(value)) = (top, slot(fact, self.plan.number)) {
                line.add_metadata(Cow::Borrowed(fact.name), value);
            }
        }
    }
}

fn slot(fact: &Metadata, number: i32) -> Option<Value> {
    let MetadataKind::Slot(scope) = fact.kind else { return None };
    let slot =
        vec![("scope".to_owned(), Value::Text(scope.to_owned())), ("index".to_owned(), Value::Int(number.into()))];
    Some(Value::List(vec![Value::Map(slot)]))
}

fn metadata(fact: &Metadata, cell: &Cell) -> Option<Value> {
    match (fact.kind, cell) {
        (_, Cell::Null) => None,
        (_, Cell::Text(text)) if text.is_empty() => None,
        (MetadataKind::Hex, Cell::Int(n)) => Some(Value::Text(format!("{n:016x}"))),
        (MetadataKind::Hex, Cell::Text(digits)) => digits.parse::<u64>().ok().map(|n| Value::Text(format!("{n:016x}"))),
        (_, cell) => Some(value(cell)),
    }
}

/// The labels of a path; an optional level without a value ends it.
fn labels<'a>(levels: &[Level], cells: &[&'a [Cell]]) -> Vec<Cow<'a, str>> {
    let mut labels = vec![];
    for (level, cells) in levels.iter().zip(cells) {
        let label = match level {
            Level::Apart(_) => continue,
            Level::Values(_, separator) => joined(cells, separator),
            Level::Optional(_) => {
                let label = joined(cells, "");
                if label.is_empty() {
                    break;
                }
                label
            }
            Level::Ranges(_, ranges) => {
                let number = cells.first().map_or(0, whole);
                let range = usize::try_from(number).ok().and_then(|n| ranges.get(n));
                Cow::Owned(range.map_or(String::new(), |(from, to)| match to {
                    Some(to) if to == from => from.to_string(),
                    Some(to) => format!("{from}-{to}"),
                    None => format!("{from}+"),
                }))
            }
        };
        labels.push(label);
    }
    labels
}

fn joined<'a>(cells: &'a [Cell], separator: &str) -> Cow<'a, str> {
    match cells {
        [cell] => text(cell),
        cells => Cow::Owned(cells.iter().map(|cell| text(cell)).collect::<Vec<_>>().join(separator)),
    }
}

fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Int(n) => Cow::Owned(n.to_string()),
        Cell::Float(x) => Cow::Owned(x.to_string()),
        Cell::Null | Cell::Bytes(_) | Cell::List(_) => Cow::Borrowed(""),
    }
}

fn whole(cell: &Cell) -> i64 {
    match cell {
        Cell::Int(n) => *n,
        Cell::Float(x) => *x as i64,
        _ => 0,
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null | Cell::Bytes(_) => Value::Null,
        Cell::Int(n) => Value::Int(*n),
        Cell::Float(x) => Value::Float(*x),
        Cell::Text(text) => Value::Text(text.to_string()),
        Cell::List(items) => Value::List(items.iter().cloned().map(Value::Text).collect()),
    }
}
