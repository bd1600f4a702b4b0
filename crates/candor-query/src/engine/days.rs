//! Runs a record's queries over some days and puts the answers together, one table a day.

use super::{
    Engine, Scope, paths,
    sheet::{Layout, Number, Sheet},
};
use crate::{
    catalogue::records::{Beside, Level, Metadata, MetadataKind, Metric, RecordDef, Shape},
    error::QueryError,
    plan::{Plan, ROWS_MAX, Read},
    segment::Window,
    table::Value,
};
use candor_core::{CART_GOAL_ID, Day, GoalId, ORDER_GOAL_ID, visit::plugin};
use candor_store::Cell;
use foldhash::{HashMap, HashMapExt};
use std::{
    borrow::Cow,
    collections::HashSet,
    hash::{Hash, Hasher},
};

/// Tables in the making by day; day 0 alone where days are taken together.
pub(super) type Days = HashMap<i32, Sheet>;

impl Engine {
    /// Asks the store for all days from `first` to `last`, each its own table or all together.
    pub(super) fn compute(
        &self,
        (def, layout): (&RecordDef, &Layout),
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
        let mut paths = Paths::new();
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
                let mut reader = Reader::new(def, layout, scope, plan, &mut paths);
                for row in &answer.rows {
                    if let Some(read) = plan.read(row) {
                        reader.add(&mut days, &read);
                    }
                }
            }
        }
        if def.parts.iter().any(|part| part.beside == Beside::Entry) {
            for day in days.values_mut() {
                day.add_entry_rates(layout);
            }
        }
        Ok(days)
    }
}

/// Where visits don't end at midnight, none is longer than this: 10,000 actions with pauses under 30 minutes could be,
/// but are not people.
const LONG_VISIT_DAYS: i32 = 31;

/// Trees' labels by text: the same page comes each day and in each part.
type Paths = HashMap<String, Vec<String>>;

/// Adds the rows of one answer to the days' sheets.
struct Reader<'a> {
    def: &'a RecordDef,
    layout: &'a Layout,
    scope: &'a Scope<'a>,
    plan: Plan<'a>,
    /// Place of each metric; metrics of goals have none.
    places: Vec<Option<usize>>,
    paths: &'a mut Paths,
    /// Day, goal and path for which the pages before a conversion are known.
    counted: HashSet<(i32, i32, u64)>,
}

impl<'a> Reader<'a> {
    fn new(def: &'a RecordDef, layout: &'a Layout, scope: &'a Scope<'a>, plan: Plan<'a>, paths: &'a mut Paths) -> Self {
        let totals = plan.part.beside == Beside::Nothing;
        let has_place = |name| !plan.part.by_goal || (totals && matches!(name, "nb_conversions" | "revenue"));
        let place = |name| if has_place(name) { layout.place(name) } else { None };
        let places = plan.part.metrics.iter().map(|metric| place(metric.name)).collect();
        Self { def, layout, scope, plan, places, paths, counted: HashSet::new() }
    }

    fn add(&mut self, days: &mut Days, read: &Read<'_>) {
        let sheet = days.entry(read.day).or_default();
        let goals = self.plan.part.by_goal.then(|| self.goal(read));
        let numbers = self.numbers(read);
        let labels = labels(self.plan.part.levels, &read.levels);
        match self.def.shape {
            Shape::Plugins => {
                let bits = labels.first().and_then(|label| label.parse::<u16>().ok()).unwrap_or(0);
                for (name, _) in plugin::ALL.iter().filter(|(_, bit)| bits & bit != 0) {
                    sheet.add(self.layout, &[name], &numbers, None);
                }
            }
            Shape::Levels if self.plan.part.levels.is_empty() => {
                sheet.add(self.layout, &[""], &numbers, None);
            }
            Shape::Levels => self.add_levels(sheet, &labels, &numbers, goals.as_ref(), read),
            Shape::PageUrls | Shape::PageTitles | Shape::Hosts => {
                let text = labels.first().map_or("", AsRef::as_ref);
                self.add_tree(sheet, text, &numbers, goals.as_ref(), read);
            }
        }
    }

    fn add_levels(
        &self,
        sheet: &mut Sheet,
        path: &[Cow<'_, str>],
        numbers: &[(usize, Number)],
        goals: Option<&Value>,
        read: &Read<'_>,
    ) {
        if self.plan.part.adds_only && !sheet.has(path) {
            return;
        }
        let Some(node) = sheet.add(self.layout, path, numbers, goals) else { return };
        let facts = self.plan.part.metadata.iter().zip(read.metadata);
        for (fact, cell) in facts.filter(|(fact, _)| !fact.kind.is_of_first_level()) {
            if let Some(value) = metadata(fact, cell) {
                node.add_metadata(Cow::Borrowed(fact.name), &value);
            }
        }
        for fact in self.plan.part.metadata.iter().filter(|fact| fact.kind.is_of_first_level()) {
            let top = path.first().and_then(|label| sheet.node(self.layout, label));
            if let (Some(node), Some(value)) = (top, slot(fact, self.plan.number)) {
                node.add_metadata(Cow::Borrowed(fact.name), &value);
            }
        }
    }

    fn add_tree(
        &mut self,
        sheet: &mut Sheet,
        text: &str,
        numbers: &[(usize, Number)],
        goals: Option<&Value>,
        read: &Read<'_>,
    ) {
        if !self.paths.contains_key(text) {
            let path = match self.def.shape {
                Shape::PageUrls => paths::page_url(text, self.scope.settings),
                Shape::Hosts => paths::host(text),
                _ => paths::page_title(text, self.scope.settings),
            };
            self.paths.insert(text.to_owned(), path);
        }
        let Some(path) = self.paths.get(text).filter(|path| !self.plan.part.adds_only || sheet.has(path)) else {
            return;
        };
        let is_first =
            self.plan.part.beside != Beside::PagesBefore || self.counted.insert((read.day, read.goal, hash_of(path)));
        let reduced = if is_first { None } else { goals.map(without_pages_before) };
        let goals = reduced.as_ref().or(goals);
        let Some(node) = sheet.add(self.layout, path, numbers, goals) else { return };
        for (fact, cell) in self.plan.part.metadata.iter().zip(read.metadata) {
            if !node.has_metadata(fact.name) {
                let url = Value::Text(format!("{}{text}", url_prefix(cell)));
                node.add_metadata(Cow::Borrowed(fact.name), &url);
            }
        }
    }

    /// The row's numbers in their places. Open carts add nothing to totals: they are no income yet.
    fn numbers(&self, read: &Read<'_>) -> Vec<(usize, Number)> {
        if self.plan.part.by_goal && read.goal == CART_GOAL_ID.0 {
            return vec![];
        }
        let cells = self.plan.part.metrics.iter().zip(read.metrics).zip(&self.places);
        cells.filter_map(|((metric, cell), place)| Some(((*place)?, number(metric, cell)))).collect()
    }

    /// The `goals` column of one goal.
    fn goal(&self, read: &Read<'_>) -> Value {
        const OF_ORDERS: [&str; 4] = ["revenue_subtotal", "revenue_tax", "revenue_shipping", "revenue_discount"];
        let key = match GoalId(read.goal) {
            ORDER_GOAL_ID => "idgoal=ecommerceOrder".to_owned(),
            CART_GOAL_ID => "idgoal=ecommerceAbandonedCart".to_owned(),
            GoalId(goal) => format!("idgoal={goal}"),
        };
        let (is_order, is_cart) = (read.goal == ORDER_GOAL_ID.0, read.goal == CART_GOAL_ID.0);
        let has = |name: &str| match name {
            "items" => is_order || is_cart,
            // A cart has no moment before which pages were seen.
            "nb_conv_pages_before" | "nb_conversions_attrib" | "revenue_attrib" => !is_cart,
            name => is_order || !OF_ORDERS.contains(&name),
        };
        let metrics = self.plan.part.metrics.iter().zip(read.metrics).filter(|(metric, _)| has(metric.name));
        let values = metrics.filter_map(|(metric, cell)| Some((metric.name.to_owned(), number(metric, cell).value()?)));
        Value::Map(vec![(key, Value::Map(values.collect()))])
    }
}

fn hash_of(path: &[String]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

/// Pages of one path on several hosts are one row; the pages before a conversion are those of the first.
fn without_pages_before(goals: &Value) -> Value {
    let Value::Map(goals) = goals else { return goals.clone() };
    let mut goals = goals.clone();
    for (_, goal) in &mut goals {
        if let Value::Map(columns) = goal {
            columns.retain(|(name, _)| name != "nb_conv_pages_before");
        }
    }
    Value::Map(goals)
}

fn number(metric: &Metric, cell: &Cell) -> Number {
    match cell {
        Cell::Int(n) if metric.scale == 1.0 => Number::Int(*n),
        Cell::Int(n) => Number::Float(*n as f64 / metric.scale),
        Cell::Float(x) => Number::Float(x / metric.scale),
        _ if metric.omit_null => Number::Absent,
        _ => Number::Null,
    }
}

/// What was cut off a page's URL when it was stored.
pub(crate) fn url_prefix(cell: &Cell) -> &'static str {
    match cell {
        Cell::Int(0) => "http://",
        Cell::Int(1) => "http://www.",
        Cell::Int(2) => "https://",
        Cell::Int(3) => "https://www.",
        _ => "",
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
