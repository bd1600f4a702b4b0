//! Finding one row by its label, through the levels of a tree: `docs > api > @/index`.

use super::{Row, Table};
use candor_core::params::url_decode;

/// Between the levels of a label.
pub const SEPARATOR: char = '>';

/// The row a label names. Labels of leaves may carry a leading slash (paths) or blank (titles).
#[must_use]
pub fn find<'a>(table: &'a Table, label: &str) -> Option<&'a Row> {
    // Clients encode a label once or twice, and levels before or after they join them.
    let once = unescape(label);
    let decoded = unescape(&url_decode(label.as_bytes()));
    [&once, &decoded]
        .into_iter()
        .find_map(|text| walk(table, &text.split(SEPARATOR).collect::<Vec<_>>()))
        .or_else(|| level(table, &once, true))
        .or_else(|| level(table, &decoded, true))
}

fn walk<'a>(table: &'a Table, parts: &[&str]) -> Option<&'a Row> {
    let (first, rest) = parts.split_first()?;
    let row = level(table, first, rest.is_empty())?;
    if rest.is_empty() {
        return Some(row);
    }
    walk(row.subtable.as_ref()?, rest)
}

/// The row of one level. Clients encode labels once more than their query, and escape HTML in them.
fn level<'a>(table: &'a Table, part: &str, last: bool) -> Option<&'a Row> {
    // An encoded `@` belongs to the label.
    let (terminal, part) = match part.trim_start_matches([' ', '+']).strip_prefix('@') {
        Some(rest) if last => (true, rest),
        _ => (false, part),
    };
    let part = unescape(url_decode(part.as_bytes()).trim());
    let candidates = [part.clone(), format!(" {part}"), format!("/{part}")];
    let matching = |row: &&Row, text: &str| {
        let label = row.label();
        label == text || unescape(label) == text
    };
    if terminal {
        let leaf = |row: &&Row| row.subtable.is_none() && candidates.iter().any(|c| matching(row, c));
        return table.rows.iter().find(leaf);
    }
    candidates
        .iter()
        .take(2)
        .find_map(|candidate| table.rows.iter().find(|row| matching(row, candidate)))
        .or_else(|| table.rows.iter().find(|row| row.label().trim() == part))
}

/// Turns back the escapes of HTML, also when they were applied twice.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..2 {
        if !text.contains('&') {
            break;
        }
        for (escape, plain) in
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#039;", "'"), ("&#39;", "'"), ("&amp;", "&")]
        {
            text = text.replace(escape, plain);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;
    use super::*;

    fn found(label: &str) -> Option<String> {
        let t = table("docs 3 (/index 1, api 2 (/x y 2)), /docs 1,  Home 4, a > b 5");
        find(&t, label).map(|row| format!("{} {}", row.label(), row.number("n")))
    }

    #[test]
    fn labels_lead_through_the_tree() {
        assert_eq!(found("docs").as_deref(), Some("docs 3"));
        assert_eq!(found(" docs > api > %2Fx+y").as_deref(), Some("/x y 2"));
        assert_eq!(found("docs>nothing"), None);
        assert_eq!(found("Home").as_deref(), Some("Home 4"));
    }

    #[test]
    fn an_at_sign_asks_for_the_leaf() {
        assert_eq!(found("@docs").as_deref(), Some("/docs 1"));
        assert_eq!(found("docs>@index").as_deref(), Some("/index 1"));
        assert_eq!(found("%2540home"), None);
    }

    #[test]
    fn escapes_and_separators_in_labels() {
        assert_eq!(found("a+%3E+b").as_deref(), Some("a > b 5"));
        assert_eq!(unescape("&amp;lt;b&amp;gt;"), "<b>");
    }
}
