//! The visits log: single visits with everything done in them, counters of the last minutes, a visitor's profile.
//! Reads rows, shows them in the shape of Matomo's `Live` methods. Never aggregates what a report shows.

mod actions;
mod page;
mod pretty;
mod profile;
mod record;
mod visit;

pub use profile::Profile;

use crate::{
    catalogue::{dimensions::Source, records::VISITOR},
    segment::{Segment, Window},
    sql::Fragment,
    table::{Row, Value},
};
use candor_core::{Day, SiteSettings, Timestamp, VisitorId, Vocabulary};
use candor_store::{
    Cell, Store, StoreError,
    schema::{self, Columns},
};
use record::{Record, Records};
use std::collections::HashMap;

/// Visits read together: bounds the rows in memory beside the answer.
const VISITS_AT_ONCE: usize = 500;
/// Days that hold every visit.
const ALL_DAYS: (Day, Day) = (Day(-1_000_000), Day(1_000_000));

/// Whose visits.
#[derive(Debug, Clone, Copy, Default)]
pub enum Who {
    /// Everybody's.
    #[default]
    Anyone,
    /// Of visitors who can be told apart: not exempt ones.
    Known,
    /// This visitor's.
    Visitor(VisitorId),
}

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
    /// Of whom.
    pub who: Who,
    /// At most this many; `None` = as many as there are, up to ten thousand.
    pub limit: Option<usize>,
    /// After skipping this many; beyond what any store holds there is nothing.
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
        let mut rows = vec![];
        for part in self.page(query)?.chunks(VISITS_AT_ONCE) {
            rows.extend(self.rows(&part, query)?);
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
            let visitors = self.store.dialect().count_distinct(VISITOR);
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
        let visits = self.page(&VisitsQuery { limit: Some(1), who: Who::Known, ..query.clone() })?;
        Ok(visits.iter().next().and_then(|visit| visit.visitor()))
    }

    /// When the newest visit's last action was, as site-local text; empty when there is none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn most_recent_time(&self, query: &VisitsQuery<'_>) -> Result<String, StoreError> {
        let visits = self.page(&VisitsQuery { limit: Some(1), ..query.clone() })?;
        let time = visits.iter().next().and_then(|visit| Some((visit, site_of(visit, query)?))).map(|(visit, site)| {
            let local = site.zone.local(Timestamp::from_seconds(visit.int("last_at")));
            local.strftime("%Y-%m-%d %H:%M:%S").to_string()
        });
        Ok(time.unwrap_or_default())
    }

    /// The visits of a page with what was done in them, in the page's order. Without actions the conversions are
    /// still counted.
    fn rows(&self, page: &Records, query: &VisitsQuery<'_>) -> Result<Vec<Row>, StoreError> {
        let at = self.store.dialect().identifier("at");
        let visits = self.read(page, ("visits", schema::VISITS), "first_at", "")?;
        let actions = if query.without_actions {
            HashMap::new()
        } else {
            let listed = format!("and seq < {} order by seq", actions::ACTIONS_MAX);
            self.read(page, ("actions", schema::ACTIONS), &at, &listed)?
        };
        let in_time = format!("order by {at}, goal_id");
        let conversions = self.read(page, ("conversions", schema::CONVERSIONS), &at, &in_time)?;
        let in_order = format!("order by order_id, {at}, sku");
        let items = self.read(page, ("conversion_items", schema::CONVERSION_ITEMS), &at, &in_order)?;
        let none = Records::default();
        let row = |id: i64| {
            let visit = visits.get(&id)?.iter().next()?;
            let site = site_of(visit, query)?;
            let [actions, conversions, items] =
                [&actions, &conversions, &items].map(|all| all.get(&id).unwrap_or(&none));
            let shown = actions::Shown { site, symbol: visit::symbol(site, self.vocabulary) };
            let mut details = actions::details(&shown, actions, conversions, items);
            if query.without_actions {
                details.actions.clear();
            }
            Some(visit::row(visit, site, self.vocabulary, details))
        };
        Ok(page.iter().filter_map(|place| row(place.int("visit_id"))).collect())
    }

    /// A table's rows of these visits, by visit. `time` is the column that tells when a row was.
    fn read(
        &self,
        page: &Records,
        (table, columns): (&str, Columns),
        time: &str,
        rest: &str,
    ) -> Result<HashMap<i64, Records>, StoreError> {
        let Some(within) = page::within(page, time) else { return Ok(HashMap::new()) };
        let columns = record::columns(columns, self.store.dialect());
        let sql = format!("select {columns} from {table} where {} {rest}", within.text);
        Ok(Records::new(self.store.query(&sql, &within.values)?).by("visit_id"))
    }
}

/// The site of a visit.
fn site_of<'q>(visit: Record<'_>, query: &VisitsQuery<'q>) -> Option<&'q SiteSettings> {
    query.sites.iter().find(|site| i64::from(site.id.0) == visit.int("site_id")).copied()
}
