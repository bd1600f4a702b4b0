//! `candor serve`: collector, reports and dashboard.

use super::Place;
use crate::{
    clock::SystemClock,
    config::Config,
    instance,
    lock::{Held, Lock},
};
use anyhow::{Result, bail};
use candor_core::{Clock, settings::WithoutConsent};
use candor_ops::{instance::Instance, receipts::hash_text};
use candor_server::{Options, Server};
use clap::Args;
use rustix::process::{Resource, Rlimit, setrlimit};
use std::{
    io::IsTerminal,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Run the server.
#[derive(Args)]
#[command(after_help = "Example: candor serve --data-dir /var/lib/candor --listen 127.0.0.1:8090")]
pub(crate) struct Serve {
    /// Address of the collector and, without --admin-listen, of everything.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Address of API and dashboard, when they are to be apart from the collector.
    #[arg(long, value_name = "ADDR")]
    admin_listen: Option<SocketAddr>,
    #[command(flatten)]
    place: Place,
}

/// How long work may go on that was cut off.
const LEFTOVERS_TIME_MAX: Duration = Duration::from_secs(2);
/// How often changes of others are taken up.
const SECOND: Duration = Duration::from_secs(1);
/// How often is looked whether the store is idle.
const REST: Duration = Duration::from_secs(20);
/// How often salts are looked through.
const HOUR: Duration = Duration::from_secs(3600);
/// After a start, hits and people come first.
const WARM_AFTER: Duration = Duration::from_secs(120);
/// How often is looked whether a site's day has ended.
const WARM_EVERY: Duration = Duration::from_secs(30);
/// Whoever warms rests as long as it has worked, and waits while the store is further behind the log than this.
const WARM_LAG_MAX: Duration = Duration::from_millis(500);

impl Serve {
    pub(crate) fn run(self) -> Result<()> {
        let mut config = self.place.load()?;
        config.listen = self.listen.unwrap_or(config.listen);
        config.admin_listen = self.admin_listen.or(config.admin_listen);
        start_logging(&config)?;
        refuse_core_dumps();
        config.remarks().iter().for_each(|remark| tracing::warn!("{remark}"));
        let held = match Lock::take(&config.data_dir)? {
            Lock::Ours(held) => held,
            Lock::Theirs(address) => {
                let where_ = address.map(|a| format!(", listening on {a}")).unwrap_or_default();
                bail!("another candor holds `{}`{where_}; stop it first", config.data_dir.display())
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let served = runtime.block_on(serve(config, held));
        // What still runs asks a store that is closed: nobody waits for its answer.
        runtime.shutdown_timeout(LEFTOVERS_TIME_MAX);
        served
    }
}

async fn serve(config: Config, mut held: Held) -> Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let open = config.clone();
    let instance = tokio::task::spawn_blocking(move || instance::open(&open, clock)).await??;
    let instance = Arc::new(instance);
    let options = options(&config, &instance)?;
    let setup = options.setup_token.clone();
    let server = Server::start(&instance, options).await?;
    held.announce(server.address())?;
    tracing::info!("listening on http://{}", server.address());
    let privacy = &instance.admin.settings().privacy;
    if !privacy.regime.is_empty() {
        tracing::info!("under the privacy regime `{}`", privacy.regime);
    }
    if privacy.without_consent == WithoutConsent::Exempt {
        tracing::info!("hits without consent are kept as exempt ones");
    }
    if let Some(address) = server.admin_address() {
        tracing::info!("API and dashboard on http://{address}");
    }
    if let Some(token) = setup {
        let address = server.admin_address().unwrap_or_else(|| server.address());
        println!("\nMake the first account: http://{address}/?setup={token}\n");
    }
    let upkeep = tokio::spawn(keep_up(instance.clone()));
    let warming = tokio::spawn(warm(instance.clone()));
    server.run_until_signal().await?;
    warming.abort();
    upkeep.abort();
    Ok(())
}

fn options(config: &Config, instance: &Instance) -> Result<Options> {
    let mut options = Options::new(config.listen);
    options.admin_listen = config.admin_listen;
    options.trusted_proxies = config.trusted_proxies()?;
    if instance.admin.needs_setup() {
        options.setup_token = Some(candor_admin::random_hex::<16>()?);
    }
    Ok(options)
}

/// Takes up changes made by the command line, reloads a changed location database, destroys old salts,
/// notes the chain of consents, lets the store give back memory that nobody uses.
async fn keep_up(instance: Arc<Instance>) {
    let mut seconds = tokio::time::interval(SECOND);
    let (mut since_hour, mut since_rest) = (HOUR, REST);
    let noted = Arc::new(AtomicU64::new(0));
    loop {
        seconds.tick().await;
        since_hour += SECOND;
        since_rest += SECOND;
        let resting = since_rest >= REST;
        if resting {
            since_rest = Duration::ZERO;
        }
        let hourly = since_hour >= HOUR;
        if hourly {
            since_hour = Duration::ZERO;
        }
        let (instance, noted) = (instance.clone(), noted.clone());
        let done = tokio::task::spawn_blocking(move || {
            instance.every_second()?;
            if resting {
                instance.store.rest();
            }
            if !hourly {
                return Ok(());
            }
            note_consents(&instance, &noted);
            instance.salts.destroy_old()
        });
        match done.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "changes of settings can't be taken up"),
            Err(error) => tracing::error!(%error, "upkeep failed"),
        }
    }
}

/// Notes the head of the chain of consent records where it has grown. The chain itself can't show that its newest records
/// were taken away; a log that is kept elsewhere can.
fn note_consents(instance: &Instance, noted: &AtomicU64) {
    match instance.store.last_consent() {
        Ok(last) if noted.swap(last.number, Ordering::Relaxed) != last.number => {
            tracing::info!(records = last.number, head = hash_text(&last.hash), "chain of consent records");
        }
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the chain of consent records can't be read"),
    }
}

/// Computes records of days that have ended, while nothing else is to be done.
async fn warm(instance: Arc<Instance>) {
    tokio::time::sleep(WARM_AFTER).await;
    loop {
        if instance.ingest.lag().age > WARM_LAG_MAX {
            tokio::time::sleep(WARM_LAG_MAX).await;
            continue;
        }
        let (started, at) = (Instant::now(), instance.clone());
        let Ok(worked) = tokio::task::spawn_blocking(move || at.warm()).await else { return };
        match worked {
            Ok(true) => tokio::time::sleep(started.elapsed()).await,
            Ok(false) => tokio::time::sleep(WARM_EVERY).await,
            Err(error) => {
                tracing::warn!(%error, "a report can't be computed in advance; who asks for it waits longer");
                tokio::time::sleep(WARM_EVERY).await;
            }
        }
    }
}

/// A core dump would hold raw requests: addresses, and what privacy rules remove.
fn refuse_core_dumps() {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps can't be turned off; one would hold raw requests");
    }
}

fn start_logging(config: &Config) -> Result<()> {
    let filter = config.log_filter()?;
    let colours = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match config.log.format.as_str() {
        "json" => builder.json().init(),
        _ => builder.with_target(false).init(),
    }
    Ok(())
}
