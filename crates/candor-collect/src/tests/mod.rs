//! Tests through the public interface: a collector with everything it may ask.

mod canary;
mod consent;
mod requests;

use crate::{
    Collected, Collector, Context, Method, Orders, Random, RequestHeaders, Rights, Salts, TrackingRequest,
    enrich::{ClientHints, Detection, DeviceLookup, Enrichers, referrer::Referrers},
};
use candor_core::{Day, Settings, SiteId, SiteSettings, Timestamp};
use std::{
    collections::HashSet,
    net::IpAddr,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

/// 2023-11-14 22:13:20 UTC.
pub(super) const NOW: i64 = 1_700_000_000;
/// May write to site 1.
pub(super) const WRITER: &str = "writer-token";
/// May do everything.
pub(super) const SUPER: &str = "super-token";

/// Read once: the property tests make many worlds.
static REFERRERS: LazyLock<Arc<Referrers>> = LazyLock::new(|| Arc::new(Referrers::built_in().unwrap()));

/// The world as the tests want it.
pub(super) struct World {
    pub(super) collector: Collector,
    pub(super) settings: Arc<Settings>,
    pub(super) orders: KnownOrders,
    random: Counter,
}

/// Bots say so, everything else is a browser.
struct Devices;

impl DeviceLookup for Devices {
    fn detect(&self, user_agent: &str, _: &ClientHints) -> Detection {
        let bot = user_agent.contains("Bot").then(|| "Bot".to_owned());
        Detection { bot, client_is_browser: true, ..Detection::default() }
    }
}

#[derive(Default)]
pub(super) struct KnownOrders(Mutex<HashSet<(SiteId, String)>>);

impl Orders for KnownOrders {
    fn claim(&self, site: SiteId, order_id: &str) -> bool {
        self.0.lock().unwrap().insert((site, order_id.to_owned()))
    }

    fn release(&self, site: SiteId, order_id: &str) {
        self.0.lock().unwrap().remove(&(site, order_id.to_owned()));
    }
}

struct Counter(AtomicU64);

impl Random for Counter {
    fn next_u64(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

struct Tokens;

impl Rights for Tokens {
    fn may_write(&self, token: &str, site: SiteId) -> bool {
        token == SUPER || (token == WRITER && site == SiteId(1))
    }

    fn is_super_user(&self, token: &str) -> bool {
        token == SUPER
    }
}

struct DaySalts;

impl Salts for DaySalts {
    fn salt(&self, site: SiteId, day: Day) -> Option<[u8; 32]> {
        Some([(site.0 as u8) ^ (day.0 as u8); 32])
    }
}

/// Two sites; `change` adjusts the settings and the first site.
pub(super) fn world(change: impl FnOnce(&mut Settings, &mut SiteSettings)) -> World {
    let mut settings = Settings { revision: 7, ..Settings::default() };
    let mut site = SiteSettings::new(SiteId(1), "Shop", &["https://shop.example"]);
    change(&mut settings, &mut site);
    settings.sites.insert(SiteId(1), Arc::new(site));
    settings.sites.insert(SiteId(2), Arc::new(SiteSettings::new(SiteId(2), "Blog", &["https://blog.example"])));
    let enrichers = Enrichers { device: Arc::new(Devices), referrers: REFERRERS.clone(), ..Enrichers::default() };
    World {
        collector: Collector::new(enrichers),
        settings: Arc::new(settings),
        orders: KnownOrders::default(),
        random: Counter(AtomicU64::new(1)),
    }
}

/// A request of a browser.
pub(super) fn request<'a>(method: Method, query: &'a str, body: &'a str) -> TrackingRequest<'a> {
    TrackingRequest {
        method,
        query: query.as_bytes(),
        body: body.as_bytes(),
        headers: RequestHeaders {
            user_agent: "Browser/1.0",
            accept_language: "de-AT,en;q=0.5",
            ..RequestHeaders::default()
        },
        client_ip: IpAddr::from([203, 0, 113, 77]),
        received_at: Timestamp::from_seconds(NOW),
        secure: true,
    }
}

impl World {
    pub(super) fn send(&self, request: &TrackingRequest) -> Collected {
        let context = Context {
            settings: &self.settings,
            rights: &Tokens,
            salts: &DaySalts,
            random: &self.random,
            orders: &self.orders,
        };
        self.collector.collect(request, &context)
    }

    pub(super) fn get(&self, query: &str) -> Collected {
        self.send(&request(Method::Get, query, ""))
    }

    pub(super) fn post(&self, query: &str, body: &str) -> Collected {
        self.send(&request(Method::Post, query, body))
    }
}

pub(super) fn header<'a>(collected: &'a Collected, name: &str) -> Option<&'a str> {
    collected.reply.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_ref())
}
