//! Orders and carts. A visit has at most one open cart; an order takes it over.

use super::{Numbered, OpenVisit, Rules, goals, visit_ref};
use crate::changes::Changes;
use candor_collect::{Commerce, CommerceItem};
use candor_core::{CART_GOAL_ID, Conversion, ConversionItem, ORDER_GOAL_ID};
use std::collections::BTreeMap;

/// Values of `Visit::buyer`.
const ORDERED: u8 = 1;
const OPEN_CART: u8 = 2;
const ORDERED_THEN_CART: u8 = 3;

/// Records the hit's order or cart.
pub(crate) fn record(open: &mut OpenVisit, hit: Numbered<'_>, rules: &Rules<'_>, changes: &mut Changes) {
    let Some(commerce) = &hit.hit.commerce else { return };
    if commerce.repeated {
        // As in Matomo, which finds that out only when the visit is written.
        open.visit.converted = true;
        open.visit.buyer = ORDERED;
        return;
    }
    // One line a product; of repeated ones the last counts.
    let lines: BTreeMap<&str, &CommerceItem> = commerce.items.iter().map(|item| (item.sku.as_str(), item)).collect();
    let mut conversion = goals::conversion(&open.visit, hit.hit, rules);
    conversion.revenue = commerce.revenue;
    conversion.items = lines.values().map(|item| item.quantity).fold(0, u32::saturating_add);
    let is_order = !commerce.order_id.is_empty();
    if is_order {
        make_order(&mut conversion, commerce);
    } else {
        conversion.goal = CART_GOAL_ID;
    }
    let items = merge_items(open, &lines, &conversion);
    open.past.conversions.insert((conversion.goal, conversion.buster), conversion.day);
    if is_order {
        if let Some(day) = open.past.conversions.remove(&(CART_GOAL_ID, 0)) {
            changes.remove_cart(visit_ref(&open.visit), day);
        }
        open.past.cart.clear();
        open.visit.converted = true;
        open.visit.buyer = ORDERED;
        changes.put_order(items);
    } else {
        open.past.cart = items.iter().map(|item| (item.sku.clone(), item.clone())).collect();
        let has_ordered = matches!(open.visit.buyer, ORDERED | ORDERED_THEN_CART);
        open.visit.buyer = if has_ordered { ORDERED_THEN_CART } else { OPEN_CART };
        changes.put_cart(open.visit.id, items);
    }
    changes.convert(conversion);
}

fn make_order(conversion: &mut Conversion, commerce: &Commerce) {
    conversion.goal = ORDER_GOAL_ID;
    // Stored, so it must be the same in every version.
    conversion.buster = u64::from(crc32c::crc32c(commerce.order_id.as_bytes()));
    conversion.order_id.clone_from(&commerce.order_id);
    conversion.revenue_subtotal = commerce.subtotal;
    conversion.revenue_tax = commerce.tax;
    conversion.revenue_shipping = commerce.shipping;
    conversion.revenue_discount = commerce.discount;
}

/// The lines of the order or cart. Each request brings the whole list:
/// what was in the cart and is no longer named has been taken out.
fn merge_items(
    open: &OpenVisit,
    lines: &BTreeMap<&str, &CommerceItem>,
    conversion: &Conversion,
) -> Vec<ConversionItem> {
    let gone = open.past.cart.values().filter(|item| !lines.contains_key(item.sku.as_str())).map(|item| {
        let order_id = conversion.order_id.clone();
        ConversionItem { order_id, deleted: true, at: conversion.at, day: conversion.day, ..item.clone() }
    });
    let named = lines.values().map(|line| ConversionItem {
        site: conversion.site,
        visit: conversion.visit,
        visitor: conversion.visitor,
        order_id: conversion.order_id.clone(),
        at: conversion.at,
        day: conversion.day,
        sku: line.sku.clone(),
        name: line.name.clone(),
        categories: line.categories.clone(),
        price: line.price,
        quantity: line.quantity,
        deleted: false,
    });
    gone.chain(named).collect()
}
