//! Interrupts queries that run too long: one thread that sleeps until the first of them is due.

use duckdb::InterruptHandle;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// An interrupt that comes between a query's parts is lost, so that it is repeated after this.
const REPEAT: Duration = Duration::from_millis(20);

/// The thread and what it watches. Dropping it ends the thread.
pub(super) struct Deadlines {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: BTreeMap<(Instant, u64), Arc<InterruptHandle>>,
    last_number: u64,
    is_closed: bool,
}

impl Shared {
    // The state is whole between any two statements that hold the lock, so a poisoned one is as good.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut state = self.lock();
        while !state.is_closed {
            let now = Instant::now();
            let wait = state.running.first_key_value().map(|((due, _), _)| due.saturating_duration_since(now));
            state = match wait {
                // Interrupting under the lock: a query that has ended is no longer in the list, so that
                // the next one on its connection is never hit.
                Some(Duration::ZERO) => {
                    if let Some((_, query)) = state.running.pop_first() {
                        query.interrupt();
                    }
                    state
                }
                Some(wait) => self.changed.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0,
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

impl Deadlines {
    /// Starts the thread.
    pub(super) fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let watched = shared.clone();
        let thread = std::thread::Builder::new().name("query-deadlines".into()).spawn(move || watched.watch())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Interrupts all queries until none is left. False when some still run after `patience`.
    pub(super) fn end_all(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        loop {
            let state = self.shared.lock();
            state.running.values().for_each(|query| query.interrupt());
            if state.running.is_empty() || Instant::now() >= until {
                return state.running.is_empty();
            }
            drop(state);
            std::thread::sleep(REPEAT);
        }
    }

    /// Interrupts `query` after `limit`, unless the answer is dropped before.
    pub(super) fn limit(&self, query: Arc<InterruptHandle>, limit: Duration) -> Deadline<'_> {
        let mut state = self.shared.lock();
        state.last_number += 1;
        let key = (Instant::now() + limit, state.last_number);
        state.running.insert(key, query);
        if state.running.first_key_value().is_some_and(|(first, _)| *first == key) {
            self.shared.changed.notify_one();
        }
        Deadline { shared: &self.shared, key }
    }
}

impl Drop for Deadlines {
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported there.
            let _ = thread.join();
        }
    }
}

/// A query under watch.
pub(super) struct Deadline<'d> {
    shared: &'d Shared,
    key: (Instant, u64),
}

impl Deadline<'_> {
    /// Whether the query was interrupted.
    pub(super) fn has_passed(&self) -> bool {
        !self.shared.lock().running.contains_key(&self.key)
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        self.shared.lock().running.remove(&self.key);
    }
}
