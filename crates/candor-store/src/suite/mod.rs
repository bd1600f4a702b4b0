//! What every engine must do: an engine is right when `run_all` is green.

mod model;
mod queries;
pub(crate) mod samples;
mod writes;

use crate::Store;
use std::sync::Arc;

/// Runs every check, each on a store of its own made by `open`, which must be empty.
pub(crate) fn run_all(open: impl Fn() -> Arc<dyn Store>) {
    for check in writes::CHECKS.iter().chain(queries::CHECKS) {
        let store = open();
        check(&*store);
        store.close().unwrap();
    }
    model::check(open);
}
