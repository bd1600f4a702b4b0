//! The page: two forms, one of them shown. In a frame it also asks the tracker of the page around it to keep the
//! choice, since many browsers let a frame of another site keep none.

use super::{LOOKS, Look};
use crate::{
    assets,
    http::{Response, header, response, set},
    router::Asked,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use candor_collect::{IGNORE_COOKIE, has_opted_out};
use candor_core::params::url_encode;
use hyper::{
    Method,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, SET_COOKIE, X_FRAME_OPTIONS},
};
use sha2::{Digest, Sha256};

/// `ignore` = `*`, as the tracking endpoint reads it.
const IGNORE_VALUE: &str = "ignore%3DKg%3D%3D";
/// Thirty years, in seconds; browsers that allow less keep it for 400 days.
const IGNORE_SECONDS: u32 = 946_080_000;
const FRAME_SCRIPT: &str = include_str!("frame.js");

pub(super) fn answer(asked: &Asked, look: &Look) -> Response {
    let choice = asked.params.text("choice").filter(|_| asked.head.method == Method::POST && is_own(asked));
    match choice {
        Some("out") => keep(asked, "out", IGNORE_VALUE, IGNORE_SECONDS),
        Some("in") => keep(asked, "in", "", 0),
        _ => show(asked, look),
    }
}

/// Whether the form that was sent is of this page. (`Origin` is of browsers that don't know the other header.)
fn is_own(asked: &Asked) -> bool {
    let headers = &asked.head.headers;
    let (origin, own) = (header(headers, "origin"), asked.base_url.trim_end_matches('/'));
    let host = |url: &str| url.split_once("://").map(|(_, host)| host.to_owned());
    match header(headers, "sec-fetch-site") {
        "same-origin" => true,
        "" => origin.is_empty() || host(origin) == host(own),
        _ => false,
    }
}

/// Sets or deletes the cookie, and lets the browser ask again: only then is it known whether it kept the choice.
fn keep(asked: &Asked, choice: &str, value: &str, seconds: u32) -> Response {
    let mut answer = response(303, "", "");
    set(&mut answer, LOCATION, &format!("?{}&kept={choice}", own_query(asked)));
    set(&mut answer, CACHE_CONTROL, "no-store");
    let is_framed = matches!(header(&asked.head.headers, "sec-fetch-dest"), "iframe" | "frame" | "embed" | "object");
    let kinds: &[&str] = match (asked.is_secure(), is_framed) {
        (false, _) => &["SameSite=Lax"],
        (true, false) => &["Secure; SameSite=None"],
        // The second kind counts on the site around the frame alone, and is kept where the first is not.
        (true, true) => &["Secure; SameSite=None", "Secure; SameSite=None; Partitioned"],
    };
    for kind in kinds {
        let cookie = format!("{IGNORE_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; {kind}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            answer.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    answer
}

/// The query that shows this page as it was asked for.
fn own_query(asked: &Asked) -> String {
    let is_on_tracking_path = asked.params.text("optout").is_some();
    let mut query = if is_on_tracking_path { "optout=form" } else { "module=CoreAdminHome&action=optOut" }.to_owned();
    for name in LOOKS {
        if let Some(value) = asked.params.text(name) {
            query.push_str(&format!("&{name}={}", url_encode(value)));
        }
    }
    query
}

fn show(asked: &Asked, look: &Look) -> Response {
    let texts = look.texts;
    let is_out = has_opted_out(header(&asked.head.headers, "cookie"));
    let was_lost = asked.params.text("kept").is_some_and(|kept| (kept == "out") != is_out);
    let intro = if look.intro { format!("<p>{}</p>", texts.intro) } else { String::new() };
    let problem =
        if was_lost { format!("<p id=\"problem\" role=\"alert\">{}</p>", texts.cookies) } else { String::new() };
    let action = own_query(asked).replace('&', "&amp;");
    let form = |says: &str, choice: &str, button: &str, is_hidden: bool| {
        let hidden = if is_hidden { " hidden" } else { "" };
        format!(
            "<form method=\"post\" action=\"?{action}\"{hidden}><h1>{says}</h1>\
             <button name=\"choice\" value=\"{choice}\">{button}</button></form>"
        )
    };
    let html = format!(
        "<!doctype html><html lang=\"{}\" dir=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <style>body{{font-family:sans-serif;{}}}h1,button{{font:inherit}}button{{padding:.4em .8em}}</style></head>\
         <body><main>{intro}{problem}{}{}</main><script>{FRAME_SCRIPT}</script></body></html>",
        texts.language,
        texts.direction(),
        texts.stop,
        look.css,
        form(&texts.counted, "out", &texts.stop, is_out),
        form(&texts.not_counted, "in", &texts.resume, !is_out),
    );
    let mut answer = response(200, "text/html; charset=utf-8", html);
    assets::protect(&mut answer);
    // It is made to be framed by the sites that are measured.
    answer.headers_mut().remove(X_FRAME_OPTIONS);
    let script = BASE64_STANDARD.encode(Sha256::digest(FRAME_SCRIPT));
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script}'; form-action 'self'; base-uri 'none'"
    );
    set(&mut answer, CONTENT_SECURITY_POLICY, &policy);
    set(&mut answer, CACHE_CONTROL, "no-store");
    answer
}
