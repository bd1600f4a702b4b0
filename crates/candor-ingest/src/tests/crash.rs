//! Log, visits and store together, under crashes at any step. The seed that proptest prints replays a failure.

use super::{
    batches::{Fixed, any_record, projector, records_one_by_one, units},
    model_store::ModelStore,
    sim_disk::{Fault, SimDisk},
};
use crate::{
    LogError,
    projector::Projector,
    wal::{Record, Writer, recovery},
};
use proptest::prelude::*;
use std::{path::Path, sync::Arc};

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    /// Hits and choices arrive, all in one write.
    Append(Vec<Record>),
    /// The store gets a batch of so many hits.
    Commit(usize),
    /// A batch is made, but the power fails before the store has it.
    CrashBeforeCommit(usize, u64),
    /// The disk fails from now on.
    Fault(bool),
    /// The power fails.
    Crash(u64),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => prop::collection::vec(any_record(), 1..6).prop_map(Step::Append),
        4 => (1..12_usize).prop_map(Step::Commit),
        1 => (1..12_usize, any::<u64>()).prop_map(|(hits, seed)| Step::CrashBeforeCommit(hits, seed)),
        1 => any::<bool>().prop_map(Step::Fault),
        2 => any::<u64>().prop_map(Step::Crash),
    ]
}

/// A server without threads.
struct Server {
    disk: SimDisk,
    store: Arc<ModelStore>,
    writer: Option<Writer>,
    projector: Projector,
    /// Every record that is in the log for good, in order.
    durable: Vec<Record>,
    /// Not acknowledged, but perhaps there after a crash.
    doubtful: Vec<Record>,
}

impl Server {
    fn start(disk: SimDisk, store: Arc<ModelStore>, durable: Vec<Record>, doubtful: Vec<Record>) -> Self {
        let projector = projector(&store, Fixed::default(), 3);
        let mut server = Self { disk, store, writer: None, projector, durable, doubtful };
        let next_seq = server.projector.next_seq();
        let mut end = next_seq - 1;
        let files = Arc::new(server.disk.clone());
        let writer = recovery::open(files, Path::new("/log"), 2000, next_seq, |frame| {
            end = frame.end_seq() - 1;
            server.projector.take(&frame).unwrap();
            Ok::<_, LogError>(())
        });
        server.writer = Some(writer.unwrap());
        let doubtful = std::mem::take(&mut server.doubtful);
        if end as usize > server.durable.len() {
            server.durable.extend(doubtful);
        }
        assert_eq!(end as usize, server.durable.len(), "acknowledged hits are missing, or an append is there in part");
        server
    }

    fn crash(self, seed: u64) -> Self {
        let mut random = seed;
        self.disk.crash(|| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            random >> 63 == 1
        });
        Self::start(self.disk, self.store, self.durable, self.doubtful)
    }

    fn append(&mut self, records: Vec<Record>) {
        let Some(writer) = &mut self.writer else { return };
        match writer.append(units(&records).iter()) {
            Ok(frame) => {
                self.projector.take(&frame).unwrap();
                self.durable.extend(records);
            }
            Err(_) => {
                // Nothing is written any more until the next start.
                self.writer = None;
                self.doubtful = records;
            }
        }
    }

    fn commit(&mut self, hits: usize) {
        if self.projector.waiting() == 0 {
            return;
        }
        let prepared = self.projector.prepare(hits).unwrap();
        self.projector.commit(&prepared).unwrap();
        if let Some(writer) = &mut self.writer {
            writer.forget_before(self.projector.next_seq());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_happens_the_store_ends_with_each_durable_hit_once(steps in prop::collection::vec(any_step(), 1..40)) {
        let mut server = Server::start(SimDisk::default(), Arc::default(), vec![], vec![]);
        for step in steps {
            match step {
                Step::Append(records) => server.append(records),
                Step::Commit(hits) => server.commit(hits),
                Step::CrashBeforeCommit(hits, seed) => {
                    server.projector.prepare(hits).unwrap();
                    server = server.crash(seed);
                }
                Step::Fault(is_full) => server.disk.set_fault(if is_full { Fault::Full } else { Fault::Sync }),
                Step::Crash(seed) => server = server.crash(seed),
            }
        }
        server.disk.set_fault(Fault::Nothing);
        let mut server = server.crash(0);
        server.projector.apply_all(10).unwrap();
        prop_assert_eq!(server.store.tables(), records_one_by_one(&server.durable));
    }
}
