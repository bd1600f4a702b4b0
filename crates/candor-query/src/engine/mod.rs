//! The engine: from a record's definition to its table, for any period and segment.
//!
//! Days are computed from rows, all missing ones of a period in one pass; each is cut to the row limits. Longer periods
//! are merged from shorter ones and cut again, as Matomo's archives are. Tables of closed periods are memoised.

mod builder;
mod days;
mod numbers;
mod paths;

use crate::{
    catalogue::records::{RecordDef, Shape},
    error::QueryError,
    memo::{FORMAT, Memos, Moment},
    period::{Period, PeriodKind},
    segment::Segment,
    table::Table,
};
use builder::{Builder, Cut};
use candor_core::{Day, Settings, SiteId, SiteSettings, Vocabulary};
use candor_store::{MemoKey, Store};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// What a number is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The site.
    pub site: &'a SiteSettings,
    /// All settings.
    pub settings: &'a Settings,
    /// The days.
    pub period: Period,
    /// The visits; `None` = all.
    pub segment: Option<&'a Segment>,
    /// The site's running day: it and what holds it is never memoised for long.
    pub today: Day,
}

/// Computes records. Cheap to share; one for the whole process.
pub struct Engine {
    store: Arc<dyn Store>,
    vocabulary: Arc<Vocabulary>,
    memos: Memos,
}

impl Engine {
    /// An engine over a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, vocabulary: Arc<Vocabulary>) -> Self {
        Self { memos: Memos::new(Arc::clone(&store)), store, vocabulary }
    }

    /// Names of codes.
    #[must_use]
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }

    /// The store below.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Rows of these sites' local days are about to change: what was built of them is forgotten.
    /// To be called before rows are committed, with every day that a visit, action or conversion of the batch is in.
    ///
    /// # Errors
    /// When the store fails. The rows must not be committed then, or a crash could leave stale numbers.
    pub fn changing(&self, days: &[(SiteId, Day)]) -> Result<(), QueryError> {
        self.memos.changing(days)
    }

    /// The change announced by [`Self::changing`] is over, whether it was made or not.
    pub fn changed(&self, days: &[(SiteId, Day)]) {
        self.memos.changed(days);
    }

    /// Forgets everything that was built of a site's rows.
    ///
    /// # Errors
    /// When the store fails.
    pub fn forget(&self, site: SiteId) -> Result<(), QueryError> {
        self.memos.forget(site)
    }

    /// The table of a record.
    ///
    /// # Errors
    /// When the store fails or takes too long.
    pub fn record(&self, def: &RecordDef, scope: &Scope<'_>) -> Result<Arc<Table>, QueryError> {
        let mut tables = self.records(def, scope, &[scope.period])?;
        Ok(tables.pop().unwrap_or_default())
    }

    /// The tables of several periods, in order; their missing days are computed together.
    ///
    /// # Errors
    /// When the store fails or takes too long.
    pub fn records(
        &self,
        def: &RecordDef,
        scope: &Scope<'_>,
        periods: &[Period],
    ) -> Result<Vec<Arc<Table>>, QueryError> {
        let mut work = Work {
            engine: self,
            def,
            scope: *scope,
            what: memo_name(def, scope),
            since: self.memos.moment(),
            tables: HashMap::new(),
            known: HashSet::new(),
            to_store: vec![],
        };
        work.load(periods)?;
        let tables = periods.iter().map(|period| work.table(*period, true)).collect::<Result<_, _>>()?;
        self.memos.store(&work.to_store, work.since)?;
        Ok(tables)
    }
}

/// Everything beside site and days that decides a record's numbers.
fn memo_name(def: &RecordDef, scope: &Scope<'_>) -> String {
    let settings = scope.settings;
    let (top, below) = def.limits.rows(&settings.reports);
    let mut what = format!("{FORMAT}:{}:{}:{top}:{below}", def.name, def.number.unwrap_or(0));
    if matches!(def.shape, Shape::PageUrls | Shape::PageTitles) {
        let reports = &settings.reports;
        what.push_str(&format!(
            ":{}:{}:{}:{}",
            reports.action_category_level_limit,
            reports.action_default_name,
            settings.tracker.url_delimiter,
            settings.tracker.title_delimiter
        ));
    }
    if let Some(segment) = scope.segment {
        what.push_str(&format!(":{}", segment.key()));
    }
    what
}

/// One call's tables on their way.
struct Work<'a> {
    engine: &'a Engine,
    def: &'a RecordDef,
    scope: Scope<'a>,
    what: String,
    since: Moment,
    tables: HashMap<Period, Arc<Table>>,
    /// Tables that came from memos and needn't go back.
    known: HashSet<Period>,
    to_store: Vec<(MemoKey, Arc<Table>)>,
}

/// Days computed in one pass where a day's table may be large.
const WIDE_DAYS_MAX: i32 = 31;

/// Days between two missing ones that are rather computed again than left out of the pass.
const GAP_DAYS_MAX: i32 = 3;

impl Work<'_> {
    fn key(&self, period: Period) -> MemoKey {
        let whole = if self.def.whole && period.kind != PeriodKind::Day { ":whole" } else { "" };
        MemoKey {
            site: self.scope.site.id,
            first_day: period.start.0,
            last_day: period.end.0,
            what: format!("{}{whole}", self.what),
        }
    }

    fn cut(&self) -> Cut<'_> {
        Cut {
            limits: self.def.limits.rows(&self.scope.settings.reports),
            sort: self.def.sort,
            unsummable: self.def.unsummable,
        }
    }

    fn closed(&self, period: Period) -> bool {
        period.end < self.scope.today
    }

    /// Records with many rows a day are put together month by month, to bound memory.
    fn wide(&self) -> bool {
        !matches!(self.def.shape, Shape::Plugins)
            && (self.def.shape != Shape::Levels || self.def.parts.iter().any(|part| part.levels.len() > 1))
    }

    /// Takes what memos have, down to the days, and computes the days that are missing.
    fn load(&mut self, periods: &[Period]) -> Result<(), QueryError> {
        let mut wanted = periods.to_vec();
        let mut missing = vec![];
        while !wanted.is_empty() {
            let keys: Vec<MemoKey> = wanted.iter().map(|period| self.key(*period)).collect();
            let found = self.engine.memos.get(&keys, self.since)?;
            let mut parts = vec![];
            for (period, table) in wanted.into_iter().zip(found) {
                match table {
                    Some(table) => {
                        self.tables.insert(period, table);
                        self.known.insert(period);
                    }
                    // The future is empty.
                    None if period.start > self.scope.today => {
                        self.tables.insert(period, Arc::default());
                    }
                    None if period.kind == PeriodKind::Day => missing.push(period.start),
                    None if self.def.whole => {}
                    None if self.wide() && matches!(period.kind, PeriodKind::Year | PeriodKind::Range) => {}
                    None => parts.extend(period.parts()),
                }
            }
            parts.sort_unstable();
            parts.dedup();
            wanted = parts;
        }
        missing.sort_unstable();
        missing.dedup();
        for run in runs(&missing, if self.wide() { WIDE_DAYS_MAX } else { i32::MAX }) {
            self.compute(run)?;
        }
        Ok(())
    }

    fn compute(&mut self, days: &[Day]) -> Result<(), QueryError> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
        let mut builders = self.engine.compute(self.def, &self.scope, (*first, *last), true)?;
        for day in days {
            let table = self.finish(builders.remove(&day.0).unwrap_or_default());
            self.tables.insert(Period::day(*day), table);
        }
        Ok(())
    }

    fn finish(&self, builder: Builder) -> Arc<Table> {
        let mut table = builder.finish(&self.cut());
        if self.def.parts.iter().all(|part| part.levels.is_empty()) {
            for row in &mut table.rows {
                row.label = None;
            }
        }
        Arc::new(table)
    }

    /// The table of a period, put together of its parts; `asked` = somebody wants to see it.
    fn table(&mut self, period: Period, asked: bool) -> Result<Arc<Table>, QueryError> {
        let key = self.key(period);
        let fresh = match self.tables.remove(&period) {
            Some(table) => table,
            None if period.kind == PeriodKind::Day => {
                self.load(&[period])?;
                self.tables.remove(&period).unwrap_or_default()
            }
            None if self.def.whole => {
                let mut all = self.engine.compute(self.def, &self.scope, (period.start, period.end), false)?;
                self.finish(all.remove(&0).unwrap_or_default())
            }
            None => self.merged(period)?,
        };
        // Months make years, days make weeks that are still running; other parts are not asked for again.
        if (asked || period.kind == PeriodKind::Month) && self.known.insert(period) {
            self.engine.memos.keep(&key, &fresh, self.since);
            if self.closed(period) && !fresh.rows.is_empty() {
                self.to_store.push((key, Arc::clone(&fresh)));
            }
        }
        if asked {
            self.tables.insert(period, Arc::clone(&fresh));
        }
        Ok(fresh)
    }

    fn merged(&mut self, period: Period) -> Result<Arc<Table>, QueryError> {
        let parts = period.parts();
        if self.wide() && matches!(period.kind, PeriodKind::Year | PeriodKind::Range) {
            let days: Vec<Period> = parts.iter().filter(|p| p.kind < PeriodKind::Month).copied().collect();
            self.load(&days)?;
        }
        let running = !self.closed(period);
        let mut builder = Builder::default();
        for part in parts {
            if self.wide() && part.kind == PeriodKind::Month && !self.tables.contains_key(&part) {
                self.load(&[part])?;
            }
            builder.merge(&*self.table(part, running && self.closed(part))?);
        }
        Ok(self.finish(builder))
    }
}

/// Missing days in runs that are worth one pass each.
fn runs(days: &[Day], days_max: i32) -> Vec<&[Day]> {
    let mut runs = vec![];
    let mut rest = days;
    while let Some(first) = rest.first() {
        let mut last = *first;
        let mut count = 0;
        for day in rest {
            if day.0 - last.0 > GAP_DAYS_MAX + 1 || day.0 - first.0 >= days_max {
                break;
            }
            last = *day;
            count += 1;
        }
        let (run, tail) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        runs.push(run);
        rest = tail;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_days_are_computed_in_runs() {
        let days: Vec<Day> = [1, 2, 3, 7, 20, 21, 22].map(Day).to_vec();
        let show = |max| runs(&days, max).iter().map(|r| r.len().to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(show(i32::MAX), "4 3");
        assert_eq!(show(2), "2 1 1 2 1");
    }
}
