//! The browser: what the user agent says, corrected by the brands in client hints and by the app that shows the page.

use super::client::Client;
use super::file::{RuleFile, Set, Table};
use super::fragment;
use super::names::{Coded, fuzzy};
use super::subject::Subject;
use super::version;
use crate::enrich::ClientHints;
use std::cmp::Ordering;

/// Browsers whose hints give the engine's version for their own.
const VERSION_BY_USER_AGENT: [&str; 8] = ["A0", "AL", "HP", "JR", "MU", "OM", "OP", "VR"];
/// Chromium, Chrome's web view and Android's browser: what apps and lesser known browsers are made of.
const GENERIC: [&str; 3] = ["CR", "CV", "AN"];
/// Brands that many browsers give beside their own.
const SHARED_BRANDS: [&str; 2] = ["Chromium", "Microsoft Edge"];

/// Reads the browser from all sources.
pub(super) fn read(file: &RuleFile, subject: &Subject<'_>, hints: &ClientHints) -> Option<Client> {
    let told = from_user_agent(file, subject).unwrap_or_default();
    let browser = match from_hints(file, hints) {
        Some(hinted) if !hinted.version.is_empty() => merge(file, hinted, told),
        _ => told,
    };
    let browser = by_app(file, subject, browser, &hints.app);
    (!browser.name.is_empty()).then(|| by_name(browser))
}

fn browser(coded: Coded, version: String, engine: String) -> Client {
    Client { kind: Client::BROWSER, name: coded.name, code: coded.code, version, engine }
}

fn from_user_agent(file: &RuleFile, subject: &Subject<'_>) -> Option<Client> {
    let found = subject.first(Set::Browsers)?;
    let name = found.name();
    let coded = RuleFile::named(file.browser(&name), name);
    let version = found.version();
    let engine = engine_of(found.rule.detail, &version);
    let engine = if engine.is_empty() {
        subject.first(Set::Engines).map(|found| found.name()).unwrap_or_default()
    } else {
        engine.to_owned()
    };
    Some(browser(coded, version, engine))
}

/// `WebKit|28=Blink`: the last engine whose version this one has reached.
fn engine_of<'e>(detail: &'e str, version: &str) -> &'e str {
    let mut parts = detail.split('|');
    let default = parts.next().unwrap_or_default();
    let mut later = parts.filter_map(|part| part.split_once('='));
    let reached = later.rfind(|(from, _)| version::compare(version, from) != Ordering::Less);
    reached.map_or(default, |(_, engine)| engine)
}

/// The first brand that is a browser's own; a brand that many share only when there is no other.
fn from_hints(file: &RuleFile, hints: &ClientHints) -> Option<Client> {
    let mut found = None;
    for (brand, version) in &hints.brands {
        let Some(coded) = by_brand(file, brand) else { continue };
        let own = !SHARED_BRANDS.contains(&coded.name.as_str());
        found = Some((coded, version));
        if own {
            break;
        }
    }
    let (coded, version) = found?;
    let version = if hints.full_version.is_empty() { version } else { &hints.full_version };
    let version = version.replace('_', ".").trim_matches([' ', '.']).to_owned();
    let chromium = hints.brands.iter().any(|(brand, _)| brand == "Chromium");
    Some(browser(coded, version, if chromium { "Blink".to_owned() } else { String::new() }))
}

/// A brand may leave "Browser" out, or add it.
fn by_brand(file: &RuleFile, brand: &str) -> Option<Coded> {
    let name = file.lookup(Table::BrowserHints, &fuzzy(brand)).unwrap_or(brand);
    let key = fuzzy(name);
    file.browser(&key)
        .or_else(|| file.browser(&format!("{key}browser")))
        .or_else(|| file.browser(key.strip_suffix("browser")?))
}

/// Hints decide, except where the user agent is known to be more exact.
fn merge(file: &RuleFile, hinted: Client, told: Client) -> Client {
    let mut browser = by_version(file, hinted, &told);
    let generic = ["CR", "CV"].contains(&browser.code.as_str());
    if generic && !told.name.is_empty() && !GENERIC.contains(&told.code.as_str()) {
        browser = Client { engine: browser.engine, ..told.clone() };
    }
    if told.name == format!("{} Mobile", browser.name) {
        browser.name.clone_from(&told.name);
        browser.code.clone_from(&told.code);
    }
    if browser.name == told.name || file.browser_family(&browser.code) == file.browser_family(&told.code) {
        browser.engine.clone_from(&told.engine);
    }
    browser.version = more_exact(browser.version, told.version);
    if browser.name == "DuckDuckGo Privacy Browser" {
        // Its hints give the web view's version.
        browser.version.clear();
    }
    browser
}

/// Browsers that hide behind another's brand, but not behind its version; and those whose version is another's.
fn by_version(file: &RuleFile, mut browser: Client, told: &Client) -> Client {
    let release = version::major(&browser.version);
    if (2020..2025).contains(&release) {
        rename(file, &mut browser, "Iridium");
    }
    if release == 15 && version::major(&told.version) == 114 {
        rename(file, &mut browser, "360 Secure Browser");
    }
    if !told.version.is_empty() && VERSION_BY_USER_AGENT.contains(&browser.code.as_str()) {
        browser.version.clone_from(&told.version);
    }
    browser
}

/// The other version when it begins with this one and goes on.
fn more_exact(version: String, other: String) -> String {
    let longer = other.starts_with(&version) && version::compare(&version, &other) == Ordering::Less;
    if longer { other } else { version }
}

fn rename(file: &RuleFile, browser: &mut Client, name: &str) {
    if let Some(coded) = file.browser(name) {
        browser.name = coded.name;
        browser.code = coded.code;
    }
}

/// A browser that is known by its package name: the page runs in the system's web view.
fn by_app(file: &RuleFile, subject: &Subject<'_>, browser: Client, app: &str) -> Client {
    let Some(name) = file.lookup(Table::BrowserApps, app).filter(|name| !name.is_empty() && *name != browser.name)
    else {
        return browser;
    };
    let mut other =
        Client { kind: Client::BROWSER, name: name.to_owned(), engine: browser.engine, ..Client::default() };
    rename(file, &mut other, name);
    if fragment::CHROME_BUILD.is_in(&subject.text) {
        other.engine = "Blink".to_owned();
    }
    other
}

/// Browsers that pretend to be of another family.
fn by_name(browser: Client) -> Client {
    let engine = match (browser.name.as_str(), browser.engine.as_str()) {
        ("Every Browser", _) | ("TV-Browser Internet", "Gecko") => "Blink".to_owned(),
        _ => browser.engine,
    };
    Client { engine, ..browser }
}
