//! How rows of a report change over time: `API.getRowEvolution`.

use super::{Formatting, ReportRequest, Reports, describe::Description};
use crate::{
    QueryError,
    catalogue::{
        metrics::{self, Unit, round},
        reports::{self, ReportDef},
    },
    format,
    table::{
        Answer, Name, Row, Table, Value,
        label::{self, unescape},
    },
};
use candor_core::params::url_decode;

/// Rows that are compared when the request names none.
const ROWS_BY_DEFAULT: i64 = 3;

/// One row's course: its name and its numbers in each period, where it has any.
struct Course {
    name: String,
    rows: Vec<Option<Row>>,
}

impl Reports {
    /// The course of one row with all its metrics, or of several with one.
    /// `column` is that one; the report's first when it is empty.
    ///
    /// # Errors
    /// When there is no such report, or as [`Reports::answer`].
    pub fn row_evolution(&self, method: &str, request: &ReportRequest, column: &str) -> Result<Answer, QueryError> {
        let no_report = || QueryError::Parameter(format!("Report '{method}' not found"));
        let report = reports::find(method).ok_or_else(no_report)?;
        let site = request.sites.all().first().cloned().ok_or_else(no_report)?;
        let described =
            Description::of(report, &site, &request.params, Some(&request.periods)).ok_or_else(no_report)?;
        let columns = [described.metrics.as_slice(), &described.processed].concat();
        let mut asked = request.clone();
        asked.options.labels = vec![];
        asked.options.format = Formatting::Raw;
        asked.options.expanded = true;
        asked.options.limit = -1;
        asked.options.all_columns = (!report.overview.is_empty()).then_some(false);
        let mut labels = split_labels(&request.options.labels);
        if labels.is_empty() {
            labels = self.top_labels(report, request)?;
        }
        let answer =
            self.for_each_site(&asked, |ask| self.answer_one(report, &super::Ask { lone_rows: true, ..*ask }))?;
        let tables = tables(answer);
        let courses: Vec<Course> = labels.iter().map(|label| course(label, &tables)).collect();
        let keys: Vec<String> = request.periods.periods().iter().map(crate::period::Period::key).collect();
        Ok(match courses.as_slice() {
            [one] if !request.options.labels.is_empty() => single(one, &columns, &keys, &described.dimension),
            several => multiple(several, &columns, column, &keys, &described.dimension),
        })
    }

    /// Labels of the greatest rows over all periods.
    fn top_labels(&self, report: &'static ReportDef, request: &ReportRequest) -> Result<Vec<String>, QueryError> {
        let mut sum = Table::default();
        let mut asked = request.clone();
        asked.options.limit = -1;
        asked.options.format = Formatting::Raw;
        for table in tables(self.answer_report(report, &asked)?).into_iter().flatten() {
            table.rows.into_iter().for_each(|row| sum.add(row));
        }
        let (column, order) = match &request.options.sort {
            Some(column) => (column.as_str(), request.options.order),
            None => report.sort,
        };
        crate::table::sort::sort(&mut sum, column, order);
        let limit = if request.options.limit == super::TableOptions::default().limit {
            ROWS_BY_DEFAULT
        } else {
            request.options.limit
        };
        crate::table::filter::page(&mut sum, 0, limit, false);
        let escaped = |row: &Row| candor_core::params::url_encode(row.label().trim());
        Ok(sum.rows.iter().filter(|row| !row.is_summary).map(escaped).collect())
    }
}

/// Labels of a request: a list, or one text with commas between them.
fn split_labels(labels: &[String]) -> Vec<String> {
    match labels {
        [one] => one.split(',').filter(|label| !label.trim().is_empty()).map(str::to_owned).collect(),
        several => several.to_vec(),
    }
}

fn tables(answer: Answer) -> Vec<Option<Table>> {
    match answer {
        Answer::Map { entries, .. } => entries.into_iter().flat_map(|(_, entry)| tables(entry)).collect(),
        Answer::Table(table) => vec![Some(table)],
        _ => vec![None],
    }
}

fn course(wanted: &str, tables: &[Option<Table>]) -> Course {
    let rows: Vec<Option<Row>> =
        tables.iter().map(|table| table.as_ref().and_then(|t| label::find(t, wanted)).cloned()).collect();
    let url = rows.iter().flatten().find_map(|row| shown_url(row, wanted));
    Course { name: url.unwrap_or_else(|| shown_label(wanted)), rows }
}

/// Pages and links are named by their URL, folders by where they begin.
fn shown_url(row: &Row, wanted: &str) -> Option<String> {
    if !wanted.contains([label::SEPARATOR, '/']) && row.meta("url").is_none() && row.subtable_id.is_none() {
        return None;
    }
    let url = row.meta("url").and_then(Value::as_text).map(str::to_owned).or_else(|| folder(row))?;
    let is_page = row.meta("segment").and_then(Value::as_text).is_some_and(|s| s.contains("Url"));
    is_page.then(|| url.split_once("://").map_or(url.clone(), |(_, rest)| rest.trim_start_matches("www.").to_owned()))
}

/// Where a folder of pages begins, from its segment.
fn folder(row: &Row) -> Option<String> {
    let segment = row.meta("segment").and_then(Value::as_text)?;
    let encoded = segment.strip_prefix("pageUrl=^")?;
    Some(format!("{}/", url_decode(url_decode(encoded.as_bytes()).as_bytes())))
}

fn shown_label(wanted: &str) -> String {
    let text = unescape(wanted);
    let parts: Vec<String> = text.split(label::SEPARATOR).map(|part| url_decode(part.as_bytes())).collect();
    parts.join(" - ").trim_start_matches('@').to_owned()
}

fn single(course: &Course, columns: &[(String, String)], keys: &[String], dimension: &str) -> Answer {
    let entries = keys.iter().zip(&course.rows).map(|(key, row)| {
        let rows = row.iter().map(|row| {
            let mut shown = Row::default();
            for (name, _) in columns {
                if let Some(value) = row.get(name) {
                    shown.set(name.clone(), value.clone());
                }
            }
            format::row(&mut shown, Formatting::Percent, "");
            shown
        });
        (key.clone(), Answer::Table(Table { rows: rows.collect() }))
    });
    let described: Vec<(String, Value)> =
        columns.iter().map(|(name, title)| (name.clone(), course_facts(title, name, &course.rows))).collect();
    Answer::Parts(vec![
        (Name::Borrowed("label"), Answer::Scalar(Value::text(course.name.clone()))),
        (Name::Borrowed("reportData"), Answer::Map { key: "date", entries: entries.collect() }),
        (Name::Borrowed("metadata"), metadata(described, dimension, None)),
    ])
}

fn multiple(
    courses: &[Course],
    columns: &[(String, String)],
    column: &str,
    keys: &[String],
    dimension: &str,
) -> Answer {
    let first = columns.first().cloned().unwrap_or_default();
    let (column, title) = columns.iter().find(|(name, _)| name == column).cloned().unwrap_or(first);
    let at = |i: usize| format!("{column}_{i}");
    let entries = keys.iter().enumerate().map(|(period, key)| {
        let mut row = Row::default();
        for (i, course) in courses.iter().enumerate() {
            let value = course.rows.get(period).and_then(Option::as_ref).and_then(|row| row.get(&column));
            row.set(at(i), value.cloned().unwrap_or(Value::Int(0)));
        }
        (key.clone(), Answer::Table(Table { rows: if courses.is_empty() { vec![] } else { vec![row] } }))
    });
    let facts = courses
        .iter()
        .enumerate()
        .map(|(i, course)| (at(i), course_facts(&format!("{} ({title})", course.name), &column, &course.rows)));
    let names = columns.iter().map(|(name, title)| (name.clone(), Value::text(title.clone()))).collect();
    let facts = facts.collect();
    let data = entries.collect();
    Answer::Parts(vec![
        (Name::Borrowed("column"), Answer::Scalar(Value::text(column.clone()))),
        (Name::Borrowed("reportData"), Answer::Map { key: "date", entries: data }),
        (Name::Borrowed("metadata"), metadata(facts, dimension, Some(names))),
    ])
}

fn metadata(metrics: Vec<(String, Value)>, dimension: &str, columns: Option<Vec<(String, Value)>>) -> Answer {
    let mut fields = vec![
        ("metrics".to_owned(), if metrics.is_empty() { Value::List(vec![]) } else { Value::Map(metrics) }),
        ("dimension".to_owned(), Value::text(dimension)),
    ];
    fields.extend(columns.map(|columns| ("columns".to_owned(), Value::Map(columns))));
    Answer::Data(Value::Map(fields))
}

/// A metric's name, least and greatest value and its change from the first period to the last.
/// A metric that is always 0 has its name only.
fn course_facts(title: &str, column: &str, rows: &[Option<Row>]) -> Value {
    let scale = if metrics::unit(column) == Unit::Percent { 100.0 } else { 1.0 };
    let values: Vec<f64> = rows.iter().map(|row| row.as_ref().map_or(0.0, |row| row.number(column) * scale)).collect();
    let mut facts = vec![("name".to_owned(), Value::text(title))];
    let greatest = values.iter().copied().fold(0.0, f64::max);
    if greatest > 0.0 {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        facts.push(("min".into(), Value::from_number(round(least, 2))));
        facts.push(("max".into(), Value::from_number(round(greatest, 2))));
    }
    if let (Some(first), Some(last)) = (values.first(), values.last())
        && *first > 0.0
    {
        let change = round((last - first) / first, 2);
        let sign = if change >= 0.0 { "+" } else { "" };
        facts.push(("change".into(), Value::Text(format!("{sign}{}", format::percent(change)))));
    }
    Value::Map(facts)
}
