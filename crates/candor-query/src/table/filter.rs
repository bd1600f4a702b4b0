//! Leaving out rows and columns: patterns, small values, cutting and paging, hidden columns.

use super::{Row, Table, Value};
use regex::{Regex, RegexBuilder};

/// Memory a client's regular expression may take once compiled; beyond it the text is searched literally.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// Keeps rows whose column (or else metadata) matches the regular expression, without regard to case.
/// With `deep`, rows stay that have a matching row below them.
pub fn pattern(table: &mut Table, column: &str, pattern: &str, deep: bool) {
    keep_matching(table, column, &compile(pattern), deep);
}

fn keep_matching(table: &mut Table, column: &str, pattern: &Regex, deep: bool) {
    table.rows.retain_mut(|row| {
        let matches = text_of(row, column).is_some_and(|text| pattern.is_match(&text));
        match &mut row.subtable {
            // Below a match everything stays.
            Some(below) if deep && !matches => {
                keep_matching(below, column, pattern, deep);
                !below.rows.is_empty()
            }
            _ => matches,
        }
    });
}

fn compile(pattern: &str) -> Regex {
    let build = |text: &str| RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_BYTES_MAX).build();
    build(pattern).or_else(|_| build(&regex::escape(pattern))).unwrap_or_else(|_| nothing())
}

#[expect(clippy::expect_used, reason = "a constant expression")]
fn nothing() -> Regex {
    Regex::new("$.^").expect("a valid expression that matches nothing")
}

fn text_of(row: &Row, column: &str) -> Option<String> {
    if column == "label" {
        return row.label.clone();
    }
    match row.get(column).or_else(|| row.meta(column))? {
        Value::Text(text) => Some(text.clone()),
        Value::Int(n) => Some(n.to_string()),
        Value::Float(x) => Some(x.to_string()),
        _ => None,
    }
}

/// Leaves out rows whose column is below `least`; 0 means below 2 % of the column's sum.
pub fn low_population(table: &mut Table, column: &str, least: f64) {
    const SHARE: f64 = 0.02;
    let sum: f64 = table.rows.iter().map(|row| row.number(column)).sum();
    let least = if least == 0.0 { sum * SHARE } else { least };
    table.rows.retain(|row| row.number(column) >= least);
}

/// Keeps the first `keep` rows and sums the rest into "Others", in subtables too.
pub fn truncate(table: &mut Table, keep: usize) {
    if table.rows.len() > keep + 1 {
        let mut others = Row { label: Some(OTHERS.to_owned()), is_summary: true, ..Row::default() };
        for mut row in table.rows.split_off(keep) {
            row.metadata.clear();
            row.subtable = None;
            others.absorb(row);
        }
        table.rows.push(others);
    }
    for below in table.rows.iter_mut().filter_map(|row| row.subtable.as_mut()) {
        truncate(below, keep);
    }
}

/// What the row is called that sums what was cut off.
pub const OTHERS: &str = "Others";

/// Keeps `limit` rows from `offset` on; a negative limit keeps all. `keep_summary` puts "Others" back when it was cut.
pub fn page(table: &mut Table, offset: usize, limit: i64, keep_summary: bool) {
    let summary = table.rows.iter().find(|row| row.is_summary).cloned();
    table.rows.drain(..offset.min(table.rows.len()));
    if let Ok(limit) = usize::try_from(limit) {
        table.rows.truncate(limit);
    }
    if let Some(summary) = summary
        && keep_summary
        && !table.rows.iter().any(|row| row.is_summary)
    {
        table.rows.push(summary);
    }
}

/// Takes columns away; with `deep` also below, and inside nested columns such as `goals`.
pub fn hide(table: &mut Table, names: &[String], deep: bool) {
    for row in &mut table.rows {
        hide_in_row(row, names);
        if deep && let Some(below) = &mut row.subtable {
            hide(below, names, deep);
        }
    }
}

/// Takes columns of one row away.
pub fn hide_in_row(row: &mut Row, names: &[String]) {
    row.columns.retain(|(name, _)| !names.iter().any(|hidden| hidden == name || hidden == part_of_visits(name)));
}

/// A metric's name without the part of visits it is about: those that are new, or return.
fn part_of_visits(name: &str) -> &str {
    ["_new", "_returning", "_new_visit", "_returning_visit"]
        .iter()
        .find_map(|part| name.strip_suffix(part))
        .unwrap_or(name)
}

/// Keeps only the named columns, and the label.
pub fn show_only(table: &mut Table, names: &[String]) {
    table.each_row(&mut |row| show_only_in_row(row, names));
}

/// Keeps only the named columns of one row.
pub fn show_only_in_row(row: &mut Row, names: &[String]) {
    row.columns.retain(|(name, _)| names.iter().any(|shown| shown == name));
}

#[cfg(test)]
mod tests {
    use super::super::tests::{shown, table};
    use super::*;

    #[test]
    fn patterns() {
        let mut t = table("apple 1, Pear 2 (apple pie 1, tart 1), plum 3");
        pattern(&mut t, "label", "APP", false);
        assert_eq!(shown(&t), "apple 1");
        let mut t = table("apple 1, Pear 2 (apple pie 1, tart 1), plum 3");
        pattern(&mut t, "label", "app", true);
        assert_eq!(shown(&t), "apple 1, Pear 2 (apple pie 1)");
        let mut t = table("a[ 1, b 2");
        pattern(&mut t, "label", "[", false);
        assert_eq!(shown(&t), "a[ 1");
    }

    #[test]
    fn small_rows_leave() {
        let mut t = table("a 98, b 1, c 1");
        low_population(&mut t, "n", 0.0);
        assert_eq!(shown(&t), "a 98");
        let mut t = table("a 98, b 2, c 1");
        low_population(&mut t, "n", 2.0);
        assert_eq!(shown(&t), "a 98, b 2");
    }

    #[test]
    fn what_is_cut_is_summed() {
        let mut t = table("a 5, b 4 (x 2, y 1, z 1), c 2, d 1");
        truncate(&mut t, 2);
        assert_eq!(shown(&t), "a 5, b 4 (x 2, y 1, z 1), Others 3");
        truncate(&mut t, 1);
        assert_eq!(shown(&t), "a 5, Others 7");
    }

    #[test]
    fn paging() {
        let paged = |offset, limit, keep| {
            let mut t = table("a 3, b 2, c 1");
            t.rows[2].is_summary = true;
            page(&mut t, offset, limit, keep);
            shown(&t)
        };
        assert_eq!(paged(0, -1, false), "a 3, b 2, c 1");
        assert_eq!(paged(1, 1, false), "b 2");
        assert_eq!(paged(0, 1, true), "a 3, c 1");
        assert_eq!(paged(9, 1, false), "");
    }
}
