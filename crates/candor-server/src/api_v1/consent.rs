//! What visitors of a site chose, the proof of single agreements, and the texts that they were shown.

use super::{Failure, error, failure, session::read};
use crate::{
    app::App,
    auth::Caller,
    http::{Response, json},
    router::Asked,
};
use candor_admin::{ConsentText, Role};
use candor_core::{Day, ReceiptId, SiteId, SiteSettings, settings::WithoutConsent};
use candor_query::consent::{self, Chain};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;

/// Longest span of a report, days.
const DAYS_MAX: i32 = 3660;

/// Choices of a site's visitors.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentReport {
    /// Whether the site's pages tell of questions that are shown; else nobody can count those left open.
    counts_open_questions: bool,
    /// Whether visits without consent are counted too, as exempt ones.
    counts_without_consent: bool,
    /// Days and text versions, in order; days without any choice are left out.
    days: Vec<ConsentDay>,
}

/// Choices of one day under one version of the text.
#[derive(Serialize, ToSchema)]
struct ConsentDay {
    /// The site's local day.
    #[schema(format = Date)]
    date: String,
    /// Version of the text.
    version: String,
    accepted: u64,
    rejected: u64,
    /// Refused by the browser's signal without a question.
    signal: u64,
    withdrawn: u64,
    /// Questions shown and not answered.
    no_choice: u64,
}

/// Proof of one agreement.
#[derive(Serialize, ToSchema)]
pub(super) struct Proof {
    /// The receipt, as the visitor has it.
    receipt: Value,
    /// What was shown, word for word; `null` when that text was never kept here.
    #[schema(required)]
    text: Option<String>,
}

/// Whether all records are as they were written.
#[derive(Serialize, ToSchema)]
pub(super) struct ChainState {
    whole: bool,
    /// Records that were checked; where the chain is broken, the number of the first that does not fit.
    records: u64,
    /// Hash of the newest record; empty where the chain is broken.
    head: String,
    /// Checks the signatures of receipts, 64 hex digits.
    public_key: String,
}

/// A text that people are shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewText {
    version: String,
    language: String,
    text: String,
}

/// What consent records name it by.
#[derive(Serialize, ToSchema)]
pub(super) struct KeptText {
    /// SHA-256, 64 hex digits.
    hash: String,
}

/// Choices by day and text version.
#[utoipa::path(
    get,
    path = "/api/v1/consent",
    operation_id = "getConsentReport",
    params(
        ("idSite" = u32, Query, description = "The site"),
        ("from" = String, Query, description = "First day, `2026-01-31`"),
        ("to" = String, Query, description = "Last day")
    ),
    responses(
        (status = 200, description = "The choices", body = ConsentReport),
        (status = 400, description = "A parameter means nothing", body = Failure),
        (status = 401, description = "The caller may not view the site", body = Failure)
    )
)]
pub(super) fn report(app: &App, asked: &Asked) -> Response {
    let site = match site(app, asked) {
        Ok(site) => site,
        Err(refused) => return *refused,
    };
    let day = |name| asked.params.text(name).and_then(|text| text.parse().ok()).map(Day::from_date);
    let (Some(from), Some(to)) = (day("from"), day("to")) else {
        return error(400, "give `from` and `to` as dates like 2026-01-31");
    };
    if to < from || to.0 - from.0 > DAYS_MAX {
        return error(400, "`to` must be after `from`, at most ten years");
    }
    match consent::counts(app.store.as_ref(), site.id, (from, to)) {
        Ok(days) => {
            let without = app.admin.settings().privacy.without_consent == WithoutConsent::Exempt;
            json(200, &ConsentReport::of(&days, without))
        }
        Err(failed) => failure(failed),
    }
}

impl ConsentReport {
    fn of(days: &BTreeMap<(Day, String), consent::ConsentCounts>, counts_without_consent: bool) -> Self {
        let day = |((day, version), counts): (&(Day, String), &consent::ConsentCounts)| ConsentDay {
            date: day.date().to_string(),
            version: version.clone(),
            accepted: counts.accepted,
            rejected: counts.rejected,
            signal: counts.signal,
            withdrawn: counts.withdrawn,
            no_choice: counts.no_choice(),
        };
        Self {
            counts_open_questions: days.values().any(|counts| counts.shown > 0),
            counts_without_consent,
            days: days.iter().map(day).collect(),
        }
    }
}

/// Proof that somebody agreed.
#[utoipa::path(
    get,
    path = "/api/v1/consent/receipts/{id}",
    operation_id = "getConsentProof",
    params(("id" = String, Path, description = "The receipt's id, 32 hex digits")),
    responses(
        (status = 200, description = "The receipt and the text", body = Proof),
        (status = 401, description = "The caller may not view its site", body = Failure),
        (status = 404, description = "There is no such receipt", body = Failure)
    )
)]
pub(super) fn proof(app: &App, asked: &Asked, id: &str) -> Response {
    let refused = || error(401, "sign in as somebody who may view the receipt's site");
    let Some(caller) = app.auth.caller(&app.admin, &asked.credentials()).filter(|caller| !caller.is_anonymous()) else {
        return refused();
    };
    let found = match ReceiptId::from_hex(id).map(|id| crate::consent::receipt(app, id)).transpose() {
        Ok(found) => found.flatten(),
        Err(failed) => return failure(failed),
    };
    let Some((record, receipt)) = found else { return error(404, "there is no such receipt") };
    if !caller.may(Role::View, record.site) {
        return refused();
    }
    let text = record.text.map(|hash| app.admin.consent_text(&hash)).transpose();
    match text {
        Ok(text) => json(200, &Proof { receipt, text: text.flatten().map(|text| text.text) }),
        Err(failed) => failure(failed),
    }
}

/// Checks every consent record against the chain.
#[utoipa::path(
    get,
    path = "/api/v1/consent/chain",
    operation_id = "checkConsentChain",
    responses(
        (status = 200, description = "What was found", body = ChainState),
        (status = 401, description = "The caller is no super user", body = Failure)
    )
)]
pub(super) fn chain(app: &App, asked: &Asked) -> Response {
    if !app.auth.caller(&app.admin, &asked.credentials()).is_some_and(|caller| caller.is_super_user()) {
        return error(401, "sign in as a super user");
    }
    let public_key = app.receipts.public_key();
    match consent::check_chain(app.store.as_ref()) {
        Ok(Chain::Whole(link)) => {
            json(200, &ChainState { whole: true, records: link.number, head: hex::encode(link.hash), public_key })
        }
        Ok(Chain::Broken(number)) => {
            json(200, &ChainState { whole: false, records: number, head: String::new(), public_key })
        }
        Err(failed) => failure(failed),
    }
}

/// Keeps a text that people are shown, so that it can be shown again beside their agreement.
#[utoipa::path(
    post,
    path = "/api/v1/consent/texts",
    operation_id = "keepConsentText",
    request_body = NewText,
    responses(
        (status = 200, description = "It is kept", body = KeptText),
        (status = 400, description = "The body can't be read, or the text is refused", body = Failure),
        (status = 401, description = "The caller is admin of no site", body = Failure)
    )
)]
pub(super) fn keep_text(app: &App, asked: &Asked) -> Response {
    let caller = app.auth.caller(&app.admin, &asked.credentials());
    if !caller.is_some_and(|caller| caller.may_somewhere(Role::Admin)) {
        return error(401, "sign in as an admin of a site");
    }
    let given: NewText = match read(asked) {
        Ok(given) => given,
        Err(refused) => return *refused,
    };
    let text = ConsentText { version: given.version, language: given.language, text: given.text };
    match app.admin.keep_consent_text(&text) {
        Ok(hash) => json(200, &KeptText { hash: hex::encode(hash) }),
        Err(failed) => failure(failed),
    }
}

/// The site that is asked about, the caller's right to view it checked.
fn site(app: &App, asked: &Asked) -> Result<Arc<SiteSettings>, Box<Response>> {
    let refused = || Box::new(error(401, "sign in as somebody who may view the site, or send a token"));
    let caller: Caller = app.auth.caller(&app.admin, &asked.credentials()).ok_or_else(refused)?;
    let id = asked.params.text("idSite").and_then(|text| text.parse().ok()).map(SiteId);
    let id = id.ok_or_else(|| Box::new(error(400, "give `idSite`")))?;
    if !caller.may(Role::View, id) {
        return Err(refused());
    }
    app.admin.settings().site(id).cloned().ok_or_else(|| Box::new(error(400, &format!("there is no site `{id}`"))))
}
