//! Kills a candor under load at random moments, starts it again, and checks that every acknowledged
//! hit is in the visits log exactly once and that no visit was split. Exits 1 when one of that is untrue.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use anyhow::{Context, Result, bail};
use candor_bench::{http::Client, process::Candor};
use clap::Parser;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// kill -9 under load, again and again.
#[derive(Parser)]
struct Arguments {
    /// The program.
    #[arg(long)]
    candor: PathBuf,
    /// How often.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// Same seed, same moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// End this many rounds in between with SIGTERM instead.
    #[arg(long, default_value_t = 10)]
    terminate_every: u32,
}

/// Connections at once; each follows one visitor after another.
const CONNECTIONS: u64 = 8;
/// Hits of a visit.
const HITS_A_VISIT: u64 = 4;

/// Acknowledged hits: visitor → pages.
type Acknowledged = BTreeMap<String, BTreeSet<u64>>;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let dir = std::env::temp_dir().join(format!("candor-crash-{}", std::process::id()));
    let result = run(&arguments, &dir.join("data"));
    if result.is_ok() {
        std::fs::remove_dir_all(&dir)?;
    } else {
        eprintln!("data and log are kept in {}", dir.display());
    }
    result
}

fn run(arguments: &Arguments, data: &std::path::Path) -> Result<()> {
    let visitors = AtomicU64::new(1);
    let mut candor = Candor::start(&arguments.candor, data)?;
    candor.api(&format!("SitesManager.addSite&siteName=Crash&urls[0]=http://example.org&timezone={}", noon_zone()))?;
    let (mut acknowledged, mut found, mut slowest) = (0, 0, Duration::ZERO);
    for round in 1..=arguments.rounds {
        let moment = Duration::from_millis(30 + mix(arguments.seed << 32 | u64::from(round)) % 400);
        let address = candor.address;
        let first = visitors.load(Ordering::Relaxed) * HITS_A_VISIT;
        let terminate = arguments.terminate_every > 0 && round % arguments.terminate_every == 0;
        let sent =
            load_until(address, &visitors, moment, || if terminate { candor.stop().map(drop) } else { candor.kill() })
                .with_context(|| format!("round {round}"))?;
        candor = Candor::start_at(&arguments.candor, data, address)?;
        slowest = slowest.max(candor.started_in);
        let here = check(&candor, &sent, first).with_context(|| format!("seed {} round {round}", arguments.seed))?;
        acknowledged += sent.values().map(|pages| pages.len() as u64).sum::<u64>();
        found += here;
        if round % 20 == 0 || round == arguments.rounds {
            println!("round {round}: {acknowledged} hits acknowledged, none lost, none twice, no visit split");
        }
    }
    let total = candor.api("VisitsSummary.getActions&idSite=1&period=range&date=last3")?;
    let total = total.get("value").and_then(Value::as_u64).context("no total")?;
    if total != found {
        bail!("the total is {total} actions, but the rounds saw {found}");
    }
    println!("{} rounds, slowest start {} ms, {total} actions in all", arguments.rounds, slowest.as_millis());
    candor.stop().map(drop)
}

/// Sends hits until `end` (run after `moment`) has ended the server; returns what was acknowledged.
fn load_until(
    address: SocketAddr,
    visitors: &AtomicU64,
    moment: Duration,
    end: impl FnOnce() -> Result<()>,
) -> Result<Acknowledged> {
    let (acknowledged, over) = (Mutex::new(Acknowledged::new()), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let Ok(mut client) = Client::connect(address, Duration::from_secs(5)) else { continue };
                    while follow(&mut client, visitors.fetch_add(1, Ordering::Relaxed), &acknowledged).is_ok() {}
                }
            });
        }
        std::thread::sleep(moment);
        let ended = end();
        over.store(true, Ordering::Relaxed);
        ended
    })?;
    Ok(acknowledged.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// One visit; fails when the server is gone.
fn follow(client: &mut Client, visitor: u64, acknowledged: &Mutex<Acknowledged>) -> Result<()> {
    let id = format!("{:016x}", mix(visitor));
    for page in 0..HITS_A_VISIT {
        let number = visitor * HITS_A_VISIT + page;
        let query =
            format!("/matomo.php?idsite=1&rec=1&cid={id}&url=http%3A%2F%2Fexample.org%2F{number}&action_name=p");
        let (status, _) = client.send("GET", &query, &[])?;
        match status {
            200 => {
                let mut all = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
                all.entry(id.clone()).or_default().insert(number);
            }
            503 => bail!("refused"),
            other => bail!("status {other}"),
        }
    }
    Ok(())
}

/// Looks the round's visits up; returns how many of their actions have numbers from `first` on.
fn check(candor: &Candor, sent: &Acknowledged, first: u64) -> Result<u64> {
    let begun = Instant::now();
    loop {
        match compare(candor, sent, first) {
            Ok(actions) => return Ok(actions),
            // What was replayed may take the promised two seconds to be seen.
            Err(_) if begun.elapsed() < Duration::from_secs(4) => std::thread::sleep(Duration::from_millis(100)),
            Err(error) => return Err(error),
        }
    }
}

fn compare(candor: &Candor, sent: &Acknowledged, first: u64) -> Result<u64> {
    // Besides acknowledged visitors, each connection may have left one whose answer was under way.
    let limit = sent.len() as u64 + 2 * CONNECTIONS;
    let visits =
        candor.api(&format!("Live.getLastVisitsDetails&idSite=1&period=range&date=last3&filter_limit={limit}"))?;
    let mut seen: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for visit in visits.as_array().context("no list of visits")? {
        let id = visit.get("visitorId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let pages = visit.get("actionDetails").and_then(Value::as_array).context("no actions")?;
        let numbers = pages.iter().filter_map(|p| p.get("url")?.as_str()?.rsplit('/').next()?.parse().ok()).collect();
        if seen.insert(id.clone(), numbers).is_some() {
            bail!("visitor {id} has two visits");
        }
    }
    for (id, pages) in sent {
        let found = seen.get(id).with_context(|| format!("visitor {id} is lost"))?;
        let distinct: BTreeSet<u64> = found.iter().copied().collect();
        if distinct.len() != found.len() {
            bail!("visitor {id} has hits twice: {found:?}");
        }
        if let Some(lost) = pages.iter().find(|page| !distinct.contains(page)) {
            bail!("hit {lost} of visitor {id} was acknowledged and is lost");
        }
    }
    Ok(seen.values().flatten().filter(|page| **page >= first).count() as u64)
}

/// SplitMix64's mixing step: distinct numbers give distinct results.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB)
}

/// A zone in which it is about noon, so that no midnight ends a visit during the test.
#[expect(clippy::disallowed_methods, reason = "the test must know how far the real midnight is")]
fn noon_zone() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let offset = 12 - i64::try_from(seconds % 86_400 / 3600).unwrap_or(0);
    if offset < 0 { format!("UTC{offset}") } else { format!("UTC%2B{offset}") }
}
