//! Rows of the store, read by the names of their columns.

use candor_store::{Cell, Dialect, Rows, schema::Columns};
use std::{collections::HashMap, sync::Arc};

/// Some rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Records {
    positions: Arc<HashMap<String, usize>>,
    rows: Vec<Vec<Cell>>,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    positions: &'a HashMap<String, usize>,
    cells: &'a [Cell],
}

/// The columns of a table as a list for `select`.
pub(super) fn columns(columns: Columns, dialect: &dyn Dialect) -> String {
    columns.iter().map(|(name, _)| dialect.identifier(name)).collect::<Vec<_>>().join(", ")
}

/// An unsigned 64-bit value as it is bound.
pub(super) fn unsigned(value: u64) -> Cell {
    Cell::Int(value.cast_signed())
}

impl Records {
    pub(super) fn new(rows: Rows) -> Self {
        let positions = rows.columns.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        Self { positions: Arc::new(positions), rows: rows.rows }
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Record<'_>> + Clone {
        self.rows.iter().map(|cells| Record { positions: &self.positions, cells })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds rows of the same query.
    pub(super) fn append(&mut self, mut other: Self) {
        self.rows.append(&mut other.rows);
        self.positions = other.positions;
    }

    pub(super) fn filter(&self, keep: impl Fn(Record<'_>) -> bool) -> Self {
        let rows = self.iter().filter(|r| keep(*r)).map(|r| r.cells.to_vec()).collect();
        Self { positions: self.positions.clone(), rows }
    }

    pub(super) fn sort_by_key<K: Ord>(&mut self, key: impl Fn(Record<'_>) -> K, descending: bool) {
        let positions = self.positions.clone();
        let of = |cells: &[Cell]| key(Record { positions: &positions, cells });
        self.rows.sort_by(|a, b| if descending { of(b).cmp(&of(a)) } else { of(a).cmp(&of(b)) });
    }

    /// Keeps the rows from `from` to before `to`.
    pub(super) fn cut(&mut self, from: usize, to: usize) {
        self.rows.truncate(to);
        self.rows.drain(..from.min(self.rows.len()));
    }
}

impl<'a> Record<'a> {
    fn cell(self, name: &str) -> Option<&'a Cell> {
        self.cells.get(*self.positions.get(name)?)
    }

    /// A whole number; 0 when there is none.
    pub(super) fn int(self, name: &str) -> i64 {
        self.optional_int(name).unwrap_or(0)
    }

    /// A whole number, unless it is null.
    pub(super) fn optional_int(self, name: &str) -> Option<i64> {
        match self.cell(name)? {
            Cell::Int(n) => Some(*n),
            Cell::Float(x) => Some(*x as i64),
            _ => None,
        }
    }

    /// A number, unless it is null.
    pub(super) fn optional_float(self, name: &str) -> Option<f64> {
        match self.cell(name)? {
            Cell::Int(n) => Some(*n as f64),
            Cell::Float(x) => Some(*x),
            _ => None,
        }
    }

    /// Text; empty when there is none.
    pub(super) fn text(self, name: &str) -> &'a str {
        match self.cell(name) {
            Some(Cell::Text(text)) => text,
            _ => "",
        }
    }

    /// Bytes; empty when there are none.
    pub(super) fn bytes(self, name: &str) -> &'a [u8] {
        match self.cell(name) {
            Some(Cell::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }

    /// A list of texts; empty when there is none.
    pub(super) fn texts(self, name: &str) -> &'a [String] {
        match self.cell(name) {
            Some(Cell::List(list)) => list,
            _ => &[],
        }
    }
}
