//! Names of countries, regions, languages and currencies from our data files, compiled in.
//! Facts only: which of them a visit gets is decided by `geo` and `language`.

use candor_core::Vocabulary;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

type Table = BTreeMap<String, String>;

static COUNTRIES: LazyLock<Countries> = LazyLock::new(|| read(include_str!("../../../../data/countries.toml")));
static LANGUAGES: LazyLock<Languages> = LazyLock::new(|| read(include_str!("../../../../data/languages.toml")));
static REGIONS: LazyLock<Regions> = LazyLock::new(|| read(include_str!("../../../../data/regions.toml")));
static CURRENCIES: LazyLock<Currencies> = LazyLock::new(|| read(include_str!("../../../../data/currencies.toml")));

/// `data/countries.toml`.
#[derive(Default, Deserialize)]
struct Countries {
    names: Table,
    continents: Table,
}

/// `data/languages.toml`.
#[derive(Default, Deserialize)]
struct Languages {
    names: Table,
    homes: Table,
}

/// `data/regions.toml`.
#[derive(Default, Deserialize)]
struct Regions {
    /// As ISO 3166-2 writes them.
    names: Table,
    /// The English name where it differs.
    english: Table,
}

/// `data/currencies.toml`.
#[derive(Default, Deserialize)]
struct Currencies {
    symbols: Table,
    names: Table,
}

#[expect(clippy::expect_used, reason = "the files are compiled in, and a test reads each of them")]
fn read<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    toml::from_str(text).expect("a compiled-in data file is valid")
}

/// Country code (lower case) → name.
pub(super) fn countries() -> &'static Table {
    &COUNTRIES.names
}

/// Language code → name.
pub(super) fn languages() -> &'static Table {
    &LANGUAGES.names
}

/// Language code → the country where it is at home; languages of the whole world have none.
pub(super) fn homes() -> &'static Table {
    &LANGUAGES.homes
}

/// `country|REGION` and each name that the region has.
pub(super) fn region_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    REGIONS.names.iter().chain(&REGIONS.english).map(|(code, name)| (code.as_str(), name.as_str()))
}

/// Whether the code (upper case) is a currency's.
#[must_use]
pub fn is_currency(code: &str) -> bool {
    CURRENCIES.names.contains_key(code)
}

/// Adds countries, continents, regions, languages and currencies.
pub fn add_to_vocabulary(vocabulary: &mut Vocabulary) {
    vocabulary.country_names.clone_from(&COUNTRIES.names);
    vocabulary.country_continents.clone_from(&COUNTRIES.continents);
    vocabulary.region_names.clone_from(&REGIONS.names);
    vocabulary.language_names.clone_from(&LANGUAGES.names);
    vocabulary.currency_symbols.clone_from(&CURRENCIES.symbols);
    vocabulary.currency_names.clone_from(&CURRENCIES.names);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_filled() {
        let mut v = Vocabulary::default();
        add_to_vocabulary(&mut v);
        let get = |table: &Table, key: &str| table.get(key).cloned().unwrap_or_default();
        assert_eq!(get(&v.country_names, "ci"), "Côte d’Ivoire");
        assert_eq!(get(&v.country_continents, "mx"), "amn");
        assert_eq!(get(&v.country_continents, "jm"), "amc");
        assert_eq!(get(&v.region_names, "de|BY"), "Bayern");
        assert_eq!(get(&v.language_names, "pt"), "Portuguese");
        assert_eq!(get(&v.currency_symbols, "GBP"), "£");
        assert_eq!(get(&v.currency_names, "GBP"), "British Pound");
        assert!(is_currency("EUR") && !is_currency("XYZ"));
        let without_continent: Vec<_> =
            v.country_names.keys().filter(|code| !v.country_continents.contains_key(*code)).collect();
        assert!(without_continent.is_empty(), "{without_continent:?}");
    }
}
