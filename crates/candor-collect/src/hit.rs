//! A clean hit: what is left of a tracking request after enrichment and the privacy rules.
//! Only `privacy::scrub` makes one, or decoding a record of the hit log.

use candor_core::{
    ActionKind, Fingerprint, GoalId, LegalBasis, Money, PageTimings, Referrer, SiteId, Timestamp, VisitorId,
    visit::{Campaign, Device, Location},
};
use serde::{Deserialize, Serialize};
use std::ops::Deref;

/// What [`Hit::decode`] could not read.
#[derive(Debug, thiserror::Error)]
#[error("the hit can't be decoded: {0}")]
pub struct HitDecodeError(#[from] postcard::Error);

/// A clean hit. Fields are read through [`HitFields`]; nothing can change them.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit(HitFields);

impl Hit {
    /// Only `privacy::scrub` may call this.
    pub(crate) fn from_scrubbed(fields: HitFields) -> Self {
        Self(fields)
    }

    /// The same with its order's id known as used before. Takes nothing in that a rule removes.
    pub(crate) fn with_repeated_order(mut self) -> Self {
        if let Some(order) = &mut self.0.commerce {
            order.repeated = true;
        }
        self
    }

    /// Appends the record's bytes.
    ///
    /// # Errors
    /// When a value can't be serialised; none of ours can fail.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), HitDecodeError> {
        *out = postcard::to_extend(&self.0, std::mem::take(out))?;
        Ok(())
    }

    /// Reads what [`Hit::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a hit.
    pub fn decode(bytes: &[u8]) -> Result<Self, HitDecodeError> {
        Ok(Self(postcard::from_bytes(bytes)?))
    }
}

impl Deref for Hit {
    type Target = HitFields;
    fn deref(&self) -> &HitFields {
        &self.0
    }
}

/// Where a visitor id comes from: decides how a visit is looked up (`tracking-semantics.md` §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum VisitorSource {
    /// From `uid`.
    UserId,
    /// `cid`: only this id counts.
    Forced,
    /// `_id` or the third-party cookie.
    Cookie,
}

/// All that a hit says. Texts are raw (never HTML-escaped); empty text = not given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HitFields {
    /// Site.
    pub site: SiteId,
    /// Revision of the settings that applied.
    pub revision: u64,
    /// When it happened (`cdt` or arrival).
    pub at: Timestamp,
    /// Visitor id and its source, when the request gave one.
    pub visitor: Option<(VisitorId, VisitorSource)>,
    /// A random id for the case that this hit opens a visit of someone unknown.
    pub fresh_visitor: VisitorId,
    /// Device recognition for this site and day.
    pub fingerprint: Fingerprint,
    /// `uid`.
    pub user_id: String,
    /// `new_visit=1`.
    pub new_visit: bool,
    /// `ping=1`.
    pub ping: bool,
    /// Masked address.
    pub ip: Vec<u8>,
    /// Where.
    pub location: Location,
    /// The location was given in the request, so it also changes an existing visit.
    pub location_given: bool,
    /// With what.
    pub device: Device,
    /// `WxH` or `unknown`.
    pub resolution: String,
    /// Bits of `candor_core::visit::plugin`.
    pub plugins: u16,
    /// `xx` or `xx-yy`.
    pub language: String,
    /// Visitor's clock, seconds since midnight.
    pub local_time: u32,
    /// Cleaned address of the page on which it happened, whole; empty = none. Conversions keep it.
    pub url: String,
    /// Classified referrer (a campaign included). An empty campaign keyword is completed by
    /// ingest: the running visit's keyword when the campaign is the same, else `keyword_fallback`.
    pub referrer: Referrer,
    /// See `referrer`.
    pub keyword_fallback: String,
    /// Campaign dimensions.
    pub campaign: Campaign,
    /// Whom conversions are credited to, when `_rcn` or `_ref` say so.
    pub attribution: Option<Referrer>,
    /// What was done; `None` for goal, order, cart and ping requests.
    pub action: Option<HitAction>,
    /// Goals reached by this hit: matched patterns, or the one of `idgoal=N`.
    /// Duration goals are added by ingest, which knows the visit.
    pub goals: Vec<MatchedGoal>,
    /// `idgoal=0`.
    pub commerce: Option<Commerce>,
    /// Visit-scope custom dimensions: (slot from 1, value); an empty value clears.
    pub visit_dimensions: Vec<(u32, String)>,
    /// Visit-scope custom variables: (slot from 1, name, value).
    pub visit_variables: Vec<(u32, String, String)>,
    /// Ties hits to a page view.
    pub pageview_id: String,
    /// Page timings; on other hits than page views they belong to the page view with the same `pageview_id`.
    pub timings: PageTimings,
    /// Bytes served.
    pub bandwidth: Option<u64>,
    /// What it rests on. The last field: older records of the hit log end before it.
    pub legal_basis: LegalBasis,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HitAction {
    /// Kind.
    pub kind: ActionKind,
    /// Address, as `candor_core::Action::url`.
    pub url: String,
    /// As `candor_core::Action::url_prefix`.
    pub url_prefix: Option<u8>,
    /// Page title, search keyword or event name.
    pub title: String,
    /// Event or search category.
    pub category: String,
    /// Event action.
    pub event_action: String,
    /// Event value.
    pub event_value: Option<f64>,
    /// Search results.
    pub search_count: Option<u32>,
    /// Content name.
    pub content_name: String,
    /// Content piece.
    pub content_piece: String,
    /// Content target.
    pub content_target: String,
    /// Content interaction.
    pub content_interaction: String,
    /// Product seen, if any.
    pub product: Option<Product>,
    /// Action-scope custom dimensions: (slot from 1, value).
    pub dimensions: Vec<(u32, String)>,
    /// Page-scope custom variables: (slot from 1, name, value).
    pub variables: Vec<(u32, String, String)>,
}

/// A product page's product.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// At most five.
    pub categories: Vec<String>,
    /// Price.
    pub price: Option<Money>,
}

/// A goal that this hit reaches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchedGoal {
    /// Which.
    pub id: GoalId,
    /// Revenue of this conversion.
    pub revenue: Money,
    /// It may be reached several times a visit.
    pub allow_multiple: bool,
}

/// An order or a cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commerce {
    /// Empty = a cart update.
    pub order_id: String,
    /// Grand total.
    pub revenue: Money,
    /// `ec_st`.
    pub subtotal: Money,
    /// `ec_tx`.
    pub tax: Money,
    /// `ec_sh`.
    pub shipping: Money,
    /// `ec_dt`.
    pub discount: Money,
    /// The complete list.
    pub items: Vec<CommerceItem>,
    /// The order's id was used before: the visit counts as one with an order, but no conversion is kept.
    pub repeated: bool,
}

/// One line of an order or cart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CommerceItem {
    /// SKU.
    pub sku: String,
    /// Name.
    pub name: String,
    /// At most five.
    pub categories: Vec<String>,
    /// Price of one.
    pub price: Money,
    /// How many.
    pub quantity: u32,
}
