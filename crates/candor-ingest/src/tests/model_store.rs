//! A store in memory: says what the tables hold, refuses what no store should be asked to do.

use candor_core::{Action, ConsentLink, Conversion, ConversionItem, GoalId, LinkedConsent, SiteId, Visit, VisitId};
use candor_store::{
    Batch, Cell, Dialect, LogPosition, MemoKey, Numbers, Rows, SeenAction, Store, StoreError, VisitHistory,
    VisitLookup, VisitRef,
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

/// The tables.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Tables {
    pub(crate) visits: BTreeMap<VisitId, Visit>,
    pub(crate) actions: BTreeMap<(VisitId, u32), Action>,
    pub(crate) conversions: BTreeMap<(VisitId, GoalId, u64), Conversion>,
    pub(crate) items: BTreeMap<(VisitId, String, String), ConversionItem>,
    pub(crate) consents: Vec<LinkedConsent>,
    pub(crate) position: LogPosition,
}

/// The store. `fails` of the next calls fail, after the commit happened when `fails_late`.
#[derive(Debug, Default)]
pub(crate) struct ModelStore {
    tables: Mutex<Tables>,
    fails: Mutex<u32>,
    fails_late: bool,
}

impl ModelStore {
    pub(crate) fn failing(fails: u32, fails_late: bool) -> Self {
        Self { fails: Mutex::new(fails), fails_late, ..Self::default() }
    }

    /// A copy of what is in it.
    pub(crate) fn tables(&self) -> Tables {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap()
    }

    fn fail(&self) -> Result<(), StoreError> {
        let mut fails = self.fails.lock().unwrap();
        if *fails == 0 {
            return Ok(());
        }
        *fails -= 1;
        Err(StoreError::Internal("told to fail".into()))
    }
}

impl Tables {
    fn last_consent(&self) -> ConsentLink {
        self.consents.last().map(|last| last.link).unwrap_or_default()
    }

    fn apply(&mut self, batch: &Batch) {
        for linked in &batch.consents {
            assert_eq!(linked.link, self.last_consent().next(&linked.consent), "the chain of consents is broken");
            self.consents.push(linked.clone());
        }
        for visit in &batch.new_visits {
            assert!(self.visits.insert(visit.id, visit.clone()).is_none(), "a new visit was there already");
        }
        for visit in &batch.changed_visits {
            let old = self.visits.insert(visit.id, visit.clone()).expect("a changed visit was not there");
            assert_eq!(old.first_at, visit.first_at, "a visit's beginning moved");
        }
        for action in &batch.actions {
            let old = self.actions.insert((action.visit, action.seq), action.clone());
            assert!(old.is_none(), "an action was written twice");
        }
        for update in &batch.timings {
            let action = self.actions.get_mut(&(update.visit.id, update.seq)).expect("timings of no action");
            for (old, new) in action.timings.iter_mut().zip(update.timings) {
                *old = new.or(*old);
            }
        }
        for (visit, goal, buster) in &batch.removed_conversions {
            self.conversions.remove(&(visit.id, *goal, *buster));
        }
        for visit in &batch.removed_cart_items {
            self.items.retain(|(id, order_id, _), _| *id != visit.id || !order_id.is_empty());
        }
        for conversion in &batch.conversions {
            let key = (conversion.visit, conversion.goal, conversion.buster);
            self.conversions.insert(key, conversion.clone());
        }
        for item in &batch.items {
            self.items.insert((item.visit, item.order_id.clone(), item.sku.clone()), item.clone());
        }
        self.position = batch.position;
    }
}

impl Store for ModelStore {
    fn position(&self) -> Result<LogPosition, StoreError> {
        Ok(self.lock().position)
    }

    fn last_consent(&self) -> Result<ConsentLink, StoreError> {
        Ok(self.lock().last_consent())
    }

    fn last_visit(&self) -> Result<VisitId, StoreError> {
        Ok(self.lock().visits.keys().last().copied().unwrap_or(VisitId(0)))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        if self.fails_late {
            self.lock().apply(batch);
            return self.fail();
        }
        self.fail()?;
        self.lock().apply(batch);
        Ok(())
    }

    fn find_visits(&self, lookups: &[VisitLookup]) -> Result<Vec<Option<Visit>>, StoreError> {
        if !self.fails_late {
            self.fail()?;
        }
        let tables = self.lock();
        let find = |lookup: &VisitLookup| {
            let fits = |visit: &&Visit| {
                let same = match lookup.visitor {
                    Some(_) => visit.visitor == lookup.visitor,
                    None => visit.fingerprint == lookup.fingerprint,
                };
                same && visit.site == lookup.site && (lookup.last_at_min..=lookup.last_at_max).contains(&visit.last_at)
            };
            tables.visits.values().filter(fits).max_by_key(|visit| (visit.last_at, visit.id)).cloned()
        };
        Ok(lookups.iter().map(find).collect())
    }

    fn histories(&self, visits: &[VisitRef]) -> Result<Vec<VisitHistory>, StoreError> {
        let tables = self.lock();
        let history = |visit: &VisitRef| VisitHistory {
            actions: tables.actions.values().filter(|action| action.visit == visit.id).map(seen).collect(),
            conversions: tables.conversions.values().filter(|c| c.visit == visit.id).cloned().collect(),
            cart_items: tables
                .items
                .values()
                .filter(|item| item.visit == visit.id && item.order_id.is_empty())
                .cloned()
                .collect(),
        };
        Ok(visits.iter().map(history).collect())
    }

    fn orders(&self) -> Result<Vec<(SiteId, String)>, StoreError> {
        let tables = self.lock();
        let orders = tables.conversions.values().filter(|c| !c.order_id.is_empty());
        Ok(orders.map(|c| (c.site, c.order_id.clone())).collect())
    }

    fn query(&self, _: &str, _: &[Cell]) -> Result<Rows, StoreError> {
        panic!("ingest asks no queries")
    }

    fn columns(&self, _: &str, _: &[Cell]) -> Result<Vec<Numbers>, StoreError> {
        panic!("ingest asks no queries")
    }

    fn dialect(&self) -> &dyn Dialect {
        panic!("ingest writes no SQL")
    }

    fn memos(&self, _: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        panic!("ingest reads no memos")
    }

    fn put_memos(&self, _: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        panic!("ingest writes no memos")
    }

    fn forget_memos(&self, _: SiteId, _: Option<&[i32]>) -> Result<(), StoreError> {
        panic!("ingest deletes no memos")
    }

    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

fn seen(action: &Action) -> SeenAction {
    SeenAction {
        seq: action.seq,
        kind: action.kind,
        url: action.url.clone(),
        title: action.title.clone(),
        pageview_id: action.pageview_id.clone(),
        pageview_position: action.pageview_position,
    }
}
