//! Conversions: goals reached, orders and carts, with their items.

use crate::{
    Day, GoalId, Money, Referrer, Returning, SiteId, VisitId, VisitorId,
    visit::{Device, Location},
};
use serde::{Deserialize, Serialize};

/// Goal id of an order, as in Matomo.
pub const ORDER_GOAL_ID: GoalId = GoalId(0);
/// Goal id of an open (abandoned) cart, as in Matomo.
pub const CART_GOAL_ID: GoalId = GoalId(-1);

/// One conversion, one row. Identified by (visit, goal, `buster`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conversion {
    /// Its site.
    pub site: SiteId,
    /// Its visit.
    pub visit: VisitId,
    /// Who.
    pub visitor: Option<VisitorId>,
    /// Goal, or order, or cart.
    pub goal: GoalId,
    /// 0 for goals reached once a visit and carts; else what tells two conversions of a visit apart.
    pub buster: u64,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// Local day.
    pub day: Day,
    /// The order's id; empty for goals and carts.
    pub order_id: String,
    /// Address on which it happened.
    pub url: String,
    /// Kind of the action that converted (Matomo's number); 0 = none.
    pub action_kind: u8,
    /// `seq` of the action that converted, when there is one.
    pub action_seq: Option<u32>,
    /// Total.
    pub revenue: Money,
    /// Orders: without tax and shipping.
    pub revenue_subtotal: Money,
    /// Orders: tax.
    pub revenue_tax: Money,
    /// Orders: shipping.
    pub revenue_shipping: Money,
    /// Orders: discount.
    pub revenue_discount: Money,
    /// Orders and carts: number of items (sum of quantities).
    pub items: u32,
    /// Page views before it in the visit.
    pub pageviews_before: u32,
    /// Whom it is credited to.
    pub referrer: Referrer,
    /// Copied from the visit.
    pub returning: Returning,
    /// Copied from the visit.
    pub visit_count: u32,
    /// Copied from the visit.
    pub seconds_since_first: Option<u32>,
    /// Copied from the visit.
    pub seconds_since_order: Option<u32>,
    /// Copied from the visit.
    pub location: Location,
    /// Copied from the visit.
    pub device: Device,
    /// Copied from the visit.
    pub dimensions: Vec<String>,
    /// Copied from the visit.
    pub custom_variables: Vec<String>,
    /// Local hour of `at`.
    pub hour: u8,
}

/// One product of an order or cart. Identified by (visit, `order_id`, `sku`); carts have an empty order id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversionItem {
    /// Its site.
    pub site: SiteId,
    /// Its visit.
    pub visit: VisitId,
    /// Who.
    pub visitor: Option<VisitorId>,
    /// The order's id; empty for a cart.
    pub order_id: String,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// Local day.
    pub day: Day,
    /// Product's SKU.
    pub sku: String,
    /// Product's name.
    pub name: String,
    /// At most five.
    pub categories: Vec<String>,
    /// Price of one.
    pub price: Money,
    /// How many.
    pub quantity: u32,
    /// Taken out of the cart again.
    pub deleted: bool,
}
