//! Restarts a candor under load as an upgrade does, on a socket that outlives it, and checks that no request
//! failed, every hit is in the visits log exactly once, and no visit was split. Exits 1 when one of that is untrue.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use anyhow::{Context, Result, bail};
use candor_bench::{
    http::Client,
    process::Candor,
    visitors::{Acknowledged, CONNECTIONS, HITS_A_VISIT, check, follow, mix, noon_zone},
};
use clap::Parser;
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// SIGTERM and a new process under load, again and again.
#[derive(Parser)]
struct Arguments {
    /// The program.
    #[arg(long)]
    candor: PathBuf,
    /// How often.
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// Same seed, same moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// No request may take longer, in milliseconds.
    #[arg(long, default_value_t = 2000)]
    gap_ms_max: u64,
}

/// How long a request may take before it counts as failed.
const TIMEOUT: Duration = Duration::from_secs(20);
/// From a slow client's connection to its request.
const SLOW: Duration = Duration::from_millis(20);

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let dir = std::env::temp_dir().join(format!("candor-restart-{}", std::process::id()));
    let result = run(&arguments, &dir.join("data"));
    if result.is_ok() {
        std::fs::remove_dir_all(&dir)?;
    } else {
        eprintln!("data and log are kept in {}", dir.display());
    }
    result
}

fn run(arguments: &Arguments, data: &Path) -> Result<()> {
    let socket = TcpListener::bind("127.0.0.1:0")?;
    let load = Load { address: socket.local_addr()?, ..Load::default() };
    let mut candor = Candor::start_on(&arguments.candor, data, &socket)?;
    candor
        .api(&format!("SitesManager.addSite&siteName=Restart&urls[0]=http://example.org&timezone={}", noon_zone()))?;
    let mut hits = 0;
    for round in 1..=arguments.rounds {
        let moment = Duration::from_millis(30 + mix(arguments.seed << 32 | u64::from(round)) % 400);
        let first = load.visitors.load(Ordering::Relaxed) * HITS_A_VISIT;
        let (next, sent) = load.during(|| {
            std::thread::sleep(moment);
            candor.stop()?;
            let next = Candor::start_on(&arguments.candor, data, &socket)?;
            std::thread::sleep(moment);
            anyhow::Ok(next)
        });
        candor = next.with_context(|| format!("round {round}"))?;
        if let Some(failure) = load.failures().first() {
            bail!("round {round}: a request failed: {failure}");
        }
        let acknowledged = sent.values().map(|pages| pages.len() as u64).sum::<u64>();
        let found = check(&candor, &sent, first).with_context(|| format!("round {round}"))?;
        if found != acknowledged {
            bail!("round {round}: {acknowledged} hits were sent, but {found} are there");
        }
        hits += found;
    }
    let gap = load.slowest_ms.load(Ordering::Relaxed);
    println!(
        "{} restarts under load, {hits} hits: none failed, lost or twice, no visit split; {} requests went again on a \
         new connection, the slowest took {gap} ms",
        arguments.rounds,
        load.repeated.load(Ordering::Relaxed)
    );
    candor.stop()?;
    if gap > arguments.gap_ms_max {
        bail!("a request took {gap} ms, more than {}", arguments.gap_ms_max);
    }
    Ok(())
}

/// Clients that follow visitors over restarts.
struct Load {
    address: SocketAddr,
    visitors: AtomicU64,
    repeated: AtomicU64,
    slowest_ms: AtomicU64,
    failures: Mutex<Vec<String>>,
}

impl Default for Load {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            visitors: AtomicU64::new(1),
            repeated: AtomicU64::new(0),
            slowest_ms: AtomicU64::new(0),
            failures: Mutex::default(),
        }
    }
}

impl Load {
    /// Sends hits while `work` goes on, and until each begun visit is complete; returns what was acknowledged.
    fn during<T>(&self, work: impl FnOnce() -> T) -> (T, Acknowledged) {
        let (acknowledged, over) = (Mutex::new(Acknowledged::new()), AtomicBool::new(false));
        let result = std::thread::scope(|scope| {
            let (acknowledged, over) = (&acknowledged, &over);
            for number in 0..CONNECTIONS {
                scope.spawn(move || {
                    let mut client = None;
                    while !over.load(Ordering::Relaxed) && self.failures().is_empty() {
                        let visitor = self.visitors.fetch_add(1, Ordering::Relaxed);
                        let ended = follow(visitor, acknowledged, |path| {
                            // Every other client comes anew for each request, over a slow network.
                            let is_slow = number % 2 == 1;
                            client = client.take().filter(|_| !is_slow);
                            self.send(&mut client, path, if is_slow { SLOW } else { Duration::ZERO })
                        });
                        if let Err(error) = ended {
                            self.failures().push(format!("{error:#}"));
                        }
                    }
                });
            }
            let result = work();
            over.store(true, Ordering::Relaxed);
            result
        });
        (result, acknowledged.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// One request, as every client does it: a kept connection may have been closed in the meantime, then it is
    /// sent again on a new one. On a new one it must be answered.
    fn send(&self, client: &mut Option<Client>, path: &str, pause: Duration) -> Result<u16> {
        let begun = Instant::now();
        let kept = client.take().filter(|client| !client.is_closing);
        let mut answer = None;
        if let Some(mut kept) = kept {
            match kept.send("GET", path, &[]) {
                Ok((status, _)) => answer = Some((status, kept)),
                Err(_) => {
                    self.repeated.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let (status, kept) = match answer {
            Some(answer) => answer,
            None => {
                let mut new = Client::connect(self.address, TIMEOUT).context("no connection")?;
                std::thread::sleep(pause);
                let (status, _) = new.send("GET", path, &[]).context("no answer on a new connection")?;
                (status, new)
            }
        };
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.slowest_ms.fetch_max(ms, Ordering::Relaxed);
        *client = Some(kept);
        Ok(status)
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
