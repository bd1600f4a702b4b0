//! Computes closed days before anybody asks: after a site's midnight each record of the running year, one at a time,
//! so that the first look at a month or year in the morning finds memos instead of rows.
//!
//! Owns: which records are computed in advance, and in what order.
//! Never: a thread or a clock of its own. Whoever calls says when, and how fast.

use crate::{
    Engine, QueryError, Scope,
    catalogue::records::{self, RecordDef},
    period::{Period, PeriodKind},
};
use candor_core::{Day, Settings, SiteId, Timestamp};
use std::collections::{BTreeMap, VecDeque};

/// What is still to be computed.
#[derive(Debug, Default)]
pub struct Warmer {
    /// The running day of each site when its records were last put in line.
    days: BTreeMap<SiteId, Day>,
    line: VecDeque<(SiteId, &'static RecordDef)>,
}

impl Warmer {
    /// Computes the next record; says whether there was one.
    ///
    /// # Errors
    /// When the store fails or takes too long; the record is then left to those who ask for it.
    pub fn step(&mut self, engine: &Engine, settings: &Settings, now: Timestamp) -> Result<bool, QueryError> {
        if self.line.is_empty() {
            self.look_for_new_days(settings, now);
        }
        let Some((id, def)) = self.line.pop_front() else { return Ok(false) };
        if let Some(site) = settings.site(id) {
            let today = site.zone.day(now);
            let yesterday = today.plus(-1);
            // Distinct counts aren't made of days, and of a year they aren't shown.
            let kinds: &[_] = match def.whole {
                true => &[PeriodKind::Day, PeriodKind::Week, PeriodKind::Month],
                false => &[PeriodKind::Year],
            };
            for kind in kinds {
                let period = Period::containing(*kind, yesterday);
                engine.record(def, &Scope { site, settings, period, segment: None, today, until: None })?;
            }
        }
        Ok(true)
    }

    fn look_for_new_days(&mut self, settings: &Settings, now: Timestamp) {
        self.days.retain(|site, _| settings.sites.contains_key(site));
        for (id, site) in &settings.sites {
            let today = site.zone.day(now);
            if self.days.insert(*id, today) != Some(today) {
                self.line.extend(records::all().filter(|def| !def.is_numbered()).map(|def| (*id, def)));
            }
        }
    }
}
