//! Which visits an answer shows: their places in the log of visits, found by the few columns that decide.
//! Whatever is skipped is skipped by the store.

use super::{
    ALL_DAYS, VisitsQuery, Who,
    record::{self, Records},
};
use crate::{catalogue::dimensions::Source, live::Live, segment::Window, sql::Fragment};
use candor_core::{SiteSettings, Timestamp};
use candor_store::{Cell, StoreError};

/// Visits of one answer at most, whatever is asked for.
const VISITS_MAX: usize = 10_000;

/// Nobody has so many visits; engines refuse numbers that are much larger.
const OFFSET_MAX: usize = u32::MAX as usize;

/// What is known of each visit of a page.
const COLUMNS: &str = "visit_id, site_id, visitor_id, first_at, last_at";

/// Seconds before the newest visit in which a page is looked for, one after the other, so that the few newest visits
/// of a large site are found without reading all of it.
const NEAR: [i64; 3] = [86_400, 8 * 86_400, 32 * 86_400];

/// Hits may come late and join a visit that begins up to so many seconds after them.
const LATE_SECONDS_MAX: i64 = 1800;

impl Live<'_> {
    /// The places of the visits asked for, newest first over all sites, or oldest first.
    pub(super) fn page(&self, query: &VisitsQuery<'_>) -> Result<Records, StoreError> {
        let limit = query.limit.unwrap_or(VISITS_MAX).min(VISITS_MAX);
        for near in self.near(query)? {
            let page = self.page_since(query, limit, Some(near))?;
            // What is older comes after: a full page stays as it is.
            if page.len() == limit {
                return Ok(page);
            }
        }
        self.page_since(query, limit, None)
    }

    /// Times to look back to before looking at everything.
    fn near(&self, query: &VisitsQuery<'_>) -> Result<Vec<i64>, StoreError> {
        if query.days.is_some() || query.ascending || query.limit.is_none() {
            return Ok(vec![]);
        }
        let sites: Vec<Cell> = query.sites.iter().map(|site| Cell::Int(site.id.0.into())).collect();
        let marks = vec!["?"; sites.len()].join(", ");
        if sites.is_empty() {
            return Ok(vec![]);
        }
        let sql = format!("select max(last_at) as newest from visits where site_id in ({marks})");
        let newest = Records::new(self.store.query(&sql, &sites)?);
        let newest = newest.iter().next().and_then(|row| row.optional_int("newest"));
        Ok(newest.map_or_else(Vec::new, |at| NEAR.map(|seconds| at - seconds).to_vec()))
    }

    fn page_since(&self, query: &VisitsQuery<'_>, limit: usize, near: Option<i64>) -> Result<Records, StoreError> {
        let of_site = |site: &&SiteSettings| {
            let condition = self.condition(site, query, near);
            Fragment::new(format!("select {COLUMNS} from visits where {}", condition.text), condition.values)
        };
        let parts: Vec<Fragment> = query.sites.iter().map(of_site).collect();
        if parts.is_empty() {
            return Ok(Records::default());
        }
        let order = if query.ascending { "asc" } else { "desc" };
        let offset = query.offset.min(OFFSET_MAX);
        let sql = format!(
            "select {COLUMNS} from ({}) as places order by last_at {order}, visit_id {order} limit {limit} offset {offset}",
            parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" union all ")
        );
        let values: Vec<Cell> = parts.into_iter().flat_map(|part| part.values).collect();
        Ok(Records::new(self.store.query(&sql, &values)?))
    }

    fn condition(&self, site: &SiteSettings, query: &VisitsQuery<'_>, near: Option<i64>) -> Fragment {
        let near_day = near.map(|at| (site.zone.day(Timestamp::from_seconds(at)), ALL_DAYS.1));
        let (first, last) = query.days.or(near_day).unwrap_or(ALL_DAYS);
        let window = Window { site: site.id, first, last, slack: 1 };
        let mut parts = vec![window.rows()];
        if let Some(since) = query.since.max(near) {
            parts.push(Fragment::new("last_at >= ?", [Cell::Int(since)]));
        }
        match query.who {
            Who::Anyone => {}
            Who::Known => parts.push(Fragment::new("visitor_id is not null", [])),
            Who::Visitor(id) => parts.push(Fragment::new("visitor_id = ?", [record::unsigned(id.0)])),
        }
        if let Some(segment) = query.segment {
            parts.push(segment.condition(Source::Visits, &window, self.store.dialect()));
        }
        Fragment::all(parts)
    }
}

/// `visit_id` in these, within the time they span, so that the engine reads few rows.
pub(super) fn within(page: &Records, time: &str) -> Option<Fragment> {
    let first = page.iter().map(|visit| visit.int("first_at")).min()? - LATE_SECONDS_MAX;
    let last = page.iter().map(|visit| visit.int("last_at")).max()?;
    let ids = page.iter().map(|visit| Cell::Int(visit.int("visit_id")));
    let values: Vec<Cell> = [Cell::Int(first), Cell::Int(last)].into_iter().chain(ids).collect();
    let marks = vec!["?"; page.len()].join(", ");
    Some(Fragment::new(format!("{time} >= ? and {time} <= ? and visit_id in ({marks})"), values))
}
