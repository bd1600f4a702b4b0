//! Addresses: their parts, and the form in which pages are kept (Matomo's normalisation, `scheme://` and
//! `www.` apart, session and campaign parameters gone). Never decides what an address means.

use crate::text;
use candor_core::params::{url_decode_bytes, url_encode};
use fancy_regex::Regex;
use std::collections::HashSet;

/// Prefixes that are kept apart, longest first, with Matomo's number.
const PREFIXES: [(&str, u8); 4] = [("https://www.", 3), ("http://www.", 1), ("https://", 2), ("http://", 0)];

/// Longest address that is looked at where no setting says so.
pub(crate) const LENGTH_MAX: usize = 1024;
/// Parameters with which a page says that its referrer doesn't count.
pub(crate) const IGNORE_REFERRER: [&str; 2] = ["ignore_referrer", "ignore_referer"];

/// The parts of an address as they stand; what is not there is empty.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Url<'a> {
    /// With `://` or `//`; empty for a relative address.
    pub scheme: &'a str,
    /// User and password with `@`.
    pub user: &'a str,
    pub host: &'a str,
    /// With `:`.
    pub port: &'a str,
    pub path: &'a str,
    /// Without `?`.
    pub query: &'a str,
    /// Without `#`.
    pub fragment: &'a str,
}

impl<'a> Url<'a> {
    pub(crate) fn parse(url: &'a str) -> Self {
        let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
        let (before, query) = before.split_once('?').unwrap_or((before, ""));
        let Some(at) = before.find("//").filter(|at| *at == 0 || before.get(..*at).is_some_and(|s| s.ends_with(':')))
        else {
            return Self { path: before, query, fragment, ..Self::default() };
        };
        let (scheme, rest) = before.split_at(at + 2);
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        // An IPv6 address has colons of its own, within brackets.
        let port_at = host.rfind(':').filter(|at| !host.get(*at..).is_some_and(|port| port.contains(']')));
        let (host, port) = host.split_at(port_at.unwrap_or(host.len()));
        Self { scheme, user, host, port, path, query, fragment }
    }
}

/// The host in lower case, without a leading `www.`.
pub(crate) fn plain_host(host: &str) -> String {
    let host = host.to_lowercase();
    host.strip_prefix("www.").map_or(host.clone(), str::to_owned)
}

/// Whether it can be an address at all: `scheme://…` or `//…`, and no script.
pub(crate) fn looks_valid(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("//") else {
        return false;
    };
    let name = scheme.strip_suffix(':').unwrap_or(scheme);
    let is_scheme = name.is_empty()
        || name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'));
    let is_script = ["javascript", "vbscript", "data"].iter().any(|s| name.eq_ignore_ascii_case(s));
    is_scheme && (scheme.is_empty() || scheme.ends_with(':')) && !is_script && !rest.is_empty()
}

/// An address as given but cleaned and cut; empty when it can't be one.
pub(crate) fn as_given(url: &str, bytes_max: usize) -> String {
    if url.is_empty() {
        return String::new();
    }
    let url = text::truncate(text::clean(url), bytes_max);
    if looks_valid(&url) { url } else { String::new() }
}

/// Splits the part off that is kept apart: `http://www.` and the like.
pub(crate) fn split_prefix(url: &str) -> (Option<u8>, &str) {
    let found = PREFIXES.iter().find_map(|(prefix, number)| {
        let start = url.get(..prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then(|| (Some(*number), url.get(prefix.len()..).unwrap_or_default()))
    });
    found.unwrap_or((None, url))
}

/// Names and raw values of a query; a name without `=` has `None`.
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| match pair.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (pair, None),
    })
}

/// Which query parameters are removed from addresses.
pub(crate) struct Exclusions {
    names: HashSet<String>,
    patterns: Vec<Regex>,
}

impl Exclusions {
    /// From names and `/regex/`es; a regex that can't be compiled counts as a name.
    pub(crate) fn new<'a>(entries: impl Iterator<Item = &'a str>) -> Self {
        let mut exclusions = Self { names: IGNORE_REFERRER.map(str::to_owned).into(), patterns: vec![] };
        for entry in entries.map(str::trim).filter(|entry| !entry.is_empty()) {
            match super::pattern::delimited(entry) {
                Some(pattern) => exclusions.patterns.push(pattern),
                None => {
                    exclusions.names.insert(entry.to_lowercase());
                }
            }
        }
        exclusions
    }

    fn contains(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let plain = name.strip_suffix("[]").unwrap_or(&name);
        self.names.contains(plain) || self.patterns.iter().any(|p| p.is_match(&name).unwrap_or(false))
    }

    /// The query without the excluded parameters.
    fn filter(&self, query: &str, charset: Option<&'static encoding_rs::Encoding>) -> String {
        let mut out = String::with_capacity(query.len());
        for (name, value) in query_pairs(query) {
            let name = name.replace("%5B", "[").replace("%5D", "]");
            if self.contains(&name) {
                continue;
            }
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&name);
            if let Some(value) = value {
                out.push('=');
                match charset {
                    Some(charset) => out.push_str(&reencode(value, charset)),
                    None => out.push_str(value),
                }
            }
        }
        out
    }
}

/// How a site's page addresses are cleaned.
pub(crate) struct UrlRules {
    pub exclusions: Exclusions,
    pub keep_fragment: bool,
    pub bytes_max: usize,
}

impl UrlRules {
    /// The address as pages are kept, whole; empty when it can't be one. `charset` of its encoded values, when not UTF-8.
    pub(crate) fn page(&self, url: &str, charset: Option<&'static encoding_rs::Encoding>) -> String {
        let given = as_given(url, self.bytes_max);
        let given = without_matrix(given);
        if given.is_empty() {
            return given;
        }
        let url = Url::parse(&given);
        let fragment = if self.keep_fragment { url.fragment } else { "" };
        // Pages that keep their state behind the `#` keep parameters there, too.
        let (query, fragment) = if url.query.is_empty() && fragment.contains('=') {
            (String::new(), self.exclusions.filter(fragment, charset))
        } else {
            (self.exclusions.filter(url.query, charset), fragment.to_owned())
        };
        let host = url.host.to_lowercase();
        join(&Url { host: &host, query: &query, fragment: &fragment, ..url })
    }

    /// A referrer's address without excluded parameters; everything else stays.
    pub(crate) fn referrer(&self, url: &str) -> String {
        let parts = Url::parse(url);
        with_query(&parts, &self.exclusions.filter(parts.query, None))
    }
}

/// The address with another query.
pub(crate) fn with_query(url: &Url, query: &str) -> String {
    join(&Url { query, ..*url })
}

fn join(url: &Url) -> String {
    let parts = [url.scheme, url.user, url.host, url.port, url.path];
    let mut out = parts.concat();
    for (mark, part) in [('?', url.query), ('#', url.fragment)] {
        if !part.is_empty() {
            out.push(mark);
            out.push_str(part);
        }
    }
    out
}

/// Matrix addresses: `/a;b=1;c=2?d=3` is read as `/a?b=1&c=2&d=3`.
fn without_matrix(url: String) -> String {
    let query_at = url.find(['?', '#']).unwrap_or(url.len());
    let Some(at) = url.find(';').filter(|at| *at < query_at) else {
        return url;
    };
    let (path, rest) = url.split_at(at);
    let (rest, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let query = rest.trim_start_matches(';').replace([';', '?'], "&");
    format!("{path}?{query}{fragment}")
}

/// A value in another charset, made UTF-8.
fn reencode(value: &str, charset: &'static encoding_rs::Encoding) -> String {
    if !value.contains('%') {
        return value.to_owned();
    }
    let bytes = url_decode_bytes(value.as_bytes());
    match charset.decode_without_bom_handling_and_without_replacement(&bytes) {
        Some(text) => url_encode(&text),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(excluded: &[&str], keep_fragment: bool) -> UrlRules {
        UrlRules { exclusions: Exclusions::new(excluded.iter().copied()), keep_fragment, bytes_max: 1024 }
    }

    #[test]
    fn pages_lose_what_does_not_name_them() {
        let rules = rules(&["SID", "/^x_/"], false);
        for (given, expected) in [
            (" http://Shop.Example/A/b/?c=1&sid=9&D#top\n", "http://shop.example/A/b/?c=1&D"),
            ("https://shop.example?sid=1", "https://shop.example"),
            ("http://shop.example/?x_1=a&y=%20b&a%5B%5D=1&a[]=2", "http://shop.example/?y=%20b&a[]=1&a[]=2"),
            ("http://shop.example/a;b=1;sid=2;c=3", "http://shop.example/a?b=1&c=3"),
            ("http://shop.example/a;b=1?c=3", "http://shop.example/a?b=1&c=3"),
            ("http://shop.example/?q=a;b", "http://shop.example/?q=a;b"),
            ("//shop.example/a", "//shop.example/a"),
            ("http://u:p@shop.example:8080/?ignore_referrer=1", "http://u:p@shop.example:8080/"),
            ("http://shop.example/?a=1&amp;b=2", "http://shop.example/?a=1&b=2"),
            ("shop.example/a", ""),
            ("javascript://alert(1)", ""),
            ("http://", ""),
        ] {
            assert_eq!(rules.page(given, None), expected, "{given}");
        }
    }

    #[test]
    fn fragments_may_be_kept() {
        let rules = rules(&["sid"], true);
        assert_eq!(rules.page("http://a.example/#/x?y", None), "http://a.example/#/x?y");
        assert_eq!(rules.page("http://a.example/#sid=1&b=2", None), "http://a.example/#b=2");
        assert_eq!(rules.page("http://a.example/#", None), "http://a.example/");
    }

    #[test]
    fn other_charsets_become_utf8() {
        let latin = encoding_rs::Encoding::for_label(b"iso-8859-15");
        assert_eq!(rules(&[], false).page("http://a.example/?q=caf%E9", latin), "http://a.example/?q=caf%C3%A9");
    }

    #[test]
    fn prefixes_are_split() {
        assert_eq!(split_prefix("HTTPS://www.a.example/"), (Some(3), "a.example/"));
        assert_eq!(split_prefix("http://a.example/"), (Some(0), "a.example/"));
        assert_eq!(split_prefix("ftp://a.example/"), (None, "ftp://a.example/"));
    }

    #[test]
    fn parts_of_odd_addresses() {
        let url = Url::parse("http://[::1]:80/a?b#c?d");
        assert_eq!((url.host, url.port, url.query, url.fragment), ("[::1]", ":80", "b", "c?d"));
        assert_eq!(Url::parse("/a//b?c").path, "/a//b");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(url in "https?://[a-zA-Z.]{1,9}(/[a-z;]{0,3}){0,3}(\\?([a-z]{1,3}=?[a-z%;]{0,3}&){0,4})?(#.{0,9})?") {
            let rules = rules(&["a", "sid"], false);
            let once = rules.page(&url, None);
            proptest::prop_assert_eq!(rules.page(&once, None), once);
        }

        #[test]
        fn no_text_makes_it_fail(url in ".*") {
            let _ = rules(&["a"], true).page(&url, encoding_rs::Encoding::for_label(b"latin1"));
            let _ = split_prefix(&url);
        }
    }
}
