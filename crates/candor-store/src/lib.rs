//! Tables, columns, writes, erasure and running a query, one folder an engine.
//!
//! Owns: the logical schema ([`schema`]), what every engine can do ([`Store`]), how their SQL
//! differs ([`Dialect`]) and the engines (`embedded` = DuckDB).
//! Never: knows what a report is.
//! Read first: [`Store`], [`Batch`], [`schema`].
//! To add an engine: a folder implementing [`Store`] and [`Dialect`], an arm in [`open`],
//! and `suite::run_all` green.

mod embedded;
pub mod schema;
mod settings;
mod store;
#[cfg(test)]
mod suite;

pub use settings::{MEMORY_LIMIT_MB_MIN, StoreSettings};
pub use store::{
    Batch, Cell, Dialect, LogPosition, MemoKey, Numbers, Rows, SeenAction, Store, StoreError, TimingUpdate, Values,
    VisitHistory, VisitLookup, VisitRef,
};

use std::path::Path;
use std::sync::Arc;

/// Opens the store in the directory, creating it when it isn't there.
///
/// # Errors
/// [`StoreError::Open`] says what is in the way: another process, the disk, a newer schema.
pub fn open(dir: &Path, settings: &StoreSettings) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(embedded::Embedded::open(dir, settings)?))
}
