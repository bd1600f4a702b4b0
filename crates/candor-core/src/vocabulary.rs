//! Loaded tables of codes and names: operating systems, browsers, families, countries, continents, languages.
//! Given to collect and query as values; the store keeps codes.

use std::collections::BTreeMap;

/// The tables. Built by `candor_collect::enrich` from its data files; empty tables make every code its own name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vocabulary {
    /// Operating system code → name (`WIN` → `Windows`).
    pub os_names: BTreeMap<String, String>,
    /// Operating system code → family name (`UBT` → `GNU/Linux`).
    pub os_families: BTreeMap<String, String>,
    /// Browser code → name (`FF` → `Firefox`).
    pub browser_names: BTreeMap<String, String>,
    /// Browser code → family name (`FF` → `Firefox`).
    pub browser_families: BTreeMap<String, String>,
    /// Brand names.
    pub brands: Vec<String>,
    /// Country code (lower case) → English name.
    pub country_names: BTreeMap<String, String>,
    /// Country code → continent code (`eur`, `asi`, `amc`, `amn`, `ams`, `afr`, `ant`, `oce`).
    pub country_continents: BTreeMap<String, String>,
    /// `country|region` (lower-case country, upper-case region) → region's name.
    pub region_names: BTreeMap<String, String>,
    /// Language code (`de`, `zh-tw`) → English name.
    pub language_names: BTreeMap<String, String>,
    /// Currency code → symbol.
    pub currency_symbols: BTreeMap<String, String>,
    /// Currency code → English name.
    pub currency_names: BTreeMap<String, String>,
    /// Search engine name → its home page.
    pub search_engine_urls: BTreeMap<String, String>,
    /// Search engine name → pattern of its result page, `{k}` for the keyword; relative to its home page.
    pub search_engine_backlinks: BTreeMap<String, String>,
    /// Social network name → its home page.
    pub social_urls: BTreeMap<String, String>,
}

/// Names of device types by Matomo's number.
pub const DEVICE_TYPES: [&str; 14] = [
    "desktop",
    "smartphone",
    "tablet",
    "feature phone",
    "console",
    "tv",
    "car browser",
    "smart display",
    "camera",
    "portable media player",
    "phablet",
    "smart speaker",
    "wearable",
    "peripheral",
];
