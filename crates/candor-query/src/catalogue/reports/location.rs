//! Where visitors are and what they speak.

use super::{
    Goals, Labelling, ReportDef, View,
    labels::{country, grouped, named, segment},
};
use crate::table::{Row, Table, Value};
use candor_core::params::url_encode;

fn country_row(row: &mut Row, l: &Labelling<'_>) {
    let code = row.label().to_owned();
    row.label = Some(country(&code, l).to_owned());
    segment(row, "countryCode", &code);
    row.set_meta("code", Value::Text(code));
}

fn by_continent(table: Table, l: &Labelling<'_>) -> Table {
    grouped(table, |code| {
        let continent = l.vocabulary.country_continents.get(code).map_or("", String::as_str);
        match continent {
            "eur" => "Europe",
            "asi" => "Asia",
            "afr" => "Africa",
            "amn" => "North America",
            "ams" => "South America",
            "amc" => "Central America",
            "oce" => "Oceania",
            "ant" => "Antarctica",
            _ => "Unknown",
        }
        .to_owned()
    })
}

fn continent_row(row: &mut Row, _: &Labelling<'_>) {
    let name = row.label().to_owned();
    row.set_meta("code", Value::Text(name));
}

/// A place's parts as stored, with what stands for unknown ones.
struct Place {
    city: String,
    region: String,
    country: String,
}

impl Place {
    fn parse(label: &str, has_city: bool) -> Self {
        let mut parts = label.split('|').map(|part| if part == "xx" { "" } else { part }.to_owned());
        let city = if has_city { parts.next().unwrap_or_default() } else { String::new() };
        Self { city, region: parts.next().unwrap_or_default(), country: parts.next().unwrap_or_default() }
    }

    fn region_name(&self, l: &Labelling<'_>) -> String {
        if self.region.is_empty() || self.country.is_empty() {
            return "Unknown".to_owned();
        }
        let key = format!("{}|{}", self.country, self.region);
        l.vocabulary.region_names.get(&key).cloned().unwrap_or_else(|| self.region.clone())
    }

    fn describe(&self, row: &mut Row, l: &Labelling<'_>) {
        let or_unknown = |code: &str| Value::text(if code.is_empty() { "xx" } else { code });
        row.set_meta("region", or_unknown(&self.region));
        row.set_meta("country", or_unknown(&self.country));
        row.set_meta("country_name", Value::text(country(&self.country, l)));
        row.set_meta("region_name", Value::Text(self.region_name(l)));
    }
}

/// Places whose first part is unknown are one row, whatever else is known of them.
fn known_places(table: Table, _: &Labelling<'_>) -> Table {
    grouped(table, |label| if matches!(label.split('|').next(), Some("" | "xx")) { "" } else { label }.to_owned())
}

fn region_row(row: &mut Row, l: &Labelling<'_>) {
    let place = Place::parse(row.label(), false);
    if place.region.is_empty() {
        row.label = Some("Unknown".to_owned());
    } else {
        row.label = Some(format!("{}, {}", place.region_name(l), country(&place.country, l)));
        row.set_meta("segment", Value::Text(format!("regionCode=={};countryCode=={}", place.region, place.country)));
    }
    place.describe(row, l);
}

fn city_row(row: &mut Row, l: &Labelling<'_>) {
    let place = Place::parse(row.label(), true);
    let known = |coordinate: &str| row.meta(coordinate).is_some_and(|v| v.number() != 0.0);
    if !known("lat") || !known("long") || place.city.is_empty() {
        row.remove_meta("lat");
        row.remove_meta("long");
    }
    let mut parts = vec![];
    if place.city.is_empty() {
        parts.push("Unknown".to_owned());
        row.set_meta("city", Value::text("xx"));
        row.set_meta("city_name", Value::text("Unknown"));
    } else {
        parts.push(place.city.clone());
        row.set_meta("city_name", Value::text(place.city.clone()));
        let text =
            format!("city=={};regionCode=={};countryCode=={}", url_encode(&place.city), place.region, place.country);
        row.set_meta("segment", Value::Text(text));
    }
    if !place.region.is_empty() {
        parts.push(place.region_name(l));
    }
    if !place.country.is_empty() {
        parts.push(country(&place.country, l).to_owned());
    }
    row.label = Some(parts.join(", "));
    place.describe(row, l);
}

fn by_language(table: Table, _: &Labelling<'_>) -> Table {
    grouped(table, |code| code.split('-').next().unwrap_or_default().to_owned())
}

fn language_row(row: &mut Row, l: &Labelling<'_>) {
    let code = row.label().to_owned();
    row.label = Some(language(&code, l));
    let text = match code.as_str() {
        "" | "xx" => "languageCode==xx".to_owned(),
        code => format!("languageCode=={code},languageCode=@{code}-"),
    };
    row.set_meta("segment", Value::Text(text));
}

fn language(code: &str, l: &Labelling<'_>) -> String {
    match code {
        "" | "xx" => "Unknown".to_owned(),
        code => named(&l.vocabulary.language_names, code).to_owned(),
    }
}

fn language_code_row(row: &mut Row, l: &Labelling<'_>) {
    let code = if row.label().is_empty() { "xx" } else { row.label() }.to_owned();
    let (language_code, country_code) = code.split_once('-').unwrap_or((&code, ""));
    let name = language(language_code, l);
    row.label = Some(match country_code {
        "" => format!("{name} ({code})"),
        place => format!("{name} - {} ({code})", country(place, l)),
    });
    segment(row, "languageCode", &code);
}

/// Users are not shown by place.
const PLACE: &[&str] = &["nb_visits", "nb_uniq_visitors", "nb_actions"];

const CATEGORY: &str = "Visitors";
const LOCATIONS: &str = "Locations";

const fn map(mut report: ReportDef) -> ReportDef {
    report.view = View::Map;
    report
}

pub(super) const REPORTS: &[ReportDef] = &[
    map(ReportDef::rows("UserCountry.getCountry", "Country", "UserCountry_country")
        .of("Country", &["UserCountry_Country"])
        .goals(Goals::Visits)
        .describing(PLACE, &["*"])
        .labelled(country_row)
        .listed(CATEGORY, LOCATIONS, 5)
        .featured()
        .says("The countries that visits came from.")),
    ReportDef::rows("UserCountry.getContinent", "Continent", "UserCountry_country")
        .of("Continent", &["UserCountry_Continent"])
        .goals(Goals::Visits)
        .describing(PLACE, &["*"])
        .shaped(by_continent)
        .labelled(continent_row)
        .listed(CATEGORY, LOCATIONS, 6)
        .says("The continents that visits came from."),
    ReportDef::rows("UserCountry.getRegion", "Region", "UserCountry_region")
        .of("Region", &["UserCountry_Region"])
        .goals(Goals::Visits)
        .describing(PLACE, &["*"])
        .shaped(known_places)
        .labelled(region_row)
        .listed(CATEGORY, LOCATIONS, 7)
        .says("The regions that visits came from."),
    ReportDef::rows("UserCountry.getCity", "City", "UserCountry_city")
        .of("City", &["UserCountry_City"])
        .goals(Goals::Visits)
        .describing(PLACE, &["*"])
        .shaped(known_places)
        .labelled(city_row)
        .listed(CATEGORY, LOCATIONS, 8)
        .says("The cities that visits came from."),
    ReportDef::numbers(
        "UserCountry.getNumberOfDistinctCountries",
        "",
        &[("UserCountry_distinctCountries", "UserCountry_distinctCountries")],
    )
    .unlisted(),
    ReportDef::rows("UserLanguage.getLanguage", "Browser language", "UserLanguage_language")
        .of("Language", &["UserLanguage_Language"])
        .shaped(by_language)
        .labelled(language_row)
        .listed(CATEGORY, LOCATIONS, 8)
        .says("The languages that browsers ask for."),
    ReportDef::rows("UserLanguage.getLanguageCode", "Language code", "UserLanguage_language")
        .of("Language code", &["UserLanguage_Language"])
        .labelled(language_code_row)
        .listed(CATEGORY, LOCATIONS, 11)
        .says("The languages that browsers ask for, with their country."),
];
