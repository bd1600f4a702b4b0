//! `make fuzz`: one target after the other with ever new inputs. What is wrong with an input ends the program;
//! seed and number of the input are the last thing it says.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use anyhow::{Result, bail};
use candor_fuzz::{TARGETS, Target, mutate};
use clap::Parser;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Feeds hostile input to everything that reads what others sent.
#[derive(Parser)]
struct Arguments {
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// How long each.
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Same seed, same inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Begin with this input.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// No input may take longer, in milliseconds.
    #[arg(long, default_value_t = 1000)]
    input_ms_max: u64,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let wanted = |target: &&Target| arguments.target.as_deref().is_none_or(|name| name == target.name);
    let mut count = 0;
    for target in TARGETS.iter().filter(wanted) {
        run(target, &arguments)?;
        count += 1;
    }
    if count == 0 {
        bail!("no such target; there are {}", TARGETS.map(|target| target.name).join(", "));
    }
    Ok(())
}

fn run(target: &Target, arguments: &Arguments) -> Result<()> {
    static RUNNING: AtomicU64 = AtomicU64::new(0);
    let (samples, seed) = ((target.samples)(), arguments.seed);
    let begun = Instant::now();
    let (mut number, mut slowest, mut memory) = (arguments.from, (Duration::ZERO, 0), 0);
    let again = |number| format!("--target {} --seed {seed} --from {number}", target.name);
    std::thread::scope(|scope| {
        // An input that never ends can only be told of from outside.
        let watch = scope.spawn(|| {
            let mut seen = u64::MAX;
            loop {
                std::thread::park_timeout(Duration::from_secs(20));
                let now = RUNNING.load(Ordering::Relaxed);
                match now {
                    u64::MAX => return,
                    _ if now == seen => {
                        eprintln!("an input doesn't end: {}", again(now));
                        std::process::exit(1);
                    }
                    _ => seen = now,
                }
            }
        });
        let result = loop {
            if begun.elapsed().as_secs() >= arguments.seconds {
                break Ok(());
            }
            let input = mutate::input(&samples, target.words, seed, number);
            RUNNING.store(number, Ordering::Relaxed);
            let start = Instant::now();
            if catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err() {
                break Err(number);
            }
            slowest = slowest.max((start.elapsed(), number));
            if slowest.0.as_millis() > u128::from(arguments.input_ms_max) {
                break Err(number);
            }
            number += 1;
            if number % 10_000 == 0 {
                memory = resident_mb();
            }
        };
        RUNNING.store(u64::MAX, Ordering::Relaxed);
        watch.thread().unpark();
        println!(
            "{}: {} inputs, the slowest (number {}) took {:.1} ms, {memory} MB resident",
            target.name,
            number - arguments.from,
            slowest.1,
            slowest.0.as_secs_f64() * 1e3
        );
        match result {
            Ok(()) => Ok(()),
            Err(number) => bail!(
                "an input is wrong or slow: {}\n{:?}",
                again(number),
                String::from_utf8_lossy(&mutate::input(&samples, target.words, seed, number))
            ),
        }
    })
}

/// Resident memory in MB; 0 where the system doesn't tell.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096 / 1_000_000
}
