//! Runs a record's queries over some days and puts the answers together, one table a day.

use super::{
    Engine, Scope,
    builder::{Builder, add_metadata},
    paths,
};
use crate::{
    catalogue::records::{Beside, Level, Metadata, MetadataKind, RecordDef, Shape},
    error::QueryError,
    plan::{Plan, ROWS_MAX, Read},
    segment::Window,
    table::{Name, Value},
};
use candor_core::{CART_GOAL_ID, Day, GoalId, ORDER_GOAL_ID, visit::plugin};
use candor_store::Cell;
use std::{borrow::Cow, collections::HashMap};

/// Tables in the making by day; day 0 alone where days are taken together.
pub(super) type Days = HashMap<i32, Builder>;

impl Engine {
    /// Asks the store for all days from `first` to `last`, each its own table or all together.
    pub(super) fn compute(
        &self,
        def: &RecordDef,
        scope: &Scope<'_>,
        span: (Day, Day),
        by_day: bool,
    ) -> Result<Days, QueryError> {
        let window = Window {
            site: scope.site.id,
            first: span.0,
            last: span.1,
            slack: if scope.settings.tracker.create_new_visit_after_midnight { 1 } else { LONG_VISIT_DAYS },
        };
        let mut days = Days::new();
        for part in def.parts {
            let numbers = match part.slots {
                0 => def.number.unwrap_or(0)..=def.number.unwrap_or(0),
                slots => 1..=i32::try_from(slots).unwrap_or(i32::MAX),
            };
            for number in numbers {
                let plan = Plan { part, number, by_day };
                let query = plan.query(scope, &window, self.store.dialect());
                let answer = self.store.query(&query.text, &query.values)?;
                if answer.rows.len() > ROWS_MAX {
                    return Err(QueryError::TooMany(ROWS_MAX));
                }
                let mut reader = Reader { def, scope, plan, paths: HashMap::new() };
                for row in &answer.rows {
                    if let Some(read) = plan.read(row) {
                        reader.add(&mut days, &read);
                    }
                }
            }
        }
        if def.parts.iter().any(|part| part.beside == Beside::Entry) {
            for day in days.values_mut() {
                day.add_entry_rates();
            }
        }
        Ok(days)
    }
}

/// Where visits don't end at midnight, none is longer than this: 10,000 actions with pauses under 30 minutes could be,
/// but are not people.
const LONG_VISIT_DAYS: i32 = 31;

struct Reader<'a> {
    def: &'a RecordDef,
    scope: &'a Scope<'a>,
    plan: Plan<'a>,
    /// Trees' labels by text: the same page comes once a day.
    paths: HashMap<String, Vec<String>>,
}

impl Reader<'_> {
    fn add(&mut self, days: &mut Days, read: &Read<'_>) {
        let builder = days.entry(read.day).or_default();
        let columns = if self.plan.part.by_goal { goal_columns(self, read) } else { plain_columns(self, read) };
        if self.def.shape == Shape::Plugins {
            let bits = read.levels.first().and_then(|cells| cells.first()).map_or(0, whole);
            for (name, bit) in plugin::ALL {
                if bits & i64::from(bit) != 0 {
                    builder.add(&[Cow::Borrowed(name)], &columns);
                }
            }
            return;
        }
        let labels = labels(self.plan.part.levels, &read.levels);
        match self.def.shape {
            Shape::Levels | Shape::Plugins => {
                if labels.is_empty() && !self.plan.part.levels.is_empty() {
                    return;
                }
                let top = labels.first().cloned();
                let path = if labels.is_empty() { vec![Cow::Borrowed("")] } else { labels };
                if let Some(row) = builder.add(&path, &columns) {
                    for (fact, cell) in self.plan.metadata().iter().zip(read.metadata) {
                        if let (Some(value), false) = (metadata(fact, cell), top_level(fact)) {
                            add_metadata(row, Cow::Borrowed(fact.name), &value);
                        }
                    }
                }
                for fact in self.plan.metadata().iter().filter(|fact| top_level(fact)) {
                    if let (Some(top), Some(value)) = (&top, slot(fact, self.plan.number)) {
                        add_metadata(builder.row(top), Cow::Borrowed(fact.name), &value);
                    }
                }
            }
            Shape::PageUrls | Shape::PageTitles | Shape::Hosts => {
                let text = labels.into_iter().next().unwrap_or_default();
                let shape = self.def.shape;
                let settings = self.scope.settings;
                if !self.paths.contains_key(text.as_ref()) {
                    let path = match shape {
                        Shape::PageUrls => paths::page_url(&text, settings),
                        Shape::Hosts => paths::host(&text),
                        _ => paths::page_title(&text, settings),
                    };
                    self.paths.insert(text.to_string(), path);
                }
                let path: Vec<Cow<'_, str>> =
                    self.paths.get(text.as_ref()).into_iter().flatten().map(|p| Cow::Borrowed(p.as_str())).collect();
                if let Some(row) = builder.add(&path, &columns) {
                    for (fact, cell) in self.plan.metadata().iter().zip(read.metadata) {
                        let url = format!("{}{text}", url_prefix(cell));
                        add_metadata(row, Cow::Borrowed(fact.name), &Value::Text(url));
                    }
                }
            }
        }
    }
}

/// What was cut off a page's URL when it was stored.
fn url_prefix(cell: &Cell) -> &'static str {
    match cell {
        Cell::Int(0) => "http://",
        Cell::Int(1) => "http://www.",
        Cell::Int(2) => "https://",
        Cell::Int(3) => "https://www.",
        _ => "",
    }
}

fn top_level(fact: &Metadata) -> bool {
    matches!(fact.kind, MetadataKind::Slot(_))
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

fn plain_columns(reader: &Reader<'_>, read: &Read<'_>) -> Vec<(Name, Value)> {
    let metrics = reader.plan.part.metrics.iter().zip(read.metrics);
    let shown = metrics.filter(|(metric, cell)| !(metric.omit_null && matches!(cell, Cell::Null)));
    shown
        .map(|(metric, cell)| {
            let value = match value(cell) {
                value if metric.scale == 1.0 || value == Value::Null => value,
                value => Value::Float(value.number() / metric.scale),
            };
            (Cow::Borrowed(metric.name), value)
        })
        .collect()
}

/// The `goals` column of one goal, and what it adds to the totals. Open carts add nothing: they are no income yet.
fn goal_columns(reader: &Reader<'_>, read: &Read<'_>) -> Vec<(Name, Value)> {
    const OF_ORDERS: [&str; 4] = ["revenue_subtotal", "revenue_tax", "revenue_shipping", "revenue_discount"];
    let all = plain_columns(reader, read);
    let key = match GoalId(read.goal) {
        ORDER_GOAL_ID => "idgoal=ecommerceOrder".to_owned(),
        CART_GOAL_ID => "idgoal=ecommerceAbandonedCart".to_owned(),
        GoalId(goal) => format!("idgoal={goal}"),
    };
    let (is_order, is_cart) = (read.goal == ORDER_GOAL_ID.0, read.goal == CART_GOAL_ID.0);
    let has = |name: &str| match name {
        "items" => is_order || is_cart,
        name => is_order || !OF_ORDERS.contains(&name),
    };
    let metrics = all.iter().filter(|(name, _)| has(name));
    let goal = metrics.map(|(name, value)| (name.to_string(), value.clone())).collect();
    let mut columns = vec![(Cow::Borrowed("goals"), Value::Map(vec![(key, Value::Map(goal))]))];
    // Of pages there are no totals: a conversion has many.
    if !is_cart && reader.plan.part.beside == Beside::Nothing {
        columns.extend(all.into_iter().filter(|(name, _)| matches!(name.as_ref(), "nb_conversions" | "revenue")));
    }
    columns
}
