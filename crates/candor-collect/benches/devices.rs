//! What it costs to tell a device: `cargo bench -p candor-collect`, after `scripts/set-up`.
//! User agents never seen before, with rules compiled, and ones that are known.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#![expect(clippy::expect_used, reason = "a benchmark that can't run should say so")]

use candor_collect::enrich::{ClientHints, DeviceLookup, device::DeviceEngine};
use std::{hint::black_box, time::Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// User agents of each form.
const EACH: u32 = 500;

fn main() {
    let program = std::env::current_exe().expect("this program has a path");
    let rules = program.ancestors().map(|dir| dir.join("data/devices.bin")).find(|path| path.exists());
    let engine = DeviceEngine::open(&rules.expect("devices.bin is missing: run scripts/set-up"));
    let engine = engine.expect("the rules can be read");
    let never_seen = |first: u32| (first..first + EACH).flat_map(forms).collect::<Vec<_>>();
    tell("never seen, rules not compiled", &engine, &never_seen(0));
    let now_known = never_seen(EACH);
    tell("never seen, warm", &engine, &now_known);
    tell("known", &engine, &now_known);
}

/// User agents as browsers send them, with a number that makes them distinct.
fn forms(number: u32) -> [String; 8] {
    let (major, minor) = (60 + number % 70, number);
    [
        format!(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.{minor}.85 Safari/537.36"
        ),
        format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{major}.0) Gecko/20100101 Firefox/{major}.0.{minor}"),
        format!(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_{minor}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
        ),
        format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{minor} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
        ),
        format!(
            "Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.{minor}.163 Mobile Safari/537.36"
        ),
        format!(
            "Mozilla/5.0 (Linux; Android 12; Redmi Note 11 Build/{minor}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/{major}.0.{minor}.0 Mobile Safari/537.36"
        ),
        format!(
            "Mozilla/5.0 (Linux; Android 9; Model{minor}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36 OPR/{minor}.0"
        ),
        format!("Mozilla/5.0 (compatible; Somebot/{minor}.0; +http://bot.test/)"),
    ]
}

fn tell(what: &str, engine: &DeviceEngine, user_agents: &[String]) {
    let hints = ClientHints::default();
    let mut times: Vec<f64> = user_agents
        .iter()
        .map(|user_agent| {
            let begun = Instant::now();
            black_box(engine.detect(black_box(user_agent), &hints));
            begun.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |q: f64| times.get((times.len() as f64 * q) as usize).copied().unwrap_or(0.0);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    println!(
        "{what}: {} user agents, mean {mean:.1} µs, median {:.1} µs, p99 {:.1} µs",
        times.len(),
        at(0.5),
        at(0.99)
    );
}
