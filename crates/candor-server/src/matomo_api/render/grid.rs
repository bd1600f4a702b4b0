//! Any answer as lines and columns, for the formats that know nothing else (CSV, HTML, RSS).

use super::text::scalar;
use candor_query::table::{Answer, Row, Table, Value};

/// Lines of cells under named columns, in order of first appearance.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Grid {
    pub(super) columns: Vec<String>,
    pub(super) lines: Vec<Vec<Option<String>>>,
}

/// Which columns are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Also metadata, as `metadata_<name>`, and nested values, as `goals_idgoal=1_revenue`.
    Everything,
    /// Only what a person would read.
    Columns,
}

type Cells = Vec<(String, String)>;

impl Grid {
    /// The grid of an answer.
    pub(super) fn new(answer: &Answer, wanted: Wanted) -> Self {
        let mut grid = Self::default();
        grid.add(answer, wanted, &[]);
        grid
    }

    fn add(&mut self, answer: &Answer, wanted: Wanted, prefix: &[(String, String)]) {
        match answer {
            Answer::Table(Table { rows }) => rows.iter().for_each(|row| self.line(prefix, row_cells(row, wanted))),
            Answer::Simple(row) if row.columns.is_empty() => {}
            Answer::Simple(row) => self.line(prefix, row_cells(row, wanted)),
            Answer::Map { key, entries } => {
                for (name, entry) in entries {
                    let prefix: Cells = prefix.iter().cloned().chain([((*key).to_owned(), name.clone())]).collect();
                    self.add(entry, wanted, &prefix);
                }
            }
            Answer::Parts(parts) => {
                for (name, part) in parts {
                    if name == "reportData" {
                        self.add(part, wanted, prefix);
                    }
                }
            }
            Answer::Scalar(value) => self.line(prefix, vec![("value".into(), scalar(value).into_owned())]),
            Answer::Data(value) => self.add_data(value, prefix),
            Answer::Success => self.line(prefix, vec![("message".into(), "ok".into())]),
        }
    }

    fn add_data(&mut self, value: &Value, prefix: &[(String, String)]) {
        let is_table = |entries: &[(String, Value)]| entries.iter().all(|(_, v)| matches!(v, Value::Map(_)));
        match value {
            Value::List(values) => values.iter().for_each(|value| self.line(prefix, cells_of("value", value))),
            Value::Map(entries) if is_table(entries) => {
                entries.iter().for_each(|(_, value)| self.line(prefix, cells_of("", value)));
            }
            value => self.line(prefix, cells_of("value", value)),
        }
    }

    fn line(&mut self, prefix: &[(String, String)], cells: Cells) {
        let mut line = vec![None; self.columns.len()];
        for (name, text) in prefix.iter().cloned().chain(cells) {
            let at = self.columns.iter().position(|c| *c == name).unwrap_or_else(|| {
                self.columns.push(name);
                line.push(None);
                self.columns.len() - 1
            });
            if let Some(cell) = line.get_mut(at) {
                *cell = Some(text);
            }
        }
        self.lines.push(line);
    }
}

fn row_cells(row: &Row, wanted: Wanted) -> Cells {
    let mut cells = Cells::new();
    if let Some(label) = &row.label {
        cells.push(("label".into(), label.clone()));
    }
    for (name, value) in &row.columns {
        if wanted == Wanted::Everything {
            flatten(name, value, &mut cells);
        } else if !matches!(value, Value::Map(_) | Value::List(_)) {
            cells.push((name.to_string(), scalar(value).into_owned()));
        }
    }
    if wanted == Wanted::Everything {
        for (name, value) in &row.metadata {
            flatten(&format!("metadata_{name}"), value, &mut cells);
        }
    }
    cells
}

fn cells_of(name: &str, value: &Value) -> Cells {
    let mut cells = Cells::new();
    match value {
        Value::Map(entries) => entries.iter().for_each(|(key, value)| flatten(key, value, &mut cells)),
        value => flatten(name, value, &mut cells),
    }
    cells
}

/// Nested values become columns of their own: `goals_idgoal=1_nb_conversions`.
fn flatten(name: &str, value: &Value, cells: &mut Cells) {
    match value {
        Value::Map(entries) => entries.iter().for_each(|(key, v)| flatten(&format!("{name}_{key}"), v, cells)),
        Value::List(values) => {
            values.iter().enumerate().for_each(|(i, v)| flatten(&format!("{name}_{i}"), v, cells));
        }
        value => cells.push((name.to_owned(), scalar(value).into_owned())),
    }
}
