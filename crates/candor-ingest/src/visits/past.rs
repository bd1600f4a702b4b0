//! What a visit must remember of its actions and conversions to record the next ones.
//! Read from the store when the visit is no longer in memory; the same either way.

use candor_core::{ActionKind, ConversionItem, Day, GoalId};
use candor_store::VisitHistory;
use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
};

/// A text of an action, remembered as a hash.
#[derive(Hash, Clone, Copy)]
pub(crate) enum Seen<'a> {
    Url(ActionKind, &'a str),
    Title(ActionKind, &'a str),
    /// The page view that later hits name.
    PageView(&'a str),
}

/// What was in a visit so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Past {
    /// Hash of a [`Seen`] → `seq` of the action that last had it.
    seen: HashMap<u64, u32>,
    /// Conversions so far: (goal, buster) → local day.
    pub(crate) conversions: BTreeMap<(GoalId, u64), Day>,
    /// The open cart by SKU, what was taken out included.
    pub(crate) cart: BTreeMap<String, ConversionItem>,
}

impl Past {
    /// From the store's rows.
    pub(crate) fn of(history: VisitHistory) -> Self {
        let mut past = Self::default();
        for action in &history.actions {
            past.see(Seen::Url(action.kind, &action.url), action.seq);
            past.see(Seen::Title(action.kind, &action.title), action.seq);
            if action.kind == ActionKind::Page && !action.pageview_id.is_empty() {
                past.see(Seen::PageView(&action.pageview_id), action.seq);
            }
        }
        past.conversions = history.conversions.iter().map(|c| ((c.goal, c.buster), c.day)).collect();
        past.cart = history.cart_items.into_iter().map(|item| (item.sku.clone(), item)).collect();
        past
    }

    /// Remembers; true when it is the first time in this visit.
    pub(crate) fn see(&mut self, what: Seen<'_>, seq: u32) -> bool {
        self.seen.insert(hash(what), seq).is_none()
    }

    /// `seq` of the action that last had it.
    pub(crate) fn find(&self, what: Seen<'_>) -> Option<u32> {
        self.seen.get(&hash(what)).copied()
    }
}

fn hash(what: Seen<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
