//! Where a visitor comes from: campaign, the site itself, search engine, network or website, in this order
//! (`tracking-semantics` of Matomo, "referrer classification").

use super::{
    ReferrerLookup, campaign,
    referrer::Source,
    site_urls::SiteUrls,
    url::{self, IGNORE_REFERRER, Url, UrlRules, query_pairs},
};
use crate::{raw::RawHit, text};
use candor_core::{Referrer, ReferrerType, SiteId, params::url_decode, settings::TrackerSettings};

/// Longest keyword or name.
const NAME_CHARS_MAX: usize = 255;
/// Parameters that big referrers add for themselves: part of the host, names.
const NOISE: [(&str, &[&str]); 3] =
    [("google.", &["ved", "ei", "usg", "sa"]), ("bing.", &["cvid", "form"]), ("facebook.", &["h", "p"])];

/// What it takes to tell where visitors of a site come from.
pub(crate) struct OriginRules<'a> {
    pub site: SiteId,
    pub tracker: &'a TrackerSettings,
    pub lookup: &'a dyn ReferrerLookup,
    pub site_urls: &'a SiteUrls,
    pub excluded: &'a ExcludedReferrers,
    pub urls: &'a UrlRules,
    /// Addresses that no site lists don't count as the site's own.
    pub exclude_unknown_urls: bool,
}

/// Where a hit comes from.
#[derive(Default)]
pub(crate) struct Origin {
    pub referrer: Referrer,
    /// A campaign's keyword when neither link nor running visit have one.
    pub keyword_fallback: String,
}

impl OriginRules<'_> {
    /// `page`: the page's address as given.
    pub(crate) fn of(&self, raw: &RawHit, page: &str) -> Origin {
        let page = Url::parse(page);
        if query_pairs(page.query).any(|(name, value)| IGNORE_REFERRER.contains(&name) && value == Some("1")) {
            return Origin::default();
        }
        let given = url::as_given(raw.text("urlref"), url::LENGTH_MAX);
        let given = if self.excluded.contains(&given) { String::new() } else { given };
        if let Some(origin) = self.campaign(raw, &page, &given) {
            return origin;
        }
        Origin { referrer: self.plain(&given, &page), keyword_fallback: String::new() }
    }

    /// Whom a conversion is credited to, when the tracker remembers it: `_rcn` and `_rck`, or `_ref`.
    pub(crate) fn attribution(&self, raw: &RawHit) -> Option<Referrer> {
        let name = campaign::shorten(&raw.clean("_rcn"));
        let url = url::as_given(raw.text("_ref"), url::LENGTH_MAX);
        if !name.is_empty() {
            let keyword = campaign::shorten(&raw.clean("_rck"));
            return Some(Referrer { kind: ReferrerType::Campaign, name, keyword, url: self.kept_url(&url) });
        }
        let referrer = self.plain(&url, &Url::default());
        (referrer.kind != ReferrerType::Direct).then_some(referrer)
    }

    fn campaign(&self, raw: &RawHit, page: &Url, given: &str) -> Option<Origin> {
        let (mut name, mut keyword) = campaign::name_and_keyword(raw, page, self.tracker);
        let source = Url::parse(given);
        if keyword.is_empty()
            && !name.is_empty()
            && let Some(Source::Search { keyword: searched, .. }) = self.lookup.classify(given, false)
        {
            keyword = searched;
        }
        if keyword.is_empty() && (source.host.contains("googleads") || source.host.contains("doubleclick")) {
            let value = |wanted| {
                let found = query_pairs(source.query).find(|(name, _)| *name == wanted);
                found.and_then(|(_, v)| v).map(|v| url_decode(v.as_bytes())).unwrap_or_default()
            };
            let advertised_on = value("url");
            let host = Url::parse(&advertised_on).host;
            if !host.is_empty() {
                if name.is_empty() {
                    let kind = value("ad_type");
                    name = if kind.is_empty() { "adwords".into() } else { format!("adwords ({kind})") };
                }
                keyword = format!("(adwords) {host}");
            }
        }
        let keyword_fallback = source.host.to_lowercase();
        (!name.is_empty()).then(|| Origin {
            referrer: Referrer {
                kind: ReferrerType::Campaign,
                name: campaign::shorten(&name),
                keyword: campaign::shorten(&keyword),
                url: self.kept_url(given),
            },
            keyword_fallback,
        })
    }

    /// All but campaigns.
    fn plain(&self, given: &str, page: &Url) -> Referrer {
        let source = Url::parse(given);
        if source.host.is_empty() {
            return Referrer::default();
        }
        let listed = self.site_urls.find(&source);
        let is_own = match &listed {
            Some(found) => found.includes(self.site),
            None => !self.exclude_unknown_urls && source.host.eq_ignore_ascii_case(page.host),
        };
        if is_own {
            return Referrer::default();
        }
        let (kind, name, keyword) = match self.lookup.classify(given, self.tracker.ai_assistants) {
            Some(Source::Search { name, keyword }) => (ReferrerType::Search, name, keyword),
            Some(Source::Social { name }) => (ReferrerType::Social, name, String::new()),
            Some(Source::Assistant { name }) => (ReferrerType::AiAssistant, name, String::new()),
            None => {
                let path = listed.map_or("", |found| found.path.trim_end_matches('/'));
                (ReferrerType::Website, format!("{}{path}", source.host.to_lowercase()), String::new())
            }
        };
        let short = |value: &str| text::cut_chars(value, NAME_CHARS_MAX).to_owned();
        Referrer { kind, name: short(&name), keyword: short(&keyword), url: self.kept_url(given) }
    }

    /// The referrer's address without what the site excludes and what the referrer adds for itself.
    fn kept_url(&self, given: &str) -> String {
        if given.is_empty() {
            return String::new();
        }
        let cleaned = self.urls.referrer(given);
        let parts = Url::parse(&cleaned);
        let Some((_, noise)) = NOISE.iter().find(|(host, _)| parts.host.contains(host)) else {
            return cleaned;
        };
        let kept: Vec<&str> = parts
            .query
            .split('&')
            .filter(|pair| !noise.contains(&pair.split('=').next().unwrap_or_default()))
            .collect();
        url::with_query(&parts, &kept.join("&"))
    }
}

/// Hosts and addresses that count as no referrer.
pub(crate) struct ExcludedReferrers(Vec<(String, String)>);

impl ExcludedReferrers {
    /// From hosts (`.example.org` = with all below) with or without scheme and path.
    pub(crate) fn new<'a>(entries: impl Iterator<Item = &'a str>) -> Self {
        let split = |entry: &str| {
            let entry = entry.trim();
            let rest = entry.split_once("//").map_or(entry, |(_, rest)| rest);
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (url::plain_host(host), path.trim_end_matches('/').to_owned())
        };
        Self(entries.map(split).filter(|(host, _)| !host.is_empty()).collect())
    }

    fn contains(&self, referrer: &str) -> bool {
        if self.0.is_empty() || referrer.is_empty() {
            return false;
        }
        let url = Url::parse(referrer);
        let host = url::plain_host(url.host);
        self.0.iter().any(|(excluded, path)| {
            let host_fits = match excluded.strip_prefix('.') {
                Some(parent) => host == parent || host.ends_with(excluded),
                None => host == *excluded,
            };
            host_fits && url.path.starts_with(path)
        })
    }
}
