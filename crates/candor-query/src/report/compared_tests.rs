//! Which questions a comparison asks, and how its series are told apart.

use super::tests::{Given, request, rows_of, visits};
use super::*;
use crate::table::{Value, compare::COMPARISONS};

fn compared(comparison: Comparison, period: &str, date: &str) -> (Result<Answer, QueryError>, Vec<String>) {
    let tables = [("Referrers_searchEngineByKeyword", visits("cat 3 (Google 2, Bing 1)"))].into();
    let given = Arc::new(Given { tables, ..Given::default() });
    let mut request = request(period, date);
    request.options.comparison = Some(comparison);
    let reports = Reports::new(Arc::clone(&given) as Arc<dyn Records>, Arc::new(Vocabulary::default()));
    let answer = reports.answer("Referrers.getKeywords", &request).unwrap();
    let asked = given.asked.lock().unwrap().clone();
    (answer, asked)
}

fn pair(a: &str, b: &str) -> (String, String) {
    (a.to_owned(), b.to_owned())
}

#[test]
fn every_segment_of_every_period_is_asked_for() {
    let comparison = Comparison {
        own_segment: "All visits".into(),
        own_period: "day".into(),
        segments: vec![pair("countryCode==de", "Germans")],
        periods: vec![pair("week", "2024-02-29")],
        ..Comparison::default()
    };
    let (answer, asked) = compared(comparison, "day", "2024-03-01");
    let asked: Vec<&str> =
        asked.iter().map(|a| a.trim_start_matches("Referrers_searchEngineByKeyword ").trim()).collect();
    assert_eq!(
        asked,
        [
            "2024-03-01",
            "2024-03-01",
            "2024-03-01 countryCode==de",
            "2024-02-26,2024-03-03",
            "2024-02-26,2024-03-03 countryCode==de"
        ]
    );
    let rows = rows_of(answer.unwrap());
    let Some(Value::List(all)) = rows[0].meta(COMPARISONS) else { panic!("counterparts") };
    let field = |one: &Value, wanted: &str| match one {
        Value::Map(fields) => {
            fields.iter().find(|(name, _)| name == wanted).and_then(|(_, v)| v.as_text()).map(str::to_owned)
        }
        _ => None,
    };
    let names: Vec<_> = all.iter().filter_map(|one| field(one, "compareSeriesPretty")).collect();
    assert_eq!(names.len(), 4);
    assert_eq!(names[1], "(Friday, March 1, 2024) (Germans)");
    let changes: Vec<_> = all.iter().map(|one| field(one, "nb_visits_change").unwrap_or_default()).collect();
    assert_eq!(changes, ["", "", "+0%", "+0%"]);
    let own = field(&all[3], "segment");
    assert_eq!(own.as_deref(), Some("countryCode%3D%3Dde;referrerType==search;referrerKeyword==cat"));
}

#[test]
fn one_period_stands_beside_one_and_many_beside_many() {
    let comparison = |date: &str| Comparison { periods: vec![pair("day", date)], ..Comparison::default() };
    let (single, _) = compared(comparison("2024-03-01,2024-03-02"), "day", "2024-03-01");
    assert!(
        single.is_err_and(|error| error.to_string().contains("single period and cannot be compared with multiple"))
    );
    let (many, _) = compared(comparison("2024-03-01"), "day", "2024-03-01,2024-03-02");
    assert!(many.is_err_and(|error| error.to_string().contains("multiple period and cannot be compared with single")));
}

#[test]
fn a_series_can_stand_in_the_place_of_its_label() {
    let comparison = Comparison {
        own_segment: "All visits".into(),
        segments: vec![pair("countryCode==de", "Germans")],
        label_series: vec![1],
        ..Comparison::default()
    };
    let rows = rows_of(compared(comparison, "day", "2024-03-01").0.unwrap());
    assert_eq!(rows[0].label(), "cat (Friday, March 1, 2024) (Germans)");
    assert_eq!(rows[0].number("nb_visits"), 3.0);
}
