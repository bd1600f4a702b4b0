//! Small operations on texts from outside: entities, control characters, lengths. All of them total.

use std::borrow::Cow;

/// Longest entity looked for, without `&` and `;`.
const ENTITY_BYTES_MAX: usize = 8;

/// Decodes HTML entities: clients (and Matomo's own forms) send them, and Matomo decodes before it stores.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= ENTITY_BYTES_MAX);
        match entity.and_then(|(name, tail)| Some((entity_char(name)?, tail))) {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity_char(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())
        }
    }
}

/// As Matomo cleans what it stores: entities decoded, no NUL or line breaks, trimmed.
pub(crate) fn clean(text: &str) -> String {
    let text = unescape(text);
    let text = text.trim_matches(is_blank);
    if text.contains(['\n', '\r', '\0']) { text.replace(['\n', '\r', '\0'], "") } else { text.to_owned() }
}

/// What PHP's `trim` removes.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\0' | '\u{b}')
}

/// The first `bytes` bytes, fewer when a character would be split.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// The first `count` characters.
pub(crate) fn cut_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// [`cut`] in place.
pub(crate) fn truncate(mut text: String, bytes: usize) -> String {
    text.truncate(text.floor_char_boundary(bytes));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded_once() {
        for (given, expected) in [
            ("a &amp;lt; b", "a &lt; b"),
            ("&quot;x&quot; &#39;y&#x27;", "\"x\" 'y'"),
            ("AT&T; R&D & co", "AT&T; R&D & co"),
            ("&#0;&#xD800;", "&#0;&#xD800;"),
            ("ü&nbsp;ß", "ü\u{a0}ß"),
        ] {
            assert_eq!(unescape(given), expected, "{given}");
        }
    }

    #[test]
    fn cuts_between_characters() {
        assert_eq!((cut("aäb", 2), cut("aäb", 3), cut("ab", 9)), ("a", "aä", "ab"));
        assert_eq!((cut_chars("äöü", 2), cut_chars("äöü", 5)), ("äö", "äöü"));
    }

    proptest::proptest! {
        #[test]
        fn cleaned_text_is_one_line(text in ".*") {
            let cleaned = clean(&text);
            proptest::prop_assert!(!cleaned.contains(['\n', '\r', '\0']));
            proptest::prop_assert!(cleaned.len() <= text.len());
        }
    }
}
