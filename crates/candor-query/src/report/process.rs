//! From a report's labelled rows to what is shown, in the order that Matomo's clients rely on: flatten, filter,
//! sort, cut, compute, choose columns, find labels, format.

use super::{TableOptions, options::Search};
use crate::{
    catalogue::{
        metrics::{self, Processed},
        reports::{Composed, ReportDef, Source, labels},
    },
    format,
    table::{
        Row, Table, filter, label,
        sort::{self, Order},
    },
};

/// What the shaping of one table depends on besides the options.
#[derive(Clone, Copy)]
pub(super) struct Shaping<'a> {
    /// The report.
    pub(super) report: &'a ReportDef,
    /// The site's goals by id, ecommerce kinds included.
    pub(super) goals: &'a [String],
    /// Ids of the dimensions of its levels.
    pub(super) dimensions: &'a [String],
    /// The symbol of the site's currency.
    pub(super) currency: &'a str,
}

/// Shapes a table of labelled rows.
#[must_use]
pub(super) fn table(mut table: Table, options: &TableOptions, shaping: &Shaping<'_>) -> Table {
    let report = shaping.report;
    if options.flat {
        let dimensions: Vec<&str> = shaping.dimensions.iter().map(String::as_str).collect();
        table = report.flattening(&dimensions, options.aggregate_rows).flatten(table);
        table.rows.iter_mut().for_each(report.list_row);
    }
    if options.pivot.is_none() {
        compute(&mut table, options, shaping);
    }
    if !options.no_generic_filters {
        let cut = options.labels.is_empty();
        generic_filters(&mut table, options, report, cut);
    }
    table.each_row(&mut decode_label);
    if !options.labels.is_empty() {
        table = labelled_rows(&table, options, report);
    }
    choose_columns(&mut table, options, report);
    if options.expanded && report.expands && options.labels.is_empty() && !options.flat {
        limit_depth(&mut table, options.depth.unwrap_or(usize::MAX));
    } else {
        table.rows.iter_mut().for_each(|row| row.subtable = None);
    }
    format::table(&mut table, options.format, shaping.currency);
    table
}

/// Labels are shown decoded; a blank that is written `+` stays.
fn decode_label(row: &mut Row) {
    if let Some(label) = row.label.as_deref().filter(|label| label.contains('%')) {
        row.label = Some(labels::decoded(label));
    }
}

/// Shapes the one row of a report of numbers. `columns` are asked for by name; empty = all.
#[must_use]
pub(super) fn row(mut row: Row, columns: &[String], options: &TableOptions, shaping: &Shaping<'_>) -> Row {
    compute_row(&mut row, shaping.report.computed);
    // parts of goals bring their columns along
    if !columns.is_empty() && !matches!(shaping.report.source, Source::Composed(Composed::Goals)) {
        filter::show_only_in_row(&mut row, columns);
    }
    if options.hide_columns.is_empty() && options.show_columns.is_empty() {
        filter::hide_in_row(&mut row, &temporary(shaping.report));
    }
    if !options.show_columns.is_empty() {
        filter::show_only_in_row(&mut row, &options.show_columns);
    }
    filter::hide_in_row(&mut row, &options.hide_columns);
    format::row(&mut row, options.format, shaping.currency);
    row
}

/// Computes what follows from other columns, where a row doesn't have it yet.
pub(super) fn compute_row(row: &mut Row, computed: &[Processed]) {
    for metric in computed {
        if row.get(metric.name).is_none()
            && let Some(value) = metric.compute(row)
        {
            row.set(metric.name, value);
        }
    }
}

fn compute(table: &mut Table, options: &TableOptions, shaping: &Shaping<'_>) {
    if let Some(without_visits) = options.all_columns {
        if without_visits {
            table.rows.retain(|row| row.number("nb_visits") > 0.0 || row.is_summary);
        }
        table.each_row(&mut |row| compute_row(row, shaping.report.overview));
    }
    if let Some(goals) = &options.goals {
        goals.add(table, shaping.goals);
    }
    for row in &mut table.rows {
        shaping.report.top_computed.iter().for_each(|some| compute_row(row, some));
    }
    table.each_row(&mut |row| {
        compute_row(row, shaping.report.computed);
        row.remove(VISITS_TOTAL);
    });
}

/// The whole of which rows show their share.
pub(super) const VISITS_TOTAL: &str = "nb_visits_total";

fn generic_filters(table: &mut Table, options: &TableOptions, report: &ReportDef, cut: bool) {
    if let Some(Search { column, pattern }) = &options.search {
        filter::pattern(table, column, pattern, false);
    }
    if let Some(Search { column, pattern }) = &options.search_deep {
        filter::pattern(table, column, pattern, true);
    }
    if let (Some((column, least)), false) = (&options.low_population, report.constant_rows) {
        filter::low_population(table, column, *least);
    }
    match &options.sort {
        Some(column) => sort::sort(table, column, options.order),
        None if report.sort.0.is_empty() => {}
        // a request may turn the report's own order around
        None if options.order == Order::Ascending => sort::sort(table, report.sort.0, Order::Ascending),
        None => sort::sort(table, report.sort.0, report.sort.1),
    }
    if let (Some(keep), true) = (options.truncate, cut) {
        filter::truncate(table, keep);
        // what was summed needs its own averages
        table.each_row(&mut |row| {
            if row.is_summary {
                report.all_computed().for_each(|metric| drop(row.remove(metric.name)));
                compute_row(row, report.computed);
            }
        });
    }
    if cut && !report.constant_rows {
        filter::page(table, options.offset, options.limit, options.keep_summary);
    }
}

fn choose_columns(table: &mut Table, options: &TableOptions, report: &ReportDef) {
    if options.hide_columns.is_empty() && options.show_columns.is_empty() {
        if !options.raw_metrics {
            filter::hide(table, &temporary(report), true);
        }
        return;
    }
    if !options.show_columns.is_empty() {
        filter::show_only(table, &options.show_columns);
    }
    filter::hide(table, &options.hide_columns, options.hide_deep);
}

/// Columns that exist only to compute others.
pub(super) fn temporary(report: &ReportDef) -> Vec<String> {
    report.all_computed().flat_map(|metric| metric.temporary).map(|name| (*name).to_owned()).collect()
}

/// The rows that were asked for by label; alone they show what the top rows of their report do.
fn labelled_rows(table: &Table, options: &TableOptions, report: &ReportDef) -> Table {
    let mut found = Table::default();
    for (index, wanted) in options.labels.iter().enumerate() {
        if let Some(row) = label::find(table, wanted) {
            let mut row = row.clone();
            report.top_computed.iter().for_each(|some| compute_row(&mut row, some));
            if options.label_index {
                row.set_meta("label_index", metrics::count(index));
            }
            found.rows.push(row);
        }
    }
    found
}

fn limit_depth(table: &mut Table, depth: usize) {
    for row in &mut table.rows {
        match (&mut row.subtable, depth) {
            (Some(below), 1..) => limit_depth(below, depth - 1),
            _ => row.subtable = None,
        }
    }
}

/// Whether nothing was counted at all: such rows are left out of maps.
#[must_use]
pub(super) fn is_empty(row: &Row) -> bool {
    row.columns.iter().all(|(_, value)| value.number() == 0.0)
}
