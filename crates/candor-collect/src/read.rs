//! One raw hit becomes a clean one, is dropped, or is refused: the steps in their order.
//! Everything that needs raw values happens here, before the privacy rules.

use crate::{
    authority::Authority,
    enrich::{
        ClientHints, Enrichers,
        action::{self, ActionRules, Page},
        campaign, commerce, language,
        origin::OriginRules,
        place,
        url::{self, Url},
        variables,
    },
    exclude::Candidate,
    fingerprint::{self, Traits},
    hit::{Commerce, Hit, HitAction, HitFields, MatchedGoal},
    outcome::{DropReason, Refusal},
    privacy::{self, RuleContext},
    raw::{RawHit, plain_int},
    request::{Context, TrackingRequest},
    rules::{Rules, SiteRules},
    text, visitor, when,
};
use candor_core::{
    DimensionScope, LegalBasis, ReferrerType, SiteId, Timestamp, VisitorId, settings::WithoutConsent, visit::Campaign,
};
use encoding_rs::{Encoding, UTF_8};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Longest user agent that is looked at.
const USER_AGENT_BYTES_MAX: usize = 2048;
/// Longest resolution.
const RESOLUTION_CHARS_MAX: usize = 9;

/// What became of a hit that was not refused.
pub(crate) enum Verdict {
    Keep(Box<Hit>),
    /// Matomo refuses an order whose id was used before only after it has written the visit:
    /// the caller learns of a refusal, the hit is kept for its visit.
    RepeatedOrder(Box<Hit>),
    Drop(DropReason),
}

/// What the hits of a request share.
pub(crate) struct Reader<'a> {
    pub request: &'a TrackingRequest<'a>,
    pub context: &'a Context<'a>,
    pub rules: &'a Rules,
    pub enrichers: &'a Enrichers,
}

/// What a hit does, as far as the request alone tells.
struct Deed {
    action: Option<HitAction>,
    goals: Vec<MatchedGoal>,
    commerce: Option<Commerce>,
}

/// The site that a request names, whether or not there is one.
pub(crate) fn named_site(raw: &RawHit) -> Option<u32> {
    raw.int("idsite").and_then(|id| u32::try_from(id).ok()).filter(|id| *id > 0)
}

impl Reader<'_> {
    /// `token`: the one that counts for this hit.
    pub(crate) fn read(&self, raw: &mut RawHit, token: &str) -> Result<Verdict, Refusal> {
        let site = named_site(raw).and_then(|id| self.rules.site(SiteId(id))).ok_or(Refusal::UnknownSite)?;
        // A picture without parameters stands for the page that shows it.
        if raw.text("url").is_empty() && raw.text("urlref").is_empty() && !self.request.headers.referer.is_empty() {
            raw.set_text("url", self.request.headers.referer);
        }
        let raw = &*raw;
        let tracker = &self.rules.settings.tracker;
        let authority = Authority::new(
            self.context.rights,
            token,
            site.settings.id,
            tracker.tracking_requests_require_authentication,
        );
        let place = place::Given::read(raw, &authority)?;
        let at = when::of(raw, self.request.received_at, tracker, &authority)?;
        let ip = self.address(raw, &authority)?;
        let given_agent = raw.given("ua").filter(|ua| !ua.is_empty()).unwrap_or(self.request.headers.user_agent);
        let user_agent = text::cut(given_agent, USER_AGENT_BYTES_MAX);
        let detection = self.enrichers.device.detect(user_agent, &self.client_hints(raw)).with_generic_model();
        let candidate = Candidate {
            raw,
            headers: &self.request.headers,
            ip,
            user_agent,
            detection: &detection,
            rules: self.rules,
            site,
            referrers: &*self.enrichers.referrers,
        };
        if let Some(reason) = candidate.drop_reason() {
            return Ok(Verdict::Drop(reason));
        }
        let draft = self.draft(raw, site, Circumstances { at, ip, place, detection })?;
        let hit = privacy::scrub(draft, &self.rule_context());
        Ok(if self.is_repeated_order(&hit) {
            Verdict::RepeatedOrder(Box::new(hit.with_repeated_order()))
        } else {
            Verdict::Keep(Box::new(hit))
        })
    }

    fn draft(&self, raw: &RawHit, site: &SiteRules, known: Circumstances) -> Result<HitFields, Refusal> {
        let settings = &*self.rules.settings;
        let tracker = &settings.tracker;
        let page = page(raw, site);
        let languages = raw.given("lang").filter(|l| !l.is_empty()).unwrap_or(self.request.headers.accept_language);
        let user_id = visitor::user_id(raw);
        let deed = self.deed(raw, site, &page)?;
        let origin_rules = self.origin_rules(site);
        let origin = origin_rules.of(raw, &page.given);
        let converts = !deed.goals.is_empty() || deed.commerce.is_some() || site.goals.has_duration_goals();
        let is_campaign = origin.referrer.kind == ReferrerType::Campaign;
        let plugins = fingerprint::plugins(raw);
        let legal_basis = match settings.privacy.without_consent {
            _ if raw.has_consent() => LegalBasis::Consented,
            WithoutConsent::Exempt => LegalBasis::Exempt,
            WithoutConsent::Keep => LegalBasis::Unstated,
        };
        let masked = privacy::mask(known.ip, settings.privacy.mask_ip_bytes);
        let masks_first = settings.privacy.mask_ip && settings.privacy.mask_ip_before_enrichment;
        let address = if masks_first { masked } else { known.ip };
        let fingerprint = Traits {
            detection: &known.detection,
            plugins,
            address: address.to_string().as_bytes(),
            language: &language::for_fingerprint(languages),
            legal_basis,
        }
        .fingerprint(settings, &site.settings, known.at, self.context.salts)?;
        Ok(HitFields {
            site: site.settings.id,
            revision: settings.revision,
            at: known.at,
            visitor: visitor::of(raw, &user_id, self.request.headers.cookie, tracker)?,
            fresh_visitor: VisitorId(self.context.random.next_u64()),
            fingerprint,
            user_id,
            new_visit: raw.is_on("new_visit"),
            ping: raw.is_on("ping"),
            ip: privacy::ip_bytes(known.ip),
            location_given: known.place.is_any(),
            location: known.place.complete(
                &*self.enrichers.geo,
                address,
                tracker.enable_language_to_country_guess.then_some(languages),
            ),
            device: known.detection.device,
            resolution: resolution(raw),
            plugins,
            language: language::code_of(languages),
            local_time: local_time(raw, known.at),
            url: page.cleaned,
            referrer: origin.referrer,
            keyword_fallback: origin.keyword_fallback,
            campaign: if is_campaign { campaign::dimensions(&Url::parse(&page.given)) } else { Campaign::default() },
            attribution: if converts { origin_rules.attribution(raw) } else { None },
            action: deed.action,
            goals: deed.goals,
            commerce: deed.commerce,
            visit_dimensions: site.dimensions.read(raw, &page.given, DimensionScope::Visit),
            visit_variables: variables::read(raw, "_cvar", tracker.custom_variable_slots),
            pageview_id: action::pageview_id(raw),
            timings: action::timings(raw)?,
            bandwidth: raw.int("bw_bytes").and_then(|bytes| u64::try_from(bytes).ok()),
            legal_basis,
        })
    }

    /// Named goals, orders and carts carry no action, pings carry nothing.
    fn deed(&self, raw: &RawHit, site: &SiteRules, page: &Page) -> Result<Deed, Refusal> {
        let mut deed = Deed { action: None, goals: vec![], commerce: None };
        if raw.is_on("ping") {
            return Ok(deed);
        }
        match raw.int("idgoal") {
            Some(0) => deed.commerce = commerce::commerce(raw),
            Some(id) if id > 0 => deed.goals = vec![site.goals.manual(raw, id)?],
            _ => {
                let tracker = &self.rules.settings.tracker;
                let rules = ActionRules {
                    search: site.search.as_ref(),
                    urls: &site.urls,
                    title_delimiter: &tracker.title_delimiter,
                };
                let mut action = rules.read(raw, page)?;
                action.dimensions = site.dimensions.read(raw, &page.given, DimensionScope::Action);
                action.variables = variables::read(raw, "cvar", tracker.custom_variable_slots);
                deed.goals = site.goals.reached(raw, &action, &page.given);
                deed.action = Some(action);
            }
        }
        Ok(deed)
    }

    fn origin_rules<'r>(&'r self, site: &'r SiteRules) -> OriginRules<'r> {
        OriginRules {
            site: site.settings.id,
            tracker: &self.rules.settings.tracker,
            lookup: &*self.enrichers.referrers,
            site_urls: &self.rules.site_urls,
            excluded: &site.referrers,
            urls: &site.urls,
            exclude_unknown_urls: site.settings.exclude_unknown_urls,
        }
    }

    fn rule_context(&self) -> RuleContext<'_> {
        RuleContext { privacy: &self.rules.settings.privacy, random: self.context.random }
    }

    /// Claims the hit's order, if it has one.
    fn is_repeated_order(&self, hit: &Hit) -> bool {
        let order = hit.commerce.as_ref().filter(|order| !order.order_id.is_empty());
        order.is_some_and(|order| !self.context.orders.claim(hit.site, &order.order_id))
    }

    /// The visitor's address; one that can't be read is taken for none.
    fn address(&self, raw: &RawHit, authority: &Authority) -> Result<IpAddr, Refusal> {
        let given = raw.text("cip").trim();
        if given.is_empty() {
            return Ok(self.request.client_ip.to_canonical());
        }
        authority.check("cip")?;
        let ip = given.parse::<IpAddr>().or_else(|_| given.parse::<SocketAddr>().map(|socket| socket.ip()));
        Ok(ip.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).to_canonical())
    }

    fn client_hints(&self, raw: &RawHit) -> ClientHints {
        let given = raw.given("uadata").filter(|json| !json.is_empty()).and_then(ClientHints::from_json);
        given.unwrap_or_else(|| ClientHints::from_headers(self.request.headers.client_hints.iter().copied()))
    }
}

/// What is known before the request's content is read.
struct Circumstances {
    at: Timestamp,
    ip: IpAddr,
    place: place::Given,
    detection: crate::enrich::Detection,
}

fn page(raw: &RawHit, site: &SiteRules) -> Page {
    let charset = Encoding::for_label(raw.text("cs").as_bytes()).filter(|charset| *charset != UTF_8);
    let given = url::as_given(raw.text("url"), site.urls.bytes_max);
    let cleaned = site.urls.page(&given, charset);
    Page { given, cleaned, charset }
}

fn resolution(raw: &RawHit) -> String {
    match text::cut_chars(&raw.clean("res"), RESOLUTION_CHARS_MAX) {
        "" => "unknown".to_owned(),
        given => given.to_owned(),
    }
}

/// The visitor's clock, seconds since midnight: UTC where the request doesn't say, 0 where it says nonsense.
fn local_time(raw: &RawHit, at: Timestamp) -> u32 {
    let of_day = at.seconds().rem_euclid(86_400);
    let part = |name, default: i64, limit: i64| match raw.text(name) {
        "" => default,
        given => plain_int(given.trim_start_matches('0')).filter(|n| (0..limit).contains(n)).unwrap_or(0),
    };
    let (hours, minutes, seconds) =
        (part("h", of_day / 3600, 24), part("m", of_day / 60 % 60, 60), part("s", of_day % 60, 60));
    u32::try_from(hours * 3600 + minutes * 60 + seconds).unwrap_or(0)
}
