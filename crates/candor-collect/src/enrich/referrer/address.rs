//! The parts of a referrer's URL, and the forms in which its host may be listed.
//! Lenient: a part that is not there is empty.

use crate::enrich::language;

/// The parts of a URL. The host is lower case, without port and user.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub host: String,
    /// With its leading slash; empty when there is none.
    pub path: &'a str,
    pub query: &'a str,
    pub fragment: &'a str,
    /// Path, query and fragment as they stand.
    pub tail: &'a str,
}

impl<'a> Address<'a> {
    /// `None` when there is no host.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let (_, rest) = url.trim().split_once("://")?;
        let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
        let (before, fragment) = tail.split_once('#').unwrap_or((tail, ""));
        let (path, query) = before.split_once('?').unwrap_or((before, ""));
        (!host.is_empty()).then_some(Self { host, path, query, fragment, tail })
    }
}

/// Second-level domains under a country's: `co.uk` is as good as `uk`.
const SECOND_LEVEL: [&str; 6] = ["com", "org", "net", "co", "it", "edu"];

/// The host without what differs between countries and devices: `www.google.co.uk` → `google.{}`.
pub(super) fn lossy_host(host: &str) -> String {
    let mut labels: Vec<&str> = host.split('.').collect();
    if labels.first().is_some_and(|label| *label == "search" || is_www(label)) {
        labels.remove(0);
    }
    labels.retain(|label| *label != "m");
    let mut country = false;
    if labels.len() > 1 && labels.last().is_some_and(|label| is_country(label)) {
        labels.pop();
        country = true;
        if labels.len() > 1 && labels.last().is_some_and(|label| SECOND_LEVEL.contains(label)) {
            labels.pop();
        }
    }
    let last = labels.len().saturating_sub(1);
    let shown = labels.iter().enumerate().map(|(i, label)| if i < last && is_country(label) { "{}" } else { label });
    let mut out = shown.collect::<Vec<_>>().join(".");
    if country {
        out.push_str(".{}");
    }
    out
}

/// `www`, `ww2`, `w3`.
fn is_www(label: &str) -> bool {
    let digits = label.trim_start_matches('w');
    digits.len() < label.len() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// A country's domain: its ISO code, or one of the few that have another.
fn is_country(label: &str) -> bool {
    label.len() == 2 && (matches!(label, "uk" | "eu" | "su" | "ac" | "tp") || language::is_country(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_fall_into_parts() {
        let a = Address::parse("HTTPS://me:pw@Shop.Example:8080/a/b?c=d#e").unwrap();
        assert_eq!(
            (a.host.as_str(), a.path, a.query, a.fragment, a.tail),
            ("shop.example", "/a/b", "c=d", "e", "/a/b?c=d#e")
        );
        let a = Address::parse("http://shop.example?q").unwrap();
        assert_eq!((a.path, a.query, a.tail), ("", "q", "?q"));
        assert_eq!(Address::parse("no url"), None);
        assert_eq!(Address::parse("http:///path"), None);
    }

    #[test]
    fn hosts_lose_country_and_device() {
        for (host, lossy) in [
            ("www.google.co.uk", "google.{}"),
            ("google.de", "google.{}"),
            ("www2.google.com", "google.com"),
            ("search.example.fr", "example.{}"),
            ("de.search.example.com", "{}.search.example.com"),
            ("m.example.com", "example.com"),
            ("example.com.br", "example.{}"),
            ("example.com", "example.com"),
        ] {
            assert_eq!(lossy_host(host), lossy, "{host}");
        }
    }
}
