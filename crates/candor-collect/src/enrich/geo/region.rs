//! Region codes: ISO 3166-2 without the country, from a code or, failing that, from a name.

use crate::enrich::names;
use std::collections::HashMap;
use std::sync::LazyLock;

/// `country|name` → code, by the plain name and by its essence. An essence that two regions share is nobody's.
static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    let mut essences: HashMap<String, &'static str> = HashMap::new();
    for (key, name) in names::region_names() {
        let Some((country, code)) = key.split_once('|') else { continue };
        // ISO's names come first: an English one can't take them from their region.
        names.entry(format!("{country}|{}", plain(name))).or_insert(code);
        let shared = essences.insert(format!("{country}|{}", essence(name)), code).filter(|other| *other != code);
        if shared.is_some() {
            essences.insert(format!("{country}|{}", essence(name)), "");
        }
    }
    essences.extend(names);
    essences
});

/// Words that say what kind of region it is.
const KINDS: [&str; 22] = [
    "of",
    "the",
    "region",
    "province",
    "state",
    "county",
    "district",
    "oblast",
    "city",
    "department",
    "governorate",
    "voivodeship",
    "municipality",
    "autonomous",
    "republic",
    "prefecture",
    "metropolitan",
    "area",
    "canton",
    "territory",
    "capital",
    "community",
];

/// The region's code. Some files write `US-NJ`, some leave the code empty, some have only a name.
pub(super) fn code(country: &str, code: &str, name: &str) -> String {
    let prefix = country.len() + 1;
    let code = match code.get(..prefix) {
        Some(head) if head.ends_with('-') && head.to_ascii_lowercase().starts_with(country) => {
            code.get(prefix..).unwrap_or_default()
        }
        _ => code,
    };
    if !code.is_empty() {
        return code.to_ascii_uppercase();
    }
    let by = |name: String| CODES.get(&format!("{country}|{name}"));
    by(plain(name)).or_else(|| by(essence(name))).map(|code| (*code).to_owned()).unwrap_or_default()
}

/// A name without case, accents of western languages and punctuation, so that spellings meet.
fn plain(name: &str) -> String {
    words(name, |_| true)
}

/// A plain name without the words for its kind.
fn essence(name: &str) -> String {
    words(name, |word| !KINDS.contains(&word))
}

fn words(name: &str, keep: impl Fn(&str) -> bool) -> String {
    let folded: String = name.chars().flat_map(char::to_lowercase).map(without_accent).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && keep(word));
    words.collect::<Vec<_>>().join(" ")
}

fn without_accent(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => 'u',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        'ý' | 'ÿ' => 'y',
        'ł' => 'l',
        'ţ' | 'ț' | 'ť' => 't',
        'đ' | 'ď' => 'd',
        'ğ' => 'g',
        'ř' => 'r',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn codes_come_from_codes_or_names() {
        for (country, given, name, expected) in [
            ("us", "NJ", "New Jersey", "NJ"),
            ("us", "US-NJ", "", "NJ"),
            ("us", "", "New Jersey", "NJ"),
            ("de", "", "Bavaria", "BY"),
            ("de", "", "Bayern", "BY"),
            ("ar", "", "Buenos Aires", "B"),
            ("co", "", "Santander Department", "SAN"),
            ("de", "", "Baden-Wuerttemberg", ""),
            ("fr", "", "Île-de-France", "IDF"),
            ("fr", "", "Ile-de-France", "IDF"),
            ("it", "", "Nowhere", ""),
            ("", "", "", ""),
            ("us", "é", "", "é"),
        ] {
            assert_eq!(code(country, given, name), expected, "{country} {given} {name}");
        }
    }
}
