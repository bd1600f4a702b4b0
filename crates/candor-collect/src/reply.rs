//! What the caller is told: a pixel, nothing, or the outcome of a bulk request; and who may read it (CORS).

use crate::request::{Method, TrackingRequest};
use std::borrow::Cow;

/// A transparent picture of one pixel.
pub const PIXEL: &[u8; 43] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// Told to people who open the endpoint in a browser, and to callers of whom nothing could be recorded.
const EXPLANATION: &str = "This is the tracking endpoint of a Candor server. It speaks Matomo's Tracking HTTP API.<br>\n\
    Reports are at <a href='./'>the dashboard</a> and at <a href='index.php'>index.php</a>.\n";

const HTML: &str = "text/html; charset=UTF-8";
const GIF: &str = "image/gif";
const JSON: &str = "application/json";

/// A header of the reply.
pub type Header = (&'static str, Cow<'static, str>);

/// The HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<Header>,
    /// Body.
    pub body: Cow<'static, [u8]>,
}

impl Reply {
    fn new(status: u16, content_type: &'static str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self { status, content_type, headers: vec![], body: body.into() }
    }

    /// All is well. `send_image=0` asks for no picture.
    pub(crate) fn success(wants_image: bool) -> Self {
        if wants_image { Self::new(200, GIF, &PIXEL[..]) } else { Self::new(204, HTML, &[][..]) }
    }

    /// The hit was refused. Even without a picture the status stays 400, as in Matomo.
    pub(crate) fn refused(wants_image: bool) -> Self {
        if wants_image {
            Self::new(400, GIF, [&PIXEL[..], EXPLANATION.as_bytes()].concat())
        } else {
            Self::new(400, HTML, EXPLANATION.as_bytes())
        }
    }

    /// Nothing is recorded at present (`record_statistics=0`), or it can't be done safely.
    pub(crate) fn unavailable(wants_image: bool) -> Self {
        if wants_image { Self::new(503, GIF, &PIXEL[..]) } else { Self::new(503, HTML, &[][..]) }
    }

    /// A request that says nothing.
    pub(crate) fn explanation(status: u16) -> Self {
        Self::new(status, HTML, EXPLANATION.as_bytes())
    }

    /// The outcome of a bulk request; `invalid_indices` only for super users.
    pub(crate) fn bulk(tracked: usize, invalid: &[usize], show_indices: bool) -> Self {
        let mut body = format!(r#"{{"status":"success","tracked":{tracked},"invalid":{}"#, invalid.len());
        if show_indices {
            let indices: Vec<String> = invalid.iter().map(usize::to_string).collect();
            body.push_str(&format!(r#","invalid_indices":[{}]"#, indices.join(",")));
        }
        body.push('}');
        Self::new(200, JSON, body.into_bytes())
    }

    /// A bulk request was turned away as a whole.
    pub(crate) fn bulk_error(status: u16) -> Self {
        Self::new(status, JSON, &br#"{"status":"error","tracked":0,"invalid":0}"#[..])
    }

    /// A bulk request that asked for no answer.
    pub(crate) fn bulk_silent() -> Self {
        Self::new(204, JSON, &[][..])
    }

    /// The answer to a browser that asks whether it may send.
    pub(crate) fn preflight() -> Self {
        Self::new(204, HTML, &[][..])
            .with("access-control-allow-methods", "GET, POST")
            .with("access-control-allow-headers", "*")
            .with("access-control-allow-origin", "*")
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds what depends on the method only: caching for `GET`, CORS for others.
    pub(crate) fn for_request(self, request: &TrackingRequest) -> Self {
        if request.method == Method::Get {
            return self.with("cache-control", "no-store");
        }
        let origin = request.headers.origin;
        let origin: Cow<'static, str> = if origin.is_empty() { "*".into() } else { origin.to_owned().into() };
        self.with("access-control-allow-origin", origin).with("access-control-allow-credentials", "true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bulk_answers_say_what_was_left_out() {
        let text = |reply: Reply| String::from_utf8(reply.body.into_owned()).unwrap();
        assert_eq!(text(Reply::bulk(2, &[1], false)), r#"{"status":"success","tracked":2,"invalid":1}"#);
        assert_eq!(
            text(Reply::bulk(0, &[0, 3], true)),
            r#"{"status":"success","tracked":0,"invalid":2,"invalid_indices":[0,3]}"#
        );
    }

    #[test]
    fn a_refusal_keeps_its_status_without_a_picture() {
        assert_eq!((Reply::refused(false).status, Reply::refused(false).content_type), (400, HTML));
        assert!(Reply::refused(true).body.starts_with(PIXEL));
    }
}
