//! Times and amounts as Matomo's visits log writes them.

use crate::table::Value;
use candor_core::{SiteZone, Timestamp};

/// `45s`, `3 min 0s`, `1 hours 2 min`, `2 days 3 hours`.
pub(super) fn duration(seconds: i64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    if days > 0 {
        return format!("{days} days {} hours", hours % 24);
    }
    if hours > 0 {
        return format!("{hours} hours {} min", minutes % 60);
    }
    if minutes > 0 { format!("{minutes} min {}s", seconds % 60) } else { format!("{seconds}s") }
}

/// An amount with its symbol: no cents when they are zero, thousands grouped.
pub(super) fn money(symbol: &str, micros: i64) -> String {
    let cents = (micros as f64 / 10_000.0).round() as i64;
    let (units, rest) = (cents / 100, cents % 100);
    let digits = units.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if rest == 0 { format!("{symbol}{grouped}") } else { format!("{symbol}{grouped}.{rest:02}") }
}

/// An amount as a number, without a fraction when it is whole.
pub(super) fn amount(micros: i64) -> Value {
    if micros % 1_000_000 == 0 { Value::Int(micros / 1_000_000) } else { Value::Float(micros as f64 / 1e6) }
}

/// Text, or nothing when it is empty.
pub(super) fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) }
}

/// Local date and time in words.
pub(super) struct Moment {
    /// `2026-11-21`.
    pub(super) date: String,
    /// `Saturday, November 21, 2026`.
    pub(super) date_pretty: String,
    /// `13:05:09`.
    pub(super) time_pretty: String,
    /// `13`.
    pub(super) hour: String,
}

impl Moment {
    pub(super) fn new(zone: &SiteZone, seconds: i64) -> Self {
        let local = zone.local(Timestamp::from_seconds(seconds));
        let show = |format: &str| local.strftime(format).to_string();
        Self {
            date: show("%Y-%m-%d"),
            date_pretty: show("%A, %B %-d, %Y"),
            time_pretty: show("%H:%M:%S"),
            hour: show("%-H"),
        }
    }
}

/// UTC date and time, `2026-11-21 13:05:09`.
pub(super) fn utc(seconds: i64) -> String {
    SiteZone::utc().local(Timestamp::from_seconds(seconds)).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_amounts() {
        assert_eq!(
            [0, 59, 60, 271, 3961, 90_000].map(duration),
            ["0s", "59s", "1 min 0s", "4 min 31s", "1 hours 6 min", "1 days 1 hours"]
        );
        assert_eq!(money("€", 1_234_567_890_000), "€1,234,567.89");
        assert_eq!(money("$", 5_000_000), "$5");
        assert_eq!(amount(2_500_000), Value::Float(2.5));
    }
}
