//! When a hit happened: on arrival, or as `cdt` and `cdo` say.

use crate::{
    authority::Authority,
    outcome::Refusal,
    raw::{RawHit, plain_int},
};
use candor_core::{Timestamp, settings::TrackerSettings};
use jiff::{civil, fmt::temporal::DateTimeParser, tz::TimeZone};

/// Hits further in the past (seconds) are taken for a mistake: they count on arrival.
const AGE_SECONDS_MAX: i64 = 20 * 365 * 86_400;

/// The instant of a hit.
pub(crate) fn of(
    raw: &RawHit,
    received_at: Timestamp,
    tracker: &TrackerSettings,
    authority: &Authority,
) -> Result<Timestamp, Refusal> {
    let given = raw.text("cdt").trim();
    let offset = raw.int("cdo").map_or(0, i64::saturating_abs);
    if given.is_empty() && offset == 0 {
        return Ok(received_at);
    }
    let now = received_at.seconds();
    let at = if given.is_empty() { Some(now) } else { seconds(given) };
    let Some(age) = at.map(|at| now.saturating_sub(at).saturating_add(offset)) else {
        return Ok(received_at);
    };
    if !(0..AGE_SECONDS_MAX).contains(&age) {
        return Ok(received_at);
    }
    if age >= tracker.custom_timestamp_seconds_max {
        authority.check("cdt")?;
    }
    Ok(Timestamp::from_seconds(now - age))
}

/// Seconds since 1970, or a date (with time) in the spellings that clients use; UTC unless it names an offset.
fn seconds(text: &str) -> Option<i64> {
    if let Some(seconds) = plain_int(text) {
        return Some(seconds);
    }
    const PARSER: DateTimeParser = DateTimeParser::new();
    if let Ok(instant) = PARSER.parse_timestamp(text) {
        return Some(instant.as_second());
    }
    let local: civil::DateTime = PARSER.parse_datetime(text).ok()?;
    Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::tests::authority;
    use candor_core::Params;

    const NOW: i64 = 1_700_000_000; // 2023-11-14 22:13:20

    fn at(query: &str, may_write: bool) -> Result<i64, Refusal> {
        let tracker = TrackerSettings::default();
        let raw = RawHit::new(Params::parse(query));
        of(&raw, Timestamp::from_seconds(NOW), &tracker, &authority(may_write)).map(Timestamp::seconds)
    }

    #[test]
    fn spellings_of_clients() {
        for text in [
            "1699999200",
            "2023-11-14 22:00:00",
            "2023-11-14T22:00:00.123Z",
            "2023-11-14T22:00:00.123456Z",
            "2023-11-14 22:00:00%2B0000",
            "2023-11-14T23:00:00%2B01:00",
        ] {
            assert_eq!(at(&format!("cdt={text}"), false), Ok(1_699_999_200), "{text}");
        }
        assert_eq!(at("cdt=2023-11-14", false), Ok(1_699_920_000));
        assert_eq!(at("cdo=-60", false), Ok(NOW - 60));
        assert_eq!(at("cdt=1699999200&cdo=60", false), Ok(1_699_999_140));
    }

    #[test]
    fn what_is_no_time_counts_on_arrival() {
        for text in ["garbage", "2033-01-01", "12", ""] {
            assert_eq!(at(&format!("cdt={text}"), false), Ok(NOW), "{text}");
        }
    }

    #[test]
    fn old_hits_need_a_token() {
        let day_ago = format!("cdt={}", NOW - 86_400);
        assert_eq!(at(&day_ago, false), Err(Refusal::NotAuthorised("cdt")));
        assert_eq!(at(&day_ago, true), Ok(NOW - 86_400));
        assert_eq!(at(&format!("cdt={}", NOW - 86_399), false), Ok(NOW - 86_399));
    }
}
