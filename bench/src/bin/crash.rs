//! Kills a candor under load at random moments, starts it again, and checks that every acknowledged
//! hit is in the visits log exactly once and that no visit was split, and that the chain of consent records is whole
//! and holds every acknowledged one. Exits 1 when one of that is untrue.
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

/// Consent records sent, and acknowledged.
#[derive(Default)]
struct Choices {
    sent: AtomicU64,
    acknowledged: AtomicU64,
}

impl Choices {
    /// Sends the choice of a visitor.
    fn send(&self, visitor: u64, mut send: impl FnMut(&str) -> Result<u16>) -> Result<()> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        match send(&format!("/matomo.php?consent=1&idsite=1&choice=accepted&receipt={visitor:032x}"))? {
            200 => {
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            other => bail!("status {other}"),
        }
    }

    fn check(&self, candor: &Candor) -> Result<u64> {
        let chain = candor.api_v1("consent/chain")?;
        let records = chain.get("records").and_then(Value::as_u64).context("no number of records")?;
        if chain.get("whole").and_then(Value::as_bool) != Some(true) {
            bail!("the chain of consent records is broken at {records}");
        }
        let (sent, acknowledged) = (self.sent.load(Ordering::Relaxed), self.acknowledged.load(Ordering::Relaxed));
        if !(acknowledged..=sent).contains(&records) {
            bail!("{records} consent records are there, {acknowledged} were acknowledged, {sent} were sent");
        }
        Ok(records)
    }
}

fn run(arguments: &Arguments, data: &std::path::Path) -> Result<()> {
    let visitors = AtomicU64::new(1);
    let choices = Choices::default();
    let mut candor = Candor::start(&arguments.candor, data)?;
    candor.api(&format!("SitesManager.addSite&siteName=Crash&urls[0]=http://example.org&timezone={}", noon_zone()))?;
    let (mut acknowledged, mut found, mut slowest) = (0, 0, Duration::ZERO);
    for round in 1..=arguments.rounds {
        let moment = Duration::from_millis(30 + mix(arguments.seed << 32 | u64::from(round)) % 400);
        let address = candor.address;
        let first = visitors.load(Ordering::Relaxed) * HITS_A_VISIT;
        let terminate = arguments.terminate_every > 0 && round % arguments.terminate_every == 0;
        let sent = load_until(address, (&visitors, &choices), moment, || {
            if terminate { candor.stop().map(drop) } else { candor.kill() }
        })
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
    let records = choices.check(&candor)?;
    let slowest = slowest.as_millis();
    println!("{} rounds, slowest start {slowest} ms, {total} actions, {records} consent records", arguments.rounds);
    candor.stop().map(drop)
}

/// Sends hits until `end` (run after `moment`) has ended the server; returns what was acknowledged.
fn load_until(
    address: SocketAddr,
    (visitors, choices): (&AtomicU64, &Choices),
    moment: Duration,
    end: impl FnOnce() -> Result<()>,
) -> Result<Acknowledged> {
    let (acknowledged, over) = (Mutex::new(Acknowledged::new()), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let Ok(mut client) = Client::connect(address, Duration::from_secs(5)) else { continue };
                    let mut send = |method: &str, path: &str| client.send(method, path, &[]).map(|(status, _)| status);
                    loop {
                        let visitor = visitors.fetch_add(1, Ordering::Relaxed);
                        let chosen = choices.send(visitor, |path| send("POST", path));
                        if chosen.and_then(|()| follow(visitor, &acknowledged, |path| send("GET", path))).is_err() {
                            break;
                        }
                    }
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
