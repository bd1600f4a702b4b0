//! What the opt-out says, in the languages of the European Union, Arabic and Hebrew.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::LazyLock};

/// The texts of one language. They hold nothing that HTML would have to escape.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Texts {
    #[serde(skip)]
    pub(crate) language: String,
    pub(crate) intro: String,
    pub(crate) counted: String,
    pub(crate) not_counted: String,
    /// Before a consent that the page requires.
    pub(crate) waiting: String,
    pub(crate) stop: String,
    pub(crate) resume: String,
    pub(crate) cookies: String,
    pub(crate) https: String,
}

impl Texts {
    /// The direction of writing, as HTML names it.
    pub(crate) fn direction(&self) -> &'static str {
        if matches!(self.language.as_str(), "ar" | "he") { "rtl" } else { "ltr" }
    }
}

static ALL: LazyLock<BTreeMap<String, Texts>> = LazyLock::new(|| {
    // Compiled in, and read by a test: it can't fail.
    let mut all: BTreeMap<String, Texts> = serde_json::from_str(include_str!("texts.json")).unwrap_or_default();
    all.iter_mut().for_each(|(language, texts)| texts.language.clone_from(language));
    all
});
static NONE: LazyLock<Texts> = LazyLock::new(Texts::default);

/// Those of the first language there is in a list as browsers send it; else English.
pub(crate) fn of(languages: &str) -> &'static Texts {
    let code = |language: &str| language.trim().split(['-', '_', ';']).next().unwrap_or_default().to_ascii_lowercase();
    let known = languages.split(',').find_map(|language| ALL.get(&code(language)));
    known.or_else(|| ALL.get("en")).unwrap_or(&NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything_in_plain_text() {
        assert_eq!(ALL.len(), 26);
        for texts in ALL.values() {
            for (name, text) in serde_json::to_value(texts).unwrap().as_object().unwrap() {
                let text = text.as_str().unwrap();
                assert!(!text.is_empty() && !text.contains(['<', '>', '&', '"']), "{}: {name}", texts.language);
            }
        }
    }

    #[test]
    fn the_first_known_language_is_taken() {
        for (asked, found) in
            [("xx, de-AT;q=0.9, en", "de"), ("PT_br", "pt"), ("xx", "en"), ("", "en"), ("*;q=0.5,he", "he")]
        {
            assert_eq!(of(asked).language, found, "{asked}");
        }
        assert_eq!((of("ar").direction(), of("fr").direction()), ("rtl", "ltr"));
    }
}
