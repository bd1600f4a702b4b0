//! Custom dimensions: `dimension<id>` in the request, else what the site's patterns extract from the page as given.

use super::pattern;
use crate::{raw::RawHit, text};
use candor_core::{CustomDimension, DimensionScope, params::url_decode};
use fancy_regex::Regex;

/// Longest value.
const CHARS_MAX: usize = 250;

/// Where a value is extracted from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Url,
    Title,
}

/// One active dimension.
struct Extractor {
    parameter: String,
    slot: u32,
    scope: DimensionScope,
    patterns: Vec<(Subject, Regex)>,
}

/// A site's active dimensions.
pub(crate) struct DimensionRules(Vec<Extractor>);

impl DimensionRules {
    pub(crate) fn new(dimensions: &[CustomDimension]) -> Self {
        Self(dimensions.iter().filter(|d| d.active).map(Extractor::new).collect())
    }

    /// Slot and value of each dimension of a scope that has a value. An empty value in the request clears.
    pub(crate) fn read(&self, raw: &RawHit, page: &str, scope: DimensionScope) -> Vec<(u32, String)> {
        let of_scope = self.0.iter().filter(|dimension| dimension.scope == scope);
        of_scope.filter_map(|dimension| Some((dimension.slot, dimension.value(raw, page)?))).collect()
    }
}

impl Extractor {
    fn new(dimension: &CustomDimension) -> Self {
        let pattern = |(source, text): &(String, String)| {
            let (subject, text) = match source.as_str() {
                "url" => (Subject::Url, text.clone()),
                "urlparam" => (Subject::Url, format!(r"\?.*{text}=([^&]*)")),
                "action_name" => (Subject::Title, text.clone()),
                _ => return None,
            };
            Some((subject, pattern::compile(&text, dimension.case_sensitive)?))
        };
        Self {
            parameter: format!("dimension{}", dimension.id),
            slot: dimension.index,
            scope: dimension.scope,
            patterns: dimension.extractions.iter().filter_map(pattern).collect(),
        }
    }

    fn value(&self, raw: &RawHit, page: &str) -> Option<String> {
        let value = match raw.given(&self.parameter) {
            Some(given) => text::clean(given),
            None => self.patterns.iter().find_map(|(subject, pattern)| {
                let text = if *subject == Subject::Url { page } else { raw.text("action_name") };
                let found = pattern::first_group(pattern, text).filter(|found| !found.is_empty())?;
                Some(text::clean(&url_decode(found.as_bytes())))
            })?,
        };
        Some(text::cut_chars(&value, CHARS_MAX).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Params;

    fn dimension(id: u32, scope: DimensionScope, extractions: &[(&str, &str)]) -> CustomDimension {
        CustomDimension {
            id,
            index: id,
            name: "d".into(),
            scope,
            active: true,
            extractions: extractions.iter().map(|(s, p)| ((*s).into(), (*p).into())).collect(),
            case_sensitive: false,
        }
    }

    #[test]
    fn values_come_from_the_request_or_the_page() {
        let rules = DimensionRules::new(&[
            dimension(1, DimensionScope::Visit, &[("urlparam", "plan")]),
            dimension(2, DimensionScope::Action, &[("url", "/NO(.)E"), ("url", "/shop/([^/?]+)")]),
            dimension(3, DimensionScope::Action, &[("action_name", "^(.*?) -")]),
            CustomDimension { active: false, ..dimension(4, DimensionScope::Action, &[]) },
        ]);
        let page = "http://a.example/shop/sh%C3%B6es?x=1&plan=gold&y";
        let read = |query: &str, scope| rules.read(&RawHit::new(Params::parse(query)), page, scope);
        assert_eq!(read("", DimensionScope::Visit), [(1, "gold".into())]);
        assert_eq!(read("dimension1=", DimensionScope::Visit), [(1, String::new())]);
        assert_eq!(
            read("action_name=Shop+-+x&dimension4=y", DimensionScope::Action),
            [(2, "shöes".into()), (3, "Shop".into())]
        );
        assert_eq!(read("dimension2=%20own%20", DimensionScope::Action), [(2, "own".into())]);
    }
}
