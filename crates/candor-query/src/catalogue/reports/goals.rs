//! Goals: totals, and how long it takes until one is reached.

use super::{
    Composed, Goals, Labelling, ReportDef, Source,
    labels::{complete, range_label},
};
use crate::{
    report::ReportParams,
    table::{Row, Table, sort::Order},
};
use candor_core::SiteSettings;

/// A record of the goal that the request names; of all when it names none.
fn goal_record(params: &ReportParams, record: &str) -> Result<String, String> {
    Ok(match params.goal.as_deref().unwrap_or_default() {
        "" => record.to_owned(),
        "ecommerceOrder" => format!("{record}/0"),
        "ecommerceAbandonedCart" => format!("{record}/-1"),
        id => format!("{record}/{id}"),
    })
}

fn days_record(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    goal_record(params, "Goal_days_until_conv")
}

fn visits_record(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    goal_record(params, "Goal_visits_until_conv")
}

fn all_days(table: Table, _: &Labelling<'_>) -> Table {
    complete(table, ["0", "1", "2", "3", "4", "5", "6", "7", "8-14", "15-30", "31-60", "61-120", "121-364", "365+"])
}

fn days(row: &mut Row, _: &Labelling<'_>) {
    row.label = Some(range_label(row.label(), "day", "days"));
}

fn all_visits(table: Table, _: &Labelling<'_>) -> Table {
    complete(table, ["1", "2", "3", "4", "5", "6", "7", "8", "9-14", "15-25", "26-50", "51-100", "101+"])
}

fn visits(row: &mut Row, _: &Labelling<'_>) {
    row.label = Some(range_label(row.label(), "visit", "visits"));
}

type Choose = fn(&ReportParams, &SiteSettings) -> Result<String, String>;

const fn until(method: &'static str, name: &'static str, choose: Choose) -> ReportDef {
    let mut report = ReportDef::rows(method, name, "");
    report.source = Source::Chosen(choose);
    report.columns(&["nb_conversions"], &[]).goals(Goals::Visits).constant("", Order::Ascending)
}

const fn overview(method: &'static str, what: Composed) -> ReportDef {
    let mut report = ReportDef::numbers(method, "Goals", &[]);
    report.source = Source::Composed(what);
    report
        .columns(&["nb_conversions", "nb_visits_converted", "conversion_rate", "revenue"], &[])
        .listed("Goals", "Overview", 1)
        .says("How often goals were reached, by how many visits, and what it brought.")
}

pub(super) const REPORTS: &[ReportDef] = &[
    overview("Goals.get", Composed::Goals),
    overview("Goals.getMetrics", Composed::GoalMetrics).unlisted(),
    until("Goals.getDaysToConversion", "Days to Conversion", days_record)
        .of("Days to Conversion", &["Goals_DaysToConversion"])
        .shaped(all_days)
        .labelled(days)
        .listed("Goals", "", 10)
        .says("Days from somebody's first visit to the conversion."),
    until("Goals.getVisitsUntilConversion", "Visits to Conversion", visits_record)
        .of("Visits to Conversion", &["Goals_VisitsUntilConversion"])
        .shaped(all_visits)
        .labelled(visits)
        .listed("Goals", "", 5)
        .says("How many visits it takes until somebody converts."),
];
