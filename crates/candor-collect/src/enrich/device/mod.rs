//! What a visitor's device is: an engine of our own for Matomo's published rules.
//!
//! The rules come as one file (`devices.bin`, made by `scripts/build-devices`), which is mapped into memory and can
//! be replaced. A user agent is searched once for the texts that rules need; only the few rules whose
//! texts occur are compiled, on first use, and tried in the file's order. The order of questions is Matomo's:
//! bot, system, client, device, and what can be inferred of them.
//! Never: keeps a user agent. The results' cache knows only a keyed hash of it.

mod browser;
mod candidates;
mod client;
mod file;
mod fragment;
mod hardware;
mod infer;
mod map;
mod names;
mod pattern;
mod subject;
mod system;
#[cfg(test)]
mod tests;
mod version;

use super::{ClientHints, Detection, DeviceLookup};
use candor_core::{Vocabulary, visit::Device};
use client::Client;
use file::{RuleFile, Set};
use hardware::Hardware;
use infer::Known;
use pattern::Patterns;
use quick_cache::sync::Cache;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use subject::{Rules, Subject};
use system::System;

/// Results kept. A busy site sees some ten thousand user agents a day; a result takes about 300 bytes.
const RESULTS_MAX: usize = 16_384;
/// What is beyond this of a user agent is not looked at. Real ones have up to 420 bytes.
const USER_AGENT_MAX: usize = 1_024;

/// A file of device rules that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DeviceDataError {
    /// It can't be read.
    #[error("the device rules `{}` can't be read: {source}; make them with scripts/build-devices", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is something else, damaged, or of another version.
    #[error("`{}` holds no device rules that this version reads; make them anew with scripts/build-devices", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
}

impl DeviceDataError {
    fn open(path: &Path, source: std::io::Error) -> Self {
        Self::Open { path: path.to_owned(), source }
    }

    fn format(path: &Path) -> Self {
        Self::Format { path: path.to_owned() }
    }
}

/// Tells bots, systems, clients and devices by user agent and client hints.
#[derive(Debug)]
pub struct DeviceEngine {
    rules: Rules,
    /// By two hashes with random keys: nobody can make a user agent that takes another's place.
    results: Cache<(u64, u64), Detection>,
    keys: (RandomState, RandomState),
}

impl DeviceEngine {
    /// Opens a file of rules. Costs next to nothing: pages are read and rules compiled when they are needed.
    ///
    /// # Errors
    /// When the file can't be read or is not such a file.
    pub fn open(path: &Path) -> Result<Self, DeviceDataError> {
        let rules = Rules { file: RuleFile::open(path)?, patterns: Patterns::new() };
        let keys = (RandomState::new(), RandomState::new());
        Ok(Self { rules, results: Cache::new(RESULTS_MAX), keys })
    }

    /// Fills in names and families of systems and browsers, and the brands.
    pub fn vocabulary(&self, vocabulary: &mut Vocabulary) {
        self.rules.file.fill(vocabulary);
    }

    /// Where the rules come from and under which licence.
    #[must_use]
    pub fn notice(&self) -> &str {
        self.rules.file.notice()
    }

    fn detect_anew(&self, user_agent: &str, hints: &ClientHints) -> Detection {
        let user_agent = user_agent.get(..user_agent.floor_char_boundary(USER_AGENT_MAX)).unwrap_or_default();
        if hints.is_empty() && !user_agent.contains(|c: char| c.is_ascii_alphabetic()) {
            return Detection::default();
        }
        let file = &self.rules.file;
        let subject = Subject::new(&self.rules, user_agent.to_owned());
        if let Some(bot) = subject.first(Set::Bots) {
            return Detection { bot: Some(bot.name()), ..Detection::default() };
        }
        let restored = hardware::with_model(user_agent, hints).map(|text| Subject::new(&self.rules, text));
        let detailed = restored.as_ref().unwrap_or(&subject);
        let system = system::read(file, detailed, hints);
        let client = client::read(file, &subject, hints).unwrap_or_default();
        let known = Known { rules: &self.rules, subject: &subject, hints, system: &system, client: &client };
        let hardware = known.complete(hardware::read(&subject, detailed, hints));
        Detection { bot: None, client_is_browser: client.is_browser(), device: stored(system, client, hardware) }
    }
}

impl DeviceLookup for DeviceEngine {
    fn detect(&self, user_agent: &str, hints: &ClientHints) -> Detection {
        let subject = (user_agent, hints);
        let key = (self.keys.0.hash_one(subject), self.keys.1.hash_one(subject));
        self.results.get(&key).unwrap_or_else(|| {
            let found = self.detect_anew(user_agent, hints);
            self.results.insert(key, found.clone());
            found
        })
    }
}

/// As the store keeps it.
fn stored(system: System, client: Client, hardware: Hardware) -> Device {
    let browser = if client.is_browser() { client.code } else { client.name };
    Device {
        os: system.code,
        os_version: version::cut(&system.version),
        client_type: client.kind.to_owned(),
        browser,
        browser_version: version::cut(&client.version),
        browser_engine: client.engine,
        kind: hardware.kind,
        brand: hardware.brand,
        model: hardware.model,
    }
}
