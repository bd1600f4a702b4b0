//! Realistic traffic for a demo site: days, weeks and seasons, returning visitors, funnels,
//! Zipf-distributed pages, real user agents. The same seed gives the same traffic. It is made as
//! tracking requests and takes the same road as everybody's hits; it is also the benchmark's data.

mod catalogue;
pub mod fill;
mod random;
mod visit;

pub use catalogue::{GOALS, SITE_NAME, SITE_URL};

use candor_core::Timestamp;
use random::Random;
use std::{cmp::Reverse, collections::BinaryHeap};

/// How much traffic.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Number of hits, at least 1.
    pub hits: u64,
    /// Over how many days before `end`.
    pub days: u32,
    /// Same seed, same traffic.
    pub seed: u64,
    /// The newest hit is before this instant.
    pub end: Timestamp,
}

/// One tracking request of the demo.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DemoHit {
    /// When, whole seconds since 1970 UTC.
    pub at: i64,
    /// Parameters without `idsite`, `cdt` and token, URL-encoded.
    pub query: String,
}

/// Hits a visit has on average, as the model in `visit` makes them; a test holds it to that.
const HITS_A_VISIT: f64 = 4.0;
/// Weight of a day's hours (a European site).
const HOURS: [u32; 24] = [12, 8, 5, 4, 5, 9, 20, 36, 52, 60, 63, 62, 60, 61, 60, 58, 56, 56, 58, 62, 66, 60, 44, 23];
/// Weight of Monday … Sunday, in per cent.
const WEEKDAYS: [u32; 7] = [112, 115, 113, 110, 102, 72, 76];
const DAY: i64 = 86_400;

/// The traffic, in order of time.
pub struct Traffic {
    random: Random,
    people: visit::People,
    options: Options,
    first_day: i64,
    hour: i64,
    due: BinaryHeap<Reverse<DemoHit>>,
    /// Hits not given out yet.
    left: u64,
    /// Hits not made yet.
    unmade: u64,
    /// Weight of the hours not begun yet.
    weight_left: f64,
}

impl Traffic {
    /// Prepares the model; nothing is generated yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        // The last day is that of the last second.
        let first_day = (options.end.seconds() - 1).div_euclid(DAY) - i64::from(options.days.max(1)) + 1;
        let mut random = Random::new(options.seed);
        let people = visit::People::new(&mut random, options.hits as f64 / HITS_A_VISIT);
        let (left, unmade) = (options.hits, options.hits);
        let due = BinaryHeap::new();
        let mut traffic = Self { random, people, options, first_day, hour: 0, due, left, unmade, weight_left: 0.0 };
        traffic.weight_left = (0..).map_while(|hour| traffic.weight(hour)).sum();
        traffic
    }

    /// Weight of an hour, counted from the beginning; less when it is cut off, `None` when it is past the end.
    fn weight(&self, hour: i64) -> Option<f64> {
        let seconds = (self.options.end.seconds() - self.start_of(hour)).min(3600);
        let (day, of_day) = (hour / 24, (hour % 24).unsigned_abs() as usize);
        let of_hour = HOURS.get(of_day).copied().unwrap_or_default();
        let of_day = day_weight(self.first_day + day, day, i64::from(self.options.days.max(1)));
        (seconds > 0).then(|| of_day * f64::from(of_hour) * seconds as f64)
    }

    fn start_of(&self, hour: i64) -> i64 {
        self.first_day * DAY + hour * 3600
    }

    /// Makes the visits that begin in the next hour: its share of what is still unmade, so that chance evens out.
    /// False when the time is over.
    fn start_hour(&mut self) -> bool {
        let Some(weight) = self.weight(self.hour) else { return false };
        let (start, end) = (self.start_of(self.hour), self.options.end.seconds());
        let visits = self.unmade as f64 / HITS_A_VISIT * weight / self.weight_left;
        self.weight_left -= weight;
        self.hour += 1;
        let mut visits = (visits + self.random.fraction()) as u64;
        let is_last = self.start_of(self.hour) >= end;
        while self.unmade > 0 && (visits > 0 || is_last) {
            visits = visits.saturating_sub(1);
            let seconds = (end - start).min(3600).unsigned_abs();
            let at = start + self.random.below(seconds).cast_signed();
            for hit in self.people.visit(&mut self.random, at) {
                if hit.at < end {
                    self.unmade = self.unmade.saturating_sub(1);
                    self.due.push(Reverse(hit));
                }
            }
        }
        true
    }
}

impl Iterator for Traffic {
    type Item = DemoHit;

    fn next(&mut self) -> Option<DemoHit> {
        if self.left == 0 {
            return None;
        }
        loop {
            let begun = self.start_of(self.hour);
            let is_due = self.due.peek().is_some_and(|Reverse(hit)| hit.at < begun);
            if is_due || !self.start_hour() {
                break;
            }
        }
        let Reverse(hit) = self.due.pop()?;
        self.left -= 1;
        Some(hit)
    }
}

/// Weight of a day: growth over the whole time, a yearly season, the week, and a little noise of its own.
fn day_weight(day: i64, ordinal: i64, days: i64) -> f64 {
    let growth = 0.8 + 0.4 * ordinal as f64 / days as f64;
    let season = 1.0 + 0.15 * ((day % 365) as f64 / 365.0 * std::f64::consts::TAU).cos();
    let weekday = (day + 3).rem_euclid(7).unsigned_abs() as usize;
    let noise = 0.92 + 0.16 * Random::new(day.unsigned_abs()).fraction();
    growth * season * f64::from(WEEKDAYS.get(weekday).copied().unwrap_or(100)) * noise
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(hits: u64, days: u32) -> Options {
        Options { hits, days, seed: 7, end: Timestamp::from_seconds(1_732_147_200) }
    }

    #[test]
    fn the_same_seed_gives_the_same_traffic_in_order_of_time() {
        let (a, b): (Vec<_>, Vec<_>) =
            (Traffic::new(options(5_000, 30)).collect(), Traffic::new(options(5_000, 30)).collect());
        assert_eq!(a, b);
        assert!(a.is_sorted_by_key(|hit| hit.at));
        let other = Traffic::new(Options { seed: 8, ..options(5_000, 30) }).next();
        assert_ne!(other.as_ref(), a.first());
    }

    #[test]
    fn as_many_hits_as_asked_spread_over_all_days() {
        let hits: Vec<_> = Traffic::new(options(20_000, 60)).collect();
        assert_eq!(hits.len(), 20_000);
        let last_day = hits.iter().filter(|hit| hit.at >= 1_732_147_200 - DAY).count();
        assert!((200..600).contains(&last_day), "{last_day} of the last day: it is as busy as others");
        assert!(hits.iter().all(|hit| hit.at < 1_732_147_200));
        for (hits, days) in [(1, 1), (7, 1), (3, 365), (5_000, 2)] {
            assert_eq!(Traffic::new(options(hits, days)).count() as u64, hits, "in {days} days");
        }
        let days: std::collections::BTreeSet<_> = hits.iter().map(|hit| hit.at / DAY).collect();
        assert!((58..=60).contains(&days.len()), "{} days", days.len());
    }
}
