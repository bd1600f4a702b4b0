//! Visits out of hits: a pure function of the visit found, the hit and the settings that applied.
//! No clock, no I/O, no randomness, so a replay of the log gives the same visits.
//!
//! [`recognise`] says where to look for the visit, [`new_visit`] whether the hit joins it or opens
//! another, [`extend`], [`actions`], [`goals`] and [`commerce`] what the hit changes.

pub(crate) mod actions;
pub(crate) mod commerce;
pub(crate) mod extend;
pub(crate) mod goals;
pub(crate) mod new_visit;
pub(crate) mod past;
pub(crate) mod recognise;

use crate::changes::Changes;
use candor_collect::Hit;
use candor_core::{
    Day, Settings, SiteId, SiteSettings, SiteZone, Timestamp, Visit, VisitId, settings::TrackerSettings,
};
use candor_store::VisitRef;
use past::Past;

/// The settings that applied to a hit.
pub(crate) struct Rules<'a> {
    pub(crate) tracker: &'a TrackerSettings,
    /// `None` when the site was deleted since: its hits are then counted in UTC.
    pub(crate) site: Option<&'a SiteSettings>,
}

impl<'a> Rules<'a> {
    pub(crate) fn of(settings: &'a Settings, site: SiteId) -> Self {
        Self { tracker: &settings.tracker, site: settings.site(site).map(|site| &**site) }
    }

    /// Local day of an instant.
    pub(crate) fn day(&self, seconds: i64) -> Day {
        self.zoned(seconds, SiteZone::day, |utc, at| utc.day(at))
    }

    /// Local hour of an instant.
    pub(crate) fn hour(&self, seconds: i64) -> u8 {
        self.zoned(seconds, SiteZone::hour, |utc, at| utc.hour(at))
    }

    fn zoned<T>(
        &self,
        seconds: i64,
        local: impl Fn(&SiteZone, Timestamp) -> T,
        utc: impl Fn(SiteZone, Timestamp) -> T,
    ) -> T {
        let at = Timestamp::from_seconds(seconds);
        match self.site {
            Some(site) => local(&site.zone, at),
            None => utc(SiteZone::utc(), at),
        }
    }
}

/// A visit that hits may still join.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OpenVisit {
    pub(crate) visit: Visit,
    pub(crate) past: Past,
}

/// Names the visit for the store. Late hits that joined it are older than its beginning.
pub(crate) fn visit_ref(visit: &Visit) -> VisitRef {
    VisitRef { site: visit.site, id: visit.id, first_at: visit.first_at - recognise::LOOK_AHEAD }
}

/// A hit with its place in the log.
#[derive(Clone, Copy)]
pub(crate) struct Numbered<'a> {
    pub(crate) seq: u64,
    pub(crate) hit: &'a Hit,
}

/// The hit joins this visit, which [`new_visit::joins`] agreed to.
pub(crate) fn join(open: &mut OpenVisit, hit: Numbered<'_>, rules: &Rules<'_>, changes: &mut Changes) {
    let before = actions::Before::of(&open.visit, hit.hit, rules);
    extend::extend(&mut open.visit, hit.hit, rules);
    record(open, before, hit, rules, changes);
    if goals::converts(&open.visit, hit.hit, rules) {
        extend::add_conversion_time(&mut open.visit, hit.hit);
    }
}

/// The hit opens a visit. `previous` is the one that was recognised, if any.
pub(crate) fn open(
    id: VisitId,
    previous: Option<&Visit>,
    hit: Numbered<'_>,
    rules: &Rules<'_>,
    changes: &mut Changes,
) -> OpenVisit {
    let visit = new_visit::open(id, previous, hit.hit, rules);
    let mut open = OpenVisit { visit, past: Past::default() };
    record(&mut open, actions::Before::nothing(), hit, rules, changes);
    // Matomo's goal hook runs for everyone it knows, also in a visit that has just begun.
    if previous.is_some() && goals::converts(&open.visit, hit.hit, rules) {
        extend::add_conversion_time(&mut open.visit, hit.hit);
    }
    open
}

fn record(open: &mut OpenVisit, before: actions::Before, hit: Numbered<'_>, rules: &Rules<'_>, changes: &mut Changes) {
    let seq = actions::record(open, before, hit.hit, rules, changes);
    goals::record(open, seq, hit, rules, changes);
    commerce::record(open, hit, rules, changes);
    touch(&open.visit, rules, changes);
}

/// Every day that the visit has rows in: a segment chooses whole visits, so that a hit after midnight
/// may take what came before it into a segment or out of it.
fn touch(visit: &Visit, rules: &Rules<'_>, changes: &mut Changes) {
    // Only visits that may cross midnight take in hits of the day before they began.
    let ends_at_midnight = rules.tracker.create_new_visit_after_midnight;
    let first_at = if ends_at_midnight { visit.first_at } else { visit_ref(visit).first_at };
    for day in rules.day(first_at).0..=rules.day(visit.last_at).0 {
        changes.touch(visit.site, Day(day));
    }
}
