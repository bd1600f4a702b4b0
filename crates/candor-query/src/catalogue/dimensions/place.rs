//! Where visitors are and what they speak.

use super::{Dimension, Lists, Values, named};
use candor_store::Cell;

const CATEGORY: &str = "Visitor location";

/// See the module.
pub(super) const ALL: &[Dimension] = &[
    Dimension::visit("countryCode", "Country code", "country").category(CATEGORY),
    Dimension::visit("countryName", "Country", "country")
        .category(CATEGORY)
        .values(Values::Codes { list: countries, closed: false }),
    Dimension::visit("continentCode", "Continent", "country")
        .category(CATEGORY)
        .values(Values::Codes { list: continents, closed: true }),
    Dimension::visit("regionCode", "Region", "region").category(CATEGORY),
    Dimension::visit("city", "City", "city").category(CATEGORY),
    Dimension::visit("latitude", "Latitude", "latitude").category(CATEGORY).values(Values::Number),
    Dimension::visit("longitude", "Longitude", "longitude").category(CATEGORY).values(Values::Number),
    Dimension::visit("languageCode", "Language", "language").category(CATEGORY),
];

fn countries(lists: Lists<'_>) -> Vec<(String, Cell)> {
    named(lists.vocabulary.country_names.iter())
}

/// A continent stands for all its countries; `unk` for the unknown one.
fn continents(lists: Lists<'_>) -> Vec<(String, Cell)> {
    let known = lists.vocabulary.country_continents.iter();
    known
        .map(|(country, continent)| (continent.clone(), Cell::Text(country.as_str().into())))
        .chain([("unk".to_owned(), Cell::Text("xx".into()))])
        .collect()
}
