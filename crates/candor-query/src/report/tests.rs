//! Answers of whole reports over records made of text.

use super::*;
use crate::{
    period::{Period, parse},
    table::{Row, Table, Value, tests::table},
};
use candor_core::SiteId;
use std::{collections::BTreeMap, sync::Mutex};

/// Records by name; numbers by name. Notes what was asked for.
#[derive(Default)]
pub(super) struct Given {
    pub(super) tables: BTreeMap<&'static str, Table>,
    pub(super) numbers: BTreeMap<&'static str, f64>,
    pub(super) asked: Mutex<Vec<String>>,
}

impl Records for Given {
    fn table(&self, record: &str, scope: &Scope<'_>) -> Result<Arc<Table>, QueryError> {
        let segment = scope.segment.map(Segment::canonical).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{record} {} {segment}", scope.period.key()));
        Ok(Arc::new(self.tables.get(record).cloned().unwrap_or_default()))
    }

    fn numbers(&self, names: &[&str], scope: &Scope<'_>) -> Result<Row, QueryError> {
        let segment = scope.segment.map(Segment::canonical).unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{} {segment}", scope.period.key()));
        let mut row = Row::default();
        for name in names {
            if let Some(number) = self.numbers.get(name) {
                row.set((*name).to_owned(), Value::from_number(*number));
            }
        }
        Ok(row)
    }
}

/// A table with `n` renamed to a metric, and further columns computed of it.
pub(super) fn visits(text: &str) -> Table {
    let mut t = table(text);
    t.each_row(&mut |row| {
        let n = row.remove("n").unwrap();
        row.set("nb_visits", n);
    });
    t
}

pub(super) fn request(period: &str, date: &str) -> ReportRequest {
    let mut settings = Settings::default();
    let mut site = SiteSettings::new(SiteId(1), "One", &["http://example.com"]);
    site.currency = "EUR".into();
    let site = Arc::new(site);
    settings.sites.insert(SiteId(1), site.clone());
    let today = candor_core::Day::from_date("2024-03-10".parse().unwrap());
    ReportRequest {
        sites: SiteChoice::One(site),
        settings: Arc::new(settings),
        periods: parse(period, date, today).unwrap(),
        date: date.into(),
        segment: String::new(),
        asker: Asker::SignedIn,
        now: Timestamp::from_seconds(1_710_072_000),
        until: None,
        options: TableOptions::default(),
        params: ReportParams::default(),
    }
}

fn answer(given: Given, method: &str, request: &ReportRequest) -> Answer {
    Reports::new(Arc::new(given), Arc::new(Vocabulary::default())).answer(method, request).unwrap().unwrap()
}

pub(super) fn rows_of(answer: Answer) -> Vec<Row> {
    match answer {
        Answer::Table(table) => table.rows,
        other => panic!("no table: {other:?}"),
    }
}

/// Label, columns, metadata in one line.
fn line(row: &Row) -> String {
    let value = |v: &Value| match v {
        Value::Text(t) => t.clone(),
        Value::Int(n) => n.to_string(),
        other => format!("{other:?}"),
    };
    let pairs = row.columns.iter().chain(&row.metadata).map(|(n, v)| format!("{n}={}", value(v)));
    [row.label().to_owned()].into_iter().chain(pairs).collect::<Vec<_>>().join(" ")
}

fn lines(answer: Answer) -> Vec<String> {
    rows_of(answer).iter().map(line).collect()
}

fn keywords() -> Given {
    let mut t = visits("cat 3 (Google 2, Bing 1), none 4 (Google 4)");
    t.rows[1].label = Some(String::new());
    Given { tables: [("Referrers_searchEngineByKeyword", t)].into(), ..Given::default() }
}

#[test]
fn rows_are_labelled_and_sorted() {
    let shown = lines(answer(keywords(), "Referrers.getKeywords", &request("day", "2024-03-01")));
    assert_eq!(
        shown,
        [
            "Keyword not defined nb_visits=4 segment=referrerType==search;referrerKeyword==",
            "cat nb_visits=3 segment=referrerType==search;referrerKeyword==cat",
        ]
    );
}

#[test]
fn a_row_leads_to_those_below_it() {
    let first = rows_of(answer(keywords(), "Referrers.getKeywords", &request("day", "2024-03-01")));
    let mut ask = request("day", "2024-03-01");
    ask.params.subtable = first[1].subtable_id;
    let below = rows_of(answer(keywords(), "Referrers.getSearchEnginesFromKeywordId", &ask));
    assert_eq!(below.iter().map(Row::label).collect::<Vec<_>>(), ["Google", "Bing"]);
    assert_eq!(
        below[0].meta("segment"),
        Some(&Value::text("referrerKeyword==cat;referrerType==search;referrerName==Google"))
    );
}

#[test]
fn a_tree_can_be_a_list() {
    let mut ask = request("day", "2024-03-01");
    ask.options.flat = true;
    let shown = rows_of(answer(keywords(), "Referrers.getKeywords", &ask));
    let labels: Vec<_> = shown.iter().map(Row::label).collect();
    assert_eq!(labels, ["Keyword not defined - Google", "cat - Google", "cat - Bing"]);
    assert_eq!(shown[0].meta("Referrers_SearchEngine"), Some(&Value::text("Google")));
}

#[test]
fn totals_are_zero_alone_and_nothing_in_a_map() {
    let zero = answer(Given::default(), "VisitsSummary.get", &request("day", "2024-03-01"));
    let Answer::Simple(row) = zero else { panic!("one row") };
    assert_eq!(row.number("nb_visits"), 0.0);
    assert_eq!(row.get("bounce_rate"), Some(&Value::text("0%")));
    let map = answer(Given::default(), "VisitsSummary.get", &request("day", "2024-03-01,2024-03-02"));
    let empty = Answer::Table(Table::default());
    assert_eq!(
        map,
        Answer::Map { key: "date", entries: vec![("2024-03-01".into(), empty.clone()), ("2024-03-02".into(), empty)] }
    );
}

#[test]
fn years_have_no_distinct_visitors() {
    let given = Given { numbers: [("nb_visits", 4.0), ("bounce_count", 1.0)].into(), ..Given::default() };
    let Answer::Simple(row) = answer(given, "VisitsSummary.get", &request("year", "2024-03-01")) else {
        panic!("one row")
    };
    assert_eq!(row.get("nb_uniq_visitors"), None);
    assert_eq!(row.get("bounce_rate"), Some(&Value::text("25%")));
    let reports = Reports::new(Arc::new(Given::default()), Arc::default());
    let refused = reports.answer("VisitsSummary.getUsers", &request("year", "2024-03-01")).unwrap();
    assert!(refused.unwrap_err().to_string().starts_with("The metric nb_users is not enabled"));
}

#[test]
fn a_single_number_is_a_scalar() {
    let given = Given { numbers: [("nb_visits", 4.0)].into(), ..Given::default() };
    let shown = answer(given, "VisitsSummary.getVisits", &request("day", "2024-03-01"));
    assert_eq!(shown, Answer::Scalar(Value::Int(4)));
}

#[test]
fn parts_of_visits_are_asked_for_by_segment() {
    let given = Arc::new(Given { numbers: [("nb_visits", 4.0)].into(), ..Given::default() });
    let reports = Reports::new(given.clone(), Arc::default());
    let mut ask = request("day", "2024-03-01");
    ask.segment = "countryCode==de".into();
    let Answer::Simple(row) = reports.answer("VisitFrequency.get", &ask).unwrap().unwrap() else { panic!("one row") };
    assert_eq!((row.number("nb_visits_new"), row.number("nb_visits_returning")), (4.0, 4.0));
    assert_eq!(
        given.asked.lock().unwrap().as_slice(),
        [
            "2024-03-01 countryCode==de;visitorType==new",
            "2024-03-01 countryCode==de;visitorType==returning,visitorType==returningCustomer"
        ]
    );
}

#[test]
fn every_report_answers_nothing_with_nothing() {
    for report in reports::all() {
        let mut ask = request("day", "2024-03-01");
        let mut site = SiteSettings::new(SiteId(1), "One", &["http://example.com"]);
        site.dimensions = vec![candor_core::CustomDimension {
            id: 2,
            index: 1,
            name: "Author".into(),
            scope: candor_core::DimensionScope::Action,
            active: true,
            extractions: vec![],
            case_sensitive: true,
        }];
        ask.sites = SiteChoice::One(Arc::new(site));
        ask.params.dimension = Some(2);
        answer(Given::default(), report.method, &ask);
    }
}

#[test]
fn several_sites_are_keyed_by_id() {
    let mut ask = request("day", "2024-03-01");
    let two = Arc::new(SiteSettings::new(SiteId(2), "Two", &["http://two.example"]));
    ask.sites = SiteChoice::Many(vec![ask.sites.all()[0].clone(), two]);
    let Answer::Map { key, entries } = answer(keywords(), "Referrers.getKeywords", &ask) else { panic!("a map") };
    assert_eq!(key, "idSite");
    assert_eq!(entries.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
}

#[test]
fn sites_show_their_change() {
    struct Growing;
    impl Records for Growing {
        fn table(&self, _: &str, _: &Scope<'_>) -> Result<Arc<Table>, QueryError> {
            Ok(Arc::default())
        }
        fn numbers(&self, names: &[&str], scope: &Scope<'_>) -> Result<Row, QueryError> {
            let mut row = Row::default();
            let first = Period::day(candor_core::Day::from_date("2024-03-01".parse().unwrap()));
            let n = if scope.period == first { 2 } else { 3 };
            names.iter().for_each(|name| row.set((*name).to_owned(), Value::Int(n)));
            Ok(row)
        }
    }
    let reports = Reports::new(Arc::new(Growing), Arc::default());
    let shown = reports.answer("MultiSites.getAll", &request("day", "2024-03-02")).unwrap().unwrap();
    let row = rows_of(shown).remove(0);
    assert_eq!(row.get("visits_evolution"), Some(&Value::text("50%")));
    assert_eq!(row.get("visits_evolution_trend"), Some(&Value::Int(1)));
    assert_eq!(row.meta("previousRange"), Some(&Value::text("Fri, Mar 1")));
    assert_eq!(row.meta("currencySymbol"), Some(&Value::text("EUR")));
}

/// Bytes of nested values as one line of text.
fn value_line(value: &Value) -> String {
    match value {
        Value::Map(fields) => {
            format!(
                "{{{}}}",
                fields.iter().map(|(n, v)| format!("{n}: {}", value_line(v))).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Text(text) => text.clone(),
        Value::Int(n) => n.to_string(),
        Value::Float(x) => x.to_string(),
        other => format!("{other:?}"),
    }
}

fn part(answer: &Answer, name: &str) -> Answer {
    let Answer::Parts(parts) = answer else { panic!("no parts") };
    parts.iter().find(|(n, _)| n == name).map(|(_, part)| part.clone()).unwrap()
}

#[test]
fn a_processed_report_brings_names_and_formatted_rows() {
    let reports = Reports::new(Arc::new(keywords()), Arc::default());
    let shown = reports.processed("Referrers.getKeywords", &request("day", "2024-03-01"), Formatting::All).unwrap();
    assert_eq!(part(&shown, "prettyDate"), Answer::Scalar(Value::text("Friday, March 1, 2024")));
    let Answer::Data(columns) = part(&shown, "columns") else { panic!("columns") };
    assert_eq!(
        value_line(&columns),
        "{label: Keyword, nb_visits: Visits, nb_uniq_visitors: Unique visitors, nb_actions: Actions, nb_users: Users, \
         nb_actions_per_visit: Actions per Visit, avg_time_on_site: Avg. Time on Website, bounce_rate: Bounce Rate, \
         revenue: Revenue}"
    );
    assert_eq!(
        lines(part(&shown, "reportData"))[1],
        "cat nb_visits=3 nb_uniq_visitors=0 nb_actions=0 nb_users=0 nb_actions_per_visit=0 \
         avg_time_on_site=00:00:00 bounce_rate=0% revenue=EUR0"
    );
    assert_eq!(lines(part(&shown, "reportMetadata"))[1], " segment=referrerType==search;referrerKeyword==cat");
    let unknown = reports.processed("Referrers.getNothing", &request("day", "2024-03-01"), Formatting::All);
    assert!(unknown.unwrap_err().to_string().contains("not found"));
}

#[test]
fn a_row_is_followed_over_time() {
    struct Rising;
    impl Records for Rising {
        fn table(&self, _: &str, scope: &Scope<'_>) -> Result<Arc<Table>, QueryError> {
            let text = if scope.period.start.0 % 2 == 0 { "cat 2, dog 1" } else { "cat 3" };
            Ok(Arc::new(visits(text)))
        }
        fn numbers(&self, _: &[&str], _: &Scope<'_>) -> Result<Row, QueryError> {
            Ok(Row::default())
        }
    }
    let reports = Reports::new(Arc::new(Rising), Arc::default());
    let mut ask = request("day", "2024-03-02,2024-03-03");
    ask.options.labels = vec!["cat".into()];
    let shown = reports.row_evolution("Referrers.getKeywords", &ask, "").unwrap();
    let Answer::Data(metadata) = part(&shown, "metadata") else { panic!("metadata") };
    let text = value_line(&metadata);
    assert!(text.starts_with("{metrics: {nb_visits: {name: Visits, min: 2, max: 3, change: +50%}"), "{text}");
    ask.options.labels = vec!["cat,dog".into()];
    let shown = reports.row_evolution("Referrers.getKeywords", &ask, "").unwrap();
    let Answer::Map { entries, .. } = part(&shown, "reportData") else { panic!("a map") };
    let days: Vec<_> = entries.into_iter().map(|(day, answer)| format!("{day}{}", lines(answer)[0])).collect();
    assert_eq!(days, ["2024-03-02 nb_visits_0=2 nb_visits_1=1", "2024-03-03 nb_visits_0=3 nb_visits_1=0"]);
}

#[test]
fn the_catalogue_describes_itself() {
    let reports = Reports::new(Arc::new(Given::default()), Arc::default());
    let ask = request("day", "2024-03-01");
    let Answer::Data(Value::List(all)) = reports.metadata(&ask.sites.all()[0], Some(&ask.periods), false) else {
        panic!("a list")
    };
    assert_eq!(all.len(), reports::all().filter(|report| report.listed).count());
    let mut methods: Vec<_> = reports::all().map(|report| report.method).collect();
    let count = methods.len();
    methods.sort_unstable();
    methods.dedup();
    assert_eq!(methods.len(), count, "two reports with one name");
    for report in reports::all().filter(|report| report.listed) {
        assert!(!report.name.is_empty() && !report.documentation.is_empty(), "{} says nothing", report.method);
        for below in [report.subtable].into_iter().filter(|method| !method.is_empty()) {
            assert!(reports::find(below).is_some(), "{below} is not there");
        }
    }
}

#[test]
fn records_of_reports_exist() {
    use crate::catalogue::{records, reports::Source};
    for report in reports::all() {
        if let Source::Record(name) = report.source {
            assert!(records::all().any(|record| record.name == name), "{}: no record {name}", report.method);
        }
    }
}
