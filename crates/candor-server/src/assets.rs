//! Files that are part of the program: the tracker and the dashboard, built before it and embedded.

use crate::http::{Response, header, response, set};
use hyper::{
    HeaderMap,
    header::{CACHE_CONTROL, CONTENT_ENCODING, ETAG, VARY},
};
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "../../dashboard/dist"]
#[allow_missing = true]
struct Dashboard;

#[derive(Embed)]
#[folder = "../../tracker/dist"]
#[allow_missing = true]
struct Tracker;

/// A script of the tracker: `matomo.js` or `matomo-lite.js`. Browsers ask again after an hour.
pub(crate) fn tracker(headers: &HeaderMap, script: &str) -> Response {
    match Tracker::get(script) {
        Some(file) => serve(headers, &file, "application/javascript; charset=utf-8", "public, max-age=3600"),
        None => response(
            404,
            "application/javascript; charset=utf-8",
            "console.error('this candor was built without its tracker; run `make build`')",
        ),
    }
}

/// A file of the dashboard; any other path is its first page, which knows its own paths.
pub(crate) fn dashboard(headers: &HeaderMap, path: &str) -> Response {
    let path = path.trim_start_matches('/');
    if let Some(file) = Dashboard::get(path).filter(|_| path != "index.html") {
        // Names in `assets/` hold a hash of the content.
        let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        return serve(headers, &file, content_type(path), cache);
    }
    if path.contains('.') && path != "index.html" && path != "index.php" {
        return crate::http::text(404, "there is no such file");
    }
    let mut page = match Dashboard::get("index.html") {
        Some(file) => serve(headers, &file, "text/html; charset=utf-8", "no-cache"),
        None => response(200, "text/html; charset=utf-8", WITHOUT_DASHBOARD),
    };
    protect(&mut page);
    page
}

const WITHOUT_DASHBOARD: &str = "<!doctype html><title>Candor</title><p>This candor was built without its dashboard; \
    run <code>make build</code>. The API answers at <code>/index.php?module=API</code>.";

/// Headers of pages that people use: nothing from another host, no framing by another site.
pub(crate) fn protect(page: &mut Response) {
    set(
        page,
        hyper::header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; \
         base-uri 'none'; form-action 'self'",
    );
    set(page, hyper::header::X_FRAME_OPTIONS, "SAMEORIGIN");
    set(page, hyper::header::REFERRER_POLICY, "same-origin");
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "application/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "woff2" => "font/woff2",
        "html" => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn serve(headers: &HeaderMap, file: &EmbeddedFile, content_type: &'static str, cache: &'static str) -> Response {
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash().get(..8).unwrap_or_default()));
    let known = header(headers, "if-none-match").split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let mut answer = if known {
        response(304, "", "")
    } else {
        let accepts_gzip = header(headers, "accept-encoding").split(',').any(|e| e.trim().starts_with("gzip"));
        if accepts_gzip {
            let mut answer = response(200, content_type, gzip::packed(&etag, &file.data));
            set(&mut answer, CONTENT_ENCODING, "gzip");
            answer
        } else {
            response(200, content_type, file.data.to_vec())
        }
    };
    set(&mut answer, ETAG, &etag);
    set(&mut answer, CACHE_CONTROL, cache);
    set(&mut answer, VARY, "Accept-Encoding");
    answer
}

/// Files packed once, kept by their tag.
mod gzip {
    use bytes::Bytes;
    use flate2::{Compression, write::GzEncoder};
    use std::{
        collections::HashMap,
        io::Write,
        sync::{LazyLock, PoisonError, RwLock},
    };

    // Bounded by the number of embedded files.
    static PACKED: LazyLock<RwLock<HashMap<String, Bytes>>> = LazyLock::new(RwLock::default);

    pub(super) fn packed(etag: &str, data: &[u8]) -> Bytes {
        if let Some(bytes) = PACKED.read().unwrap_or_else(PoisonError::into_inner).get(etag) {
            return bytes.clone();
        }
        let mut encoder = GzEncoder::new(Vec::with_capacity(data.len() / 2), Compression::best());
        // Writing to memory doesn't fail; an empty answer would be noticed at once.
        let bytes = Bytes::from(encoder.write_all(data).and_then(|()| encoder.finish()).unwrap_or_default());
        PACKED.write().unwrap_or_else(PoisonError::into_inner).insert(etag.to_owned(), bytes.clone());
        bytes
    }
}
