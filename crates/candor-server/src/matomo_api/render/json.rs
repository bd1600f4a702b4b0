//! JSON. Written straight into one text: answers can be large.

use super::text::number;
use candor_query::table::{Answer, Row, Table, Value};
use std::fmt::Write;

/// A whole answer; single values are wrapped as `{"value":…}`.
pub(crate) fn answer(answer: &Answer) -> String {
    let mut out = String::new();
    match answer {
        Answer::Scalar(value) => wrapped(&mut out, value),
        Answer::Simple(row) => match single(row) {
            Some(value) => wrapped(&mut out, value),
            None => write_answer(&mut out, answer),
        },
        _ => write_answer(&mut out, answer),
    }
    out
}

/// A text as a JSON string.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_text(&mut out, text);
    out
}

/// The value of a one-row table of one column.
pub(super) fn single(row: &Row) -> Option<&Value> {
    match row.columns.as_slice() {
        [(_, value)] if row.label.is_none() && row.metadata.is_empty() => Some(value),
        _ => None,
    }
}

fn wrapped(out: &mut String, value: &Value) {
    out.push_str(r#"{"value":"#);
    write_value(out, value);
    out.push('}');
}

fn write_answer(out: &mut String, answer: &Answer) {
    match answer {
        Answer::Table(table) => write_table(out, table),
        Answer::Simple(row) => match single(row) {
            Some(value) => write_value(out, value),
            None if row.columns.is_empty() && row.metadata.is_empty() => out.push_str("[]"),
            None => write_row(out, row),
        },
        Answer::Map { entries, .. } => {
            write_object(out, entries.iter().map(|(k, v)| (k.as_str(), v)), write_answer);
        }
        Answer::Parts(parts) => write_object(out, parts.iter().map(|(k, v)| (k.as_ref(), v)), write_part),
        Answer::Scalar(value) | Answer::Data(value) => write_value(out, value),
        Answer::Success => out.push_str(r#"{"result":"success","message":"ok"}"#),
    }
}

/// A lone number of a part says that it is one, as a whole answer does.
fn write_part(out: &mut String, part: &Answer) {
    match part {
        Answer::Simple(row) if single(row).is_some() => single(row).into_iter().for_each(|value| wrapped(out, value)),
        part => write_answer(out, part),
    }
}

fn write_table(out: &mut String, table: &Table) {
    out.push('[');
    for (i, row) in table.rows.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_row(out, row);
    }
    out.push(']');
}

fn write_row(out: &mut String, row: &Row) {
    let mut first = true;
    let mut key = |out: &mut String, name: &str| {
        out.push(if std::mem::take(&mut first) { '{' } else { ',' });
        write_text(out, name);
        out.push(':');
    };
    if let Some(label) = &row.label {
        key(out, "label");
        write_text(out, label);
    }
    for (name, value) in row.columns.iter().chain(&row.metadata) {
        key(out, name);
        write_value(out, value);
    }
    if let Some(id) = row.subtable_id {
        key(out, "idsubdatatable");
        let _ = write!(out, "{id}");
    }
    if let Some(table) = &row.subtable {
        key(out, "subtable");
        write_table(out, table);
    }
    out.push_str(if first { "[]" } else { "}" });
}

/// PHP has one kind of array: an empty object is `[]` too.
fn write_object<'a, T: 'a>(
    out: &mut String,
    entries: impl Iterator<Item = (&'a str, &'a T)>,
    write: fn(&mut String, &T),
) {
    let mut empty = true;
    for (name, value) in entries {
        out.push(if std::mem::take(&mut empty) { '{' } else { ',' });
        write_text(out, name);
        out.push(':');
        write(out, value);
    }
    out.push_str(if empty { "[]" } else { "}" });
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Float(x) => out.push_str(&number(*x)),
        Value::Text(text) => write_text(out, text),
        Value::Map(entries) => write_object(out, entries.iter().map(|(k, v)| (k.as_str(), v)), write_value),
        Value::List(values) => {
            out.push('[');
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(out, value);
            }
            out.push(']');
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // `<` can't open a tag should a browser take the answer for a page.
            '<' | '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
