//! Puts the same row of other periods and segments beside each row of a table, with how much they differ.

use super::{Name, Row, Table, Value};
use crate::{catalogue::metrics::round, format::grouped};

/// One of the tables that stand side by side. The first is the table itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Says which it is: `compareSegment`, `comparePeriod`, `compareDate` and their names for people.
    pub facts: Vec<(Name, Value)>,
    /// The segment that its rows' own segments are narrowed to.
    pub segment: String,
    /// The series that its numbers are compared with.
    pub base: Option<usize>,
}

/// The metadata that holds a row's counterparts.
pub const COMPARISONS: &str = "comparisons";

/// Puts the counterparts of every row beside it, those of rows below too; only the table's own rows say how much
/// they changed. `others` are the series' tables; `None` where a series has none here.
/// `computed` completes counterparts with the rates and averages that they lack.
pub fn beside(table: &mut Table, others: &[Option<&Table>], series: &[Series], computed: &dyn Fn(&mut Row)) {
    for row in &mut table.rows {
        let found: Vec<Option<&Row>> = others.iter().map(|other| other.and_then(|t| counterpart(t, row))).collect();
        add(row, &found, series, computed);
        if let Some(below) = &mut row.subtable {
            let tables: Vec<Option<&Table>> =
                found.iter().map(|row| row.and_then(|row| row.subtable.as_deref())).collect();
            beside_below(below, &tables, series);
        }
    }
}

/// Counterparts of rows below don't show columns that end so.
const TOP_ONLY: &str = "bandwidth";

fn beside_below(table: &mut Table, others: &[Option<&Table>], series: &[Series]) {
    for row in &mut table.rows {
        let found: Vec<Option<&Row>> = others.iter().map(|other| other.and_then(|t| counterpart(t, row))).collect();
        let all = others.iter().zip(&found).zip(series);
        let known = all.filter(|((table, _), _)| table.is_some());
        let listed = known.map(|((_, found), series)| {
            let mut numbers = number_columns(row, *found);
            if found.is_some() {
                numbers.columns.retain(|(name, _)| !name.ends_with(TOP_ONLY));
            }
            described(&numbers, row, *found, series)
        });
        row.set_meta(COMPARISONS, Value::List(listed.collect()));
        if let Some(below) = &mut row.subtable {
            let tables: Vec<Option<&Table>> =
                found.iter().map(|row| row.and_then(|row| row.subtable.as_deref())).collect();
            beside_below(below, &tables, series);
        }
    }
}

/// Puts the counterparts of one row beside it.
pub fn add(row: &mut Row, found: &[Option<&Row>], series: &[Series], computed: &dyn Fn(&mut Row)) {
    let columns: Vec<Row> = found.iter().map(|other| number_columns(row, *other)).collect();
    let mut listed = vec![];
    for ((own, found), one) in columns.iter().zip(found).zip(series) {
        let mut shown = own.clone();
        // Where nothing was counted, nothing changed.
        if let Some(base) = one.base.and_then(|at| columns.get(at)).filter(|_| !own.columns.is_empty()) {
            for (name, value) in &own.columns {
                set_change(&mut shown, name, value.number(), base.number(name));
            }
        }
        computed(&mut shown);
        listed.push(described(&shown, row, *found, one));
    }
    row.set_meta(COMPARISONS, Value::List(listed));
}

fn counterpart<'a>(table: &'a Table, row: &Row) -> Option<&'a Row> {
    table.rows.iter().find(|other| other.label == row.label && other.is_summary == row.is_summary)
}

/// The numbers of a counterpart; zeros in the row's own columns where there is none.
fn number_columns(row: &Row, found: Option<&Row>) -> Row {
    let is_number = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_));
    let columns = match found {
        Some(found) => found.columns.iter().filter(|(_, value)| is_number(value)).cloned().collect(),
        None => {
            let own = row.columns.iter().filter(|(_, value)| is_number(value));
            own.map(|(name, _)| (name.clone(), Value::Int(0))).collect()
        }
    };
    Row { columns, ..Row::default() }
}

/// A counterpart with what says which it is.
fn described(numbers: &Row, row: &Row, found: Option<&Row>, series: &Series) -> Value {
    let mut fields: Vec<(Name, Value)> = numbers.columns.clone();
    fields.extend(series.facts.iter().cloned());
    let id = found.and_then(|found| found.subtable_id).and_then(|id| i64::try_from(id).ok());
    fields.push(("idsubdatatable".into(), Value::Int(id.unwrap_or(-1))));
    if let Some(own) = row.meta("segment").and_then(Value::as_text) {
        let whole = if series.segment.is_empty() { own.to_owned() } else { format!("{};{own}", series.segment) };
        fields.push(("segment".into(), Value::Text(whole)));
    }
    Value::Map(fields.into_iter().map(|(name, value)| (name.into_owned(), value)).collect())
}

fn set_change(row: &mut Row, name: &str, now: f64, past: f64) {
    row.set(format!("{name}_change"), Value::Text(change(now, past)));
    row.set(format!("{name}_change_from"), Value::Text(change(past, now)));
}

/// The ending of columns that say how much another one changed.
pub const CHANGE: &str = "_change";

/// No change at all.
pub const SAME: &str = "+0%";

/// `+50%`, `-33.3%`; from nothing to something is `+100%`.
#[must_use]
pub fn change(now: f64, past: f64) -> String {
    let share = match (now == past, past == 0.0) {
        (true, _) => 0.0,
        (_, true) => 1.0,
        _ => (now - past) / past,
    };
    let percent = round(share * 100.0, 1);
    format!("{}{}%", if percent < 0.0 { "" } else { "+" }, grouped(percent, 1))
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;
    use super::*;

    fn series(name: &'static str, base: Option<usize>) -> Series {
        Series { facts: vec![("which".into(), Value::text(name))], segment: String::new(), base }
    }

    /// The counterparts of a row, their fields in order.
    fn shown(row: &Row) -> String {
        let Some(Value::List(list)) = row.meta(COMPARISONS) else { return "none".into() };
        let field = |(name, value): &(String, Value)| match value {
            Value::Text(text) => format!("{name}={text}"),
            value => format!("{name}={}", value.number()),
        };
        let one = |value: &Value| match value {
            Value::Map(fields) => {
                let told = fields.iter().filter(|(name, _)| name != "idsubdatatable");
                told.map(field).collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        };
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn changes() {
        let texts: Vec<_> = [(3.0, 2.0), (2.0, 3.0), (0.0, 0.0), (4.0, 0.0), (0.0, 4.0), (11.0, 1.0)]
            .map(|(now, past)| change(now, past))
            .into();
        assert_eq!(texts, ["+50%", "-33.3%", "+0%", "+100%", "-100%", "+1,000%"]);
    }

    #[test]
    fn rows_stand_beside_their_counterparts() {
        let mut main = table("a 4 (x 3, y 1), b 2 (z 2)");
        let itself = main.clone();
        let other = table("a 6 (x 6)");
        let all = [series("now", None), series("then", Some(0))];
        beside(&mut main, &[Some(&itself), Some(&other)], &all, &|_| {});
        assert_eq!(shown(&main.rows[0]), "n=4 which=now; n=6 n_change=+50% n_change_from=-33.3% which=then");
        assert_eq!(shown(&main.rows[1]), "n=2 which=now; n=0 n_change=-100% n_change_from=+100% which=then");
        let below = |i: usize| &main.rows[i].subtable.as_ref().unwrap().rows;
        assert_eq!(shown(&below(0)[1]), "n=1 which=now; n=0 which=then");
        // nothing stands below a row that isn't there
        assert_eq!(shown(&below(1)[0]), "n=2 which=now");
    }

    #[test]
    fn a_row_of_nothing_shows_what_follows_from_nothing() {
        let mut row = Row::default();
        let computed = |row: &mut Row| row.set("rate", Value::Int(0));
        add(&mut row, &[None], &[series("now", None)], &computed);
        assert_eq!(shown(&row), "rate=0 which=now");
    }
}
