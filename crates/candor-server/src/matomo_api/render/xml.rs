//! XML as Matomo nests it: `<result>` with `<row>`s, `<results>` for answers by date or site.

use super::{
    json::single,
    text::{escape_into, scalar},
};
use candor_query::table::{Answer, Row, Table, Value};

const HEADER: &str = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n";

/// A whole answer.
pub(super) fn answer(answer: &Answer) -> String {
    let mut xml = Xml { out: HEADER.to_owned(), depth: 0 };
    let name = if matches!(answer, Answer::Map { .. }) { "results" } else { "result" };
    match answer {
        Answer::Data(value @ Value::Map(entries)) if entries.len() > 1 && entries.iter().all(|(_, v)| is_scalar(v)) => {
            xml.open(&Tag::plain(name));
            xml.data(&Tag::plain("row"), value);
            xml.close(&Tag::plain(name));
        }
        answer => xml.answer(&Tag::plain(name), answer),
    }
    xml.finish()
}

/// An error.
pub(super) fn error(message: &str) -> String {
    let mut xml = Xml { out: HEADER.to_owned(), depth: 0 };
    xml.open(&Tag::plain("result"));
    xml.empty(&Tag { name: "error", attribute: Some(("message", message)) });
    xml.close(&Tag::plain("result"));
    xml.finish()
}

/// A single number that is 0.
fn is_zero(answer: &Answer) -> bool {
    let value = match answer {
        Answer::Scalar(value) => Some(value),
        Answer::Simple(row) => single(row),
        _ => None,
    };
    value.is_some_and(|value| scalar(value) == "0")
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Map(_) | Value::List(_))
}

/// Whether a name can be a tag.
fn is_tag_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// A tag with at most one attribute.
struct Tag<'a> {
    name: &'a str,
    attribute: Option<(&'a str, &'a str)>,
}

impl<'a> Tag<'a> {
    fn plain(name: &'a str) -> Self {
        Self { name, attribute: None }
    }

    /// An entry of a nested structure: its key, or a row that names it.
    fn entry(key: &'a str) -> Self {
        match key.split_once('=') {
            Some(attribute) => Self { name: "row", attribute: Some(attribute) },
            None if is_tag_name(key) => Self::plain(key),
            None => Self { name: "row", attribute: Some(("key", key)) },
        }
    }

    /// A column of a table. One odd name makes all columns of the table `<col name="…">`.
    fn column(name: &'a str, any_odd: bool) -> Self {
        if any_odd { Self { name: "col", attribute: Some(("name", name)) } } else { Self::plain(name) }
    }
}

struct Xml {
    out: String,
    depth: usize,
}

impl Xml {
    fn finish(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n('\t', self.depth));
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.indent();
        self.out.push('<');
        self.out.push_str(tag.name);
        if let Some((name, value)) = tag.attribute {
            self.out.push(' ');
            self.out.push_str(if is_tag_name(name) { name } else { "key" });
            self.out.push_str("=\"");
            escape_into(&mut self.out, value);
            self.out.push('"');
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        self.start(tag);
        self.out.push_str(">\n");
        self.depth += 1;
    }

    fn close(&mut self, tag: &Tag<'_>) {
        self.depth -= 1;
        self.indent();
        self.out.push_str("</");
        self.out.push_str(tag.name);
        self.out.push_str(">\n");
    }

    fn empty(&mut self, tag: &Tag<'_>) {
        self.start(tag);
        self.out.push_str(" />\n");
    }

    fn leaf(&mut self, tag: &Tag<'_>, text: &str) {
        if text.is_empty() {
            return self.empty(tag);
        }
        self.start(tag);
        self.out.push('>');
        escape_into(&mut self.out, text);
        self.out.push_str("</");
        self.out.push_str(tag.name);
        self.out.push_str(">\n");
    }

    /// A lone number of a part has a tag of its own.
    fn part(&mut self, tag: &Tag<'_>, part: &Answer) {
        match part {
            Answer::Simple(row) if single(row).is_some_and(is_scalar) => {
                self.open(tag);
                single(row).into_iter().for_each(|value| self.leaf(&Tag::plain("value"), &scalar(value)));
                self.close(tag);
            }
            part => self.answer(tag, part),
        }
    }

    fn answer(&mut self, tag: &Tag<'_>, answer: &Answer) {
        match answer {
            Answer::Table(table) if table.rows.is_empty() => self.empty(tag),
            Answer::Table(table) => {
                self.open(tag);
                self.table(table);
                self.close(tag);
            }
            Answer::Simple(row) => match single(row) {
                Some(value) if is_scalar(value) => self.leaf(tag, &scalar(value)),
                _ if row.columns.is_empty() && row.metadata.is_empty() => self.empty(tag),
                _ => {
                    self.open(tag);
                    self.row_content(row, has_odd_name(std::slice::from_ref(row)));
                    self.close(tag);
                }
            },
            Answer::Map { entries, .. } if entries.is_empty() => self.empty(tag),
            Answer::Map { key, entries } => {
                self.open(tag);
                for (name, entry) in entries {
                    let tag = Tag { name: "result", attribute: Some((key, name)) };
                    // Matomo prints a lone 0 of a date as nothing.
                    if is_zero(entry) { self.empty(&tag) } else { self.answer(&tag, entry) }
                }
                self.close(tag);
            }
            Answer::Parts(parts) => {
                self.open(tag);
                for (name, part) in parts {
                    self.part(&Tag::entry(name), part);
                }
                self.close(tag);
            }
            Answer::Scalar(value) | Answer::Data(value) => self.data(tag, value),
            Answer::Success => {
                self.open(tag);
                self.empty(&Tag { name: "success", attribute: Some(("message", "ok")) });
                self.close(tag);
            }
        }
    }

    /// A nested structure that is no table: keys are tags, list entries are rows.
    fn data(&mut self, tag: &Tag<'_>, value: &Value) {
        match value {
            Value::Map(entries) if !entries.is_empty() => {
                self.open(tag);
                for (key, value) in entries {
                    self.data(&Tag::entry(key), value);
                }
                self.close(tag);
            }
            Value::List(values) if !values.is_empty() => {
                self.open(tag);
                for value in values {
                    self.data(&Tag::plain("row"), value);
                }
                self.close(tag);
            }
            value => self.leaf(tag, &scalar(value)),
        }
    }

    fn table(&mut self, table: &Table) {
        let any_odd = has_odd_name(&table.rows);
        for row in &table.rows {
            self.open(&Tag::plain("row"));
            self.row_content(row, any_odd);
            self.close(&Tag::plain("row"));
        }
    }

    fn row_content(&mut self, row: &Row, any_odd: bool) {
        if let Some(label) = &row.label {
            self.leaf(&Tag::column("label", any_odd), label);
        }
        for (name, value) in row.columns.iter().chain(&row.metadata) {
            self.column(&Tag::column(name, any_odd), value);
        }
        if let Some(id) = row.subtable_id {
            self.leaf(&Tag::column("idsubdatatable", any_odd), &id.to_string());
        }
        if let Some(table) = row.subtable.as_deref().filter(|table| !table.rows.is_empty()) {
            let tag = Tag::column("subtable", any_odd);
            self.open(&tag);
            self.table(table);
            self.close(&tag);
        }
    }

    /// A value inside a table: nested structures are rows, which name only keys such as `idgoal=1`.
    fn column(&mut self, tag: &Tag<'_>, value: &Value) {
        let nested_tag = |key: &str, value: &Value| -> bool { is_scalar(value) && !key.contains('=') };
        match value {
            Value::Map(entries) if !entries.is_empty() => {
                self.open(tag);
                for (key, value) in entries {
                    if nested_tag(key, value) {
                        self.column(&Tag::entry(key), value);
                    } else {
                        self.column(&Tag { name: "row", attribute: key.split_once('=') }, value);
                    }
                }
                self.close(tag);
            }
            Value::List(values) if !values.is_empty() => {
                self.open(tag);
                for value in values {
                    self.column(&Tag::plain("row"), value);
                }
                self.close(tag);
            }
            value => self.leaf(tag, &scalar(value)),
        }
    }
}

fn has_odd_name(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.columns.iter().chain(&row.metadata).any(|(name, _)| !is_tag_name(name)))
}
