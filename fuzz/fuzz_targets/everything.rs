//! A collector that allows everything, so that the fuzzer reaches all of it.

use candor_collect::{
    Collected, Collector, Context, Method, Orders, Random, RequestHeaders, Rights, Salts, TrackingRequest,
    enrich::Enrichers,
};
use candor_core::{Day, Settings, SiteId, SiteSettings, Timestamp};
use std::{
    net::{IpAddr, Ipv4Addr},
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

pub fn collect(method: Method, query: &[u8], body: &[u8]) -> Collected {
    static COLLECTOR: OnceLock<(Collector, Arc<Settings>)> = OnceLock::new();
    let (collector, settings) = COLLECTOR.get_or_init(|| {
        let mut settings = Settings::default();
        settings.sites.insert(SiteId(1), Arc::new(SiteSettings::new(SiteId(1), "Site", &["http://example.org"])));
        (Collector::new(Enrichers::default()), Arc::new(settings))
    });
    let request = TrackingRequest {
        method,
        query,
        body,
        headers: RequestHeaders { user_agent: "Mozilla/5.0", ..RequestHeaders::default() },
        client_ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        received_at: Timestamp::from_seconds(1_700_000_000),
        secure: false,
    };
    let context = Context { settings, rights: &Yes, salts: &Yes, random: &Yes, orders: &Yes };
    collector.collect(&request, &context)
}
