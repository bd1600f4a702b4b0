//! The log and the visits alone, with a store that costs nothing: `cargo bench -p candor-ingest`.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::expect_used, reason = "a benchmark that can't run should say so")]

use candor_collect::{Hit, HitAction, HitFields, VisitorSource};
use candor_core::{
    ActionKind, Fingerprint, LegalBasis, Referrer, RevisionError, Settings, SettingsLookup, SiteId, SiteSettings,
    Timestamp, Visit, VisitId, VisitorId,
    visit::{Campaign, Device, Location},
};
use candor_ingest::{Ingest, Options, RealFiles};
use candor_store::{
    Batch, Cell, Dialect, LogPosition, MemoKey, Numbers, Rows, Store, StoreError, VisitHistory, VisitLookup, VisitRef,
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const HITS: u64 = 200_000;
/// Appends that wait at once, as many connections do.
const IN_FLIGHT: usize = 1000;

fn main() {
    for (name, hits_a_visit, hits_an_append) in
        [("one hit an append, one a visit", 1, 1), ("one hit an append, four a visit", 4, 1), ("bulk of 200", 4, 200)]
    {
        let dir = tempfile::tempdir().expect("a directory for the log");
        let options = Options { queue_hits_max: HITS as usize, ..Options::new(dir.path()) };
        let store = Arc::new(Nowhere::default());
        let ingest = Ingest::start(options, store, Arc::new(OneSite::new()), Arc::new(RealFiles), Arc::new(()))
            .expect("ingest starts on an empty directory");
        let hits: Vec<Hit> = (0..HITS).map(|n| hit(n, hits_a_visit)).collect();
        let start = Instant::now();
        for appends in hits.chunks(IN_FLIGHT * hits_an_append) {
            let waiting: Vec<_> = appends.chunks(hits_an_append).map(|hits| ingest.append(hits)).collect();
            for append in waiting {
                append.expect("the queue is long enough").wait().expect("the log can be written");
            }
        }
        let durable = start.elapsed();
        assert!(ingest.wait_applied(), "the store takes everything");
        let applied = start.elapsed();
        let rate = |time: std::time::Duration| HITS as f64 / time.as_secs_f64();
        println!("{name}: {:.0} durable hits/s, {:.0} hits/s through visits", rate(durable), rate(applied));
        println!("  log thread {:.1} µs a hit, visits thread {:.1} µs a hit", cpu("log"), cpu("visits"));
    }
}

/// CPU microseconds a hit of the thread with this name (Linux; 0 elsewhere).
fn cpu(name: &str) -> f64 {
    let stats = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of_thread = stats.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok()).find_map(|stat| {
        let (before, after) = stat.rsplit_once(')')?;
        let fields: Vec<&str> = after.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        before.ends_with(&format!("({name}")).then_some(ticks)
    });
    // The kernel counts in hundredths of a second.
    of_thread.unwrap_or(0) as f64 * 10_000.0 / HITS as f64
}

fn hit(n: u64, hits_a_visit: u64) -> Hit {
    let visitor = n / (hits_a_visit * 1000) * 1000 + n % 1000;
    let action = HitAction {
        url: format!("shop.example/products/category-{}/item-{}", n % 50, n % 5000),
        url_prefix: Some(2),
        title: format!("Item {} – a page with a title of usual length", n % 5000),
        ..HitAction::new(ActionKind::Page)
    };
    let fields = HitFields {
        site: SiteId(1),
        revision: 1,
        at: Timestamp(1_709_208_000_000 + n as i64),
        visitor: Some((VisitorId(visitor), VisitorSource::Cookie)),
        fresh_visitor: VisitorId(n),
        fingerprint: Fingerprint(visitor),
        user_id: String::new(),
        new_visit: false,
        ping: false,
        ip: vec![192, 0, 2, 0],
        location: Location { country: "de".into(), region: "BE".into(), city: "Berlin".into(), ..Location::default() },
        location_given: false,
        device: Device {
            os: "WIN".into(),
            os_version: "10".into(),
            client_type: "browser".into(),
            browser: "CH".into(),
            browser_version: "120.0".into(),
            browser_engine: "Blink".into(),
            kind: Some(0),
            ..Device::default()
        },
        resolution: "1920x1080".into(),
        plugins: 9,
        language: "de-de".into(),
        local_time: 43_200,
        url: format!("https://shop.example/products/category-{}/item-{}", n % 50, n % 5000),
        referrer: Referrer::default(),
        keyword_fallback: String::new(),
        campaign: Campaign::default(),
        attribution: None,
        action: Some(action),
        goals: vec![],
        commerce: None,
        visit_dimensions: vec![],
        visit_variables: vec![],
        pageview_id: "a1B2c3".into(),
        timings: [Some(10), Some(200), Some(50), Some(300), Some(400), Some(5)],
        bandwidth: None,
        legal_basis: LegalBasis::Unstated,
    };
    Hit::decode(&postcard::to_stdvec(&fields).expect("a hit can be encoded")).expect("and decoded")
}

struct OneSite(Arc<Settings>);

impl OneSite {
    fn new() -> Self {
        let mut settings = Settings::default();
        settings.sites.insert(SiteId(1), Arc::new(SiteSettings::new(SiteId(1), "Shop", &["https://shop.example"])));
        Self(Arc::new(settings))
    }
}

impl SettingsLookup for OneSite {
    fn at_revision(&self, _: u64) -> Result<Arc<Settings>, RevisionError> {
        Ok(self.0.clone())
    }
}

/// Takes everything, keeps nothing but the position.
#[derive(Default)]
struct Nowhere(Mutex<LogPosition>);

impl Store for Nowhere {
    fn position(&self) -> Result<LogPosition, StoreError> {
        Ok(*self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
    fn last_visit(&self) -> Result<VisitId, StoreError> {
        Ok(VisitId(0))
    }
    fn last_consent(&self) -> Result<candor_core::ConsentLink, StoreError> {
        Ok(candor_core::ConsentLink::default())
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = batch.position;
        Ok(())
    }
    fn find_visits(&self, lookups: &[VisitLookup]) -> Result<Vec<Option<Visit>>, StoreError> {
        Ok(vec![None; lookups.len()])
    }
    fn histories(&self, visits: &[VisitRef]) -> Result<Vec<VisitHistory>, StoreError> {
        Ok(vec![VisitHistory::default(); visits.len()])
    }
    fn orders(&self) -> Result<Vec<(SiteId, String)>, StoreError> {
        Ok(vec![])
    }
    fn query(&self, _: &str, _: &[Cell]) -> Result<Rows, StoreError> {
        Ok(Rows::default())
    }
    fn columns(&self, _: &str, _: &[Cell]) -> Result<Vec<Numbers>, StoreError> {
        Ok(vec![])
    }
    fn dialect(&self) -> &dyn Dialect {
        unreachable!("ingest writes no SQL")
    }
    fn memos(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        Ok(vec![None; keys.len()])
    }
    fn put_memos(&self, _: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        Ok(())
    }
    fn forget_memos(&self, _: SiteId, _: Option<&[i32]>) -> Result<(), StoreError> {
        Ok(())
    }
    fn close(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
