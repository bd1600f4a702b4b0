//! What is found out about a hit beyond what the request says.
//! Big sources (devices, locations, referrers) come in as values behind the traits of this file.

pub(crate) mod action;
pub(crate) mod campaign;
pub(crate) mod commerce;
pub mod device;
pub(crate) mod dimensions;
pub mod geo;
pub(crate) mod goals;
mod hints;
pub mod language;
pub mod names;
pub(crate) mod origin;
pub(crate) mod pattern;
pub(crate) mod place;
pub mod referrer;
pub(crate) mod search;
pub(crate) mod site_urls;
pub(crate) mod url;
pub(crate) mod variables;

pub use hints::ClientHints;
pub use pattern::is_pattern;

use candor_core::visit::{Device, Location};
use referrer::Source;
use std::{net::IpAddr, sync::Arc};

/// What device detection says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Detection {
    /// Name of the bot, when it is one.
    pub bot: Option<String>,
    /// Device, system and client.
    pub device: Device,
    /// The client is a browser (not an app, library, player…): only then it enters the fingerprint.
    pub client_is_browser: bool,
}

impl Detection {
    /// Desktops have no model: they are all of one kind in reports and segments.
    #[must_use]
    pub(crate) fn with_generic_model(mut self) -> Self {
        if self.device.kind == Some(0) && self.device.model.is_empty() {
            self.device.model = "generic desktop".to_owned();
        }
        self
    }
}

/// Tells devices by their user agent.
pub trait DeviceLookup: Send + Sync {
    /// What stands behind a user agent and its client hints.
    fn detect(&self, user_agent: &str, hints: &ClientHints) -> Detection;
}

/// Tells places by address.
pub trait GeoLookup: Send + Sync {
    /// Where an address is; `None` when it isn't known.
    fn locate(&self, ip: IpAddr) -> Option<Location>;
}

/// Tells who a referrer is.
pub trait ReferrerLookup: Send + Sync {
    /// Search engine, network or (when `assistants`) AI assistant; `None` = just a website.
    fn classify(&self, referrer_url: &str, assistants: bool) -> Option<Source>;
    /// Whether it belongs to a known spammer.
    fn is_spam(&self, referrer_url: &str) -> bool;
}

/// The sources that hits are enriched from.
#[derive(Clone)]
pub struct Enrichers {
    /// Devices.
    pub device: Arc<dyn DeviceLookup>,
    /// Locations.
    pub geo: Arc<dyn GeoLookup>,
    /// Referrers.
    pub referrers: Arc<dyn ReferrerLookup>,
}

impl Default for Enrichers {
    fn default() -> Self {
        Self { device: Arc::new(Unknown), geo: Arc::new(Unknown), referrers: Arc::new(Unknown) }
    }
}

/// Knows nothing: stands in where no data file is given.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

impl DeviceLookup for Unknown {
    fn detect(&self, _: &str, _: &ClientHints) -> Detection {
        Detection::default()
    }
}

impl GeoLookup for Unknown {
    fn locate(&self, _: IpAddr) -> Option<Location> {
        None
    }
}

impl ReferrerLookup for Unknown {
    fn classify(&self, _: &str, _: bool) -> Option<Source> {
        None
    }

    fn is_spam(&self, _: &str) -> bool {
        false
    }
}

impl GeoLookup for geo::Locator {
    fn locate(&self, ip: IpAddr) -> Option<Location> {
        Self::locate(self, ip)
    }
}

impl ReferrerLookup for referrer::Referrers {
    fn classify(&self, referrer_url: &str, assistants: bool) -> Option<Source> {
        self.source(referrer_url, assistants)
    }

    fn is_spam(&self, referrer_url: &str) -> bool {
        Self::is_spam(self, referrer_url)
    }
}
