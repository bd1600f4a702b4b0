//! The endpoint `module=API`: joins query and form body, authenticates, calls, renders.

use super::{
    arguments::Arguments,
    dispatch::{self, Origin},
    error::ApiError,
    render::{Format, Options, Rendered, render, render_error},
};
use crate::{
    app::App,
    auth::{Caller, Credentials},
};
use candor_core::{ParamValue, Params};
use candor_query::table::Answer;
use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

/// A request for `module=API`.
#[derive(Debug, Clone)]
pub(crate) struct ApiRequest {
    /// Query and form body joined; the query wins.
    pub(crate) params: Params,
    /// What the caller proves who they are with.
    pub(crate) credentials: Credentials,
    /// Address of the caller.
    pub(crate) ip: IpAddr,
    /// This server as the caller names it, `https://host/`.
    pub(crate) base_url: String,
}

/// Nested requests of one bulk request.
const BULK_CALLS_MAX: usize = 100;
/// How long one request may compute, beside the limit on each of its queries: proxies and people wait no longer.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(120);

/// Answers: HTTP status and body. Blocks on the store: call it off the async threads.
pub(crate) fn answer(app: &App, request: &ApiRequest) -> (u16, Rendered) {
    let arguments = Arguments(&request.params);
    let format = Format::parse(arguments.text("format").unwrap_or("xml"));
    let options = options(app, request);
    let result = format.clone().and_then(|format| {
        let answer = call(app, request)?;
        Ok(match answer {
            Reply::Answer(answer) => render(&answer, format, &options)?,
            Reply::Finished(rendered) => rendered,
        })
    });
    match result {
        Ok(rendered) => (200, rendered),
        Err(error) => (error.status, render_error(&error, format.ok(), &options)),
    }
}

enum Reply {
    Answer(Answer),
    Finished(Rendered),
}

fn call(app: &App, request: &ApiRequest) -> Result<Reply, ApiError> {
    let caller = app.auth.caller(&app.admin, &request.credentials).ok_or_else(ApiError::bad_token)?;
    let arguments = Arguments(&request.params);
    let method = arguments.text("method").ok_or_else(|| {
        ApiError::new("The parameter 'method' isn't set in the Request, and a default value wasn't provided.")
    })?;
    let until = Instant::now() + REQUEST_TIME_MAX;
    let origin = Origin { ip: request.ip, base_url: &request.base_url, until };
    if method == "API.getBulkRequest" {
        return bulk(app, request, &caller, origin);
    }
    dispatch::run(app, &caller, &request.params, origin, method).map(Reply::Answer)
}

/// Runs each nested query string with the outer parameters as defaults. Every answer is JSON;
/// one that fails is an error in its place. Rights are those of the outer caller, or of a nested token.
fn bulk(app: &App, request: &ApiRequest, caller: &Caller, origin: Origin<'_>) -> Result<Reply, ApiError> {
    let urls = match request.params.get("urls") {
        Some(ParamValue::List(urls)) => urls.iter().filter_map(|(_, url)| url.as_text()).collect(),
        Some(ParamValue::Text(url)) => vec![url.as_str()],
        None => return Err(ApiError::missing("urls")),
    };
    if urls.len() > BULK_CALLS_MAX {
        return Err(ApiError::new(format!(
            "the bulk request holds {} requests; send at most {BULK_CALLS_MAX} at once",
            urls.len()
        )));
    }
    let answers: Vec<Answer> = urls.into_iter().filter_map(|url| nested(app, request, caller, origin, url)).collect();
    let format = Format::parse(Arguments(&request.params).text("format").unwrap_or("xml"))?;
    if format == Format::Json {
        let list: Vec<String> = answers.iter().map(super::render::json_value).collect();
        let text = format!("[{}]", list.join(","));
        let options = options(app, request);
        let body = options.callback.as_ref().map_or_else(|| text.clone(), |name| format!("{name}({text})"));
        let content_type = if options.callback.is_some() {
            "application/javascript; charset=utf-8"
        } else {
            "application/json; charset=utf-8"
        };
        return Ok(Reply::Finished(Rendered { content_type, disposition: None, body: body.into_bytes() }));
    }
    // Other formats show the nested values of that JSON, not the tables that they were.
    let values = answers
        .iter()
        .filter_map(|answer| serde_json::from_str::<serde_json::Value>(&super::render::json_value(answer)).ok());
    Ok(Reply::Answer(super::call::data(values.collect())))
}

/// `None` for a bulk request inside a bulk request, which is passed over.
fn nested(app: &App, request: &ApiRequest, caller: &Caller, origin: Origin<'_>, url: &str) -> Option<Answer> {
    let url = url.split_once('?').map_or(url, |(_, query)| query);
    let mut params = Params::parse(url);
    let own_token = params.text("token_auth").map(str::to_owned);
    for (name, value) in request.params.iter().filter(|(name, _)| !matches!(*name, "urls" | "method" | "token_auth")) {
        if params.get(name).is_none() {
            params.set(name, value.clone());
        }
    }
    let method = params.text("method").unwrap_or_default().to_owned();
    if method == "API.getBulkRequest" {
        return None;
    }
    let caller = match own_token {
        Some(token) => app.auth.caller(&app.admin, &Credentials::token_in_url(&token)),
        None => Some(caller.clone()),
    };
    let result =
        caller.ok_or_else(ApiError::bad_token).and_then(|caller| dispatch::run(app, &caller, &params, origin, &method));
    Some(
        result.unwrap_or_else(|error| {
            super::call::data(serde_json::json!({ "result": "error", "message": error.message }))
        }),
    )
}

fn options(app: &App, request: &ApiRequest) -> Options {
    let arguments = Arguments(&request.params);
    let is_name = |name: &&str| name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$'));
    let settings = app.admin.settings();
    let site = arguments
        .number("idSite")
        .and_then(|id: u32| settings.site(candor_core::SiteId(id)).map(|site| (id, site.name.clone())));
    let method = arguments.text("method").unwrap_or_default().to_owned();
    Options {
        callback: arguments
            .text("callback")
            .or_else(|| arguments.text("jsoncallback"))
            .filter(is_name)
            .map(str::to_owned),
        as_utf8: arguments.flag("convertToUnicode") == Some(false),
        file_name: super::modules::reports::file_name(&method, arguments, None),
        column_names: arguments
            .is_set("translateColumnNames")
            .then_some(super::modules::reports::column_names(&method)),
        method,
        base_url: request.base_url.clone(),
        site,
        period: arguments.text("period").unwrap_or_default().to_owned(),
    }
}
