//! Where a hit is from: what the request says (with a token), else by address, else by language.

use super::{GeoLookup, language};
use crate::{authority::Authority, outcome::Refusal, raw::RawHit, text};
use candor_core::visit::Location;
use std::net::IpAddr;

/// Longest country or region.
const CODE_CHARS_MAX: usize = 3;
/// Longest city.
const CITY_CHARS_MAX: usize = 255;
/// Parameters that override a location.
const OVERRIDES: [&str; 5] = ["country", "region", "city", "lat", "long"];
/// Nobody knows.
const UNKNOWN: &str = "xx";

/// What the request says of the place.
pub(crate) struct Given(Location);

impl Given {
    /// Refused without a token when there is anything.
    pub(crate) fn read(raw: &RawHit, authority: &Authority) -> Result<Self, Refusal> {
        if let Some(name) = OVERRIDES.into_iter().find(|name| !raw.text(name).is_empty()) {
            authority.check(name)?;
        }
        let code = |name| text::cut_chars(&raw.clean(name), CODE_CHARS_MAX).to_owned();
        let degrees = |name, max: f64| raw.float(name).filter(|degrees| degrees.abs() <= max);
        Ok(Self(Location {
            country: code("country").to_lowercase(),
            region: code("region"),
            city: text::cut_chars(&raw.clean("city"), CITY_CHARS_MAX).to_owned(),
            latitude: degrees("lat", 90.0),
            longitude: degrees("long", 180.0),
        }))
    }

    pub(crate) fn is_any(&self) -> bool {
        self.0 != Location::default()
    }

    /// Completes what is given by what is known of the address. `languages`: the header, if countries may be guessed.
    pub(crate) fn complete(self, geo: &dyn GeoLookup, ip: IpAddr, languages: Option<&str>) -> Location {
        let found = geo.locate(ip).unwrap_or_default();
        let or = |given: String, found: String| if given.is_empty() { found } else { given };
        let mut location = Location {
            country: or(self.0.country, found.country),
            region: or(self.0.region, found.region),
            city: or(self.0.city, found.city),
            latitude: self.0.latitude.or(found.latitude),
            longitude: self.0.longitude.or(found.longitude),
        };
        if location.country.is_empty() {
            location.country = languages.map_or_else(|| UNKNOWN.to_owned(), language::country_of);
        }
        location
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{authority::tests::authority, enrich::Unknown};
    use candor_core::Params;

    struct Somewhere;

    impl GeoLookup for Somewhere {
        fn locate(&self, _: IpAddr) -> Option<Location> {
            Some(Location { country: "nz".into(), city: "Nelson".into(), latitude: Some(-41.0), ..Location::default() })
        }
    }

    fn read(query: &str, may_write: bool) -> Result<Given, Refusal> {
        Given::read(&RawHit::new(Params::parse(query)), &authority(may_write))
    }

    #[test]
    fn overrides_need_a_token() {
        assert!(read("lat=1", false).is_err_and(|r| r == Refusal::NotAuthorised("lat")));
        assert!(read("", false).is_ok_and(|given| !given.is_any()));
    }

    #[test]
    fn each_part_has_its_own_source() {
        let ip = IpAddr::from([192, 0, 2, 1]);
        let place = read("city=Paris&country=FR", true).unwrap().complete(&Somewhere, ip, None);
        assert_eq!((place.country.as_str(), place.city.as_str(), place.latitude), ("fr", "Paris", Some(-41.0)));
        let guess = |languages| read("", false).unwrap().complete(&Unknown, ip, languages).country;
        assert_eq!((guess(Some("de-CH")), guess(Some("")), guess(None)), ("ch".into(), "xx".into(), "xx".into()));
    }
}
