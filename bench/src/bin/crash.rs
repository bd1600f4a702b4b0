//! Kills a candor under load at random moments, starts it again, and checks that every acknowledged
//! hit is in the visits log exactly once and that no visit was split. Exits 1 when one of that is untrue.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use anyhow::{Context, Result, bail};
use candor_bench::{
    http::Client,
    process::Candor,
    visitors::{Acknowledged, CONNECTIONS, HITS_A_VISIT, check, follow, mix, noon_zone},
};
use clap::Parser;
use serde_json::Value;
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
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
                    let mut send = |path: &str| client.send("GET", path, &[]).map(|(status, _)| status);
                    while follow(visitors.fetch_add(1, Ordering::Relaxed), &acknowledged, &mut send).is_ok() {}
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
