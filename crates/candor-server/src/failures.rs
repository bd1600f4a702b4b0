//! Tracking requests that were refused, for the site owner's list. Kept in memory, the newest kinds only:
//! they help to set a tracker up and are no record.

use candor_collect::{FailureReason, TrackingFailure};
use candor_core::Timestamp;
use std::sync::{Mutex, PoisonError};

/// Kinds of failure (site and reason) remembered; the oldest is forgotten first.
const KINDS_MAX: usize = 500;

/// The first failure of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The site named, which may not exist.
    pub(crate) site: u32,
    /// Why.
    pub(crate) reason: FailureReason,
    /// The page without query and fragment.
    pub(crate) url: String,
    /// When it happened first.
    pub(crate) first_at: Timestamp,
}

/// The list.
pub(crate) struct Failures(Mutex<Vec<Failure>>);

impl Failures {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    /// Notes a failure; one of a kind that is known changes nothing.
    pub(crate) fn note(&self, failure: TrackingFailure, now: Timestamp) {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if list.iter().any(|known| known.site == failure.site && known.reason == failure.reason) {
            return;
        }
        if list.len() >= KINDS_MAX {
            list.remove(0);
        }
        list.push(Failure { site: failure.site, reason: failure.reason, url: failure.url, first_at: now });
    }

    /// All of them, by site.
    pub(crate) fn list(&self) -> Vec<Failure> {
        let mut list = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        list.sort_by_key(|failure| (failure.site, failure.reason));
        list
    }

    /// Forgets those of a site and reason that fit.
    pub(crate) fn forget(&self, fits: impl Fn(u32, FailureReason) -> bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|f| !fits(f.site, f.reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_each_kind_is_kept() {
        let failures = Failures::new();
        let failure = |site| TrackingFailure { site, reason: FailureReason::InvalidSite, url: String::new() };
        for (at, site) in [(1, 7), (2, 3), (3, 7)] {
            failures.note(failure(site), Timestamp(at));
        }
        let seen: Vec<_> = failures.list().iter().map(|f| (f.site, f.first_at.0)).collect();
        assert_eq!(seen, [(3, 2), (7, 1)]);
        failures.forget(|site, _| site == 7);
        assert_eq!(failures.list().len(), 1);
        (0..2000).for_each(|site| failures.note(failure(site), Timestamp(9)));
        assert_eq!(failures.list().len(), KINDS_MAX);
    }
}
