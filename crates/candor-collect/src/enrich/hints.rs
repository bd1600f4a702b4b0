//! Client hints: what a browser says of itself beyond its user agent, from `uadata` or the `Sec-CH-UA*` headers.
//! Only reads; what the hints mean is decided by device detection.

use serde_json::Value;

/// How many brands of a list are read.
const BRANDS_MAX: usize = 16;

/// Client hints of one hit. Empty text = not given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ClientHints {
    /// Brand and version, in the order given; the full version list wins over the short one.
    pub brands: Vec<(String, String)>,
    /// Full version of the browser.
    pub full_version: String,
    /// A mobile device, or a browser that wants to be taken for one.
    pub mobile: bool,
    /// Model of the device.
    pub model: String,
    /// Operating system.
    pub platform: String,
    /// Its version.
    pub platform_version: String,
    /// Architecture of the processor.
    pub architecture: String,
    /// `32` or `64`.
    pub bitness: String,
    /// `Desktop`, `Tablet`, `XR`…
    pub form_factors: Vec<String>,
    /// Package name of the app that sent the request (`X-Requested-With`).
    pub app: String,
}

impl ClientHints {
    /// Whether nothing was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// From names and texts of request headers, in any spelling that [`ClientHints::from_json`] knows.
    #[must_use]
    pub fn from_headers<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut hints = Self::default();
        for (name, text) in headers.into_iter().filter(|(_, text)| !text.is_empty()) {
            hints.set_text(&plain_name(name), text);
        }
        hints
    }

    /// From the JSON text of `uadata`: names as the browser's script interface has them, or those of the headers.
    /// `None` when it is no object.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        let Ok(Value::Object(object)) = serde_json::from_str(text) else {
            return None;
        };
        let mut hints = Self::default();
        for (name, value) in &object {
            let name = plain_name(name);
            match value {
                Value::String(text) => hints.set_text(&name, text),
                Value::Bool(mobile) if name == "mobile" => hints.mobile = *mobile,
                Value::Number(number) => hints.set_text(&name, &number.to_string()),
                Value::Array(items) if name == "formfactors" => {
                    hints.form_factors =
                        items.iter().filter_map(Value::as_str).take(BRANDS_MAX).map(str::to_owned).collect();
                }
                Value::Array(items) => hints.set_brands(&name, items.iter().filter_map(brand_of).collect()),
                _ => {}
            }
        }
        Some(hints)
    }

    fn set_text(&mut self, name: &str, text: &str) {
        let plain = || text.trim().trim_matches('"').to_owned();
        match name {
            "brands" | "fullversionlist" => self.set_brands(name, brand_list(text)),
            "uafullversion" | "fullversion" => self.full_version = plain(),
            "mobile" => self.mobile = matches!(text.trim(), "?1" | "1" | "true"),
            "model" => self.model = plain(),
            "platform" => self.platform = plain(),
            "platformversion" => self.platform_version = plain(),
            "arch" | "architecture" => self.architecture = plain(),
            "bitness" => self.bitness = plain(),
            "formfactors" => {
                let parts = text.split(',').map(|part| part.trim().trim_matches('"').to_owned());
                self.form_factors = parts.filter(|part| !part.is_empty()).take(BRANDS_MAX).collect();
            }
            // Browsers send it with every script request: only a package name says something.
            "app" if !text.eq_ignore_ascii_case("xmlhttprequest") => self.app = plain(),
            _ => {}
        }
    }

    fn set_brands(&mut self, name: &str, mut brands: Vec<(String, String)>) {
        brands.truncate(BRANDS_MAX);
        if name == "fullversionlist" || (name == "brands" && self.brands.is_empty()) {
            self.brands = brands;
        }
    }
}

/// One name for all spellings: `HTTP_SEC_CH_UA_PLATFORM_VERSION` and `platformVersion` → `platformversion`.
fn plain_name(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace(['-', '_'], "");
    let name = name.strip_prefix("http").unwrap_or(&name);
    match name {
        "secchua" => "brands".into(),
        "xrequestedwith" => "app".into(),
        _ => name.strip_prefix("secchua").unwrap_or(name).to_owned(),
    }
}

fn brand_of(item: &Value) -> Option<(String, String)> {
    let text = |key| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    item.get("brand").is_some().then(|| (text("brand"), text("version")))
}

/// Reads `"Brand";v="1.2", "Other";v="3"`. Commas and semicolons within quotes belong to the name.
fn brand_list(text: &str) -> Vec<(String, String)> {
    let mut quoted = text.split('"').skip(1).step_by(2);
    let mut brands = vec![];
    while let (Some(brand), Some(version)) = (quoted.next(), quoted.next()) {
        brands.push((brand.to_owned(), version.to_owned()));
        if brands.len() == BRANDS_MAX {
            break;
        }
    }
    brands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_json_say_the_same() {
        let headers = ClientHints::from_headers([
            ("sec-ch-ua", r#""Fox, Inc";v="12""#),
            ("sec-ch-ua-full-version-list", r#""Fox, Inc";v="12.0.1", "Chromium";v="110.2""#),
            ("sec-ch-ua-mobile", "?1"),
            ("sec-ch-ua-platform", r#""Android""#),
            ("sec-ch-ua-platform-version", r#""13.0.0""#),
            ("sec-ch-ua-model", r#""Slab 5""#),
            ("x-requested-with", "org.example.reader"),
        ]);
        let json = ClientHints::from_json(
            r#"{"brands":[{"brand":"Fox, Inc","version":"12"}],
                "fullVersionList":[{"brand":"Fox, Inc","version":"12.0.1"},{"brand":"Chromium","version":"110.2"}],
                "mobile":true,"platform":"Android","platformVersion":"13.0.0","model":"Slab 5",
                "HTTP_X_REQUESTED_WITH":"org.example.reader"}"#,
        );
        assert_eq!(Some(&headers), json.as_ref());
        assert_eq!(headers.brands[1], ("Chromium".into(), "110.2".into()));
        assert!(headers.mobile);
    }

    #[test]
    fn a_script_request_is_no_app() {
        assert!(ClientHints::from_headers([("X-Requested-With", "XMLHttpRequest")]).is_empty());
    }

    #[test]
    fn the_full_list_wins_in_any_order() {
        let hints = ClientHints::from_headers([
            ("sec-ch-ua-full-version-list", r#""A";v="1.5""#),
            ("sec-ch-ua", r#""A";v="1""#),
        ]);
        assert_eq!(hints.brands, [("A".to_owned(), "1.5".to_owned())]);
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_fail(name in ".*", text in ".*") {
            let _ = ClientHints::from_headers([(name.as_str(), text.as_str())]);
            let _ = ClientHints::from_json(&text);
        }
    }
}
