//! Our own API, `/api/v1/…`: what the dashboard needs and Matomo's API has no method for. JSON both ways.
//! To add an operation: a handler with `#[utoipa::path]`, an arm here, a line in `openapi`; then `make gen`.

mod catalogue;
mod openapi;
mod session;

use crate::{
    app::App,
    http::{Response, json},
    router::Asked,
};
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
        ("openapi.json", &Method::GET) => openapi::show(),
        ("session" | "setup" | "catalogue" | "openapi.json", _) => error(405, "this method isn't supported here"),
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
