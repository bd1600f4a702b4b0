//! Region codes: ISO 3166-2 without the country, from a code or, failing that, from a name.

use crate::enrich::names;
use std::collections::HashMap;
use std::sync::LazyLock;

/// `country|plain name` → code.
static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let entries = names::region_names().filter_map(|(key, name)| {
        let (country, code) = key.split_once('|')?;
        Some((format!("{country}|{}", plain(name)), code))
    });
    entries.collect()
});

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
    CODES.get(&format!("{country}|{}", plain(name))).map(|code| (*code).to_owned()).unwrap_or_default()
}

/// A name without case, accents of western languages and words for "region", so that spellings meet.
fn plain(name: &str) -> String {
    let folded: String = name.chars().flat_map(char::to_lowercase).map(without_accent).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let kept = words.filter(|word| {
        !matches!(*word, "" | "of" | "the" | "region" | "province" | "state" | "county" | "district" | "oblast")
    });
    kept.collect::<Vec<_>>().join(" ")
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
