//! Sends the demo's traffic: into an open data directory, or through whatever takes bulk requests.

use super::{DemoHit, GOALS, Options, SITE_NAME, SITE_URL, Traffic};
use crate::instance::Instance;
use candor_admin::AdminError;
use candor_collect::{Method, RequestHeaders, TrackingRequest};
use candor_core::{Goal, GoalId, MatchAttribute, Money, PatternType, SiteId, SiteZone, Timestamp};
use std::net::{IpAddr, Ipv4Addr};

/// Hits of one bulk request.
pub const BATCH: usize = 500;

/// Why the demo stopped.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// The demo site can't be made.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// Hits were not taken.
    #[error("{0}")]
    Refused(String),
}

/// Makes the demo site with its goals; the one that is there already when there is one. Then the seed changes:
/// the same traffic once more would be nothing new, and its orders would be refused as repeated.
///
/// # Errors
/// When the settings can't be changed.
pub fn site(admin: &candor_admin::Admin, first: Timestamp, options: &mut Options) -> Result<SiteId, AdminError> {
    if let Some(site) = admin.settings().sites.values().find(|s| s.name == SITE_NAME) {
        options.seed = options.seed.rotate_left(32) ^ options.end.0.cast_unsigned();
        return Ok(site.id);
    }
    let site = admin.add_site(|site| {
        site.name = SITE_NAME.into();
        site.urls = vec![SITE_URL.into()];
        site.currency = "EUR".into();
        site.ecommerce = true;
        site.created_at = first;
        if let Some(berlin) = SiteZone::parse("Europe/Berlin") {
            site.zone = berlin;
        }
    })?;
    for (name, attribute, pattern, revenue) in GOALS {
        admin.add_goal(
            site,
            Goal {
                id: GoalId(0),
                name: name.into(),
                description: String::new(),
                attribute: MatchAttribute::parse(attribute).unwrap_or(MatchAttribute::Url),
                pattern: pattern.into(),
                pattern_type: PatternType::Contains,
                case_sensitive: false,
                allow_multiple: false,
                revenue: Money::from_units(revenue),
                event_value_as_revenue: false,
            },
        )?;
    }
    Ok(site)
}

/// Sends all traffic in bulk bodies to `send`, oldest first; `progress` hears how many hits were sent so far.
///
/// # Errors
/// What `send` says.
pub fn in_batches(
    options: Options,
    site: SiteId,
    token: &str,
    mut send: impl FnMut(String) -> Result<(), FillError>,
    mut progress: impl FnMut(u64),
) -> Result<u64, FillError> {
    let mut traffic = Traffic::new(options).peekable();
    let mut sent = 0;
    while traffic.peek().is_some() {
        let batch: Vec<DemoHit> = traffic.by_ref().take(BATCH).collect();
        let entries: Vec<String> =
            batch.iter().map(|hit| format!("\"?idsite={site}&cdt={}&{}\"", hit.at, hit.query)).collect();
        send(format!("{{\"token_auth\":\"{token}\",\"requests\":[{}]}}", entries.join(",")))?;
        sent += batch.len() as u64;
        progress(sent);
    }
    Ok(sent)
}

/// One bulk body into an open data directory, on the road of all hits. Waits while the queue is full.
///
/// # Errors
/// When hits are refused or can't be made durable.
pub fn send_to(instance: &Instance, body: &str) -> Result<(), FillError> {
    let request = TrackingRequest {
        method: Method::Post,
        query: b"",
        body: body.as_bytes(),
        headers: RequestHeaders::default(),
        client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        received_at: instance.clock.now(),
        secure: false,
    };
    let collected = instance.with_context(|context| instance.collector.collect(&request, context));
    if let Some(refusal) = collected.refused.first() {
        return Err(FillError::Refused(format!("hits of the demo were refused: {refusal}")));
    }
    if let Some(reason) = collected.drops.first() {
        return Err(FillError::Refused(format!("hits of the demo were left out: {}", reason.name())));
    }
    loop {
        match instance.ingest.append(&collected.hits) {
            Ok(append) => return append.wait().map_err(|e| FillError::Refused(e.to_string())),
            // The queue is full: there is room again when the store has what waits.
            Err(_) if instance.ingest.wait_applied() => {}
            Err(overloaded) => return Err(FillError::Refused(overloaded.to_string())),
        }
    }
}
