//! Products, carts and orders as requests bring them. Which of them converts is decided at ingest.

use crate::{
    hit::{Commerce, CommerceItem, Product},
    raw::{RawHit, plain_float, plain_int, scalar},
    text,
};
use candor_core::Money;
use serde_json::Value;

/// Longest order id.
const ORDER_ID_CHARS_MAX: usize = 100;
/// Longest SKU, product name or category.
const NAME_BYTES_MAX: usize = 1024;
/// Categories of one product.
const CATEGORIES_MAX: usize = 5;
/// Lines of one order.
const ITEMS_MAX: usize = 1000;

/// The product that a page shows, if any.
pub(crate) fn product(raw: &RawHit) -> Option<Product> {
    let (sku, name) = (name_of(raw.text("_pks")), name_of(raw.text("_pkn")));
    let categories = match raw.text("_pkc") {
        "" => vec![],
        list if list.starts_with("[\"") => serde_json::from_str(list).map(|v| categories(&v)).unwrap_or_default(),
        one => vec![name_of(one)],
    };
    if sku.is_empty() && name.is_empty() && categories.is_empty() {
        return None;
    }
    Some(Product { sku, name, categories, price: raw.float("_pkp").map(Money::from_units) })
}

/// The cart or order of an ecommerce request; `None` when its items can't be read: then it isn't recorded.
pub(crate) fn commerce(raw: &RawHit) -> Option<Commerce> {
    let items = match raw.given("ec_items") {
        Some("") => vec![],
        None if raw.json("ec_items").is_none() => vec![],
        _ => match raw.json("ec_items")? {
            Value::Array(lines) => lines.iter().take(ITEMS_MAX).filter_map(item).collect(),
            _ => return None,
        },
    };
    let money = |name| raw.float(name).map(Money::from_units).unwrap_or_default();
    Some(Commerce {
        order_id: text::cut_chars(&raw.clean("ec_id"), ORDER_ID_CHARS_MAX).to_owned(),
        revenue: money("revenue"),
        subtotal: money("ec_st"),
        tax: money("ec_tx"),
        shipping: money("ec_sh"),
        discount: money("ec_dt"),
        items,
        repeated: false,
    })
}

/// One line: `[sku, name, category or categories, price, quantity]`.
fn item(line: &Value) -> Option<CommerceItem> {
    let text = |at: usize| line.get(at).and_then(scalar).unwrap_or_default();
    let sku = name_of(&text(0));
    if sku.is_empty() {
        return None;
    }
    let quantity = plain_int(&text(4)).or_else(|| plain_float(&text(4)).map(|n| n as i64));
    Some(CommerceItem {
        sku,
        name: name_of(&text(1)),
        categories: line.get(2).map(categories).unwrap_or_default(),
        price: Money::from_units(plain_float(&text(3)).unwrap_or_default()),
        quantity: quantity.filter(|n| *n != 0).and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
    })
}

fn categories(value: &Value) -> Vec<String> {
    let given = match value {
        Value::Array(items) => items.iter().filter_map(scalar).collect(),
        one => scalar(one).into_iter().collect::<Vec<_>>(),
    };
    // Shops that have no category send 0.
    given
        .iter()
        .map(|name| name_of(name))
        .filter(|name| !matches!(name.as_str(), "" | "0"))
        .take(CATEGORIES_MAX)
        .collect()
}

fn name_of(given: &str) -> String {
    text::truncate(text::clean(given), NAME_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Params, params::url_encode};

    fn raw(query: &str) -> RawHit {
        RawHit::new(Params::parse(query))
    }

    #[test]
    fn orders_are_read_with_their_items() {
        let items = r#"[["S1","Shoe &amp; lace",["a","b","c","d","e","f"],12.345,2],["S2"],["","no sku"],["S3","n","one","x","0"],7]"#;
        let order = commerce(&raw(&format!("ec_id=o1&revenue=30.5&ec_tx=1&ec_items={}", url_encode(items)))).unwrap();
        assert_eq!((order.order_id.as_str(), order.revenue, order.tax), ("o1", Money(30_500_000), Money(1_000_000)));
        let lines: Vec<_> =
            order.items.iter().map(|i| (i.sku.as_str(), i.categories.len(), i.price.0, i.quantity)).collect();
        assert_eq!(lines, [("S1", 5, 12_350_000, 2), ("S2", 0, 0, 1), ("S3", 1, 0, 1)]);
        assert_eq!(order.items[0].name, "Shoe & lace");
    }

    #[test]
    fn unreadable_items_spoil_the_order_and_absent_ones_do_not() {
        assert!(commerce(&raw("ec_id=o1&ec_items=%5B%5Bbroken")).is_none());
        assert!(commerce(&raw("ec_id=o1")).is_some_and(|order| order.items.is_empty()));
        assert!(commerce(&raw("ec_items=%5B%5D")).is_some_and(|cart| cart.order_id.is_empty()));
    }

    #[test]
    fn products_have_one_or_several_categories() {
        let one = product(&raw("_pks=s&_pkc=Shoes&_pkp=9.99")).unwrap();
        assert_eq!((one.categories, one.price), (vec!["Shoes".to_owned()], Some(Money(9_990_000))));
        let more = product(&raw(&format!("_pkc={}", url_encode(r#"["a","",0,"b"]"#)))).unwrap();
        assert_eq!(more.categories, ["a", "b"]);
        assert!(product(&raw("_pkp=3")).is_none());
    }
}
