//! The visits log: single visits with everything done in them, counters of the last minutes, a visitor's profile.
//! Reads rows, shows them in the shape of Matomo's `Live` methods. Never aggregates what a report shows.

mod actions;
mod pretty;
mod profile;
mod record;
mod visit;

pub use profile::Profile;

use crate::{
    catalogue::dimensions::Source,
    segment::{Segment, Window},
    sql::Fragment,
    table::{Row, Value},
};
use candor_core::{Day, SiteSettings, Timestamp, VisitorId, Vocabulary};
use candor_store::{Cell, Dialect, Store, StoreError};
use record::Records;

/// Rows of one answer at most, whatever is asked for.
const VISITS_MAX: usize = 10_000;
/// Days that hold every visit.
const ALL_DAYS: (Day, Day) = (Day(-1_000_000), Day(1_000_000));

/// Which visits.
#[derive(Clone, Default)]
pub struct VisitsQuery<'a> {
    /// Of these sites.
    pub sites: Vec<&'a SiteSettings>,
    /// Of these local days, both included; `None` = any.
    pub days: Option<(Day, Day)>,
    /// Whose last action is at or after this second.
    pub since: Option<i64>,
    /// In this segment.
    pub segment: Option<&'a Segment>,
    /// Of this visitor.
    pub visitor: Option<VisitorId>,
    /// At most this many; `None` = as many as there are, up to ten thousand.
    pub limit: Option<usize>,
    /// After skipping this many.
    pub offset: usize,
    /// Oldest first.
    pub ascending: bool,
    /// Leave out what was done in them.
    pub without_actions: bool,
}

/// Reads the log of visits.
pub struct Live<'a> {
    store: &'a dyn Store,
    vocabulary: &'a Vocabulary,
}

impl<'a> Live<'a> {
    /// Over a store; nothing is read yet.
    #[must_use]
    pub fn new(store: &'a dyn Store, vocabulary: &'a Vocabulary) -> Self {
        Self { store, vocabulary }
    }

    /// The newest visits (oldest first when `ascending`), as rows of `Live.getLastVisitsDetails`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn last_visits(&self, query: &VisitsQuery<'_>) -> Result<Vec<Row>, StoreError> {
        let visits = self.visits(query)?;
        let mut rows = vec![];
        let mut details = self.details(&visits, query)?.into_iter();
        for visit in visits.iter() {
            let Some(site) = query.sites.iter().find(|s| i64::from(s.id.0) == visit.int("site_id")) else { continue };
            rows.push(visit::row(visit, site, self.vocabulary, details.next().unwrap_or_default()));
        }
        Ok(rows)
    }

    /// Visits, actions and visitors whose last action is at or after `since` (seconds), and the conversions since then,
    /// which Matomo calls converted visits.
    ///
    /// # Errors
    /// When the store fails.
    pub fn counters(
        &self,
        sites: &[&SiteSettings],
        since: Timestamp,
        segment: Option<&Segment>,
    ) -> Result<Row, StoreError> {
        let mut sums = [0; 4];
        for site in sites {
            let window = Window { site: site.id, first: site.zone.day(since), last: ALL_DAYS.1, slack: 1 };
            let visitors = self.store.dialect().count_distinct("visitor_id");
            let of_visits = format!("count(*), coalesce(sum(actions), 0), {visitors}");
            let at = self.store.dialect().identifier("at");
            // Of those who came before, too.
            let asked =
                [(of_visits.as_str(), Source::Visits, "last_at"), ("count(*)", Source::Conversions, at.as_str())];
            let mut found = vec![];
            for (columns, source, time) in asked {
                let mut rows = vec![window.rows(), Fragment::new(format!("{time} >= ?"), [Cell::Int(since.seconds())])];
                rows.extend(segment.map(|segment| segment.condition(source, &window, self.store.dialect())));
                let rows = Fragment::all(rows);
                let sql = format!("select {columns} from {} where {}", source.table(), rows.text);
                found.extend(self.store.query(&sql, &rows.values)?.rows.into_iter().flatten());
            }
            for (sum, cell) in sums.iter_mut().zip(found) {
                match cell {
                    Cell::Int(number) => *sum += number,
                    Cell::Float(number) => *sum += number as i64,
                    _ => {}
                }
            }
        }
        let names = ["visits", "actions", "visitors", "visitsConverted"];
        let columns = names.into_iter().zip(sums).map(|(name, sum)| (name.into(), Value::Int(sum))).collect();
        Ok(Row { columns, ..Row::default() })
    }

    /// The visitor of the newest visit; `None` when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn most_recent_visitor(&self, query: &VisitsQuery<'_>) -> Result<Option<VisitorId>, StoreError> {
        let visits = self.visits(&VisitsQuery { limit: Some(1), ..query.clone() })?;
        Ok(visits.iter().next().map(|v| VisitorId(v.int("visitor_id").cast_unsigned())))
    }

    /// When the newest visit's last action was, as site-local text; empty when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn most_recent_time(&self, query: &VisitsQuery<'_>) -> Result<String, StoreError> {
        let visits = self.visits(&VisitsQuery { limit: Some(1), ..query.clone() })?;
        let time = visits.iter().next().zip(query.sites.first()).map(|(visit, site)| {
            let local = site.zone.local(Timestamp::from_seconds(visit.int("last_at")));
            local.strftime("%Y-%m-%d %H:%M:%S").to_string()
        });
        Ok(time.unwrap_or_default())
    }

    /// Rows of `visits`, newest first over all sites.
    fn visits(&self, query: &VisitsQuery<'_>) -> Result<Records, StoreError> {
        let wanted = query.limit.unwrap_or(VISITS_MAX).min(VISITS_MAX).saturating_add(query.offset);
        let mut all = Records::default();
        for site in &query.sites {
            let windows = self.windows(site, query)?;
            let last = windows.len().saturating_sub(1);
            for (number, days) in windows.into_iter().enumerate() {
                let found = self.visits_of(site, &VisitsQuery { days: Some(days), ..query.clone() }, wanted)?;
                if found.len() >= wanted || number == last {
                    all.append(found);
                    break;
                }
            }
        }
        if query.sites.len() > 1 {
            all.sort_by_key(|r| (r.int("last_at"), r.int("visit_id")), !query.ascending);
        }
        all.cut(query.offset, wanted);
        Ok(all)
    }

    /// The days to look at: those asked for, or ever more of the newest ones, so that the few newest visits
    /// of a large site are found without reading all of it.
    fn windows(&self, site: &SiteSettings, query: &VisitsQuery<'_>) -> Result<Vec<(Day, Day)>, StoreError> {
        if let Some(days) = query.days {
            return Ok(vec![days]);
        }
        if query.ascending || query.limit.is_none() {
            return Ok(vec![ALL_DAYS]);
        }
        let newest = self
            .store
            .query("select max(day) as day from visits where site_id = ?", &[Cell::Int(i64::from(site.id.0))])?;
        let Some(Cell::Int(newest)) = newest.rows.first().and_then(|row| row.first()) else { return Ok(vec![]) };
        let newest = Day(i32::try_from(*newest).unwrap_or_default());
        Ok(vec![(newest, newest), (newest.plus(-7), newest), (newest.plus(-31), newest), ALL_DAYS])
    }

    fn visits_of(&self, site: &SiteSettings, query: &VisitsQuery<'_>, wanted: usize) -> Result<Records, StoreError> {
        let condition = self.condition(site, query);
        let order = if query.ascending { "asc" } else { "desc" };
        let sql = format!(
            "select {} from visits where {} order by last_at {order}, visit_id {order} limit {wanted}",
            record::columns(candor_store::schema::VISITS, self.store.dialect()),
            condition.text
        );
        Ok(Records::new(self.store.query(&sql, &condition.values)?))
    }

    fn condition(&self, site: &SiteSettings, query: &VisitsQuery<'_>) -> Fragment {
        let (first, last) = query.days.unwrap_or(ALL_DAYS);
        let window = Window { site: site.id, first, last, slack: 1 };
        let mut parts = vec![window.rows()];
        if let Some(since) = query.since {
            parts.push(Fragment::new("last_at >= ?", [Cell::Int(since)]));
        }
        if let Some(visitor) = query.visitor {
            parts.push(Fragment::new("visitor_id = ?", [record::unsigned(visitor.0)]));
        }
        if let Some(segment) = query.segment {
            parts.push(segment.condition(Source::Visits, &window, self.store.dialect()));
        }
        Fragment::all(parts)
    }

    /// What was done in each of these visits, in their order. Without actions the conversions are still counted.
    fn details(&self, visits: &Records, query: &VisitsQuery<'_>) -> Result<Vec<visit::Details>, StoreError> {
        let Some(within) = visits_fragment(visits, self.store.dialect()) else { return Ok(vec![]) };
        let at = self.store.dialect().identifier("at");
        let read = |table: &str, columns, order: &str| {
            let columns = record::columns(columns, self.store.dialect());
            let sql = format!("select {columns} from {table} where {} order by {order}", within.text);
            Ok::<_, StoreError>(Records::new(self.store.query(&sql, &within.values)?))
        };
        let actions = if query.without_actions {
            Records::default()
        } else {
            read("actions", candor_store::schema::ACTIONS, "visit_id, seq")?
        };
        let conversions = read("conversions", candor_store::schema::CONVERSIONS, &format!("visit_id, {at}, goal_id"))?;
        let items = read(
            "conversion_items",
            candor_store::schema::CONVERSION_ITEMS,
            &format!("visit_id, order_id, {at}, sku"),
        )?;
        let of = |records: &Records, visit: i64| records.filter(|r| r.int("visit_id") == visit);
        let details = visits.iter().map(|visit| {
            let id = visit.int("visit_id");
            let site = query.sites.iter().find(|s| i64::from(s.id.0) == visit.int("site_id"));
            let (actions, conversions, items) = (of(&actions, id), of(&conversions, id), of(&items, id));
            let shown = site.map(|site| actions::Shown { site, symbol: visit::symbol(site, self.vocabulary) });
            let details = shown.map(|shown| actions::details(&shown, &actions, &conversions, &items));
            let visit::Details { actions, goal_conversions } = details.unwrap_or_default();
            visit::Details { actions: if query.without_actions { vec![] } else { actions }, goal_conversions }
        });
        Ok(details.collect())
    }
}

/// Hits may come late and join a visit that begins up to so many seconds after them.
const LATE_SECONDS_MAX: i64 = 1800;

/// `visit_id` in these, within the time they span, so that the engine reads few rows.
fn visits_fragment(visits: &Records, dialect: &dyn Dialect) -> Option<Fragment> {
    let first = visits.iter().map(|v| v.int("first_at")).min()? - LATE_SECONDS_MAX;
    let last = visits.iter().map(|v| v.int("last_at")).max()?;
    let ids: Vec<Cell> = visits.iter().map(|v| record::unsigned(v.int("visit_id").cast_unsigned())).collect();
    let marks = vec!["?"; ids.len()].join(", ");
    let values = [vec![Cell::Int(first), Cell::Int(last)], ids].concat();
    let at = dialect.identifier("at");
    Some(Fragment::new(format!("{at} >= ? and {at} <= ? and visit_id in ({marks})"), values))
}
