//! `UserCountry`: places. Its reports are in the catalogue.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value has null where a key is missing; bodies are our own objects"
)]

use crate::matomo_api::{
    call::{Access, Call, Method, data},
    dispatch::VIEW_SOMEWHERE,
    error::ApiError,
};
use candor_query::table::Answer;
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("getCountryCodeMapping", Access::Anyone, |call| Ok(data(json!(call.app.vocabulary.country_names)))),
    Method::new("getLocationFromIP", VIEW_SOMEWHERE, location),
];

/// Matomo's answer names continents as MaxMind does.
const CONTINENTS: [(&str, &str, &str); 8] = [
    ("afr", "AF", "Africa"),
    ("amc", "NA", "North America"),
    ("amn", "NA", "North America"),
    ("ams", "SA", "South America"),
    ("ant", "AN", "Antarctica"),
    ("asi", "AS", "Asia"),
    ("eur", "EU", "Europe"),
    ("oce", "OC", "Oceania"),
];

/// To about a hundred metres: databases aren't more exact.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1000.0).round() / 1000.0
}

fn location(call: &Call<'_>) -> Result<Answer, ApiError> {
    let ip = match call.arguments.text("ip") {
        Some(text) => text.parse().map_err(|_| ApiError::invalid("ip", text, "give an address as 192.0.2.1"))?,
        None => call.ip,
    };
    let Some(place) = call.app.geo.locate(ip) else { return Ok(data(json!({ "ip": ip.to_string() }))) };
    let names = &call.app.vocabulary;
    let continent = names.country_continents.get(&place.country).map_or("", String::as_str);
    let (code, name) = CONTINENTS.iter().find(|(ours, _, _)| *ours == continent).map_or(("", ""), |(_, c, n)| (c, n));
    let region = names.region_names.get(&format!("{}|{}", place.country, place.region));
    let mut shown = json!({
        "continent_name": name,
        "continent_code": code,
        "country_code": place.country.to_uppercase(),
        "country_name": names.country_names.get(&place.country),
        "city_name": Some(&place.city).filter(|city| !city.is_empty()),
        "lat": place.latitude.map(rounded),
        "long": place.longitude.map(rounded),
        // no database of ours tells it
        "postal_code": Value::Null,
    });
    if let (Value::Object(entries), false) = (&mut shown, place.region.is_empty()) {
        entries.insert("region_code".into(), json!(place.region));
        entries.insert("region_name".into(), json!(region));
    }
    shown["ip"] = json!(ip.to_string());
    Ok(data(shown))
}
