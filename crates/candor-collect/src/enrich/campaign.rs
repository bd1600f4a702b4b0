//! Tagged links: which campaign a visit comes from, by the landing page's parameters or the request's own.

use super::url::{Url, query_pairs};
use crate::{raw::RawHit, text};
use candor_core::{params::url_decode, settings::TrackerSettings, visit::Campaign};

/// Longest name or keyword.
const NAME_CHARS_MAX: usize = 255;
/// Longest value of a further dimension.
const DIMENSION_CHARS_MAX: usize = 250;
/// Longest campaign id.
const ID_CHARS_MAX: usize = 100;

/// Parameters of the campaign dimensions, in order of precedence (Matomo's MarketingCampaignsReporting).
const NAME: &[&str] =
    &["mtm_campaign", "matomo_campaign", "mtm_cpn", "pk_campaign", "piwik_campaign", "pk_cpn", "utm_campaign"];
const KEYWORD: &[&str] = &["mtm_keyword", "matomo_kwd", "mtm_kwd", "pk_keyword", "piwik_kwd", "pk_kwd", "utm_term"];
const SOURCE: &[&str] = &["mtm_source", "pk_source", "utm_source"];
const MEDIUM: &[&str] = &["mtm_medium", "pk_medium", "utm_medium"];
const CONTENT: &[&str] = &["mtm_content", "pk_content", "utm_content"];
const ID: &[&str] = &["mtm_cid", "pk_cid", "utm_id"];
/// A click id: the only one whose case is kept.
const CLICK_ID: &[&str] = &["mtm_clid"];
const GROUP: &[&str] = &["mtm_group", "pk_group"];
const PLACEMENT: &[&str] = &["mtm_placement", "pk_placement"];

/// All parameters that tag a link; they are removed from page addresses.
pub(crate) fn parameters(tracker: &TrackerSettings) -> impl Iterator<Item = &str> {
    let fixed = [NAME, KEYWORD, SOURCE, MEDIUM, CONTENT, ID, CLICK_ID, GROUP, PLACEMENT];
    let configured = tracker.campaign_name_params.iter().chain(&tracker.campaign_keyword_params).map(String::as_str);
    fixed.into_iter().flatten().copied().chain(configured)
}

/// What the link was tagged with, and the parameters' place.
struct Tags<'a> {
    query: Vec<(&'a str, &'a str)>,
    fragment: Vec<(&'a str, &'a str)>,
}

impl<'a> Tags<'a> {
    /// `None` when there can't be any: most page views end here.
    fn of(url: &Url<'a>) -> Option<Self> {
        let pairs = |part| query_pairs(part).filter_map(|(name, value)| Some((name, value?))).collect();
        let tags = Self { query: pairs(url.query), fragment: pairs(url.fragment.trim_start_matches('?')) };
        (!tags.query.is_empty() || !tags.fragment.is_empty()).then_some(tags)
    }

    fn first(pairs: &[(&str, &str)], names: impl Iterator<Item = impl AsRef<str>>) -> Option<String> {
        names.filter_map(|name| pairs.iter().find(|(given, _)| *given == name.as_ref())).find_map(|(_, value)| {
            let value = text::clean(&url_decode(value.as_bytes()));
            (!value.is_empty()).then_some(value)
        })
    }

    /// Query first.
    fn value(&self, names: &[String]) -> Option<String> {
        Self::first(&self.query, names.iter()).or_else(|| Self::first(&self.fragment, names.iter()))
    }

    /// Fragment first.
    fn dimension(&self, names: &[&str], chars_max: usize) -> String {
        let value = Self::first(&self.fragment, names.iter()).or_else(|| Self::first(&self.query, names.iter()));
        value.map(|v| text::cut_chars(&v, chars_max).to_owned()).unwrap_or_default()
    }
}

/// Name and keyword of the campaign, lower case; empty = none. The request's own parameters win over the page's.
pub(crate) fn name_and_keyword(raw: &RawHit, page: &Url, tracker: &TrackerSettings) -> (String, String) {
    let tags = Tags::of(page);
    let find = |names: &[String]| {
        let own = names.iter().map(|name| raw.clean(name)).find(|value| !value.is_empty());
        own.or_else(|| tags.as_ref()?.value(names)).map(|value| shorten(&value)).unwrap_or_default()
    };
    let name = find(&tracker.campaign_name_params);
    if name.is_empty() {
        return (name, String::new());
    }
    (name, find(&tracker.campaign_keyword_params))
}

/// As names and keywords of campaigns are kept.
pub(crate) fn shorten(value: &str) -> String {
    text::cut_chars(value, NAME_CHARS_MAX).to_lowercase()
}

/// The campaign's dimensions.
pub(crate) fn dimensions(page: &Url) -> Campaign {
    let Some(tags) = Tags::of(page) else {
        return Campaign::default();
    };
    let lower = |names| tags.dimension(names, DIMENSION_CHARS_MAX).to_lowercase();
    let id = tags.dimension(ID, ID_CHARS_MAX).to_lowercase();
    Campaign {
        name: lower(NAME),
        keyword: lower(KEYWORD),
        source: lower(SOURCE),
        medium: lower(MEDIUM),
        content: lower(CONTENT),
        id: if id.is_empty() { tags.dimension(CLICK_ID, ID_CHARS_MAX) } else { id },
        group: lower(GROUP),
        placement: lower(PLACEMENT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Params;

    fn found(query: &str, page: &str) -> (String, String) {
        name_and_keyword(&RawHit::new(Params::parse(query)), &Url::parse(page), &TrackerSettings::default())
    }

    fn pair(name: &str, keyword: &str) -> (String, String) {
        (name.to_owned(), keyword.to_owned())
    }

    #[test]
    fn the_first_parameter_with_a_value_names_the_campaign() {
        let page = "http://a.example/?utm_campaign=Spring&pk_campaign=&utm_term=Red+Shoes#mtm_campaign=x";
        assert_eq!(found("", page), pair("spring", "red shoes"));
        assert_eq!(found("", "http://a.example/#mtm_campaign=%C3%84rger"), pair("ärger", ""));
        assert_eq!(found("mtm_campaign=Own", page), pair("own", "red shoes"));
        assert_eq!(found("", "http://a.example/?utm_term=lonely"), pair("", ""));
        assert_eq!(found("", "http://a.example/?UTM_campaign=x&utm_campaign[]=y"), pair("", ""));
    }

    #[test]
    fn dimensions_prefer_the_fragment() {
        let page = "http://a.example/?utm_source=Query&mtm_medium=M&mtm_clid=KeepCase#mtm_source=Fragment";
        let campaign = dimensions(&Url::parse(page));
        assert_eq!(
            (campaign.source.as_str(), campaign.medium.as_str(), campaign.id.as_str()),
            ("fragment", "m", "KeepCase")
        );
    }
}
