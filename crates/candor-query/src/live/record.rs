//! Rows of the store, read by the names of their columns.

use candor_core::VisitorId;
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

    /// The same rows by the value of a column, in their order.
    pub(super) fn by(self, name: &str) -> HashMap<i64, Self> {
        let mut groups: HashMap<i64, Self> = HashMap::new();
        for cells in self.rows {
            let value = Record { positions: &self.positions, cells: &cells }.int(name);
            let group = groups.entry(value);
            let empty = || Self { positions: Arc::clone(&self.positions), rows: vec![] };
            group.or_insert_with(empty).rows.push(cells);
        }
        groups
    }

    /// The same rows in parts.
    pub(super) fn chunks(&self, rows: usize) -> impl Iterator<Item = Self> {
        self.rows.chunks(rows).map(|part| Self { positions: Arc::clone(&self.positions), rows: part.to_vec() })
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

    /// Who; `None` of an exempt visit.
    pub(super) fn visitor(self) -> Option<VisitorId> {
        self.optional_int("visitor_id").map(|id| VisitorId(id.cast_unsigned()))
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
