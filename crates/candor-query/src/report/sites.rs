//! The all-sites report: one row a site, with the change since the period before.

use super::{Ask, ReportRequest, Reports, SiteChoice, is_many, joined, process};
use crate::{
    QueryError, Scope,
    catalogue::reports::{Composed, ReportDef, Source},
    period::{Period, PeriodKind},
    table::{Answer, Row, Table, Value},
};
use candor_core::SiteSettings;
use std::sync::Arc;

/// What a site's row shows, and how its change is called.
struct SiteMetric {
    record: &'static str,
    column: &'static str,
    evolution: &'static str,
    /// Only with `enhanced`, and for shops where it says so.
    enhanced: bool,
    shops_only: bool,
}

const fn basic(record: &'static str, column: &'static str, evolution: &'static str) -> SiteMetric {
    SiteMetric { record, column, evolution, enhanced: false, shops_only: false }
}

const fn enhanced(record: &'static str, column: &'static str, evolution: &'static str, shops_only: bool) -> SiteMetric {
    SiteMetric { record, column, evolution, enhanced: true, shops_only }
}

const METRICS: &[SiteMetric] = &[
    basic("nb_visits", "nb_visits", "visits_evolution"),
    basic("nb_actions", "nb_actions", "actions_evolution"),
    basic("Actions_nb_pageviews", "nb_pageviews", "pageviews_evolution"),
    basic("Goal_revenue", "revenue", "revenue_evolution"),
    enhanced("Goal_nb_conversions", "nb_conversions", "nb_conversions_evolution", false),
    enhanced("Goal_0_nb_conversions", "orders", "orders_evolution", true),
    enhanced("Goal_0_revenue", "ecommerce_revenue", "ecommerce_revenue_evolution", true),
];

/// Where a site's row is shown, which decides what it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SiteRow {
    /// It is the whole answer.
    Alone,
    /// In the list of all sites.
    Listed,
    /// In the list where groups have rows as well: everything, with all it was before.
    Grouped,
}

impl Reports {
    /// The answer when the report is one over sites, for all sites of the request at once.
    pub(super) fn sites_report(
        &self,
        report: &'static ReportDef,
        request: &ReportRequest,
    ) -> Result<Option<Answer>, QueryError> {
        let one = match report.source {
            Source::Composed(Composed::GroupedSites) => return self.grouped_sites(report, request).map(Some),
            Source::Composed(Composed::Sites) => false,
            Source::Composed(Composed::OneSite) => true,
            _ => return Ok(None),
        };
        let mut of_periods = vec![];
        for period in request.periods.periods() {
            let mut table = Table::default();
            for site in sites_named(request) {
                let kind = if one { SiteRow::Alone } else { SiteRow::Listed };
                let row = self.site_row(request, site, *period, kind)?;
                if one || METRICS.iter().any(|metric| row.number(metric.column) != 0.0) {
                    table.rows.push(row);
                }
            }
            of_periods.push((period.key(), self.shaped_sites(report, request, table, *period, one)));
        }
        Ok(Some(joined("date", of_periods, is_many(&request.periods))))
    }

    fn shaped_sites(
        &self,
        report: &'static ReportDef,
        request: &ReportRequest,
        mut table: Table,
        period: Period,
        one: bool,
    ) -> Answer {
        let Some(site) = request.sites.all().first() else {
            return Answer::Table(Table::default());
        };
        let today = site.zone.day(request.now);
        let ask = Ask { request, site, segment: None, period, today, in_map: false, lone_rows: false };
        if one {
            let mut row = table.rows.pop().unwrap_or_default();
            row.label = None;
            row.metadata.clear();
            let shaping = self.shaping(report, site, &[]);
            return Answer::Simple(process::row(row, &request.params.columns, &request.options, &shaping));
        }
        Answer::Table(self.shaped(table, report, &ask, &request.options))
    }

    /// What a site's row shows in this period, and how that changed.
    pub(super) fn site_row(
        &self,
        request: &ReportRequest,
        site: &Arc<SiteSettings>,
        period: Period,
        kind: SiteRow,
    ) -> Result<Row, QueryError> {
        let enhanced = request.params.enhanced || kind == SiteRow::Grouped;
        let shown: Vec<&SiteMetric> =
            METRICS.iter().filter(|m| enhanced || !m.enhanced).filter(|m| site.ecommerce || !m.shops_only).collect();
        let names: Vec<&str> = shown.iter().map(|m| m.record).collect();
        let segment = self.segment(&request.segment, site, request.asker)?;
        let today = site.zone.day(request.now);
        let scope =
            Scope { site, settings: &request.settings, period, segment: segment.as_ref(), today, until: request.until };
        let before = period.previous();
        let now = self.records.numbers(&names, &scope)?;
        let past = self.records.numbers(&names, &Scope { period: before, ..scope })?;
        let ratio = elapsed_share(request, site, period);
        let mut row = Row { label: Some(site.name.clone()), ..Row::default() };
        for metric in &shown {
            row.set(metric.column, Value::from_number(now.number(metric.record)));
        }
        for metric in &shown {
            set_change(&mut row, metric.evolution, now.number(metric.record), past.number(metric.record) * ratio);
        }
        if kind != SiteRow::Alone {
            self.describe(&mut row, site, period, before, ratio);
            let columns = &request.options.show_columns;
            let is_shown = |m: &&&SiteMetric| columns.is_empty() || columns.iter().any(|column| column == m.column);
            for metric in shown.iter().filter(|m| kind == SiteRow::Grouped || !m.enhanced).filter(is_shown) {
                row.set_meta(previous(metric), Value::from_number(past.number(metric.record)));
            }
        }
        Ok(row)
    }

    fn describe(&self, row: &mut Row, site: &SiteSettings, period: Period, before: Period, ratio: f64) {
        row.set_meta("idsite", Value::Int(i64::from(site.id.0)));
        row.set_meta("ratio", Value::from_number(ratio));
        row.set_meta("currencySymbol", Value::text(self.currency(site)));
        row.set_meta("periodName", Value::text(period.kind.name()));
        row.set_meta("previousRange", Value::text(before.short()));
        row.set_meta("group", Value::text(site.group.clone()));
        row.set_meta("main_url", Value::text(site.urls.first().cloned().unwrap_or_default()));
    }
}

/// The metadata that tells what a number was the period before.
fn previous(metric: &SiteMetric) -> String {
    format!("previous_{}", metric.record)
}

fn set_change(row: &mut Row, evolution: &'static str, now: f64, past: f64) {
    let change = change(now, past);
    row.set(evolution, Value::from_number(change));
    let trend = if change == 0.0 { 0 } else { change.signum() as i64 };
    row.set(format!("{evolution}_trend"), Value::Int(trend));
}

/// The sites that a request's pattern fits.
pub(super) fn sites_named(request: &ReportRequest) -> impl Iterator<Item = &Arc<SiteSettings>> {
    request.sites.all().iter().filter(|site| named_like(site, &request.params.pattern))
}

/// One row for several sites: their sums, and how these changed.
pub(super) fn summed(label: &str, sites: &[Row]) -> Row {
    let mut sum = Row { label: Some(label.to_owned()), ..Row::default() };
    for metric in METRICS {
        let of = |number: &dyn Fn(&Row) -> Option<f64>| sites.iter().filter_map(number).reduce(|a, b| a + b);
        let Some(now) = of(&|row| row.get(metric.column).map(Value::number)) else { continue };
        let past = of(&|row| row.meta(&previous(metric)).map(Value::number)).unwrap_or(0.0);
        sum.set(metric.column, Value::from_number(now));
        set_change(&mut sum, metric.evolution, now, past);
        sum.set_meta(previous(metric), Value::from_number(past));
    }
    sum
}

fn named_like(site: &SiteSettings, pattern: &str) -> bool {
    let pattern = pattern.to_lowercase();
    pattern.is_empty()
        || site.name.to_lowercase().contains(&pattern)
        || site.group.to_lowercase().contains(&pattern)
        || site.urls.iter().any(|url| url.to_lowercase().contains(&pattern))
}

/// (new − old) / old, to a tenth of a percent; from nothing to something is 100 %.
fn change(new: f64, old: f64) -> f64 {
    match (old == 0.0, new == 0.0) {
        (true, true) => 0.0,
        (true, false) => 1.0,
        _ => crate::catalogue::metrics::round((new - old) / old, 3),
    }
}

/// The share of a period that has passed: the past is scaled by it, so that half a day is compared with half a day.
fn elapsed_share(request: &ReportRequest, site: &SiteSettings, period: Period) -> f64 {
    let start = site.zone.start_of(period.start).seconds();
    let end = site.zone.start_of(period.end.plus(1)).seconds();
    let now = request.now.seconds();
    if period.kind == PeriodKind::Range || now >= end || now <= start {
        return 1.0;
    }
    crate::catalogue::metrics::round((now - start) as f64 / (end - start) as f64, 2)
}

impl SiteChoice {
    /// Whether the answer is keyed by site.
    #[must_use]
    pub fn is_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }
}
