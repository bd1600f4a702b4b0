//! What a request's `period` and `date` mean: one period or several. Rules are those of Matomo's reporting API.

use super::{Period, PeriodKind};
use candor_core::Day;
use jiff::{ToSpan, civil};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodRequest {
    /// One period: the answer is its table.
    One(Period),
    /// Several, oldest first: the answer is a map by [`Period::key`].
    Many(Vec<Period>),
}

impl PeriodRequest {
    /// All periods, oldest first.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        match self {
            Self::One(period) => std::slice::from_ref(period),
            Self::Many(periods) => periods,
        }
    }
}

/// Why `period` and `date` mean nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// No such period.
    #[error("the period `{0}` is not supported, use one of: day, week, month, year, range")]
    Period(String),
    /// No such date.
    #[error(
        "the date `{0}` is not understood, use YYYY-MM-DD, `today`, `yesterday`, `lastN` or two dates joined by a comma"
    )]
    Date(String),
    /// Before there was a web to measure.
    #[error("the date `{0}` is before the first website, use a date from 1991-08-06 on")]
    TooEarly(String),
}

/// The first website.
const FIRST_DATE: civil::Date = civil::date(1991, 8, 6);

/// Reads what a request says; `today` is the site's local day.
///
/// # Errors
/// When the period or the date is unknown, or the date is before the first website.
pub fn parse(period: &str, date: &str, today: Day) -> Result<PeriodRequest, PeriodError> {
    let kind = PeriodKind::ALL
        .iter()
        .find(|(name, _)| *name == period)
        .map(|(_, kind)| *kind)
        .ok_or_else(|| PeriodError::Period(period.to_owned()))?;
    let date = date.trim();
    if let Some((start, end)) = span(kind, date, today)? {
        return Ok(if kind == PeriodKind::Range {
            PeriodRequest::One(one_range(start, end))
        } else {
            PeriodRequest::Many(sequence(kind, start, end))
        });
    }
    let day = parse_day(date, today)?;
    Ok(PeriodRequest::One(match kind {
        PeriodKind::Range => Period::day(day),
        kind => Period::containing(kind, day),
    }))
}

/// A range of one day is that day.
fn one_range(start: Day, end: Day) -> Period {
    if start >= end { Period::day(start) } else { Period::range(start, end) }
}

/// First and last day of `lastN`, `previousN` and `date,date`; `None` for a single date.
fn span(kind: PeriodKind, date: &str, today: Day) -> Result<Option<(Day, Day)>, PeriodError> {
    if let Some((from, to)) = date.split_once(',') {
        let start = parse_day(from, today)?;
        // Tomorrow is the latest day that can have data, in the easternmost zone.
        let end = parse_day(to, today)?.min(today.plus(1));
        return Ok(Some((start, end.max(start))));
    }
    let count = |word: &str| {
        let rest = date.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).and(date.get(word.len()..))?;
        (!rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())).then(|| rest.parse::<u32>().unwrap_or(u32::MAX))
    };
    let (n, ends_today) = match (count("last"), count("previous")) {
        (Some(n), _) => (n, true),
        (None, Some(n)) => (n, false),
        (None, None) => return Ok(None),
    };
    let unit = if kind == PeriodKind::Range { PeriodKind::Day } else { kind };
    let mut period = Period::containing(unit, today);
    if !ends_today {
        period = period.previous();
    }
    let end = period.end;
    for _ in 1..n.clamp(1, count_max(unit)) {
        period = period.previous();
    }
    Ok(Some((period.start, end)))
}

/// At most so many periods in one answer.
fn count_max(kind: PeriodKind) -> u32 {
    match kind {
        PeriodKind::Day | PeriodKind::Range => 1825,
        PeriodKind::Week => 520,
        PeriodKind::Month => 120,
        PeriodKind::Year => 10,
    }
}

/// All periods from the one that holds `start` to the one that holds `end`, the newest at most `count_max`.
fn sequence(kind: PeriodKind, start: Day, end: Day) -> Vec<Period> {
    let mut periods = vec![];
    let mut period = Period::containing(kind, end);
    while period.end >= start && periods.len() < count_max(kind) as usize {
        periods.push(period);
        period = period.previous();
    }
    periods.reverse();
    periods
}

/// One date, by name or number; `today` is the site's local day.
///
/// # Errors
/// When the date is unknown or before the first website.
pub fn parse_day(text: &str, today: Day) -> Result<Day, PeriodError> {
    let text = text.trim();
    let word: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect::<String>().to_ascii_lowercase();
    let back = |span: jiff::Span| today.date().checked_sub(span).map(Day::from_date).ok();
    let named = match word.as_str() {
        "today" | "now" => Some(today),
        "tomorrow" => Some(today.plus(1)),
        "yesterday" | "yesterdaysametime" => Some(today.plus(-1)),
        "lastweek" => Some(today.plus(-7)),
        "lastmonth" => back(1.month()),
        "lastyear" => back(1.year()),
        _ => None,
    };
    if let Some(day) = named {
        return Ok(day);
    }
    let unknown = || PeriodError::Date(text.to_owned());
    // A time of day behind the date is let pass, as Matomo does.
    let date: civil::Date = text.split([' ', 'T']).next().unwrap_or_default().parse().map_err(|_| unknown())?;
    if date < FIRST_DATE {
        return Err(PeriodError::TooEarly(text.to_owned()));
    }
    Ok(Day::from_date(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thursday.
    const TODAY: &str = "2024-02-29";

    fn keys(period: &str, date: &str) -> String {
        let today = Day::from_date(TODAY.parse().unwrap());
        match parse(period, date, today) {
            Ok(PeriodRequest::One(p)) => format!("{} {}", p.kind.name(), p.key()),
            Ok(PeriodRequest::Many(all)) => {
                let keys: Vec<_> = all.iter().map(Period::key).collect();
                if keys.len() > 4 { format!("{} periods from {}", keys.len(), keys[0]) } else { keys.join(" | ") }
            }
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn single_dates() {
        assert_eq!(keys("day", "2024-01-05"), "day 2024-01-05");
        assert_eq!(keys("week", "today"), "week 2024-02-26,2024-03-03");
        assert_eq!(keys("month", "2010-01-03 11:22:33"), "month 2010-01");
        assert_eq!(keys("year", "now"), "year 2024");
        assert_eq!(keys("day", "yesterday"), "day 2024-02-28");
        assert_eq!(keys("day", "last week"), "day 2024-02-22");
        assert_eq!(keys("day", "lastMonth"), "day 2024-01-29");
        assert_eq!(keys("day", "last-year"), "day 2023-02-28");
    }

    #[test]
    fn several_periods() {
        assert_eq!(keys("day", "last3"), "2024-02-27 | 2024-02-28 | 2024-02-29");
        assert_eq!(keys("day", "previous2"), "2024-02-27 | 2024-02-28");
        assert_eq!(keys("month", "2023-12-31,2024-02-01"), "2023-12 | 2024-01 | 2024-02");
        assert_eq!(keys("week", "2024-01-01,2024-01-10"), "2024-01-01,2024-01-07 | 2024-01-08,2024-01-14");
        assert_eq!(keys("year", "last99"), "10 periods from 2015");
        assert_eq!(keys("day", "2024-02-28,2030-01-01"), "2024-02-28 | 2024-02-29 | 2024-03-01");
    }

    #[test]
    fn ranges() {
        assert_eq!(keys("range", "2024-01-01,today"), "range 2024-01-01,2024-02-29");
        assert_eq!(keys("range", "last7"), "range 2024-02-23,2024-02-29");
        assert_eq!(keys("range", "previous7"), "range 2024-02-22,2024-02-28");
        assert_eq!(keys("range", "2024-01-01,2024-01-01"), "day 2024-01-01");
        assert_eq!(keys("range", "last-year,lastWeek"), "range 2023-02-28,2024-02-22");
    }

    #[test]
    fn what_is_refused() {
        assert_eq!(
            keys("weekly", "today"),
            "the period `weekly` is not supported, use one of: day, week, month, year, range"
        );
        assert!(keys("day", "2024-13-01").contains("`2024-13-01` is not understood"));
        assert!(keys("day", "1990-01-01").contains("before the first website"));
        assert!(keys("day", "").contains("is not understood"));
    }
}
