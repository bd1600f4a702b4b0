//! Order ids that were used, so that a repeated order is refused before it reaches the log.
//! Holds a 64-bit hash an order: 16 MB for a million orders.

use candor_core::SiteId;
use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, PoisonError},
};

/// Every order so far, those in flight included.
#[derive(Debug, Default)]
pub struct Orders {
    seen: Mutex<HashSet<u64>>,
}

impl Orders {
    /// From the store's orders.
    pub(crate) fn load(orders: Vec<(SiteId, String)>) -> Self {
        Self { seen: Mutex::new(orders.iter().map(|(site, id)| hash(*site, id)).collect()) }
    }

    /// Takes an order id; false when the site has used it before. Call before the append.
    #[must_use]
    pub fn claim(&self, site: SiteId, order_id: &str) -> bool {
        self.lock().insert(hash(site, order_id))
    }

    /// Gives a claimed id back, when its append failed.
    pub fn release(&self, site: SiteId, order_id: &str) {
        self.lock().remove(&hash(site, order_id));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<u64>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So that the collector can ask.
impl candor_collect::Orders for Orders {
    fn claim(&self, site: SiteId, order_id: &str) -> bool {
        self.claim(site, order_id)
    }

    fn release(&self, site: SiteId, order_id: &str) {
        self.release(site, order_id);
    }
}

fn hash(site: SiteId, order_id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (site, order_id).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_id_is_used_once_a_site() {
        let orders = Orders::load(vec![(SiteId(1), "A-1".into())]);
        assert!(!orders.claim(SiteId(1), "A-1"));
        assert!(orders.claim(SiteId(2), "A-1"));
        assert!(orders.claim(SiteId(1), "A-2"));
        assert!(!orders.claim(SiteId(1), "A-2"), "in flight counts");
        orders.release(SiteId(1), "A-2");
        assert!(orders.claim(SiteId(1), "A-2"));
    }
}
