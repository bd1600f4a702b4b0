//! Client hints: what a browser says of itself beside its user agent, by `Sec-CH-UA-*` headers or by the
//! tracker's `uadata` parameter. Only reads and bounds them; what they mean is decided by the parsers.

use serde_json::Value;

/// Brands or form factors beyond this are ignored.
const LIST_MAX: usize = 32;
/// A longer value is no hint.
const VALUE_MAX: usize = 512;

/// The hints of one request. Empty = not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ClientHints {
    /// Brands and versions in the order given, full versions if there are any.
    pub brands: Vec<(String, String)>,
    /// The browser's version as one value (older browsers).
    pub full_version: String,
    /// Operating system.
    pub platform: String,
    /// Its version.
    pub platform_version: String,
    /// Device model.
    pub model: String,
    /// Lower-case form factors (`mobile`, `tablet`, `xr`…).
    pub form_factors: Vec<String>,
    /// Package name of the Android app that shows the page (`X-Requested-With`).
    pub app: String,
    /// `brands` are full versions: shorter ones must not replace them.
    full: bool,
}

impl ClientHints {
    /// Reads one hint by its name: a header's, in any spelling (`Sec-CH-UA-Model`, `HTTP_SEC_CH_UA_MODEL`), or the
    /// one that browsers use in JavaScript (`model`). Unknown names and too long values are ignored.
    pub fn add(&mut self, name: &str, value: &str) {
        if value.len() > VALUE_MAX {
            return;
        }
        let name = name.to_ascii_lowercase().replace('_', "-");
        let bare = value.trim().trim_matches('"');
        match name.strip_prefix("http-").unwrap_or(&name) {
            "sec-ch-ua-model" | "model" => self.model = bare.to_owned(),
            "sec-ch-ua-platform" | "platform" => self.platform = bare.to_owned(),
            "sec-ch-ua-platform-version" | "platformversion" => self.platform_version = bare.to_owned(),
            "sec-ch-ua-full-version" | "uafullversion" => self.full_version = bare.to_owned(),
            "sec-ch-ua-full-version-list" | "fullversionlist" => self.set_brands(brand_list(value), true),
            "sec-ch-ua" | "brands" => self.set_brands(brand_list(value), false),
            "sec-ch-ua-form-factors" | "formfactors" => {
                self.form_factors = value.split(',').filter_map(form_factor).take(LIST_MAX).collect();
            }
            "x-requested-with" if !bare.eq_ignore_ascii_case("xmlhttprequest") => self.app = bare.to_owned(),
            _ => {}
        }
    }

    /// Reads the JSON object of `uadata`: names as in [`Self::add`], values as texts or as JavaScript gives them.
    #[must_use]
    pub fn from_json(value: &Value) -> Self {
        let mut hints = Self::default();
        for (name, value) in value.as_object().into_iter().flatten() {
            match value {
                Value::String(text) => hints.add(name, text),
                Value::Array(items) => hints.add_list(name, items),
                _ => {}
            }
        }
        hints
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add_list(&mut self, name: &str, items: &[Value]) {
        let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let brands = || {
            let all = items.iter().map(|item| (text(item, "brand"), text(item, "version")));
            all.filter(|(brand, version)| !brand.is_empty() && brand.len() + version.len() <= VALUE_MAX)
                .take(LIST_MAX)
                .collect()
        };
        match name.to_ascii_lowercase().as_str() {
            "fullversionlist" => self.set_brands(brands(), true),
            "brands" => self.set_brands(brands(), false),
            "formfactors" => {
                self.form_factors =
                    items.iter().filter_map(Value::as_str).filter_map(form_factor).take(LIST_MAX).collect();
            }
            _ => {}
        }
    }

    fn set_brands(&mut self, brands: Vec<(String, String)>, full: bool) {
        if !brands.is_empty() && (full || !self.full) {
            self.brands = brands;
            self.full = full;
        }
    }
}

fn form_factor(text: &str) -> Option<String> {
    let factor = text.trim().trim_matches('"').to_ascii_lowercase();
    (!factor.is_empty() && factor.len() <= 32).then_some(factor)
}

/// `"Chromium";v="98", " Not A;Brand";v="99"` → pairs; reading ends at the first thing that isn't one.
fn brand_list(value: &str) -> Vec<(String, String)> {
    let mut brands = Vec::new();
    let mut rest = value.trim_start();
    while brands.len() < LIST_MAX {
        let Some((brand, after)) = quoted(rest) else { break };
        let Some(after) = after.trim_start().strip_prefix(';') else { break };
        let Some((version, after)) = after.trim_start().strip_prefix("v=").and_then(quoted) else { break };
        brands.push((brand.to_owned(), version.to_owned()));
        rest = after.trim_start().strip_prefix(',').unwrap_or_default().trim_start();
    }
    brands
}

/// A text in quotes and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"').filter(|(inside, _)| !inside.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(given: &[(&str, &str)]) -> ClientHints {
        let mut hints = ClientHints::default();
        given.iter().for_each(|(name, value)| hints.add(name, value));
        hints
    }

    #[test]
    fn headers_and_javascript_say_the_same() {
        let headers = hints(&[
            ("Sec-CH-UA", r#""Brave";v="101", " Not;A Brand";v="99""#),
            ("HTTP_SEC_CH_UA_MODEL", "\"Nokia 7\""),
            ("sec-ch-ua-platform", "\"Android\""),
            ("Sec-CH-UA-Form-Factors", "\"Mobile\", \"XR\""),
        ]);
        let script = ClientHints::from_json(&serde_json::json!({
            "brands": [{"brand": "Brave", "version": "101"}, {"brand": " Not;A Brand", "version": "99"}],
            "model": "Nokia 7", "platform": "Android", "formFactors": ["Mobile", "XR"], "mobile": true,
        }));
        assert_eq!(headers, script);
    }

    #[test]
    fn full_versions_win_whatever_comes_first() {
        let full = ("Sec-CH-UA-Full-Version-List", r#""Opera";v="97.0.4719.63""#);
        let short = ("Sec-CH-UA", r#""Opera";v="97""#);
        for order in [[full, short], [short, full]] {
            assert_eq!(hints(&order).brands, [("Opera".to_owned(), "97.0.4719.63".to_owned())]);
        }
    }

    #[test]
    fn a_script_is_not_an_app() {
        assert!(hints(&[("X-Requested-With", "XMLHttpRequest")]).is_empty());
        assert_eq!(hints(&[("X-Requested-With", "org.example.reader")]).app, "org.example.reader");
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_read_without_harm(name in "[a-zA-Z_-]{0,30}", value in ".{0,200}") {
            hints(&[(&name, &value), ("sec-ch-ua", &value), ("sec-ch-ua-form-factors", &value)]);
        }
    }
}
