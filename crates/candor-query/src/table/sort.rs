//! Sorting rows: numbers by size, text naturally (`page 2` before `page 10`), ties by visits and then the label.
//! The summary row stays last. Subtables are sorted the same way.

use super::{Row, Table, Value};
use std::cmp::Ordering;

/// Which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    #[default]
    Descending,
}

/// Decides where the column doesn't, or where no row has it.
const VISITS: &str = "nb_visits";

/// Sorts a table and those below by a column (`label` included). Rows without it go last.
pub fn sort(table: &mut Table, column: &str, order: Order) {
    // Longer periods have sums of daily visitors instead of visitors.
    let daily = column.strip_prefix("nb_uniq_visitors").map(|_| "sum_daily_nb_uniq_visitors");
    let column = match daily {
        _ if column == "label" || table.rows.iter().any(|row| row.get(column).is_some()) => column,
        Some(daily) => daily,
        None => VISITS,
    };
    table.rows.sort_by(|a, b| a.is_summary.cmp(&b.is_summary).then_with(|| compare(a, b, column, order)));
    for below in table.rows.iter_mut().filter_map(|row| row.subtable.as_mut()) {
        sort(below, column, order);
    }
}

fn compare(a: &Row, b: &Row, column: &str, order: Order) -> Ordering {
    if column == "label" {
        return directed(natural(a.label(), b.label()), order);
    }
    by_value(a, b, column, order)
        .then_with(|| by_value(a, b, VISITS, order))
        .then_with(|| natural(a.label(), b.label()))
}

fn by_value(a: &Row, b: &Row, column: &str, order: Order) -> Ordering {
    match (a.get(column), b.get(column)) {
        (Some(Value::Null) | None, Some(Value::Null) | None) => Ordering::Equal,
        (Some(Value::Null) | None, _) => Ordering::Greater,
        (_, Some(Value::Null) | None) => Ordering::Less,
        (Some(Value::Text(a)), Some(Value::Text(b))) if !numeric(a) || !numeric(b) => directed(natural(a, b), order),
        (Some(a), Some(b)) => directed(a.number().total_cmp(&b.number()), order),
    }
}

fn numeric(text: &str) -> bool {
    text.trim_end_matches('%').parse::<f64>().is_ok()
}

fn directed(ordering: Ordering, order: Order) -> Ordering {
    match order {
        Order::Ascending => ordering,
        Order::Descending => ordering.reverse(),
    }
}

/// Compares as people do: runs of digits by their number, letters without regard to case, blanks not at all.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        (a, b) = (a.trim_start(), b.trim_start());
        match (a.chars().next(), b.chars().next()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (run_a, rest_a) = digits(a);
                let (run_b, rest_b) = digits(b);
                let by_number = run_a.len().cmp(&run_b.len()).then_with(|| run_a.cmp(run_b));
                if by_number != Ordering::Equal {
                    return by_number;
                }
                (a, b) = (rest_a, rest_b);
            }
            (Some(x), Some(y)) => {
                let by_letter = x.to_lowercase().cmp(y.to_lowercase());
                if by_letter != Ordering::Equal {
                    return by_letter;
                }
                a = a.strip_prefix(x).unwrap_or_default();
                b = b.strip_prefix(y).unwrap_or_default();
            }
        }
    }
}

/// The leading digits without leading zeros, and what follows them.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (run.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{shown, table};
    use super::*;

    #[test]
    fn numbers_then_labels_and_others_last() {
        let mut t = table("b 2, a 2, c 10, d 1");
        if let Some(row) = t.rows.last_mut() {
            row.is_summary = true;
            row.set("n", Value::Int(99));
        }
        sort(&mut t, "n", Order::Descending);
        assert_eq!(shown(&t), "c 10, a 2, b 2, d 99");
    }

    #[test]
    fn visits_decide_what_the_column_leaves_open() {
        let mut t = table("a 1, b 1, c 1");
        for (row, visits) in t.rows.iter_mut().zip([1, 3, 2]) {
            row.set("nb_visits", Value::Int(visits));
        }
        for column in ["n", "absent"] {
            sort(&mut t, column, Order::Descending);
            assert_eq!(shown(&t), "b 1, c 1, a 1");
            t.rows.reverse();
        }
    }

    #[test]
    fn labels_naturally() {
        let mut t = table("page10 1, Page2 1, page1 1");
        sort(&mut t, "label", Order::Ascending);
        assert_eq!(shown(&t), "page1 1, Page2 1, page10 1");
        assert_eq!(natural("a007b", "a7B"), Ordering::Equal);
        assert_eq!(natural("é1", "é"), Ordering::Greater);
    }

    #[test]
    fn rows_without_the_column_go_last_in_both_directions() {
        for order in [Order::Ascending, Order::Descending] {
            let mut t = table("a 1, b 2");
            t.rows.insert(0, Row { label: Some("none".into()), ..Row::default() });
            sort(&mut t, "n", order);
            assert_eq!(t.rows.last().map(Row::label), Some("none"));
        }
    }
}
