//! What visits and actions say.

use super::{clock, only, tell};
use candor_core::Action;

fn lines(story: &str, line: impl Fn(&Action) -> String) -> Vec<String> {
    tell(story).actions.values().map(line).collect()
}

#[test]
fn an_action_knows_the_page_before_it_and_the_time_spent_there() {
    let story = "
        10:00 A /a
        10:01 A search:shoes
        10:03 A event:play
        10:04 A /b
        10:04:30 A outlink:https://x.example/";
    let line = |a: &Action| {
        let previous = format!("{}|{}|{}", a.previous_url, a.previous_title, a.previous_title_kind);
        format!("{} {previous} {}s page {}", clock(a.at), a.time_spent, a.pageview_position)
    };
    assert_eq!(
        lines(story, line),
        [
            "10:00 ||0 0s page 1",
            "10:01 shop.example/a|/a|4 60s page 2",
            "10:03 |shoes|8 120s page 2",
            "10:04 |shoes|8 60s page 3",
            "10:04:30 shop.example/b|/b|4 30s page 3",
        ]
    );
}

#[test]
fn the_first_of_each_address_and_title_is_marked() {
    let story = "
        10:00 A /a
        10:01 A /b
        10:02 A /a
        10:03 A event:/a
        10:04 A event:other
        10:05 A search:x
        10:06 A search:y
        10:07 A search:x";
    let line = |a: &Action| format!("{} {} {}", a.title, u8::from(a.first_url), u8::from(a.first_title));
    assert_eq!(lines(story, line), ["/a 1 1", "/b 1 1", "/a 0 0", "/a 1 1", "other 0 1", "x 1 1", "y 1 1", "x 0 0"]);
}

#[test]
fn what_counts_as_action_and_what_has_only_a_row() {
    let tables = tell(
        "
        10:00 A /a
        10:01 A content:banner
        10:02 A search:x
        10:03 A event:play
        10:04 A download:https://shop.example/x.pdf
        10:05 A goal:1",
    );
    let visit = only(&tables);
    let counts = (visit.actions, visit.interactions, visit.searches, visit.events, visit.action_rows);
    assert_eq!(counts, (4, 2, 1, 1, 5));
}

#[test]
fn entry_and_exit_are_pages_or_searches() {
    let ends = |story: &str| {
        let tables = tell(story);
        let visit = only(&tables);
        format!("{}|{} → {}|{}", visit.entry_url, visit.entry_title, visit.exit_url, visit.exit_title)
    };
    assert_eq!(ends("10:00 A /a\n10:01 A /b\n10:02 A event:x"), "shop.example/a|/a → shop.example/b|/b");
    assert_eq!(ends("10:00 A event:x\n10:01 A /b"), "shop.example/b| → shop.example/b|/b");
    assert_eq!(ends("10:00 A search:x\n10:01 A /b\n10:02 A search:y"), "|x → |y");
}

#[test]
fn late_loading_times_find_their_page_view() {
    let tables = tell(
        "
        10:00 A /a pv=one
        10:01 A /b pv=two dom=5
        10:02 A ping pv=one dom=7
        10:03 A ping pv=none dom=9",
    );
    let times: Vec<_> = tables.actions.values().map(|action| action.timings[3]).collect();
    assert_eq!(times, [Some(7), Some(5)]);
}

#[test]
fn own_values_are_overwritten_and_cleared() {
    let tables = tell("10:00 A /a dimension=red\n10:01 A /b dimension=blue");
    assert_eq!(only(&tables).dimensions, ["", "blue"]);
    let tables = tell("10:00 A /a dimension=red\n10:01 A /b dimension=");
    assert_eq!(only(&tables).dimensions, [""; 0]);
}

#[test]
fn an_unknown_resolution_is_filled_in_later() {
    let tables = tell("10:00 A /a resolution=unknown\n10:01 A /b resolution=1x2\n10:02 A /c resolution=3x4");
    assert_eq!(only(&tables).resolution, "1x2");
}
