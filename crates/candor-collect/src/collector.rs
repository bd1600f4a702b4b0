//! The crate's entry: one HTTP request in, hits and the answer out.

use crate::{
    bulk, cookies,
    enrich::{
        Enrichers,
        url::{self, Url},
    },
    outcome::{Collected, DropReason, FailureReason, Refusal, TrackingFailure},
    raw::RawHit,
    read::{Reader, Verdict, named_site},
    reply::Reply,
    request::{Context, Method, TrackingRequest},
    rules::RulesCache,
};
use candor_core::{LegalBasis, Params};

/// Reads tracking requests. One for all threads.
pub struct Collector {
    enrichers: Enrichers,
    rules: RulesCache,
}

impl Collector {
    /// With the sources that hits are enriched from.
    #[must_use]
    pub fn new(enrichers: Enrichers) -> Self {
        Self { enrichers, rules: RulesCache::default() }
    }

    /// Reads one request. Nothing is written: the caller keeps the hits and then sends the reply;
    /// if it can't keep them, it calls [`Collected::release_orders`].
    #[must_use]
    pub fn collect(&self, request: &TrackingRequest, context: &Context) -> Collected {
        let headers = &request.headers;
        let asks_permission =
            !headers.access_control_request_method.is_empty() || !headers.access_control_request_headers.is_empty();
        if request.method == Method::Options && asks_permission {
            return Collected::answer(Reply::preflight());
        }
        let rules = self.rules.of(context.settings);
        let reader = Reader { request, context, rules: &rules, enrichers: &self.enrichers };
        let mut collected = if request.method != Method::Get && bulk::is_bulk(request.body) {
            bulk::collect(&reader)
        } else {
            single(&reader)
        };
        collected.reply = collected.reply.for_request(request);
        collected
    }
}

fn single(reader: &Reader) -> Collected {
    let request = reader.request;
    let mut params = Params::parse_bytes(request.query);
    if request.method != Method::Get {
        params.merge_missing(Params::parse_bytes(request.body));
    }
    let mut raw = RawHit::new(params);
    if raw.is_empty() {
        return Collected::answer(Reply::explanation(if request.method == Method::Get { 200 } else { 400 }));
    }
    // Only the exact text counts.
    let wants_image = raw.text("send_image") != "0";
    if !reader.rules.settings.tracker.record_statistics {
        return Collected::answer(Reply::unavailable(wants_image));
    }
    let token = raw.text("token_auth").to_owned();
    let mut collected = Collected::answer(Reply::success(wants_image));
    match reader.read(&mut raw, &token) {
        Ok(verdict) => {
            if matches!(verdict, Verdict::RepeatedOrder(_)) {
                collected.reply = Reply::refused(wants_image);
            }
            collected.add(verdict, reader);
        }
        Err(Refusal::NoSalt) => return Collected::answer(Reply::unavailable(wants_image)),
        Err(refusal) => {
            collected.refuse(refusal, &raw);
            collected.reply = Reply::refused(wants_image);
        }
    }
    collected
}

impl Collected {
    pub(crate) fn add(&mut self, verdict: Verdict, reader: &Reader) {
        let secure = reader.request.secure;
        let tracker = &reader.rules.settings.tracker;
        let sets_cookie = tracker.use_third_party_id_cookie && !reader.rules.settings.privacy.force_cookieless;
        match verdict {
            Verdict::Keep(hit) => {
                if sets_cookie && self.hits.is_empty() && hit.legal_basis != LegalBasis::Exempt {
                    let id = hit.visitor.map_or(hit.fresh_visitor, |(id, _)| id);
                    self.set_header("set-cookie", cookies::keep_visitor_id(id, tracker.cookie_expire, secure));
                }
                self.hits.push(*hit);
            }
            Verdict::RepeatedOrder(hit) => {
                self.refused.push(Refusal::RepeatedOrder);
                self.hits.push(*hit);
            }
            Verdict::Drop(reason) => {
                if reason == DropReason::DoNotTrack && !self.drops.contains(&reason) {
                    self.set_header("tk", "N".to_owned());
                    self.set_header("set-cookie", cookies::delete_visitor_id(secure));
                }
                self.drops.push(reason);
            }
        }
    }

    fn set_header(&mut self, name: &'static str, value: String) {
        self.reply.headers.push((name, value.into()));
    }

    pub(crate) fn refuse(&mut self, refusal: Refusal, raw: &RawHit) {
        self.refused.push(refusal);
        let reason = match refusal {
            Refusal::UnknownSite => FailureReason::InvalidSite,
            Refusal::NotAuthorised(_) => FailureReason::NotAuthenticated,
            _ => return,
        };
        // The list is shown to people and kept: it gets no more of the page than its place.
        let given = url::as_given(raw.text("url"), url::LENGTH_MAX);
        let page = Url::parse(&given);
        let url = [page.scheme, page.host, page.port, page.path].concat();
        self.failures.push(TrackingFailure { site: named_site(raw).unwrap_or_default(), reason, url });
    }
}
