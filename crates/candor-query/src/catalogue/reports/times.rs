//! When visitors come, how long they stay, how often they return.

use super::{
    Goals, Labelling, ReportDef, View,
    labels::{complete, range_label, range_segment},
};
use crate::{
    catalogue::metrics,
    table::{Row, Table, Value, sort::Order},
};

const HOURS: [&str; 24] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20",
    "21", "22", "23",
];

fn all_hours(table: Table, _: &Labelling<'_>) -> Table {
    complete(table, HOURS)
}

fn hour(row: &mut Row, dimension: &str) {
    let hour = row.label().to_owned();
    row.set_meta("segment", Value::Text(format!("{dimension}=={hour}")));
    row.label = Some(format!("{hour:0>2}"));
}

fn server_hour(row: &mut Row, _: &Labelling<'_>) {
    hour(row, "visitStartServerHour");
}

fn local_hour(row: &mut Row, _: &Labelling<'_>) {
    hour(row, "visitLocalHour");
}

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// All days, those without visits with nothing else; no rows at all when nobody came.
fn all_days(table: Table, _: &Labelling<'_>) -> Table {
    if table.rows.is_empty() {
        return table;
    }
    let mut days = vec![];
    for number in 1..=DAYS.len() {
        let label = number.to_string();
        let found = table.rows.iter().find(|row| row.label() == label).cloned();
        days.push(found.unwrap_or_else(|| {
            let mut row = Row { label: Some(label), ..Row::default() };
            row.set("nb_visits", Value::Int(0));
            row
        }));
    }
    Table { rows: days }
}

fn day_of_week(row: &mut Row, _: &Labelling<'_>) {
    let number: usize = row.label().parse().unwrap_or(0);
    row.label = Some(DAYS.get(number.wrapping_sub(1)).copied().unwrap_or_default().to_owned());
    row.set_meta("day_of_week", metrics::count(number));
    for hidden in ["max_actions", "goals", "nb_conversions", "revenue"] {
        row.remove(hidden);
    }
}

/// Stored range, label, the range in segments where it differs.
const DURATIONS: [(&str, &str, &str); 10] = [
    ("0-10", "0–10s", "0-10"),
    ("11-30", "11–30s", "11-30"),
    ("31-60", "31–60s", "31-60"),
    ("61-120", "1-2 min", "60-120"),
    ("121-240", "2-4 min", "120-240"),
    ("241-420", "4-7 min", "240-420"),
    ("421-600", "7-10 min", "420-600"),
    ("601-900", "10-15 min", "600-900"),
    ("901-1800", "15-30 min", "900-1800"),
    ("1801+", "30+ min", "1801+"),
];

fn all_durations(table: Table, _: &Labelling<'_>) -> Table {
    complete(table, DURATIONS.iter().map(|(stored, ..)| *stored))
}

fn duration(row: &mut Row, _: &Labelling<'_>) {
    if let Some((_, label, range)) = DURATIONS.iter().find(|(stored, ..)| *stored == row.label()) {
        row.set_meta("segment", Value::Text(range_segment("visitDuration", range)));
        row.label = Some((*label).to_owned());
    }
}

fn all_pages(table: Table, _: &Labelling<'_>) -> Table {
    complete(table, ["1", "2", "3", "4", "5", "6-7", "8-10", "11-14", "15-20", "21+"])
}

fn pages(row: &mut Row, _: &Labelling<'_>) {
    ranged(row, "actions", "page", "pages");
}

fn all_counts(table: Table, _: &Labelling<'_>) -> Table {
    complete(table, ["1", "2", "3", "4", "5", "6", "7", "8", "9-14", "15-25", "26-50", "51-100", "101-200", "201+"])
}

fn visit_count(row: &mut Row, _: &Labelling<'_>) {
    ranged(row, "visitCount", "visit", "visits");
}

fn all_gaps(table: Table, _: &Labelling<'_>) -> Table {
    complete(
        table,
        ["new", "0", "1", "2", "3", "4", "5", "6", "7", "8-14", "15-30", "31-60", "61-120", "121-364", "365+"],
    )
}

fn days_since_last(row: &mut Row, _: &Labelling<'_>) {
    if row.label() == "new" {
        row.label = Some("New visits".to_owned());
        row.set_meta("segment", Value::text("visitorType==new"));
    } else {
        ranged(row, "daysSinceLastVisit", "day", "days");
    }
}

fn ranged(row: &mut Row, dimension: &str, one: &str, many: &str) {
    let range = row.label().to_owned();
    row.set_meta("segment", Value::Text(range_segment(dimension, &range)));
    row.label = Some(range_label(&range, one, many));
}

const CATEGORY: &str = "Visitors";

/// Rows in an order of their own: sorting by what no row has leaves it.
const OWN_ORDER: &str = "";

const fn interest(method: &'static str, name: &'static str, record: &'static str, order: u32) -> ReportDef {
    ReportDef::rows(method, name, record).columns(&["nb_visits"], &[]).constant(OWN_ORDER, Order::Ascending).listed(
        CATEGORY,
        "Engagement",
        order,
    )
}

const fn week(mut report: ReportDef) -> ReportDef {
    report.single = "does not support multiple dates.";
    report.view = View::Bars;
    report
}

pub(super) const REPORTS: &[ReportDef] = &[
    ReportDef::rows(
        "VisitTime.getVisitInformationPerServerTime",
        "Visits per hour in the site's timezone",
        "VisitTime_serverTime",
    )
    .of("Site time — hour (start of visit)", &["VisitTime_ServerTime"])
    .goals(Goals::Visits)
    .shaped(all_hours)
    .labelled(server_hour)
    .constant("label", Order::Ascending)
    .listed(CATEGORY, "Times", 15)
    .says("When visits began, by the site's clock."),
    ReportDef::rows("VisitTime.getVisitInformationPerLocalTime", "Visits per local time", "VisitTime_localTime")
        .of("Local time — hour (start of visit)", &["VisitTime_LocalTime"])
        .shaped(all_hours)
        .labelled(local_hour)
        .constant("label", Order::Ascending)
        .listed(CATEGORY, "Times", 20)
        .says("When visits began, by the visitor's clock."),
    week(
        ReportDef::rows("VisitTime.getByDayOfWeek", "Visits by Day of Week", "VisitTime_dayOfWeek")
            .of("Day of the week", &["VisitTime_DayOfTheWeek"])
            .shaped(all_days)
            .labelled(day_of_week)
            .constant(OWN_ORDER, Order::Ascending)
            .listed(CATEGORY, "Times", 25)
            .says("On which days people come."),
    ),
    interest("VisitorInterest.getNumberOfVisitsPerVisitDuration", "Length of Visits", "VisitorInterest_timeGap", 15)
        .of("Visits per visit duration", &["VisitorInterest_VisitDuration"])
        .shaped(all_durations)
        .labelled(duration)
        .says("How long visits last."),
    interest("VisitorInterest.getNumberOfVisitsPerPage", "Pages per Visit", "VisitorInterest_pageGap", 20)
        .of("Visits per number of pages", &["VisitorInterest_PagesPerVisit"])
        .shaped(all_pages)
        .labelled(pages)
        .says("How many actions visits have."),
    interest(
        "VisitorInterest.getNumberOfVisitsByVisitCount",
        "Visits by Visit Number",
        "VisitorInterest_visitsByVisitCount",
        25,
    )
    .of("Visits by visit number", &["VisitorInterest_VisitCount"])
    .columns(&["nb_visits"], metrics::VISITS_PERCENTAGE)
    .shaped(all_counts)
    .labelled(visit_count)
    .says("Whether it was somebody's first visit, the second, or a later one."),
    interest(
        "VisitorInterest.getNumberOfVisitsByDaysSinceLast",
        "Visits by days since last visit",
        "VisitorInterest_daysSinceLastVisit",
        30,
    )
    .of("Visits by days since last visit", &["VisitorInterest_DaysSinceLastVisit"])
    .shaped(all_gaps)
    .labelled(days_since_last)
    .says("How long people stay away before they return."),
];
