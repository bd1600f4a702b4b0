//! Who the request says it is: user id, forced id, or the id of a cookie.

use crate::{cookies, hit::VisitorSource, outcome::Refusal, raw::RawHit, text};
use candor_core::{VisitorId, settings::TrackerSettings};
use sha1::{Digest, Sha1};

/// Longest user id.
const USER_ID_CHARS_MAX: usize = 200;
/// Digits of a visitor id.
const ID_DIGITS: usize = 16;

/// The site's own id of the visitor; empty = none.
pub(crate) fn user_id(raw: &RawHit) -> String {
    text::cut_chars(&raw.clean("uid"), USER_ID_CHARS_MAX).to_owned()
}

/// The visitor id of a user id: the first 16 digits of its SHA-1, as Matomo's clients compute it, too.
pub(crate) fn of_user(user_id: &str) -> VisitorId {
    let digest: [u8; 20] = Sha1::digest(user_id).into();
    let (first, _) = digest.split_first_chunk().unwrap_or((&[0; 8], &[]));
    VisitorId(u64::from_be_bytes(*first))
}

/// The visitor id and where it is from; `None` when the request brings none.
pub(crate) fn of(
    raw: &RawHit,
    user_id: &str,
    cookie: &str,
    tracker: &TrackerSettings,
) -> Result<Option<(VisitorId, VisitorSource)>, Refusal> {
    if !user_id.is_empty() && tracker.enable_userid_overwrites_visitorid {
        return Ok(Some((of_user(user_id), VisitorSource::UserId)));
    }
    let forced = raw.text("cid");
    if !forced.is_empty() {
        let id = VisitorId::from_hex(forced).ok_or(Refusal::Invalid("cid"))?;
        return Ok(Some((id, VisitorSource::Forced)));
    }
    let third_party = tracker.use_third_party_id_cookie.then(|| cookies::visitor_id(cookie)).flatten();
    let first_party = || raw.text("_id").get(..ID_DIGITS).and_then(VisitorId::from_hex);
    Ok(third_party.or_else(first_party).map(|id| (id, VisitorSource::Cookie)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Params;

    #[test]
    fn sources_in_order() {
        let find = |query: &str, change: fn(&mut TrackerSettings)| {
            let raw = RawHit::new(Params::parse(query));
            let mut tracker = TrackerSettings::default();
            change(&mut tracker);
            of(&raw, &user_id(&raw), "_pk_uid=0%3Dcccccccccccccccc", &tracker)
        };
        let all = "uid=anna&cid=AAAAAAAAAAAAAAAA&_id=bbbbbbbbbbbbbbbbb";
        let id = |digit: u64| VisitorId(0x1111_1111_1111_1111 * digit);
        assert_eq!(find(all, |_| {}), Ok(Some((of_user("anna"), VisitorSource::UserId))));
        let without_overwriting = |t: &mut TrackerSettings| t.enable_userid_overwrites_visitorid = false;
        assert_eq!(find(all, without_overwriting), Ok(Some((id(10), VisitorSource::Forced))));
        assert_eq!(find("_id=bbbbbbbbbbbbbbbbb", |_| {}), Ok(Some((id(11), VisitorSource::Cookie))));
        let third_party = |t: &mut TrackerSettings| t.use_third_party_id_cookie = true;
        assert_eq!(find("_id=bbbbbbbbbbbbbbbb", third_party), Ok(Some((id(12), VisitorSource::Cookie))));
        assert_eq!(find("_id=zz&cid=", |_| {}), Ok(None));
        assert_eq!(find("cid=abc", |_| {}), Err(Refusal::Invalid("cid")));
    }

    #[test]
    fn user_ids_become_the_ids_that_clients_know() {
        assert_eq!(of_user("abc").to_hex(), "a9993e364706816a"); // FIPS 180's own example
    }
}
