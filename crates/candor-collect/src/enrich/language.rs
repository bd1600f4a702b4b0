//! What a browser's `Accept-Language` says: for the fingerprint, for reports, and a guess of the country.
//! Reads no quality values: the order counts, as in Matomo.

use super::names;

/// How much of the header goes into the fingerprint.
const FINGERPRINT_BYTES: usize = 20;
/// Longer headers are cut: nobody speaks that many languages.
const HEADER_BYTES_MAX: usize = 1000;
/// No usable language or country.
const UNKNOWN: &str = "xx";

/// The header in the form that enters the fingerprint: lower case, without blanks and qualities, 20 bytes.
#[must_use]
pub fn for_fingerprint(header: &str) -> String {
    let clean = clean(header);
    clean.get(..FINGERPRINT_BYTES).map_or(clean.clone(), str::to_owned)
}

/// The language that reports show: `xx` or `xx-yy` of the first tag that names a language.
/// A tag without a region takes the language's home country (`el` → `el-gr`); a region that only
/// repeats the language is left out (`th-TH` → `th`). Empty when the header is; `xx` when nothing fits.
#[must_use]
pub fn code_of(header: &str) -> String {
    let clean = clean(header);
    if clean.is_empty() {
        return String::new();
    }
    let known = |tag: &&str| names::languages().contains_key(language(tag));
    let Some(tag) = clean.split(',').find(known) else {
        return UNKNOWN.to_owned();
    };
    let language = language(tag);
    match region(tag).or_else(|| home(language)) {
        Some(region) if region != language => format!("{language}-{region}"),
        _ => language.to_owned(),
    }
}

/// The country that a header suggests: the home of the first language when it has no region, else the
/// first region named; `xx` when there is neither.
#[must_use]
pub fn country_of(header: &str) -> String {
    let clean = clean(header);
    let first = clean.split(',').next().unwrap_or_default();
    let at_home = if region(first).is_none() { home(language(first)) } else { None };
    at_home.or_else(|| clean.split(',').find_map(region)).unwrap_or(UNKNOWN).to_owned()
}

/// Whether this is an ISO 3166 country in lower case.
#[must_use]
pub fn is_country(code: &str) -> bool {
    names::countries().contains_key(code)
}

/// Lower case, `-` between subtags, no blanks, comments, parameters, charsets (`en_CA.UTF-8`).
fn clean(header: &str) -> String {
    let end = header.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= HEADER_BYTES_MAX).last();
    let header = header.get(..end.unwrap_or(0)).unwrap_or_default();
    let tags = header.split(',').map(|tag| {
        let tag = tag.split([';', '.', '(']).next().unwrap_or_default();
        tag.chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*'))
            .map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() })
            .collect::<String>()
    });
    tags.filter(|tag| !tag.is_empty()).collect::<Vec<_>>().join(",")
}

fn language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// The first subtag that is a country: `zh-hans-cn` → `cn`.
fn region(tag: &str) -> Option<&str> {
    tag.split('-').skip(1).find(|part| is_country(part))
}

fn home(language: &str) -> Option<&'static str> {
    names::homes().get(language).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fingerprint_takes_a_short_plain_form() {
        for (header, expected) in [
            ("de-DE, de;q=0.9, en ;q=0.8", "de-de,de,en"),
            ("en_US.UTF-8", "en-us"),
            ("", ""),
            ("aa-AA,bb-BB,cc-CC,dd-DD,ee", "aa-aa,bb-bb,cc-cc,dd"),
        ] {
            assert_eq!(for_fingerprint(header), expected, "{header}");
        }
    }

    #[test]
    fn the_first_known_language_counts() {
        for (header, expected) in [
            ("de-AT,en;q=0.5", "de-at"),
            ("nl_NL", "nl"),
            ("nl", "nl"),
            ("ja,en-US", "ja-jp"),
            ("en", "en"),
            ("zh-Hant-TW", "zh-tw"),
            ("qqq,it-CH", "it-ch"),
            ("de-zz", "de"),
            ("*", "xx"),
            ("", ""),
            ("\u{1f600}", ""),
        ] {
            assert_eq!(code_of(header), expected, "{header}");
        }
    }

    #[test]
    fn the_country_is_the_first_region_or_the_home() {
        for (header, expected) in [
            ("sv", "se"),
            ("sv,en-US", "se"),
            ("en,en-GB", "gb"),
            ("en-AU,en", "au"),
            ("en", "xx"),
            ("en-zz", "xx"),
            ("", "xx"),
        ] {
            assert_eq!(country_of(header), expected, "{header}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_it_fail(header in ".*") {
            proptest::prop_assert!(for_fingerprint(&header).len() <= FINGERPRINT_BYTES);
            proptest::prop_assert!(code_of(&header).len() <= 6);
            proptest::prop_assert_eq!(country_of(&header).len(), 2);
        }
    }
}
