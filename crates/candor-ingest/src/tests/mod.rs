//! Tests of the whole way from the log to the store, on a simulated disk and an in-memory store.

pub(crate) mod hits;
