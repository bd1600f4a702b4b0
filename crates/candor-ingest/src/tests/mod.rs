//! Tests of the whole way from the log to the store, on a simulated disk and an in-memory store.

mod batches;
mod crash;
mod engine;
pub(crate) mod hits;
mod log;
mod model_store;
mod sim_disk;
mod stories;
mod threads;
