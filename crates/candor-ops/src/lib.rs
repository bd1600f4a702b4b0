//! What an operator runs, one module a task: demo traffic now; backup, import and scanner later.
//!
//! Owns: long-running jobs with progress.
//! Never: a private road into the store. Imports and the demo enter as every hit does.
//! Read first: [`instance::Instance`], [`demo`].
//! To add a task: a module here and a file in the `candor` crate's `commands/`.

pub mod context;
pub mod demo;
pub mod instance;
pub mod receipts;

pub use candor_collect::enrich::names::is_currency;
