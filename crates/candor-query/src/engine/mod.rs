//! The engine: from a record's definition to its table, for any period and segment.
//!
//! Days are computed from rows, all missing ones of a period in one pass; each is cut to the row limits. Longer periods
//! are merged from shorter ones and cut again, as Matomo's archives are. Tables of closed periods are memoised.

mod days;
mod labels;
mod layout;
mod numbers;
pub(crate) mod paths;
mod places;
mod sheet;
mod trees;

pub(crate) use paths::url_prefix;

use crate::{
    catalogue::records::{RecordDef, Shape},
    error::QueryError,
    memo::{FORMAT, Memos, Moment, pack},
    period::{Period, PeriodKind},
    segment::Segment,
    table::Table,
};
use candor_core::{Day, Settings, SiteId, SiteSettings, Vocabulary};
use candor_store::{Cell, MemoKey, Store, StoreError};
use labels::Labels;
use layout::Layout;
use sheet::{Cut, Sheet};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Instant,
};
use trees::{Meanings, is_tree};

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
    /// When whoever asked stops waiting; `None` = never.
    pub until: Option<Instant>,
}

impl Scope<'_> {
    /// Between two queries: the store limits one, a request may need hundreds.
    fn check_time(&self) -> Result<(), QueryError> {
        if self.until.is_some_and(|until| until <= Instant::now()) { Err(QueryError::TooLong) } else { Ok(()) }
    }
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
    pub fn changing(&self, days: &[(SiteId, Day)]) -> Result<(), StoreError> {
        self.memos.changing(days)
    }

    /// The change announced by [`Self::changing`] is over, whether it was made or not.
    pub fn changed(&self, days: &[(SiteId, Day)]) {
        self.memos.changed(days);
    }

    /// Forgets everything that was built of a site's rows. Settings need no such thing: keys name those that count.
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
            layout: Layout::of(def),
            labels: Labels::default(),
            meanings: Meanings::default(),
            scope: *scope,
            what: memo_name(def, scope),
            since: self.memos.moment(),
            ready: HashMap::new(),
            sums: HashMap::new(),
            to_store: vec![],
        };
        work.load(periods)?;
        let tables = periods.iter().map(|period| work.table(*period)).collect::<Result<_, _>>()?;
        self.memos.store(work.to_store, work.since)?;
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
    layout: Layout,
    labels: Labels,
    meanings: Meanings,
    scope: Scope<'a>,
    what: String,
    since: Moment,
    ready: HashMap<Period, Ready>,
    /// Longer periods that days are added to as they come, so that they needn't all be in memory.
    sums: HashMap<Period, Sum>,
    to_store: Vec<(MemoKey, Vec<u8>)>,
}

/// A table as it came.
enum Ready {
    /// From a memo, or already shown.
    Table(Arc<Table>),
    /// Just computed.
    Sheet(Sheet),
}

/// A period of which some days have been added up.
#[derive(Default)]
struct Sum {
    sheet: Sheet,
    days: Vec<Day>,
}

/// Where the tables of one kind of period are cut.
fn cut<'a>(def: &RecordDef, scope: &Scope<'a>, kind: PeriodKind) -> Cut<'a> {
    Cut {
        limits: def.limits.rows(&scope.settings.reports),
        sort: def.sort,
        home: format!("/{}", scope.settings.reports.action_default_name),
        unsummable: if kind == PeriodKind::Day { def.unsummable } else { &[] },
    }
}

/// Days computed in one pass where a day's table may be large.
const WIDE_DAYS_MAX: i32 = 16;

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
            of_segment: self.scope.segment.is_some(),
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
        self.scope.check_time()?;
        let mut wanted = periods.to_vec();
        let mut missing = vec![];
        while !wanted.is_empty() {
            let keys: Vec<MemoKey> = wanted.iter().map(|period| self.key(*period)).collect();
            let found = self.engine.memos.get(&keys, self.since)?;
            let mut parts = vec![];
            for (period, table) in wanted.into_iter().zip(found) {
                match table {
                    Some(table) => {
                        self.ready.insert(period, Ready::Table(table));
                    }
                    // The future is empty.
                    None if period.start > self.scope.today => {
                        self.ready.insert(period, Ready::Table(Arc::default()));
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
        if self.wide() && missing.len() > WIDE_DAYS_MAX.unsigned_abs() as usize {
            missing = self.days_with_visits(missing)?;
        }
        let runs = runs(&missing, if self.wide() { WIDE_DAYS_MAX } else { i32::MAX });
        if is_tree(self.def) { self.compute_trees(&runs) } else { runs.iter().try_for_each(|run| self.compute(run)) }
    }

    /// Those of many days on which there may be rows; the others are ready. Passes over empty days add up: a year of a
    /// young site has hundreds of them.
    fn days_with_visits(&mut self, days: Vec<Day>) -> Result<Vec<Day>, QueryError> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(days) };
        let window = days::window(&self.scope, (*first, *last));
        let around = window.around();
        let text = format!("select distinct day from visits where {}", around.text);
        let rows = self.engine.store.query(&text, &around.values)?.rows;
        let known: BTreeSet<i64> = rows
            .iter()
            .filter_map(|row| if let [Cell::Int(day)] = row.as_slice() { Some(*day) } else { None })
            .collect();
        let near = |day: &Day| {
            let (day, slack) = (i64::from(day.0), i64::from(window.slack));
            known.range(day - slack..=day + slack).next().is_some()
        };
        let (busy, empty): (Vec<_>, Vec<_>) = days.into_iter().partition(near);
        self.ready.extend(empty.into_iter().map(|day| (Period::day(day), Ready::Table(Arc::default()))));
        Ok(busy)
    }

    fn compute_trees(&mut self, runs: &[&[Day]]) -> Result<(), QueryError> {
        let spans: Vec<_> = runs.iter().filter_map(|days| Some((*days.first()?, *days.last()?))).collect();
        let cut = cut(self.def, &self.scope, PeriodKind::Day);
        let (def, layout, scope) = (self.def, &self.layout, self.scope);
        let (ready, sums) = (&mut self.ready, &mut self.sums);
        let known = (&mut self.labels, &mut self.meanings);
        self.engine.compute_trees((def, layout), known, &scope, &spans, |run, labels, mut sheets| {
            for day in runs.get(run).copied().unwrap_or_default() {
                let sheet = sheets.remove(&day.0).unwrap_or_default().finish(layout, labels, &cut);
                let around = sums.iter_mut().filter(|(period, _)| period.start <= *day && *day <= period.end);
                match around.min_by_key(|(period, _)| period.days()) {
                    Some((_, sum)) => {
                        sum.sheet.merge(layout, sheet);
                        sum.days.push(*day);
                    }
                    None => {
                        ready.insert(Period::day(*day), Ready::Sheet(sheet));
                    }
                }
            }
        })
    }

    fn compute(&mut self, days: &[Day]) -> Result<(), QueryError> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
        let mut sheets =
            self.engine.compute((self.def, &self.layout, &mut self.labels), &self.scope, (*first, *last), true)?;
        for day in days {
            let sheet = sheets.remove(&day.0).unwrap_or_default().finish(
                &self.layout,
                &self.labels,
                &cut(self.def, &self.scope, PeriodKind::Day),
            );
            self.ready.insert(Period::day(*day), Ready::Sheet(sheet));
        }
        Ok(())
    }

    /// The table of a period that somebody wants to see.
    fn table(&mut self, period: Period) -> Result<Arc<Table>, QueryError> {
        let table = match self.take(period)? {
            Ready::Table(table) => table,
            Ready::Sheet(sheet) => self.keep(period, &sheet),
        };
        self.ready.insert(period, Ready::Table(Arc::clone(&table)));
        Ok(table)
    }

    /// Makes the table of a sheet and lets memos have it.
    fn keep(&mut self, period: Period, sheet: &Sheet) -> Arc<Table> {
        let summed = period.kind != PeriodKind::Day && !self.def.whole;
        let mut table = sheet.table(&self.layout, &self.labels, summed);
        if self.def.parts.iter().all(|part| part.levels.is_empty()) {
            table.rows.iter_mut().for_each(|row| row.label = None);
        }
        let (key, table) = (self.key(period), Arc::new(table));
        self.engine.memos.keep(&key, &table, self.since);
        if self.closed(period) && !table.rows.is_empty() {
            self.to_store.extend(pack(&table).map(|packed| (key, packed)));
        }
        table
    }

    /// What there is of a period, put together of its parts where there is nothing yet.
    fn take(&mut self, period: Period) -> Result<Ready, QueryError> {
        if let Some(ready) = self.ready.remove(&period) {
            return Ok(ready);
        }
        if period.kind == PeriodKind::Day {
            self.load(&[period])?;
            return Ok(self.ready.remove(&period).unwrap_or(Ready::Table(Arc::default())));
        }
        let sheet = if self.def.whole {
            let what = (self.def, &self.layout, &mut self.labels);
            let mut all = self.engine.compute(what, &self.scope, (period.start, period.end), false)?;
            all.remove(&0).unwrap_or_default()
        } else {
            self.merged(period)?
        };
        Ok(Ready::Sheet(sheet.finish(&self.layout, &self.labels, &cut(self.def, &self.scope, period.kind))))
    }

    fn merged(&mut self, period: Period) -> Result<Sheet, QueryError> {
        let parts = period.parts();
        let by_month = self.wide() && matches!(period.kind, PeriodKind::Year | PeriodKind::Range);
        if by_month {
            let short: Vec<Period> = parts.iter().filter(|part| part.kind < PeriodKind::Month).copied().collect();
            self.load(&short)?;
        }
        let running = !self.closed(period);
        let Sum { mut sheet, days } = self.sums.remove(&period).unwrap_or_default();
        for part in parts.into_iter().filter(|part| part.kind != PeriodKind::Day || !days.contains(&part.start)) {
            if by_month && part.kind >= PeriodKind::Month && !self.ready.contains_key(&part) {
                if self.closed(part) {
                    let weeks = part.parts().into_iter().filter(|part| part.kind == PeriodKind::Week);
                    self.sums.extend(weeks.chain([part]).map(|period| (period, Sum::default())));
                }
                self.load(&[part])?;
            }
            let ready = self.take(part)?;
            // Months make years, closed days the week that is still running; other parts aren't asked for again.
            if let (Ready::Sheet(part_sheet), true) = (&ready, part.kind == PeriodKind::Month || running) {
                self.keep(part, part_sheet);
            }
            let part_sheet = match ready {
                Ready::Sheet(sheet) => sheet,
                Ready::Table(table) => Sheet::from_table(&self.layout, &mut self.labels, &table),
            };
            sheet.merge(&self.layout, part_sheet);
        }
        Ok(sheet)
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
