//! Memos are a cache: they never show.

mod support;

use candor_core::{Day, SiteId, Timestamp};
use candor_query::{catalogue::records::COUNTRIES, warm::Warmer};
use std::sync::Arc;
use support::TestSite;

const COLUMNS: [&str; 2] = ["nb_visits", "nb_actions"];

fn month(site: &TestSite) -> String {
    site.show(&COUNTRIES, "month", "2024-02-01", "", &COLUMNS)
}

fn february() -> TestSite {
    let mut site = TestSite::new();
    for day in 1..=29 {
        site.visit(&format!("2024-02-{day:02}T10:00 v{day} de"), &["page /", "page /a"]);
    }
    site
}

#[test]
fn deleting_all_memos_changes_no_number() {
    let site = february();
    let before = [month(&site), site.numbers(&["nb_visits", "nb_uniq_visitors"], "month", "2024-02-01", "")];
    assert_eq!(before[0], "[de] 29 58\n");
    assert_eq!([month(&site), site.numbers(&["nb_visits", "nb_uniq_visitors"], "month", "2024-02-01", "")], before);
    site.engine.forget(SiteId(1)).unwrap();
    assert_eq!([month(&site), site.numbers(&["nb_visits", "nb_uniq_visitors"], "month", "2024-02-01", "")], before);
}

#[test]
fn memos_outlive_the_engine() {
    let mut site = february();
    let before = month(&site);
    site.engine = candor_query::Engine::new(site.store.clone(), site.engine.vocabulary().clone());
    assert_eq!(month(&site), before);
}

#[test]
fn a_late_visit_is_in_every_period_that_holds_its_day() {
    let mut site = february();
    let year = |site: &TestSite| site.show(&COUNTRIES, "year", "2024-01-01", "", &COLUMNS);
    assert_eq!((month(&site).as_str(), year(&site).as_str()), ("[de] 29 58\n", "[de] 29 58\n"));
    site.visit("2024-02-10T11:00 late fr", &["page /"]);
    assert_eq!((month(&site).as_str(), year(&site).as_str()), ("[de] 29 58\n[fr] 1 1\n", "[de] 29 58\n[fr] 1 1\n"));
    assert_eq!(site.show(&COUNTRIES, "day", "2024-02-10", "", &COLUMNS), "[de] 1 2\n[fr] 1 1\n");
    assert_eq!(site.show(&COUNTRIES, "day", "2024-02-11", "", &COLUMNS), "[de] 1 2\n");
}

#[test]
fn what_is_computed_during_a_change_is_not_kept() {
    let mut site = february();
    let batch = site.batch("2024-02-10T11:00 late fr", &["page /"]);
    let days = [(SiteId(1), batch.new_visits[0].day)];
    site.engine.changing(&days).unwrap();
    // Somebody looks before the rows are there.
    assert_eq!(month(&site), "[de] 29 58\n");
    site.store.commit(&batch).unwrap();
    site.engine.changed(&days);
    assert_eq!(month(&site), "[de] 29 58\n[fr] 1 1\n");
}

#[test]
fn the_running_day_is_always_fresh() {
    let mut site = TestSite::new();
    let show = |site: &TestSite| site.show(&COUNTRIES, "week", support::TODAY, "", &COLUMNS);
    site.visit("2024-03-18T10:00 a de", &["page /"]);
    assert_eq!(show(&site), "[de] 1 1\n");
    site.visit("2024-03-20T10:00 b de", &["page /"]);
    assert_eq!(show(&site), "[de] 2 2\n");
    assert_eq!(show(&site), "[de] 2 2\n");
    let other = [(SiteId(1), Day::from_date("2024-01-01".parse().unwrap()))];
    site.engine.changing(&other).unwrap();
    site.engine.changed(&other);
    assert_eq!(show(&site), "[de] 2 2\n");
}

#[test]
fn closed_days_are_computed_before_anybody_asks_and_once_a_day() {
    let mut site = february();
    site.settings.sites.insert(SiteId(1), Arc::new(site.site.clone()));
    let at = |text: &str| Timestamp::from_seconds(text.parse::<jiff::Timestamp>().unwrap().as_second());
    let mut warmer = Warmer::default();
    let mut steps = |site: &TestSite, now: &str| {
        let mut count = 0;
        while warmer.step(&site.engine, &site.settings, at(now)).unwrap() {
            count += 1;
        }
        count
    };
    assert!(steps(&site, "2024-03-20T00:01:00Z") > 50);
    assert_eq!(steps(&site, "2024-03-20T23:59:00Z"), 0);

    // Committed behind the engine's back: who would see it has computed anew.
    let batch = site.batch("2024-02-10T11:00 unseen fr", &["page /"]);
    site.store.commit(&batch).unwrap();
    site.engine = candor_query::Engine::new(site.store.clone(), site.engine.vocabulary().clone());
    assert_eq!(month(&site), "[de] 29 58\n");

    assert!(steps(&site, "2024-03-21T00:01:00Z") > 50);
}
