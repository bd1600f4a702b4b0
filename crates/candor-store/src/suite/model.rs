//! Random batches, compared with a store that is a few maps.

use super::samples::{by_visitor, conversion, item, reference, visit};
use crate::{Batch, LogPosition, Store, VisitLookup};
use candor_core::{Conversion, ConversionItem, GoalId, Visit, VisitId};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One random change; visits are named by a small number.
#[derive(Debug, Clone)]
enum Step {
    Extend { visit: u64, seconds: i64 },
    Describe { visit: u64, dimension: u8 },
    Convert { visit: u64, goal: i32, revenue: i64 },
    Unconvert { visit: u64, goal: i32 },
    Fill { visit: u64, sku: u8, quantity: u32 },
    Empty { visit: u64 },
}

#[derive(Default)]
struct Model {
    visits: BTreeMap<VisitId, Visit>,
    conversions: BTreeMap<(VisitId, GoalId), Conversion>,
    items: BTreeMap<(VisitId, String), ConversionItem>,
}

impl Model {
    /// Applies a step and says what it means for the store. What a step removes is removed before
    /// what its batch brings, so removals come first within a batch.
    fn apply(&mut self, step: &Step, batch: &mut Batch) {
        let sample = |id: u64| visit(1, id, 1000 * id.cast_signed());
        match step {
            Step::Extend { visit, seconds } => {
                self.change(sample(*visit), batch, |visit| visit.last_at += seconds);
            }
            Step::Describe { visit, dimension } => {
                self.change(sample(*visit), batch, |visit| visit.dimensions = vec![dimension.to_string()]);
            }
            Step::Convert { visit, goal, revenue } => {
                let mut new = conversion(&sample(*visit), *goal, 0);
                new.revenue.0 = *revenue;
                self.conversions.insert((new.visit, new.goal), new.clone());
                batch.conversions.push(new);
            }
            Step::Unconvert { visit, goal } => {
                let key = (VisitId(*visit), GoalId(*goal));
                batch.conversions.retain(|c| (c.visit, c.goal) != key);
                self.conversions.remove(&key);
                batch.removed_conversions.push((reference(&sample(*visit)), key.1, 0));
            }
            Step::Fill { visit, sku, quantity } => {
                let mut new = item(&sample(*visit), "", &sku.to_string());
                new.quantity = *quantity;
                self.items.insert((new.visit, new.sku.clone()), new.clone());
                batch.items.push(new);
            }
            Step::Empty { visit } => {
                batch.items.retain(|i| i.visit.0 != *visit);
                self.items.retain(|(id, _), _| id.0 != *visit);
                batch.removed_cart_items.push(reference(&sample(*visit)));
            }
        }
    }

    /// Makes the visit when it is new, changes it when it isn't.
    fn change(&mut self, sample: Visit, batch: &mut Batch, change: impl FnOnce(&mut Visit)) {
        let Some(known) = self.visits.get_mut(&sample.id) else {
            self.visits.insert(sample.id, sample.clone());
            batch.new_visits.push(sample);
            return;
        };
        change(known);
        match batch.new_visits.iter_mut().find(|visit| visit.id == known.id) {
            Some(new) => *new = known.clone(),
            None => batch.changed_visits.push(known.clone()),
        }
    }

    fn compare(&self, store: &dyn Store) {
        let samples: Vec<Visit> = (1..=VISITS).map(|id| visit(1, id, 1000 * id.cast_signed())).collect();
        let lookups: Vec<VisitLookup> = samples.iter().map(by_visitor).collect();
        let expected: Vec<Option<Visit>> = samples.iter().map(|v| self.visits.get(&v.id).cloned()).collect();
        assert_eq!(store.find_visits(&lookups).unwrap(), expected);
        let histories = store.histories(&samples.iter().map(reference).collect::<Vec<_>>()).unwrap();
        for (sample, mut history) in samples.iter().zip(histories) {
            history.conversions.sort_by_key(|c| c.goal);
            history.cart_items.sort_by(|a, b| a.sku.cmp(&b.sku));
            let conversions: Vec<_> = self.conversions.values().filter(|c| c.visit == sample.id).cloned().collect();
            let items: Vec<_> = self.items.values().filter(|i| i.visit == sample.id).cloned().collect();
            assert_eq!((history.conversions, history.cart_items), (conversions, items));
        }
    }
}

const VISITS: u64 = 6;

fn step() -> impl Strategy<Value = Step> {
    let visit = || 1..=VISITS;
    prop_oneof![
        3 => (visit(), 0..500i64).prop_map(|(visit, seconds)| Step::Extend { visit, seconds }),
        2 => (visit(), 0..3u8).prop_map(|(visit, dimension)| Step::Describe { visit, dimension }),
        2 => (visit(), -1..3i32, 0..9i64).prop_map(|(visit, goal, revenue)| Step::Convert { visit, goal, revenue }),
        1 => (visit(), -1..3i32).prop_map(|(visit, goal)| Step::Unconvert { visit, goal }),
        2 => (visit(), 0..3u8, 1..9u32).prop_map(|(visit, sku, quantity)| Step::Fill { visit, sku, quantity }),
        1 => visit().prop_map(|visit| Step::Empty { visit }),
    ]
}

/// After any batches store and model agree.
pub(super) fn check(open: impl Fn() -> Arc<dyn Store>) {
    let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let batches = prop::collection::vec(prop::collection::vec(step(), 0..12), 1..6);
    runner
        .run(&batches, |batches| {
            let (store, mut model) = (open(), Model::default());
            for (steps, next_seq) in batches.iter().zip(1..) {
                let mut batch = Batch { position: LogPosition { next_seq }, ..Batch::default() };
                for step in steps {
                    model.apply(step, &mut batch);
                }
                store.commit(&batch).unwrap();
                assert_eq!(store.position().unwrap(), batch.position);
            }
            model.compare(&*store);
            Ok(())
        })
        .unwrap();
}
