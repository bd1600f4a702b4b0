//! The parts that requests are answered from.

use crate::{auth::Auth, failures::Failures, http::BodyRoom, metrics::Metrics, shown_texts::ShownTexts};
use candor_admin::{Admin, AdminError, Salts};
use candor_collect::{Collector, enrich::GeoLookup};
use candor_core::{Clock, Vocabulary};
use candor_ingest::Ingest;
use candor_ops::{instance::Instance, receipts::Signer};
use candor_query::{Engine, report::Reports};
use candor_store::Store;
use ipnet::IpNet;
use std::{net::SocketAddr, sync::Arc};
use tokio::sync::Semaphore;

/// Calls of our own API at once. Passwords take a core while they are checked.
const SESSION_CALLS_MAX: usize = 2;
/// Questions for readiness at once. They take a moment each.
const PROBES_MAX: usize = 2;

/// Receipts that are looked up at once; more are asked to come again.
const RECEIPT_CALLS_MAX: usize = 2;

/// How the server listens.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address of the collector and, without `admin_listen`, of everything.
    pub listen: SocketAddr,
    /// Address of everything, when `listen` is to offer only what websites need.
    pub admin_listen: Option<SocketAddr>,
    /// Networks whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
    pub trusted_proxies: Vec<IpNet>,
    /// Token of the set-up link, while there is no super user.
    pub setup_token: Option<String>,
    /// API calls that run at once; more wait.
    pub api_calls_max: usize,
    /// Open connections; more wait in the kernel's queue.
    pub connections_max: usize,
}

impl Options {
    /// Defaults for an address.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            admin_listen: None,
            trusted_proxies: vec![],
            setup_token: None,
            api_calls_max: 4,
            connections_max: 8192,
        }
    }
}

/// The parts of an open data directory, with what the server adds.
pub(crate) struct App {
    pub(crate) admin: Admin,
    pub(crate) salts: Arc<Salts>,
    pub(crate) collector: Arc<Collector>,
    pub(crate) geo: Arc<dyn GeoLookup>,
    pub(crate) ingest: Arc<Ingest>,
    pub(crate) reports: Reports,
    /// Where what is remembered of a site can be forgotten; everything else is asked of `reports`.
    pub(crate) engine: Arc<Engine>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) vocabulary: Arc<Vocabulary>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: Options,
    pub(crate) auth: Auth,
    pub(crate) metrics: Metrics,
    pub(crate) failures: Failures,
    /// Signs consent receipts.
    pub(crate) receipts: Signer,
    /// Keeps the words that people's choices bring.
    pub(crate) shown_texts: Arc<ShownTexts>,
    /// Bounds the API calls that run at once.
    pub(crate) api_calls: Semaphore,
    /// Bounds the calls of our own API that run at once: signing in never waits behind reports.
    pub(crate) session_calls: Semaphore,
    /// Bounds the questions whether the server is ready.
    pub(crate) probes: Semaphore,
    /// Bounds the receipts that are looked up: anybody may ask for one.
    pub(crate) receipt_calls: Semaphore,
    /// Bounds the bulk requests that are read at once, so that single hits and the store have a core.
    pub(crate) bulk_reads: Semaphore,
    /// Bounds the memory of bodies on their way in.
    pub(crate) bodies: BodyRoom,
}

impl App {
    /// # Errors
    /// When the settings database can't keep a secret.
    pub(crate) fn new(instance: &Instance, options: Options) -> Result<Self, AdminError> {
        Ok(Self {
            admin: instance.admin.clone(),
            salts: Arc::clone(&instance.salts),
            collector: Arc::clone(&instance.collector),
            geo: Arc::clone(&instance.geo),
            ingest: Arc::clone(&instance.ingest),
            reports: Reports::new(instance.engine.clone(), Arc::clone(&instance.vocabulary)),
            engine: Arc::clone(&instance.engine),
            store: Arc::clone(&instance.store),
            vocabulary: Arc::clone(&instance.vocabulary),
            clock: Arc::clone(&instance.clock),
            auth: Auth::new(Arc::clone(&instance.clock)),
            metrics: Metrics::new(),
            failures: Failures::new(),
            receipts: Signer::new(&instance.admin.receipt_secret()?),
            shown_texts: Arc::default(),
            api_calls: Semaphore::new(options.api_calls_max),
            session_calls: Semaphore::new(SESSION_CALLS_MAX),
            probes: Semaphore::new(PROBES_MAX),
            receipt_calls: Semaphore::new(RECEIPT_CALLS_MAX),
            bodies: BodyRoom::default(),
            bulk_reads: Semaphore::new(std::thread::available_parallelism().map_or(1, |cores| cores.get() / 2).max(1)),
            options,
        })
    }
}
