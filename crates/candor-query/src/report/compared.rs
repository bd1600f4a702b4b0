//! Reports of several periods and segments side by side (`compare=1`): the same question asked once for each.

use super::{Ask, Formatting, ReportRequest, Reports, TableOptions, is_many, process};
use crate::{
    QueryError,
    catalogue::{
        metrics,
        reports::{Composed, ReportDef, Source},
    },
    format,
    period::{Period, PeriodRequest, parse},
    segment::{Segment, encode},
    table::{
        Answer, Row, Table, Value,
        compare::{self, COMPARISONS, Series},
        filter,
    },
};

/// What a request compares with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Further segments, each with its name for people; empty text = all visits.
    pub segments: Vec<(String, String)>,
    /// The name of the request's own segment.
    pub own_segment: String,
    /// Further periods: kind and date as requests write them.
    pub periods: Vec<(String, String)>,
    /// The kind of the request's own period.
    pub own_period: String,
    /// The first period says how it changed since the second, instead of the second since the first.
    pub inverted: bool,
    /// Series by number whose rows are shown for each label instead of the label's own row.
    pub label_series: Vec<usize>,
    /// Series in which the row has nothing below: their numbers.
    pub without_rows_below: Vec<usize>,
}

/// Segments and periods that are compared at most.
const SEGMENTS_MAX: usize = 5;
const PERIODS_MAX: usize = 5;

/// One of the periods that are compared, as a request names it.
struct Dates {
    kind: String,
    date: String,
    periods: PeriodRequest,
}

impl Reports {
    pub(super) fn compared(
        &self,
        report: &'static ReportDef,
        request: &ReportRequest,
        comparison: &Comparison,
    ) -> Result<Answer, QueryError> {
        if comparison.segments.len() > SEGMENTS_MAX || comparison.periods.len() > PERIODS_MAX {
            let text = format!("at most {SEGMENTS_MAX} segments and {PERIODS_MAX} periods can be compared");
            return Err(QueryError::Parameter(text));
        }
        let dates = all_dates(request, comparison)?;
        let mut segments = vec![(request.segment.clone(), comparison.own_segment.clone())];
        segments.extend(comparison.segments.iter().cloned());
        let in_map = request.sites.is_many() || is_many(&request.periods);
        let own = asked(request, &request.options, |_| {});
        let others: Vec<ReportRequest> = segments
            .iter()
            .map(|(segment, _)| ReportRequest { segment: segment.clone(), ..asked(request, &request.options, whole) })
            .collect();
        self.for_each_site(&own, |ask| {
            let at = own.periods.periods().iter().position(|period| *period == ask.period).unwrap_or(0);
            let ask = Ask { in_map, ..*ask };
            let main = self.answer_one(report, &ask)?;
            let mut answers = vec![];
            for date in &dates {
                for other in &others {
                    let left_out = comparison.without_rows_below.contains(&answers.len());
                    answers.push(match date.periods.periods().get(at) {
                        Some(period) if !left_out => Some(self.one_of(report, &ask, other, *period)?),
                        _ => None,
                    });
                }
            }
            let series = series(&dates, &segments, at, comparison);
            let finish = Finish {
                formatting: request.options.format,
                currency: self.currency(ask.site),
                hidden: if request.options.raw_metrics { vec![] } else { process::temporary(report) },
            };
            let joined = joined(report, &ask, main, &answers, &series);
            Ok(finish.answer(joined, &comparison.label_series))
        })
    }

    /// The report of one segment and period.
    fn one_of(
        &self,
        report: &'static ReportDef,
        ask: &Ask<'_>,
        request: &ReportRequest,
        period: Period,
    ) -> Result<Answer, QueryError> {
        let segment: Option<Segment> = self.segment(&request.segment, ask.site, request.asker)?;
        self.answer_one(report, &Ask { request, segment: segment.as_ref(), period, ..*ask })
    }
}

/// A report's answer with those of the series beside its rows.
fn joined(
    report: &'static ReportDef,
    ask: &Ask<'_>,
    main: Answer,
    answers: &[Option<Answer>],
    series: &[Series],
) -> Answer {
    let computed = |row: &mut Row| complete(row, report);
    let simple: Vec<Option<&Row>> = answers.iter().map(|answer| answer.as_ref().and_then(simple)).collect();
    match main {
        Answer::Simple(mut row) => {
            compare::add(&mut row, &simple, series, &computed);
            Answer::Simple(row)
        }
        // Maps have a row also where there is nothing, for what the other series have.
        Answer::Table(table) if table.rows.is_empty() && is_many(&ask.request.periods) => {
            let mut row = Row::default();
            compare::add(&mut row, &simple, series, &computed);
            if report.dimension.is_empty() { Answer::Simple(row) } else { Answer::Table(Table { rows: vec![row] }) }
        }
        Answer::Table(mut table) => {
            let tables: Vec<_> = answers.iter().map(|answer| answer.as_ref().and_then(rows)).collect();
            compare::beside(&mut table, &tables, series, &computed);
            Answer::Table(table)
        }
        other => other,
    }
}

/// What is left to do once numbers are compared.
struct Finish<'a> {
    formatting: Formatting,
    currency: &'a str,
    /// Columns that exist only to compute others.
    hidden: Vec<String>,
}

impl Finish<'_> {
    fn answer(&self, answer: Answer, label_series: &[usize]) -> Answer {
        match answer {
            Answer::Simple(mut row) => {
                self.row(&mut row);
                Answer::Simple(row)
            }
            Answer::Table(mut table) => {
                table.each_row(&mut |row| self.row(row));
                Answer::Table(if label_series.is_empty() { table } else { of_series(&table, label_series) })
            }
            other => other,
        }
    }

    /// Formats a row and its counterparts.
    fn row(&self, row: &mut Row) {
        filter::hide_in_row(row, &self.hidden);
        format::row(row, self.formatting, self.currency);
        let Some((_, Value::List(all))) = row.metadata.iter_mut().find(|(name, _)| name == COMPARISONS) else { return };
        for one in all {
            let Value::Map(fields) = one else { continue };
            let columns = std::mem::take(fields).into_iter().map(|(name, value)| (name.into(), value)).collect();
            let mut numbers = Row { columns, ..Row::default() };
            // A counterpart that there is has no such columns; one that there isn't shows them as 0.
            if numbers.number("nb_visits") + numbers.number("nb_hits") > 0.0 {
                filter::hide_in_row(&mut numbers, &self.hidden);
            }
            format::row(&mut numbers, self.formatting, self.currency);
            *fields = numbers.columns.into_iter().map(|(name, value)| (name.into_owned(), value)).collect();
        }
    }
}

/// A request for one of the tables: raw numbers, nothing hidden.
fn asked(request: &ReportRequest, options: &TableOptions, change: fn(&mut TableOptions)) -> ReportRequest {
    let mut options = options.clone();
    options.comparison = None;
    options.format = Formatting::Raw;
    options.raw_metrics = true;
    change(&mut options);
    ReportRequest { options, ..request.clone() }
}

/// All rows: those that others are looked up in.
fn whole(options: &mut TableOptions) {
    options.limit = -1;
    options.offset = 0;
    options.truncate = None;
    (options.search, options.search_deep, options.low_population) = (None, None, None);
}

/// The request's own dates, then those it compares with.
fn all_dates(request: &ReportRequest, comparison: &Comparison) -> Result<Vec<Dates>, QueryError> {
    let Some(site) = request.sites.all().first() else { return Ok(vec![]) };
    let today = site.zone.day(request.now);
    let own =
        Dates { kind: comparison.own_period.clone(), date: request.date.clone(), periods: request.periods.clone() };
    let mut dates = vec![own];
    for (kind, date) in &comparison.periods {
        let periods = parse(kind, date, today)?;
        if is_many(&periods) != is_many(&request.periods) {
            let (own, other) = if is_many(&request.periods) { ("multiple", "single") } else { ("single", "multiple") };
            let text = format!(
                "Cannot compare: original request is {own} period and cannot be compared with {other} periods."
            );
            return Err(QueryError::Parameter(text));
        }
        dates.push(Dates { kind: kind.clone(), date: date.clone(), periods });
    }
    Ok(dates)
}

/// The series of the `at`-th period of each date: all segments of the first date, then those of the next.
fn series(dates: &[Dates], segments: &[(String, String)], at: usize, comparison: &Comparison) -> Vec<Series> {
    let mut all = vec![];
    for (place, date) in dates.iter().enumerate() {
        let periods = date.periods.periods();
        let (Some(first), Some(last)) = (periods.first(), periods.last()) else { continue };
        let many = is_many(&date.periods);
        let whole = if many { Period::range(first.start, last.end).pretty() } else { first.pretty() };
        let (shown, period_name) = match periods.get(at) {
            Some(period) if many => (period.start.to_string(), period.pretty()),
            _ => (date.date.clone(), whole.clone()),
        };
        for (number, (segment, name)) in segments.iter().enumerate() {
            let encoded = encode(segment);
            let fact = |name: &'static str, text: &str| (name.into(), Value::text(text));
            let base = match (place, comparison.inverted) {
                (0, true) if dates.len() > 1 => Some(segments.len() + number),
                (0, _) | (_, true) => None,
                (_, false) => Some(number),
            };
            let facts = vec![
                fact("compareSegment", &encoded),
                fact("compareSegmentPretty", name),
                fact("comparePeriod", &date.kind),
                fact("compareDate", &shown),
                fact("comparePeriodPretty", &period_name),
                fact("compareSeriesPretty", &format!("({whole}) ({name})")),
            ];
            all.push(Series { facts, segment: encoded, base });
        }
    }
    all
}

fn simple(answer: &Answer) -> Option<&Row> {
    match answer {
        Answer::Simple(row) => Some(row),
        _ => None,
    }
}

fn rows(answer: &Answer) -> Option<&Table> {
    match answer {
        Answer::Table(table) => Some(table),
        _ => None,
    }
}

/// Rates and averages that a counterpart lacks, of nothing where it has nothing.
fn complete(row: &mut Row, report: &ReportDef) {
    if let Source::Composed(Composed::VisitFrequency) = report.source {
        for name in
            ["_new", "_returning"].iter().flat_map(|p| metrics::VISIT.iter().map(move |m| format!("{}{p}", m.name)))
        {
            if row.get(&name).is_none() {
                row.set(name, Value::Int(0));
            }
        }
        return;
    }
    report.top_computed.iter().for_each(|some| process::compute_row(row, some));
    process::compute_row(row, report.computed);
}

/// The counterpart of each row that its number names, under the row's label and its own name.
fn of_series(table: &Table, numbers: &[usize]) -> Table {
    let mut shown = Table::default();
    for (row, number) in table.rows.iter().zip(numbers) {
        let Some(Value::List(all)) = row.meta(COMPARISONS) else { continue };
        let Some(Value::Map(fields)) = all.get(*number) else { continue };
        let mut columns = Row::default();
        for (name, value) in fields {
            columns.set(name.clone(), value.clone());
        }
        let name = columns.get("compareSeriesPretty").and_then(Value::as_text).unwrap_or_default().to_owned();
        columns.label = Some(format!("{} {name}", row.label()));
        shown.rows.push(columns);
    }
    shown
}
