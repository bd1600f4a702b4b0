//! The logical schema, the same in every engine: names and types of all columns.
//! Migrations of each engine must produce it; a contract test compares.

/// A column's logical type. Nothing is nullable unless it says so; unknown text is `''`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// 64-bit integer.
    Int,
    /// 64-bit unsigned.
    UInt64,
    /// Nullable 64-bit unsigned.
    OptUInt64,
    /// 32-bit unsigned.
    UInt32,
    /// 16-bit unsigned.
    UInt16,
    /// 8-bit unsigned.
    UInt8,
    /// Nullable 32-bit unsigned.
    OptUInt32,
    /// Nullable 8-bit unsigned.
    OptUInt8,
    /// 32-bit integer (days, goal ids).
    Int32,
    /// Nullable float.
    OptFloat,
    /// Nullable 64-bit integer.
    OptInt,
    /// Boolean.
    Bool,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// List of texts.
    Texts,
}

/// Columns of a table, in physical order.
pub type Columns = &'static [(&'static str, ColumnType)];

use ColumnType::{
    Bool, Bytes, Int, Int32, OptFloat, OptInt, OptUInt8, OptUInt32, OptUInt64, Text, Texts, UInt8, UInt16, UInt32,
    UInt64,
};

/// One row a visit. Times are seconds since 1970 UTC; `day` is the site-local day of `last_at`.
pub const VISITS: Columns = &[
    ("site_id", UInt32),
    ("visit_id", UInt64),
    ("visitor_id", OptUInt64),
    ("fingerprint", UInt64),
    ("user_id", Text),
    ("day", Int32),
    ("first_at", Int),
    ("last_at", Int),
    ("hour", UInt8),
    ("total_time", UInt32),
    ("actions", UInt32),
    ("interactions", UInt32),
    ("searches", UInt32),
    ("events", UInt32),
    ("entry_url", Text),
    ("entry_title", Text),
    ("entry_title_kind", UInt8),
    ("exit_url", Text),
    ("exit_title", Text),
    ("exit_title_kind", UInt8),
    ("referrer_type", UInt8),
    ("referrer_name", Text),
    ("referrer_keyword", Text),
    ("referrer_url", Text),
    ("campaign_name", Text),
    ("campaign_keyword", Text),
    ("campaign_source", Text),
    ("campaign_medium", Text),
    ("campaign_content", Text),
    ("campaign_id", Text),
    ("campaign_group", Text),
    ("campaign_placement", Text),
    ("ip", Bytes),
    ("country", Text),
    ("region", Text),
    ("city", Text),
    ("latitude", OptFloat),
    ("longitude", OptFloat),
    ("os", Text),
    ("os_version", Text),
    ("client_type", Text),
    ("browser", Text),
    ("browser_version", Text),
    ("browser_engine", Text),
    ("device_type", OptUInt8),
    ("device_brand", Text),
    ("device_model", Text),
    ("resolution", Text),
    ("plugins", UInt16),
    ("language", Text),
    ("local_time", UInt32),
    ("returning", UInt8),
    ("visit_count", UInt32),
    ("seconds_since_first", OptUInt32),
    ("seconds_since_last", UInt32),
    ("seconds_since_order", OptUInt32),
    ("converted", Bool),
    ("buyer", UInt8),
    ("profilable", Bool),
    ("dimensions", Texts),
    ("custom_variables", Texts),
    ("action_rows", UInt32),
    ("legal_basis", UInt8),
];

/// One row an action.
pub const ACTIONS: Columns = &[
    ("site_id", UInt32),
    ("visit_id", UInt64),
    ("visitor_id", OptUInt64),
    ("seq", UInt32),
    ("at", Int),
    ("day", Int32),
    ("kind", UInt8),
    ("url", Text),
    ("url_prefix", OptUInt8),
    ("title", Text),
    ("previous_url", Text),
    ("previous_title", Text),
    ("previous_title_kind", UInt8),
    ("time_spent", UInt32),
    ("first_url", Bool),
    ("first_title", Bool),
    ("pageview_position", UInt32),
    ("pageview_id", Text),
    ("category", Text),
    ("event_action", Text),
    ("event_value", OptFloat),
    ("search_count", OptUInt32),
    ("content_name", Text),
    ("content_piece", Text),
    ("content_target", Text),
    ("content_interaction", Text),
    ("product_sku", Text),
    ("product_name", Text),
    ("product_categories", Texts),
    ("product_price", OptInt),
    ("time_network", OptUInt32),
    ("time_server", OptUInt32),
    ("time_transfer", OptUInt32),
    ("time_dom_processing", OptUInt32),
    ("time_dom_completion", OptUInt32),
    ("time_on_load", OptUInt32),
    ("bandwidth", OptInt),
    ("dimensions", Texts),
    ("custom_variables", Texts),
];

/// One row a conversion.
pub const CONVERSIONS: Columns = &[
    ("site_id", UInt32),
    ("visit_id", UInt64),
    ("visitor_id", OptUInt64),
    ("goal_id", Int32),
    ("buster", UInt64),
    ("at", Int),
    ("day", Int32),
    ("order_id", Text),
    ("url", Text),
    ("action_kind", UInt8),
    ("action_seq", OptUInt32),
    ("revenue", Int),
    ("revenue_subtotal", Int),
    ("revenue_tax", Int),
    ("revenue_shipping", Int),
    ("revenue_discount", Int),
    ("items", UInt32),
    ("pageviews_before", UInt32),
    ("referrer_type", UInt8),
    ("referrer_name", Text),
    ("referrer_keyword", Text),
    ("referrer_url", Text),
    ("returning", UInt8),
    ("visit_count", UInt32),
    ("seconds_since_first", OptUInt32),
    ("seconds_since_order", OptUInt32),
    ("country", Text),
    ("region", Text),
    ("city", Text),
    ("latitude", OptFloat),
    ("longitude", OptFloat),
    ("os", Text),
    ("os_version", Text),
    ("client_type", Text),
    ("browser", Text),
    ("browser_version", Text),
    ("browser_engine", Text),
    ("device_type", OptUInt8),
    ("device_brand", Text),
    ("device_model", Text),
    ("dimensions", Texts),
    ("custom_variables", Texts),
    ("hour", UInt8),
];

/// One row a product of an order or cart (carts: empty `order_id`).
pub const CONVERSION_ITEMS: Columns = &[
    ("site_id", UInt32),
    ("visit_id", UInt64),
    ("visitor_id", OptUInt64),
    ("order_id", Text),
    ("at", Int),
    ("day", Int32),
    ("sku", Text),
    ("name", Text),
    ("categories", Texts),
    ("price", Int),
    ("quantity", UInt32),
    ("deleted", Bool),
];

/// One row a consent record, as `candor_core::Consent`; nothing in it is of the visitor.
pub const CONSENTS: Columns = &[
    ("number", UInt64),
    ("site_id", UInt32),
    ("at", Int),
    ("day", Int32),
    ("choice", Text),
    ("receipt", Text),
    ("purposes", Texts),
    ("version", Text),
    ("text_hash", Text),
    ("language", Text),
    ("how", Text),
    ("signals", Text),
    ("expires", Int),
    ("hash", Text),
    ("regime", Text),
];

/// All tables with their columns. Besides these there is `log_position(next_seq)` with one row.
pub const TABLES: [(&str, Columns); 5] = [
    ("visits", VISITS),
    ("actions", ACTIONS),
    ("conversions", CONVERSIONS),
    ("conversion_items", CONVERSION_ITEMS),
    ("consents", CONSENTS),
];
