//! Periods: days, weeks, months, years and ranges of a site's local days, their keys and names.
//! Parsing what a request says of them is in [`parse`]. Nothing here reads a clock: today is given.

mod parse;

pub use parse::{PeriodError, PeriodRequest, parse, parse_day};

use candor_core::Day;
use jiff::civil;
use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PeriodKind {
    /// One local day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// Any days.
    Range,
}

impl PeriodKind {
    /// Every kind with its name in requests.
    pub const ALL: [(&'static str, Self); 5] = [
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
        ("year", Self::Year),
        ("range", Self::Range),
    ];

    /// Its name in requests.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, k)| *k == self).map_or("", |(n, _)| n)
    }
}

/// A period: all local days from `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Its kind.
    pub kind: PeriodKind,
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Day,
}

impl Period {
    /// One day.
    #[must_use]
    pub fn day(day: Day) -> Self {
        Self { kind: PeriodKind::Day, start: day, end: day }
    }

    /// Any days; `end` is not before `start`.
    #[must_use]
    pub fn range(start: Day, end: Day) -> Self {
        Self { kind: PeriodKind::Range, start, end: end.max(start) }
    }

    /// The period of this kind that holds `day`; a range is then that day alone.
    #[must_use]
    pub fn containing(kind: PeriodKind, day: Day) -> Self {
        let date = day.date();
        let (start, end) = match kind {
            PeriodKind::Day | PeriodKind::Range => (day, day),
            PeriodKind::Week => {
                let monday = day.plus(1 - i32::from(day.weekday()));
                (monday, monday.plus(6))
            }
            PeriodKind::Month => (Day::from_date(date.first_of_month()), Day::from_date(date.last_of_month())),
            PeriodKind::Year => (Day::from_date(date.first_of_year()), Day::from_date(date.last_of_year())),
        };
        Self { kind, start, end }
    }

    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> u32 {
        u32::try_from(self.end.0 - self.start.0 + 1).unwrap_or(0)
    }

    /// The period of the same kind and length just before.
    #[must_use]
    pub fn previous(&self) -> Self {
        match self.kind {
            PeriodKind::Range => {
                let days = i32::try_from(self.days()).unwrap_or(1);
                Self::range(self.start.plus(-days), self.start.plus(-1))
            }
            kind => Self::containing(kind, self.start.plus(-1)),
        }
    }

    /// The period of the same kind just after.
    #[must_use]
    pub fn next(&self) -> Self {
        match self.kind {
            PeriodKind::Range => {
                let days = i32::try_from(self.days()).unwrap_or(1);
                Self::range(self.end.plus(1), self.end.plus(days))
            }
            kind => Self::containing(kind, self.end.plus(1)),
        }
    }

    /// The periods it is put together of: a week of days, a month of its whole weeks and the remaining days,
    /// a year of months, a range of the largest whole periods inside it. A day has none.
    #[must_use]
    pub fn parts(&self) -> Vec<Self> {
        let largest = match self.kind {
            PeriodKind::Day => return vec![],
            PeriodKind::Week => PeriodKind::Day,
            PeriodKind::Month => PeriodKind::Week,
            PeriodKind::Year => PeriodKind::Month,
            PeriodKind::Range => PeriodKind::Year,
        };
        let mut parts = vec![];
        let mut at = self.start;
        while at <= self.end {
            let part = largest_whole(at, self.end, largest);
            at = part.end.plus(1);
            parts.push(part);
        }
        parts
    }

    /// How answers with several periods name it: `2024-01-01`, `2024-01-01,2024-01-07`, `2024-01`, `2024`.
    #[must_use]
    pub fn key(&self) -> String {
        let start = self.start.to_string();
        match self.kind {
            PeriodKind::Day => start,
            PeriodKind::Week | PeriodKind::Range => format!("{start},{}", self.end),
            PeriodKind::Month => start.chars().take(7).collect(),
            PeriodKind::Year => start.chars().take(4).collect(),
        }
    }

    /// In words: `Sunday, March 6, 2010`, `Week March 1 – 7, 2010`, `March 2010`, `2010`,
    /// `December 15, 2010 – January 15, 2011`.
    #[must_use]
    pub fn pretty(&self) -> String {
        let start = self.start.date();
        match self.kind {
            PeriodKind::Day => long_day(self.start),
            PeriodKind::Week => format!("Week {}", pretty_days(start, self.end.date())),
            PeriodKind::Month => format!("{} {}", month_name(start.month()), start.year()),
            PeriodKind::Year => start.year().to_string(),
            PeriodKind::Range => pretty_days(start, self.end.date()),
        }
    }
}

impl Period {
    /// In few words: `Sun, Mar 6`, `Mar 1 – 7, 2010`, `Mar 2010`, `2010`.
    #[must_use]
    pub fn short(&self) -> String {
        let short = |month: i8| month_name(month).chars().take(3).collect::<String>();
        let (start, end) = (self.start.date(), self.end.date());
        match self.kind {
            PeriodKind::Day => {
                let weekday: String = long_day(self.start).chars().take(3).collect();
                format!("{weekday}, {} {}", short(start.month()), start.day())
            }
            PeriodKind::Month => format!("{} {}", short(start.month()), start.year()),
            PeriodKind::Year => start.year().to_string(),
            _ if start.year() != end.year() => format!(
                "{} {}, {} – {} {}, {}",
                short(start.month()),
                start.day(),
                start.year(),
                short(end.month()),
                end.day(),
                end.year()
            ),
            _ if start.month() != end.month() => {
                format!(
                    "{} {} – {} {}, {}",
                    short(start.month()),
                    start.day(),
                    short(end.month()),
                    end.day(),
                    end.year()
                )
            }
            _ => format!("{} {} – {}, {}", short(start.month()), start.day(), end.day(), end.year()),
        }
    }
}

/// The largest period, not larger than `kind`, that begins on `at` and ends by `end`.
fn largest_whole(at: Day, end: Day, kind: PeriodKind) -> Period {
    [PeriodKind::Year, PeriodKind::Month, PeriodKind::Week]
        .into_iter()
        .filter(|candidate| *candidate <= kind)
        .map(|candidate| Period::containing(candidate, at))
        .find(|whole| whole.start == at && whole.end <= end)
        .unwrap_or_else(|| Period::day(at))
}

fn long_day(day: Day) -> String {
    const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let date = day.date();
    let weekday = WEEKDAYS.get(usize::from(day.weekday()).saturating_sub(1)).copied().unwrap_or_default();
    format!("{weekday}, {} {}, {}", month_name(date.month()), date.day(), date.year())
}

fn pretty_days(start: civil::Date, end: civil::Date) -> String {
    let (from, to) = (month_name(start.month()), month_name(end.month()));
    if start.year() != end.year() {
        format!("{from} {}, {} – {to} {}, {}", start.day(), start.year(), end.day(), end.year())
    } else if start.month() != end.month() {
        format!("{from} {} – {to} {}, {}", start.day(), end.day(), end.year())
    } else {
        format!("{from} {} – {}, {}", start.day(), end.day(), end.year())
    }
}

fn month_name(month: i8) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::from_date(text.parse().unwrap())
    }

    fn keys(period: Period) -> String {
        period.parts().iter().map(Period::key).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn parts_are_the_largest_whole_periods() {
        let month = Period::containing(PeriodKind::Month, day("2024-02-29"));
        assert_eq!(
            keys(month),
            "2024-02-01 2024-02-02 2024-02-03 2024-02-04 2024-02-05,2024-02-11 2024-02-12,2024-02-18 \
             2024-02-19,2024-02-25 2024-02-26 2024-02-27 2024-02-28 2024-02-29"
        );
        assert_eq!(
            keys(Period::range(day("2023-11-30"), day("2025-01-06"))),
            "2023-11-30 2023-12 2024 2025-01-01 2025-01-02 2025-01-03 2025-01-04 2025-01-05 2025-01-06"
        );
        assert_eq!(Period::containing(PeriodKind::Year, day("2024-02-29")).parts().len(), 12);
    }

    #[test]
    fn names() {
        let pretty = |kind, text| Period::containing(kind, day(text)).pretty();
        assert_eq!(pretty(PeriodKind::Day, "2010-03-07"), "Sunday, March 7, 2010");
        assert_eq!(pretty(PeriodKind::Week, "2010-03-07"), "Week March 1 – 7, 2010");
        assert_eq!(pretty(PeriodKind::Month, "2010-03-07"), "March 2010");
        assert_eq!(pretty(PeriodKind::Year, "2010-03-07"), "2010");
        assert_eq!(
            Period::range(day("2010-12-15"), day("2011-01-15")).pretty(),
            "December 15, 2010 – January 15, 2011"
        );
        assert_eq!(Period::range(day("2010-01-01"), day("2010-07-31")).pretty(), "January 1 – July 31, 2010");
    }

    #[test]
    fn neighbours() {
        let march = Period::containing(PeriodKind::Month, day("2024-03-31"));
        assert_eq!(march.previous().key(), "2024-02");
        assert_eq!(march.next().key(), "2024-04");
        assert_eq!(Period::range(day("2024-03-10"), day("2024-03-12")).previous().key(), "2024-03-07,2024-03-09");
    }

    proptest! {
        #[test]
        fn parts_cover_each_day_once(start in 0i32..30_000, length in 0i32..1_000) {
            let period = Period::range(Day(start), Day(start + length));
            let mut at = period.start;
            for part in period.parts() {
                prop_assert_eq!(part.start, at);
                at = part.end.plus(1);
            }
            prop_assert_eq!(at, period.end.plus(1));
        }
    }
}
