//! A collector that allows everything, so that inputs reach all of it.
#![expect(clippy::expect_used, reason = "without the device rules half of the work is missing")]

use candor_collect::{
    Collected, Collector, Context, Method, Orders, Random, RequestHeaders, Rights, Salts, TrackingRequest,
    consent::{self, ConsentRequest, Refused},
    enrich::{Enrichers, device::DeviceEngine},
};
use candor_core::{Day, Goal, GoalId, MatchAttribute, Money, PatternType, Settings, SiteId, SiteSettings, Timestamp};
use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    sync::{Arc, OnceLock},
};

struct Yes;

impl Rights for Yes {
    fn may_write(&self, _: &str, _: SiteId) -> bool {
        true
    }
    fn is_super_user(&self, _: &str) -> bool {
        true
    }
}

impl Salts for Yes {
    fn salt(&self, _: SiteId, _: Day) -> Option<[u8; 32]> {
        Some([7; 32])
    }
}

impl Random for Yes {
    fn next_u64(&self) -> u64 {
        7
    }
}

impl Orders for Yes {
    fn claim(&self, _: SiteId, _: &str) -> bool {
        true
    }
    fn release(&self, _: SiteId, _: &str) {}
}

/// What says what it is.
pub(crate) struct Agent<'a> {
    pub(crate) user_agent: &'a str,
    /// Values of [`HINTS`], as far as they go.
    pub(crate) hints: Vec<&'a str>,
}

impl Default for Agent<'_> {
    fn default() -> Self {
        Self { user_agent: "Mozilla/5.0", hints: vec![] }
    }
}

const HINTS: [&str; 6] = [
    "sec-ch-ua",
    "sec-ch-ua-full-version-list",
    "sec-ch-ua-model",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "x-requested-with",
];

/// Collects a request for site 1.
pub(crate) fn collect(method: Method, query: &[u8], body: &[u8], agent: Agent<'_>) -> Collected {
    static COLLECTOR: OnceLock<(Collector, Arc<Settings>)> = OnceLock::new();
    let (collector, settings) = COLLECTOR.get_or_init(|| (collector(), Arc::new(settings())));
    let client_hints: Vec<_> = HINTS.into_iter().zip(agent.hints).collect();
    let headers = RequestHeaders {
        user_agent: agent.user_agent,
        accept_language: agent.user_agent,
        client_hints: &client_hints,
        ..RequestHeaders::default()
    };
    let request = request(method, query, body, headers);
    let context = Context { settings, rights: &Yes, salts: &Yes, random: &Yes, orders: &Yes };
    collector.collect(&request, &context)
}

/// Reads a choice for site 1.
pub(crate) fn read_consent(body: &[u8]) -> Option<Result<ConsentRequest, Refused>> {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    let request = request(Method::Post, b"", body, RequestHeaders::default());
    consent::read(&request, SETTINGS.get_or_init(settings))
}

fn request<'a>(method: Method, query: &'a [u8], body: &'a [u8], headers: RequestHeaders<'a>) -> TrackingRequest<'a> {
    TrackingRequest {
        method,
        query,
        body,
        headers,
        client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        received_at: Timestamp::from_seconds(1_700_000_000),
        secure: false,
    }
}

fn collector() -> Collector {
    let devices = devices().expect("data/devices.bin beside the build output; make it with scripts/set-up");
    let engine = DeviceEngine::open(&devices).expect("the device rules can be read");
    Collector::new(Enrichers { device: Arc::new(engine), ..Enrichers::default() })
}

/// Where the set-up leaves the device rules: in `data` beside the folder that this program was built to.
fn devices() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    program.ancestors().map(|dir| dir.join("data/devices.bin")).find(|path| path.exists())
}

fn settings() -> Settings {
    let mut site = SiteSettings::new(SiteId(1), "Site", &["http://example.org"]);
    site.ecommerce = true;
    site.excluded_params = vec!["secret".into(), "/^sid/".into()];
    site.goals = MatchAttribute::ALL
        .into_iter()
        .zip(PatternType::ALL.into_iter().cycle())
        .zip(1..)
        .map(|(((_, attribute), (_, pattern_type)), id)| Goal {
            id: GoalId(id),
            name: "goal".into(),
            description: String::new(),
            attribute,
            pattern: "a(b|c)+".into(),
            pattern_type,
            case_sensitive: id % 2 == 0,
            allow_multiple: id % 2 == 1,
            revenue: Money::default(),
            event_value_as_revenue: true,
        })
        .collect();
    let mut settings = Settings::default();
    settings.sites.insert(SiteId(1), Arc::new(site));
    settings
}
