//! The two cookies of the collector's own host: the opt-out, and the third-party visitor id (off by default).

use candor_core::{VisitorId, params::url_decode};

/// Name of the opt-out cookie.
pub const IGNORE_COOKIE: &str = "matomo_ignore";
/// Name of the third-party visitor id.
const VISITOR_COOKIE: &str = "_pk_uid";
/// Values of the opt-out cookie: plain, and as Matomo writes it.
const IGNORE_VALUES: [&str; 2] = ["*", "ignore=Kg=="];

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Whether the browser carries the opt-out.
#[must_use]
pub fn has_opted_out(cookie: &str) -> bool {
    value(cookie, IGNORE_COOKIE).is_some_and(|value| IGNORE_VALUES.contains(&value.as_str()))
}

/// The visitor id of the third-party cookie.
pub(crate) fn visitor_id(cookie: &str) -> Option<VisitorId> {
    let value = value(cookie, VISITOR_COOKIE)?;
    let entry = value.split(':').find_map(|entry| entry.strip_prefix("0="))?;
    VisitorId::from_hex(entry).or_else(|| VisitorId::from_hex(&decode(entry)?))
}

/// `Set-Cookie` that keeps the visitor id. Third-party cookies only travel when they are secure.
pub(crate) fn keep_visitor_id(id: VisitorId, seconds: i64, secure: bool) -> String {
    let value = encode(&id.to_hex()).replace('=', "%3D");
    format!("{VISITOR_COOKIE}=0%3D{value}; Max-Age={seconds}; Path=/; {}", attributes(secure))
}

/// `Set-Cookie` that deletes the visitor id.
pub(crate) fn delete_visitor_id(secure: bool) -> String {
    format!("{VISITOR_COOKIE}=; Max-Age=0; Path=/; {}", attributes(secure))
}

fn attributes(secure: bool) -> &'static str {
    if secure { "HttpOnly; Secure; SameSite=None" } else { "HttpOnly; SameSite=Lax" }
}

fn value(cookie: &str, name: &str) -> Option<String> {
    let mut pairs = cookie.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(given, _)| *given == name).map(|(_, value)| url_decode(value.as_bytes()))
}

fn encode(text: &str) -> String {
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = BASE64.get((bits >> (18 - 6 * at) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if at <= chunk.len() { digit as char } else { '=' });
        }
    }
    out
}

fn decode(text: &str) -> Option<String> {
    let (mut out, mut bits, mut count) = (vec![], 0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let digit = BASE64.iter().position(|b| *b == byte)?;
        bits = bits << 6 | u32::try_from(digit).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opt_out_is_seen_in_both_forms() {
        assert!(has_opted_out("a=b; matomo_ignore=ignore%3DKg%3D%3D"));
        assert!(has_opted_out("matomo_ignore=*"));
        assert!(!has_opted_out("matomo_ignore=; other=*"));
    }

    #[test]
    fn visitor_ids_come_back() {
        let id = VisitorId(0x0123_4567_89ab_cdef);
        let set = keep_visitor_id(id, 60, true);
        assert!(set.ends_with("; Secure; SameSite=None"));
        let cookie = set.split(';').next().unwrap();
        assert_eq!(visitor_id(&format!("x=y; {cookie}")), Some(id));
        // Matomo leaves ids without letters as they are.
        assert_eq!(visitor_id("_pk_uid=0%3D1234567890123456"), Some(VisitorId(0x1234_5678_9012_3456)));
        assert_eq!(visitor_id("_pk_uid=0%3Dnonsense!"), None);
    }
}
