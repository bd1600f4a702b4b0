//! When a hit opens a new visit although its visitor is known, and what a new visit says.

use super::{Rules, actions, extend};
use candor_collect::Hit;
use candor_core::{LegalBasis, Referrer, ReferrerType, Returning, Visit, VisitId};

/// Whether the hit belongs to this visit, which is the newest one of its visitor.
pub(crate) fn joins(visit: &Visit, hit: &Hit, rules: &Rules<'_>) -> bool {
    let tracker = rules.tracker;
    let at = hit.at.seconds();
    if hit.new_visit || visit.last_at <= at.saturating_sub(tracker.visit_standard_length) {
        return false;
    }
    // Their fingerprints differ already; consent does not reach back.
    if (visit.legal_basis == LegalBasis::Exempt) != (hit.legal_basis == LegalBasis::Exempt) {
        return false;
    }
    if tracker.create_new_visit_after_midnight && visit.day != rules.day(at) {
        return false;
    }
    let is_other_user = !visit.user_id.is_empty() && !hit.user_id.is_empty() && visit.user_id != hit.user_id;
    if is_other_user && !tracker.enable_userid_overwrites_visitorid {
        return false;
    }
    !comes_from_elsewhere(visit, hit, rules)
}

/// A new campaign or, if so set, a new website. Only a campaign that comes with a later hit
/// of a visit without referrer is taken over by that visit.
fn comes_from_elsewhere(visit: &Visit, hit: &Hit, rules: &Rules<'_>) -> bool {
    let is_direct = visit.referrer.kind == ReferrerType::Direct;
    let counts = match hit.referrer.kind {
        ReferrerType::Campaign => rules.tracker.create_new_visit_when_campaign_changes && !is_direct,
        ReferrerType::Website => rules.tracker.create_new_visit_when_website_referrer_changes,
        _ => false,
    };
    if !counts {
        return false;
    }
    let referrer = referrer_of(hit, Some(visit));
    referrer.kind != visit.referrer.kind
        || !same_text(&referrer.name, &visit.referrer.name)
        || !same_text(&referrer.keyword, &visit.referrer.keyword)
}

fn same_text(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

/// The hit's referrer, its campaign keyword completed: that of the running visit when the campaign
/// is the same, else the fallback (the referring host).
pub(crate) fn referrer_of(hit: &Hit, running: Option<&Visit>) -> Referrer {
    let mut referrer = hit.referrer.clone();
    if referrer.kind == ReferrerType::Campaign && referrer.keyword.is_empty() {
        let same_campaign = running
            .map(|visit| &visit.referrer)
            .filter(|other| other.kind == ReferrerType::Campaign && other.name == referrer.name);
        referrer.keyword = same_campaign.map_or(&hit.keyword_fallback, |other| &other.keyword).clone();
    }
    referrer
}

/// A visit with its first hit, whose action and conversions are still to be recorded.
pub(crate) fn open(id: VisitId, previous: Option<&Visit>, hit: &Hit, rules: &Rules<'_>) -> Visit {
    let at = hit.at.seconds();
    // Without consent nobody is known again, not even as the device that was here a while ago.
    let is_exempt = hit.legal_basis == LegalBasis::Exempt;
    let previous = previous.filter(|_| !is_exempt);
    let history = History::of(previous, hit);
    // A visitor recognised by the device keeps the id under which we know them.
    let known = previous.and_then(|p| p.visitor).or(hit.visitor.map(|(id, _)| id));
    let mut visit = Visit {
        site: hit.site,
        id,
        visitor: (!is_exempt).then(|| known.unwrap_or(hit.fresh_visitor)),
        fingerprint: hit.fingerprint,
        user_id: hit.user_id.clone(),
        day: rules.day(at),
        first_at: at,
        last_at: at,
        hour: rules.hour(at),
        total_time: u32::try_from(rules.tracker.default_time_one_page_visit).unwrap_or(0),
        actions: 0,
        interactions: 0,
        searches: 0,
        events: 0,
        entry_url: String::new(),
        entry_title: String::new(),
        exit_url: String::new(),
        exit_title: String::new(),
        entry_title_kind: 0,
        exit_title_kind: 0,
        referrer: referrer_of(hit, None),
        campaign: hit.campaign.clone(),
        ip: hit.ip.clone(),
        location: hit.location.clone(),
        device: hit.device.clone(),
        resolution: hit.resolution.clone(),
        plugins: hit.plugins,
        language: hit.language.clone(),
        local_time: hit.local_time,
        returning: history.returning,
        visit_count: history.visit_count,
        seconds_since_first: history.since_first,
        seconds_since_last: history.since_last,
        seconds_since_order: history.since_order,
        converted: false,
        buyer: 0,
        profilable: hit.visitor.is_some(),
        dimensions: vec![],
        custom_variables: vec![],
        action_rows: 0,
        legal_basis: hit.legal_basis,
    };
    extend::set_own_values(&mut visit, hit);
    actions::count(&mut visit, hit);
    actions::enter(&mut visit, hit);
    visit
}

/// What the visitor's previous visit tells about this one.
struct History {
    returning: Returning,
    visit_count: u32,
    since_first: Option<u32>,
    since_last: u32,
    since_order: Option<u32>,
}

impl History {
    fn of(previous: Option<&Visit>, hit: &Hit) -> Self {
        let elapsed = previous.map_or(0, |p| hit.at.seconds() - p.first_at);
        let later = |before: Option<u32>| u32::try_from(i64::from(before?).saturating_add(elapsed)).ok();
        let is_order = hit.commerce.as_ref().is_some_and(|c| !c.order_id.is_empty());
        let since_order = if is_order { Some(0) } else { previous.and_then(|p| later(p.seconds_since_order)) };
        // Right after the visit with the order Matomo doesn't tell 0 seconds from never.
        let has_ordered = is_order || previous.and_then(|p| p.seconds_since_order).is_some_and(|seconds| seconds > 0);
        let returning = match previous {
            _ if has_ordered => Returning::Customer,
            Some(_) => Returning::Returning,
            None => Returning::New,
        };
        Self {
            returning,
            visit_count: previous.map_or(1, |p| p.visit_count.saturating_add(1)),
            since_first: previous.map_or(Some(0), |p| later(p.seconds_since_first)),
            since_last: u32::try_from(elapsed).unwrap_or(0),
            since_order,
        }
    }
}
