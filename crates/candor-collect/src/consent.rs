//! Consent requests: on the same path as hits, told by `consent=`. Of the request only what was chosen is read; its
//! address and user agent are not even looked at.

use crate::{
    outcome::{FailureReason, TrackingFailure},
    request::{Method, TrackingRequest},
};
use candor_core::{
    Choice, Consent, How, Params, ReceiptId, Settings, SiteId, Timestamp,
    consent::{bytes_of_hex, hash_of},
};

/// Longest text that is kept word for word.
const WORDS_BYTES_MAX: usize = 8 << 10;
/// Purposes of one choice.
const PURPOSES_MAX: usize = 10;
/// Longest purpose, version and language.
const WORD_BYTES_MAX: usize = 64;
/// A choice counts for at most 13 months, seconds.
const LIFE_MAX: i64 = 396 * 86_400;
/// What a choice is about that names nothing.
const PURPOSE_DEFAULT: &str = "statistics";

/// What a consent request wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentRequest {
    /// Keep this record.
    Keep {
        /// The record.
        record: Box<Consent>,
        /// What was shown, word for word, when it came along; the record has its hash.
        words: Option<String>,
    },
    /// Show a record.
    Show {
        /// The record's; `None` when what was given is no id.
        id: Option<ReceiptId>,
        /// As a file, not as a page.
        as_file: bool,
    },
}

/// A record that is not kept. The page learns why in words, the operator from metrics and the list of failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The parameter that is wrong, or `method`: its name in metrics.
    pub reason: &'static str,
    /// What is wrong, as a sentence.
    pub words: String,
    /// For the list of tracking failures.
    pub failure: TrackingFailure,
}

/// Reads a consent request, however long its words are; `None` when the request is something else.
///
/// # Errors
/// When a record is not kept.
pub fn read(request: &TrackingRequest<'_>, settings: &Settings) -> Option<Result<ConsentRequest, Refused>> {
    // A bulk request is JSON; hits in it may have a parameter of this name.
    if request.body.trim_ascii_start().starts_with(b"{") || request.method == Method::Options {
        return None;
    }
    let mentions = |bytes: &[u8]| memchr::memmem::find(bytes, b"consent=").is_some();
    if !mentions(request.query) && !mentions(request.body) {
        return None;
    }
    let mut given = Params::parse_bytes(request.query);
    given.merge_missing(Params::parse_bytes(request.body));
    // With a hit it says that its visitor agreed.
    if given.get("rec").is_some() {
        return None;
    }
    match given.text("consent")? {
        "1" => {
            let reader = Reader { given: &given, request, settings };
            let record = reader.record().map_err(|wrong| reader.refused(wrong));
            Some(record.map(|record| ConsentRequest::Keep { record: record.into(), words: reader.words() }))
        }
        "receipt" => {
            let id = given.text("receipt").and_then(ReceiptId::from_hex);
            Some(Ok(ConsentRequest::Show { id, as_file: given.text("download") == Some("1") }))
        }
        _ => None,
    }
}

/// The parameter that is wrong, and what is wrong with it.
type Wrong = (&'static str, String);

struct Reader<'a> {
    given: &'a Params,
    request: &'a TrackingRequest<'a>,
    settings: &'a Settings,
}

impl Reader<'_> {
    fn record(&self) -> Result<Consent, Wrong> {
        // Only a page that means it makes a choice: pictures and prefetches don't.
        if self.request.method != Method::Post {
            return Err(("method", "send it as POST".to_owned()));
        }
        let text = self.text("idsite");
        let site = text.parse().ok().and_then(|id| self.settings.site(SiteId(id)));
        let site = site.ok_or_else(|| ("idsite", format!("there is no site `{text}`; check `idsite`")))?;
        let choice = self.parsed("choice", "accepted, rejected, withdrawn or shown", Choice::parse)?;
        let at = self.request.received_at;
        Ok(Consent {
            site: site.id,
            at,
            day: site.zone.day(at),
            choice,
            receipt: self.receipt(choice)?,
            purposes: self.purposes()?,
            version: self.word("version", |c| !c.is_control())?,
            text: match self.text("text") {
                "" => None,
                // Words, unless they are a hash already.
                text => Some(bytes_of_hex(text).unwrap_or_else(|| hash_of(text))),
            },
            language: self.word("language", |c| c.is_ascii_alphanumeric() || c == '-')?,
            how: match self.text("how") {
                "" => How::Script,
                _ => self.parsed("how", "click, key, signal, found or script", How::parse)?,
            },
            signals: self.signals(),
            expires: self.expires(choice),
            regime: self.settings.privacy.regime.clone(),
        })
    }

    fn refused(&self, (name, words): Wrong) -> Refused {
        let reason = if name == "idsite" { FailureReason::InvalidSite } else { FailureReason::RefusedConsent(name) };
        let site = self.text("idsite").parse().unwrap_or_default();
        Refused { reason: name, words, failure: TrackingFailure { site, reason, url: String::new() } }
    }

    fn text(&self, name: &str) -> &str {
        self.given.text(name).unwrap_or_default()
    }

    fn parsed<T>(&self, name: &'static str, what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Wrong> {
        parse(self.text(name)).ok_or_else(|| (name, format!("`{name}` must be {what}")))
    }

    /// The words of `text`: not those of a hash, and not more than anybody reads.
    fn words(&self) -> Option<String> {
        let text = self.text("text");
        let are_words = !text.is_empty() && text.len() <= WORDS_BYTES_MAX && bytes_of_hex::<32>(text).is_none();
        are_words.then(|| text.to_owned())
    }

    fn word(&self, name: &'static str, fits: impl Fn(char) -> bool) -> Result<String, Wrong> {
        let text = self.text(name).trim();
        if text.len() > WORD_BYTES_MAX || !text.chars().all(fits) {
            let words = format!("`{name}` has signs that don't belong there, or more than {WORD_BYTES_MAX} bytes");
            return Err((name, words));
        }
        Ok(text.to_owned())
    }

    /// Who refuses gets no id: a refusal is counted and nothing more.
    fn receipt(&self, choice: Choice) -> Result<Option<ReceiptId>, Wrong> {
        match choice {
            Choice::Rejected | Choice::Shown => Ok(None),
            Choice::Accepted | Choice::Withdrawn => {
                let what = "32 hex digits, made at random for each agreement";
                self.parsed("receipt", what, ReceiptId::from_hex).map(Some)
            }
        }
    }

    fn purposes(&self) -> Result<Vec<String>, Wrong> {
        let text = self.text("purposes");
        let mut purposes: Vec<String> =
            text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        purposes.dedup();
        let is_word = |word: &String| {
            word.len() <= WORD_BYTES_MAX
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        if purposes.len() > PURPOSES_MAX || !purposes.iter().all(is_word) {
            let words =
                format!("`purposes` must be at most {PURPOSES_MAX} words of small letters, digits, `-` and `_`");
            return Err(("purposes", words));
        }
        if purposes.is_empty() {
            purposes.push(PURPOSE_DEFAULT.to_owned());
        }
        Ok(purposes)
    }

    /// What the page saw and what came with the request.
    fn signals(&self) -> String {
        let headers = &self.request.headers;
        let sent = [("gpc", headers.sec_gpc), ("dnt", headers.dnt)];
        let seen = |name: &str| self.text("signals").split([' ', ',']).any(|word| word == name);
        let signals = sent.iter().filter(|(name, header)| header.trim() == "1" || seen(name));
        signals.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
    }

    /// The page says how long the choice counts by its own clock; what is kept goes by the server's.
    fn expires(&self, choice: Choice) -> Timestamp {
        let number = |name| self.text(name).parse::<i64>().ok();
        let life = match (choice, number("time"), number("expires")) {
            (Choice::Accepted | Choice::Rejected, Some(time), Some(expires)) => expires.saturating_sub(time),
            _ => 0,
        };
        Timestamp::from_seconds(self.request.received_at.seconds() + life.clamp(0, LIFE_MAX))
    }
}
