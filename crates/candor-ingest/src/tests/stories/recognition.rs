//! Which visit a hit joins.

use super::{only, tell, tell_with, visits};
use candor_core::{LegalBasis, Returning, Settings, SiteId, SiteSettings, SiteType, SiteZone};
use std::sync::Arc;

/// Settings with one site.
fn site(change: impl FnOnce(&mut SiteSettings)) -> Settings {
    let mut site = SiteSettings::new(SiteId(1), "Shop", &[]);
    change(&mut site);
    let mut settings = Settings::default();
    settings.sites.insert(SiteId(1), Arc::new(site));
    settings
}

#[test]
fn half_an_hour_ends_a_visit() {
    let tables = tell(
        "
        10:00:00 A /a
        10:29:59 A /b
        10:59:59 A /c
        10:59:58 B /a",
    );
    assert_eq!(
        visits(&tables),
        ["A 10:00–10:29:59 1800s 2 actions", "A 10:59:59–10:59:59 0s 1 actions", "B 10:59:58–10:59:58 0s 1 actions"]
    );
}

#[test]
fn a_ping_prolongs_the_time_but_not_the_visit() {
    let tables = tell(
        "
        09:00 A ping
        10:00 A /a
        10:20 A ping
        10:31 A ping
        10:31 A /b",
    );
    assert_eq!(visits(&tables), ["A 10:00–10:00 1201s 1 actions", "A 10:31–10:31 0s 1 actions"]);
}

#[test]
fn midnight_of_the_site_ends_a_visit() {
    let tokyo = || site(|site| site.zone = SiteZone::parse("Asia/Tokyo").unwrap());
    let story = "
        14:50 A /a
        15:10 A /b";
    assert_eq!(visits(&tell(story)).len(), 1);
    assert_eq!(visits(&tell_with(tokyo(), story)).len(), 2, "15:00 UTC is midnight in Tokyo");
    let mut unended = tokyo();
    unended.tracker.create_new_visit_after_midnight = false;
    let tables = tell_with(unended, story);
    assert_eq!(only(&tables).day.to_string(), "2024-03-01", "a visit is counted on the day of its last action");
}

#[test]
fn a_device_without_a_cookie_is_known_for_half_an_hour() {
    let tables = tell(
        "
        10:00 A /a cookie=no device=x
        10:10 B /b device=x
        10:45 C /c cookie=no device=x",
    );
    let tables = visits(&tables);
    assert_eq!(tables.len(), 2);
    assert!(tables[0].ends_with("10:00–10:10 601s 2 actions"), "{tables:?}: a new cookie joins the device's visit");
}

#[test]
fn a_forced_id_and_trusted_cookies_ignore_the_device() {
    let story = "
        10:00 A /a device=x
        10:10 B /b device=x";
    assert_eq!(visits(&tell(story)).len(), 1);
    assert_eq!(visits(&tell(&story.replace("/b", "/b cid=yes"))).len(), 2);
    let mut trusting = Settings::default();
    trusting.tracker.trust_visitors_cookies = true;
    assert_eq!(visits(&tell_with(trusting, story)).len(), 2);
    assert_eq!(visits(&tell_with(site(|site| site.kind = SiteType::Intranet), story)).len(), 2);
}

#[test]
fn signing_in_keeps_the_visit_and_gives_it_the_users_id() {
    let tables = tell(
        "
        10:00 A /a device=x
        10:05 A /b device=x uid=m
        10:10 Z /c device=y uid=m",
    );
    assert_eq!(visits(&tables), ["m 10:00–10:10 601s 3 actions"], "one person on two devices");
    assert_eq!(only(&tables).user_id, "m");
    let tables = tell(
        "
        10:00 A /a device=x uid=m
        10:05 A /b device=x uid=n",
    );
    assert_eq!(visits(&tables).len(), 2, "two people on one device");
}

#[test]
fn another_user_opens_a_visit_when_the_id_does_not_follow_the_user() {
    let mut settings = Settings::default();
    settings.tracker.enable_userid_overwrites_visitorid = false;
    settings.tracker.trust_visitors_cookies = true;
    let story = "
        10:00 q /a uid=m
        10:05 m /b uid=mm
        10:06 m /c";
    let tables = visits(&tell_with(settings, story));
    assert_eq!(tables, ["m 10:00–10:00 0s 1 actions", "m 10:05–10:06 61s 2 actions"]);
}

#[test]
fn hits_may_come_late() {
    let tables = tell(
        "
        10:30 A /b
        10:10 A /a
        08:00 A /old
        10:35 A /c",
    );
    assert_eq!(
        visits(&tables),
        ["A 10:30–10:35 301s 3 actions", "A 08:00–08:00 0s 1 actions"],
        "up to half an hour before a visit joins it, earlier is a visit of its own"
    );
}

#[test]
fn a_campaign_opens_a_visit_unless_the_visit_had_no_referrer() {
    let tables = tell(
        "
        10:00 A /a
        10:01 A /b campaign=Spring keyword=Sale
        10:02 A /c campaign=spring keyword=sale
        10:03 A /d campaign=autumn",
    );
    assert_eq!(visits(&tables), ["A 10:00–10:02 121s 3 actions", "A 10:03–10:03 0s 1 actions"]);
    assert_eq!(
        tables.visits.values().next().unwrap().referrer.name,
        "Spring",
        "the first visit took the campaign over"
    );
    let mut settings = Settings::default();
    settings.tracker.create_new_visit_when_campaign_changes = false;
    assert_eq!(visits(&tell_with(settings, "10:00 A /a campaign=x\n10:01 A /b campaign=y")).len(), 1);
}

#[test]
fn a_website_opens_a_visit_only_when_set_so() {
    let story = "
        10:00 A /a site=one.example
        10:01 A /b site=two.example";
    assert_eq!(visits(&tell(story)).len(), 1);
    let mut settings = Settings::default();
    settings.tracker.create_new_visit_when_website_referrer_changes = true;
    assert_eq!(visits(&tell_with(settings.clone(), story)).len(), 2);
    let from_direct = "10:00 A /a\n10:01 A /b site=one.example";
    assert_eq!(visits(&tell(from_direct)).len(), 1);
    assert_eq!(visits(&tell_with(settings, from_direct)).len(), 2);
}

#[test]
fn a_campaign_without_keyword_takes_the_running_ones_or_the_host() {
    let tables = tell(
        "
        10:00 A /a campaign=spring keyword=sale
        10:01 A /b campaign=spring host=news.example
        11:01 A /c campaign=spring host=news.example",
    );
    assert_eq!(visits(&tables).len(), 2);
    let keywords: Vec<_> = tables.visits.values().map(|visit| visit.referrer.keyword.as_str()).collect();
    assert_eq!(keywords, ["sale", "news.example"]);
}

#[test]
fn a_visit_ends_when_asked_to_or_full() {
    assert_eq!(visits(&tell("10:00 A /a\n10:01 A /b new=1")).len(), 2);
    let mut settings = Settings::default();
    settings.tracker.create_new_visit_after_x_actions = 2;
    let tables = tell_with(settings, "10:00 A /a\n10:01 A /b\n10:02 A /c");
    assert_eq!(visits(&tables).len(), 2);
    assert_eq!(tables.visits.values().last().unwrap().visit_count, 1, "a full visit is not looked back at");
}

#[test]
fn the_next_visit_knows_the_ones_before() {
    let tables = tell(
        "
        10:00 A /a
        11:00 A order:o1:x
        13:00 A /b
        15:00 A /c
        16:00 A /d",
    );
    let facts: Vec<_> = tables
        .visits
        .values()
        .map(|v| (v.visit_count, v.returning as u8, v.seconds_since_first, v.seconds_since_last, v.seconds_since_order))
        .collect();
    assert_eq!(
        facts,
        [
            (1, 0, Some(0), 0, None),
            (2, 2, Some(3600), 3600, Some(0)),
            (3, 1, Some(10_800), 7200, Some(7200)),
            (4, 2, Some(18_000), 7200, Some(14_400)),
            (5, 2, Some(21_600), 3600, Some(18_000)),
        ]
    );
}

#[test]
fn before_and_after_consent_are_two_visits_and_the_first_is_nobodys() {
    let tables = tell(
        "
        10:00 A /a exempt=1
        10:01 A /b exempt=1
        10:02 A /b
        10:03 A /c
        10:04 A /d exempt=1",
    );
    assert_eq!(
        visits(&tables),
        ["nobody 10:00–10:04 241s 3 actions", "A 10:02–10:03 61s 2 actions"],
        "a consent counts from when it was given"
    );
    let bases: Vec<_> = tables.visits.values().map(|visit| visit.legal_basis).collect();
    assert_eq!(bases, [LegalBasis::Exempt, LegalBasis::Unstated]);
    let of_nobody = tables.actions.values().filter(|action| action.visitor.is_none()).count();
    assert_eq!(of_nobody, 3, "in the rows of actions, too");
}

#[test]
fn an_exempt_device_that_comes_back_is_a_new_visitor() {
    let tables = tell(
        "
        10:00 A order:1:sku exempt=1
        10:10 A /a exempt=1 new=1",
    );
    let later = tables.visits.values().last().unwrap();
    assert_eq!((later.visit_count, later.returning, later.visitor), (1, Returning::New, None));
    assert_eq!((later.seconds_since_first, later.seconds_since_order), (Some(0), None));
    assert!(tables.conversions.values().all(|conversion| conversion.visitor.is_none()));
    assert!(tables.items.values().all(|item| item.visitor.is_none()));
}

#[test]
fn a_visit_is_consented_when_every_hit_of_it_said_so() {
    let basis = |first: &str, second: &str| {
        let tables = tell(&format!("10:00 A /a {first}\n10:01 A /b {second}"));
        only(&tables).legal_basis
    };
    assert_eq!(basis("consented=1", "consented=1"), LegalBasis::Consented);
    assert_eq!(basis("consented=1", ""), LegalBasis::Unstated);
    assert_eq!(basis("", "consented=1"), LegalBasis::Unstated);
}
