//! HTTP: tracking endpoint, Matomo's API façade and its formats, our own API, sessions, static files,
//! health, metrics, shutdown.
//!
//! Owns: what goes over the wire and who may ask for what.
//! Never: computes a number or decides a rule; it translates between HTTP and the crates below.
//! Read first: [`Server`], [`Options`], `router.rs`, `matomo_api/mod.rs`.
//! To add a method of Matomo's API: one function in `matomo_api/modules/<module>.rs` and one row in its table.

mod api_v1;
mod app;
mod assets;
mod auth;
mod client_ip;
mod connections;
mod consent;
mod failures;
mod health;
mod http;
mod matomo_api;
mod metrics;
mod opt_out;
mod request_line;
mod router;
mod server;
mod shown_texts;
mod tracking;

pub use app::Options;
pub use server::{Server, ServerError, ServerHandle};
