//! Runs a record's queries over some days and puts the answers together, one table a day.

use super::{
    Engine, Scope,
    labels::{LabelId, Labels, TOP},
    layout::{Layout, Number},
    paths,
    sheet::{Line, Sheet},
};
use crate::{
    catalogue::records::{Beside, Level, Metadata, MetadataKind, Metric, RecordDef, Shape},
    error::QueryError,
    plan::{Plan, ROWS_MAX, Read},
    segment::Window,
    table::Value,
};
use candor_core::{CART_GOAL_ID, Day, ORDER_GOAL_ID, visit::plugin};
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
        let window = Window {
            site: scope.site.id,
            first: span.0,
            last: span.1,
            slack: if scope.settings.tracker.create_new_visit_after_midnight { 1 } else { LONG_VISIT_DAYS },
        };
        let plans: Vec<Plan<'_>> = plans(def, by_day).collect();
        let queries: Vec<_> = plans.iter().map(|plan| plan.query(scope, &window, self.store.dialect())).collect();
        let mut days = Days::new();
        let mut paths = Paths::new();
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
                let mut reader = Reader::new(def, layout, scope, plan, (labels, &mut paths));
                for row in &answer.rows {
                    if let Some(read) = plan.read(row) {
                        reader.add(&mut days, &read);
                    }
                }
            }
            Ok(())
        })?;
        for day in days.values_mut() {
            if def.parts.iter().any(|part| part.beside == Beside::Entry) {
                day.add_entry_rates(layout);
            }
            day.sum_up(layout, labels);
        }
        Ok(days)
    }
}

/// The queries of a record: its parts, those of slots once a slot.
fn plans(def: &RecordDef, by_day: bool) -> impl Iterator<Item = Plan<'_>> {
    def.parts.iter().flat_map(move |part| {
        let numbers = match part.slots {
            0 => def.number.unwrap_or(0)..=def.number.unwrap_or(0),
            slots => 1..=i32::try_from(slots).unwrap_or(i32::MAX),
        };
        numbers.map(move |number| Plan { part, number, by_day })
    })
}

/// Where visits don't end at midnight, none is longer than this: 10,000 actions with pauses under 30 minutes could be,
/// but are not people.
const LONG_VISIT_DAYS: i32 = 31;

/// Labels of trees by text: the same page comes each day and in each part.
type Paths = HashMap<String, LabelId>;

/// Adds the rows of one answer to the days' sheets.
struct Reader<'a> {
    def: &'a RecordDef,
    layout: &'a Layout,
    scope: &'a Scope<'a>,
    plan: Plan<'a>,
    /// Place of each metric in a row; metrics of goals have none, but for totals.
    places: Vec<Option<usize>>,
    /// Place of each metric among those of goals.
    goal_places: Vec<usize>,
    labels: &'a mut Labels,
    paths: &'a mut Paths,
}

impl<'a> Reader<'a> {
    fn new(
        def: &'a RecordDef,
        layout: &'a Layout,
        scope: &'a Scope<'a>,
        plan: Plan<'a>,
        (labels, paths): (&'a mut Labels, &'a mut Paths),
    ) -> Self {
        let totals = plan.part.beside == Beside::Nothing;
        let has_place = |name| !plan.part.by_goal || (totals && matches!(name, "nb_conversions" | "revenue"));
        let place = |name| if has_place(name) { layout.place(name) } else { None };
        let places = plan.part.metrics.iter().map(|metric| place(metric.name)).collect();
        let goal_places = plan.part.metrics.iter().filter_map(|metric| layout.place_of_goals(metric.name)).collect();
        Self { def, layout, scope, plan, places, goal_places, labels, paths }
    }

    fn add(&mut self, days: &mut Days, read: &Read<'_>) {
        let sheet = days.entry(read.day).or_default();
        match self.def.shape {
            Shape::Plugins => {
                let labels = labels(self.plan.part.levels, &read.levels);
                let bits = labels.first().and_then(|label| label.parse::<u16>().ok()).unwrap_or(0);
                for (name, _) in plugin::ALL.iter().filter(|(_, bit)| bits & bit != 0) {
                    let label = self.labels.below(TOP, name);
                    self.add_numbers(sheet, label, read);
                }
            }
            Shape::Levels if self.plan.part.levels.is_empty() => {
                let label = self.labels.below(TOP, "");
                self.add_numbers(sheet, label, read);
            }
            Shape::Levels => {
                let label = self.labels.path(&labels(self.plan.part.levels, &read.levels));
                self.add_levels(sheet, label, read);
            }
            Shape::PageUrls | Shape::PageTitles | Shape::Hosts => self.add_tree(sheet, read),
        }
    }

    /// The row with this label and the read numbers in it; none where the part makes no rows and there is none.
    fn add_numbers<'s>(&self, sheet: &'s mut Sheet, label: LabelId, read: &Read<'_>) -> Option<&'s mut Line> {
        if label == TOP || (self.plan.part.adds_only && !sheet.has(label)) {
            return None;
        }
        let line = sheet.line(self.layout, self.labels, label)?;
        let by_goal = self.plan.part.by_goal;
        // Open carts add nothing to totals: they are no income yet.
        if !by_goal || read.goal != CART_GOAL_ID.0 {
            for ((metric, cell), place) in self.plan.part.metrics.iter().zip(read.metrics).zip(&self.places) {
                if let Some(place) = place {
                    line.add_number(self.layout, *place, number(metric, cell));
                }
            }
        }
        if by_goal {
            let metrics = self.plan.part.metrics.iter().zip(read.metrics).zip(&self.goal_places);
            for ((metric, cell), place) in metrics.filter(|((metric, _), _)| goal_has(read.goal, metric.name)) {
                // Pages of one path on several hosts are one row; the pages before a conversion are those of the first.
                let only_first = metric.name == "nb_conv_pages_before";
                line.add_to_goal(self.layout, read.goal, *place, number(metric, cell), only_first);
            }
        }
        Some(line)
    }

    fn add_levels(&mut self, sheet: &mut Sheet, label: LabelId, read: &Read<'_>) {
        let Some(line) = self.add_numbers(sheet, label, read) else { return };
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

    fn add_tree(&mut self, sheet: &mut Sheet, read: &Read<'_>) {
        let text = read.levels.first().and_then(|cells| cells.first()).map_or(Cow::Borrowed(""), text);
        let label = match self.paths.get(&*text) {
            Some(label) => *label,
            None => {
                let path = match self.def.shape {
                    Shape::PageUrls => paths::page_url(&text, self.scope.settings),
                    Shape::Hosts => paths::host(&text),
                    _ => paths::page_title(&text, self.scope.settings),
                };
                let label = self.labels.path(&path);
                self.paths.insert(text.to_string(), label);
                label
            }
        };
        let Some(line) = self.add_numbers(sheet, label, read) else { return };
        for (fact, cell) in self.plan.part.metadata.iter().zip(read.metadata) {
            if !line.has_metadata(fact.name) {
                let url = Value::Text(format!("{}{text}", url_prefix(cell)));
                line.add_metadata(Cow::Borrowed(fact.name), url);
            }
        }
    }
}

/// Whether a column says something of a goal, an order or an open cart.
fn goal_has(goal: i32, name: &str) -> bool {
    const OF_ORDERS: [&str; 4] = ["revenue_subtotal", "revenue_tax", "revenue_shipping", "revenue_discount"];
    let (is_order, is_cart) = (goal == ORDER_GOAL_ID.0, goal == CART_GOAL_ID.0);
    match name {
        "items" => is_order || is_cart,
        // A cart has no moment before which pages were seen.
        "nb_conv_pages_before" | "nb_conversions_attrib" | "revenue_attrib" => !is_cart,
        name => is_order || !OF_ORDERS.contains(&name),
    }
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
