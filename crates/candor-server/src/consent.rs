//! Consent on the tracking path: keeps records as durably as hits, and shows a receipt to whoever has its id.

use crate::{
    app::App,
    http::{Response, json, set, text},
    router::blocking,
    tracking::unavailable,
};
use candor_collect::consent::{ConsentRequest, Refused};
use candor_core::{Consent, ReceiptId};
use candor_ops::receipts::Controller;
use candor_query::{QueryError, consent};
use hyper::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS};
use serde_json::{Value, json};
use std::sync::Arc;

/// The visitor reads it, behind the link to their receipt.
const NO_RECORD: &str = "No record was kept under this number: what told of it never arrived here, or was refused. The \
                         choice itself counts all the same. A record that was just made is here within 2 seconds.";

/// Answers a consent request.
pub(crate) async fn answer(app: &Arc<App>, asked: Result<ConsentRequest, Refused>) -> Response {
    let mut answer = match asked {
        Ok(ConsentRequest::Keep { record, words }) => keep(app, &record, words).await,
        Ok(ConsentRequest::Show { .. }) if app.receipt_calls.available_permits() == 0 => unavailable(),
        Ok(ConsentRequest::Show { id: Some(id), as_file }) => {
            blocking(app, &app.receipt_calls, move |app| show(app, id, as_file)).await
        }
        Ok(ConsentRequest::Show { id: None, .. }) => text(400, "`receipt` must be 32 hex digits"),
        Err(refused) => refuse(app, refused),
    };
    // Pages of any site ask; nothing here goes by a cookie.
    set(&mut answer, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(&mut answer, CACHE_CONTROL, "no-store");
    answer
}

/// The record first: words of one that was not taken are not kept. It is on disk before it is acknowledged, and so are
/// the words unless their database is slow.
async fn keep(app: &App, record: &Consent, words: Option<String>) -> Response {
    match app.ingest.append_consent(record).await {
        Ok(()) => {
            if let Some(words) = words {
                app.shown_texts.keep(&app.admin, record, words).await;
            }
            json(200, &json!({ "receipt": record.receipt.map(ReceiptId::to_hex) }))
        }
        Err(error) => {
            tracing::debug!(%error, "a consent record was not taken");
            app.metrics.overloads.inc();
            unavailable()
        }
    }
}

fn refuse(app: &App, refused: Refused) -> Response {
    app.metrics.refuse_consent(refused.reason);
    app.failures.note(refused.failure, app.clock.now());
    text(400, format!("this choice was not kept: {}", refused.words))
}

fn show(app: &App, id: ReceiptId, as_file: bool) -> Response {
    match receipt(app, id) {
        Ok(Some((_, receipt))) => {
            let mut answer = json(200, &receipt);
            let shown_as = if as_file { "attachment" } else { "inline" };
            let file = format!("{shown_as}; filename=\"consent-{}.json\"", id.to_hex());
            set(&mut answer, CONTENT_DISPOSITION, &file);
            // Whoever made the record chose words in it: they are never to be taken for a page.
            set(&mut answer, X_CONTENT_TYPE_OPTIONS, "nosniff");
            answer
        }
        Ok(None) => text(404, NO_RECORD),
        Err(error) => {
            tracing::error!(%error, "a consent receipt can't be shown");
            text(500, "the receipt can't be shown at the moment; the server's log says why")
        }
    }
}

/// A receipt and the record that it is of.
pub(crate) fn receipt(app: &App, id: ReceiptId) -> Result<Option<(Consent, Value)>, QueryError> {
    let Some(known) = consent::receipt(app.store.as_ref(), id)? else { return Ok(None) };
    let by = Controller::of(&app.admin.settings(), known.agreed.consent.site);
    let receipt = app.receipts.receipt(&known, &by);
    Ok(Some((known.agreed.consent, receipt)))
}
