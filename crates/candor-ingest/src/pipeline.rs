//! The two threads: one writes the log, one brings the store up to it.

use crate::{
    CommitWatcher, Files, IngestError, Orders,
    projector::Projector,
    queue::{Append, AppendError, Overloaded, Queue},
    wal::{Frame, PAYLOAD_BYTES_MAX, RecordError, Unit, Writer, recovery},
};
use candor_collect::Hit;
use candor_core::{Consent, RevisionError, SettingsLookup};
use candor_store::Store;
use std::{
    fmt::Display,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How the log and the way into the store behave.
#[derive(Debug, Clone)]
pub struct Options {
    /// Directory of the log.
    pub dir: PathBuf,
    /// Hits that may wait for the log and the store together; beyond it an append is refused.
    pub queue_hits_max: usize,
    /// A log segment longer than this is closed.
    pub segment_bytes: u64,
    /// Hits of one store commit.
    pub batch_hits_max: usize,
    /// How long hits are gathered for one store commit, milliseconds.
    pub batch_ms_max: u64,
    /// Visits kept in memory (about 2 KB each); others are read from the store when they go on.
    pub visits_in_memory_max: usize,
}

impl Options {
    /// Defaults for a log in this directory.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            queue_hits_max: 30_000,
            segment_bytes: 16 << 20,
            batch_hits_max: 5_000,
            batch_ms_max: 300,
            visits_in_memory_max: 15_000,
        }
    }
}

/// How far the store is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Hits accepted that are not in the store yet.
    pub hits: u64,
    /// How long the oldest of them is in the log.
    pub age: Duration,
    /// Sequence number of the next hit that the store gets.
    pub next_seq: u64,
}

/// Bytes of one write to the log; more waits for the next one.
const WRITE_BYTES: usize = 4 << 20;
/// How long an append waits for room. Longer than any commit takes, shorter than a client's patience.
const PATIENCE: Duration = Duration::from_secs(2);
/// Pauses between attempts while the store fails.
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(5);

/// Takes hits, makes them durable, brings them into the store.
pub struct Ingest {
    shared: Arc<Shared>,
    queue_hits_max: usize,
    /// Held by the one whose turn it is to wait for room.
    turn: tokio::sync::Mutex<()>,
    orders: Orders,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    queue: Queue,
    /// The store has every hit before this.
    applied: AtomicU64,
}

impl Ingest {
    /// Recovers the log, brings the store up to it, starts the threads.
    ///
    /// # Errors
    /// When log or store can't be opened, or the log is damaged.
    pub fn start(
        options: Options,
        store: Arc<dyn Store>,
        settings: Arc<dyn SettingsLookup>,
        files: Arc<dyn Files>,
        watcher: Arc<dyn CommitWatcher>,
    ) -> Result<Self, IngestError> {
        let mut projector = Projector::new(store.clone(), settings, watcher, options.visits_in_memory_max)?;
        let writer = replay(&options, files, &mut projector)?;
        let orders = Orders::load(store.orders()?);
        let shared = Arc::new(Shared { queue: Queue::default(), applied: AtomicU64::new(projector.next_seq()) });
        let ingest = Self {
            shared: shared.clone(),
            queue_hits_max: options.queue_hits_max,
            turn: tokio::sync::Mutex::default(),
            orders,
            threads: Mutex::new(vec![]),
        };
        let for_writer = shared.clone();
        ingest.spawn("log", move || write_log(writer, &for_writer))?;
        ingest.spawn("visits", move || project(projector, &shared, &options))?;
        Ok(ingest)
    }

    fn spawn(&self, name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(run)?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Takes the hits of one request, all or none of them.
    ///
    /// # Errors
    /// When too many hits are waiting; what else can go wrong the [`Append`] tells.
    pub fn append(&self, hits: &[Hit]) -> Result<Append, Overloaded> {
        match encode(hits) {
            Ok(mut unit) => self.shared.queue.push(&mut unit, self.queue_hits_max),
            Err(error) => Ok(Append::ready(Err(error))),
        }
    }

    /// As [`Ingest::append`], but waits for room, and for the hits to be durable. Whoever brings
    /// hits faster than the store takes them is slowed down before he is refused.
    ///
    /// # Errors
    /// When the hits are not durable; there was no room for [`PATIENCE`], for one.
    pub async fn append_in_turn(&self, hits: &[Hit]) -> Result<(), AppendError> {
        self.write_in_turn(encode(hits)?).await
    }

    /// The same for a consent record, which is as durable as a hit.
    ///
    /// # Errors
    /// When the record is not durable.
    pub async fn append_consent(&self, consent: &Consent) -> Result<(), AppendError> {
        self.write_in_turn(Unit::of_consent(consent).map_err(unwritable)?).await
    }

    async fn write_in_turn(&self, mut unit: Unit) -> Result<(), AppendError> {
        let taken = tokio::time::timeout(PATIENCE, self.push_in_turn(&mut unit)).await;
        taken.map_err(|_| AppendError::Overloaded(Overloaded))?.await
    }

    /// Waits for room first come, first served: else small appends would take it before a big one ever could.
    async fn push_in_turn(&self, unit: &mut Unit) -> Append {
        let nobody_waits = self.turn.try_lock().is_ok();
        if nobody_waits && let Ok(append) = self.shared.queue.push(unit, self.queue_hits_max) {
            return append;
        }
        let _turn = self.turn.lock().await;
        loop {
            let mut freed = std::pin::pin!(self.shared.queue.freed());
            // From here on no freeing is missed.
            freed.as_mut().enable();
            if let Ok(append) = self.shared.queue.push(unit, self.queue_hits_max) {
                return append;
            }
            freed.await;
        }
    }

    /// Order ids that were used.
    #[must_use]
    pub fn orders(&self) -> &Orders {
        &self.orders
    }

    /// How far the store is behind.
    #[must_use]
    pub fn lag(&self) -> Lag {
        let (hits, age) = self.shared.queue.waiting();
        Lag { hits, age, next_seq: self.shared.applied.load(Ordering::Acquire) }
    }

    /// Whether hits become durable and reach the store.
    ///
    /// # Errors
    /// What has failed, as a sentence.
    pub fn healthy(&self) -> Result<(), String> {
        self.shared.queue.failure().map_or(Ok(()), Err)
    }

    /// Why the log can't be written any more, once a write has failed. Only the next start can tell what of that write
    /// is on disk, so nothing but a start helps.
    #[must_use]
    pub fn log_failure(&self) -> Option<String> {
        self.shared.queue.log_failure()
    }

    /// Waits until the store has everything that was accepted so far. False when it can't get there.
    pub fn wait_applied(&self) -> bool {
        self.shared.queue.wait_settled()
    }

    /// Takes no more hits, writes and applies those that wait, ends the threads. The store stays open.
    pub fn shutdown(&self) {
        self.shared.queue.close();
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            if thread.join().is_err() {
                tracing::error!("an ingest thread ended with a panic; hits not applied are applied at the next start");
            }
        }
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.shutdown();
    }
}

fn unwritable(error: RecordError) -> AppendError {
    AppendError::Log(error.to_string())
}

fn encode(hits: &[Hit]) -> Result<Unit, AppendError> {
    let unit = Unit::encode(hits).map_err(unwritable)?;
    if unit.bytes.len() > PAYLOAD_BYTES_MAX { Err(AppendError::TooLarge(unit.bytes.len())) } else { Ok(unit) }
}

/// Opens the log and applies what the store lacks.
fn replay(options: &Options, files: Arc<dyn Files>, projector: &mut Projector) -> Result<Writer, IngestError> {
    let next_seq = projector.next_seq();
    let writer = recovery::open(files, &options.dir, options.segment_bytes, next_seq, |frame| {
        projector.take(&frame)?;
        while projector.waiting() >= options.batch_hits_max {
            let prepared = projector.prepare(options.batch_hits_max)?;
            projector.commit(&prepared)?;
        }
        Ok::<_, IngestError>(())
    })?;
    projector.apply_all(options.batch_hits_max)?;
    let replayed = projector.next_seq() - next_seq;
    if replayed > 0 {
        tracing::info!(hits = replayed, "brought hits from the log into the store");
    }
    Ok(writer)
}

/// Takes a frame in; the outer error is one that waiting may cure.
fn take(projector: &mut Projector, frame: &Frame) -> Result<Result<(), IngestError>, RevisionError> {
    match projector.take(frame) {
        Err(IngestError::Settings(failed @ RevisionError::Failed { .. })) => Err(failed),
        other => Ok(other),
    }
}

/// The log thread: the next write gathers what comes while the current sync runs.
fn write_log(mut writer: Writer, shared: &Shared) {
    let _closes = OnDrop(|| shared.queue.close_log());
    while let Some(waiting) = shared.queue.appends(WRITE_BYTES) {
        match writer.append(waiting.iter().map(|w| &w.unit)) {
            Ok(frame) => {
                shared.queue.push_frame(frame);
                for append in waiting {
                    // A caller that went away doesn't matter: its hits are durable.
                    let _ = append.done.send(Ok(()));
                }
            }
            Err(error) => {
                tracing::error!(%error, "the hit log can't be written, hits are refused until the next start");
                let reason = error.to_string();
                let hits = waiting.iter().map(|w| u64::from(w.unit.hits)).sum();
                shared.queue.fail_log(&reason, hits);
                for append in waiting {
                    let _ = append.done.send(Err(AppendError::Log(reason.clone())));
                }
                return;
            }
        }
        writer.forget_before(shared.applied.load(Ordering::Acquire));
    }
}

/// The projector's thread.
fn project(mut projector: Projector, shared: &Shared, options: &Options) {
    let _says_so = OnDrop(|| shared.queue.fail_projection("visits are no longer brought into the store"));
    let gather = Duration::from_millis(options.batch_ms_max);
    while let Some(frames) = shared.queue.frames(options.batch_hits_max, gather) {
        for frame in frames {
            let Some(taken) = insist(shared, || take(&mut projector, &frame)) else { return };
            if let Err(error) = taken {
                tracing::error!(%error, "a hit can't be applied; nothing more reaches the store until the next start");
                shared.queue.fail_projection(&error.to_string());
                return;
            }
        }
        while projector.waiting() > 0 {
            let before = projector.next_seq();
            let Some(prepared) = insist(shared, || projector.prepare(options.batch_hits_max)) else { return };
            if insist(shared, || projector.commit(&prepared)).is_none() {
                return;
            }
            shared.applied.store(projector.next_seq(), Ordering::Release);
            shared.queue.settle(projector.next_seq() - before);
        }
    }
}

/// Tries again while a database fails, until shutdown: the log keeps what isn't applied.
fn insist<T, E: Display>(shared: &Shared, mut attempt: impl FnMut() -> Result<T, E>) -> Option<T> {
    let mut pause = RETRY_MIN;
    loop {
        match attempt() {
            Ok(value) => return Some(value),
            Err(error) => {
                tracing::error!(%error, "hits don't reach the store, trying again; they are safe in the log");
                if !shared.queue.store_failed(error.to_string(), pause) {
                    return None;
                }
                pause = (pause * 2).min(RETRY_MAX);
            }
        }
    }
}

/// Runs when a thread's function ends, however it ends.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
