//! Which part answers a request. A plain match: the paths are few and fixed by the contract.

use crate::{
    api_v1,
    app::App,
    assets,
    auth::Credentials,
    client_ip::client_ip,
    connections::Surface,
    health,
    http::{Response, cookie, header, params, read_body, response, set, text},
    matomo_api::{self, ApiRequest},
    metrics::Answered,
    opt_out, tracking,
};
use candor_core::Params;
use hyper::{Request, body::Incoming, header::CACHE_CONTROL, http::request};
use std::{net::IpAddr, sync::Arc};
use tokio::sync::Semaphore;

/// Largest body but for tracking.
const BODY_BYTES_MAX: usize = 2 << 20;
/// The session's cookie.
pub(crate) const SESSION_COOKIE: &str = "candor_session";

/// Answers any request.
pub(crate) async fn answer(app: &Arc<App>, surface: Surface, peer: IpAddr, request: Request<Incoming>) -> Response {
    match one_slash(request.uri().path()) {
        "/matomo.php" | "/piwik.php" if !opt_out::is_asked(request.uri().query()) => {
            tracking::answer(app, peer, request).await
        }
        "/matomo.js" | "/piwik.js" | "/js/" | "/js/tracker.php" => assets::tracker(request.headers(), "matomo.js"),
        "/matomo-lite.js" => assets::tracker(request.headers(), "matomo-lite.js"),
        "/healthz" => health::alive(),
        "/readyz" => blocking(app, &app.probes, health::ready).await,
        _ => other(app, surface, peer, request).await,
    }
}

/// The path without doubled slashes at its beginning: clients put `/piwik.php` behind an address
/// that ends with a slash, the official log importer among them.
fn one_slash(path: &str) -> &str {
    let rest = path.trim_start_matches('/');
    path.get(path.len().saturating_sub(rest.len() + 1)..).unwrap_or(path)
}

/// A request but for tracking, read.
pub(crate) struct Asked {
    /// Method, path, headers.
    pub(crate) head: request::Parts,
    /// Query and form body joined.
    pub(crate) params: Params,
    /// The body as it came.
    pub(crate) body: bytes::Bytes,
    /// Who asks.
    pub(crate) ip: IpAddr,
    /// This server as the client names it, `https://host/`.
    pub(crate) base_url: String,
}

impl Asked {
    /// What the request brings to prove who its sender is.
    pub(crate) fn credentials(&self) -> Credentials {
        let in_url = |token: &str| {
            self.head.uri.query().is_some_and(|query| Params::parse(query).text("token_auth") == Some(token))
        };
        let headers = &self.head.headers;
        // A page of another site may cause a request, but not one that counts as the signed-in person's.
        let own_page = matches!(header(headers, "sec-fetch-site"), "" | "same-origin" | "none");
        Credentials {
            token: self.params.text("token_auth").map(|token| (token.to_owned(), in_url(token))),
            bearer: header(headers, "authorization").strip_prefix("Bearer ").map(str::to_owned),
            session: cookie(headers, SESSION_COOKIE).filter(|_| own_page).map(str::to_owned),
        }
    }

    /// Whether the client speaks HTTPS.
    pub(crate) fn is_secure(&self) -> bool {
        self.base_url.starts_with("https:")
    }
}

async fn other(app: &Arc<App>, surface: Surface, peer: IpAddr, request: Request<Incoming>) -> Response {
    let (head, body) = request.into_parts();
    let read = match read_body(&app.bodies, body, BODY_BYTES_MAX).await {
        Ok(read) => read,
        Err(error) => return error.response(),
    };
    let body = read.bytes.clone();
    let proxies = &app.options.trusted_proxies;
    let from_proxy = proxies.iter().any(|net| net.contains(&peer.to_canonical()));
    let secure = from_proxy && header(&head.headers, "x-forwarded-proto").eq_ignore_ascii_case("https");
    let asked = Asked {
        params: params(head.uri.query(), &head.headers, &body),
        ip: client_ip(peer, &head.headers, proxies),
        base_url: format!("{}://{}/", if secure { "https" } else { "http" }, host(&head)),
        head,
        body,
    };
    let (endpoint, mut answer) = route(app, surface, asked).await;
    set(&mut answer, hyper::header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let status = answer.status().as_u16();
    app.metrics.requests.get_or_create(&Answered { endpoint, status }).inc();
    answer
}

/// The host that the client asked, or a harmless name when it sent nonsense.
fn host(head: &request::Parts) -> &str {
    let host = header(&head.headers, "host");
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    if host.is_empty() || host.len() > 255 || !host.bytes().all(fits) { "localhost" } else { host }
}

async fn route(app: &Arc<App>, surface: Surface, asked: Asked) -> (&'static str, Response) {
    let module = asked.params.text("module").unwrap_or_default().to_owned();
    let action = asked.params.text("action").unwrap_or_default();
    let path = one_slash(asked.head.uri.path()).to_owned();
    if matches!(path.as_str(), "/matomo.php" | "/piwik.php") {
        return ("opt_out", opt_out::answer(&asked));
    }
    let is_index = matches!(path.as_str(), "/" | "/index.php");
    match (is_index, module.as_str(), action) {
        (true, "CoreAdminHome", "optOutJS" | "optOut") => return ("opt_out", opt_out::answer(&asked)),
        _ if surface == Surface::Collector => return ("page", text(404, "this address only collects")),
        (true, "API", _) => return ("api", api(app, asked).await),
        _ => {}
    }
    if path == "/metrics" {
        return ("metrics", metrics(app, surface, &asked));
    }
    if let Some(rest) = path.strip_prefix("/api/v1/") {
        let rest = rest.to_owned();
        // What asks the store waits with the reports; signing in never does.
        let turns = if rest.starts_with("consent") { &app.api_calls } else { &app.session_calls };
        return ("v1", blocking(app, turns, move |app| api_v1::answer(app, &asked, &rest)).await);
    }
    ("page", assets::dashboard(&asked.head.headers, &path))
}

async fn api(app: &Arc<App>, asked: Asked) -> Response {
    let request =
        ApiRequest { credentials: asked.credentials(), params: asked.params, ip: asked.ip, base_url: asked.base_url };
    let started = std::time::Instant::now();
    let answer = blocking(app, &app.api_calls, move |app| {
        let (status, rendered) = matomo_api::answer(app, &request);
        let mut answer = response(status, rendered.content_type, rendered.body);
        if let Some(disposition) = rendered.disposition {
            set(&mut answer, hyper::header::CONTENT_DISPOSITION, &disposition);
        }
        set(&mut answer, CACHE_CONTROL, "no-store");
        answer
    });
    let answer = answer.await;
    app.metrics.api_seconds.observe(started.elapsed().as_secs_f64());
    answer
}

fn metrics(app: &Arc<App>, surface: Surface, asked: &Asked) -> Response {
    let caller = app.auth.caller(&app.admin, &asked.credentials());
    if surface == Surface::Admin || caller.is_some_and(|caller| caller.is_super_user()) {
        return health::metrics(app);
    }
    text(401, "metrics are for super users; add a token, or ask the admin listener")
}

/// Runs what may wait for disk or store on a thread for that, as many at once as `turns` has.
pub(crate) async fn blocking(
    app: &Arc<App>,
    turns: &Semaphore,
    work: impl FnOnce(&App) -> Response + Send + 'static,
) -> Response {
    let Ok(_turn) = turns.acquire().await else { return text(503, "the server is stopping") };
    let shared = Arc::clone(app);
    match tokio::task::spawn_blocking(move || work(&shared)).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(%error, "an answer could not be computed");
            text(500, "the request failed; the server's log says why")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::one_slash;

    #[test]
    fn slashes_at_the_beginning_count_as_one() {
        let paths = [("/", "/"), ("//", "/"), ("//piwik.php", "/piwik.php"), ("/a//b", "/a//b"), ("*", "*"), ("", "")];
        for (given, expected) in paths {
            assert_eq!(one_slash(given), expected);
        }
    }
}
