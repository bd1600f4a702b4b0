//! Searches on the site: the request says so, or the page's address shows the keyword.

use super::url::{Url, query_pairs};
use crate::{
    raw::{RawHit, plain_int},
    text,
};
use candor_core::params::url_decode_bytes;
use encoding_rs::{Encoding, UTF_8};

/// Longest category.
const CATEGORY_BYTES_MAX: usize = 200;
/// Longest keyword.
const KEYWORD_BYTES_MAX: usize = 1024;

/// Names of parameters that hold keyword and category, lower case.
pub(crate) struct SearchRules {
    pub keywords: Vec<String>,
    pub categories: Vec<String>,
}

/// A search.
#[derive(Debug, PartialEq)]
pub(crate) struct Search {
    pub keyword: String,
    pub category: String,
    pub count: Option<u32>,
}

impl SearchRules {
    pub(crate) fn new(keywords: &[String], categories: &[String]) -> Self {
        let lower = |names: &[String]| names.iter().map(|name| name.trim().to_lowercase()).collect();
        Self { keywords: lower(keywords), categories: lower(categories) }
    }

    /// The search that a hit is; `None` when it is none.
    pub(crate) fn find(&self, raw: &RawHit, page: &str, charset: Option<&'static Encoding>) -> Option<Search> {
        let keyword = decode(raw.text("search").as_bytes(), charset);
        let given = Search {
            keyword: text::truncate(text::clean(&keyword), KEYWORD_BYTES_MAX),
            category: raw.clean("search_cat"),
            count: raw.int("search_count").and_then(|n| u32::try_from(n).ok()),
        };
        let mut search = if given.keyword.is_empty() { self.in_page(page, charset)? } else { given };
        search.category = text::truncate(search.category, CATEGORY_BYTES_MAX);
        Some(search)
    }

    fn in_page(&self, page: &str, charset: Option<&'static Encoding>) -> Option<Search> {
        let url = Url::parse(page);
        if url.query.is_empty() && !url.fragment.contains('=') {
            return None;
        }
        // What stands behind the `#` replaces what stands before it.
        let pairs: Vec<(String, &str)> = query_pairs(url.fragment)
            .chain(query_pairs(url.query))
            .filter_map(|(name, value)| Some((plain_name(name), value?)))
            .collect();
        let value = |names: &[String]| {
            let mut found = names.iter().filter_map(|name| pairs.iter().find(|(given, _)| given == name));
            found.find(|(_, value)| !value.is_empty()).map(|(_, value)| text::clean(&decode_value(value, charset)))
        };
        let keyword = value(&self.keywords).filter(|keyword| !keyword.is_empty())?;
        let count = pairs.iter().find(|(name, _)| name == "search_count").and_then(|(_, value)| plain_int(value));
        Some(Search {
            keyword: text::truncate(keyword, KEYWORD_BYTES_MAX),
            category: value(&self.categories).unwrap_or_default(),
            count: count.and_then(|n| u32::try_from(n).ok()),
        })
    }
}

/// `Q%5B%5D` → `q`: of a list the first element counts.
fn plain_name(name: &str) -> String {
    let name = name.to_lowercase().replace("%5b", "[").replace("%5d", "]");
    name.split('[').next().unwrap_or_default().to_owned()
}

/// The decoded value; still encoded when it is in no known charset.
fn decode_value(value: &str, charset: Option<&'static Encoding>) -> String {
    let bytes = url_decode_bytes(value.as_bytes());
    let text = charset.unwrap_or(UTF_8).decode_without_bom_handling_and_without_replacement(&bytes);
    text.map_or_else(|| value.to_owned(), std::borrow::Cow::into_owned)
}

/// Text of a request parameter: already UTF-8 unless it was sent raw in the page's charset.
fn decode(bytes: &[u8], charset: Option<&'static Encoding>) -> String {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    match charset {
        Some(_) if text.contains('%') => decode_value(text, charset),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Params;

    fn find(query: &str, page: &str) -> Option<(String, String, Option<u32>)> {
        let rules = SearchRules::new(&["q".into(), "Word".into()], &["cat".into()]);
        let search = rules.find(&RawHit::new(Params::parse(query)), page, None)?;
        Some((search.keyword, search.category, search.count))
    }

    #[test]
    fn the_request_wins_over_the_page() {
        let page = "http://a.example/?word=Red+%C3%84pfel&cat=Fruit&search_count=3";
        assert_eq!(find("", page), Some(("Red Äpfel".into(), "Fruit".into(), Some(3))));
        assert_eq!(find("search=x&search_count=0", page), Some(("x".into(), String::new(), Some(0))));
        assert_eq!(find("search=x&search_count=-1", page), Some(("x".into(), String::new(), None)));
    }

    #[test]
    fn pages_show_keywords_in_several_ways() {
        assert_eq!(find("", "http://a.example/?q=&word=b").map(|s| s.0), Some("b".into()));
        assert_eq!(find("", "http://a.example/?q%5B%5D=b&q[]=c").map(|s| s.0), Some("b".into()));
        assert_eq!(find("", "http://a.example/#q=b").map(|s| s.0), Some("b".into()));
        assert_eq!(find("", "http://a.example/?q=%E9").map(|s| s.0), Some("%E9".into()));
        assert_eq!(find("", "http://a.example/?other=b"), None);
        assert_eq!(find("", "http://a.example/q"), None);
    }
}
