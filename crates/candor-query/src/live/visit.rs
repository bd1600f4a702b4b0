//! One visit as a row of `Live.getLastVisitsDetails`.

use super::{
    pretty::{Moment, duration, text_or_null, utc},
    record::Record,
};
use crate::table::{Name, Row, Value};
use candor_core::{
    DimensionScope, Fingerprint, ReferrerType, SiteSettings, Vocabulary, visit::plugin, vocabulary::DEVICE_TYPES,
};
use std::{collections::BTreeMap, net::IpAddr};

/// What was done in a visit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Details {
    /// Goals reached (orders not counted).
    pub(super) goal_conversions: i64,
    /// Actions and conversions in order of time.
    pub(super) actions: Vec<Value>,
}

type Fields = Vec<(Name, Value)>;

/// Engines with the browsers that people know them by.
const ENGINES: [(&str, &str); 8] = [
    ("WebKit", "WebKit (Safari)"),
    ("Blink", "Blink (Chrome, Opera)"),
    ("Gecko", "Gecko (Firefox)"),
    ("Trident", "Trident (IE)"),
    ("Presto", "Presto (Opera)"),
    ("Edge", "Edge"),
    ("Goanna", "Goanna"),
    ("KHTML", "KHTML (Konqueror)"),
];

/// Names of the channels.
const CHANNELS: [(&str, &str); 6] = [
    ("direct", "Direct Entry"),
    ("search", "Search Engines"),
    ("website", "Websites"),
    ("campaign", "Campaigns"),
    ("social", "Social Networks"),
    ("aiassistant", "AI Assistants"),
];

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

fn known(text_: &str) -> Value {
    text(if text_.is_empty() { "Unknown" } else { text_ })
}

/// Symbol of a site's currency; its code when it has none.
pub(super) fn symbol<'a>(site: &'a SiteSettings, vocabulary: &'a Vocabulary) -> &'a str {
    vocabulary.currency_symbols.get(&site.currency).unwrap_or(&site.currency)
}

/// The row.
pub(super) fn row(visit: Record<'_>, site: &SiteSettings, vocabulary: &Vocabulary, details: Details) -> Row {
    let mut fields: Fields = vec![];
    identity(visit, site, &mut fields);
    fields.push(("actionDetails".into(), Value::List(details.actions)));
    fields.push(("goalConversions".into(), Value::Int(details.goal_conversions)));
    fields.extend([
        ("siteCurrency".into(), text(&*site.currency)),
        ("siteCurrencySymbol".into(), text(symbol(site, vocabulary))),
        ("siteName".into(), text(&*site.name)),
    ]);
    times(visit, site, &mut fields);
    visitor(visit, &mut fields);
    numbers(visit, &mut fields);
    referrer(visit, vocabulary, &mut fields);
    language(visit, vocabulary, &mut fields);
    device(visit, vocabulary, &mut fields);
    location(visit, vocabulary, &mut fields);
    abilities(visit, &mut fields);
    own_dimensions(visit, site, &mut fields);
    Row { columns: fields, ..Row::default() }
}

fn identity(visit: Record<'_>, site: &SiteSettings, fields: &mut Fields) {
    fields.extend([
        ("idSite".into(), Value::Int(i64::from(site.id.0))),
        ("idVisit".into(), Value::Int(visit.int("visit_id"))),
        ("visitIp".into(), text(address(visit.bytes("ip")))),
        ("visitorId".into(), visit.visitor().map_or(Value::Null, |id| text(id.to_hex()))),
        ("fingerprint".into(), text(Fingerprint(visit.int("fingerprint").cast_unsigned()).to_hex())),
    ]);
}

/// An address of 4 or 16 bytes; anything else is none.
fn address(bytes: &[u8]) -> String {
    let address =
        <[u8; 4]>::try_from(bytes).map(IpAddr::from).or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
    address.map(|a| a.to_string()).unwrap_or_default()
}

fn times(visit: Record<'_>, site: &SiteSettings, fields: &mut Fields) {
    let (first_at, last_at) = (visit.int("first_at"), visit.int("last_at"));
    let (first, last) = (Moment::new(&site.zone, first_at), Moment::new(&site.zone, last_at));
    fields.extend([
        ("serverDate".into(), text(last.date)),
        ("visitServerHour".into(), text(last.hour)),
        ("lastActionTimestamp".into(), Value::Int(last_at)),
        ("lastActionDateTime".into(), text(utc(last_at))),
        ("serverTimestamp".into(), Value::Int(last_at)),
        ("firstActionTimestamp".into(), Value::Int(first_at)),
        ("serverTimePretty".into(), text(last.time_pretty)),
        ("serverDatePretty".into(), text(last.date_pretty)),
        ("serverDatePrettyFirstAction".into(), text(first.date_pretty)),
        ("serverTimePrettyFirstAction".into(), text(first.time_pretty)),
    ]);
}

fn visitor(visit: Record<'_>, fields: &mut Fields) {
    let kind = match visit.int("returning") {
        0 => "new",
        1 => "returning",
        _ => "returningCustomer",
    };
    let buyer = match visit.int("buyer") {
        1 => "ordered",
        2 => "abandonedCart",
        3 => "orderedThenAbandonedCart",
        _ => "none",
    };
    let since_first = visit.optional_int("seconds_since_first");
    let since_order = visit.optional_int("seconds_since_order");
    fields.extend([
        ("userId".into(), text_or_null(visit.text("user_id"))),
        ("visitorType".into(), text(kind)),
        ("visitorTypeIcon".into(), Value::Null),
        ("visitConverted".into(), Value::Int(visit.int("converted"))),
        ("visitConvertedIcon".into(), Value::Null),
        ("visitCount".into(), Value::Int(visit.int("visit_count"))),
        ("visitEcommerceStatus".into(), text(buyer)),
        ("visitEcommerceStatusIcon".into(), Value::Null),
        ("daysSinceFirstVisit".into(), Value::Int(since_first.unwrap_or(0) / 86_400)),
        ("secondsSinceFirstVisit".into(), since_first.map_or(Value::Null, Value::Int)),
        ("daysSinceLastEcommerceOrder".into(), Value::Int(since_order.unwrap_or(0) / 86_400)),
        ("secondsSinceLastEcommerceOrder".into(), since_order.map_or(Value::Null, Value::Int)),
        ("daysSinceLastVisit".into(), Value::Int(visit.int("seconds_since_last") / 86_400)),
        ("secondsSinceLastVisit".into(), Value::Int(visit.int("seconds_since_last"))),
    ]);
}

fn numbers(visit: Record<'_>, fields: &mut Fields) {
    let time = visit.int("total_time");
    fields.extend([
        ("visitDuration".into(), Value::Int(time)),
        ("visitDurationPretty".into(), text(duration(time))),
        ("searches".into(), Value::Int(visit.int("searches"))),
        ("actions".into(), Value::Int(visit.int("actions"))),
        ("interactions".into(), Value::Int(visit.int("interactions"))),
        ("events".into(), Value::Int(visit.int("events"))),
    ]);
}

fn referrer(visit: Record<'_>, vocabulary: &Vocabulary, fields: &mut Fields) {
    let kind = ReferrerType::from_number(u8::try_from(visit.int("referrer_type")).unwrap_or_default());
    let code = ReferrerType::ALL.iter().find(|(_, t)| Some(*t) == kind).map_or("direct", |(code, _)| *code);
    let channel = CHANNELS.iter().find(|(c, _)| *c == code).map_or("", |(_, name)| *name);
    let name = visit.text("referrer_name");
    let home = |homes: &BTreeMap<String, String>, of: &str| {
        if code == of { homes.get(name).map_or(Value::Null, |url| text(url.as_str())) } else { Value::Null }
    };
    fields.extend([
        ("referrerType".into(), text(code)),
        ("referrerTypeName".into(), text(channel)),
        ("referrerName".into(), text(name)),
        ("referrerKeyword".into(), text(visit.text("referrer_keyword"))),
        ("referrerKeywordPosition".into(), Value::Null),
        ("referrerUrl".into(), text_or_null(visit.text("referrer_url"))),
        ("referrerSearchEngineUrl".into(), home(&vocabulary.search_engine_urls, "search")),
        ("referrerSearchEngineIcon".into(), Value::Null),
        ("referrerSocialNetworkUrl".into(), home(&vocabulary.social_urls, "social")),
        ("referrerSocialNetworkIcon".into(), Value::Null),
    ]);
}

fn language(visit: Record<'_>, vocabulary: &Vocabulary, fields: &mut Fields) {
    let code = visit.text("language");
    let name = vocabulary
        .language_names
        .get(code)
        .or_else(|| vocabulary.language_names.get(code.split('-').next().unwrap_or_default()));
    fields.extend([("languageCode".into(), text(code)), ("language".into(), known(name.map_or("", String::as_str)))]);
}

fn device(visit: Record<'_>, vocabulary: &Vocabulary, fields: &mut Fields) {
    let kind = visit.optional_int("device_type").and_then(|n| DEVICE_TYPES.get(usize::try_from(n).ok()?));
    let kind = kind.map_or_else(|| "Unknown".to_owned(), |name| capitalised(name));
    let model = match visit.text("device_model") {
        "" if kind == "Unknown" => kind.clone(),
        "" => format!("Generic {kind}"),
        "generic desktop" => "Generic Desktop".to_owned(),
        model => model.to_owned(),
    };
    let (os, os_version) = (visit.text("os"), visit.text("os_version"));
    let os_name = vocabulary.os_names.get(os).map_or("", String::as_str);
    let os_name = if os_name.is_empty() { "Unknown" } else { os_name };
    let (browser, browser_version) = (visit.text("browser"), visit.text("browser_version"));
    let browser_name = match vocabulary.browser_names.get(browser) {
        Some(name) => name,
        None if browser.is_empty() => "Unknown",
        None => browser,
    };
    let engine = visit.text("browser_engine");
    let described = ENGINES.iter().find(|(name, _)| *name == engine).map_or(engine, |(_, long)| long);
    fields.extend([
        ("deviceType".into(), text(kind)),
        ("deviceTypeIcon".into(), Value::Null),
        ("deviceBrand".into(), known(visit.text("device_brand"))),
        ("deviceModel".into(), text(model)),
        ("operatingSystem".into(), text(format!("{os_name} {os_version}").trim_end())),
        ("operatingSystemName".into(), text(os_name)),
        ("operatingSystemIcon".into(), Value::Null),
        ("operatingSystemCode".into(), text(if os.is_empty() { "UNK" } else { os })),
        ("operatingSystemVersion".into(), text(os_version)),
        ("browserFamily".into(), text(engine)),
        ("browserFamilyDescription".into(), known(described)),
        ("browser".into(), text(format!("{browser_name} {browser_version}").trim_end())),
        ("browserName".into(), text(browser_name)),
        ("browserIcon".into(), Value::Null),
        ("browserCode".into(), text(if browser.is_empty() { "UNK" } else { browser })),
        ("browserVersion".into(), text(browser_version)),
    ]);
}

/// Each word's first letter in upper case; `tv` is an abbreviation.
fn capitalised(name: &str) -> String {
    if name == "tv" {
        return "TV".into();
    }
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

const CONTINENTS: [(&str, &str); 8] = [
    ("eur", "Europe"),
    ("asi", "Asia"),
    ("amc", "Central America"),
    ("amn", "North America"),
    ("ams", "South America"),
    ("afr", "Africa"),
    ("ant", "Antarctica"),
    ("oce", "Oceania"),
];

/// Code and name of a country's continent.
pub(super) fn continent<'a>(country: &str, vocabulary: &'a Vocabulary) -> (&'a str, &'static str) {
    let code = vocabulary.country_continents.get(country).map_or("unk", String::as_str);
    (code, CONTINENTS.iter().find(|(c, _)| *c == code).map_or("Unknown", |(_, name)| name))
}

fn location(visit: Record<'_>, vocabulary: &Vocabulary, fields: &mut Fields) {
    let code = if visit.text("country").is_empty() { "xx" } else { visit.text("country") };
    let country = vocabulary.country_names.get(code).map_or("Unknown", String::as_str);
    let (continent_code, continent) = continent(code, vocabulary);
    let region_code = visit.text("region");
    let region = vocabulary.region_names.get(&format!("{code}|{region_code}")).map_or(region_code, String::as_str);
    let city = visit.text("city");
    let parts: Vec<&str> = [city, region, country].into_iter().filter(|part| !part.is_empty()).collect();
    let degrees = |name| visit.optional_float(name).map_or(Value::Null, |d| text(format!("{d:.6}")));
    fields.extend([
        ("continent".into(), text(continent)),
        ("continentCode".into(), text(continent_code)),
        ("country".into(), text(country)),
        ("countryCode".into(), text(code)),
        ("countryFlag".into(), Value::Null),
        ("region".into(), text_or_null(region)),
        ("regionCode".into(), text_or_null(region_code)),
        ("city".into(), text_or_null(city)),
        ("location".into(), text(parts.join(", "))),
        ("latitude".into(), degrees("latitude")),
        ("longitude".into(), degrees("longitude")),
    ]);
}

fn abilities(visit: Record<'_>, fields: &mut Fields) {
    let local = visit.int("local_time");
    let (hours, minutes, seconds) = (local / 3600, local % 3600 / 60, local % 60);
    let plugins = visit.int("plugins");
    let names: Vec<&str> =
        plugin::ALL.iter().filter(|(_, bit)| plugins & i64::from(*bit) != 0).map(|(n, _)| *n).collect();
    let icons = names
        .iter()
        .map(|name| Value::Map(vec![("pluginIcon".into(), Value::Null), ("pluginName".into(), text(*name))]));
    fields.extend([
        ("visitLocalTime".into(), text(format!("{hours:02}:{minutes:02}:{seconds:02}"))),
        ("visitLocalHour".into(), text(hours.to_string())),
        ("resolution".into(), text(visit.text("resolution"))),
        ("plugins".into(), text(names.join(", "))),
        ("pluginsIcons".into(), Value::List(icons.collect())),
    ]);
}

fn own_dimensions(visit: Record<'_>, site: &SiteSettings, fields: &mut Fields) {
    for dimension in site.dimensions.iter().filter(|d| d.scope == DimensionScope::Visit && d.active) {
        let slot = (dimension.index as usize).saturating_sub(1);
        let value = visit.texts("dimensions").get(slot).map_or(Value::Null, |v| text_or_null(v));
        fields.push((format!("dimension{}", dimension.id).into(), value));
    }
    fields.push(("customVariables".into(), custom_variables(visit.texts("custom_variables"), "")));
}

/// Name-value pairs by slot; an empty list when there is none. `scope` is `Page` or empty.
pub(super) fn custom_variables(pairs: &[String], scope: &str) -> Value {
    let slots: Vec<(String, Value)> = pairs
        .chunks(2)
        .enumerate()
        .filter_map(|(at, pair)| match pair {
            [name, value] if !name.is_empty() || !value.is_empty() => Some((at + 1, name, value)),
            _ => None,
        })
        .map(|(slot, name, value)| {
            let pair = vec![
                (format!("customVariable{scope}Name{slot}"), text(name.as_str())),
                (format!("customVariable{scope}Value{slot}"), text(value.as_str())),
            ];
            (slot.to_string(), Value::Map(pair))
        })
        .collect();
    if slots.is_empty() { Value::List(vec![]) } else { Value::Map(slots) }
}
