//! Carts become orders.

use super::{Tables, tell};
use candor_core::{Conversion, ConversionItem};

fn conversions(tables: &Tables) -> Vec<String> {
    let line = |c: &Conversion| format!("{} {} {} items {}", c.goal.0, c.order_id, c.items, c.revenue.to_units());
    tables.conversions.values().map(line).collect()
}

fn items(tables: &Tables) -> Vec<String> {
    let line = |i: &ConversionItem| {
        let gone = if i.deleted { " gone" } else { "" };
        format!("{}:{}*{}{gone}", i.order_id, i.sku, i.quantity)
    };
    tables.items.values().map(line).collect()
}

fn buyer(tables: &Tables) -> u8 {
    tables.visits.values().last().unwrap().buyer
}

#[test]
fn a_cart_is_updated_in_place() {
    let tables = tell(
        "
        10:00 A /a
        10:01 A cart:x,y*2
        10:02 A cart:y*3,z",
    );
    assert_eq!(conversions(&tables), ["-1  4 items 40"]);
    assert_eq!(items(&tables), [":x*1 gone", ":y*3", ":z*1"]);
    let visit = tables.visits.values().next().unwrap();
    assert_eq!((visit.buyer, visit.converted), (2, false));
}

#[test]
fn an_order_takes_the_cart_over() {
    let tables = tell(
        "
        10:01 A cart:x,y*2
        10:02 A order:o1:y*2",
    );
    assert_eq!(conversions(&tables), ["0 o1 2 items 20"]);
    assert_eq!(items(&tables), ["o1:x*1 gone", "o1:y*2"]);
    assert_eq!(buyer(&tables), 1);
}

#[test]
fn a_cart_after_an_order_is_a_new_one() {
    let tables = tell(
        "
        10:01 A cart:x
        10:02 A order:o1:x
        10:03 A cart:y
        10:04 A cart:y,z",
    );
    assert_eq!(conversions(&tables), ["-1  2 items 20", "0 o1 1 items 10"]);
    assert_eq!(items(&tables), [":y*1", ":z*1", "o1:x*1"]);
    assert_eq!(buyer(&tables), 3);
}

#[test]
fn two_orders_of_a_visit_are_kept_apart() {
    let tables = tell(
        "
        10:01 A order:o1:x
        10:02 A order:o2:x,x*5",
    );
    let mut lines = conversions(&tables);
    lines.sort();
    assert_eq!(lines, ["0 o1 1 items 10", "0 o2 5 items 60"], "of a repeated product the last line counts");
    assert_eq!(items(&tables), ["o1:x*1", "o2:x*5"]);
}

#[test]
fn a_cart_of_an_earlier_visit_stays_abandoned() {
    let tables = tell(
        "
        10:00 A cart:x
        11:00 A order:o1:x",
    );
    assert_eq!(conversions(&tables), ["-1  1 items 10", "0 o1 1 items 10"]);
}

#[test]
fn a_repeated_order_counts_for_the_visit_only() {
    let tables = tell("10:00 A /a\n10:01 A order:o1:x repeated=yes");
    assert_eq!(conversions(&tables), [""; 0]);
    let visit = tables.visits.values().next().unwrap();
    assert_eq!((visit.buyer, visit.converted, visit.total_time), (1, true, 63));
}
