//! `SitesManager`: the code that people put into their pages.

use crate::matomo_api::{
    call::{Call, Method, scalar},
    dispatch::VIEW,
    error::ApiError,
};
use candor_core::{
    SiteSettings, regime,
    settings::{PrivacySettings, WithoutConsent},
};
use candor_query::table::Answer;
use std::fmt::Write;

pub(super) const METHODS: &[Method] =
    &[Method::new("getJavascriptTag", VIEW, javascript_tag), Method::new("getImageTrackingCode", VIEW, image_code)];

/// This server as pages name it, without scheme: `//host/`.
fn server(call: &Call<'_>) -> String {
    let url = call.arguments.text("piwikUrl").unwrap_or(call.base_url);
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest).trim_start_matches('/');
    format!("//{}/", bare.trim_end_matches('/'))
}

/// A text inside single quotes of JavaScript inside HTML.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('<', "\\x3c").replace(['\n', '\r'], " ");
    format!("'{escaped}'")
}

fn javascript_tag(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (site, server) = (call.site()?, server(call));
    let mut lines: Vec<String> = waits(&call.settings.privacy);
    lines.extend(options(call, site));
    lines.push("_paq.push(['trackPageView']);".into());
    lines.push("_paq.push(['enableLinkTracking']);".into());
    let id = site.id;
    let mut tag = String::from(
        "<!-- Matomo -->\n<script>\n  var _paq = window._paq = window._paq || [];\n  \
         /* tracker methods like \"setCustomDimension\" should be called before \"trackPageView\" */\n",
    );
    for line in lines {
        let _ = writeln!(tag, "  {line}");
    }
    let _ = write!(
        tag,
        "  (function() {{\n    var u=\"{server}\";\n    _paq.push(['setTrackerUrl', u+'matomo.php']);\n    \
         _paq.push(['setSiteId', '{id}']);\n    var d=document, g=d.createElement('script'), \
         s=d.getElementsByTagName('script')[0];\n    g.async=true; g.src=u+'matomo.js'; \
         s.parentNode.insertBefore(g,s);\n  }})();\n</script>\n"
    );
    if call.arguments.is_set("trackNoScript") {
        let _ = writeln!(
            tag,
            "<noscript><p><img referrerpolicy=\"no-referrer-when-downgrade\" \
             src=\"{server}matomo.php?idsite={id}&amp;rec=1\" style=\"border:0;\" alt=\"\" /></p></noscript>"
        );
    }
    tag.push_str("<!-- End Matomo Code -->\n");
    Ok(scalar(tag))
}

/// What the page waits for before it tracks as usual: what `candor snippet` does, as far as this form can.
fn waits(privacy: &PrivacySettings) -> Vec<String> {
    let needs_consent = regime::needs_consent(&privacy.regime);
    let calls = [
        (needs_consent, "requireConsent"),
        (!needs_consent && privacy.without_consent == WithoutConsent::Exempt, "requireCookieConsent"),
    ];
    calls.iter().filter(|(is_on, _)| *is_on).map(|(_, call)| format!("_paq.push(['{call}']);")).collect()
}

/// The calls that the request's options stand for.
fn options(call: &Call<'_>, site: &SiteSettings) -> Vec<String> {
    let given = call.arguments;
    let hosts: Vec<String> = site.urls.iter().filter_map(|url| host_and_path(url)).collect();
    let mut lines = vec![];
    if given.is_set("groupPageTitlesByDomain") {
        lines.push("_paq.push([\"setDocumentTitle\", document.domain + \"/\" + document.title]);".to_owned());
    }
    if given.is_set("mergeSubdomains")
        && let Some(host) = hosts.first().and_then(|url| url.split('/').next())
    {
        let host = host.strip_prefix("www.").unwrap_or(host);
        lines.push(format!("_paq.push([\"setCookieDomain\", {}]);", quoted(&format!("*.{host}"))));
    }
    if given.is_set("mergeAliasUrls") || given.is_set("crossDomain") {
        let domains: Vec<String> = hosts.iter().map(|host| quoted(&format!("*.{host}"))).collect();
        lines.push(format!("_paq.push([\"setDomains\", [{}]]);", domains.join(",")));
    }
    if given.is_set("crossDomain") {
        lines.push("_paq.push([\"enableCrossDomainLinking\"]);".into());
    }
    for (name, method) in [
        ("customCampaignNameQueryParam", "setCampaignNameKey"),
        ("customCampaignKeywordParam", "setCampaignKeywordKey"),
    ] {
        if let Some(value) = given.text(name) {
            lines.push(format!("_paq.push([\"{method}\", {}]);", quoted(value)));
        }
    }
    for (name, method) in
        [("excludedQueryParams", "setExcludedQueryParams"), ("excludedReferrers", "setExcludedReferrers")]
    {
        let values: Vec<String> = given.list(name).unwrap_or_default().iter().map(|value| quoted(value)).collect();
        if !values.is_empty() {
            lines.push(format!("_paq.push([\"{method}\", [{}]]);", values.join(",")));
        }
    }
    if given.is_set("doNotTrack") {
        lines.push("_paq.push([\"setDoNotTrack\", true]);".into());
    }
    if given.is_set("disableCookies") {
        lines.push("_paq.push([\"disableCookies\"]);".into());
    }
    lines
}

fn host_and_path(url: &str) -> Option<String> {
    url.split_once("://").map(|(_, rest)| rest.trim_end_matches('/').to_owned())
}

fn image_code(call: &Call<'_>) -> Result<Answer, ApiError> {
    use candor_core::params::url_encode;
    let given = call.arguments;
    let server = given.text("piwikUrl").map_or_else(
        || call.base_url.split_once("://").map_or(call.base_url, |(_, rest)| rest).to_owned(),
        str::to_owned,
    );
    let mut query = format!("idsite={}&amp;rec=1", call.site()?.id);
    for (parameter, name) in [("actionName", "action_name"), ("idGoal", "idgoal"), ("revenue", "revenue")] {
        // Revenue means nothing without a goal.
        if let Some(value) = given.text(parameter).filter(|_| name != "revenue" || given.text("idGoal").is_some()) {
            let _ = write!(query, "&amp;{name}={}", url_encode(value));
        }
    }
    Ok(scalar(format!(
        "<!-- Matomo Image Tracker-->\n<img referrerpolicy=\"no-referrer-when-downgrade\" \
         src=\"http://{}/matomo.php?{query}\" style=\"border:0\" alt=\"\" />\n<!-- End Matomo -->",
        server.trim_end_matches('/')
    )))
}
