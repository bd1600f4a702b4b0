//! The device: its type, brand and model as the rules tell, from the user agent or the model in client hints.

use super::file::{Set, Table};
use super::fragment;
use super::subject::{Rules, Subject};
use crate::enrich::ClientHints;

/// Matomo's numbers of device types.
pub(super) mod kind {
    pub(in super::super) const DESKTOP: u8 = 0;
    pub(in super::super) const SMARTPHONE: u8 = 1;
    pub(in super::super) const TABLET: u8 = 2;
    pub(in super::super) const FEATURE_PHONE: u8 = 3;
    pub(in super::super) const TV: u8 = 5;
    pub(in super::super) const CAR_BROWSER: u8 = 6;
    pub(in super::super) const WEARABLE: u8 = 12;
    pub(in super::super) const PERIPHERAL: u8 = 13;
}

/// A form factor in client hints and the type it means; the first that is given counts.
const FORM_FACTORS: [(&str, u8); 7] = [
    ("automotive", kind::CAR_BROWSER),
    ("xr", kind::WEARABLE),
    ("watch", kind::WEARABLE),
    ("mobile", kind::SMARTPHONE),
    ("tablet", kind::TABLET),
    ("desktop", kind::DESKTOP),
    ("eink", kind::TABLET),
];
/// The brand of rules that know a type but no maker.
const NO_BRAND: &str = "Unknown";

/// How the systems of desktops that may have a model begin.
const DESKTOPS: [&str; 2] = ["X11; Linux x86_64", "Windows NT 10.0; Win64; x64"];

/// A device. Empty = unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Hardware {
    pub(super) kind: Option<u8>,
    pub(super) brand: String,
    pub(super) model: String,
}

/// The first set of rules that knows the device.
///
/// `told` is the user agent as given, `subject` the one with the model of the hints. Other than phones, devices
/// must be known by the former: a console's browser on a desktop must not make that one a console.
pub(super) fn read(told: &Subject<'_>, subject: &Subject<'_>, hints: &ClientHints) -> Hardware {
    let television = || Hardware { kind: Some(kind::TV), ..Hardware::default() };
    if fragment::HBB_TV.is_in(&subject.text) {
        return by_rules(subject, Set::Televisions).unwrap_or_else(television);
    }
    if fragment::SHELL_TV.is_in(&subject.text) {
        return by_rules(subject, Set::ShellTv).unwrap_or_else(television);
    }
    // A desktop's user agent names no model: don't look for a phone in it.
    if hints.model.is_empty() && is_plain_desktop(&subject.text) {
        return Hardware::default();
    }
    let notebook = || fragment::NAMED_MODEL.is_in(&subject.text).then(|| by_rules(subject, Set::Notebooks)).flatten();
    let others = [Set::Consoles, Set::CarBrowsers, Set::Cameras, Set::PortableMediaPlayers];
    notebook()
        .or_else(|| others.iter().filter(|set| told.first(**set).is_some()).find_map(|set| by_rules(subject, *set)))
        .or_else(|| by_rules(subject, Set::Mobiles))
        .unwrap_or_else(|| by_form_factor(hints))
}

/// The brand by a mark that makers put into a browser they ship.
pub(super) fn vendor(subject: &Subject<'_>) -> String {
    subject.first(Set::Vendors).map(|found| found.name()).unwrap_or_default()
}

/// The user agent with the model that client hints give, where browsers leave it out.
pub(super) fn with_model(text: &str, hints: &ClientHints) -> Option<String> {
    if hints.model.is_empty() {
        return None;
    }
    if fragment::FROZEN_ANDROID.is_in(text) {
        return android_with_model(text, hints);
    }
    let system = DESKTOPS.iter().find(|system| text.contains(**system)).filter(|_| is_plain_desktop(text))?;
    Some(text.replace(system, &format!("{system}; {}", hints.model)))
}

/// `Android 10; K)` → `Android 13; Pixel 6)`.
fn android_with_model(text: &str, hints: &ClientHints) -> Option<String> {
    let (before, after) = text.split_once("Android 1")?;
    let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.strip_prefix("; K").unwrap_or(rest);
    let version = if hints.platform_version.is_empty() { "10" } else { &hints.platform_version };
    Some(format!("{before}Android {version}; {}{rest}", hints.model))
}

fn is_plain_desktop(text: &str) -> bool {
    fragment::DESKTOP_SYSTEM.is_in(text) && !fragment::NOT_PLAIN_DESKTOP.is_in(text)
}

fn by_form_factor(hints: &ClientHints) -> Hardware {
    if hints.model.is_empty() {
        return Hardware::default();
    }
    let given = |name: &str| hints.form_factors.iter().any(|factor| factor.eq_ignore_ascii_case(name));
    let kind = FORM_FACTORS.iter().find(|(name, _)| given(name)).map(|(_, kind)| *kind);
    Hardware { kind, brand: String::new(), model: hints.model.clone() }
}

/// The brand's rule, then the model's, which may name another brand or type.
fn by_rules(subject: &Subject<'_>, set: Set) -> Option<Hardware> {
    let found = subject.first(set)?;
    let mut hardware = Hardware { kind: found.rule.kind, brand: found.name(), model: clean_model(&found.value()) };
    if let Some(model) = subject.first_of(found.rule.children.clone()) {
        hardware.model = clean_model(&model.value());
        hardware.kind = model.rule.kind.or(hardware.kind);
        let brand = model.name();
        if !brand.is_empty() {
            hardware.brand = brand;
        }
    }
    if hardware.brand == NO_BRAND {
        hardware.brand.clear();
    }
    Some(hardware)
}

fn clean_model(model: &str) -> String {
    let model = model.replace('_', " ");
    let model = model.trim();
    let bare = model.len().checked_sub(3).and_then(|at| model.split_at_checked(at));
    let model = bare.filter(|(_, end)| end.eq_ignore_ascii_case(" TD")).map_or(model, |(start, _)| start);
    if model == "Build" { String::new() } else { model.trim().to_owned() }
}

/// Whether a client exists on televisions only.
pub(super) fn is_tv_client(rules: &Rules, name: &str) -> bool {
    rules.file.has(Table::TvClients, name)
}
