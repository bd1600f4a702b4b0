//! Puts a table together: rows by label, values added up, the rows beyond the limits summed into "Others".
//!
//! A [`Sheet`] holds values by place instead of by name, for a year of pages has millions of them on the way;
//! what leaves the engine is a [`Table`].

use crate::{
    catalogue::records::{Beside, RecordDef},
    table::{Name, Row, Table, Value},
};
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;

/// The stored label of the row that sums what was cut off.
pub(crate) const OTHERS: &str = "-1";

/// A value in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// The row hasn't the column.
    Absent,
    /// The row has it and nothing is known.
    Null,
    Int(i64),
    Float(f64),
}

impl Number {
    fn get(self) -> f64 {
        match self {
            Self::Absent | Self::Null => 0.0,
            Self::Int(n) => n as f64,
            Self::Float(x) => x,
        }
    }

    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Value::Null),
            Self::Int(n) => Some(Value::Int(n)),
            Self::Float(x) => Some(Value::Float(x)),
        }
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::Int(n) => Self::Int(*n),
            Value::Float(x) => Self::Float(*x),
            _ => Self::Null,
        }
    }

    fn add(&mut self, other: Self, how: Adding) {
        *self = match (*self, other) {
            (old, Self::Absent) => old,
            (Self::Absent, new) | (Self::Null, new) => new,
            (old, Self::Null) => old,
            (old, new) if how == Adding::Greatest => {
                if new.get() > old.get() {
                    new
                } else {
                    old
                }
            }
            (old, new) if how == Adding::Least => {
                if new.get() < old.get() {
                    new
                } else {
                    old
                }
            }
            (Self::Int(a), Self::Int(b)) => Self::Int(a.saturating_add(b)),
            // Amounts have six decimals; rounding to them keeps sums of days and of months equal.
            (old, new) => Self::Float(((old.get() + new.get()) * 1e6).round() / 1e6),
        };
    }
}

/// How two values of a column become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Adding {
    Sum,
    Greatest,
    Least,
}

impl Adding {
    fn of(name: &str) -> Self {
        if name.starts_with("max_") {
            Self::Greatest
        } else if name.starts_with("min_") {
            Self::Least
        } else {
            Self::Sum
        }
    }
}

/// The columns of a record in order.
#[derive(Debug)]
pub(crate) struct Layout {
    columns: Vec<(&'static str, Adding)>,
    places: HashMap<&'static str, usize>,
}

/// Distinct counts of a day are summed under another name, for their sum counts some more than once.
const SUMMED_NAMES: [(&str, &str); 4] = [
    ("nb_uniq_visitors", "sum_daily_nb_uniq_visitors"),
    ("nb_users", "sum_daily_nb_users"),
    ("entry_nb_uniq_visitors", "sum_daily_entry_nb_uniq_visitors"),
    ("exit_nb_uniq_visitors", "sum_daily_exit_nb_uniq_visitors"),
];

impl Layout {
    pub(crate) fn of(def: &RecordDef) -> Self {
        let mut layout = Self { columns: vec![], places: HashMap::new() };
        for part in def.parts.iter().filter(|part| !part.by_goal) {
            part.metrics.iter().for_each(|metric| layout.push(metric.name));
        }
        if def.parts.iter().any(|part| part.by_goal && part.beside == Beside::Nothing) {
            layout.push("nb_conversions");
            layout.push("revenue");
        }
        layout
    }

    fn push(&mut self, name: &'static str) {
        if !self.places.contains_key(name) {
            self.places.insert(name, self.columns.len());
            self.columns.push((name, Adding::of(name)));
        }
    }

    /// Where a column is, by its name of a day or of a longer period.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let name = SUMMED_NAMES.iter().find(|(_, summed)| *summed == name).map_or(name, |(daily, _)| *daily);
        self.places.get(name).copied()
    }

    fn empty(&self) -> Box<[Number]> {
        vec![Number::Absent; self.columns.len()].into()
    }

    fn add(&self, into: &mut [Number], from: &[Number]) {
        for ((old, new), (_, how)) in into.iter_mut().zip(from).zip(&self.columns) {
            old.add(*new, *how);
        }
    }
}

/// Where tables are cut.
#[derive(Debug, Clone)]
pub(crate) struct Cut<'a> {
    /// Rows of the table and of each subtable, Others included; 0 = no limit.
    pub(crate) limits: (usize, usize),
    /// Rows with the most of this stay; of equals, those whose labels come first.
    pub(crate) sort: &'a str,
    /// The label that stands for an empty one and comes before its equals.
    pub(crate) home: String,
    /// Columns left out of rows with a subtable and of Others.
    pub(crate) unsummable: &'a [&'a str],
}

/// A table in the making.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    nodes: Vec<Node>,
    index: HashMap<Box<str>, usize>,
    others: Option<Box<Node>>,
}

/// A row in the making.
#[derive(Debug, Default)]
pub(crate) struct Node {
    label: Box<str>,
    numbers: Box<[Number]>,
    goals: Option<Value>,
    metadata: Vec<(Name, Value)>,
    below: Option<Box<Sheet>>,
}

impl Sheet {
    /// Adds values to the row at `path` and to all rows above it.
    pub(crate) fn add(
        &mut self,
        layout: &Layout,
        path: &[impl AsRef<str>],
        numbers: &[(usize, Number)],
        goals: Option<&Value>,
    ) -> Option<&mut Node> {
        let (label, rest) = path.split_first()?;
        let node = self.node(layout, label.as_ref())?;
        for (place, number) in numbers {
            if let (Some(old), Some((_, how))) = (node.numbers.get_mut(*place), layout.columns.get(*place)) {
                old.add(*number, *how);
            }
        }
        node.add_goals(goals);
        if rest.is_empty() {
            return Some(node);
        }
        node.below.get_or_insert_default().add(layout, rest, numbers, goals)
    }

    /// Whether there is a row at `path`.
    pub(crate) fn has(&self, path: &[impl AsRef<str>]) -> bool {
        let Some((label, rest)) = path.split_first() else { return true };
        let node = self.index.get(label.as_ref()).and_then(|at| self.nodes.get(*at));
        node.is_some_and(|node| rest.is_empty() || node.below.as_ref().is_some_and(|below| below.has(rest)))
    }

    /// The row with this label, made when it isn't there.
    pub(crate) fn node(&mut self, layout: &Layout, label: &str) -> Option<&mut Node> {
        let at = match self.index.get(label) {
            Some(at) => *at,
            None => {
                self.index.insert(label.into(), self.nodes.len());
                self.nodes.push(Node { label: label.into(), numbers: layout.empty(), ..Node::default() });
                self.nodes.len() - 1
            }
        };
        self.nodes.get_mut(at)
    }

    /// Adds to each page's goals the rates of visits that began there; rows above sum them, as Matomo does.
    pub(crate) fn add_entry_rates(&mut self, layout: &Layout) -> Option<Value> {
        let entries = layout.place("entry_nb_visits");
        let mut all = None;
        for node in &mut self.nodes {
            let rates = match &mut node.below {
                Some(below) => below.add_entry_rates(layout),
                None => entries.and_then(|place| node.entry_rates(node.numbers.get(place)?.get())),
            };
            node.add_goals(rates.as_ref());
            add_goals(&mut all, rates.as_ref());
        }
        all
    }

    /// Adds a finished sheet of a shorter period.
    pub(crate) fn merge(&mut self, layout: &Layout, other: Self) {
        for from in other.nodes {
            let Some(node) = self.node(layout, &from.label) else { continue };
            layout.add(&mut node.numbers, &from.numbers);
            node.add_goals(from.goals.as_ref());
            for (name, value) in &from.metadata {
                node.add_metadata(name.clone(), value);
            }
            if let Some(below) = from.below {
                node.below.get_or_insert_default().merge(layout, *below);
            }
        }
        if let Some(from) = other.others {
            self.add_others(layout, &from);
        }
    }

    fn add_others(&mut self, layout: &Layout, from: &Node) {
        let others = self
            .others
            .get_or_insert_with(|| Box::new(Node { label: OTHERS.into(), numbers: layout.empty(), ..Node::default() }));
        layout.add(&mut others.numbers, &from.numbers);
        others.add_goals(from.goals.as_ref());
    }

    /// Reads a finished table again.
    pub(crate) fn from_table(layout: &Layout, table: &Table) -> Self {
        let mut sheet = Self::default();
        for row in &table.rows {
            let mut node = Node { label: row.label.as_deref().unwrap_or_default().into(), ..Node::default() };
            node.numbers = layout.empty();
            for (name, value) in &row.columns {
                if let Some(number) = layout.place(name).and_then(|place| node.numbers.get_mut(place)) {
                    *number = Number::of(value);
                }
            }
            node.goals = row.get("goals").cloned();
            node.metadata.clone_from(&row.metadata);
            node.below = row.subtable.as_ref().map(|below| Box::new(Self::from_table(layout, below)));
            if row.is_summary {
                sheet.others = Some(Box::new(node));
            } else {
                sheet.nodes.push(node);
            }
        }
        sheet
    }

    /// Sorts and cuts. The sheet can then be merged or shown, not added to.
    pub(crate) fn finish(self, layout: &Layout, cut: &Cut<'_>) -> Self {
        let unsummable: Vec<usize> = cut.unsummable.iter().filter_map(|name| layout.place(name)).collect();
        self.finish_level(layout, cut, cut.limits.0, &unsummable)
    }

    fn finish_level(mut self, layout: &Layout, cut: &Cut<'_>, limit: usize, unsummable: &[usize]) -> Self {
        self.index = HashMap::new();
        let sort = layout.place(cut.sort).unwrap_or(usize::MAX);
        let key = |node: &Node| node.numbers.get(sort).map_or(0.0, |n| n.get());
        let named = |node: &Node| *node.label != *cut.home;
        self.nodes.sort_by(|a, b| {
            key(b).total_cmp(&key(a)).then_with(|| named(a).cmp(&named(b))).then_with(|| a.label.cmp(&b.label))
        });
        let count = self.nodes.len() + usize::from(self.others.is_some());
        if limit > 0 && count > limit {
            for node in self.nodes.split_off(self.nodes.len().min(limit - 1)) {
                self.add_others(layout, &node);
            }
        }
        for node in &mut self.nodes {
            if let Some(below) = node.below.take() {
                node.forget(unsummable);
                node.below = Some(Box::new(below.finish_level(layout, cut, cut.limits.1, unsummable)));
            }
        }
        if let Some(others) = &mut self.others {
            others.forget(unsummable);
        }
        self
    }

    /// The table. `summed` = distinct counts are sums of days.
    pub(crate) fn table(&self, layout: &Layout, summed: bool) -> Table {
        let row = |node: &Node, is_summary| {
            let mut row = node.row(layout, summed);
            row.is_summary = is_summary;
            row
        };
        let rows = self.nodes.iter().map(|node| row(node, false));
        Table { rows: rows.chain(self.others.iter().map(|node| row(node, true))).collect() }
    }
}

impl Node {
    fn forget(&mut self, places: &[usize]) {
        for place in places {
            if let Some(number) = self.numbers.get_mut(*place) {
                *number = Number::Absent;
            }
        }
    }

    fn add_goals(&mut self, goals: Option<&Value>) {
        add_goals(&mut self.goals, goals);
    }

    /// Facts that are lists are united; of others the first stays.
    pub(crate) fn add_metadata(&mut self, name: Name, value: &Value) {
        match (self.metadata.iter_mut().find(|(n, _)| *n == name), value) {
            (None, _) => self.metadata.push((name, value.clone())),
            (Some((_, Value::List(old))), Value::List(new)) => {
                for item in new {
                    if !old.contains(item) {
                        old.push(item.clone());
                    }
                }
            }
            (Some(_), _) => {}
        }
    }

    /// Whether this fact is known.
    pub(crate) fn has_metadata(&self, name: &str) -> bool {
        self.metadata.iter().any(|(n, _)| n == name)
    }

    /// Conversions and revenue of a page's entries by its entries, rounded to three decimals.
    fn entry_rates(&self, entries: f64) -> Option<Value> {
        let Some(Value::Map(goals)) = &self.goals else { return None };
        let rate = |goal: &[(String, Value)], of: &str| {
            let value = goal.iter().find(|(name, _)| name == of).map(|(_, value)| value.number())?;
            Some(Value::Float((value / entries * 1000.0).round() / 1000.0))
        };
        let rates = goals.iter().filter_map(|(goal, values)| {
            let Value::Map(values) = values else { return None };
            let rates = [("nb_conversions_entry_rate", "nb_conversions_entry"), ("revenue_per_entry", "revenue_entry")];
            let rates = rates.into_iter().filter_map(|(to, of)| Some((to.to_owned(), rate(values, of)?)));
            let rates: Vec<_> = rates.collect();
            (!rates.is_empty()).then(|| (goal.clone(), Value::Map(rates)))
        });
        (entries > 0.0).then(|| Value::Map(rates.collect()))
    }

    fn row(&self, layout: &Layout, summed: bool) -> Row {
        let name = |name: &'static str| {
            let long = SUMMED_NAMES.iter().find(|(daily, _)| summed && *daily == name);
            Cow::Borrowed(long.map_or(name, |(_, summed)| *summed))
        };
        let numbers = self.numbers.iter().zip(&layout.columns);
        let mut columns: Vec<(Name, Value)> =
            numbers.filter_map(|(number, (column, _))| Some((name(column), number.value()?))).collect();
        columns.extend(self.goals.as_ref().map(|goals| (Cow::Borrowed("goals"), in_order(goals))));
        Row {
            label: Some(self.label.to_string()),
            columns,
            metadata: self.metadata.clone(),
            subtable: self.below.as_ref().map(|below| Box::new(below.table(layout, summed))),
            subtable_id: None,
            is_summary: false,
        }
    }
}

/// Open carts, orders, then goals by their number.
fn in_order(goals: &Value) -> Value {
    let Value::Map(entries) = goals else { return goals.clone() };
    let mut entries = entries.clone();
    entries.sort_by_key(|(key, _)| match key.trim_start_matches("idgoal=") {
        "ecommerceAbandonedCart" => -1,
        "ecommerceOrder" => 0,
        goal => goal.parse::<i32>().unwrap_or(i32::MAX),
    });
    Value::Map(entries)
}

fn add_goals(into: &mut Option<Value>, goals: Option<&Value>) {
    match (into, goals) {
        (_, None) => {}
        (into @ None, Some(goals)) => *into = Some(goals.clone()),
        (Some(old), Some(new)) => add_values(old, new),
    }
}

/// Adds nested values by name.
fn add_values(old: &mut Value, new: &Value) {
    if let (Value::Map(old), Value::Map(new)) = (&mut *old, new) {
        for (key, value) in new {
            match old.iter_mut().find(|(k, _)| k == key) {
                Some((_, old)) => add_values(old, value),
                None => old.push((key.clone(), value.clone())),
            }
        }
        return;
    }
    let mut number = Number::of(old);
    number.add(Number::of(new), Adding::Sum);
    *old = number.value().unwrap_or(Value::Null);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::records::COUNTRIES;

    fn sheet(limits: (usize, usize), rows: &[(&[&str], i64)]) -> Sheet {
        let layout = Layout::of(&COUNTRIES);
        let places = ["nb_visits", "max_actions"].map(|name| layout.place(name).unwrap());
        let mut sheet = Sheet::default();
        for (path, n) in rows {
            sheet.add(&layout, path, &places.map(|place| (place, Number::Int(*n))), None);
        }
        sheet.finish(&layout, &cut(limits))
    }

    fn cut(limits: (usize, usize)) -> Cut<'static> {
        Cut { limits, sort: "nb_visits", home: "/home".into(), unsummable: &[] }
    }

    fn show(sheet: &Sheet) -> String {
        text(&sheet.table(&Layout::of(&COUNTRIES), false))
    }

    fn text(table: &Table) -> String {
        let row = |row: &Row| {
            let label = if row.is_summary { "Others" } else { row.label.as_deref().unwrap_or("–") };
            let below = row.subtable.as_ref().map(|t| format!(" ({})", text(t))).unwrap_or_default();
            format!("{label} {}/{}{below}", row.number("nb_visits"), row.number("max_actions"))
        };
        table.rows.iter().map(row).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn rows_above_sum_the_rows_below() {
        let rows: &[(&[&str], i64)] = &[(&["a", "x"], 1), (&["b", "x"], 4), (&["a", "y"], 2), (&["a", "x"], 2)];
        assert_eq!(show(&sheet((0, 0), rows)), "a 5/2 (x 3/2, y 2/2), b 4/4 (x 4/4)");
    }

    #[test]
    fn the_rest_is_summed_into_others_and_equals_go_by_label() {
        let rows: &[(&[&str], i64)] = &[(&["c"], 1), (&["a"], 1), (&["b"], 1), (&["d"], 5)];
        assert_eq!(show(&sheet((3, 0), rows)), "d 5/5, a 1/1, Others 2/1");
        assert_eq!(show(&sheet((4, 0), rows)), "d 5/5, a 1/1, b 1/1, c 1/1");
    }

    #[test]
    fn an_empty_name_comes_before_its_equals() {
        let rows: &[(&[&str], i64)] = &[(&["/0"], 1), (&["/home"], 1), (&["/z"], 2)];
        assert_eq!(show(&sheet((3, 0), rows)), "/z 2/2, /home 1/1, /0 1/1");
    }

    #[test]
    fn what_a_day_cut_off_stays_cut_off() {
        let layout = Layout::of(&COUNTRIES);
        let monday = sheet((2, 0), &[(&["a"], 5), (&["b"], 4), (&["c"], 4)]);
        let tuesday = sheet((2, 0), &[(&["c"], 3), (&["b"], 2)]);
        let mut week = Sheet::default();
        week.merge(&layout, monday);
        week.merge(&layout, Sheet::from_table(&layout, &tuesday.table(&layout, false)));
        // c had 7 visits, 4 of them in Monday's Others; b with its 6 is in none but Others.
        assert_eq!(show(&week.finish(&layout, &cut((3, 0)))), "a 5/5, c 3/3, Others 10/4");
    }

    #[test]
    fn goals_add_up() {
        let layout = Layout::of(&COUNTRIES);
        let one = |n| Value::Map(vec![(format!("idgoal={n}"), Value::Map(vec![("x".into(), Value::Float(0.1))]))]);
        let mut sheet = Sheet::default();
        for n in [1, 2, 1, 1] {
            sheet.add(&layout, &["a"], &[], Some(&one(n)));
        }
        let table = sheet.finish(&layout, &cut((0, 0))).table(&layout, true);
        let Some(Value::Map(goals)) = table.rows[0].get("goals") else { panic!("no goals") };
        assert_eq!(goals[0].1, Value::Map(vec![("x".into(), Value::Float(0.3))]));
        assert_eq!(goals[1].1, Value::Map(vec![("x".into(), Value::Float(0.1))]));
    }

    #[test]
    fn nothing_known_is_not_zero() {
        let mut least = Number::Null;
        least.add(Number::Float(2.0), Adding::Least);
        least.add(Number::Null, Adding::Least);
        least.add(Number::Float(3.0), Adding::Least);
        assert_eq!(least, Number::Float(2.0));
    }
}
