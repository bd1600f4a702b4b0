//! The two shapes of location records: GeoIP2's nested one (MaxMind, DB-IP's own downloads) and the flat one
//! of the `ip-location-db` packages, whose regions are names instead of ISO codes.

use super::region;
use candor_core::visit::Location;
use maxminddb::{LookupResult, MaxMindDbError};
use serde::Deserialize;

/// Matomo's limit.
const CITY_CHARS_MAX: usize = 255;

/// GeoIP2's record, as far as we need it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Nested<'a> {
    #[serde(borrow)]
    country: Place<'a>,
    registered_country: Place<'a>,
    subdivisions: Vec<Place<'a>>,
    city: Place<'a>,
    location: Point,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    iso_code: &'a str,
    #[serde(borrow)]
    names: Names<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Names<'a> {
    en: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Point {
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// The flat record.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Flat<'a> {
    country_code: &'a str,
    state1: &'a str,
    city: &'a str,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// The location that a record holds; `None` when there is no record or it names no country.
pub(super) fn location<S: AsRef<[u8]>>(found: &LookupResult<'_, S>) -> Result<Option<Location>, MaxMindDbError> {
    let is_flat = found.decode_path::<&str>(&maxminddb::path!["country_code"]).is_ok_and(|code| code.is_some());
    let location = if is_flat {
        found.decode::<Flat<'_>>()?.map(Flat::into_location)
    } else {
        found.decode::<Nested<'_>>()?.map(Nested::into_location)
    };
    Ok(location.filter(|location| !location.country.is_empty()))
}

impl Nested<'_> {
    fn into_location(self) -> Location {
        let country = [self.country.iso_code, self.registered_country.iso_code];
        let country = country.into_iter().find(|code| !code.is_empty()).unwrap_or_default().to_ascii_lowercase();
        // The first subdivision is the largest one.
        let region = self.subdivisions.first().map(|r| region::code(&country, r.iso_code, r.names.en));
        Location {
            region: region.unwrap_or_default(),
            city: cut(self.city.names.en),
            latitude: degrees(self.location.latitude),
            longitude: degrees(self.location.longitude),
            country,
        }
    }
}

impl Flat<'_> {
    fn into_location(self) -> Location {
        let country = self.country_code.to_ascii_lowercase();
        Location {
            region: region::code(&country, "", self.state1),
            city: cut(self.city),
            latitude: degrees(self.latitude),
            longitude: degrees(self.longitude),
            country,
        }
    }
}

fn cut(city: &str) -> String {
    city.chars().take(CITY_CHARS_MAX).collect()
}

/// Six decimals, as Matomo keeps them: a tenth of a metre.
fn degrees(value: Option<f64>) -> Option<f64> {
    value.map(|v| (v * 1e6).round() / 1e6)
}
