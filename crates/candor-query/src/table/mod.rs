//! A report's table: rows with columns, metadata and subtables. The same type serves raw records,
//! memos and finished answers, so that there is one way to sum, cut, sort and show.

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
