//! Measures the store alone: `cargo run --release --example store_bench -- [visits] [directory]`.
//!
//! Writes visits of four page views each, in batches such as ingest makes, and prints CPU time
//! a row, bytes a hit, memory, the time of lookups and of opening again.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]
#![expect(clippy::expect_used, reason = "a measurement that fails has nothing to go on with")]

use candor_core::visit::{Campaign, Device, Location};
use candor_core::{
    Action, ActionKind, Day, Fingerprint, LegalBasis, Referrer, ReferrerType, Returning, SiteId, Visit, VisitId,
    VisitorId,
};
use candor_store::{Batch, Cell, LogPosition, Store, StoreSettings, VisitLookup};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Visits begun in one batch; each goes on in the three batches after it.
const VISITS_A_BATCH: u64 = 5_000;
const PAGES_A_VISIT: u32 = 4;
/// 2023-11-14.
const START: i64 = 1_700_000_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let visits: u64 = arguments.next().map_or(500_000, |n| n.parse().expect("the first argument is a number"));
    let temporary = tempfile::tempdir().expect("a temporary directory");
    let dir = arguments.next().map_or_else(|| temporary.path().to_owned(), PathBuf::from);

    let settings = StoreSettings::default();
    let store = candor_store::open(&dir, &settings).expect("the store opens");
    new_visitors(&*store);
    write(&*store, visits);
    lookups(&*store, visits);
    queries(&*store);
    report("close", || store.close().expect("it closes"));
    drop(store);
    let hits = (visits + NEW_VISITORS) * u64::from(PAGES_A_VISIT) - 3 * NEW_VISITORS;
    println!("{} bytes a hit on disk, {hits} hits", bytes(&dir) / hits);
    let store = report("open again", || candor_store::open(&dir, &settings).expect("it opens again"));
    println!("resident {} MB, at most {} MB", memory("VmRSS"), memory("VmHWM"));
    store.close().expect("it closes");
}

const NEW_VISITORS: u64 = 100_000;

/// What a hit of an unknown visitor costs: a visit and an action.
fn new_visitors(store: &dyn Store) {
    let (mut cpu, mut wall) = (0.0, 0.0);
    for n in 0..NEW_VISITORS / 10_000 {
        let new_visits: Vec<_> = (0..10_000).map(|i| visit(1_000_000_000 + n * 10_000 + i, START, 1)).collect();
        let actions = new_visits.iter().map(|visit| action(visit, 0)).collect();
        let batch = Batch { new_visits, actions, ..Batch::default() };
        let (before, start) = (cpu_seconds(), Instant::now());
        store.commit(&batch).expect("a batch is written");
        cpu += cpu_seconds() - before;
        wall += start.elapsed().as_secs_f64();
    }
    println!(
        "new visitors: {:.1} µs CPU and {:.1} µs each, resident {} MB",
        cpu * 1e6 / NEW_VISITORS as f64,
        wall * 1e6 / NEW_VISITORS as f64,
        memory("VmRSS"),
    );
}

/// The steady state: each batch opens visits and extends those of the three before.
fn write(store: &dyn Store, visits: u64) {
    let (mut cpu, mut most, mut longest) = (0.0, 0.0f64, 0.0f64);
    let rounds = visits / VISITS_A_BATCH;
    for round in 0..rounds + 3 {
        let mut batch = Batch { position: LogPosition { next_seq: round + 1 }, ..Batch::default() };
        for step in 0..u64::from(PAGES_A_VISIT) {
            let Some(opened) = round.checked_sub(step).filter(|opened| *opened < rounds) else { continue };
            let seq = u32::try_from(step).expect("a small number");
            let rows = (0..VISITS_A_BATCH).map(|i| {
                let id = opened * VISITS_A_BATCH + i + 1;
                visit(id, START + opened.cast_signed() * 3600 + (i % 60).cast_signed(), seq + 1)
            });
            let into = if step == 0 { &mut batch.new_visits } else { &mut batch.changed_visits };
            let before = into.len();
            into.extend(rows);
            batch.actions.extend(into.iter().skip(before).map(|visit| action(visit, seq)));
        }
        let (before, start) = (cpu_seconds(), Instant::now());
        store.commit(&batch).expect("a batch is written");
        let used = cpu_seconds() - before;
        cpu += used;
        most = most.max(used);
        longest = longest.max(start.elapsed().as_secs_f64());
    }
    let hits = visits * u64::from(PAGES_A_VISIT);
    println!(
        "steady: {:.1} µs CPU a hit, longest commit {longest:.2} s, {most:.2} s CPU; resident {} MB, at most {} MB",
        cpu * 1e6 / hits as f64,
        memory("VmRSS"),
        memory("VmHWM")
    );
}

fn lookups(store: &dyn Store, visits: u64) {
    let ask = |who: VisitorId| VisitLookup {
        site: SiteId(1),
        visitor: Some(who),
        fingerprint: Fingerprint(0),
        last_at_min: i64::MIN,
        last_at_max: i64::MAX,
    };
    let known: Vec<_> = (0..20_000).map(|i| ask(visitor(1 + i * (visits / 20_000).max(1)))).collect();
    let unknown: Vec<_> = (0..20_000).map(|i| ask(visitor(5_000_000_000 + i))).collect();
    let recent_from = START + (visits / VISITS_A_BATCH).cast_signed() * 3600 - 7200;
    let by_fingerprint: Vec<_> = (0..20_000)
        .map(|i| VisitLookup {
            visitor: None,
            fingerprint: Fingerprint(mix(visits - i)),
            last_at_min: recent_from,
            ..ask(VisitorId(0))
        })
        .collect();
    let some: Vec<_> = known.iter().take(100).copied().collect();
    for (name, lookups) in [
        ("20,000 known visitors", &known),
        ("20,000 unknown visitors", &unknown),
        ("100 known visitors", &some),
        ("20,000 recent fingerprints", &by_fingerprint),
    ] {
        for _ in 0..2 {
            let found = report(name, || store.find_visits(lookups).expect("lookups are answered"));
            println!("  {} found", found.iter().flatten().count());
        }
    }
}

fn queries(store: &dyn Store) {
    let day = i64::from(day(START).0) + 3;
    for (name, sql, params) in [
        (
            "one day of pages, bound",
            "select url, count(*), sum(first_url::integer) from actions where site_id = ? and day between ? and ? group by url",
            vec![Cell::Int(1), Cell::Int(day), Cell::Int(day)],
        ),
        (
            "all pages",
            "select url, count(*), sum(first_url::integer) from actions where site_id = ? group by url",
            vec![Cell::Int(1)],
        ),
        ("unique visitors", "select count(distinct visitor_id) from visits where site_id = ?", vec![Cell::Int(1)]),
        (
            "last visits",
            "select * from visits where site_id = ? and last_at >= ? order by last_at desc limit 20",
            vec![Cell::Int(1), Cell::Int(START)],
        ),
    ] {
        for _ in 0..2 {
            report(name, || store.query(sql, &params).expect("a query is answered"));
        }
    }
    println!("resident {} MB, at most {} MB", memory("VmRSS"), memory("VmHWM"));
}

fn report<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let (cpu, start) = (cpu_seconds(), Instant::now());
    let result = work();
    println!("{name}: {:.0} ms ({:.0} ms CPU)", start.elapsed().as_secs_f64() * 1e3, (cpu_seconds() - cpu) * 1e3);
    result
}

/// A fixed, well-mixed number for each number (the finaliser of SplitMix64).
fn mix(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

fn visitor(id: u64) -> VisitorId {
    VisitorId(mix(id ^ 0x5555))
}

fn day(at: i64) -> Day {
    Day(i32::try_from(at / 86_400).expect("a day"))
}

/// One of many pages, some far more often than others.
fn page(n: u64) -> String {
    let rank = mix(n) % 2000 * (mix(n + 7) % 2000) / 2000;
    format!("shop.example/section-{}/article-{rank}", rank % 17)
}

fn visit(id: u64, first_at: i64, pages: u32) -> Visit {
    let pick =
        |names: &[&str], salt: u64| names.get(mix(id + salt) as usize % names.len()).copied().unwrap_or("").to_owned();
    let last_at = first_at + i64::from(pages - 1) * 60;
    Visit {
        site: SiteId(1),
        id: VisitId(id),
        visitor: Some(visitor(id)),
        fingerprint: Fingerprint(mix(id)),
        user_id: String::new(),
        day: day(last_at),
        first_at,
        last_at,
        hour: (first_at / 3600 % 24) as u8,
        total_time: (pages - 1) * 60,
        actions: pages,
        interactions: pages,
        searches: 0,
        events: 0,
        entry_url: page(id * 8),
        entry_title: "A title of a page, of common length".into(),
        exit_url: page(id * 8 + u64::from(pages) - 1),
        exit_title: "A title of a page, of common length".into(),
        entry_title_kind: 4,
        exit_title_kind: 4,
        referrer: Referrer {
            kind: if mix(id + 1).is_multiple_of(2) { ReferrerType::Direct } else { ReferrerType::Search },
            name: pick(&["", "Google", "Bing", ""], 1),
            keyword: String::new(),
            url: pick(&["", "https://www.google.example/", "https://www.bing.example/", ""], 1),
        },
        campaign: Campaign::default(),
        ip: vec![10, (mix(id + 2) % 200) as u8, (mix(id + 3) % 250) as u8, 0],
        location: Location {
            country: pick(&["de", "fr", "us", "gb", "jp"], 4),
            region: pick(&["BE", "BY", "HH", "NW"], 5),
            city: pick(&["Berlin", "Hamburg", "Köln", "München"], 6),
            latitude: Some((mix(id + 7) % 90) as f64 / 2.0),
            longitude: Some((mix(id + 8) % 90) as f64 / 2.0),
        },
        device: Device {
            os: pick(&["WIN", "AND", "IOS", "MAC"], 9),
            os_version: pick(&["10", "11", "14", "17.1"], 10),
            client_type: "browser".into(),
            browser: pick(&["CH", "FF", "SF", "CM"], 11),
            browser_version: pick(&["119.0", "120.0", "17.1"], 12),
            browser_engine: pick(&["Blink", "Gecko", "WebKit"], 13),
            kind: Some((mix(id + 14) % 3) as u8),
            brand: pick(&["", "Apple", "Samsung"], 15),
            model: pick(&["", "iPhone", "Galaxy S21"], 15),
        },
        resolution: pick(&["1920x1080", "390x844", "1440x900"], 16),
        plugins: 1,
        language: pick(&["de-de", "en-us", "fr-fr"], 17),
        local_time: (mix(id + 18) % 86_400) as u32,
        returning: Returning::New,
        visit_count: 1,
        seconds_since_first: None,
        seconds_since_last: 0,
        seconds_since_order: None,
        converted: false,
        buyer: 0,
        profilable: true,
        dimensions: Vec::new(),
        custom_variables: Vec::new(),
        action_rows: pages,
        legal_basis: LegalBasis::Unstated,
    }
}

fn action(visit: &Visit, seq: u32) -> Action {
    let at = visit.first_at + i64::from(seq) * 60;
    let number = visit.id.0 * 8 + u64::from(seq);
    Action {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        seq,
        at,
        day: day(at),
        kind: ActionKind::Page,
        url: page(number),
        url_prefix: Some(2),
        title: "A title of a page, of common length".into(),
        previous_url: if seq == 0 { String::new() } else { page(number - 1) },
        previous_title: if seq == 0 { String::new() } else { "A title of a page, of common length".into() },
        previous_title_kind: 4,
        time_spent: if seq == 0 { 0 } else { 60 },
        first_url: true,
        first_title: seq == 0,
        pageview_position: seq + 1,
        pageview_id: format!("{:06x}", mix(number) & 0xff_ffff),
        category: String::new(),
        event_action: String::new(),
        event_value: None,
        search_count: None,
        content_name: String::new(),
        content_piece: String::new(),
        content_target: String::new(),
        content_interaction: String::new(),
        product_sku: String::new(),
        product_name: String::new(),
        product_categories: Vec::new(),
        product_price: None,
        timings: [
            Some(20),
            Some((mix(number) % 400) as u32),
            Some(30),
            Some((mix(number + 1) % 900) as u32),
            Some(9),
            Some(2),
        ],
        bandwidth: None,
        dimensions: Vec::new(),
        custom_variables: Vec::new(),
    }
}

/// User and system time of the process, from the fourteenth field of its `stat`, in hundredths.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// A line of the process's `status`, in MB.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|l| l.strip_prefix(line)?.split_whitespace().nth(1)?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

fn bytes(dir: &Path) -> u64 {
    let files = std::fs::read_dir(dir).expect("the directory is there").filter_map(Result::ok);
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}
