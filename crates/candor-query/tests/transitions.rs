//! What came before and after a page, over a real store.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a wrong answer should stop a test")]

#[expect(dead_code, reason = "other tests need more of it")]
mod support;

use candor_query::{
    period,
    segment::Segment,
    table::Value,
    transitions::{Page, Transitions, Wanted},
};
use support::TestSite;

fn site() -> TestSite {
    let mut site = TestSite::new();
    site.visit(
        "2024-03-04T09:00 ann de ref=search:Goo:shoes",
        &["page /a title=A", "page /b title=B", "page /a title=A", "page /a title=A", "page /c title=C"],
    );
    site.visit("2024-03-04T10:00 bob fr", &["page /a title=A", "download https://files.example/a.pdf"]);
    site.visit("2024-03-04T11:00 cat fr", &["search socks", "page /a title=A", "search hats", "page /a title=A"]);
    site
}

/// The lists of an answer as `name: label count, …`, then its metrics.
fn shown(site: &TestSite, page: Page, segment: Option<&Segment>, limit: usize) -> String {
    let today = site.site.zone.day(candor_core::Timestamp::from_seconds(1_710_000_000));
    let periods = period::parse("day", "2024-03-04", today).unwrap();
    let transitions = Transitions {
        store: site.store.as_ref(),
        site: &site.site,
        settings: &site.settings,
        period: periods.periods()[0],
        segment,
        limit,
    };
    let Some(Value::Map(parts)) = transitions.of(&page, Wanted::ALL).unwrap() else { return "nothing".into() };
    let mut lines = vec![];
    for (name, value) in parts {
        let text = match value {
            Value::List(rows) => rows.iter().map(line).collect::<Vec<_>>().join(", "),
            Value::Map(_) => line(&value),
            _ => continue,
        };
        if !text.is_empty() {
            lines.push(format!("{name}: {text}"));
        }
    }
    lines.join("\n")
}

fn line(row: &Value) -> String {
    let Value::Map(fields) = row else { return String::new() };
    let field = |(name, value): &(String, Value)| match value {
        Value::Text(text) if name == "label" => Some(text.clone()),
        Value::Int(n) if name == "referrals" || name == "visits" => Some(n.to_string()),
        Value::Int(n) => Some(format!("{name} {n}")),
        Value::List(rows) => Some(format!("({})", rows.iter().map(line).collect::<Vec<_>>().join(", "))),
        _ => None,
    };
    fields.iter().filter_map(field).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_page_by_its_url() {
    let site = site();
    let text = shown(&site, Page::Url("https://www.shop.example/a".into()), None, 0);
    assert_eq!(
        text,
        "previousPages: shop.example/b 1\n\
         previousSiteSearches: hats 1\n\
         followingPages: shop.example/b 1, shop.example/c 1\n\
         followingSiteSearches: hats 1\n\
         downloads: https://files.example/a.pdf 1\n\
         referrers: Direct entries 1 (), From search engines 1 (Goo 1)\n\
         pageMetrics: loops 1 pageviews 6 entries 2 exits 2"
    );
    let germans = site.segment("countryCode==de");
    let text = shown(&site, Page::Url("shop.example/a".into()), Some(&germans), 1);
    assert!(text.contains("followingPages: shop.example/b 1, Others 1"), "{text}");
    assert!(text.contains("pageviews 3"), "{text}");
}

#[test]
fn a_page_by_its_title_knows_every_search_before_it() {
    let site = site();
    let text = shown(&site, Page::Title("A".into()), None, 0);
    assert!(text.contains("previousSiteSearches: hats 1, socks 1"), "{text}");
    assert!(text.contains("followingPages: B 1, C 1"), "{text}");
    assert_eq!(shown(&site, Page::Title("Z".into()), None, 0), "nothing");
}
