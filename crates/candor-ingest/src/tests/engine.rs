//! The embedded engine beside the model: both get each batch, and must answer the same.

use super::{
    batches::{Fixed, any_record, units},
    model_store::ModelStore,
};
use crate::{projector::Projector, visits::past::Past, wal::Frame};
use candor_core::{ConsentLink, SiteId, Visit, VisitId};
use candor_store::{
    Batch, Cell, Dialect, LogPosition, MemoKey, Numbers, Rows, Store, StoreError, StoreSettings, VisitHistory,
    VisitLookup, VisitRef,
};
use proptest::prelude::*;
use std::sync::Arc;

struct Both {
    engine: Arc<dyn Store>,
    model: ModelStore,
}

/// The answer on which both agree.
fn agreed<T: PartialEq + std::fmt::Debug>(engine: T, model: T) -> Result<T, StoreError> {
    assert_eq!(engine, model, "the engine (left) and the model (right) differ");
    Ok(engine)
}

impl Store for Both {
    fn position(&self) -> Result<LogPosition, StoreError> {
        // What "nothing yet" is called is the engine's affair.
        let at_least_one = |position: LogPosition| position.next_seq.max(1);
        agreed(at_least_one(self.engine.position()?), at_least_one(self.model.position()?))?;
        self.engine.position()
    }

    fn last_visit(&self) -> Result<VisitId, StoreError> {
        agreed(self.engine.last_visit()?, self.model.last_visit()?)
    }

    fn last_consent(&self) -> Result<ConsentLink, StoreError> {
        agreed(self.engine.last_consent()?, self.model.last_consent()?)
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.model.commit(batch)?;
        self.engine.commit(batch)
    }

    fn find_visits(&self, lookups: &[VisitLookup]) -> Result<Vec<Option<Visit>>, StoreError> {
        agreed(self.engine.find_visits(lookups)?, self.model.find_visits(lookups)?)
    }

    fn histories(&self, visits: &[VisitRef]) -> Result<Vec<VisitHistory>, StoreError> {
        let answer = self.engine.histories(visits)?;
        let pasts = |histories: Vec<VisitHistory>| histories.into_iter().map(Past::of).collect::<Vec<_>>();
        agreed(pasts(answer.clone()), pasts(self.model.histories(visits)?))?;
        Ok(answer)
    }

    fn orders(&self) -> Result<Vec<(SiteId, String)>, StoreError> {
        self.engine.orders()
    }

    fn query(&self, sql: &str, params: &[Cell]) -> Result<Rows, StoreError> {
        self.engine.query(sql, params)
    }

    fn columns(&self, sql: &str, params: &[Cell]) -> Result<Vec<Numbers>, StoreError> {
        self.engine.columns(sql, params)
    }

    fn dialect(&self) -> &dyn Dialect {
        self.engine.dialect()
    }

    fn memos(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.engine.memos(keys)
    }

    fn put_memos(&self, memos: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        self.engine.put_memos(memos)
    }

    fn forget_memos(&self, site: SiteId, days: Option<&[i32]>) -> Result<(), StoreError> {
        self.engine.forget_memos(site, days)
    }

    fn close(&self) -> Result<(), StoreError> {
        self.engine.close()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn the_engine_answers_as_the_model_does(
        records in prop::collection::vec(any_record(), 1..80),
        batch in 1..12_usize,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let engine = candor_store::open(dir.path(), &StoreSettings::default()).unwrap();
        let store = Arc::new(Both { engine, model: ModelStore::default() });
        let settings = Arc::new(Fixed::default());
        // Nothing stays in memory, so that every answer comes from the store.
        let mut projector = Projector::new(store.clone(), settings, Arc::new(()), 0).unwrap();
        projector.take(&Frame::build(1, units(&records).iter())).unwrap();
        projector.apply_all(batch).unwrap();
        let tables = store.model.tables();
        let counts = [
            ("visits", tables.visits.len()),
            ("actions", tables.actions.len()),
            ("conversions", tables.conversions.len()),
            ("conversion_items", tables.items.len()),
            ("consents", tables.consents.len()),
        ];
        for (table, count) in counts {
            let rows = store.query(&format!("select count(*) from {table}"), &[]).unwrap().rows;
            prop_assert_eq!(&rows[0][0], &Cell::Int(count as i64), "{}", table);
        }
        store.close().unwrap();
    }
}
