//! What a hit records. When several kinds apply, the one that matters most wins:
//! page view < site search < content < event < outlink < download.

use super::{
    commerce,
    search::SearchRules,
    url::{UrlRules, as_given, split_prefix},
};
use crate::{hit::HitAction, outcome::Refusal, raw::RawHit, text};
use candor_core::{ActionKind, PageTimings};
use encoding_rs::Encoding;

/// Longest page-view id.
const PAGEVIEW_ID_BYTES: usize = 6;
/// Page timings above this are dropped (they were 3-byte numbers in Matomo).
const TIMING_MS_MAX: i64 = 16_777_215;
/// Parameters of the page timings in stored order.
const TIMINGS: [&str; 6] = ["pf_net", "pf_srv", "pf_tfr", "pf_dm1", "pf_dm2", "pf_onl"];

/// The page on which a hit happens.
pub(crate) struct Page {
    /// Its address as given; empty when there is none.
    pub given: String,
    /// Its address as it is kept, whole.
    pub cleaned: String,
    /// Of its encoded parameters, when not UTF-8.
    pub charset: Option<&'static Encoding>,
}

/// How a site's actions are read.
pub(crate) struct ActionRules<'a> {
    /// `None` = site search is off.
    pub search: Option<&'a SearchRules>,
    pub urls: &'a UrlRules,
    /// Page titles are split at this text; empty = not split.
    pub title_delimiter: &'a str,
}

impl ActionRules<'_> {
    /// What the hit records.
    pub(crate) fn read(&self, raw: &RawHit, page: &Page) -> Result<HitAction, Refusal> {
        let bytes_max = self.urls.bytes_max;
        let clean = |name| text::truncate(raw.clean(name), bytes_max);
        for (name, kind) in [("download", ActionKind::Download), ("link", ActionKind::Outlink)] {
            if !raw.text(name).is_empty() {
                return Ok(HitAction { url: as_given(raw.text(name), bytes_max), ..HitAction::new(kind) });
            }
        }
        let (category, event_action) = (clean("e_c"), clean("e_a"));
        if !category.is_empty() && !event_action.is_empty() {
            let event_value = raw.float("e_v");
            let (title, event) = (clean("e_n"), HitAction::new(ActionKind::Event).at(&page.cleaned));
            return Ok(HitAction { category, event_action, title, event_value, ..event });
        }
        let content_name = clean("c_n");
        if !content_name.is_empty() {
            return Ok(HitAction {
                content_name,
                content_piece: clean("c_p"),
                content_target: clean("c_t"),
                content_interaction: clean("c_i"),
                url: page.cleaned.clone(),
                ..HitAction::new(ActionKind::Content)
            });
        }
        // A custom action must not become a page view.
        if raw.is_on("ca") {
            return Err(Refusal::NoHandler);
        }
        if let Some(search) = self.search.and_then(|rules| rules.find(raw, &page.given, page.charset)) {
            return Ok(HitAction {
                title: search.keyword,
                category: search.category,
                search_count: search.count,
                ..HitAction::new(ActionKind::Search)
            });
        }
        let title = self.title(&clean("action_name"));
        Ok(HitAction { title, product: commerce::product(raw), ..HitAction::new(ActionKind::Page).at(&page.cleaned) })
    }

    /// With a delimiter: its levels without blanks around them and without empty ones.
    fn title(&self, title: &str) -> String {
        if self.title_delimiter.is_empty() {
            return title.to_owned();
        }
        let levels: Vec<&str> =
            title.split(self.title_delimiter).map(str::trim).filter(|level| !level.is_empty()).collect();
        levels.join(self.title_delimiter)
    }
}

impl HitAction {
    /// An action of a kind with nothing else known of it.
    #[must_use]
    pub fn new(kind: ActionKind) -> Self {
        Self {
            kind,
            url: String::new(),
            url_prefix: None,
            title: String::new(),
            category: String::new(),
            event_action: String::new(),
            event_value: None,
            search_count: None,
            content_name: String::new(),
            content_piece: String::new(),
            content_target: String::new(),
            content_interaction: String::new(),
            product: None,
            dimensions: vec![],
            variables: vec![],
        }
    }

    /// On a page: `http://`, `https://` and `www.` make no difference to reports.
    fn at(self, cleaned: &str) -> Self {
        let (url_prefix, url) = split_prefix(cleaned);
        Self { url: url.to_owned(), url_prefix, ..self }
    }
}

/// What ties a hit to a page view: six letters or digits; empty when not given so.
pub(crate) fn pageview_id(raw: &RawHit) -> String {
    let given = text::cut(raw.text("pv_id"), PAGEVIEW_ID_BYTES);
    let is_id = given.len() == PAGEVIEW_ID_BYTES && given.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_id { given.to_owned() } else { String::new() }
}

/// Page timings. `-1` is "not measured".
pub(crate) fn timings(raw: &RawHit) -> Result<PageTimings, Refusal> {
    let mut timings = PageTimings::default();
    for (slot, name) in timings.iter_mut().zip(TIMINGS) {
        match raw.int(name) {
            None | Some(-1) => {}
            Some(ms) if ms < 0 => return Err(Refusal::Invalid(name)),
            Some(ms) => *slot = u32::try_from(ms).ok().filter(|_| ms <= TIMING_MS_MAX),
        }
    }
    Ok(timings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::url::Exclusions;
    use candor_core::Params;

    fn read(query: &str) -> Result<HitAction, Refusal> {
        let urls = UrlRules { exclusions: Exclusions::new(std::iter::empty()), keep_fragment: false, bytes_max: 1024 };
        let search = SearchRules::new(&["q".into()], &[]);
        let rules = ActionRules { search: Some(&search), urls: &urls, title_delimiter: "/" };
        let address = "https://www.a.example/p?q=x".to_owned();
        let page = Page { given: address.clone(), cleaned: address, charset: None };
        rules.read(&RawHit::new(Params::parse(query)), &page)
    }

    fn kind(query: &str) -> Option<ActionKind> {
        read(query).ok().map(|action| action.kind)
    }

    #[test]
    fn the_kind_that_matters_most_wins() {
        let mut query = String::from("action_name=t");
        for (more, expected) in [
            ("", ActionKind::Search),
            ("&c_n=ad", ActionKind::Content),
            ("&e_c=c&e_a=a", ActionKind::Event),
            ("&link=http://b.example", ActionKind::Outlink),
            ("&download=http://b.example/f", ActionKind::Download),
        ] {
            query.push_str(more);
            assert_eq!(kind(&query), Some(expected), "{query}");
        }
    }

    #[test]
    fn a_custom_action_is_no_page_view() {
        assert_eq!(read("ca=1").err(), Some(Refusal::NoHandler));
        assert_eq!(kind("ca=1&e_c=c&e_a=a"), Some(ActionKind::Event));
    }

    #[test]
    fn events_stand_on_pages_and_links_do_not() {
        let event = read("e_c=c&e_a=a&e_n=n&e_v=1.5").unwrap();
        assert_eq!((event.url.as_str(), event.url_prefix, event.event_value), ("a.example/p?q=x", Some(3), Some(1.5)));
        let link = read("link=https://www.b.example/%23").unwrap();
        assert_eq!((link.url.as_str(), link.url_prefix), ("https://www.b.example/#", None));
        assert_eq!(read("download=nowhere").unwrap().url, "");
    }

    #[test]
    fn timings_are_checked() {
        let read = |query| timings(&RawHit::new(Params::parse(query)));
        assert_eq!(read("pf_net=5&pf_srv=-1&pf_onl=99999999"), Ok([Some(5), None, None, None, None, None]));
        assert_eq!(read("pf_dm1=-2"), Err(Refusal::Invalid("pf_dm1")));
    }
}
