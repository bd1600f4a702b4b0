//! Goals, orders, carts and products.

use super::{Dimension, Lists, Source, Suggest, Values};
use candor_store::Cell;

const CATEGORY: &str = "Ecommerce";
const MICRO: f64 = 1_000_000.0;

const fn conversion(segment: &'static str, name: &'static str, column: &'static str) -> Dimension {
    Dimension::new(Source::Conversions, segment, name, column)
}

const fn item(segment: &'static str, name: &'static str, column: &'static str) -> Dimension {
    Dimension::new(Source::Items, segment, name, column).category(CATEGORY).filter("not deleted")
}

/// See the module. Goal 0 is an order, -1 an open cart.
pub(super) const ALL: &[Dimension] = &[
    conversion("visitConvertedGoalId", "Visit converted a specific Goal Id", "goal_id").values(Values::Number),
    conversion("visitConvertedGoalName", "Visit converted a specific Goal Name", "goal_id")
        .values(Values::Codes { list: goals, closed: false })
        .suggests(Suggest::Listed),
    conversion("orderId", "Order ID", "order_id").category(CATEGORY).metric().values(Values::Text),
    conversion("revenueOrder", "Order Revenue", "revenue")
        .category(CATEGORY)
        .filter("goal_id = 0")
        .metric()
        .values(Values::Times(MICRO))
        .ordered_only(),
    conversion("revenueAbandonedCart", "Abandoned Cart Revenue", "revenue")
        .category(CATEGORY)
        .filter("goal_id = -1")
        .metric()
        .values(Values::Times(MICRO))
        .ordered_only(),
    item("productSku", "Product SKU", "sku").values(Values::Exact),
    item("productName", "Product Name", "name").values(Values::Exact),
    item("productCategory", "Product Category", "categories").slots("categories", 1, 0).values(Values::Exact),
    item("productPrice", "Product Price", "price").metric().values(Values::Times(MICRO)),
    Dimension::action("productViewSku", "Viewed Product SKU", "product_sku").category(CATEGORY).values(Values::Exact),
    Dimension::action("productViewName", "Viewed Product Name", "product_name")
        .category(CATEGORY)
        .values(Values::Exact),
    Dimension::action("productViewCategory", "Viewed Product Category", "product_categories")
        .category(CATEGORY)
        .slots("product_categories", 1, 0)
        .values(Values::Exact),
    Dimension::action("productViewPrice", "Viewed Product Price", "product_price")
        .category(CATEGORY)
        .metric()
        .values(Values::Times(MICRO)),
];

fn goals(lists: Lists<'_>) -> Vec<(String, Cell)> {
    let goals = lists.site.map(|site| site.goals.as_slice()).unwrap_or_default();
    goals.iter().map(|goal| (goal.name.clone(), Cell::Int(i64::from(goal.id.0)))).collect()
}
