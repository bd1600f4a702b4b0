//! Every number we show: catalogue, segments, periods, planning, SQL text, processed metrics,
//! table filters, memos, the live log.
//!
//! Owns: what a report is and how it is computed.
//! Never: request parameters, output formats, an engine's name.
//! Read first: [`table::Table`].
//! To add a report: one `ReportDef` in `catalogue/reports/<module>.rs`.

pub mod catalogue;
pub mod consent;
pub mod engine;
mod error;
pub mod format;
pub mod live;
mod memo;
pub mod period;
mod plan;
pub mod report;
pub mod segment;
mod sql;
pub mod suggest;
pub mod table;
pub mod transitions;
pub mod warm;

pub use engine::{Engine, Scope};
pub use error::QueryError;
