//! Asks the store, once a batch, for what memory doesn't know of the batch's visitors.

use crate::{
    memory::{Found, Memory, rank},
    projector::Pending,
    visits::{
        new_visit,
        past::Past,
        recognise::{Key, Search, searches},
        visit_ref,
    },
};
use candor_core::Fingerprint;
use candor_store::{Store, StoreError, VisitLookup};
use std::collections::{BTreeSet, HashMap};

/// After this the first hit of the batch can be placed; usually all can.
pub(crate) fn prefetch<'a>(
    memory: &mut Memory,
    store: &dyn Store,
    hits: impl Iterator<Item = &'a Pending> + Clone,
) -> Result<(), StoreError> {
    // First the newest visit of each visitor; then, only for hits that come late, the newest one up to the hit.
    if ask_for_visits(memory, store, hits.clone())? {
        ask_for_visits(memory, store, hits.clone())?;
    }
    ask_for_pasts(memory, store, hits)
}

/// Questions without repetition.
#[derive(Default)]
struct Questions {
    asked: Vec<(Key, Option<i64>)>,
    lookups: Vec<VisitLookup>,
    places: HashMap<(Key, Option<i64>), usize>,
}

impl Questions {
    fn ask(&mut self, search: &Search, at_max: Option<i64>) {
        let place = *self.places.entry((search.key, at_max)).or_insert_with(|| {
            self.asked.push((search.key, at_max));
            self.lookups.push(lookup(search, at_max));
            self.lookups.len() - 1
        });
        if let Some(lookup) = self.lookups.get_mut(place) {
            lookup.last_at_min = lookup.last_at_min.min(search.at_min);
        }
    }
}

fn lookup(search: &Search, at_max: Option<i64>) -> VisitLookup {
    let (site, visitor, fingerprint) = match search.key {
        Key::Visitor(site, visitor) => (site, Some(visitor), Fingerprint(0)),
        Key::Device(site, fingerprint) => (site, None, fingerprint),
    };
    VisitLookup { site, visitor, fingerprint, last_at_min: search.at_min, last_at_max: at_max.unwrap_or(i64::MAX) }
}

/// Returns whether there was anything to ask.
fn ask_for_visits<'a>(
    memory: &mut Memory,
    store: &dyn Store,
    hits: impl Iterator<Item = &'a Pending>,
) -> Result<bool, StoreError> {
    let mut questions = Questions::default();
    for pending in hits {
        for search in searches(&pending.hit, &pending.rules()) {
            match memory.find(&search) {
                Found::Visit(_) => break,
                Found::Nothing => {}
                Found::Unknown => {
                    questions.ask(&search, memory.has_horizon(search.key).then_some(search.at_max));
                }
            }
        }
    }
    if questions.lookups.is_empty() {
        return Ok(false);
    }
    let answers = store.find_visits(&questions.lookups)?;
    for (((key, at_max), lookup), answer) in questions.asked.into_iter().zip(&questions.lookups).zip(answers) {
        match answer {
            Some(visit) => {
                memory.learn(key, at_max, rank(&visit));
                memory.hold_stored(visit);
            }
            None => memory.learn(key, at_max, (lookup.last_at_min, 0)),
        }
    }
    Ok(true)
}

fn ask_for_pasts<'a>(
    memory: &mut Memory,
    store: &dyn Store,
    hits: impl Iterator<Item = &'a Pending>,
) -> Result<(), StoreError> {
    let mut wanted = BTreeSet::new();
    for pending in hits {
        let rules = pending.rules();
        let Found::Visit(id) = memory.recognise(&pending.hit, &rules) else { continue };
        let joins = memory.visit(id).is_some_and(|visit| new_visit::joins(visit, &pending.hit, &rules));
        if joins && !memory.has_past(id) {
            wanted.insert(id);
        }
    }
    let refs: Vec<_> = wanted.iter().filter_map(|id| memory.visit(*id)).map(visit_ref).collect();
    if refs.is_empty() {
        return Ok(());
    }
    for (visit, history) in refs.iter().zip(store.histories(&refs)?) {
        memory.set_past(visit.id, Past::of(history));
    }
    Ok(())
}
