//! The bounded queue between callers, the log writer and the projector.

use crate::wal::{Frame, Unit};
use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::sync::{Notify, futures::Notified, oneshot};

/// As many hits are waiting as may; the caller answers 503 with `Retry-After`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many hits are waiting to be written; try again in a moment")]
pub struct Overloaded;

/// Why hits were not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The log can't be written any more.
    #[error("the hits could not be written: {0}")]
    Log(String),
    /// The hits of one append are too big for the log.
    #[error("the hits take {0} bytes, more than fit into one write; send fewer at a time")]
    TooLarge(usize),
    /// There was no room in time.
    #[error(transparent)]
    Overloaded(Overloaded),
    /// Ingest was shut down.
    #[error("hits are no longer taken, the server is stopping")]
    Stopped,
}

/// Resolves when the hits are durable, or are known not to be.
#[derive(Debug)]
pub struct Append(pub(crate) oneshot::Receiver<Result<(), AppendError>>);

impl Append {
    /// An append that has ended.
    pub(crate) fn ready(result: Result<(), AppendError>) -> Self {
        let (done, receiver) = oneshot::channel();
        // The receiver is at hand, so this can't fail.
        let _ = done.send(result);
        Self(receiver)
    }

    /// Waits without a runtime.
    ///
    /// # Errors
    /// When the hits are not durable.
    pub fn wait(self) -> Result<(), AppendError> {
        self.0.blocking_recv().unwrap_or(Err(AppendError::Stopped))
    }
}

impl Future for Append {
    type Output = Result<(), AppendError>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|done| done.unwrap_or(Err(AppendError::Stopped)))
    }
}

/// An append on its way to the log.
pub(crate) struct Waiting {
    pub(crate) unit: Unit,
    pub(crate) done: oneshot::Sender<Result<(), AppendError>>,
}

/// Bytes of hits that may be accepted and not in the store yet; an order of a thousand lines takes as much as a
/// thousand page views.
const BYTES_MAX: usize = 64 << 20;

/// Bytes of the frames that the projector gets at once, beside the first.
const BATCH_BYTES_MAX: usize = 16 << 20;

#[derive(Default)]
struct State {
    /// Not yet in the log.
    appends: VecDeque<Waiting>,
    /// In the log, not yet taken by the projector.
    frames: VecDeque<Frame>,
    frame_hits: usize,
    /// Hits in the log after each write that isn't all in the store, and when it was synced.
    written_to: VecDeque<(u64, Instant)>,
    logged: u64,
    applied: u64,
    /// Hits ever accepted; hits that are in the store, or have failed.
    accepted: u64,
    settled: u64,
    /// How many hits had been accepted after each append that isn't settled, and its bytes; then all their bytes.
    sizes: VecDeque<(u64, usize)>,
    bytes: usize,
    /// Someone waits until so many are settled.
    urgent_to: u64,
    is_closed: bool,
    log_is_closed: bool,
    log_failure: Option<String>,
    store_failure: Option<String>,
}

impl State {
    fn fail_log(&mut self, reason: &str) {
        self.log_failure = Some(reason.to_owned());
        for waiting in std::mem::take(&mut self.appends) {
            self.settled += u64::from(waiting.unit.hits);
            // A caller that went away needn't know.
            let _ = waiting.done.send(Err(AppendError::Log(reason.to_owned())));
        }
    }
}

/// The queue, with one condition for each party that waits.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    /// The log writer: an append came.
    appended: Condvar,
    /// The projector: a frame came, or someone can't wait.
    written: Condvar,
    /// Those who wait for hits to be in the store, and the projector between two attempts.
    settled: Condvar,
    /// Those who wait for room.
    freed: Notify,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake_all(&self) {
        [&self.appended, &self.written, &self.settled].into_iter().for_each(Condvar::notify_all);
        self.freed.notify_waiters();
    }

    /// Resolves at the next moment after this call when there may be room again.
    pub(crate) fn freed(&self) -> Notified<'_> {
        self.freed.notified()
    }

    /// Takes an append in and leaves nothing behind, unless more than `hits_max` hits, or too many bytes of them, would wait.
    pub(crate) fn push(&self, unit: &mut Unit, hits_max: usize) -> Result<Append, Overloaded> {
        if unit.hits == 0 {
            return Ok(Append::ready(Ok(())));
        }
        let mut state = self.lock();
        if state.is_closed {
            return Ok(Append::ready(Err(AppendError::Stopped)));
        }
        if let Some(reason) = &state.log_failure {
            return Ok(Append::ready(Err(AppendError::Log(reason.clone()))));
        }
        let waiting = state.accepted - state.settled;
        // An append bigger than the whole queue goes through alone: refusing it for good helps nobody.
        let bytes = state.bytes + unit.bytes.len();
        if waiting > 0 && (waiting + u64::from(unit.hits) > hits_max as u64 || bytes > BYTES_MAX) {
            return Err(Overloaded);
        }
        state.accepted += u64::from(unit.hits);
        let accepted = state.accepted;
        state.sizes.push_back((accepted, unit.bytes.len()));
        state.bytes = bytes;
        let (done, receiver) = oneshot::channel();
        state.appends.push_back(Waiting { unit: std::mem::take(unit), done });
        // Behind others nobody needs to be woken: the writer takes all that wait.
        if state.appends.len() == 1 {
            self.appended.notify_one();
        }
        Ok(Append(receiver))
    }

    /// For the log writer: the appends that wait, at most about `bytes_max`. `None` = closed and empty.
    pub(crate) fn appends(&self, bytes_max: usize) -> Option<Vec<Waiting>> {
        let mut state = self.lock();
        while state.appends.is_empty() && !state.is_closed {
            state = wait(&self.appended, state);
        }
        let mut taken = Vec::new();
        let mut bytes = 0;
        while let Some(next) = state.appends.front() {
            bytes += next.unit.bytes.len();
            if !taken.is_empty() && bytes > bytes_max {
                break;
            }
            taken.extend(state.appends.pop_front());
        }
        (!taken.is_empty()).then_some(taken)
    }

    /// For the log writer: the frame is durable.
    pub(crate) fn push_frame(&self, frame: Frame) {
        let mut state = self.lock();
        state.frame_hits += frame.hits as usize;
        state.logged += u64::from(frame.hits);
        let logged = state.logged;
        state.written_to.push_back((logged, Instant::now()));
        state.frames.push_back(frame);
        self.written.notify_one();
    }

    /// For the log writer: nothing can be written any more, not even these `hits`; what waits has failed.
    pub(crate) fn fail_log(&self, reason: &str, hits: u64) {
        let mut state = self.lock();
        state.settled += hits;
        state.fail_log(reason);
        self.wake_all();
    }

    /// For the log writer: it ends. Unless it was closed, it ends by a defect: then nobody may wait for it.
    pub(crate) fn close_log(&self) {
        let mut state = self.lock();
        state.log_is_closed = true;
        if !state.is_closed && state.log_failure.is_none() {
            state.fail_log("the log's thread ended by a defect, start again");
        }
        self.wake_all();
    }

    /// For the projector: frames with about `hits_max` hits, gathered for at most `gather`
    /// unless someone is waiting. `None` = the log is closed and nothing is left.
    pub(crate) fn frames(&self, hits_max: usize, gather: Duration) -> Option<Vec<Frame>> {
        let mut state = self.lock();
        while state.frames.is_empty() && !state.log_is_closed {
            state = wait(&self.written, state);
        }
        let until = Instant::now() + gather;
        while state.frame_hits < hits_max && state.settled >= state.urgent_to && !state.log_is_closed {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.written.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let mut taken = Vec::new();
        let (mut hits, mut bytes) = (0, 0);
        while hits < hits_max
            && bytes < BATCH_BYTES_MAX
            && let Some(frame) = state.frames.pop_front()
        {
            hits += frame.hits as usize;
            bytes += frame.bytes().len();
            taken.push(frame);
        }
        state.frame_hits -= hits;
        (!taken.is_empty()).then_some(taken)
    }

    /// For the projector: so many more hits are in the store.
    pub(crate) fn settle(&self, hits: u64) {
        let mut state = self.lock();
        state.settled += hits;
        state.applied += hits;
        state.store_failure = None;
        while let Some((_, bytes)) = state.sizes.front().copied().filter(|(to, _)| *to <= state.settled) {
            state.bytes -= bytes;
            state.sizes.pop_front();
        }
        while state.written_to.front().is_some_and(|(to, _)| *to <= state.applied) {
            state.written_to.pop_front();
        }
        self.settled.notify_all();
        self.freed.notify_waiters();
    }

    /// For the projector: the store fails. Returns whether to try again after waiting for `pause`.
    pub(crate) fn store_failed(&self, reason: String, pause: Duration) -> bool {
        let mut state = self.lock();
        state.store_failure = Some(reason);
        self.settled.notify_all();
        if !state.is_closed {
            let wait = self.settled.wait_timeout_while(state, pause, |state| !state.is_closed);
            state = wait.unwrap_or_else(PoisonError::into_inner).0;
        }
        !state.is_closed
    }

    /// For the projector: it ends. At a shutdown nothing is wrong with that.
    pub(crate) fn fail_projection(&self, reason: &str) {
        let mut state = self.lock();
        if !state.is_closed {
            state.store_failure.get_or_insert_with(|| reason.to_owned());
        }
        self.settled.notify_all();
    }

    /// Accepts nothing more.
    pub(crate) fn close(&self) {
        self.lock().is_closed = true;
        self.wake_all();
    }

    /// Waits until everything accepted so far is in the store; false when it can't come there.
    pub(crate) fn wait_settled(&self) -> bool {
        let mut state = self.lock();
        let goal = state.accepted;
        state.urgent_to = goal;
        self.written.notify_all();
        while state.settled < goal && state.store_failure.is_none() && !state.is_closed {
            state = wait(&self.settled, state);
        }
        state.settled >= goal
    }

    /// Hits accepted that are not in the store, and how long the oldest of them is in the log.
    pub(crate) fn waiting(&self) -> (u64, Duration) {
        let state = self.lock();
        let age = state.written_to.front().map_or(Duration::ZERO, |(_, synced)| synced.elapsed());
        (state.accepted - state.settled, age)
    }

    /// Why the log can't be written any more.
    pub(crate) fn log_failure(&self) -> Option<String> {
        self.lock().log_failure.clone()
    }

    /// What has failed.
    pub(crate) fn failure(&self) -> Option<String> {
        let state = self.lock();
        state.log_failure.clone().or_else(|| state.store_failure.clone())
    }
}

fn wait<'a>(condition: &Condvar, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
    condition.wait(state).unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    fn unit(hits: u32) -> Unit {
        Unit { bytes: vec![0; 8], hits }
    }

    #[test]
    fn who_waits_for_room_hears_of_the_end_of_the_log() {
        let queue = Queue::default();
        let append = queue.push(&mut unit(3), 3).unwrap();
        assert!(queue.push(&mut unit(1), 3).is_err());
        let mut freed = pin!(queue.freed());
        assert!(!freed.as_mut().enable());
        queue.fail_log("the disk is full", 0);
        assert!(freed.as_mut().enable());
        let failed = Err(AppendError::Log("the disk is full".into()));
        assert_eq!(append.wait(), failed);
        assert_eq!(queue.push(&mut unit(1), 3).unwrap().wait(), failed);
    }

    #[test]
    fn a_few_large_appends_fill_the_queue_as_many_small_ones_do() {
        let queue = Queue::default();
        let large = || Unit { bytes: vec![0; BYTES_MAX / 2], hits: 1 };
        let kept = [queue.push(&mut large(), 100).unwrap(), queue.push(&mut large(), 100).unwrap()];
        assert!(queue.push(&mut unit(1), 100).is_err());
        queue.settle(1);
        assert!(queue.push(&mut unit(1), 100).is_ok());
        drop(kept);
    }

    #[test]
    fn nobody_waits_for_a_log_thread_that_is_gone() {
        let queue = Queue::default();
        let before = queue.push(&mut unit(1), 3).unwrap();
        queue.close_log();
        let after = queue.push(&mut unit(1), 3).unwrap();
        assert!(matches!(before.wait(), Err(AppendError::Log(_))));
        assert!(matches!(after.wait(), Err(AppendError::Log(_))));
        assert_eq!(queue.waiting().0, 0);
    }
}
