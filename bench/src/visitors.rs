//! Visitors whose every page is known, and the check that what the visits log says of them is true:
//! each acknowledged hit is there exactly once, and no visit was split.

use crate::process::Candor;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Connections at once; each follows one visitor after another.
pub const CONNECTIONS: u64 = 8;
/// Hits of a visit.
pub const HITS_A_VISIT: u64 = 4;

/// Acknowledged hits: visitor → pages.
pub type Acknowledged = BTreeMap<String, BTreeSet<u64>>;

/// Sends the hits of one visit; `send` gets a path and returns the status.
///
/// # Errors
/// When a hit isn't acknowledged.
pub fn follow(
    visitor: u64,
    acknowledged: &Mutex<Acknowledged>,
    mut send: impl FnMut(&str) -> Result<u16>,
) -> Result<()> {
    let id = format!("{:016x}", mix(visitor));
    for page in 0..HITS_A_VISIT {
        let number = visitor * HITS_A_VISIT + page;
        let path = format!("/matomo.php?idsite=1&rec=1&cid={id}&url=http%3A%2F%2Fexample.org%2F{number}&action_name=p");
        match send(&path)? {
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

/// Looks visits up; returns how many of their actions have numbers from `first` on.
///
/// # Errors
/// When an acknowledged hit isn't there or is there twice, or a visit was split.
pub fn check(candor: &Candor, sent: &Acknowledged, first: u64) -> Result<u64> {
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
#[must_use]
pub fn mix(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB)
}

/// A zone in which it is about noon, so that no midnight ends a visit during the test.
#[expect(clippy::disallowed_methods, reason = "the test must know how far the real midnight is")]
#[must_use]
pub fn noon_zone() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let offset = 12 - i64::try_from(seconds % 86_400 / 3600).unwrap_or(0);
    if offset < 0 { format!("UTC{offset}") } else { format!("UTC%2B{offset}") }
}
