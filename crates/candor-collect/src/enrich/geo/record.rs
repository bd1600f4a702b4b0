//! The two shapes of location records: GeoIP2's nested one (MaxMind, DB-IP's own downloads) and the flat one
//! of the `ip-location-db` packages, whose regions are names instead of ISO codes.

use super::region;
use candor_core::visit::Location;
use maxminddb::{LookupResult, MaxMindDbError};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

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
    latitude: Degrees,
    longitude: Degrees,
}

/// The flat record.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Flat<'a> {
    country_code: &'a str,
    state1: &'a str,
    city: &'a str,
    latitude: Degrees,
    longitude: Degrees,
}

/// A coordinate. Publishers write it as single, double or whole number, which the format keeps apart.
#[derive(Default)]
struct Degrees(Option<f64>);

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DegreesVisitor)
    }
}

struct DegreesVisitor;

impl Visitor<'_> for DegreesVisitor {
    type Value = Degrees;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of degrees")
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<Degrees, E> {
        self.visit_f64(f64::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Degrees, E> {
        // Six decimals, as Matomo keeps them: a tenth of a metre.
        Ok(Degrees(Some((value * 1e6).round() / 1e6)))
    }

    fn visit_i32<E: Error>(self, value: i32) -> Result<Degrees, E> {
        self.visit_f64(f64::from(value))
    }

    fn visit_u32<E: Error>(self, value: u32) -> Result<Degrees, E> {
        self.visit_f64(f64::from(value))
    }

    fn visit_u16<E: Error>(self, value: u16) -> Result<Degrees, E> {
        self.visit_f64(f64::from(value))
    }
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
            latitude: self.location.latitude.0,
            longitude: self.location.longitude.0,
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
            latitude: self.latitude.0,
            longitude: self.longitude.0,
            country,
        }
    }
}

fn cut(city: &str) -> String {
    city.chars().take(CITY_CHARS_MAX).collect()
}
