//! What a visitor chose about being counted: the consent record, and the chain that shows that none was changed.
//!
//! A record holds nothing of the visitor: no visitor id, no address, no user agent. What was agreed to has a random
//! receipt id that only the visitor's browser knows; a refusal has none and is merely counted.
//!
//! Each record's link is the SHA-256 of a text that anybody can write again, see [`Consent::text`]; the text names the
//! link before it, so that a record changed, added or left out breaks every later link.

use crate::{Day, SiteId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// A word of a fixed set, as requests, records and answers write it.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$of])* $variant),+ }

        impl $name {
            /// Reads the word; `None` for any other.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// The word.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// What was chosen.
    Choice {
        /// To be counted.
        Accepted = "accepted",
        /// Not to be counted.
        Rejected = "rejected",
        /// No longer to be counted; names the receipt that it ends.
        Withdrawn = "withdrawn",
        /// Nothing yet: the question was shown.
        Shown = "shown",
    }
}

words! {
    /// How the choice was made.
    How {
        /// With a pointer.
        Click = "click",
        /// With the keyboard.
        Key = "key",
        /// By the browser's signal, without a question.
        Signal = "signal",
        /// It was there before, made with another banner.
        Found = "found",
        /// By a page's own control.
        Script = "script",
    }
}

/// 16 random bytes that name an agreement. Knowing them shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptId(pub [u8; 16]);

impl ReceiptId {
    /// Reads 32 hex digits. `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        bytes_of_hex(text).map(Self)
    }

    /// 32 lower-case hex digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

/// SHA-256 of something.
pub type Hash = [u8; 32];

/// A consent record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Site.
    pub site: SiteId,
    /// When the server got it.
    pub at: Timestamp,
    /// The site's local day then.
    pub day: Day,
    /// What was chosen.
    pub choice: Choice,
    /// Names the agreement that was made or is withdrawn.
    pub receipt: Option<ReceiptId>,
    /// What the choice is about, such as `statistics`.
    pub purposes: Vec<String>,
    /// Version of the text that was shown.
    pub version: String,
    /// SHA-256 of the exact text that was shown.
    pub text: Option<Hash>,
    /// The text's language; empty when not told.
    pub language: String,
    /// How it was chosen.
    pub how: How,
    /// Signals seen, `gpc` and `dnt` separated by a blank.
    pub signals: String,
    /// Until when it counts; the time itself for what does not last.
    pub expires: Timestamp,
    /// Name of the privacy regime in force; empty: none. Older records have none.
    #[serde(default)]
    pub regime: String,
}

/// A record's place in the chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ConsentLink {
    /// Counted from 1; 0 before the first record.
    pub number: u64,
    /// Hash of the record's text; zeros before the first record.
    pub hash: Hash,
}

/// A record with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedConsent {
    /// The record.
    pub consent: Consent,
    /// Its place.
    pub link: ConsentLink,
}

impl ConsentLink {
    /// The place of the record that comes next.
    #[must_use]
    pub fn next(&self, consent: &Consent) -> Self {
        Self { number: self.number + 1, hash: hash_of(&consent.text_after(self)) }
    }
}

impl Consent {
    /// What the chain hashes: one `name=value` a line, each with its line feed, in this order. No value can hold a line
    /// feed, as what makes records refuses them. The line of the regime is there with one only: so hash older records.
    #[must_use]
    pub fn text_after(&self, previous: &ConsentLink) -> String {
        let mut text = String::from("candor consent record 1\n");
        let mut line = |name: &str, value: &str| {
            // Writing to a text can't fail.
            let _ = writeln!(text, "{name}={value}");
        };
        line("number", &(previous.number + 1).to_string());
        line("previous", &hex::encode(previous.hash));
        line("site", &self.site.to_string());
        line("time", &self.at.seconds().to_string());
        line("day", &self.day.date().to_string());
        line("choice", self.choice.word());
        line("receipt", &self.receipt.map(ReceiptId::to_hex).unwrap_or_default());
        line("purposes", &self.purposes.join(" "));
        line("version", &self.version);
        line("text", &self.text.map(hex::encode).unwrap_or_default());
        line("language", &self.language);
        line("how", self.how.word());
        line("signals", &self.signals);
        line("expires", &self.expires.seconds().to_string());
        if !self.regime.is_empty() {
            line("regime", &self.regime);
        }
        text
    }
}

/// What names a text in records: SHA-256 of its UTF-8.
#[must_use]
pub fn hash_of(text: &str) -> Hash {
    Sha256::digest(text).into()
}

/// Reads exactly as many bytes as are wanted, two hex digits each, in either case.
#[must_use]
pub fn bytes_of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consent(version: &str) -> Consent {
        Consent {
            site: SiteId(3),
            at: Timestamp::from_seconds(1_700_000_000),
            day: Day(19_675),
            choice: Choice::Accepted,
            receipt: ReceiptId::from_hex("000102030405060708090a0b0c0d0e0F"),
            purposes: vec!["statistics".into(), "media".into()],
            version: version.into(),
            text: Some([7; 32]),
            language: "de".into(),
            how: How::Key,
            signals: "gpc".into(),
            expires: Timestamp::from_seconds(1_715_724_800),
            regime: String::new(),
        }
    }

    #[test]
    fn the_hashed_text_is_the_one_that_is_documented() {
        let text = consent("2").text_after(&ConsentLink { number: 4, hash: [0xab; 32] });
        let expected = format!(
            "candor consent record 1\nnumber=5\nprevious={}\nsite=3\ntime=1700000000\nday=2023-11-14\nchoice=accepted\n\
             receipt=000102030405060708090a0b0c0d0e0f\npurposes=statistics media\nversion=2\ntext={}\nlanguage=de\n\
             how=key\nsignals=gpc\nexpires=1715724800\n",
            "ab".repeat(32),
            "07".repeat(32)
        );
        assert_eq!(text, expected);
        let with_regime = Consent { regime: "eu-consent".into(), ..consent("2") };
        let text = with_regime.text_after(&ConsentLink { number: 4, hash: [0xab; 32] });
        assert_eq!(text, format!("{expected}regime=eu-consent\n"));
    }

    #[test]
    fn records_of_a_log_from_before_regimes_are_read() {
        let mut old = serde_json::to_value(consent("2")).unwrap();
        old.as_object_mut().unwrap().remove("regime");
        assert_eq!(serde_json::from_value::<Consent>(old).unwrap(), consent("2"));
    }

    #[test]
    fn a_changed_record_changes_every_later_link() {
        let chain = |versions: [&str; 3]| {
            let mut link = ConsentLink::default();
            versions.map(|version| {
                link = link.next(&consent(version));
                link
            })
        };
        let (one, other) = (chain(["1", "1", "1"]), chain(["1", "2", "1"]));
        assert_eq!(one[0], other[0]);
        assert_ne!(one[1], other[1]);
        assert_ne!(one[2], other[2]);
        assert_eq!(one[2].number, 3);
    }

    #[test]
    fn hex_is_read_whole_or_not_at_all() {
        assert_eq!(bytes_of_hex::<2>("0aFf"), Some([10, 255]));
        for wrong in ["0af", "0aff0", "0ag0", "+aff", "äf0"] {
            assert_eq!(bytes_of_hex::<2>(wrong), None, "{wrong}");
        }
    }
}
