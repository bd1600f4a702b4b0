//! Suggested values over a real store.

#[expect(dead_code, reason = "other tests need more of it")]
mod support;

use candor_core::Day;
use candor_query::suggest::{Suggestion, Suggestions};
use support::TestSite;

fn suggested(name: &str) -> Option<String> {
    let mut site = TestSite::new();
    site.visit("2024-03-04T09:00 ann de var=plan:free", &["page / title=Home", "page /a title=A"]);
    site.visit("2024-03-05T10:00 bob fr", &["page / title=Home"]);
    site.visit("2024-03-06T11:00 cat fr", &["download https://files.example/a.pdf"]);
    let vocabulary = site.engine.vocabulary();
    let suggestions = Suggestions { store: site.store.as_ref(), vocabulary, site: &site.site, today: Day(19_785) };
    let shown = suggestions.of(name).ok()??.into_iter().map(|value| match value {
        Suggestion::Number(number) => number.to_string(),
        Suggestion::Text(text) => text,
    });
    Some(shown.collect::<Vec<_>>().join(" "))
}

#[test]
fn values_of_visits_are_suggested_by_how_often_they_occur() {
    assert_eq!(suggested("countryCode").as_deref(), Some("fr de"));
    assert_eq!(suggested("pageTitle").as_deref(), Some("Home A"));
    assert_eq!(suggested("customVariableName").as_deref(), Some("plan"));
    assert!(suggested("actionUrl").is_some_and(|urls| urls.contains("https://files.example/a.pdf")));
}

#[test]
fn what_clocks_and_lists_hold_needs_no_visits() {
    assert_eq!(suggested("visitEndServerQuarter").as_deref(), Some("1 2 3 4"));
    assert!(suggested("visitEndServerDate").is_some_and(|days| days.starts_with("2024-03-03 2024-03-02")));
    assert_eq!(suggested("visitConvertedGoalName").as_deref(), Some("Sign-up"));
    assert_eq!(suggested("nothing"), None);
}
