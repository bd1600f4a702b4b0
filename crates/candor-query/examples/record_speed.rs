//! Measures records over a year of made-up visits, cold and from memos.
//! `cargo run --release -p candor-query --example record_speed -- 500000 /tmp/speed`: visits, folder (kept for the next run).
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a measuring tool"
)]

use candor_core::{
    Action, ActionKind, Day, Fingerprint, LegalBasis, Referrer, ReferrerType, Returning, Settings, SiteId,
    SiteSettings, Visit, VisitId, VisitorId, Vocabulary,
    visit::{Campaign, Device, Location},
};
use candor_query::{
    Engine, Scope,
    catalogue::records,
    period::{self, PeriodRequest},
    segment::{Asker, Segment, SegmentContext},
};
use candor_store::{Batch, LogPosition, Store, StoreSettings};
use std::{path::Path, sync::Arc, time::Instant};

/// 2024-01-01.
const FIRST_DAY: i32 = 19_723;
const DAYS: u64 = 366;
const BATCH_VISITS: u64 = 5_000;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let visits: u64 = arguments.next().unwrap_or("100000".into()).parse().unwrap();
    let dir = arguments.next().unwrap_or("/tmp/record_speed".into());
    std::fs::create_dir_all(&dir).unwrap();
    let store = candor_store::open(Path::new(&dir), &StoreSettings::default()).unwrap();
    if store.position().unwrap().next_seq == 0 {
        let start = Instant::now();
        fill(&*store, visits);
        println!("filled {visits} visits in {:?}", start.elapsed());
    }
    let site = SiteSettings::new(SiteId(1), "shop", &["https://shop.example"]);
    let settings = Settings::default();
    let engine = Engine::new(Arc::clone(&store), Arc::new(Vocabulary::default()));
    let vocabulary = Vocabulary::default();
    let segment = |text: &str| {
        Segment::parse(text, &SegmentContext { vocabulary: &vocabulary, site: Some(&site), asker: Asker::SignedIn })
            .unwrap()
    };
    let segments = [None, Some(segment("browserCode==FF;countryCode==de")), Some(segment("pageUrl=@/c3/"))];
    let today = Day(FIRST_DAY + 400);
    let chosen = [
        records::VISIT_NUMBERS,
        records::UNIQUE_NUMBERS,
        records::ACTION_NUMBERS,
        records::DISTINCT_NUMBERS,
        records::COUNTRIES,
        records::REFERRER_TYPES,
        records::WEBSITES,
        records::PAGE_URLS,
        records::PAGE_TITLES,
    ];
    for (n, segment) in segments.iter().enumerate() {
        for (period, date) in [("month", "2024-05-01"), ("year", "2024-01-01")] {
            let PeriodRequest::One(span) = period::parse(period, date, today).unwrap() else { return };
            let scope =
                Scope { site: &site, settings: &settings, period: span, segment: segment.as_ref(), today, until: None };
            for def in &chosen {
                engine.forget(site.id).unwrap();
                let cold = measured(|| engine.record(def, &scope).unwrap().rows.len());
                let warm = measured(|| engine.record(def, &scope).unwrap().rows.len());
                println!(
                    "segment {n} {period:5} {:28} cold {:6} ms ({:6} CPU), warm {:4} ms, {} rows",
                    def.name, cold.0, cold.1, warm.0, cold.2
                );
            }
        }
    }
    println!("resident {} MB", resident_mb());
    store.close().unwrap();
}

/// Wall and CPU milliseconds, and the result.
fn measured(work: impl FnOnce() -> usize) -> (u128, u64, usize) {
    let (start, cpu) = (Instant::now(), cpu_ms());
    let result = work();
    (start.elapsed().as_millis(), cpu_ms() - cpu, result)
}

/// Of the process, in steps of 10 ms.
fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields.iter().skip(11).take(2).map(|f| f.parse::<u64>().unwrap() * 10).sum()
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

fn fill(store: &dyn Store, visits: u64) {
    let mut random = Random(1);
    let mut batch = Batch::default();
    for id in 1..=visits {
        visit(&mut batch, &mut random, id, visits);
        if id % BATCH_VISITS == 0 || id == visits {
            batch.position = LogPosition { next_seq: id + 1 };
            store.commit(&batch).unwrap();
            batch = Batch::default();
        }
    }
}

fn visit(batch: &mut Batch, random: &mut Random, id: u64, visits: u64) {
    const COUNTRIES: [&str; 12] = ["de", "fr", "us", "gb", "it", "es", "jp", "at", "ch", "nl", "be", "xx"];
    const BROWSERS: [&str; 6] = ["CH", "CM", "SF", "MF", "FF", "PS"];
    let day = FIRST_DAY + (id * DAYS / (visits + 1)) as i32;
    let first_at = i64::from(day) * 86_400 + random.below(80_000) as i64;
    let pages = 1 + random.below(7);
    let kinds = [ReferrerType::Direct, ReferrerType::Search, ReferrerType::Website, ReferrerType::Campaign];
    let kind = kinds[random.below(4) as usize];
    let mut previous = (String::new(), String::new());
    let mut seen: Vec<String> = vec![];
    let visitor = random.below(visits * 3 / 5);
    for seq in 0..pages {
        // A few pages get most views, as everywhere.
        let spread = random.below(2_000);
        let page = random.below(1 + spread);
        let url = format!("shop.example/c{}/p{page}.html", page % 20);
        let title = format!("Page {page}");
        let first = !seen.contains(&url);
        batch.actions.push(action(id, VisitorId(visitor), day, first_at, seq as u32, (&url, &title), &previous, first));
        seen.push(url.clone());
        previous = (url, title);
    }
    let url = seen.first().cloned().unwrap_or_default();
    batch.new_visits.push(Visit {
        site: SiteId(1),
        id: VisitId(id),
        visitor: Some(VisitorId(visitor)),
        fingerprint: Fingerprint(visitor),
        user_id: String::new(),
        day: Day(day),
        first_at,
        last_at: first_at + 60 * (pages as i64 - 1),
        hour: (first_at.rem_euclid(86_400) / 3600) as u8,
        total_time: 60 * (pages as u32 - 1),
        actions: pages as u32,
        interactions: pages as u32,
        searches: 0,
        events: 0,
        entry_url: url,
        entry_title: "Entry".into(),
        entry_title_kind: 4,
        exit_url: previous.0,
        exit_title: previous.1,
        exit_title_kind: 4,
        referrer: Referrer {
            kind,
            name: if kind == ReferrerType::Direct {
                String::new()
            } else {
                format!("site{}.example", random.below(200))
            },
            keyword: String::new(),
            url: if kind == ReferrerType::Website {
                format!("https://x.example/{}", random.below(2000))
            } else {
                String::new()
            },
        },
        campaign: Campaign::default(),
        ip: vec![192, 0, 2, 0],
        location: Location { country: COUNTRIES[random.below(12) as usize].into(), ..Location::default() },
        device: Device {
            os: "WIN".into(),
            browser: BROWSERS[random.below(6) as usize].into(),
            kind: Some(0),
            ..Device::default()
        },
        resolution: "1920x1080".into(),
        plugins: 1,
        language: "de".into(),
        local_time: 3600,
        returning: Returning::New,
        visit_count: 1,
        seconds_since_first: Some(0),
        seconds_since_last: 0,
        seconds_since_order: None,
        converted: false,
        buyer: 0,
        profilable: true,
        dimensions: vec![],
        custom_variables: vec![],
        action_rows: pages as u32,
        legal_basis: LegalBasis::Unstated,
    });
}

#[expect(clippy::too_many_arguments, reason = "an action has many fields")]
fn action(
    visit: u64,
    visitor: VisitorId,
    day: i32,
    first_at: i64,
    seq: u32,
    (url, title): (&str, &str),
    previous: &(String, String),
    first: bool,
) -> Action {
    Action {
        site: SiteId(1),
        visit: VisitId(visit),
        visitor: Some(visitor),
        seq,
        at: first_at + 60 * i64::from(seq),
        day: Day(day),
        kind: ActionKind::Page,
        url: url.into(),
        url_prefix: Some(2),
        title: title.into(),
        previous_url: previous.0.clone(),
        previous_title: previous.1.clone(),
        previous_title_kind: if seq > 0 { 4 } else { 0 },
        time_spent: if seq > 0 { 60 } else { 0 },
        first_url: first,
        first_title: first,
        pageview_position: seq + 1,
        pageview_id: "abcdef".into(),
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
        product_categories: vec![],
        product_price: None,
        timings: [None, Some(200), Some(90), None, None, Some(500)],
        bandwidth: None,
        dimensions: vec![],
        custom_variables: vec![],
    }
}

/// xorshift: the same numbers each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}
