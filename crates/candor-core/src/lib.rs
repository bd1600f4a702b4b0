//! The nouns of Candor: plain data and pure rules.
//!
//! Owns: ids, times and site zones, money, sites with their goals and dimensions,
//! the settings snapshot, visits, actions, conversions and consents as they are stored,
//! PHP-style request parameters, and the vocabulary of codes and names.
//! Never: I/O, async, HTTP, SQL, reading the time.
//! Read first: [`settings::Settings`], [`visit::Visit`], [`action::Action`].
//! To add a stored value: a field here, its column in `candor_store::schema`,
//! its setter in `candor_collect::enrich`.

pub mod action;
pub mod consent;
pub mod conversion;
pub mod ids;
pub mod money;
pub mod params;
pub mod regime;
pub mod settings;
pub mod site;
pub mod time;
pub mod visit;
pub mod vocabulary;

pub use action::{Action, ActionKind, PageTimings};
pub use consent::{Choice, Consent, ConsentLink, How, LinkedConsent, ReceiptId};
pub use conversion::{CART_GOAL_ID, Conversion, ConversionItem, ORDER_GOAL_ID};
pub use ids::{Fingerprint, GoalId, SiteId, VisitId, VisitorId};
pub use money::Money;
pub use params::{ParamValue, Params};
pub use settings::{RevisionError, Settings, SettingsLookup};
pub use site::{CustomDimension, DimensionScope, Goal, MatchAttribute, PatternType, Signals, SiteSettings, SiteType};
pub use time::{Clock, Day, SiteZone, Timestamp};
pub use visit::{LegalBasis, Referrer, ReferrerType, Returning, Visit};
pub use vocabulary::Vocabulary;
