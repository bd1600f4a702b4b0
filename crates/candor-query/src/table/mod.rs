//! A report's table: rows with columns, metadata and subtables. The same type serves raw records,
//! memos and finished answers, so that there is one way to sum, cut, sort and show.

pub mod compare;
pub mod filter;
pub mod flatten;
pub mod goals;
pub mod label;
pub mod pivot;
pub mod sort;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A column's or metadata's value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Nothing (`false` or empty in Matomo's answers).
    Null,
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, raw.
    Text(String),
    /// Ordered named values (the `goals` column, nested lists of metadata).
    Map(Vec<(String, Value)>),
    /// A list.
    List(Vec<Value>),
    /// Yes or no (`true` in JSON, `1` in XML).
    Bool(bool),
}

impl Value {
    /// A number: whole ones as `Int`.
    #[must_use]
    pub fn from_number(number: f64) -> Self {
        // beyond 2^53 a float holds no exact whole numbers
        if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
            Self::Int(number as i64)
        } else {
            Self::Float(number)
        }
    }

    /// Text from anything.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The number, 0 for anything that is none.
    #[must_use]
    pub fn number(&self) -> f64 {
        match self {
            Self::Int(n) => *n as f64,
            Self::Float(x) => *x,
            Self::Bool(b) => f64::from(u8::from(*b)),
            Self::Text(t) => t.trim_end_matches('%').parse().unwrap_or(0.0),
            _ => 0.0,
        }
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// The name of a column: nearly always a constant of the catalogue.
pub type Name = Cow<'static, str>;

/// One line of a table. `label` is its first column in answers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What the row is about: a stored value (code) in records, a display name in answers.
    /// `None` in one-row tables.
    pub label: Option<String>,
    /// Metrics in order.
    pub columns: Vec<(Name, Value)>,
    /// Facts beside the metrics: `url`, `segment`, `code`…
    pub metadata: Vec<(Name, Value)>,
    /// Rows below this row.
    pub subtable: Option<Box<Table>>,
    /// The id by which the subtable can be asked for (`idsubdatatable`).
    pub subtable_id: Option<u64>,
    /// This row sums what was cut off ("Others").
    pub is_summary: bool,
}

impl Row {
    /// A copy without the rows below.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self {
            label: self.label.clone(),
            columns: self.columns.clone(),
            metadata: self.metadata.clone(),
            subtable: None,
            subtable_id: self.subtable_id,
            is_summary: self.is_summary,
        }
    }

    /// The value of a column.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.columns.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The number in a column; 0 when absent.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.get(name).map_or(0.0, Value::number)
    }

    /// Sets a column, in place when it is there.
    pub fn set(&mut self, name: impl Into<Name>, value: Value) {
        let name = name.into();
        match self.columns.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => *old = value,
            None => self.columns.push((name, value)),
        }
    }

    /// Takes a column away.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.columns.iter().position(|(n, _)| n == name)?;
        Some(self.columns.remove(at).1)
    }

    /// The label; empty when there is none.
    #[must_use]
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or_default()
    }

    /// Takes a metadata entry away.
    pub fn remove_meta(&mut self, name: &str) -> Option<Value> {
        let at = self.metadata.iter().position(|(n, _)| n == name)?;
        Some(self.metadata.remove(at).1)
    }

    /// The value of a metadata entry.
    #[must_use]
    pub fn meta(&self, name: &str) -> Option<&Value> {
        self.metadata.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Sets a metadata entry, in place when it is there.
    pub fn set_meta(&mut self, name: impl Into<Name>, value: Value) {
        let name = name.into();
        match self.metadata.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => *old = value,
            None => self.metadata.push((name, value)),
        }
    }
}

/// Rows in order; the summary row ("Others"), when there is one, is last.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// Calls `visit` for every row of this table and of those below, parents first.
    pub fn each_row(&mut self, visit: &mut impl FnMut(&mut Row)) {
        for row in &mut self.rows {
            visit(row);
            if let Some(below) = &mut row.subtable {
                below.each_row(visit);
            }
        }
    }

    /// Adds another row's numbers into the row with the same label, or adds the row.
    pub fn add(&mut self, row: Row) {
        match self.rows.iter_mut().find(|r| r.label == row.label && r.is_summary == row.is_summary) {
            Some(same) => same.absorb(row),
            None => self.rows.push(row),
        }
    }
}

impl Row {
    /// Adds another row's numbers, subtables included: sums, but `max_…` and `min_…` by their names.
    pub fn absorb(&mut self, other: Self) {
        for (name, value) in other.columns {
            let sum = match self.get(&name) {
                Some(mine) => add_values(&name, mine, &value),
                None => value,
            };
            self.set(name, sum);
        }
        for (name, value) in other.metadata {
            if self.meta(&name).is_none() {
                self.set_meta(name, value);
            }
        }
        match (&mut self.subtable, other.subtable) {
            (Some(mine), Some(theirs)) => theirs.rows.into_iter().for_each(|row| mine.add(row)),
            (mine @ None, theirs) => *mine = theirs,
            _ => {}
        }
    }
}

fn add_values(name: &str, a: &Value, b: &Value) -> Value {
    match (a, b) {
        (Value::Null, other) | (other, Value::Null) => other.clone(),
        (Value::Map(a), Value::Map(b)) => {
            let mut sum = a.clone();
            for (key, value) in b {
                match sum.iter_mut().find(|(k, _)| k == key) {
                    Some((_, mine)) => *mine = add_values(key, mine, value),
                    None => sum.push((key.clone(), value.clone())),
                }
            }
            Value::Map(sum)
        }
        _ if name.contains("max_") => Value::from_number(a.number().max(b.number())),
        _ if name.contains("min_") => Value::from_number(a.number().min(b.number())),
        _ => Value::from_number(a.number() + b.number()),
    }
}

/// What an API method answers, before a format is chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A table with labels.
    Table(Table),
    /// One row without a label (`VisitsSummary.get`).
    Simple(Row),
    /// Answers by key: `date` (sub-periods) or `idSite`.
    Map {
        /// `date`, `idSite` or `prettyDate`.
        key: &'static str,
        /// (key shown, answer).
        entries: Vec<(String, Answer)>,
    },
    /// A single value.
    Scalar(Value),
    /// Any nested structure that is no table (`SitesManager.getSiteFromId`, `Live…`).
    Data(Value),
    /// Named parts, each an answer of its own (`API.getProcessedReport`, `API.getRowEvolution`).
    Parts(Vec<(Name, Answer)>),
    /// Done, nothing to say.
    Success,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// `a 2, b 1 (c 1, d 0)`: labels with a column `n`, subtables in brackets.
    #[expect(clippy::string_slice, reason = "cut at brackets, which are one byte each")]
    pub(crate) fn table(text: &str) -> Table {
        let mut rows = vec![];
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = rest.find([',', '(']).unwrap_or(rest.len());
            let (head, tail) = rest.split_at(end);
            let (label, n) = head.trim().rsplit_once(' ').unwrap();
            let mut row = Row { label: Some(label.to_owned()), ..Row::default() };
            row.set("n", Value::from_number(n.parse().unwrap()));
            rest = tail;
            if tail.starts_with('(') {
                let mut depth = 0;
                let close = tail.char_indices().find(|(_, c)| {
                    depth += i32::from(*c == '(') - i32::from(*c == ')');
                    depth == 0
                });
                let close = close.unwrap().0;
                row.subtable = Some(Box::new(table(&tail[1..close])));
                rest = &tail[close + 1..];
            }
            rows.push(row);
            rest = rest.trim_start_matches([',', ' ']);
        }
        Table { rows }
    }

    /// The inverse of [`table`].
    pub(crate) fn shown(table: &Table) -> String {
        let row = |row: &Row| {
            let below = row.subtable.as_ref().map_or(String::new(), |t| format!(" ({})", shown(t)));
            format!("{} {}{below}", row.label(), row.number("n"))
        };
        table.rows.iter().map(row).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn rows_add_up_by_the_names_of_their_columns() {
        let mut t = table("a 1 (x 1)");
        let mut other = table("a 2 (x 2, y 3)").rows.remove(0);
        other.set("max_actions", Value::Int(7));
        t.add(other.clone());
        other.set("max_actions", Value::Int(5));
        t.add(other);
        assert_eq!(shown(&t), "a 5 (x 5, y 6)");
        assert_eq!(t.rows[0].get("max_actions"), Some(&Value::Int(7)));
    }
}
