//! Whose hit is it: where to look for the visitor's visit, in which order, and within what time.

use super::Rules;
use candor_collect::{Hit, VisitorSource};
use candor_core::{Fingerprint, SiteId, SiteType, Visit, VisitorId};

/// What visits are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// The visitor id.
    Visitor(SiteId, VisitorId),
    /// The device's fingerprint.
    Device(SiteId, Fingerprint),
}

/// Asks for the newest visit with this key whose last action lies within the bounds (inclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) key: Key,
    pub(crate) at_min: i64,
    pub(crate) at_max: i64,
}

/// Hits may arrive before earlier ones of their visit: a visit may be this far ahead of the hit.
pub(crate) const LOOK_AHEAD: i64 = 1800;

/// The searches to make, in order; the first that finds something decides.
pub(crate) fn searches(hit: &Hit, rules: &Rules<'_>) -> impl Iterator<Item = Search> + use<> {
    let tracker = rules.tracker;
    let at = hit.at.seconds();
    let at_max = at.saturating_add(LOOK_AHEAD);
    let by_visitor = hit.visitor.map(|(id, _)| Search { key: Key::Visitor(hit.site, id), at_min: i64::MIN, at_max });
    let look_back = tracker.visit_standard_length.max(tracker.window_look_back_for_visitor);
    let by_device =
        Search { key: Key::Device(hit.site, hit.fingerprint), at_min: at.saturating_sub(look_back), at_max };
    by_visitor.into_iter().chain((!only_visitor_id_counts(hit, rules)).then_some(by_device))
}

/// People behind one address look alike, so sites that know their visitors better don't look at devices.
fn only_visitor_id_counts(hit: &Hit, rules: &Rules<'_>) -> bool {
    let is_intranet = rules.site.is_some_and(|site| site.kind == SiteType::Intranet);
    let trusts_ids = rules.tracker.trust_visitors_cookies || is_intranet;
    match hit.visitor {
        None => false,
        Some(_) if trusts_ids => true,
        Some((_, source)) => source == VisitorSource::Forced && hit.user_id.is_empty(),
    }
}

/// Whether a visit that a search found is really this visitor's.
pub(crate) fn accepts(search: &Search, visit: &Visit, hit: &Hit, rules: &Rules<'_>) -> bool {
    let actions_max = rules.tracker.create_new_visit_after_x_actions;
    let is_full = actions_max > 0 && visit.actions >= actions_max;
    // One device, several people who sign in.
    let is_someone_else = matches!(search.key, Key::Device(..))
        && !hit.user_id.is_empty()
        && !visit.user_id.is_empty()
        && visit.user_id != hit.user_id;
    !is_full && !is_someone_else
}
