//! What the collector may know and ask, put together of the parts that know it.

use candor_admin::{Admin, Role, Salts};
use candor_collect::{Context, Random, Rights};
use candor_core::{Day, SiteId};
use candor_ingest::Orders;
use std::sync::atomic::{AtomicU64, Ordering};

/// Calls `use_` with what the collector may know and ask at this moment.
pub fn with_context<T>(admin: &Admin, salts: &Salts, orders: &Orders, use_: impl FnOnce(&Context<'_>) -> T) -> T {
    use_(&Context {
        settings: &admin.settings(),
        rights: &TokenRights(admin),
        salts: &DaySalts(salts),
        random: &SystemRandom,
        orders,
    })
}

/// Rights of tokens in tracking requests.
struct TokenRights<'a>(&'a Admin);

impl Rights for TokenRights<'_> {
    fn may_write(&self, token: &str, site: SiteId) -> bool {
        self.0.authenticate_token(token, false).is_some_and(|user| user.may(Role::Write, site))
    }

    fn is_super_user(&self, token: &str) -> bool {
        self.0.authenticate_token(token, false).is_some_and(|user| user.super_user)
    }
}

struct DaySalts<'a>(&'a Salts);

impl candor_collect::Salts for DaySalts<'_> {
    fn salt(&self, site: SiteId, day: Day) -> Option<[u8; 32]> {
        self.0
            .salt(site, day)
            .inspect_err(|error| tracing::error!(%error, "the day's salt can't be kept; nothing is collected"))
            .ok()
    }
}

struct SystemRandom;

impl Random for SystemRandom {
    fn next_u64(&self) -> u64 {
        // The system's generator fails only before it is seeded, long before we run; a fixed id would then
        // join strangers' visits, so a counter keeps them apart.
        static COUNTER: AtomicU64 = AtomicU64::new(1);
        getrandom::u64().unwrap_or_else(|_| COUNTER.fetch_add(1, Ordering::Relaxed))
    }
}
