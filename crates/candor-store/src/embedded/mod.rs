//! The embedded engine: DuckDB for visits, SQLite for memos, both in the data directory.
//!
//! One connection writes and answers ingest's questions, a few others run queries. One process
//! holds the file; what is committed survives a kill and a power loss: the engine syncs its own log
//! before a commit returns. Ingest relies on that, it then deletes the hits from the hit log.

mod commit;
mod database;
mod deadlines;
mod decode;
mod dialect;
mod encode;
mod lookup;
mod memos;
mod readers;
mod rows;
mod staging;
#[cfg(test)]
mod tests;

use crate::{
    Batch, Cell, Dialect, LogPosition, MemoKey, Numbers, Rows, Store, StoreError, StoreSettings, VisitHistory,
    VisitLookup, VisitRef,
};
use candor_core::{ConsentLink, SiteId, Visit, VisitId};
use duckdb::Connection;
use std::path::Path;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// The open store.
pub(crate) struct Embedded {
    /// `None` once closed.
    writer: Mutex<Option<Connection>>,
    readers: readers::Readers,
    memos: memos::Memos,
    /// Something was asked or committed since the last call of `rest`.
    used: AtomicBool,
    memory_limit_mb: u32,
}

/// What the engine may keep of the file while nobody asks.
const RESTING_MB: u32 = 8;

impl Embedded {
    /// Opens or creates the store in `dir`.
    pub(crate) fn open(dir: &Path, settings: &StoreSettings) -> Result<Self, StoreError> {
        let writer = database::open(dir, settings)?;
        let readers = readers::Readers::open(&writer, settings.query_timeout_ms)?;
        let memos = memos::Memos::open(dir)?;
        let (used, memory_limit_mb) = (AtomicBool::new(true), settings.memory_limit_mb);
        Ok(Self { writer: Mutex::new(Some(writer)), readers, memos, used, memory_limit_mb })
    }

    /// Work on rows, beside small questions about the store itself.
    fn work<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.used.store(true, Ordering::Relaxed);
        self.write(work)
    }

    fn write<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        // A transaction that panicked is rolled back, so a poisoned connection is as good as another.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        work(writer.as_mut().ok_or_else(closed)?)
    }
}

impl Store for Embedded {
    fn position(&self) -> Result<LogPosition, StoreError> {
        self.write(|connection| {
            let next_seq = connection.query_row("select next_seq from log_position", [], |row| row.get(0))?;
            Ok(LogPosition { next_seq })
        })
    }

    fn last_visit(&self) -> Result<VisitId, StoreError> {
        self.write(|connection| {
            let id = connection.query_row("select coalesce(max(visit_id), 0) from visits", [], |row| row.get(0))?;
            Ok(VisitId(id))
        })
    }

    fn last_consent(&self) -> Result<ConsentLink, StoreError> {
        self.write(|connection| lookup::last_consent(connection))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.work(|connection| commit::commit(connection, batch, &self.readers))
    }

    fn find_visits(&self, lookups: &[VisitLookup]) -> Result<Vec<Option<Visit>>, StoreError> {
        self.work(|connection| lookup::find_visits(connection, lookups))
    }

    fn histories(&self, visits: &[VisitRef]) -> Result<Vec<VisitHistory>, StoreError> {
        self.work(|connection| lookup::histories(connection, visits))
    }

    fn orders(&self) -> Result<Vec<(SiteId, String)>, StoreError> {
        self.work(|connection| lookup::orders(connection))
    }

    fn query(&self, sql: &str, params: &[Cell]) -> Result<Rows, StoreError> {
        self.used.store(true, Ordering::Relaxed);
        self.readers.query(sql, params)
    }

    fn columns(&self, sql: &str, params: &[Cell]) -> Result<Vec<Numbers>, StoreError> {
        self.used.store(true, Ordering::Relaxed);
        self.readers.columns(sql, params)
    }

    fn dialect(&self) -> &dyn Dialect {
        &dialect::DuckDb
    }

    fn memos(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.memos.read(keys)
    }

    fn put_memos(&self, memos: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        self.memos.write(memos)
    }

    fn forget_memos(&self, site: SiteId, days: Option<&[i32]>) -> Result<(), StoreError> {
        self.memos.forget(site, days)
    }

    fn rest(&self) {
        if self.used.swap(false, Ordering::Relaxed) {
            return;
        }
        let shrunk = self.write(|connection| {
            // A smaller limit makes the engine drop what it caches; no query may run meanwhile, it would fail.
            self.readers.while_idle(|| {
                let limit = |mb| connection.execute_batch(&format!("set memory_limit = '{mb}MiB'"));
                let shrunk = limit(RESTING_MB.min(self.memory_limit_mb));
                limit(self.memory_limit_mb).and(shrunk)
            })
        });
        if let Err(error) = shrunk {
            tracing::debug!(%error, "the store keeps the memory it has");
        }
    }

    fn end_queries(&self) {
        self.readers.close();
    }

    fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = writer.take() {
            // Leaves no log to replay, so that the next start is at once ready.
            connection.execute_batch("checkpoint")?;
        }
        Ok(())
    }
}

fn closed() -> StoreError {
    StoreError::Internal("it is closed".into())
}

impl From<duckdb::Error> for StoreError {
    fn from(error: duckdb::Error) -> Self {
        let text = error.to_string();
        if text.contains("Out of Memory") { Self::OutOfMemory } else { Self::Internal(text) }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Internal(format!("memos: {error}"))
    }
}
