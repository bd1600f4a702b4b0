//! Request parameters as PHP reads them: `a=1&b[]=2&c[x]=3`, `+` as blank, later keys win.
//! Clients were written against PHP, so both the tracking and the reporting endpoint read this way.

use serde_json::Value;

/// A parameter's value: text, or nested by `[]`.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// Plain text.
    Text(String),
    /// `key[...]`: entries in order of first appearance. `[]` counts from 0.
    List(Vec<(String, ParamValue)>),
}

/// Parameters in order of first appearance; a repeated name keeps its place and takes the later value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params {
    entries: Vec<(String, ParamValue)>,
}

/// How many parameters one request may carry; the rest is ignored (PHP's `max_input_vars` is 1000).
pub const PARAMS_MAX: usize = 1000;
/// How deep `a[b][c]…` is read; deeper parts are ignored.
const DEPTH_MAX: usize = 8;

impl Params {
    /// Reads a query string or form body. Never fails: what can't be read is left out.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        Self::parse_bytes(query.as_bytes())
    }

    /// As [`Params::parse`], from bytes; invalid UTF-8 becomes U+FFFD.
    #[must_use]
    pub fn parse_bytes(query: &[u8]) -> Self {
        let mut params = Self::default();
        for pair in query.split(|b| *b == b'&').filter(|p| !p.is_empty()).take(PARAMS_MAX) {
            let (key, value) = match pair.iter().position(|b| *b == b'=') {
                Some(at) => (pair.get(..at).unwrap_or_default(), pair.get(at + 1..).unwrap_or_default()),
                None => (pair, &[][..]),
            };
            params.insert_path(&url_decode(key), ParamValue::Text(url_decode(value)));
        }
        params
    }

    /// From a JSON object (a bulk entry): numbers and booleans become text, lists and objects nest.
    #[must_use]
    pub fn from_json(object: &serde_json::Map<String, Value>) -> Self {
        let entries = object.iter().take(PARAMS_MAX).filter_map(|(k, v)| Some((k.clone(), value_of(v, 0)?))).collect();
        Self { entries }
    }

    /// The text of a parameter; `None` when absent or nested.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(ParamValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ParamValue> {
        self.entries.iter().find(|(k, _)| k == name).map(|(_, v)| v)
    }

    /// Sets a parameter, in place when it is there.
    pub fn set(&mut self, name: &str, value: ParamValue) {
        match self.entries.iter_mut().find(|(k, _)| k == name) {
            Some((_, old)) => *old = value,
            None => self.entries.push((name.to_owned(), value)),
        }
    }

    /// Sets a parameter to text.
    pub fn set_text(&mut self, name: &str, text: impl Into<String>) {
        self.set(name, ParamValue::Text(text.into()));
    }

    /// Removes a parameter.
    pub fn remove(&mut self, name: &str) -> Option<ParamValue> {
        let at = self.entries.iter().position(|(k, _)| k == name)?;
        Some(self.entries.remove(at).1)
    }

    /// Adds those of `other` that are not here yet: how Matomo joins query (first) and form body.
    pub fn merge_missing(&mut self, other: Self) {
        for (name, value) in other.entries {
            if self.get(&name).is_none() {
                self.entries.push((name, value));
            }
        }
    }

    /// All parameters in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue)> {
        self.entries.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn insert_path(&mut self, key: &str, value: ParamValue) {
        let (name, rest) = match key.find('[') {
            Some(at) if at > 0 && key.contains(']') => key.split_at(at),
            _ => (key, ""),
        };
        // PHP turns blanks and dots of a name into underscores.
        let name = name.trim_start().replace([' ', '.'], "_");
        if name.is_empty() {
            return;
        }
        if rest.is_empty() {
            self.set(&name, value);
            return;
        }
        let path: Vec<&str> =
            rest.split('[').skip(1).map(|part| part.split(']').next().unwrap_or_default()).take(DEPTH_MAX).collect();
        if !matches!(self.get(&name), Some(ParamValue::List(_))) {
            self.set(&name, ParamValue::List(vec![]));
        }
        if let Some((_, list)) = self.entries.iter_mut().find(|(k, _)| *k == name) {
            insert_nested(list, &path, value);
        }
    }
}

impl ParamValue {
    /// The text, when it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }

    /// The texts of a list, or the one text.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::List(entries) => entries.iter().filter_map(|(_, v)| v.as_text()).collect(),
        }
    }
}

fn insert_nested(node: &mut ParamValue, path: &[&str], value: ParamValue) {
    let Some((first, rest)) = path.split_first() else {
        *node = value;
        return;
    };
    if !matches!(node, ParamValue::List(_)) {
        *node = ParamValue::List(vec![]);
    }
    let ParamValue::List(entries) = node else {
        return;
    };
    let key = if first.is_empty() { next_index(entries).to_string() } else { (*first).to_owned() };
    if let Some((_, child)) = entries.iter_mut().find(|(k, _)| *k == key) {
        insert_nested(child, rest, value);
    } else if entries.len() < PARAMS_MAX {
        let mut child = ParamValue::List(vec![]);
        insert_nested(&mut child, rest, value);
        entries.push((key, child));
    }
}

fn next_index(entries: &[(String, ParamValue)]) -> u64 {
    entries.iter().filter_map(|(k, _)| k.parse::<u64>().ok()).max().map_or(0, |n| n.saturating_add(1))
}

fn value_of(json: &Value, depth: usize) -> Option<ParamValue> {
    Some(match json {
        Value::Null => return None,
        Value::Bool(b) => ParamValue::Text(if *b { "1" } else { "" }.into()),
        Value::Number(n) => ParamValue::Text(n.to_string()),
        Value::String(s) => ParamValue::Text(s.clone()),
        Value::Array(_) | Value::Object(_) if depth >= DEPTH_MAX => return None,
        Value::Array(items) => ParamValue::List(
            items.iter().enumerate().filter_map(|(i, v)| Some((i.to_string(), value_of(v, depth + 1)?))).collect(),
        ),
        Value::Object(map) => {
            ParamValue::List(map.iter().filter_map(|(k, v)| Some((k.clone(), value_of(v, depth + 1)?))).collect())
        }
    })
}

/// Decodes `%xx` and `+`; invalid UTF-8 becomes U+FFFD. A `%` without two hex digits stays.
#[must_use]
pub fn url_decode(text: &[u8]) -> String {
    String::from_utf8(url_decode_bytes(text)).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

/// As [`url_decode`], for text in an unknown charset.
#[must_use]
pub fn url_decode_bytes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => match (rest.first().and_then(|b| hex_digit(*b)), rest.get(1).and_then(|b| hex_digit(*b))) {
                (Some(high), Some(low)) => {
                    out.push(high * 16 + low);
                    rest = rest.get(2..).unwrap_or_default();
                }
                _ => out.push(b'%'),
            },
            other => out.push(other),
        }
    }
    out
}

fn hex_digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|d| d as u8)
}

/// Encodes as PHP's `urlencode`: letters, digits, `-_.` stay, a blank becomes `+`.
#[must_use]
pub fn url_encode(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(byte as char),
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_php_does() {
        let p = Params::parse("a=1&b%5B%5D=x&b[]=y+z&c[k][l]=%C3%A9&a=2&d&e.f=3&g=100%&=no");
        assert_eq!(p.text("a"), Some("2"));
        assert_eq!(p.get("b").map(ParamValue::texts), Some(vec!["x", "y z"]));
        assert_eq!(
            p.get("c"),
            Some(&ParamValue::List(vec![(
                "k".into(),
                ParamValue::List(vec![("l".into(), ParamValue::Text("é".into()))])
            )]))
        );
        assert_eq!((p.text("d"), p.text("e_f"), p.text("g")), (Some(""), Some("3"), Some("100%")));
        assert_eq!(p.len(), 6);
    }

    #[test]
    fn query_wins_over_body() {
        let mut p = Params::parse("idsite=1&rec=1");
        p.merge_missing(Params::parse("idsite=2&token_auth=x"));
        assert_eq!((p.text("idsite"), p.text("token_auth")), (Some("1"), Some("x")));
    }

    #[test]
    fn bulk_entries_as_objects() {
        let Value::Object(o) = serde_json::json!({"idsite": 3, "rec": "1", "x": null, "ec_items": [["a", "b"]]}) else {
            return;
        };
        let p = Params::from_json(&o);
        assert_eq!((p.text("idsite"), p.get("x")), (Some("3"), None));
        assert!(matches!(p.get("ec_items"), Some(ParamValue::List(_))));
    }
}
