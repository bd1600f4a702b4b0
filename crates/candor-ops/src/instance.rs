//! A data directory opened as a whole: people and settings, store, log, collector and reports. Serving and the demo both start from here, so that hits take one road.

use crate::context;
use candor_admin::{Admin, AdminError, Salts};
use candor_collect::{
    Collector, Context,
    enrich::{self, Enrichers, GeoLookup, device::DeviceEngine, geo::Locator, referrer::Referrers},
};
use candor_core::{Clock, Day, Settings, SiteId, Vocabulary};
use candor_ingest::{CommitWatcher, Ingest, IngestError, RealFiles};
use candor_query::{Engine, QueryError, warm::Warmer};
use candor_store::{Store, StoreError, StoreSettings};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// Why a data directory can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A file or folder failed.
    #[error("`{0}` {1}")]
    File(String, String),
    /// People and settings.
    #[error(transparent)]
    Admin(#[from] AdminError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log.
    #[error(transparent)]
    Ingest(#[from] IngestError),
}

/// What is opened and how.
pub struct Options<'a> {
    /// The data directory.
    pub data_dir: PathBuf,
    /// The store's settings.
    pub store: StoreSettings,
    /// `devices.bin`; without it devices are unknown.
    pub devices: Option<PathBuf>,
    /// MaxMind-format files; without them the language decides.
    pub geo: Vec<PathBuf>,
    /// A newer list of search engines and networks than the built-in one.
    pub referrers: Option<PathBuf>,
    /// Puts the configuration's choices over the stored settings.
    pub configure: &'a dyn Fn(&mut Settings),
}

impl Options<'_> {
    /// The data directory with nothing besides: no lists of devices and places, settings as they are stored.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            store: StoreSettings::default(),
            devices: None,
            geo: vec![],
            referrers: None,
            configure: &|_| {},
        }
    }

    /// Whether all files named can be read. Opens nothing else.
    ///
    /// # Errors
    /// When one can't; the text says which.
    pub fn check(&self) -> Result<(), OpenError> {
        enrichers(self, &mut Vocabulary::default()).map(drop)
    }
}

/// An open data directory. Dropping it without [`Instance::close`] is like a crash: safe, but the next start replays.
pub struct Instance {
    /// People and settings.
    pub admin: Admin,
    /// Visits.
    pub store: Arc<dyn Store>,
    /// The way in.
    pub ingest: Arc<Ingest>,
    /// Requests become hits.
    pub collector: Arc<Collector>,
    /// Records of reports.
    pub engine: Arc<Engine>,
    /// Names of codes.
    pub vocabulary: Arc<Vocabulary>,
    /// Says where addresses are.
    pub geo: Arc<dyn GeoLookup>,
    /// Fingerprint salts.
    pub salts: Arc<Salts>,
    /// The location database, when there is one: `refresh` it now and then.
    pub locator: Option<Arc<Locator>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    warmer: Mutex<Warmer>,
}

impl Instance {
    /// Opens everything; the log's tail is replayed into the store before this returns.
    ///
    /// # Errors
    /// When any part can't be opened; the text says which.
    pub fn open(options: &Options<'_>, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let dir = &options.data_dir;
        std::fs::create_dir_all(dir).map_err(|e| OpenError::File(dir.display().to_string(), e.to_string()))?;
        let admin = Admin::open(dir, clock.clone(), options.configure)?;
        let salts = Arc::new(Salts::open(dir, clock.clone())?);
        let mut vocabulary = Vocabulary::default();
        let (enrichers, locator) = enrichers(options, &mut vocabulary)?;
        let vocabulary = Arc::new(vocabulary);
        let store = candor_store::open(dir, &options.store)?;
        let engine = Arc::new(Engine::new(store.clone(), vocabulary.clone()));
        let ingest = Ingest::start(
            candor_ingest::Options::new(dir.join("log")),
            store.clone(),
            Arc::new(admin.clone()),
            Arc::new(RealFiles),
            Arc::new(Watcher(engine.clone())),
        )?;
        let geo = enrichers.geo.clone();
        let collector = Arc::new(Collector::new(enrichers));
        let (ingest, warmer) = (Arc::new(ingest), Mutex::default());
        Ok(Self { admin, store, ingest, collector, engine, vocabulary, geo, salts, locator, clock, warmer })
    }

    /// Calls `use_` with what the collector may know and ask at this moment.
    pub fn with_context<T>(&self, use_: impl FnOnce(&Context<'_>) -> T) -> T {
        context::with_context(&self.admin, &self.salts, self.ingest.orders(), use_)
    }

    /// What recurs: taking up others' changes of settings (about once a second). What was built of the visits of a
    /// site that is gone is forgotten.
    ///
    /// # Errors
    /// When the settings database fails.
    pub fn every_second(&self) -> Result<(), AdminError> {
        if let Some(locator) = &self.locator {
            locator.refresh();
        }
        let before = self.admin.settings();
        self.admin.refresh()?;
        let now = self.admin.settings();
        for site in before.sites.keys().filter(|site| !now.sites.contains_key(site)) {
            if let Err(error) = self.engine.forget(*site) {
                tracing::error!(%error, %site, "reports of a deleted site can't be forgotten");
            }
        }
        Ok(())
    }

    /// Computes one record of days that have ended before anybody asks; says whether there was one.
    ///
    /// # Errors
    /// When the store fails or takes too long.
    pub fn warm(&self) -> Result<bool, QueryError> {
        let mut warmer = self.warmer.lock().unwrap_or_else(PoisonError::into_inner);
        warmer.step(&self.engine, &self.admin.settings(), self.clock.now())
    }

    /// Writes and applies what waits, then closes the store.
    ///
    /// # Errors
    /// When the store can't be closed cleanly; the next start then replays.
    pub fn close(&self) -> Result<(), StoreError> {
        self.ingest.shutdown();
        self.store.close()
    }
}

fn enrichers(
    options: &Options<'_>,
    vocabulary: &mut Vocabulary,
) -> Result<(Enrichers, Option<Arc<Locator>>), OpenError> {
    let file = |path: &Path, error: String| OpenError::File(path.display().to_string(), error);
    let mut enrichers = Enrichers::default();
    enrich::names::add_to_vocabulary(vocabulary);
    let mut list = None;
    if let Some(path) = &options.referrers {
        list = Some(std::fs::read_to_string(path).map_err(|e| file(path, e.to_string()))?);
    }
    let referrers = match &list {
        Some(text) => Referrers::load(text),
        None => Referrers::built_in(),
    };
    let name = options.referrers.clone().unwrap_or_else(|| "the built-in list of referrers".into());
    enrichers.referrers = Arc::new(referrers.map_err(|e| file(&name, e.to_string()))?);
    enrich::referrer::add_to_vocabulary(list.as_deref(), vocabulary).map_err(|e| file(&name, e.to_string()))?;
    if let Some(path) = &options.devices {
        let engine = DeviceEngine::open(path).map_err(|e| file(path, e.to_string()))?;
        engine.vocabulary(vocabulary);
        enrichers.device = Arc::new(engine);
    }
    let mut locator = None;
    if !options.geo.is_empty() {
        let opened =
            Arc::new(Locator::open(&options.geo).map_err(|e| OpenError::File("geo.database".into(), e.to_string()))?);
        enrichers.geo = opened.clone();
        locator = Some(opened);
    }
    Ok((enrichers, locator))
}

/// Tells the reports which days a commit changes.
struct Watcher(Arc<Engine>);

impl CommitWatcher for Watcher {
    fn before(&self, touched: &[(SiteId, Day)]) -> Result<(), StoreError> {
        self.0.changing(touched)
    }

    fn after(&self, touched: &[(SiteId, Day)]) {
        self.0.changed(touched);
    }
}
