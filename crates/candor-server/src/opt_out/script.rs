//! The script: by an address of ours, or whole in the page.

use super::{LOOKS, Look, texts::Texts};
use crate::{
    http::{Response, response, set},
    router::Asked,
};
use candor_core::params::url_encode;
use hyper::header::CACHE_CONTROL;
use serde::Serialize;
use serde_json::json;

/// Where the form goes, unless told.
const PLACE: &str = "matomo-opt-out";
/// Seconds in which the tracker must show up, unless told.
const TRACKER_SECONDS: u32 = 10;

/// What the script is told; but for the first and the last ones, Matomo's parameters.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Settings<'a> {
    /// Whether to look for a tracker on the page.
    use_tracker: bool,
    div_id: &'a str,
    use_cookies_if_no_tracker: bool,
    use_cookies_timeout: u32,
    use_secure_cookies: bool,
    cookie_path: &'a str,
    cookie_domain: &'a str,
    show_intro: bool,
    css: &'a str,
    texts: &'a Texts,
}

impl<'a> Settings<'a> {
    fn new(look: &'a Look) -> Self {
        Self {
            use_tracker: true,
            div_id: PLACE,
            use_cookies_if_no_tracker: true,
            use_cookies_timeout: TRACKER_SECONDS,
            use_secure_cookies: true,
            cookie_path: "",
            cookie_domain: "",
            show_intro: look.intro,
            css: &look.css,
            texts: look.texts,
        }
    }

    /// The script with these settings; nothing in them can end its element.
    fn script(&self) -> String {
        let settings = json!(self).to_string().replace('<', "\\u003c");
        include_str!("script.js").replace("__SETTINGS__", &settings)
    }
}

/// Answers with the script for a page that has the tracker, or else keeps the choice in a cookie itself.
pub(super) fn answer(asked: &Asked, look: &Look) -> Response {
    let text = |name: &str| asked.params.text(name);
    let is_on = |name: &str| text(name) != Some("0");
    let settings = Settings {
        div_id: text("divId").unwrap_or(PLACE),
        use_cookies_if_no_tracker: is_on("useCookiesIfNoTracker"),
        use_cookies_timeout: text("useCookiesTimeout").and_then(|t| t.parse().ok()).unwrap_or(TRACKER_SECONDS),
        use_secure_cookies: is_on("useSecureCookies"),
        cookie_path: text("cookiePath").unwrap_or_default(),
        cookie_domain: text("cookieDomain").unwrap_or_default(),
        ..Settings::new(look)
    };
    let mut answer = response(200, "application/javascript; charset=utf-8", settings.script());
    set(&mut answer, CACHE_CONTROL, "no-store");
    answer
}

/// The code for a page that loads the script from this server.
pub(crate) fn embedded<'a>(server: &str, given: &dyn Fn(&str) -> Option<&'a str>) -> String {
    // The tracking path is open where the rest of the server is not.
    let mut query = format!("optout=script&divId={PLACE}");
    for name in LOOKS {
        if let Some(value) = given(name).filter(|value| !value.is_empty()) {
            query.push_str(&format!("&{name}={}", url_encode(value)));
        }
    }
    let address = format!("{}/matomo.php?{query}", server.trim_end_matches('/'));
    let address = address.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!("<div id=\"{PLACE}\"></div>\n<script src=\"{address}\"></script>")
}

/// The code for a page that asks nothing of this server.
pub(crate) fn self_contained(look: &Look) -> String {
    let settings = Settings { use_tracker: false, use_cookies_timeout: 0, ..Settings::new(look) };
    format!("<div id=\"{PLACE}\"></div>\n<script>\n{}</script>", settings.script())
}
