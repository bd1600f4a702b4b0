//! What a batch of hits changes, summed up: however often a row changed in the batch,
//! the store sees it once, in its last state.

use candor_core::{
    Action, CART_GOAL_ID, Consent, ConsentLink, Conversion, ConversionItem, Day, GoalId, LinkedConsent, SiteId, VisitId,
};
use candor_store::{Batch, LogPosition, TimingUpdate, VisitRef};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Changes of one batch besides the visits themselves.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) actions: Vec<Action>,
    /// Page views of this batch that a later hit may name: place in `actions`.
    pages: HashMap<(VisitId, u32), usize>,
    timings: BTreeMap<(VisitId, u32), TimingUpdate>,
    conversions: BTreeMap<(VisitId, GoalId, u64), Conversion>,
    /// Whole open carts.
    carts: BTreeMap<VisitId, Vec<ConversionItem>>,
    order_items: BTreeMap<(VisitId, String, String), ConversionItem>,
    removed_carts: BTreeMap<VisitId, VisitRef>,
    touched: BTreeSet<(SiteId, Day)>,
    consents: Vec<LinkedConsent>,
}

impl Changes {
    /// For a batch of so many hits.
    pub(crate) fn of(hits: usize) -> Self {
        Self { actions: Vec::with_capacity(hits), ..Self::default() }
    }

    /// A consent record and its place in the chain. No report of visits shows it.
    pub(crate) fn consent(&mut self, consent: &Consent, link: ConsentLink) {
        self.consents.push(LinkedConsent { consent: consent.clone(), link });
    }

    /// Something of this local day changes.
    pub(crate) fn touch(&mut self, site: SiteId, day: Day) {
        self.touched.insert((site, day));
    }

    /// The action pushed last is a page view that later hits may name.
    pub(crate) fn remember_page(&mut self, visit: VisitId, seq: u32) {
        self.pages.insert((visit, seq), self.actions.len().saturating_sub(1));
    }

    /// Loading times of an earlier page view.
    pub(crate) fn time(&mut self, update: TimingUpdate) {
        let key = (update.visit.id, update.seq);
        let timings = match self.pages.get(&key).and_then(|index| self.actions.get_mut(*index)) {
            Some(action) => &mut action.timings,
            None => {
                &mut self.timings.entry(key).or_insert(TimingUpdate { timings: [None; 6], ..update.clone() }).timings
            }
        };
        for (old, new) in timings.iter_mut().zip(update.timings) {
            *old = new.or(*old);
        }
    }

    /// A conversion, or the new state of one.
    pub(crate) fn convert(&mut self, conversion: Conversion) {
        self.touch(conversion.site, conversion.day);
        self.conversions.insert((conversion.visit, conversion.goal, conversion.buster), conversion);
    }

    /// The whole open cart as it is now.
    pub(crate) fn put_cart(&mut self, visit: VisitId, items: Vec<ConversionItem>) {
        self.carts.insert(visit, items);
    }

    /// The items of an order.
    pub(crate) fn put_order(&mut self, items: Vec<ConversionItem>) {
        for item in items {
            self.order_items.insert((item.visit, item.order_id.clone(), item.sku.clone()), item);
        }
    }

    /// The visit's cart, last changed on `day`, became an order.
    pub(crate) fn remove_cart(&mut self, visit: VisitRef, day: Day) {
        self.touch(visit.site, day);
        self.conversions.remove(&(visit.id, CART_GOAL_ID, 0));
        self.carts.remove(&visit.id);
        self.removed_carts.insert(visit.id, visit);
    }

    /// As the store takes it, still without visits, and the local days it touches.
    pub(crate) fn into_batch(self, position: LogPosition) -> (Batch, Vec<(SiteId, Day)>) {
        let batch = Batch {
            new_visits: vec![],
            changed_visits: vec![],
            actions: self.actions,
            timings: self.timings.into_values().collect(),
            conversions: self.conversions.into_values().collect(),
            removed_conversions: self.removed_carts.values().map(|visit| (*visit, CART_GOAL_ID, 0)).collect(),
            items: self.carts.into_values().flatten().chain(self.order_items.into_values()).collect(),
            removed_cart_items: self.removed_carts.into_values().collect(),
            consents: self.consents,
            position,
        };
        (batch, self.touched.into_iter().collect())
    }
}
