//! Small things about HTTP: building answers, reading bodies and form fields.

use bytes::Bytes;
use candor_core::Params;
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER},
};
use std::{borrow::Cow, time::Duration};
use tokio::sync::{Semaphore, SemaphorePermit};

/// An answer. Bodies are small enough to be whole in memory.
pub(crate) type Response = hyper::Response<Full<Bytes>>;

/// How long a body may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(15);

/// Bytes that every body may have without asking for room.
const SMALL_BYTES: usize = 32 << 10;

/// Room for bodies larger than that, all together.
pub(crate) struct BodyRoom(Semaphore);

impl Default for BodyRoom {
    fn default() -> Self {
        Self(Semaphore::new(64 << 20))
    }
}

/// A body, and its hold on the room: keep it until nothing made of the body is left.
#[derive(Debug)]
pub(crate) struct Body<'r> {
    pub(crate) bytes: Bytes,
    _hold: Option<SemaphorePermit<'r>>,
}

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// Too many large ones are being read.
    NoRoom,
    /// Larger than allowed.
    TooLarge,
    /// Too slow, or the connection broke.
    Incomplete,
}

impl BodyError {
    /// What the client is told.
    pub(crate) fn response(self) -> Response {
        match self {
            Self::NoRoom => {
                let mut answer = text(503, "too many large requests at once; try again in a moment");
                answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
                answer
            }
            Self::TooLarge => text(413, "the request's body is too large; send less at once"),
            Self::Incomplete => text(408, "the request's body did not arrive in time"),
        }
    }
}

/// Reads a body of at most `bytes_max`. What it takes beyond a small one it takes from the room as it comes, so that
/// bodies that are only promised hold nothing.
///
/// # Errors
/// When it is too large, too slow or cut off, or when there is no room.
pub(crate) async fn read_body(room: &BodyRoom, body: Incoming, bytes_max: usize) -> Result<Body<'_>, BodyError> {
    use hyper::body::Body as _;
    let hint = body.size_hint();
    if hint.exact() == Some(0) {
        return Ok(Body { bytes: Bytes::new(), _hold: None });
    }
    if hint.lower() > bytes_max as u64 {
        return Err(BodyError::TooLarge);
    }
    tokio::time::timeout(BODY_TIME_MAX, gather(room, body, bytes_max)).await.unwrap_or(Err(BodyError::Incomplete))
}

async fn gather(room: &BodyRoom, mut body: Incoming, bytes_max: usize) -> Result<Body<'_>, BodyError> {
    let (mut first, mut all) = (Bytes::new(), Vec::new());
    let mut hold: Option<SemaphorePermit<'_>> = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Incomplete)?.into_data() else { continue };
        let length = first.len() + all.len() + data.len();
        if length > bytes_max {
            return Err(BodyError::TooLarge);
        }
        let held = hold.as_ref().map_or(SMALL_BYTES, |hold| SMALL_BYTES + hold.num_permits());
        if let Ok(more @ 1..) = u32::try_from(length.saturating_sub(held)) {
            let permit = room.0.try_acquire_many(more).map_err(|_| BodyError::NoRoom)?;
            match &mut hold {
                Some(hold) => hold.merge(permit),
                None => hold = Some(permit),
            }
        }
        // Most bodies are one frame, which needn't be copied.
        if first.is_empty() && all.is_empty() {
            first = data;
        } else {
            if all.is_empty() {
                all.extend_from_slice(&std::mem::take(&mut first));
            }
            all.extend_from_slice(&data);
        }
    }
    Ok(Body { bytes: if all.is_empty() { first } else { all.into() }, _hold: hold })
}

/// An answer of any kind.
pub(crate) fn response(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !content_type.is_empty() {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    response
}

/// Plain text.
pub(crate) fn text(status: u16, text: impl Into<String>) -> Response {
    response(status, "text/plain; charset=utf-8", text.into())
}

/// JSON of our own API.
pub(crate) fn json(status: u16, value: &impl serde::Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => response(status, "application/json; charset=utf-8", bytes),
        Err(error) => {
            tracing::error!(%error, "an answer can't be written as JSON");
            text(500, "the answer can't be written; the server's log says why")
        }
    }
}

/// Adds a header; a value that can't be one is left out.
pub(crate) fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A header's text; empty when absent or no text.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A header's text, all its lines joined as if it were one list. (RFC 9110 §5.3)
/// A line that is no text stays in it as an entry that nothing can be read from.
pub(crate) fn joined<'a>(headers: &'a HeaderMap, name: &str) -> Cow<'a, str> {
    let mut lines = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
    let first = Cow::Borrowed(lines.next().unwrap_or_default());
    lines.fold(first, |joined, line| Cow::Owned(format!("{joined},{line}")))
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    header(headers, "cookie").split(';').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Query and form body as PHP joins them; a body of another type is left alone.
pub(crate) fn params(query: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Params {
    let mut params = Params::parse(query.unwrap_or_default());
    if let Some(form) = form_of_multipart(headers, body) {
        params.merge_missing(Params::parse(&form));
    } else if !begins_with(header(headers, "content-type"), "application/json") {
        params.merge_missing(Params::parse_bytes(body));
    }
    params
}

fn begins_with(content_type: &str, kind: &str) -> bool {
    content_type.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind))
}

/// The fields of a multipart form as a form of the usual kind, as PHP reads both; files are left out. (`curl -F`, PHP
/// clients.) `None` = it is no such form.
pub(crate) fn form_of_multipart(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let content_type = header(headers, "content-type");
    if !begins_with(content_type, "multipart/form-data") {
        return None;
    }
    let (_, boundary) = content_type.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    (!boundary.is_empty()).then(|| multipart(body, boundary))
}

fn multipart(body: &[u8], boundary: &str) -> String {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let fields = text.split(&delimiter).filter_map(|part| {
        let (head, value) = part.trim_start_matches("\r\n").split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let name = name.split('"').next()?;
        if head.contains("filename=") {
            return None;
        }
        let value = value.strip_suffix("\r\n").unwrap_or(value);
        let encode = candor_core::params::url_encode;
        Some(format!("{}={}", encode(name), encode(value)))
    });
    fields.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn query_and_forms() {
        let form = headers("content-type", "application/x-www-form-urlencoded");
        let joined = params(Some("a=1"), &form, b"a=2&b=3");
        assert_eq!((joined.text("a"), joined.text("b")), (Some("1"), Some("3")));
        let json = params(None, &headers("content-type", "application/json"), b"{\"a\":1}");
        assert!(json.is_empty());
        let multi = headers("content-type", "multipart/form-data; boundary=xx");
        let body = b"--xx\r\nContent-Disposition: form-data; name=\"a&b\"\r\n\r\n1=2\r\n--xx\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nbytes\r\n--xx--\r\n";
        let fields = params(None, &multi, body);
        assert_eq!((fields.text("a&b"), fields.len()), (Some("1=2"), 1));
    }

    #[test]
    fn lines_of_a_header_are_one_list() {
        let mut headers = headers("x-forwarded-for", "6.6.6.6");
        assert_eq!(joined(&headers, "x-forwarded-for"), "6.6.6.6");
        headers.append("x-forwarded-for", "1.2.3.4, 5.6.7.8".parse().unwrap());
        headers.append("x-forwarded-for", HeaderValue::from_bytes(b"\xff").unwrap());
        assert_eq!(joined(&headers, "x-forwarded-for"), "6.6.6.6,1.2.3.4, 5.6.7.8,?");
        assert_eq!(joined(&headers, "forwarded"), "");
    }

    #[test]
    fn cookies() {
        let headers = headers("cookie", "a=1; candor_session=abc; b=2");
        assert_eq!((cookie(&headers, "candor_session"), cookie(&headers, "session")), (Some("abc"), None));
    }
}
