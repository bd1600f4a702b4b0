//! An action: what a hit records. One row each, written once.

use crate::{Day, SiteId, VisitId, VisitorId};
use serde::{Deserialize, Serialize};

/// What kind of action. Numbers are Matomo's action types and are what the store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum ActionKind {
    /// A page view.
    Page = 1,
    /// A click on a link to another site.
    Outlink = 2,
    /// A download.
    Download = 3,
    /// A search on the site.
    Search = 8,
    /// An event.
    Event = 10,
    /// A content impression or interaction.
    Content = 13,
}

impl ActionKind {
    /// Every kind with its code in the `actionType` segment.
    pub const ALL: [(&'static str, Self); 6] = [
        ("pageviews", Self::Page),
        ("contents", Self::Content),
        ("sitesearches", Self::Search),
        ("events", Self::Event),
        ("outlinks", Self::Outlink),
        ("downloads", Self::Download),
    ];

    /// From the stored number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().map(|(_, k)| *k).find(|k| *k as u8 == number)
    }
}

/// Milliseconds of a page's loading, in the order network, server, transfer, DOM processing,
/// DOM completion, on-load. `None` = not sent.
pub type PageTimings = [Option<u32>; 6];

/// One action, one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Its site.
    pub site: SiteId,
    /// Its visit.
    pub visit: VisitId,
    /// The visit's visitor when it was recorded.
    pub visitor: Option<VisitorId>,
    /// Ordinal within the visit, from 0.
    pub seq: u32,
    /// When, seconds since 1970 UTC.
    pub at: i64,
    /// Local day.
    pub day: Day,
    /// What.
    pub kind: ActionKind,
    /// The address: for pages and events without scheme and `www.` (see `url_prefix`), for others whole; empty = none.
    pub url: String,
    /// What was cut from `url`: 0 `http://`, 1 `http://www.`, 2 `https://`, 3 `https://www.`; `None` = nothing.
    pub url_prefix: Option<u8>,
    /// Page title, search keyword or event name, by kind; empty = none.
    pub title: String,
    /// URL of the page before this action in the visit (as `url` of a page); empty = none.
    pub previous_url: String,
    /// Title of the page (or the search keyword) before this action; empty = none.
    pub previous_title: String,
    /// What `previous_title` is: 4 page title, 8 search keyword, 0 nothing.
    pub previous_title_kind: u8,
    /// Seconds spent on the page before, 0–1800.
    pub time_spent: u32,
    /// First action of this kind with this `url` in the visit (searches: with this keyword).
    pub first_url: bool,
    /// First action of this kind with this `title` in the visit.
    pub first_title: bool,
    /// Ordinal of the page view this belongs to, from 1.
    pub pageview_position: u32,
    /// Six characters that tie hits to a page view; empty = none.
    pub pageview_id: String,
    /// Event category, or search category.
    pub category: String,
    /// Event action.
    pub event_action: String,
    /// Event value.
    pub event_value: Option<f64>,
    /// Number of search results; `None` = not sent.
    pub search_count: Option<u32>,
    /// Content name.
    pub content_name: String,
    /// Content piece.
    pub content_piece: String,
    /// Content target.
    pub content_target: String,
    /// Content interaction; empty = an impression.
    pub content_interaction: String,
    /// Product seen: SKU, name, categories (at most 5), price.
    pub product_sku: String,
    /// Product's name.
    pub product_name: String,
    /// Product's categories.
    pub product_categories: Vec<String>,
    /// Product's price in micro-units.
    pub product_price: Option<i64>,
    /// Loading times.
    pub timings: PageTimings,
    /// Bytes served.
    pub bandwidth: Option<u64>,
    /// Values of action-scope custom dimensions by slot (index 0 = slot 1).
    pub dimensions: Vec<String>,
    /// Page-scope custom variables: name 1, value 1…
    pub custom_variables: Vec<String>,
}
