//! Where an address is: location files in MaxMind's format, given by the operator.
//! Reads files only; fetching them is `make geo`. A file that changes is opened anew.

mod database;
mod record;
mod region;

use arc_swap::ArcSwap;
use candor_core::visit::Location;
use database::Database;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How often we look whether a file has changed.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A location file that can't be used.
#[derive(Debug, thiserror::Error)]
#[error("the location file `{}` can't be opened: {reason}; give a MaxMind-format file in `geo.database`", path.display())]
pub struct GeoError {
    path: PathBuf,
    reason: String,
}

/// The open location files. Some publishers split IPv4 and IPv6: the first file that knows an address counts.
#[derive(Debug)]
pub struct Locator {
    open: ArcSwap<Vec<Arc<Database>>>,
    since: Instant,
    /// When the next look is due, in ms after `since`.
    look_at_ms: AtomicU64,
}

impl Locator {
    /// Opens the files by memory map.
    ///
    /// # Errors
    /// When one of them is not there or not in the format.
    pub fn open(paths: &[PathBuf]) -> Result<Self, GeoError> {
        let files = paths.iter().map(|path| Database::open(path).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
        let look_at_ms = AtomicU64::new(millis(LOOK_EVERY));
        Ok(Self { open: ArcSwap::from_pointee(files), since: Instant::now(), look_at_ms })
    }

    /// Where the address is; `None` when no file knows it.
    #[must_use]
    pub fn locate(&self, ip: IpAddr) -> Option<Location> {
        self.look_if_due();
        let ip = ip.to_canonical();
        self.open.load().iter().find_map(|file| {
            // An IPv4-only file refuses IPv6 addresses: the next file may know it.
            let found = file.reader().lookup(ip).ok()?;
            record::location(&found).ok()?
        })
    }

    /// Opens anew what has changed. What can't be opened stays as it was, and is tried again next time.
    pub fn refresh(&self) {
        let open = self.open.load();
        if !open.iter().any(|file| file.is_outdated()) {
            return;
        }
        let renew = |file: &Arc<Database>| match Database::open(file.path()) {
            Ok(new) if file.is_outdated() => Arc::new(new),
            _ => Arc::clone(file),
        };
        self.open.store(Arc::new(open.iter().map(renew).collect()));
    }

    fn look_if_due(&self) {
        let now = millis(self.since.elapsed());
        let due = self.look_at_ms.load(Ordering::Relaxed);
        // One thread looks, the others go on with what is open.
        if now >= due
            && let Ok(_) =
                self.look_at_ms.compare_exchange(due, now + millis(LOOK_EVERY), Ordering::Relaxed, Ordering::Relaxed)
        {
            self.refresh();
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
