//! The visits in memory: a bounded cache of the store, indexed by visitor id and fingerprint.
//!
//! For each key it knows which visits it may be missing: those that rank below the key's
//! *horizon*. So a search is answered exactly, or with "unknown", never wrongly; then the store
//! is asked (`lookup`). Ranking is by last action, then id, as in [`candor_store::VisitLookup`].

use crate::{
    changes::Changes,
    visits::{
        OpenVisit, Rules,
        past::Past,
        recognise::{Key, Search, accepts, searches},
    },
};
use candor_collect::Hit;
use candor_core::{Visit, VisitId};
use candor_store::Batch;
use std::collections::{BTreeSet, HashMap};

/// Last action's second, then visit id.
pub(crate) type Rank = (i64, u64);

pub(crate) fn rank(visit: &Visit) -> Rank {
    (visit.last_at, visit.id.0)
}

/// The answer to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// The newest visit.
    Visit(VisitId),
    /// There is none.
    Nothing,
    /// The store must be asked.
    Unknown,
}

struct Held {
    open: OpenVisit,
    /// The past is read only when a hit may join the visit.
    has_past: bool,
    is_stored: bool,
    used_in_batch: u64,
}

#[derive(Default)]
struct Group {
    /// Visits in memory, in order: thousands of visitors may share a fingerprint.
    members: BTreeSet<Rank>,
    /// Every visit with this key that isn't in memory ranks below this; `None` = nothing is known.
    horizon: Option<Rank>,
}

/// Visits in memory.
#[derive(Default)]
pub(crate) struct Memory {
    visits: HashMap<VisitId, Box<Held>>,
    groups: HashMap<Key, Group>,
    /// For this batch: with this key and a last action up to this second,
    /// every visit that isn't in memory ranks below this.
    claims: HashMap<(Key, i64), Rank>,
    /// Changed since the last commit.
    changed: BTreeSet<VisitId>,
    batch: u64,
}

impl Memory {
    /// Answers a search, if it can.
    pub(crate) fn find(&self, search: &Search) -> Found {
        let Some(group) = self.groups.get(&search.key) else { return Found::Unknown };
        let best = group.members.range(..=(search.at_max, u64::MAX)).next_back().copied();
        let claim = self.claims.get(&(search.key, search.at_max)).copied();
        let limit = [group.horizon, claim].into_iter().flatten().min();
        let Some(limit) = limit else { return Found::Unknown };
        match best {
            // What isn't in memory ranks below the best, or is too old to be asked for.
            Some(best) if best >= limit || limit <= (search.at_min, 0) => {
                if best.0 >= search.at_min {
                    Found::Visit(VisitId(best.1))
                } else {
                    Found::Nothing
                }
            }
            None if limit <= (search.at_min, 0) => Found::Nothing,
            _ => Found::Unknown,
        }
    }

    /// The hit's visit by its searches in order; what [`accepts`] refuses counts as not found.
    pub(crate) fn recognise(&self, hit: &Hit, rules: &Rules<'_>) -> Found {
        for search in searches(hit, rules) {
            match self.find(&search) {
                Found::Nothing => {}
                Found::Unknown => return Found::Unknown,
                Found::Visit(id) => {
                    let accepted = self.visit(id).is_some_and(|visit| accepts(&search, visit, hit, rules));
                    return if accepted { Found::Visit(id) } else { Found::Nothing };
                }
            }
        }
        Found::Nothing
    }

    /// A visit in memory.
    pub(crate) fn visit(&self, id: VisitId) -> Option<&Visit> {
        self.visits.get(&id).map(|held| &held.open.visit)
    }

    /// Whether hits may join the visit: its past is known.
    pub(crate) fn has_past(&self, id: VisitId) -> bool {
        self.visits.get(&id).is_some_and(|held| held.has_past)
    }

    /// Gives a visit its past, as the store has it.
    pub(crate) fn set_past(&mut self, id: VisitId, past: Past) {
        if let Some(held) = self.visits.get_mut(&id).filter(|held| !held.has_past) {
            held.open.past = past;
            held.has_past = true;
        }
    }

    /// Learns the store's answer: of the visits with this key and a last action up to `at_max`
    /// (`None` = any), those that aren't in memory rank below `limit`.
    pub(crate) fn learn(&mut self, key: Key, at_max: Option<i64>, limit: Rank) {
        let group = self.groups.entry(key).or_default();
        match at_max {
            None => group.horizon = Some(group.horizon.map_or(limit, |horizon| horizon.min(limit))),
            Some(at_max) => {
                self.claims.insert((key, at_max), limit);
            }
        }
    }

    /// Whether something is known of all visits with this key.
    pub(crate) fn has_horizon(&self, key: Key) -> bool {
        self.groups.get(&key).is_some_and(|group| group.horizon.is_some())
    }

    /// Takes a visit in that the store has; one that is in memory already stays as it is.
    pub(crate) fn hold_stored(&mut self, visit: Visit) {
        if !self.visits.contains_key(&visit.id) {
            let open = OpenVisit { visit, past: Past::default() };
            self.insert(Held { open, has_past: false, is_stored: true, used_in_batch: self.batch });
        }
    }

    /// Takes a visit in that a hit opened.
    pub(crate) fn hold_new(&mut self, open: OpenVisit) {
        self.changed.insert(open.visit.id);
        self.insert(Held { open, has_past: true, is_stored: false, used_in_batch: self.batch });
    }

    /// Changes a visit whose past is known.
    pub(crate) fn change(
        &mut self,
        id: VisitId,
        changes: &mut Changes,
        step: impl FnOnce(&mut OpenVisit, &mut Changes),
    ) {
        let Some(held) = self.visits.get_mut(&id) else { return };
        let before = places(&held.open.visit);
        step(&mut held.open, changes);
        held.used_in_batch = self.batch;
        let now = places(&held.open.visit);
        self.changed.insert(id);
        if now != before {
            before.into_iter().flatten().for_each(|(key, rank)| self.leave(key, rank));
            now.into_iter().flatten().for_each(|(key, rank)| self.enter(key, rank));
        }
    }

    fn insert(&mut self, held: Held) {
        places(&held.open.visit).into_iter().flatten().for_each(|(key, rank)| self.enter(key, rank));
        self.visits.insert(held.open.visit.id, Box::new(held));
    }

    fn enter(&mut self, key: Key, rank: Rank) {
        self.groups.entry(key).or_default().members.insert(rank);
    }

    fn leave(&mut self, key: Key, rank: Rank) {
        if let Some(group) = self.groups.get_mut(&key) {
            group.members.remove(&rank);
        }
    }

    /// Puts the changed visits into the batch.
    pub(crate) fn fill(&self, batch: &mut Batch) {
        let changed = self.changed.iter().filter_map(|id| self.visits.get(id));
        let (stored, new): (Vec<_>, Vec<_>) = changed.partition(|held| held.is_stored);
        batch.new_visits = new.into_iter().map(|held| held.open.visit.clone()).collect();
        batch.changed_visits = stored.into_iter().map(|held| held.open.visit.clone()).collect();
    }

    /// The store has everything now. Keeps at most `visits_max` visits.
    pub(crate) fn settle(&mut self, visits_max: usize) {
        for id in std::mem::take(&mut self.changed) {
            if let Some(held) = self.visits.get_mut(&id) {
                held.is_stored = true;
            }
        }
        self.claims.clear();
        self.batch += 1;
        if self.visits.len() > visits_max || self.groups.len() > visits_max.saturating_mul(4) {
            self.evict(visits_max / 4 * 3);
        }
    }

    /// Forgets the visits that were used longest ago. Their keys then know of them as missing.
    fn evict(&mut self, keep: usize) {
        let mut by_use: Vec<_> = self.visits.iter().map(|(id, held)| (held.used_in_batch, id.0)).collect();
        by_use.sort_unstable();
        by_use.truncate(by_use.len().saturating_sub(keep));
        for (_, id) in by_use {
            let Some(held) = self.visits.remove(&VisitId(id)) else { continue };
            let above = (held.open.visit.last_at, id + 1);
            for (key, rank) in places(&held.open.visit).into_iter().flatten() {
                self.leave(key, rank);
                if let Some(group) = self.groups.get_mut(&key) {
                    group.horizon = group.horizon.map(|horizon| horizon.max(above));
                }
            }
        }
        // A key without members knows only of absence; asking again is cheaper than keeping it.
        self.groups.retain(|_, group| !group.members.is_empty());
    }
}

/// The groups that a visit belongs to, and its rank there. An exempt visit has no visitor to be found by.
fn places(visit: &Visit) -> [Option<(Key, Rank)>; 2] {
    let rank = rank(visit);
    let by_visitor = visit.visitor.map(|id| (Key::Visitor(visit.site, id), rank));
    [by_visitor, Some((Key::Device(visit.site, visit.fingerprint), rank))]
}
