//! The ready-made opt-out: a page for frames and a script for pages that have the tracker.

use crate::{
    assets,
    http::{Response, cookie, header, response, set},
    router::Asked,
};
use candor_collect::IGNORE_COOKIE;
use hyper::{
    Method,
    header::{CACHE_CONTROL, SET_COOKIE},
};

/// `ignore` = `*`, as the tracking endpoint reads it.
const IGNORE_VALUE: &str = "ignore=Kg%3D%3D";
/// Thirty years, in seconds.
const IGNORE_SECONDS: u32 = 946_080_000;

/// Answers `optOut` and `optOutJS`.
pub(crate) fn answer(asked: &Asked) -> Response {
    let style = match Style::read(asked) {
        Ok(style) => style,
        Err(what) => return crate::http::text(400, format!("the {what} is not valid")),
    };
    match asked.params.text("action") {
        Some("optOutJS") => script(asked, &style),
        _ => page(asked, &style),
    }
}

/// CSS that a page may choose: checked, since it comes from a URL.
struct Style(String);

impl Style {
    fn read(asked: &Asked) -> Result<Self, &'static str> {
        let given = |name| asked.params.text(name).filter(|value| !value.is_empty());
        let is_color = |text: &str| matches!(text.len(), 3 | 6) && text.bytes().all(|b| b.is_ascii_hexdigit());
        let is_size = |text: &str| {
            let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            unit.len() < text.len() && ["px", "em", "rem", "pt", "%"].contains(&unit)
        };
        let is_family = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || " ,'-".contains(c));
        let mut css = String::new();
        let mut add = |name, property: &str, prefix: &str, fits: &dyn Fn(&str) -> bool, what| match given(name) {
            Some(value) if fits(value) => {
                css.push_str(&format!("{property}:{prefix}{value};"));
                Ok(())
            }
            Some(_) => Err(what),
            None => Ok(()),
        };
        add("backgroundColor", "background-color", "#", &is_color, "background colour")?;
        add("fontColor", "color", "#", &is_color, "font colour")?;
        add("fontSize", "font-size", "", &is_size, "font size")?;
        add("fontFamily", "font-family", "", &is_family, "font family")?;
        Ok(Self(css))
    }
}

/// The page for frames. Its form toggles the cookie; `SameSite` keeps other sites from doing so.
fn page(asked: &Asked, style: &Style) -> Response {
    let is_out = cookie(&asked.head.headers, IGNORE_COOKIE).is_some();
    let own_page = matches!(header(&asked.head.headers, "sec-fetch-site"), "" | "same-origin");
    let toggles = asked.head.method == Method::POST && own_page;
    let will_be_out = if toggles { !is_out } else { is_out };
    let (state, button) = if will_be_out {
        ("You are opted out: your visits are not recorded.", "Record my visits again")
    } else {
        ("You are not opted out: your visits are recorded.", "Do not record my visits")
    };
    let html = format!(
        "<!doctype html><meta charset=\"utf-8\"><title>Opt out</title><style>body{{font-family:sans-serif;{}}}</style>\
         <form method=\"post\" action=\"?module=CoreAdminHome&amp;action=optOut\"><p>{state}</p>\
         <button>{button}</button></form>",
        style.0
    );
    let mut answer = response(200, "text/html; charset=utf-8", html);
    assets::protect(&mut answer);
    // It is made to be framed by the sites that are measured.
    answer.headers_mut().remove(hyper::header::X_FRAME_OPTIONS);
    set(
        &mut answer,
        hyper::header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    );
    set(&mut answer, CACHE_CONTROL, "no-store");
    if toggles {
        let (value, age) = if will_be_out { (IGNORE_VALUE, IGNORE_SECONDS) } else { ("", 0) };
        let site = if asked.is_secure() { "Secure; SameSite=None" } else { "SameSite=Lax" };
        set(&mut answer, SET_COOKIE, &format!("{IGNORE_COOKIE}={value}; Path=/; Max-Age={age}; HttpOnly; {site}"));
    }
    answer
}

/// The script: asks the tracker on the page, and falls back on a first-party cookie of its own.
fn script(asked: &Asked, style: &Style) -> Response {
    let text = |name: &str, default: &str| {
        let value = asked.params.text(name).unwrap_or(default);
        serde_json::to_string(value).unwrap_or_default().replace('<', "\\u003c")
    };
    let settings = format!(
        "{{divId:{},css:{},intro:{},cookies:{},timeout:{},secure:{},path:{},domain:{}}}",
        text("divId", "matomo-opt-out"),
        serde_json::to_string(&style.0).unwrap_or_default().replace('<', "\\u003c"),
        asked.params.text("showIntro") != Some("0"),
        asked.params.text("useCookiesIfNoTracker") != Some("0"),
        asked.params.text("useCookiesTimeout").and_then(|t| t.parse::<u32>().ok()).unwrap_or(10),
        asked.params.text("useSecureCookies") != Some("0"),
        text("cookiePath", ""),
        text("cookieDomain", ""),
    );
    let body = include_str!("opt_out.js").replace("__SETTINGS__", &settings);
    let mut answer = response(200, "application/javascript; charset=utf-8", body);
    set(&mut answer, CACHE_CONTROL, "no-store");
    answer
}
