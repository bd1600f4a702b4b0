//! Hostile input for everything that reads what others sent. An input is a pure function of target, seed and number,
//! so that whatever is found can be had again; a short run is part of the tests, a long one is `make fuzz`.
//! Inputs are samples of our own, changed ([`mutate`]); no instrumentation, so it runs with the pinned toolchain.
//!
//! To add a target: one entry in [`TARGETS`] with its samples in `samples.rs`.

mod everything;
pub mod mutate;
mod samples;
mod targets;

pub use targets::{TARGETS, Target};
