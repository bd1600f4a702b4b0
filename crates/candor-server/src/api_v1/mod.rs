//! Our own API, `/api/v1/…`: what the dashboard needs and Matomo's API has no method for. JSON both ways.
//! To add an operation: a handler with `#[utoipa::path]`, an arm here, a line in `openapi`; then `make gen`.

mod catalogue;
mod consent;
mod openapi;
mod session;

use crate::{
    app::App,
    http::{Response, json},
    router::Asked,
};
use candor_admin::AdminError;
use candor_query::QueryError;
use hyper::Method;
use serde::Serialize;
use utoipa::ToSchema;

/// Answers `/api/v1/<path>`. May block.
pub(crate) fn answer(app: &App, asked: &Asked, path: &str) -> Response {
    match (path, &asked.head.method) {
        ("session", &Method::GET) => session::show(app, asked),
        ("session", &Method::POST) => session::sign_in(app, asked),
        ("session", &Method::DELETE) => session::sign_out(app, asked),
        ("setup", &Method::POST) => session::set_up(app, asked),
        ("catalogue", &Method::GET) => catalogue::show(),
        ("consent", &Method::GET) => consent::report(app, asked),
        ("consent/chain", &Method::GET) => consent::chain(app, asked),
        ("consent/texts", &Method::POST) => consent::keep_text(app, asked),
        ("openapi.json", &Method::GET) => openapi::show(),
        ("session" | "setup" | "catalogue" | "consent" | "consent/chain" | "consent/texts" | "openapi.json", _) => {
            error(405, "this method isn't supported here")
        }
        (path, &Method::GET) if path.starts_with("consent/receipts/") => {
            consent::proof(app, asked, path.trim_start_matches("consent/receipts/"))
        }
        _ => error(404, "there is nothing here; see /api/v1/openapi.json"),
    }
}

/// Why a request was not answered.
#[derive(Serialize, ToSchema)]
struct Failure {
    /// What happened and what to do.
    error: String,
}

/// An error as JSON.
fn error(status: u16, message: &str) -> Response {
    json(status, &Failure { error: message.to_owned() })
}

/// A refusal as the person's mistake, anything else as ours.
fn failure(failed: impl Into<Failed>) -> Response {
    match failed.into() {
        Failed::Admin(failed @ AdminError::WrongPassword) => error(401, &failed.to_string()),
        Failed::Admin(failed @ (AdminError::Invalid(_) | AdminError::NotFound(_))) => error(400, &failed.to_string()),
        other => {
            tracing::error!(error = %other, "a request of the dashboard failed");
            error(500, "the request failed; the server's log says why")
        }
    }
}

/// What can fail below.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error(transparent)]
    Query(#[from] QueryError),
}
