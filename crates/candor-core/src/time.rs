//! Instants, local days and the zones of sites. Nothing here reads a clock.

use jiff::{
    civil,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

/// An instant: milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// From whole seconds since 1970.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Whole seconds since 1970, rounded down. Visits are computed in whole seconds, as in Matomo.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The same instant for jiff; instants beyond its range are clamped.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        })
    }
}

/// Where the time comes from: a parameter everywhere, so that tests and replays decide it.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// A calendar day, counted from 1970-01-01 (day 0). Which instants it holds depends on a [`SiteZone`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Day(pub i32);

impl Day {
    /// The civil date.
    #[must_use]
    pub fn date(self) -> civil::Date {
        civil::date(1970, 1, 1).saturating_add(jiff::Span::new().try_days(self.0).unwrap_or_default())
    }

    /// From a civil date.
    #[must_use]
    pub fn from_date(date: civil::Date) -> Self {
        let span = civil::date(1970, 1, 1).until(date).map_or(0, |s| s.get_days());
        Self(span)
    }

    /// The day `days` later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Monday = 1 … Sunday = 7 (ISO 8601).
    #[must_use]
    pub fn weekday(self) -> u8 {
        ((self.0 + 3).rem_euclid(7) + 1) as u8
    }
}

/// `YYYY-MM-DD`.
impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.date().fmt(f)
    }
}

/// The zone in which a site counts its days: an IANA name or a fixed `UTC±H[.5]`.
#[derive(Debug, Clone)]
pub struct SiteZone {
    name: String,
    zone: TimeZone,
}

impl SiteZone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".into(), zone: TimeZone::UTC }
    }

    /// Understands IANA names and Matomo's manual offsets (`UTC+5.75`, `UTC-0.5`).
    /// `None` for an unknown name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let zone = match name.strip_prefix("UTC") {
            Some("") => TimeZone::UTC,
            Some(hours) => {
                let seconds = (hours.parse::<f64>().ok()? * 3600.0).round();
                if seconds.abs() > 93_599.0 {
                    return None;
                }
                TimeZone::fixed(Offset::from_seconds(seconds as i32).ok()?)
            }
            None => TimeZone::get(name).ok()?,
        };
        Some(Self { name: name.to_owned(), zone })
    }

    /// The name it was made from.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds east of UTC at an instant.
    #[must_use]
    pub fn offset_seconds(&self, at: Timestamp) -> i32 {
        self.zone.to_offset(at.to_jiff()).seconds()
    }

    /// The local day of an instant.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Day {
        Day((at.seconds() + i64::from(self.offset_seconds(at))).div_euclid(86_400) as i32)
    }

    /// The local hour, 0–23.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> u8 {
        ((at.seconds() + i64::from(self.offset_seconds(at))).rem_euclid(86_400) / 3600) as u8
    }

    /// Local date and time.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> civil::DateTime {
        self.zone.to_datetime(at.to_jiff())
    }

    /// The first instant of a local day. Where midnight is skipped, the first instant after it.
    #[must_use]
    pub fn start_of(&self, day: Day) -> Timestamp {
        self.zone
            .to_ambiguous_zoned(day.date().to_datetime(civil::Time::midnight()))
            .compatible()
            .and_then(|z| z.start_of_day())
            .map_or(Timestamp::from_seconds(i64::from(day.0) * 86_400), |z| Timestamp(z.timestamp().as_millisecond()))
    }
}

impl PartialEq for SiteZone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Serialize for SiteZone {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for SiteZone {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let name = String::deserialize(d)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown time zone `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn days_follow_the_sites_zone() {
        let berlin = SiteZone::parse("Europe/Berlin").unwrap();
        assert_eq!(berlin.day(at("2024-03-30T22:59:59Z")).to_string(), "2024-03-30");
        assert_eq!(berlin.day(at("2024-03-30T23:00:00Z")).to_string(), "2024-03-31");
        // summer time began at 01:00 UTC
        assert_eq!(berlin.hour(at("2024-03-31T00:59:59Z")), 1);
        assert_eq!(berlin.hour(at("2024-03-31T01:00:00Z")), 3);
        assert_eq!(berlin.start_of(berlin.day(at("2024-03-31T12:00:00Z"))), at("2024-03-30T23:00:00Z"));
    }

    #[test]
    fn odd_zones() {
        let nepal = SiteZone::parse("Asia/Kathmandu").unwrap();
        assert_eq!(nepal.day(at("2024-02-28T18:15:00Z")).to_string(), "2024-02-29");
        let samoa = SiteZone::parse("Pacific/Apia").unwrap(); // skipped 2011-12-30
        assert_eq!(samoa.day(at("2011-12-30T09:59:59Z")).to_string(), "2011-12-29");
        assert_eq!(samoa.day(at("2011-12-30T10:00:00Z")).to_string(), "2011-12-31");
        let manual = SiteZone::parse("UTC-0.5").unwrap();
        assert_eq!(manual.offset_seconds(at("2024-01-01T00:00:00Z")), -1800);
        assert_eq!(SiteZone::parse("Mars/Olympus"), None);
    }

    #[test]
    fn weekdays() {
        assert_eq!(Day(0).weekday(), 4); // 1970-01-01 was a Thursday
        assert_eq!(Day::from_date(civil::date(2024, 2, 29)).weekday(), 4);
        assert_eq!(Day::from_date(civil::date(2024, 2, 29)).to_string(), "2024-02-29");
    }
}
