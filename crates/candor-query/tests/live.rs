//! The visits log: pages of it.
#![expect(clippy::unwrap_used, reason = "helpers of tests: what fails should stop the test")]

#[expect(dead_code, reason = "other tests need more of it")]
mod support;

use candor_core::{Day, SiteId, SiteSettings};
use candor_query::{
    live::{Live, VisitsQuery},
    table::Value,
};
use candor_store::{Batch, Cell, Dialect, LogPosition, MemoKey, Rows, Store, StoreError};
use std::sync::{Arc, Mutex};
use support::TestSite;

/// Forty visits, four on the first of each of ten months; every second one with four actions.
fn site() -> TestSite {
    let mut site = TestSite::new();
    let mut all = Batch { position: LogPosition { next_seq: 41 }, ..Batch::default() };
    for n in 0..40 {
        let (month, hour) = (n / 4 + 1, n % 4 + 8);
        let actions: &[&str] =
            if n % 2 == 0 { &["page /"] } else { &["page /", "goal 1 order=0", "page /a", "event a b"] };
        let one = site.batch(&format!("2023-{month:02}-01T{hour:02}:00 v{n} de"), actions);
        all.new_visits.extend(one.new_visits);
        all.actions.extend(one.actions);
        all.conversions.extend(one.conversions);
    }
    site.store.commit(&all).unwrap();
    site
}

fn query(site: &SiteSettings) -> VisitsQuery<'_> {
    VisitsQuery { sites: vec![site], ..VisitsQuery::default() }
}

/// Ids of the visits and how much was done in each.
fn show(store: &dyn Store, site: &TestSite, query: &VisitsQuery<'_>) -> String {
    let rows = Live::new(store, site.engine.vocabulary()).last_visits(query).unwrap();
    let number = |value: Option<&Value>| match value {
        Some(Value::Int(n)) => n.to_string(),
        other => format!("{other:?}"),
    };
    let done = |value: Option<&Value>| match value {
        Some(Value::List(actions)) => actions.len(),
        _ => 0,
    };
    let line =
        |row: &candor_query::table::Row| format!("{}:{}", number(row.get("idVisit")), done(row.get("actionDetails")));
    rows.iter().map(line).collect::<Vec<_>>().join(" ")
}

#[test]
fn pages_follow_each_other() {
    let site = site();
    let page = |limit, offset| show(&*site.store, &site, &VisitsQuery { limit, offset, ..query(&site.site) });
    assert_eq!(page(Some(3), 0), "40:4 39:1 38:4");
    assert_eq!(page(Some(3), 3), "37:1 36:4 35:1");
    assert_eq!(page(Some(3), 38), "2:4 1:1");
    assert_eq!(page(Some(3), 40), "");
    assert_eq!(page(Some(0), 0), "");
    let all: Vec<String> = (0..40).step_by(3).map(|offset| page(Some(3), offset)).collect();
    assert_eq!(all.join(" "), page(None, 0));
    let first = VisitsQuery { limit: Some(2), ascending: true, offset: 1, ..query(&site.site) };
    assert_eq!(show(&*site.store, &site, &first), "2:4 3:1");
}

#[test]
fn pages_of_days_segments_and_without_actions() {
    let site = site();
    let segment = site.segment("actions>1");
    let day = |date: &str| Day::from_date(date.parse().unwrap());
    let base = query(&site.site);
    let few = VisitsQuery { segment: Some(&segment), limit: Some(2), offset: 1, ..base.clone() };
    assert_eq!(show(&*site.store, &site, &few), "38:4 36:4");
    let days = Some((day("2023-02-01"), day("2023-02-28")));
    assert_eq!(show(&*site.store, &site, &VisitsQuery { days, ..base.clone() }), "8:4 7:1 6:4 5:1");
    let silent = VisitsQuery { limit: Some(2), without_actions: true, ..base };
    assert_eq!(show(&*site.store, &site, &silent), "40:0 39:0");
}

#[test]
fn an_offset_beyond_everything_finds_nothing() {
    let site = site();
    let far = VisitsQuery { limit: Some(1), offset: usize::MAX, ..query(&site.site) };
    assert_eq!(show(&*site.store, &site, &far), "");
}

/// Counts what the store gives away.
struct Counting {
    store: Arc<dyn Store>,
    answers: Mutex<Vec<(usize, usize)>>,
}

impl Store for Counting {
    fn position(&self) -> Result<LogPosition, StoreError> {
        self.store.position()
    }
    fn last_visit(&self) -> Result<candor_core::VisitId, StoreError> {
        self.store.last_visit()
    }
    fn last_consent(&self) -> Result<candor_core::ConsentLink, StoreError> {
        self.store.last_consent()
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.store.commit(batch)
    }
    fn find_visits(
        &self,
        lookups: &[candor_store::VisitLookup],
    ) -> Result<Vec<Option<candor_core::Visit>>, StoreError> {
        self.store.find_visits(lookups)
    }
    fn histories(&self, visits: &[candor_store::VisitRef]) -> Result<Vec<candor_store::VisitHistory>, StoreError> {
        self.store.histories(visits)
    }
    fn orders(&self) -> Result<Vec<(SiteId, String)>, StoreError> {
        self.store.orders()
    }
    fn query(&self, sql: &str, params: &[Cell]) -> Result<Rows, StoreError> {
        let rows = self.store.query(sql, params)?;
        self.answers.lock().unwrap().push((rows.rows.len(), rows.columns.len()));
        Ok(rows)
    }
    fn columns(&self, sql: &str, params: &[Cell]) -> Result<Vec<candor_store::Numbers>, StoreError> {
        self.store.columns(sql, params)
    }
    fn dialect(&self) -> &dyn Dialect {
        self.store.dialect()
    }
    fn memos(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.store.memos(keys)
    }
    fn put_memos(&self, memos: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        self.store.put_memos(memos)
    }
    fn forget_memos(&self, site: SiteId, days: Option<&[i32]>) -> Result<(), StoreError> {
        self.store.forget_memos(site, days)
    }
    fn close(&self) -> Result<(), StoreError> {
        self.store.close()
    }
}

#[test]
fn what_is_skipped_is_not_read() {
    let site = site();
    let store = Counting { store: Arc::clone(&site.store), answers: Mutex::default() };
    let deep = VisitsQuery { limit: Some(1), offset: 30, ..query(&site.site) };
    assert_eq!(show(&store, &site, &deep), "10:4");
    let answers = store.answers.lock().unwrap();
    assert!(answers.iter().all(|(rows, _)| *rows <= 3), "{answers:?}");
}

#[test]
fn visits_of_several_sites_are_in_one_order() {
    let mut site = site();
    let mut other = site.batch("2023-05-01T09:30 w de", &["page /"]);
    other.new_visits[0].site = SiteId(2);
    other.actions[0].site = SiteId(2);
    site.store.commit(&other).unwrap();
    let second = SiteSettings::new(SiteId(2), "other", &["https://other.example"]);
    let both = VisitsQuery { sites: vec![&site.site, &second], limit: Some(3), offset: 21, ..VisitsQuery::default() };
    assert_eq!(show(&*site.store, &site, &both), "19:1 41:1 18:4");
}
