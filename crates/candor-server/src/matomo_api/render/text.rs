//! Single values as text, as PHP prints them.

use candor_query::table::Value;
use std::borrow::Cow;

/// A number without a trailing `.0`; what is no number prints as 0.
pub(super) fn number(x: f64) -> String {
    if !x.is_finite() {
        return "0".into();
    }
    // -0.0 prints as 0
    if x == 0.0 { "0".into() } else { x.to_string() }
}

/// A scalar; nested values print as nothing.
pub(super) fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null | Value::Map(_) | Value::List(_) => "".into(),
        Value::Int(n) => n.to_string().into(),
        Value::Float(x) => number(*x).into(),
        Value::Text(text) => text.into(),
        Value::Bool(yes) => if *yes { "1" } else { "0" }.into(),
    }
}

/// Text between or inside tags of HTML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut out, text);
    out
}

/// As [`escape`], to the end of `out`; leaves out what XML 1.0 can't hold.
pub(super) fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}
