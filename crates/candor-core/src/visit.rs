//! A visit: actions of one visitor without a 30-minute gap, as the store keeps it.
//! All times are whole seconds since 1970 UTC, texts are raw (never HTML-escaped), codes are Matomo's.

use crate::{Day, Fingerprint, SiteId, VisitId, VisitorId};
use serde::{Deserialize, Serialize};

/// Where a visit came from. Numbers are Matomo's and are what the store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum ReferrerType {
    /// Typed, bookmarked or unknown.
    #[default]
    Direct = 1,
    /// A search engine.
    Search = 2,
    /// Another website.
    Website = 3,
    /// A tagged link.
    Campaign = 6,
    /// A social network.
    Social = 7,
    /// An AI assistant (option).
    AiAssistant = 8,
}

impl ReferrerType {
    /// Every type with its code in segments.
    pub const ALL: [(&'static str, Self); 6] = [
        ("direct", Self::Direct),
        ("search", Self::Search),
        ("website", Self::Website),
        ("campaign", Self::Campaign),
        ("social", Self::Social),
        ("aiassistant", Self::AiAssistant),
    ];

    /// From the stored number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().map(|(_, t)| *t).find(|t| *t as u8 == number)
    }
}

/// A classified referrer. Empty text = none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referrer {
    /// Kind.
    pub kind: ReferrerType,
    /// Search engine, host, network or campaign.
    pub name: String,
    /// Search or campaign keyword.
    pub keyword: String,
    /// Cleaned URL.
    pub url: String,
}

/// Whether the visitor was here before (Matomo's `visitor_returning`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Returning {
    /// First visit.
    #[default]
    New = 0,
    /// Seen before.
    Returning = 1,
    /// Had ordered before the previous visit, or orders in this visit's first hit.
    Customer = 2,
}

/// What a hit rests on, and a visit: an exempt visit has only exempt hits, a consented one only consented ones, every other
/// is unstated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum LegalBasis {
    /// Nothing was said; it is kept as it came, as Matomo does.
    #[default]
    Unstated = 0,
    /// No consent was given: it has no visitor id, and what is kept of it is coarse.
    Exempt = 1,
    /// The page said that this visitor consented (`consent=1`).
    Consented = 2,
}

impl LegalBasis {
    /// Every basis with its name in segments.
    pub const ALL: [(&'static str, Self); 3] =
        [("unstated", Self::Unstated), ("exempt", Self::Exempt), ("consented", Self::Consented)];

    /// From the stored number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.iter().map(|(_, basis)| *basis).find(|basis| *basis as u8 == number)
    }
}

/// What a device is, in Matomo's codes. Empty = unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Short code of the operating system (`WIN`, `AND`).
    pub os: String,
    /// Version, at most two parts.
    pub os_version: String,
    /// `browser`, `mobile app`, `library`…; empty when unknown.
    pub client_type: String,
    /// Short code of the browser (`FF`), or the client's name when it is not a browser.
    pub browser: String,
    /// Version, at most two parts.
    pub browser_version: String,
    /// `Blink`, `Gecko`…
    pub browser_engine: String,
    /// Matomo's number of the type (0 desktop … 13 peripheral).
    pub kind: Option<u8>,
    /// Brand as stored: its name.
    pub brand: String,
    /// Model.
    pub model: String,
}

/// Where a visit was. Empty = unknown (`country` is then `xx`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// ISO 3166-1 alpha-2, lower case.
    pub country: String,
    /// ISO 3166-2 subdivision, without the country.
    pub region: String,
    /// City's name.
    pub city: String,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

/// A browser plugin or ability: one bit each of [`Visit::plugins`].
pub mod plugin {
    /// Name in reports and bit, in Matomo's order.
    pub const ALL: [(&str, u16); 8] = [
        ("cookie", 1),
        ("flash", 2),
        ("java", 4),
        ("pdf", 8),
        ("quicktime", 16),
        ("realplayer", 32),
        ("silverlight", 64),
        ("windowsmedia", 128),
    ];
}

/// The campaign dimensions beyond name and keyword. Empty = none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// `mtm_campaign` and the like.
    pub name: String,
    /// `mtm_keyword` and the like.
    pub keyword: String,
    /// `mtm_source` and the like.
    pub source: String,
    /// `mtm_medium` and the like.
    pub medium: String,
    /// `mtm_content` and the like.
    pub content: String,
    /// `mtm_cid` and the like.
    pub id: String,
    /// `mtm_group`.
    pub group: String,
    /// `mtm_placement`.
    pub placement: String,
}

/// One visit, one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Its site.
    pub site: SiteId,
    /// Its number.
    pub id: VisitId,
    /// Who; nobody knows of exempt visits.
    pub visitor: Option<VisitorId>,
    /// The fingerprint of the hit that opened it.
    pub fingerprint: Fingerprint,
    /// The site's own id of the visitor; empty = none.
    pub user_id: String,
    /// Local day of the **last** action: the day the visit is counted on.
    pub day: Day,
    /// First action, seconds.
    pub first_at: i64,
    /// Last action, seconds; pings don't move it.
    pub last_at: i64,
    /// Local hour of the first action, 0–23.
    pub hour: u8,
    /// Duration in seconds, `visit_total_time`.
    pub total_time: u32,
    /// Pages, downloads, outlinks, searches, events.
    pub actions: u32,
    /// Page views and searches.
    pub interactions: u32,
    /// Site searches.
    pub searches: u32,
    /// Events.
    pub events: u32,
    /// First page's URL without scheme and `www.`; empty = none.
    pub entry_url: String,
    /// First page's (or search's) title.
    pub entry_title: String,
    /// Last page's URL, likewise.
    pub exit_url: String,
    /// Last page's (or search's) title.
    pub exit_title: String,
    /// What `entry_title` / `exit_title` are: 4 page title, 8 search keyword (Matomo's action types).
    pub entry_title_kind: u8,
    /// See `entry_title_kind`.
    pub exit_title_kind: u8,
    /// Where from.
    pub referrer: Referrer,
    /// Campaign dimensions.
    pub campaign: Campaign,
    /// Masked address, 4 or 16 bytes.
    pub ip: Vec<u8>,
    /// Where.
    pub location: Location,
    /// With what.
    pub device: Device,
    /// `1920x1080` or `unknown`.
    pub resolution: String,
    /// Bits of [`plugin::ALL`].
    pub plugins: u16,
    /// `xx` or `xx-yy`.
    pub language: String,
    /// Visitor's clock at the first hit: seconds since midnight.
    pub local_time: u32,
    /// New, returning, customer.
    pub returning: Returning,
    /// How many visits this visitor had, this one included.
    pub visit_count: u32,
    /// Seconds since the visitor's first visit began; `None` when unknown.
    pub seconds_since_first: Option<u32>,
    /// Seconds since the previous visit began; 0 for the first.
    pub seconds_since_last: u32,
    /// Seconds since the last order; `None` = never ordered.
    pub seconds_since_order: Option<u32>,
    /// A goal or order was reached.
    pub converted: bool,
    /// 0 nothing, 1 ordered, 2 open cart, 3 ordered, then open cart.
    pub buyer: u8,
    /// A visitor id was sent with some hit.
    pub profilable: bool,
    /// Values of visit-scope custom dimensions by slot (index 0 = slot 1); shorter when the rest is unset.
    pub dimensions: Vec<String>,
    /// Visit-scope custom variables: name 1, value 1, name 2, value 2…
    pub custom_variables: Vec<String>,
    /// How many rows the visit has in `actions`: the next action's `seq`.
    pub action_rows: u32,
    /// What its hits rest on.
    pub legal_basis: LegalBasis,
}
