//! Turns what belongs to each row into columns: the rows below it, or those of another report about it.

use super::{Name, Row, Table, Value};

/// How columns are made.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    /// At most so many, the rest summed as the last; `None` = all.
    pub limit: Option<usize>,
    /// Their names begin with their place: two columns may have one name.
    pub numbered: bool,
}

/// What the rest is called.
const OTHERS: &str = "Others";

/// Gives each row the columns of its cells, the greatest sums first, in place of its metrics.
/// `cells` are labels with numbers, one list a row.
#[must_use]
pub fn pivot(table: Table, cells: &[Vec<(String, f64)>], columns: Columns) -> Table {
    let names = ranked(cells);
    let shown = match columns.limit {
        Some(limit) if names.len() > limit => limit.saturating_sub(1),
        _ => names.len(),
    };
    let (shown, rest) = names.split_at(shown);
    let mut out = Table::default();
    for (row, cells) in table.rows.into_iter().zip(cells) {
        let mut row = Row { columns: vec![], subtable: None, subtable_id: None, ..row };
        row.remove_meta("segment");
        for (place, name) in shown.iter().enumerate() {
            let title = if columns.numbered { format!("{}.\u{a0}{name}", place + 1) } else { name.clone() };
            row.columns.push((Name::Owned(title), sum(cells, std::slice::from_ref(name))));
        }
        if !rest.is_empty() {
            row.columns.push((OTHERS.into(), sum(cells, rest)));
        }
        out.rows.push(row);
    }
    out
}

/// All labels, the greatest sums first, equal ones by name.
fn ranked(cells: &[Vec<(String, f64)>]) -> Vec<String> {
    let mut sums: Vec<(&str, f64)> = vec![];
    for (label, number) in cells.iter().flatten() {
        match sums.iter_mut().find(|(known, _)| known == label) {
            Some((_, sum)) => *sum += number,
            None => sums.push((label, *number)),
        }
    }
    sums.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.cmp(b)));
    sums.into_iter().map(|(label, _)| label.to_owned()).collect()
}

/// The sum of the cells with these names; "no" where there is none.
fn sum(cells: &[(String, f64)], names: &[String]) -> Value {
    let found = cells.iter().filter(|(label, _)| names.contains(label)).map(|(_, number)| *number);
    found.reduce(|a, b| a + b).map_or(Value::Bool(false), Value::from_number)
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;
    use super::*;

    fn pivoted(limit: Option<usize>, numbered: bool) -> String {
        let rows = table("a 5, b 3");
        let cell = |label: &str, number: f64| (label.to_owned(), number);
        let cells = vec![vec![cell("y", 1.0), cell("x", 1.0), cell("z", 3.0)], vec![cell("x", 1.0), cell("y", 1.0)]];
        let shown = |row: &Row| {
            let value = |value: &Value| match value {
                Value::Bool(_) => "-".to_owned(),
                value => value.number().to_string(),
            };
            let columns: Vec<_> = row.columns.iter().map(|(name, v)| format!("{name}={}", value(v))).collect();
            format!("{}: {}", row.label(), columns.join(" "))
        };
        pivot(rows, &cells, Columns { limit, numbered }).rows.iter().map(shown).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn greatest_sums_come_first() {
        assert_eq!(pivoted(None, false), "a: z=3 x=1 y=1; b: z=- x=1 y=1");
        assert_eq!(
            pivoted(Some(3), true),
            "a: 1.\u{a0}z=3 2.\u{a0}x=1 3.\u{a0}y=1; b: 1.\u{a0}z=- 2.\u{a0}x=1 3.\u{a0}y=1"
        );
    }

    #[test]
    fn the_rest_is_summed() {
        assert_eq!(pivoted(Some(2), false), "a: z=3 Others=2; b: z=- Others=2");
        assert_eq!(pivoted(Some(1), false), "a: Others=5; b: Others=2");
    }
}
