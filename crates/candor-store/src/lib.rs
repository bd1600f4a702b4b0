//! Tables, columns, writes, erasure and running a query, one folder an engine.
//!
//! Owns: the logical schema ([`schema`]), what every engine can do ([`Store`]), how their SQL
//! differs ([`Dialect`]) and the engines (`embedded` = DuckDB).
//! Never: knows what a report is.
//! Read first: [`Store`], [`Batch`], [`schema`].
//! To add an engine: a folder implementing [`Store`] and [`Dialect`], an arm in `open`,
//! and `suite::run_all` green.

pub mod schema;
mod store;

pub use store::{
    Batch, Cell, Dialect, LogPosition, MemoKey, Rows, SeenAction, Store, StoreError, TimingUpdate, VisitHistory,
    VisitLookup, VisitRef,
};
