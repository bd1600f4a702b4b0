//! Conversions of goals.

use super::{only, tell, tell_with, visits};
use crate::tests::batches::Fixed;
use candor_core::Conversion;

fn lines(tables: &super::Tables) -> Vec<String> {
    let line = |c: &Conversion| {
        let (goal, revenue, before) = (c.goal.0, c.revenue.to_units(), c.pageviews_before);
        format!("goal {goal} for {revenue} after {before} pages, {:?} {}", c.referrer.kind, c.referrer.name)
    };
    tables.conversions.values().map(line).collect()
}

#[test]
fn a_goal_is_reached_once_a_visit_unless_it_may_be_again() {
    let tables = tell(
        "
        10:00 A /a
        10:01 A goal:1
        10:02 A goal:1
        11:00 A goal:1
        11:01 A goal:2 multiple=yes
        11:02 A goal:2 multiple=yes",
    );
    assert_eq!(
        lines(&tables),
        [
            "goal 1 for 5 after 1 pages, Direct ",
            "goal 1 for 5 after 0 pages, Direct ",
            "goal 2 for 5 after 0 pages, Direct ",
            "goal 2 for 5 after 0 pages, Direct "
        ]
    );
    assert!(tables.visits.values().all(|visit| visit.converted));
}

#[test]
fn a_conversion_adds_its_goal_and_two_seconds_to_the_visit() {
    assert_eq!(visits(&tell("10:00 A /a\n10:01 A goal:1")), ["A 10:00–10:01 64s 1 actions"]);
    assert_eq!(visits(&tell("10:00 A /a\n10:01 A order:o:x")), ["A 10:00–10:01 63s 1 actions"]);
    assert_eq!(visits(&tell("10:00 A /a\n10:01 A cart:x")), ["A 10:00–10:01 61s 1 actions"]);
    let twice = tell("10:00 A goal:1\n11:00 A goal:1");
    assert_eq!(visits(&twice), ["A 10:00–10:00 0s 0 actions", "A 11:00–11:00 3s 0 actions"], "known visitors only");
}

#[test]
fn the_duration_of_a_visit_may_be_a_goal() {
    let settings = (*Fixed::default().0).clone();
    let tables = tell_with(
        settings,
        "
        10:00 A /a
        10:05 A /b
        10:06 A ping
        10:07 A /c
        10:08 A /d",
    );
    assert_eq!(lines(&tables), ["goal 7 for 3 after 3 pages, Direct "]);
    assert_eq!(only(&tables).total_time, 1 + 480 + 1);
}

#[test]
fn a_conversion_is_credited_to_the_campaign_then_to_what_the_browser_remembers() {
    assert_eq!(
        lines(&tell("10:00 A /a\n10:01 A goal:1 remembers=Finder")),
        ["goal 1 for 5 after 1 pages, Search Finder"]
    );
    assert_eq!(
        lines(&tell("10:00 A /a campaign=spring\n10:01 A goal:1 remembers=Finder")),
        ["goal 1 for 5 after 1 pages, Campaign spring"]
    );
    assert_eq!(
        lines(&tell("10:00 A /a site=x.example\n10:01 A goal:1")),
        ["goal 1 for 5 after 1 pages, Website x.example"]
    );
}
