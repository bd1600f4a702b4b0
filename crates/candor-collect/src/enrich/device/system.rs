//! The operating system: what the user agent says, corrected by what client hints say.

use super::file::{RuleFile, Set, Table};
use super::names::{Coded, fuzzy};
use super::subject::Subject;
use super::version;
use crate::enrich::ClientHints;

/// An operating system. Empty = unknown.
#[derive(Debug, Clone, Default)]
pub(super) struct System {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) family: String,
    pub(super) version: String,
}

/// What a hint of Windows' version is when the system is 7, 8 or 8.1 and does not say which.
const WINDOWS_BEFORE_10: &str = "0.0.0";

/// Reads the system from both sources.
pub(super) fn read(file: &RuleFile, subject: &Subject<'_>, hints: &ClientHints) -> System {
    let told = from_user_agent(file, subject);
    let system = match from_hints(file, hints) {
        Some(hinted) => merge(file, hinted, told),
        None => told,
    };
    by_app(file, system, &hints.app)
}

fn system(file: &RuleFile, coded: Coded, version: String) -> System {
    let family = file.system_family(&coded.code).to_owned();
    System { name: coded.name, code: coded.code, family, version }
}

fn from_user_agent(file: &RuleFile, subject: &Subject<'_>) -> System {
    let Some(found) = subject.first(Set::Systems) else { return System::default() };
    let finer = subject.first_of(found.rule.children.clone());
    let name = finer.as_ref().map(super::subject::Found::name).filter(|name| !name.is_empty());
    let version = finer.as_ref().unwrap_or(&found).version();
    let name = name.unwrap_or_else(|| found.name());
    system(file, RuleFile::named(file.system(&name), name), version)
}

fn from_hints(file: &RuleFile, hints: &ClientHints) -> Option<System> {
    let name = file.lookup(Table::OsHints, &fuzzy(&hints.platform)).unwrap_or(&hints.platform);
    let coded = file.system(name)?;
    let version = hints.platform_version.replace('_', ".").trim_matches([' ', '.']).to_owned();
    let version = match (coded.name.as_str(), version::major(&version)) {
        ("Windows", 0) => match version::part(&version, 1) {
            1 => "7".to_owned(),
            2 => "8".to_owned(),
            3 => "8.1".to_owned(),
            _ => version,
        },
        ("Windows", 1..=10) => "10".to_owned(),
        ("Windows", _) => "11".to_owned(),
        (_, 0) if version != WINDOWS_BEFORE_10 => String::new(),
        _ => version,
    };
    Some(system(file, coded, version))
}

/// Hints decide, except where the user agent knows a relative of that system more exactly.
fn merge(file: &RuleFile, hinted: System, told: System) -> System {
    let mut system = hinted.clone();
    if system.version.is_empty() && system.family == told.family {
        system.version.clone_from(&told.version);
    }
    if system.name == "Windows" && system.version == WINDOWS_BEFORE_10 {
        system.version = if told.version == "10" { String::new() } else { told.version.clone() };
    }
    if told.family == system.name && told.name != system.name {
        system = System { version: system.version, ..told.clone() };
        match system.name.as_str() {
            "LeafOS" | "HarmonyOS" => system.version = String::new(),
            "PICO OS" => system.version = told.version,
            "Fire OS" if !hinted.version.is_empty() => system.version = derived(file, Table::FireOs, &system.version),
            _ => {}
        }
        return system;
    }
    match (system.name.as_str(), told.name.as_str()) {
        ("GNU/Linux", "Chrome OS") if hinted.version == told.version => told,
        ("GNU/Linux", "Meta Horizon") => System { version: system.version, ..told },
        ("Android", "Chrome OS") => System { version: String::new(), ..told },
        _ => system,
    }
}

/// Some apps exist on one system only, whatever the user agent pretends.
fn by_app(file: &RuleFile, given: System, app: &str) -> System {
    let named = |name, version| file.system(name).map(|coded| system(file, coded, version));
    let other = if file.has(Table::AndroidApps, app) && given.name != "Android" {
        named("Android", String::new())
    } else if app == "org.lineageos.jelly" && given.name != "Lineage OS" {
        named("Lineage OS", derived(file, Table::LineageOs, &given.version))
    } else if app == "org.mozilla.tv.firefox" && given.name != "Fire OS" {
        named("Fire OS", derived(file, Table::FireOs, &given.version))
    } else {
        None
    };
    other.unwrap_or(given)
}

/// The version of a system that is built on Android, by Android's.
fn derived(file: &RuleFile, table: Table, android: &str) -> String {
    let by_major = || file.lookup(table, &version::major(android).to_string());
    file.lookup(table, android).or_else(by_major).unwrap_or_default().to_owned()
}
