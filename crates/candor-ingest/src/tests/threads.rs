//! The two threads together: real files, a real queue.

use super::{
    batches::{Fixed, frame},
    hits::page,
    model_store::ModelStore,
    sim_disk::{Fault, SimDisk},
};
use crate::{AppendError, CommitWatcher, Files, Ingest, Options, Overloaded, RealFiles, projector::Projector};
use candor_core::{Day, RevisionError, Settings, SettingsLookup, SiteId};
use candor_store::StoreError;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

fn start(dir: &Path, store: &Arc<ModelStore>, files: Arc<dyn Files>) -> Ingest {
    let options = Options { batch_ms_max: 10, ..Options::new(dir) };
    Ingest::start(options, store.clone(), Arc::new(Fixed::default()), files, Arc::new(())).unwrap()
}

#[test]
fn what_is_acknowledged_reaches_the_store_and_survives_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(ModelStore::default());
    let ingest = start(dir.path(), &store, Arc::new(RealFiles));
    let appends: Vec<_> = (0..100).map(|n| ingest.append(&[page(n, "A", "/a")]).unwrap()).collect();
    for append in appends {
        append.wait().unwrap();
    }
    assert!(ingest.wait_applied());
    assert_eq!(store.tables().actions.len(), 100);
    assert_eq!((ingest.lag().hits, ingest.lag().next_seq), (0, 101));
    ingest.shutdown();
    assert_eq!(ingest.append(&[page(0, "A", "/a")]).unwrap().wait(), Err(AppendError::Stopped));

    let ingest = start(dir.path(), &store, Arc::new(RealFiles));
    ingest.append(&[page(101, "A", "/b"), page(102, "A", "/c")]).unwrap().wait().unwrap();
    drop(ingest);
    let tables = store.tables();
    assert_eq!((tables.visits.len(), tables.actions.len(), tables.position.next_seq), (1, 102, 103));
}

#[test]
fn a_new_store_is_filled_from_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let first = Arc::new(ModelStore::default());
    let ingest = start(dir.path(), &first, Arc::new(RealFiles));
    ingest.append(&(0..50).map(|n| page(n * 60, "A", "/a")).collect::<Vec<_>>()).unwrap().wait().unwrap();
    drop(ingest);
    let second = Arc::new(ModelStore::default());
    drop(start(dir.path(), &second, Arc::new(RealFiles)));
    assert_eq!(second.tables(), first.tables());
}

/// Settings that can't be read so many times, or never.
struct Unreadable(AtomicU32);

impl SettingsLookup for Unreadable {
    fn at_revision(&self, revision: u64) -> Result<Arc<Settings>, RevisionError> {
        match self.0.load(Relaxed) {
            0 => Ok(Arc::default()),
            u32::MAX => Err(RevisionError::Missing(revision)),
            _ => {
                self.0.fetch_sub(1, Relaxed);
                Err(RevisionError::Failed { revision, problem: "told to fail".into() })
            }
        }
    }
}

#[test]
fn hits_wait_for_the_settings_that_applied_to_them() {
    let start = |dir: &Path, store: &Arc<ModelStore>, times| {
        let (options, settings) =
            (Options { batch_ms_max: 10, ..Options::new(dir) }, Unreadable(AtomicU32::new(times)));
        Ingest::start(options, store.clone(), Arc::new(settings), Arc::new(RealFiles), Arc::new(()))
    };
    let (dir, store) = (tempfile::tempdir().unwrap(), Arc::new(ModelStore::default()));
    let ingest = start(dir.path(), &store, 2).unwrap();
    ingest.append(&[page(0, "A", "/a"), page(1, "A", "/b")]).unwrap().wait().unwrap();
    assert!(ingest.wait_applied() || ingest.healthy().is_err());
    while store.tables().actions.len() < 2 {
        std::thread::yield_now();
    }
    drop(ingest);
    // A store that lacks the hits, and nobody knows their settings.
    let error = start(dir.path(), &Arc::new(ModelStore::default()), u32::MAX).err().unwrap().to_string();
    assert!(error.contains("revision 1 of the settings is missing; restore"), "{error}");
}

#[test]
fn a_full_queue_refuses_and_a_lone_big_append_passes() {
    let dir = tempfile::tempdir().unwrap();
    let ingest = with_room_for_three(dir.path(), ModelStore::failing(u32::MAX, false));
    let hits: Vec<_> = (0..5).map(|n| page(n, "A", "/a")).collect();
    ingest.append(&hits).unwrap().wait().unwrap();
    assert_eq!(ingest.append(&hits[..1]).err(), Some(Overloaded));
    assert!(!ingest.wait_applied(), "the store fails, so waiting must end");
    let reason = ingest.healthy().unwrap_err();
    assert!(reason.contains("told to fail"), "{reason}");
}

fn with_room_for_three(dir: &Path, store: ModelStore) -> Ingest {
    let options = Options { queue_hits_max: 3, batch_ms_max: 10, ..Options::new(dir) };
    Ingest::start(options, Arc::new(store), Arc::new(Fixed::default()), Arc::new(RealFiles), Arc::new(())).unwrap()
}

#[tokio::test]
async fn who_waits_gets_room_once_the_store_takes_hits_again() {
    let dir = tempfile::tempdir().unwrap();
    let ingest = with_room_for_three(dir.path(), ModelStore::failing(3, false));
    let hits: Vec<_> = (0..5).map(|n| page(n, "A", "/a")).collect();
    ingest.append_in_turn(&hits).await.unwrap();
    assert!(ingest.append(&hits[..1]).is_err(), "the queue is full");
    ingest.append_in_turn(&[page(6, "A", "/b")]).await.unwrap();
    // It may be there by now, but never before those it waited for.
    assert!(ingest.lag().next_seq >= 6);
}

#[tokio::test]
async fn a_big_append_gets_room_before_small_ones_that_come_later() {
    let dir = tempfile::tempdir().unwrap();
    let store = Arc::new(ModelStore::failing(3, false));
    let options = Options { queue_hits_max: 4, batch_ms_max: 10, ..Options::new(dir.path()) };
    let settings = Arc::new(Fixed::default());
    let ingest = Ingest::start(options, store.clone(), settings, Arc::new(RealFiles), Arc::new(())).unwrap();
    let three = |first, visitor| (first..first + 3).map(|n| page(n, visitor, "/a")).collect::<Vec<_>>();
    ingest.append_in_turn(&three(0, "A")).await.unwrap();
    let (big, small) = (three(3, "B"), [page(6, "C", "/a")]);
    let (first, second) = tokio::join!(biased; ingest.append_in_turn(&big), ingest.append_in_turn(&small));
    first.and(second).unwrap();
    drop(ingest);
    let in_order: Vec<_> = store.tables().actions.values().map(|action| action.at).collect();
    assert!(in_order.is_sorted(), "{in_order:?}");
}

#[tokio::test(start_paused = true)]
async fn patience_ends() {
    let dir = tempfile::tempdir().unwrap();
    let ingest = with_room_for_three(dir.path(), ModelStore::failing(u32::MAX, false));
    let hits: Vec<_> = (0..3).map(|n| page(n, "A", "/a")).collect();
    ingest.append(&hits).unwrap().await.unwrap();
    let refused = ingest.append_in_turn(&hits[..1]).await;
    assert_eq!(refused, Err(AppendError::Overloaded(Overloaded)));
    assert_eq!(ingest.lag().hits, 3, "what was refused leaves nothing behind");
    assert!(ingest.lag().age > Duration::ZERO);
}

#[test]
fn after_a_failed_sync_nothing_is_acknowledged() {
    let disk = SimDisk::default();
    let store = Arc::new(ModelStore::default());
    let ingest = start(Path::new("/log"), &store, Arc::new(disk.clone()));
    ingest.append(&[page(0, "A", "/a")]).unwrap().wait().unwrap();
    assert_eq!(ingest.log_failure(), None);
    disk.set_fault(Fault::Sync);
    let failed = ingest.append(&[page(1, "A", "/b")]).unwrap().wait();
    assert!(matches!(failed, Err(AppendError::Log(_))), "{failed:?}");
    let refused = ingest.append(&[page(2, "A", "/c")]).unwrap().wait();
    assert!(matches!(refused, Err(AppendError::Log(_))), "{refused:?}");
    assert!(ingest.healthy().is_err());
    assert!(ingest.log_failure().is_some());
    assert!(ingest.wait_applied(), "what was acknowledged before still reaches the store");
    assert_eq!(store.tables().actions.len(), 1);
}

/// Notes what it hears; refuses while there are failures left.
#[derive(Default)]
struct Watcher(Mutex<Vec<(&'static str, i32)>>, AtomicU32);

impl CommitWatcher for Watcher {
    fn before(&self, touched: &[(SiteId, Day)]) -> Result<(), StoreError> {
        self.0.lock().unwrap().extend(touched.iter().map(|(_, day)| ("before", day.0)));
        let failures = self.1.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1));
        failures.map_or(Ok(()), |_| Err(StoreError::Internal("memos can't be deleted".into())))
    }

    fn after(&self, touched: &[(SiteId, Day)]) {
        self.0.lock().unwrap().extend(touched.iter().map(|(_, day)| ("after", day.0)));
    }
}

#[test]
fn the_watcher_hears_of_the_days_that_change() {
    let dir = tempfile::tempdir().unwrap();
    let watcher = Arc::new(Watcher::default());
    let store = Arc::new(ModelStore::default());
    let settings = Arc::new(Fixed::default());
    let options = Options::new(dir.path());
    let ingest = Ingest::start(options, store, settings, Arc::new(RealFiles), watcher.clone()).unwrap();
    // 13:00 in Berlin, then 00:30 of the next day.
    ingest.append(&[page(0, "A", "/a"), page(41_400, "A", "/b")]).unwrap().wait().unwrap();
    assert!(ingest.wait_applied());
    let today = 19_782;
    let expected = [("before", today), ("before", today + 1), ("after", today), ("after", today + 1)];
    assert_eq!(*watcher.0.lock().unwrap(), expected);
}

#[test]
fn what_the_watcher_refuses_is_not_committed_until_it_agrees() {
    let watcher = Arc::new(Watcher(Mutex::default(), AtomicU32::new(1)));
    let store = Arc::new(ModelStore::default());
    let mut projector = Projector::new(store.clone(), Arc::new(Fixed::default()), watcher.clone(), 10).unwrap();
    projector.take(&frame(1, &[page(0, "A", "/a")])).unwrap();
    let prepared = projector.prepare(10).unwrap();
    assert!(projector.commit(&prepared).is_err());
    assert_eq!((store.tables().actions.len(), projector.next_seq()), (0, 1));
    projector.commit(&prepared).unwrap();
    assert_eq!((store.tables().actions.len(), projector.next_seq()), (1, 2));
    let heard: Vec<_> = watcher.0.lock().unwrap().iter().map(|(what, _)| *what).collect();
    assert_eq!(heard, ["before", "after", "before", "after"]);
}
