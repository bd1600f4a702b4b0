//! Durable order: the hit log, visits out of hits, exactly-once into the store.
//!
//! Owns: the log (`wal`: what was acknowledged is synced), the visit state machine (`visits`: a
//! pure function of visit, hit and settings), the way into the store (`projector`) and the threads
//! that run both (`pipeline`).
//! Never: sees a raw request, answers before the sync, writes SQL, reads a clock to decide something.
//! Read first: [`Ingest`], `visits/mod.rs`, `wal/mod.rs`.
//! To add what a hit changes in its visit: `visits/extend.rs`; what an action row says: `visits/actions.rs`.

mod changes;
pub mod files;
mod lookup;
mod memory;
mod orders;
mod pipeline;
mod projector;
mod queue;
#[cfg(test)]
mod tests;
mod visits;
mod wal;

pub use files::{Files, LogFile, RealFiles};
pub use orders::Orders;
pub use pipeline::{Ingest, Lag, Options};
pub use queue::{Append, AppendError, Overloaded};
pub use wal::{LogError, RecordError};

use candor_core::{Day, RevisionError, SiteId};
use candor_store::StoreError;

/// Why ingest can't start.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The log.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record of the log is whole but not readable.
    #[error("record {seq} or one after it in the log can't be read: {source}; start the version that wrote it first")]
    Record {
        /// First sequence number of its frame.
        seq: u64,
        /// What is wrong with it.
        source: RecordError,
    },
    /// The settings that applied to a hit of the log.
    #[error(transparent)]
    Settings(#[from] RevisionError),
    /// A thread can't be started.
    #[error("the ingest threads can't be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// Told of each commit, with the local days whose rows it changes.
pub trait CommitWatcher: Send + Sync {
    /// The commit is about to happen.
    ///
    /// # Errors
    /// When the store fails. Then nothing is committed, and it is tried again.
    fn before(&self, touched: &[(SiteId, Day)]) -> Result<(), StoreError>;
    /// The commit happened, or it or [`CommitWatcher::before`] failed and will be tried again.
    fn after(&self, touched: &[(SiteId, Day)]);
}

/// For those who needn't know.
impl CommitWatcher for () {
    fn before(&self, _: &[(SiteId, Day)]) -> Result<(), StoreError> {
        Ok(())
    }

    fn after(&self, _: &[(SiteId, Day)]) {}
}
