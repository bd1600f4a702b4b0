//! A hit as it came in: PHP-style parameters, read by type with Matomo's rules (a value that does not fit counts as absent).
//! Private to the crate, neither printable nor serialisable: nothing of it is kept but through `privacy::scrub`.

use crate::text;
use candor_core::{ParamValue, Params};
use serde_json::Value;

/// The parameters of one hit.
pub(crate) struct RawHit {
    params: Params,
}

impl RawHit {
    pub(crate) fn new(params: Params) -> Self {
        Self { params }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.params.is_empty()
    }

    /// The text as sent; empty when absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.params.text(name).unwrap_or_default()
    }

    /// The text as sent; `None` when the parameter is absent or nested.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.params.text(name)
    }

    /// The text without entities, line breaks and outer blanks.
    pub(crate) fn clean(&self, name: &str) -> String {
        match self.text(name) {
            "" => String::new(),
            given => text::clean(given),
        }
    }

    /// A whole number, written plainly (`7`, not `07` or `7.0`).
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        plain_int(self.text(name))
    }

    /// `1` (or another whole number but 0).
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.int(name).is_some_and(|n| n != 0)
    }

    /// A number with or without fraction and exponent.
    pub(crate) fn float(&self, name: &str) -> Option<f64> {
        plain_float(self.text(name))
    }

    /// JSON text, or what a bulk entry nested in its place.
    pub(crate) fn json(&self, name: &str) -> Option<Value> {
        match self.params.get(name)? {
            ParamValue::Text(text) if text.is_empty() => None,
            ParamValue::Text(text) => serde_json::from_str(text).ok(),
            nested @ ParamValue::List(_) => Some(to_json(nested)),
        }
    }

    /// The page says that this visitor consented: more than a browser's signal to all pages says.
    pub(crate) fn has_consent(&self) -> bool {
        self.text("consent") == "1"
    }

    pub(crate) fn set_text(&mut self, name: &str, text: &str) {
        self.params.set_text(name, text);
    }
}

pub(crate) fn plain_int(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit())
        && (digits.len() == 1 || !digits.starts_with('0'));
    if is_plain && text != "-0" { text.parse().ok() } else { None }
}

pub(crate) fn plain_float(text: &str) -> Option<f64> {
    let is_number = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
    // The letters of `inf` and `nan` are not among these.
    if is_number { text.parse().ok().filter(|n: &f64| n.is_finite()) } else { None }
}

/// PHP's arrays: keys 0, 1, 2… make a list.
fn to_json(value: &ParamValue) -> Value {
    match value {
        ParamValue::Text(text) => Value::String(text.clone()),
        ParamValue::List(entries) if entries.iter().enumerate().all(|(at, (key, _))| *key == at.to_string()) => {
            Value::Array(entries.iter().map(|(_, item)| to_json(item)).collect())
        }
        ParamValue::List(entries) => {
            Value::Object(entries.iter().map(|(key, item)| (key.clone(), to_json(item))).collect())
        }
    }
}

/// A JSON scalar as PHP would make a string of it; `None` for lists and objects.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => if *yes { "1" } else { "" }.to_owned(),
        Value::Null => String::new(),
        Value::Array(_) | Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_must_be_plain() {
        let raw = RawHit::new(Params::parse("a=7&b=07&c=7.5&d=1e3&e=.5&f=nan&g=-1&h=&i=1x"));
        let ints: Vec<_> = "abcdefghi".chars().map(|c| raw.int(&c.to_string())).collect();
        assert_eq!(ints, [Some(7), None, None, None, None, None, Some(-1), None, None]);
        let floats: Vec<_> = "acdefhi".chars().map(|c| raw.float(&c.to_string())).collect();
        assert_eq!(floats, [Some(7.0), Some(7.5), Some(1000.0), Some(0.5), None, None, None]);
    }

    #[test]
    fn lists_may_be_json_or_nested() {
        let text = RawHit::new(Params::parse("v=%5B%5B%22a%22%2C%22b%22%5D%5D")).json("v");
        let nested = RawHit::new(Params::parse("v[0][0]=a&v[0][1]=b")).json("v");
        assert_eq!(text, Some(serde_json::json!([["a", "b"]])));
        assert_eq!(text, nested);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(value in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let query = [b"a[1]=x&v=".as_slice(), &value].concat();
            let raw = RawHit::new(Params::parse_bytes(&query));
            for name in ["a", "v"] {
                let _ = (raw.int(name), raw.float(name), raw.json(name), raw.clean(name));
            }
        }
    }
}
