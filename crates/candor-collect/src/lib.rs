//! A tracking request becomes zero or more clean hits, and what the caller is told.
//!
//! Owns: reading requests and bulk bodies, exclusions, the fingerprint, enrichment
//! (device, location, referrer, campaign, URL, search, goals, dimensions), the privacy rules, the reply.
//! Never: writes, logs a raw value, opens a socket, asks a database. Opened data files, day salts
//! and rights come in as values. Raw requests are private types; only [`Hit`] leaves.
//! Read first: [`Collector`], [`TrackingRequest`], [`Hit`].
//! To add a privacy rule: one file in `privacy/rules/`, listed in `privacy::RULES`.

mod authority;
mod bulk;
mod collector;
pub mod consent;
mod cookies;
pub mod enrich;
mod exclude;
mod fingerprint;
mod hit;
mod outcome;
pub mod privacy;
mod raw;
mod read;
mod reply;
mod request;
mod rules;
mod text;
mod visitor;
mod when;

pub use collector::Collector;
pub use cookies::{IGNORE_COOKIE, has_opted_out};
pub use enrich::is_pattern;
pub use exclude::is_address_block;

pub use hit::{Commerce, CommerceItem, Hit, HitAction, HitDecodeError, HitFields, MatchedGoal, Product, VisitorSource};
pub use outcome::{Collected, DropReason, FailureReason, Refusal, TrackingFailure};
pub use reply::{Header, PIXEL, Reply};
pub use request::{Context, Method, Orders, Random, RequestHeaders, Rights, Salts, TrackingRequest};

#[cfg(test)]
mod tests;
