//! What the process counts of itself, as Prometheus text.

use candor_collect::{DropReason, Refusal};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use std::sync::atomic::AtomicU64;

/// Which part of the server answered, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Answered {
    /// `api`, `v1`, `page`.
    pub(crate) endpoint: &'static str,
    /// HTTP status.
    pub(crate) status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Why {
    reason: &'static str,
}

/// The counters.
pub(crate) struct Metrics {
    registry: Registry,
    /// Requests by endpoint and status, tracking apart.
    pub(crate) requests: Family<Answered, Counter>,
    /// Tracking requests.
    pub(crate) tracking_requests: Counter,
    /// Hits on disk.
    pub(crate) hits: Counter,
    /// Tracking requests answered 503.
    pub(crate) overloads: Counter,
    /// Duration of API calls.
    pub(crate) api_seconds: Histogram,
    /// Open connections.
    pub(crate) connections: Gauge,
    /// Hits in the log that the store doesn't have yet.
    pub(crate) lag_hits: Gauge,
    /// How long the oldest of them is in the log.
    pub(crate) lag_seconds: Gauge<f64, AtomicU64>,
    drops: Family<Why, Counter>,
    refusals: Family<Why, Counter>,
    consent_refusals: Family<Why, Counter>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("candor");
        let metrics = Self {
            requests: Family::default(),
            tracking_requests: Counter::default(),
            hits: Counter::default(),
            overloads: Counter::default(),
            api_seconds: Histogram::new(exponential_buckets(0.001, 4.0, 8)),
            connections: Gauge::default(),
            lag_hits: Gauge::default(),
            lag_seconds: Gauge::default(),
            drops: Family::default(),
            refusals: Family::default(),
            consent_refusals: Family::default(),
            registry: Registry::default(),
        };
        registry.register("requests", "Requests but for tracking", metrics.requests.clone());
        registry.register("tracking_requests", "Tracking requests", metrics.tracking_requests.clone());
        registry.register("hits", "Hits synced to the log", metrics.hits.clone());
        registry.register("hits_refused", "Hits refused for what they say", metrics.refusals.clone());
        let help = "Consent records refused for what they say";
        registry.register("consents_refused", help, metrics.consent_refusals.clone());
        registry.register("hits_dropped", "Hits left out by a rule", metrics.drops.clone());
        registry.register("overloads", "Tracking requests answered 503", metrics.overloads.clone());
        registry.register_with_unit("api", "Duration of API calls", Unit::Seconds, metrics.api_seconds.clone());
        registry.register("connections", "Open connections", metrics.connections.clone());
        registry.register("store_lag_hits", "Hits in the log that reports lack yet", metrics.lag_hits.clone());
        let help = "How long the oldest hit that reports lack is in the log";
        registry.register_with_unit("store_lag", help, Unit::Seconds, metrics.lag_seconds.clone());
        Self { registry, ..metrics }
    }

    /// Counts hits that a rule left out.
    pub(crate) fn drop_hit(&self, reason: DropReason) {
        tracing::debug!(reason = reason.name(), "a hit was left out by a rule");
        self.drops.get_or_create(&Why { reason: reason.name() }).inc();
    }

    /// Counts a hit, or a whole body, that was refused.
    pub(crate) fn refuse_hit(&self, refusal: Refusal) {
        tracing::debug!(reason = %refusal, "a hit was refused");
        self.refusals.get_or_create(&Why { reason: refusal.name() }).inc();
    }

    /// Counts a consent record that was refused.
    pub(crate) fn refuse_consent(&self, reason: &'static str) {
        tracing::debug!(reason, "a consent record was refused");
        self.consent_refusals.get_or_create(&Why { reason }).inc();
    }

    /// Prometheus' text format.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        if text::encode(&mut out, &self.registry).is_err() {
            tracing::error!("the metrics can't be written");
        }
        out
    }
}
