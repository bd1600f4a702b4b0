//! Measures the whole product in one run: ingest over HTTP against the same server's `/healthz`,
//! reports cold, warm and segmented on a year of demo traffic, memory, disk and start.
//! Prints each figure beside its limit and exits 1 when one is missed.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use anyhow::{Result, bail};
use candor_bench::{
    load::{self, Outcome, Plan, What},
    process::{Candor, disk_bytes},
};
use clap::Parser;
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Speed, memory and disk of the whole product.
#[derive(Parser)]
struct Arguments {
    /// The program.
    #[arg(long)]
    candor: PathBuf,
    /// Where the year of demo traffic is kept between runs.
    #[arg(long)]
    data: PathBuf,
    /// Hits of that year.
    #[arg(long, default_value_t = 10_000_000)]
    hits: u64,
    /// Seconds of the page-view load.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this part: `ingest` or `reports`.
    #[arg(long)]
    only: Option<String>,
}

/// The reports of the year, by method and parameters.
const REPORTS: &[&str] = &[
    "VisitsSummary.get",
    "VisitFrequency.get",
    "Actions.get",
    "Actions.getPageUrls",
    "Actions.getPageUrls&flat=1",
    "Actions.getPageTitles",
    "Actions.getEntryPageUrls",
    "Actions.getEntryPageTitles",
    "Actions.getExitPageUrls",
    "Actions.getExitPageTitles",
    "Actions.getDownloads",
    "Actions.getOutlinks",
    "Actions.getSiteSearchKeywords",
    "Actions.getSiteSearchNoResultKeywords",
    "Actions.getSiteSearchCategories",
    "Referrers.get",
    "Referrers.getReferrerType",
    "Referrers.getAll",
    "Referrers.getKeywords",
    "Referrers.getSearchEngines",
    "Referrers.getWebsites",
    "Referrers.getCampaigns",
    "Referrers.getSocials",
    "UserCountry.getCountry",
    "UserCountry.getContinent",
    "UserCountry.getRegion",
    "UserCountry.getCity",
    "DevicesDetection.getType",
    "DevicesDetection.getBrand",
    "DevicesDetection.getModel",
    "DevicesDetection.getOsFamilies",
    "DevicesDetection.getOsVersions",
    "DevicesDetection.getBrowsers",
    "DevicesDetection.getBrowserVersions",
    "DevicesDetection.getBrowserEngines",
    "Resolution.getResolution",
    "Resolution.getConfiguration",
    "UserLanguage.getLanguage",
    "UserLanguage.getLanguageCode",
    "VisitTime.getVisitInformationPerServerTime",
    "VisitTime.getVisitInformationPerLocalTime",
    "VisitTime.getByDayOfWeek",
    "VisitorInterest.getNumberOfVisitsPerVisitDuration",
    "VisitorInterest.getNumberOfVisitsPerPage",
    "VisitorInterest.getNumberOfVisitsByVisitCount",
    "VisitorInterest.getNumberOfVisitsByDaysSinceLast",
    "Events.getCategory",
    "Events.getAction",
    "Events.getName",
    "Goals.get",
    "Goals.getDaysToConversion",
    "Goals.getVisitsUntilConversion",
    "MultiSites.getAll",
    "API.get",
];

/// Figures with their limits.
#[derive(Default)]
struct Report {
    missed: Vec<String>,
}

impl Report {
    fn at_least(&mut self, name: &str, value: f64, limit: f64, unit: &str) {
        self.note(name, value >= limit, &format!("{value:>12.2} {unit:<6} (≥ {limit})"));
    }

    fn at_most(&mut self, name: &str, value: f64, limit: f64, unit: &str) {
        self.note(name, value <= limit, &format!("{value:>12.2} {unit:<6} (≤ {limit})"));
    }

    fn note(&mut self, name: &str, kept: bool, figures: &str) {
        println!("{} {name:<58} {figures}", if kept { "ok  " } else { "MISS" });
        if !kept {
            self.missed.push(name.to_owned());
        }
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let cores = std::thread::available_parallelism()?;
    println!("{cores} cores; load generator and server share them\n");
    let mut report = Report::default();
    let wanted = |part: &str| arguments.only.as_deref().is_none_or(|only| only == part);
    if wanted("ingest") {
        ingest(&arguments, &mut report)?;
    }
    if wanted("reports") {
        reports(&arguments, &mut report)?;
    }
    if report.missed.is_empty() {
        println!("\nall limits kept");
        return Ok(());
    }
    bail!("missed: {}", report.missed.join(", "))
}

fn ingest(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let dir = std::env::temp_dir().join(format!("candor-bench-{}", std::process::id()));
    let candor = Candor::start(&arguments.candor, &dir.join("data"))?;
    candor.api("SitesManager.addSite&siteName=Load&urls[0]=https://example.org")?;
    let plan = Plan {
        address: candor.address,
        what: What::Healthz,
        connections: 64,
        duration: Duration::from_secs(10),
        rate: None,
        run: 0,
    };
    let health = load::run(&plan)?;
    println!("     /healthz: {:.0} requests/s", health.hits_per_second());

    let seconds = Duration::from_secs(arguments.seconds);
    let before = candor.cpu()?;
    let (pages, lag) =
        with_lag(&candor, || load::run(&Plan { what: What::PageViews, duration: seconds, run: 1, ..plan }))?;
    let cpu_us = (candor.cpu()? - before).as_secs_f64() * 1e6 / pages.hits as f64;
    check(&pages)?;
    report.at_least("durable page views of distinct visitors", pages.hits_per_second(), 20_000.0, "/s");
    report.at_least("… of what /healthz reaches", pages.hits_per_second() / health.hits_per_second(), 0.15, "");
    report.at_most("store behind the log at worst", lag, 2.0, "s");
    report.at_most("processor time a page view", cpu_us, 70.0, "µs");

    let half = pages.hits_per_second() / 2.0;
    let paced = load::run(&Plan { what: What::PageViews, duration: seconds / 3, rate: Some(half), run: 2, ..plan })?;
    check(&paced)?;
    println!("     at half load ({half:.0}/s): p50 {:.2} ms", paced.quantile_ms(0.5));
    report.at_most("p99 of an acknowledged hit at half load", paced.quantile_ms(0.99), 25.0, "ms");

    let bulk = Plan { what: What::Bulk, duration: seconds / 2, connections: 8, run: 3, ..plan };
    let (bulk, lag) = with_lag(&candor, || load::run(&bulk))?;
    check(&bulk)?;
    report.at_least("bulk, four hits a visit", bulk.hits_per_second(), 40_000.0, "/s");
    report.at_most("store behind the log at worst, bulk", lag, 2.0, "s");
    report.at_most("peak memory of ingest", candor.memory_mb()?.1, 400.0, "MB");
    println!("     SIGTERM to end: {} ms", candor.stop()?.as_millis());
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

fn check(outcome: &Outcome) -> Result<()> {
    if outcome.failed > 0 || outcome.answered == 0 {
        bail!("{} requests failed, {} were answered", outcome.failed, outcome.answered);
    }
    if outcome.refused > 0 {
        println!("     {} requests were refused with 503", outcome.refused);
    }
    Ok(())
}

/// Runs something while watching how far the store is behind the log; the worst, in seconds.
fn with_lag(candor: &Candor, run: impl FnOnce() -> Result<Outcome>) -> Result<(Outcome, f64)> {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut worst: f64 = 0.0;
            while !over.load(Ordering::Relaxed) {
                worst = worst.max(candor.metric("candor_store_lag_seconds").unwrap_or(0.0));
                std::thread::sleep(Duration::from_millis(200));
            }
            worst
        });
        let outcome = run();
        over.store(true, Ordering::Relaxed);
        let worst = watcher.join().unwrap_or(f64::INFINITY);
        Ok((outcome?, worst))
    })
}

fn reports(arguments: &Arguments, report: &mut Report) -> Result<()> {
    fill(arguments)?;
    let candor = Candor::start(&arguments.candor, &arguments.data)?;
    report.at_most("start to ready after a clean stop", candor.started_in.as_secs_f64(), 1.0, "s");
    std::thread::sleep(Duration::from_secs(60));
    report.at_most("memory a minute after the start", candor.memory_mb()?.0, 100.0, "MB");
    let year = "idSite=1&period=year&date=yesterday&idGoal=1&filter_limit=100";
    let mut worst = [("", 0.0); 3];
    for method in REPORTS {
        let plain = format!("{method}&{year}");
        let segmented = format!("{plain}&segment=browserCode%3D%3DFF");
        let times = [&plain, &plain, &segmented].map(|query| time(&candor, query));
        let [cold, warm, segment] = times;
        let row = [cold?, warm?, segment?];
        println!("     {method:<52} cold {:>7.0}  warm {:>5.1}  segment {:>7.0} ms", row[0], row[1], row[2]);
        for (worst, ms) in worst.iter_mut().zip(row) {
            if ms > worst.1 {
                *worst = (method, ms);
            }
        }
    }
    let [cold, warm, segment] = worst;
    report.at_most(&format!("slowest cold year ({})", cold.0), cold.1, 1500.0, "ms");
    report.at_most(&format!("slowest warm year ({})", warm.0), warm.1, 50.0, "ms");
    report.at_most(&format!("slowest new segment ({})", segment.0), segment.1, 2000.0, "ms");
    for live in [
        "Live.getCounters&idSite=1&lastMinutes=30",
        "Live.getLastVisitsDetails&idSite=1&period=month&date=yesterday&filter_limit=10",
    ] {
        time(&candor, live)?;
        report.at_most(live.split('&').next().unwrap_or(live), time(&candor, live)?, 30.0, "ms");
    }
    report.at_most("peak memory through all reports", candor.memory_mb()?.1, 400.0, "MB");
    candor.stop()?;
    let bytes = disk_bytes(&arguments.data)? as f64;
    report.at_most("disk a hit, memos and log included", bytes / arguments.hits as f64, 90.0, "B");
    Ok(())
}

/// Makes the year of demo traffic unless it is there; memos of an earlier run are deleted.
fn fill(arguments: &Arguments) -> Result<()> {
    let done = arguments.data.join(".filled");
    if !done.exists() {
        let begun = Instant::now();
        let status = Command::new(&arguments.candor)
            .args(["demo", "--hits", &arguments.hits.to_string(), "--days", "365", "--data-dir"])
            .arg(&arguments.data)
            .env("CANDOR_ADMIN_LOGIN", "root")
            .env("CANDOR_ADMIN_PASSWORD", "benchmarks only")
            .env("CANDOR_ADMIN_TOKEN", candor_bench::process::TOKEN)
            .status()?;
        if !status.success() {
            bail!("candor demo ended with {status}");
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!("     {} hits made in {seconds:.0} s ({:.0}/s)", arguments.hits, arguments.hits as f64 / seconds);
        std::fs::write(&done, "")?;
    }
    for memos in ["memos.sqlite", "memos.sqlite-wal", "memos.sqlite-shm"] {
        remove(&arguments.data.join(memos))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn time(candor: &Candor, query: &str) -> Result<f64> {
    let begun = Instant::now();
    candor.api(query)?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}
