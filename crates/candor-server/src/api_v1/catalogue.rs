//! What reports there are, for the dashboard; and the description of this API.

use crate::http::{Response, json};
use candor_query::catalogue::{
    metrics,
    reports::{self, ReportDef, View},
};
use serde_json::{Value, json};

/// Every report that menus list.
pub(super) fn show() -> Response {
    let listed = reports::all().filter(|report| report.listed).map(shown).collect::<Vec<_>>();
    json(200, &json!({ "reports": listed }))
}

fn shown(report: &ReportDef) -> Value {
    let computed = report.all_computed().map(|metric| metric.name);
    let columns = report
        .metrics
        .iter()
        .copied()
        .chain(computed)
        .map(|name| json!({ "id": name, "name": metrics::find(name).map_or(name, |metric| metric.title) }));
    json!({
        "id": report.method,
        "category": report.category,
        "subcategory": report.subcategory,
        "order": report.order,
        "name": report.name,
        "documentation": report.documentation,
        "dimension": Some(report.dimension).filter(|dimension| !dimension.is_empty()),
        "metrics": columns.collect::<Vec<_>>(),
        "view": match report.view {
            View::Table => "table",
            View::Numbers => "figures",
            View::Bars => "bars",
            View::Map => "map",
        },
    })
}

/// OpenAPI 3.1.
pub(super) fn openapi() -> Response {
    let body = |required: &[&str]| {
        let properties: serde_json::Map<String, Value> =
            required.iter().map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
        json!({ "required": true, "content": { "application/json": { "schema":
            { "type": "object", "required": required, "properties": properties } } } })
    };
    let answers = |texts: &[(&str, &str)]| {
        let all: serde_json::Map<String, Value> =
            texts.iter().map(|(status, text)| ((*status).to_owned(), json!({ "description": text }))).collect();
        Value::Object(all)
    };
    json(
        200,
        &json!({
            "openapi": "3.1.0",
            "info": { "title": "Candor", "version": env!("CARGO_PKG_VERSION") },
            "paths": {
                "/api/v1/session": {
                    "get": { "summary": "Who is signed in",
                        "responses": answers(&[("200", "login and super_user"), ("401", "nobody")]) },
                    "post": { "summary": "Sign in", "requestBody": body(&["login", "password"]),
                        "responses": answers(&[("200", "signed in, a cookie is set"), ("401", "wrong"), ("429", "wait")]) },
                    "delete": { "summary": "Sign out", "responses": answers(&[("204", "signed out")]) },
                },
                "/api/v1/setup": {
                    "post": { "summary": "Make the first super user",
                        "requestBody": body(&["token", "login", "password", "email"]),
                        "responses": answers(&[("200", "made and signed in"), ("403", "not with this link")]) },
                },
                "/api/v1/catalogue": {
                    "get": { "summary": "Every report", "responses": answers(&[("200", "reports")]) },
                },
            },
        }),
    )
}
