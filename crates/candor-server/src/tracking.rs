//! The tracking endpoint. The hot path: a request's bytes are lent to the collector, its hits go to the log,
//! and the reply leaves once they are synced.

use crate::{
    app::App,
    client_ip::client_ip,
    consent,
    http::{BodyError, Response, form_of_multipart, header, read_body},
};
use bytes::Bytes;
use candor_collect::consent::{ConsentRequest, Refused};
use candor_collect::{Collected, Context, Method, Reply, RequestHeaders, TrackingRequest};
use candor_ingest::AppendError;
use candor_ops::context::with_context;
use http_body_util::Full;
use hyper::{
    Request, StatusCode,
    body::Incoming,
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER},
    http::request,
};
use std::{borrow::Cow, net::IpAddr, sync::Arc};

/// Largest body: bulk requests of 10,000 hits fit.
const BODY_BYTES_MAX: usize = 8 << 20;
/// Bodies above this are read on a thread of their own: a bulk request takes milliseconds.
const INLINE_BYTES_MAX: usize = 32 << 10;
/// Client hints and what goes with them.
const HINTS: [&str; 8] = [
    "sec-ch-ua",
    "sec-ch-ua-full-version-list",
    "sec-ch-ua-full-version",
    "sec-ch-ua-mobile",
    "sec-ch-ua-model",
    "sec-ch-ua-platform",
    "sec-ch-ua-platform-version",
    "x-requested-with",
];

/// Answers one tracking request.
pub(crate) async fn answer(app: &Arc<App>, peer: IpAddr, request: Request<Incoming>) -> Response {
    app.metrics.tracking_requests.inc();
    let (head, body) = request.into_parts();
    let read = match read_body(&app.bodies, body, BODY_BYTES_MAX).await {
        Ok(read) => read,
        Err(error) => {
            if error == BodyError::NoRoom {
                app.metrics.overloads.inc();
            }
            return error.response();
        }
    };
    let body = read.bytes.clone();
    let asked = if body.len() <= INLINE_BYTES_MAX {
        collect(app, peer, &head, &body)
    } else {
        // The semaphore is never closed.
        let turn = app.bulk_reads.acquire().await;
        let reader = Arc::clone(app);
        let asked = tokio::task::spawn_blocking(move || collect(&reader, peer, &head, &body)).await;
        drop((turn, read));
        match asked {
            Ok(asked) => asked,
            Err(error) => {
                tracing::error!(%error, "a bulk request could not be read");
                return unavailable();
            }
        }
    };
    match asked {
        Asked::Hits(collected) => keep(app, collected).await,
        Asked::Consent(asked) => consent::answer(app, asked).await,
    }
}

/// What came on the tracking path.
enum Asked {
    Hits(Collected),
    Consent(Result<ConsentRequest, Refused>),
}

/// Reads a request. Pure work on memory, but for tokens and salts that are looked up.
fn collect(app: &App, peer: IpAddr, head: &request::Parts, body: &Bytes) -> Asked {
    let form = form_of_multipart(&head.headers, body);
    let headers = |name: &str| header(&head.headers, name);
    let hints: Vec<(&str, &str)> =
        HINTS.iter().map(|name| (*name, headers(name))).filter(|(_, value)| !value.is_empty()).collect();
    let proxies = &app.options.trusted_proxies;
    let from_proxy = !proxies.is_empty() && proxies.iter().any(|net| net.contains(&peer.to_canonical()));
    let request = TrackingRequest {
        method: method(&head.method),
        query: head.uri.query().unwrap_or_default().as_bytes(),
        body: form.as_deref().map_or(body, str::as_bytes),
        headers: RequestHeaders {
            user_agent: headers("user-agent"),
            accept_language: headers("accept-language"),
            referer: headers("referer"),
            cookie: headers("cookie"),
            origin: headers("origin"),
            dnt: headers("dnt"),
            x_do_not_track: headers("x-do-not-track"),
            sec_gpc: headers("sec-gpc"),
            x_purpose: headers("x-purpose"),
            x_moz: headers("x-moz"),
            via: headers("via"),
            access_control_request_method: headers("access-control-request-method"),
            access_control_request_headers: headers("access-control-request-headers"),
            client_hints: &hints,
        },
        client_ip: client_ip(peer, &head.headers, proxies),
        received_at: app.clock.now(),
        secure: from_proxy && headers("x-forwarded-proto").eq_ignore_ascii_case("https"),
    };
    if let Some(asked) = candor_collect::consent::read(&request, &app.admin.settings()) {
        return Asked::Consent(asked);
    }
    let collect = |context: &Context<'_>| app.collector.collect(&request, context);
    Asked::Hits(with_context(&app.admin, &app.salts, app.ingest.orders(), collect))
}

/// Counts, makes the hits durable, then lets the reply go.
async fn keep(app: &App, mut collected: Collected) -> Response {
    collected.drops.iter().for_each(|reason| app.metrics.drop_hit(*reason));
    collected.refused.iter().for_each(|refusal| app.metrics.refuse_hit(*refusal));
    if !collected.failures.is_empty() {
        let now = app.clock.now();
        std::mem::take(&mut collected.failures).into_iter().for_each(|failure| app.failures.note(failure, now));
    }
    if collected.hits.is_empty() {
        return response(collected.reply);
    }
    match app.ingest.append_in_turn(&collected.hits).await {
        Ok(()) => {
            app.metrics.hits.inc_by(collected.hits.len() as u64);
            response(collected.reply)
        }
        Err(error) => {
            tracing::debug!(%error, "hits were not taken");
            collected.release_orders(app.ingest.orders());
            if let AppendError::TooLarge(_) = error {
                return crate::http::text(413, error.to_string());
            }
            app.metrics.overloads.inc();
            unavailable()
        }
    }
}

fn method(method: &hyper::Method) -> Method {
    match method.as_str() {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "POST" => Method::Post,
        "OPTIONS" => Method::Options,
        _ => Method::Other,
    }
}

fn response(reply: Reply) -> Response {
    let body = match reply.body {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    for (name, value) in reply.headers {
        let value = match value {
            Cow::Borrowed(value) => Ok(HeaderValue::from_static(value)),
            Cow::Owned(value) => HeaderValue::from_str(&value),
        };
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), value) {
            headers.append(name, value);
        }
    }
    response
}

/// Nothing was kept; it is worth trying again.
pub(crate) fn unavailable() -> Response {
    let mut response = crate::http::text(503, "hits can't be taken at the moment; try again");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
