//! Reports whose columns are another dimension's values (`pivotBy`): those of the rows below each row, or those of
//! another report about each row's visits.

use super::{Ask, Formatting, ReportRequest, Reports, TableOptions};
use crate::{
    QueryError,
    catalogue::reports::{self, ReportDef},
    table::{Answer, Row, Table, pivot},
};

/// What a request wants columns for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pivot {
    /// The dimension as `Module.Name`.
    pub by: String,
    /// The metric that columns show; empty for the report's own.
    pub column: String,
    /// Columns at most; `None` = all.
    pub limit: Option<usize>,
    /// Columns' names begin with their place.
    pub numbered: bool,
}

/// The dimension that a site defined.
const DEFINED: &str = "CustomDimension_CustomDimension";

impl Reports {
    pub(super) fn pivoted(
        &self,
        table: Table,
        report: &'static ReportDef,
        ask: &Ask<'_>,
        pivot: &Pivot,
    ) -> Result<Table, QueryError> {
        let dimension = pivot.by.replace('.', "_");
        let column = match pivot.column.as_str() {
            "" if report.sort.0.is_empty() || report.sort.0 == "label" => "nb_visits",
            "" => report.sort.0,
            column => column,
        };
        let mut cells = vec![];
        for row in &table.rows {
            cells.push(if is_below(report, &dimension) {
                row.subtable.as_deref().map(|below| numbers(below, column)).unwrap_or_default()
            } else {
                self.cells_of(row, &dimension, column, ask, pivot)?
            });
        }
        Ok(pivot::pivot(table, &cells, pivot::Columns { limit: pivot.limit, numbered: pivot.numbered }))
    }

    /// The report of the dimension, about one row's visits.
    fn cells_of(
        &self,
        row: &Row,
        dimension: &str,
        column: &str,
        ask: &Ask<'_>,
        pivot: &Pivot,
    ) -> Result<Vec<(String, f64)>, QueryError> {
        let unknown = || QueryError::Parameter(format!("Invalid dimension '{}'.", pivot.by));
        let mut params = ask.request.params.clone();
        let report = if let Some(id) = dimension.strip_prefix(DEFINED).and_then(|id| id.parse().ok()) {
            if ask.request.sites.is_many() {
                return Err(unknown());
            }
            params.dimension = Some(id);
            reports::find("CustomDimensions.getCustomDimension")
        } else {
            reports::all().find(|report| report.listed && report.dimension_ids.first() == Some(&dimension))
        };
        let report = report.ok_or_else(unknown)?;
        if !ask.request.settings.reports.pivot_by_filter_enable_fetch_by_segment {
            let text = format!(
                "the report can't be pivoted by '{}', whose rows are not below its own; \
                 switch on pivot_by_filter_enable_fetch_by_segment for that",
                pivot.by
            );
            return Err(QueryError::Parameter(text));
        }
        let Some(own) = row.meta("segment").and_then(|segment| segment.as_text()) else { return Ok(vec![]) };
        let text = [ask.request.segment.as_str(), own].join(";");
        let segment = self.segment(text.trim_start_matches(';'), ask.site, ask.request.asker)?;
        params.subtable = None;
        let options = TableOptions { limit: -1, format: Formatting::Raw, ..TableOptions::default() };
        let request = ReportRequest { segment: text, options, params, ..ask.request.clone() };
        let answer = self.answer_one(report, &Ask { request: &request, segment: segment.as_ref(), ..*ask })?;
        Ok(match answer {
            Answer::Table(table) => numbers(&table, column),
            _ => vec![],
        })
    }
}

/// Whether the rows below a report's rows are of the dimension.
fn is_below(report: &ReportDef, dimension: &str) -> bool {
    match report.dimension_ids {
        [_, below, ..] => *below == dimension,
        [own] => *own == dimension && report.subtable == report.method,
        [] => false,
    }
}

fn numbers(table: &Table, column: &str) -> Vec<(String, f64)> {
    let rows = table.rows.iter().filter(|row| row.get(column).is_some());
    rows.map(|row| (row.label().to_owned(), row.number(column))).collect()
}
