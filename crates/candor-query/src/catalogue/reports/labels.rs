//! Parts that labels and metadata of many reports are made with.

use super::Labelling;
use crate::table::{Row, Table, Value};
use candor_core::params::{url_decode, url_encode};

/// Sets the `segment` by which a row's visits are found again.
pub(super) fn segment(row: &mut Row, dimension: &str, value: &str) {
    row.set_meta("segment", Value::Text(format!("{dimension}=={}", url_encode(value))));
}

/// As [`segment`], for values that Matomo holds escaped for HTML and encodes twice: URLs and titles.
pub(super) fn action_segment(row: &mut Row, dimension: &str, operator: &str, value: &str) {
    let value = url_encode(&url_encode(&escape(value)));
    row.set_meta("segment", Value::Text(format!("{dimension}{operator}{value}")));
}

/// As [`segment`], for values that Matomo holds escaped for HTML.
pub(super) fn escaped_segment(row: &mut Row, dimension: &str, value: &str) {
    segment(row, dimension, &escape(value));
}

/// A label as it is shown: decoded once more; a blank that is written `+` stays.
pub(crate) fn decoded(label: &str) -> String {
    if label.contains('%') { url_decode(label.replace('+', "%2B").as_bytes()) } else { label.to_owned() }
}

/// `<`, `>`, `&` and both quotes as HTML entities, as PHP writes them.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#039;")
}

/// The stored label, or what stands for none.
pub(super) fn or(row: &Row, none: &str) -> String {
    if row.label().is_empty() { none.to_owned() } else { row.label().to_owned() }
}

/// Renames rows and adds up those that get the same name. Rows below are joined.
pub(super) fn grouped(table: Table, mut name: impl FnMut(&str) -> String) -> Table {
    let mut out = Table::default();
    for mut row in table.rows {
        if !row.is_summary {
            row.label = Some(name(row.label()));
        }
        out.add(row);
    }
    out
}

/// All of these rows, in this order; missing ones are added with zeros in the columns that others have.
pub(super) fn complete<'a>(table: Table, labels: impl IntoIterator<Item = &'a str>) -> Table {
    // No visits at all: an empty table says so.
    if table.rows.is_empty() {
        return table;
    }
    let names: Vec<_> =
        table.rows.first().map(|row| row.columns.iter().map(|(name, _)| name.clone()).collect()).unwrap_or_default();
    let zero = |label: &str| {
        let mut row = Row { label: Some(label.to_owned()), ..Row::default() };
        for name in &names {
            if !matches!(name.as_ref(), "goals" | "nb_conversions" | "revenue") || names.len() == 1 {
                row.set(name.clone(), Value::Int(0));
            }
        }
        row
    };
    let mut rows = table.rows;
    let mut all = vec![];
    for label in labels {
        let at = rows.iter().position(|row| row.label() == label);
        all.push(at.map_or_else(|| zero(label), |at| rows.swap_remove(at)));
    }
    Table { rows: all }
}

/// A range as a condition: `9-14` → `visitCount>=9;visitCount<=14`, `201+` → `visitCount>=201`.
pub(super) fn range_segment(dimension: &str, range: &str) -> String {
    if let Some(from) = range.strip_suffix('+') {
        return format!("{dimension}>={from}");
    }
    match range.split_once('-') {
        Some((from, to)) => format!("{dimension}>={from};{dimension}<={to}"),
        None => format!("{dimension}=={range}"),
    }
}

/// A range in words: `1 visit`, `2 visits`, `9-14 visits`.
pub(super) fn range_label(range: &str, one: &str, many: &str) -> String {
    if range == "1" { format!("1 {one}") } else { format!("{range} {many}") }
}

/// The whole URL with its scheme cut off.
pub(super) fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest)
}

/// A name of the vocabulary, the code itself where there is none.
pub(super) fn named<'a>(names: &'a std::collections::BTreeMap<String, String>, code: &'a str) -> &'a str {
    names.get(code).map_or(code, String::as_str)
}

/// The name of a country.
pub(super) fn country<'a>(code: &'a str, l: &'a Labelling<'_>) -> &'a str {
    match code {
        "" | "xx" => "Unknown",
        code => named(&l.vocabulary.country_names, code),
    }
}
