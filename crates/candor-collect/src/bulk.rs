//! Many hits in one request: `{"requests":["?idsite=1&…", {…}], "token_auth":"…"}`.
//! Known by its body, never by its content type. A hit that can't be read spoils no other.

use crate::{
    outcome::{Collected, Refusal},
    raw::{RawHit, scalar},
    read::{Reader, Verdict, named_site},
    reply::Reply,
};
use candor_core::{Params, SiteId};
use serde_json::Value;

/// Most hits of one request; more are refused as a whole, so that the sender learns of it.
const HITS_MAX: usize = 10_000;
/// Most commas of a body: 10,000 hits of fifty parameters. While it is read each value between them takes some
/// seventy bytes, so that eight megabytes of `0,0,0…` would take three hundred.
const COMMAS_MAX: usize = 500_000;
/// What gives a bulk body away, not at its very beginning.
const MARKS: [&[u8]; 2] = [b"\"requests\"", b"'requests'"];
/// How far into the body it is looked for: form bodies are not searched whole.
const MARK_WITHIN_BYTES: usize = 4096;

pub(crate) fn is_bulk(body: &[u8]) -> bool {
    // A form body never begins like JSON; in a JSON body the mark may stand behind a long token.
    let is_json = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let head = if is_json { body } else { body.get(..MARK_WITHIN_BYTES).unwrap_or(body) };
    head.get(1..).is_some_and(|rest| MARKS.iter().any(|mark| rest.windows(mark.len()).any(|w| w == *mark)))
}

/// The body, as far as it is one.
struct Batch {
    is_readable: bool,
    hits: Vec<RawHit>,
    token: String,
    wants_answer: bool,
}

impl Batch {
    /// What can't be read is an empty batch, as in Matomo. `None` = there is too much in it.
    fn parse(body: &[u8]) -> Option<Self> {
        if body.iter().filter(|byte| **byte == b',').count() > COMMAS_MAX {
            return None;
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let is_readable = body.get("requests").is_some();
        let entries: Vec<&Value> = match body.get("requests") {
            Some(Value::Array(entries)) => entries.iter().collect(),
            Some(Value::Object(entries)) => entries.values().collect(),
            _ => vec![],
        };
        let is_off = |value| matches!(scalar(value).as_deref(), Some("" | "0"));
        (entries.len() <= HITS_MAX).then(|| Self {
            is_readable,
            hits: entries.into_iter().filter_map(entry).collect(),
            token: body.get("token_auth").and_then(scalar).unwrap_or_default(),
            wants_answer: !body.get("send_image").is_some_and(is_off),
        })
    }

    /// The batch's token counts for each hit, a hit's own only without it.
    fn token_of<'a>(&'a self, raw: &'a RawHit) -> &'a str {
        if self.token.is_empty() { raw.text("token_auth") } else { &self.token }
    }
}

/// One hit: a query, a whole address with a query, or an object. A text without `?` is skipped.
fn entry(value: &Value) -> Option<RawHit> {
    match value {
        Value::String(text) => {
            let (_, query) = text.split_once('?')?;
            let query = query.split('#').next().unwrap_or_default();
            Some(RawHit::new(Params::parse(query)))
        }
        Value::Object(object) => Some(RawHit::new(Params::from_json(object))),
        _ => None,
    }
}

fn refused(refusal: Refusal, reply: Reply) -> Collected {
    Collected { refused: vec![refusal], ..Collected::answer(reply) }
}

pub(crate) fn collect(reader: &Reader) -> Collected {
    let tracker = &reader.rules.settings.tracker;
    if !tracker.record_statistics {
        return Collected::answer(Reply::unavailable(false));
    }
    let Some(batch) = Batch::parse(reader.request.body) else {
        return refused(Refusal::TooManyHits, Reply::bulk_error(400));
    };
    let rights = reader.context.rights;
    let is_authorised = |raw: &RawHit| {
        let token = batch.token_of(raw);
        !token.is_empty() && named_site(raw).is_some_and(|site| rights.may_write(token, SiteId(site)))
    };
    if tracker.bulk_requests_require_authentication && !batch.hits.iter().all(is_authorised) {
        return refused(Refusal::NotAuthorised("requests"), Reply::bulk_error(500));
    }
    let is_super_user = !batch.token.is_empty() && rights.is_super_user(&batch.token);
    let (token, wants_answer) = (batch.token.clone(), batch.wants_answer);
    let mut collected = Collected::answer(Reply::bulk_silent());
    if !batch.is_readable {
        // Matomo answers with a success, too: only the operator sees it.
        collected.refused.push(Refusal::UnreadableBulk);
    }
    let (mut tracked, mut invalid) = (0, vec![]);
    for (index, mut raw) in batch.hits.into_iter().enumerate() {
        let own_token = raw.text("token_auth").to_owned();
        match reader.read(&mut raw, if token.is_empty() { &own_token } else { &token }) {
            Ok(verdict) => {
                match verdict {
                    Verdict::RepeatedOrder(_) => invalid.push(index),
                    _ => tracked += 1,
                }
                collected.add(verdict, reader);
            }
            Err(Refusal::NoSalt) => {
                collected.release_orders(reader.context.orders);
                return Collected::answer(Reply::unavailable(false));
            }
            Err(refusal) => {
                invalid.push(index);
                collected.refuse(refusal, &raw);
            }
        }
    }
    if wants_answer {
        let headers = std::mem::take(&mut collected.reply.headers);
        collected.reply = Reply { headers, ..Reply::bulk(tracked, &invalid, is_super_user) };
    }
    collected
}
