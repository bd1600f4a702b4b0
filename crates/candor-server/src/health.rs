//! Whether the process lives, whether it is of use, and what it counts.

use crate::{
    app::App,
    http::{Response, response, text},
};

/// The process lives. Does no work.
pub(crate) fn alive() -> Response {
    text(200, "ok")
}

/// Hits are accepted durably and reports answer. Asks the store: call it off the async threads.
pub(crate) fn ready(app: &App) -> Response {
    if let Err(reason) = app.ingest.healthy() {
        return text(503, format!("hits can't be accepted: {reason}"));
    }
    match app.store.position() {
        Ok(_) => text(200, "ready"),
        Err(error) => text(503, format!("reports can't be answered: {error}")),
    }
}

/// Prometheus' text.
pub(crate) fn metrics(app: &App) -> Response {
    let lag = app.ingest.lag();
    app.metrics.lag_hits.set(i64::try_from(lag.hits).unwrap_or(i64::MAX));
    app.metrics.lag_seconds.set(lag.age.as_secs_f64());
    response(200, "application/openmetrics-text; version=1.0.0; charset=utf-8", app.metrics.text())
}
