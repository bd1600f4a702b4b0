//! Records of goals, orders, carts and products. Goal 0 is an order, -1 an open cart.

use super::*;

/// Conversions by goal, as labels.
pub const GOALS: RecordDef =
    RecordDef::new("Goals", &[Part::new(Source::Conversions, &[column(&[Expr::Sql("goal_id")])], GOAL_METRICS)])
        .limits(Limits::None)
        .sort("nb_conversions");

const CONVERSIONS: &[Metric] = &[metric("nb_conversions", Aggregate::Rows)];

/// Days from the visitor's first visit to the conversion; `number` is the goal.
pub const DAYS_TO_CONVERSION: RecordDef = RecordDef::new(
    "Goal_days_until_conv",
    &[Part::new(
        Source::Conversions,
        &[Level::Ranges(Expr::Div("seconds_since_first", 86_400), visitors::DAYS)],
        CONVERSIONS,
    )
    .filter("goal_id = {n}")],
)
.limits(Limits::None)
.sort("nb_conversions");

/// How many visits the visitor had, the converting one included; `number` is the goal.
pub const VISITS_UNTIL_CONVERSION: RecordDef = RecordDef::new(
    "Goal_visits_until_conv",
    &[Part::new(
        Source::Conversions,
        &[Level::Ranges(
            Expr::Sql("visit_count"),
            &[
                (1, Some(1)),
                (2, Some(2)),
                (3, Some(3)),
                (4, Some(4)),
                (5, Some(5)),
                (6, Some(6)),
                (7, Some(7)),
                (8, Some(8)),
                (9, Some(14)),
                (15, Some(25)),
                (26, Some(50)),
                (51, Some(100)),
                (101, None),
            ],
        )],
        CONVERSIONS,
    )
    .filter("goal_id = {n}")],
)
.limits(Limits::None)
.sort("nb_conversions");

const BOUGHT: &[Metric] = &[
    scaled("revenue", Aggregate::Sum("price * quantity"), MICRO),
    metric("quantity", Aggregate::Sum("quantity")),
    scaled("price", Aggregate::Sum("price"), MICRO),
    metric("orders", Aggregate::Distinct("order_id")),
];
const LEFT: &[Metric] = &[
    scaled("revenue", Aggregate::Sum("price * quantity"), MICRO),
    metric("quantity", Aggregate::Sum("quantity")),
    scaled("price", Aggregate::Sum("price"), MICRO),
    metric("abandoned_carts", Aggregate::Distinct("visit_id")),
];
const VIEWED: &[Metric] = &[
    metric("nb_uniq_visitors", Aggregate::Distinct(VISITOR)),
    metric("nb_visits", Aggregate::Distinct("visit_id")),
    metric("nb_actions", Aggregate::Rows),
    // Longer periods add the days' averages, as Matomo does.
    scaled("price_viewed", Aggregate::Average("product_price"), MICRO),
];

macro_rules! items {
    ($name:literal, $metrics:expr, $filter:literal, $bought:literal, $viewed:literal) => {
        RecordDef::new(
            $name,
            &[
                Part::new(Source::Items, &[column(&[Expr::Sql($bought)])], $metrics).filter($filter),
                Part::actions(&[column(&[Expr::Sql($viewed)])], VIEWED).filter(concat!(
                    "kind = 1 and ",
                    $viewed,
                    " <> ''"
                )),
            ],
        )
        .limits(Limits::Products)
        .sort("revenue")
    };
}

const CATEGORY: &[Level] = &[Level::Optional(Expr::Slot { list: "categories", stride: 1, offset: 0 })];
const VIEWED_CATEGORY: &[Level] = &[Level::Optional(Expr::Slot { list: "product_categories", stride: 1, offset: 0 })];

macro_rules! categories {
    ($name:literal, $metrics:expr, $filter:literal) => {
        RecordDef::new(
            $name,
            &[
                Part::new(Source::Items, CATEGORY, $metrics).filter($filter).slots(5),
                Part::new(Source::Items, &[column(&[Expr::Sql("''")])], $metrics)
                    .filter(concat!($filter, " and len(categories) = 0")),
                Part::actions(VIEWED_CATEGORY, VIEWED).filter("kind = 1").slots(5),
                Part::actions(&[column(&[Expr::Sql("''")])], VIEWED)
                    .filter("kind = 1 and (product_sku <> '' or product_name <> '') and len(product_categories) = 0"),
            ],
        )
        .limits(Limits::Products)
        .sort("revenue")
    };
}

/// Bought products by SKU, and products seen.
pub const ITEMS_SKU: RecordDef =
    items!("Goals_ItemsSku", BOUGHT, "not deleted and order_id <> ''", "sku", "product_sku");
/// Bought products by name, and products seen.
pub const ITEMS_NAME: RecordDef =
    items!("Goals_ItemsName", BOUGHT, "not deleted and order_id <> ''", "name", "product_name");
/// Bought products by category, and products seen; without one the label is empty.
pub const ITEMS_CATEGORY: RecordDef = categories!("Goals_ItemsCategory", BOUGHT, "not deleted and order_id <> ''");
/// Products left in carts by SKU, and products seen.
pub const ITEMS_SKU_CART: RecordDef =
    items!("Goals_ItemsSku_Cart", LEFT, "not deleted and order_id = ''", "sku", "product_sku");
/// Products left in carts by name, and products seen.
pub const ITEMS_NAME_CART: RecordDef =
    items!("Goals_ItemsName_Cart", LEFT, "not deleted and order_id = ''", "name", "product_name");
/// Products left in carts by category, and products seen.
pub const ITEMS_CATEGORY_CART: RecordDef =
    categories!("Goals_ItemsCategory_Cart", LEFT, "not deleted and order_id = ''");
