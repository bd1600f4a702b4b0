//! Consent requests: on the same path as hits, told by `consent=`. Of the request only what was chosen is read; its
//! address and user agent are not even looked at.

use crate::request::{Method, TrackingRequest};
use candor_core::{Choice, Consent, How, Params, ReceiptId, Settings, SiteId, Timestamp, consent::bytes_of_hex};

/// Longest query or body of a consent request.
const BYTES_MAX: usize = 4096;
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
    Keep(Box<Consent>),
    /// Show the record with this id.
    Show(ReceiptId),
}

/// Reads a consent request; `None` when the request is something else.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn read(request: &TrackingRequest<'_>, settings: &Settings) -> Option<Result<ConsentRequest, String>> {
    // A bulk request is JSON; hits in it may have a parameter of this name.
    if request.body.trim_ascii_start().starts_with(b"{") || request.method == Method::Options {
        return None;
    }
    let mentions = |bytes: &[u8]| bytes.len() <= BYTES_MAX && memchr::memmem::find(bytes, b"consent=").is_some();
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
        // Only a page that means it makes a choice: pictures and prefetches don't.
        "1" if request.method != Method::Post => Some(Err("send it as POST".to_owned())),
        "1" => {
            Some(Reader { given: &given, request, settings }.record().map(|record| ConsentRequest::Keep(record.into())))
        }
        "receipt" => {
            let id = given.text("receipt").and_then(ReceiptId::from_hex);
            Some(id.map(ConsentRequest::Show).ok_or_else(|| "`receipt` must be 32 hex digits".to_owned()))
        }
        _ => None,
    }
}

struct Reader<'a> {
    given: &'a Params,
    request: &'a TrackingRequest<'a>,
    settings: &'a Settings,
}

impl Reader<'_> {
    fn record(&self) -> Result<Consent, String> {
        let text = self.text("idsite");
        let site = text.parse().ok().and_then(|id| self.settings.site(SiteId(id)));
        let site = site.ok_or_else(|| format!("there is no site `{text}`; check `idsite`"))?;
        let choice =
            Choice::parse(self.text("choice")).ok_or("`choice` must be accepted, rejected, withdrawn or shown")?;
        let how = match self.text("how") {
            "" => How::Script,
            word => How::parse(word).ok_or("`how` must be click, key, signal, found or script")?,
        };
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
                text => Some(bytes_of_hex(text).ok_or("`text` must be 64 hex digits, the SHA-256 of what was shown")?),
            },
            language: self.word("language", |c| c.is_ascii_alphanumeric() || c == '-')?,
            how,
            signals: self.signals(),
            expires: self.expires(choice),
        })
    }

    fn text(&self, name: &str) -> &str {
        self.given.text(name).unwrap_or_default()
    }

    fn word(&self, name: &str, fits: impl Fn(char) -> bool) -> Result<String, String> {
        let text = self.text(name).trim();
        if text.len() > WORD_BYTES_MAX || !text.chars().all(fits) {
            return Err(format!("`{name}` has signs that don't belong there, or more than {WORD_BYTES_MAX} bytes"));
        }
        Ok(text.to_owned())
    }

    /// Who refuses gets no id: a refusal is counted and nothing more.
    fn receipt(&self, choice: Choice) -> Result<Option<ReceiptId>, String> {
        match choice {
            Choice::Rejected | Choice::Shown => Ok(None),
            Choice::Accepted | Choice::Withdrawn => ReceiptId::from_hex(self.text("receipt"))
                .map(Some)
                .ok_or_else(|| "`receipt` must be 32 hex digits, made at random for each agreement".to_owned()),
        }
    }

    fn purposes(&self) -> Result<Vec<String>, String> {
        let text = self.text("purposes");
        let mut purposes: Vec<String> =
            text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        purposes.dedup();
        let is_word = |word: &String| {
            word.len() <= WORD_BYTES_MAX
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
        };
        if purposes.len() > PURPOSES_MAX || !purposes.iter().all(is_word) {
            return Err(format!(
                "`purposes` must be at most {PURPOSES_MAX} words of small letters, digits, `-` and `_`"
            ));
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
