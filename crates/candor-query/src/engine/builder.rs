//! Puts a table together: rows by label, values added up, the rows beyond the limits summed into "Others".

use crate::table::{Name, Row, Table, Value};
use std::{borrow::Cow, collections::HashMap};

/// The stored label of the row that sums what was cut off.
pub(crate) const OTHERS: &str = "-1";

/// Where tables are cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cut<'a> {
    /// Rows of the table and of each subtable, Others included; 0 = no limit.
    pub(crate) limits: (usize, usize),
    /// Rows with the most of this stay; of equals, those whose labels come first.
    pub(crate) sort: &'a str,
    /// Columns left out of rows with a subtable and of Others.
    pub(crate) unsummable: &'a [&'a str],
}

/// A table in the making.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    nodes: HashMap<String, Node>,
    others: Option<Row>,
}

#[derive(Debug, Default)]
struct Node {
    row: Row,
    below: Option<Builder>,
}

impl Builder {
    /// Adds values to the row at `path` and to all rows above it.
    pub(crate) fn add(&mut self, path: &[Cow<'_, str>], columns: &[(Name, Value)]) -> Option<&mut Row> {
        let (label, rest) = path.split_first()?;
        let node = self.node(label);
        add_columns(&mut node.row.columns, columns);
        if rest.is_empty() { Some(&mut node.row) } else { node.below.get_or_insert_default().add(rest, columns) }
    }

    /// The outermost row of a path.
    pub(crate) fn row(&mut self, label: &str) -> &mut Row {
        &mut self.node(label).row
    }

    fn node(&mut self, label: &str) -> &mut Node {
        // Looked up first: nearly always the row is there, and then no label is copied.
        if !self.nodes.contains_key(label) {
            let row = Row { label: Some(label.to_owned()), ..Row::default() };
            self.nodes.insert(label.to_owned(), Node { row, below: None });
        }
        self.nodes.entry(label.to_owned()).or_default()
    }

    /// Adds to each page's goals the rates of visits that began there; rows above sum them, as Matomo does.
    pub(crate) fn add_entry_rates(&mut self) -> Vec<(Name, Value)> {
        let mut all = vec![];
        for node in self.nodes.values_mut() {
            let rates = match &mut node.below {
                Some(below) => below.add_entry_rates(),
                None => entry_rates(&node.row),
            };
            add_columns(&mut node.row.columns, &rates);
            add_columns(&mut all, &rates);
        }
        all
    }

    /// Adds a finished table of a shorter period. What was counted a day becomes a sum of days.
    pub(crate) fn merge(&mut self, table: &Table) {
        for row in &table.rows {
            if row.is_summary {
                let others = self.others.get_or_insert_default();
                merge_row(others, row);
                continue;
            }
            let node = self.node(row.label.as_deref().unwrap_or_default());
            merge_row(&mut node.row, row);
            if let Some(subtable) = &row.subtable {
                node.below.get_or_insert_default().merge(subtable);
            }
        }
    }

    /// Sorts and cuts.
    pub(crate) fn finish(self, cut: &Cut<'_>) -> Table {
        self.finish_level(cut, cut.limits.0)
    }

    fn finish_level(self, cut: &Cut<'_>, limit: usize) -> Table {
        let count = self.nodes.len() + usize::from(self.others.is_some());
        let mut nodes: Vec<(f64, Node)> =
            self.nodes.into_values().map(|node| (node.row.number(cut.sort), node)).collect();
        nodes.sort_by(|(a, x), (b, y)| b.total_cmp(a).then_with(|| x.row.label.cmp(&y.row.label)));
        let mut others = self.others;
        let cut_off = if limit > 0 && count > limit { nodes.split_off(nodes.len().min(limit - 1)) } else { vec![] };
        for (_, node) in cut_off {
            let others = others.get_or_insert_default();
            add_columns(&mut others.columns, &node.row.columns);
        }
        let mut rows: Vec<Row> = nodes.into_iter().map(|(_, node)| node.finish(cut)).collect();
        if let Some(mut others) = others {
            others.label = Some(OTHERS.to_owned());
            others.is_summary = true;
            drop_columns(&mut others, cut.unsummable);
            rows.push(others);
        }
        Table { rows }
    }
}

impl Node {
    fn finish(self, cut: &Cut<'_>) -> Row {
        let mut row = self.row;
        if let Some(below) = self.below {
            drop_columns(&mut row, cut.unsummable);
            row.subtable = Some(Box::new(below.finish_level(cut, cut.limits.1)));
        }
        row
    }
}

/// Conversions and revenue of a page's entries by its entries, rounded to three decimals.
fn entry_rates(row: &Row) -> Vec<(Name, Value)> {
    let entries = row.number("entry_nb_visits");
    let Some(Value::Map(goals)) = row.get("goals") else { return vec![] };
    let rate = |goal: &[(String, Value)], of: &str| {
        let value = goal.iter().find(|(name, _)| name == of).map(|(_, value)| value.number())?;
        Some(Value::Float((value / entries * 1000.0).round() / 1000.0))
    };
    let rates = goals.iter().filter_map(|(goal, values)| {
        let Value::Map(values) = values else { return None };
        let rates = [("nb_conversions_entry_rate", "nb_conversions_entry"), ("revenue_per_entry", "revenue_entry")];
        let rates: Vec<_> = rates.into_iter().filter_map(|(to, of)| Some((to.to_owned(), rate(values, of)?))).collect();
        (!rates.is_empty()).then(|| (goal.clone(), Value::Map(rates)))
    });
    let rates: Vec<_> = if entries > 0.0 { rates.collect() } else { vec![] };
    if rates.is_empty() { vec![] } else { vec![(Cow::Borrowed("goals"), Value::Map(rates))] }
}

fn drop_columns(row: &mut Row, names: &[&str]) {
    row.columns.retain(|(name, _)| !names.contains(&name.as_ref()));
}

fn merge_row(into: &mut Row, row: &Row) {
    let columns: Vec<(Name, Value)> =
        row.columns.iter().map(|(name, value)| (summed_name(name), value.clone())).collect();
    add_columns(&mut into.columns, &columns);
    for (name, value) in &row.metadata {
        add_metadata(into, name.clone(), value);
    }
}

/// Facts that are lists are united; of others the first stays.
pub(crate) fn add_metadata(row: &mut Row, name: Name, value: &Value) {
    match (row.metadata.iter_mut().find(|(n, _)| *n == name), value) {
        (None, _) => row.metadata.push((name, value.clone())),
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

/// Distinct counts of a day are summed under another name, for their sum counts some more than once.
fn summed_name(name: &Name) -> Name {
    Cow::Borrowed(match name.as_ref() {
        "nb_uniq_visitors" => "sum_daily_nb_uniq_visitors",
        "nb_users" => "sum_daily_nb_users",
        "entry_nb_uniq_visitors" => "sum_daily_entry_nb_uniq_visitors",
        "exit_nb_uniq_visitors" => "sum_daily_exit_nb_uniq_visitors",
        _ => return name.clone(),
    })
}

/// Adds values by column; `max_…` and `min_…` keep the greatest and the least.
fn add_columns(into: &mut Vec<(Name, Value)>, columns: &[(Name, Value)]) {
    for (at, (name, value)) in columns.iter().enumerate() {
        // Rows of one query have the same columns in the same order.
        let same_place = into.get(at).is_some_and(|(n, _)| n == name);
        let found = if same_place { into.get_mut(at) } else { into.iter_mut().find(|(n, _)| n == name) };
        match found {
            Some((_, old)) => add_value(name, old, value),
            None => into.push((name.clone(), value.clone())),
        }
    }
}

fn add_value(name: &str, old: &mut Value, new: &Value) {
    if let (Value::Map(old), Value::Map(new)) = (&mut *old, new) {
        for (key, value) in new {
            match old.iter_mut().find(|(k, _)| k == key) {
                Some((_, o)) => add_value(key, o, value),
                None => old.push((key.clone(), value.clone())),
            }
        }
        return;
    }
    let greater = new.number() > old.number();
    match (&*old, new) {
        (_, Value::Null) => {}
        (Value::Null, _) => *old = new.clone(),
        _ if name.starts_with("max_") => {
            if greater {
                *old = new.clone();
            }
        }
        _ if name.starts_with("min_") => {
            if !greater {
                *old = new.clone();
            }
        }
        (Value::Int(a), Value::Int(b)) => *old = Value::Int(a.saturating_add(*b)),
        // Amounts have six decimals; rounding to them keeps sums of days and of months equal.
        _ => *old = Value::Float(((old.number() + new.number()) * 1e6).round() / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(limits: (usize, usize), rows: &[(&[&str], i64)]) -> Table {
        let mut builder = Builder::default();
        for (path, n) in rows {
            let path: Vec<_> = path.iter().map(|p| Cow::Borrowed(*p)).collect();
            builder.add(&path, &[("nb_visits".into(), Value::Int(*n)), ("max_actions".into(), Value::Int(*n))]);
        }
        builder.finish(&Cut { limits, sort: "nb_visits", unsummable: &[] })
    }

    fn show(table: &Table) -> String {
        let row = |row: &Row| {
            let label = if row.is_summary { "Others" } else { row.label.as_deref().unwrap_or("–") };
            let below = row.subtable.as_ref().map(|t| format!(" ({})", show(t))).unwrap_or_default();
            format!("{label} {}/{}{below}", row.number("nb_visits"), row.number("max_actions"))
        };
        table.rows.iter().map(row).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn rows_above_sum_the_rows_below() {
        let rows: &[(&[&str], i64)] = &[(&["a", "x"], 1), (&["b", "x"], 4), (&["a", "y"], 2), (&["a", "x"], 2)];
        assert_eq!(show(&table((0, 0), rows)), "a 5/2 (x 3/2, y 2/2), b 4/4 (x 4/4)");
    }

    #[test]
    fn the_rest_is_summed_into_others_and_equals_go_by_label() {
        let rows: &[(&[&str], i64)] = &[(&["c"], 1), (&["a"], 1), (&["b"], 1), (&["d"], 5)];
        assert_eq!(show(&table((3, 0), rows)), "d 5/5, a 1/1, Others 2/1");
        assert_eq!(show(&table((4, 0), rows)), "d 5/5, a 1/1, b 1/1, c 1/1");
    }

    #[test]
    fn what_a_day_cut_off_stays_cut_off() {
        let monday = table((2, 0), &[(&["a"], 5), (&["b"], 4), (&["c"], 4)]);
        let tuesday = table((2, 0), &[(&["c"], 3), (&["b"], 2)]);
        let mut week = Builder::default();
        week.merge(&monday);
        week.merge(&tuesday);
        let week = week.finish(&Cut { limits: (3, 0), sort: "nb_visits", unsummable: &[] });
        // c had 7 visits, 4 of them in Monday's Others; b with its 6 is in none but Others.
        assert_eq!(show(&week), "a 5/5, c 3/3, Others 10/4");
    }

    #[test]
    fn nested_values_add_up() {
        let goals = |n| {
            (
                "goals".into(),
                Value::Map(vec![(format!("idgoal={n}"), Value::Map(vec![("x".into(), Value::Float(0.1))]))]),
            )
        };
        let mut builder = Builder::default();
        for n in [1, 2, 1, 1] {
            builder.add(&["a".into()], &[goals(n)]);
        }
        let table = builder.finish(&Cut { limits: (0, 0), sort: "x", unsummable: &[] });
        let Some(Value::Map(goals)) = table.rows[0].get("goals") else { panic!("no goals") };
        assert_eq!(goals[0].1, Value::Map(vec![("x".into(), Value::Float(0.3))]));
        assert_eq!(goals[1].1, Value::Map(vec![("x".into(), Value::Float(0.1))]));
    }
}
