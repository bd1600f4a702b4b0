//! What a further hit changes in its visit's own fields.

use super::{Rules, actions, new_visit::referrer_of};
use candor_collect::{Hit, VisitorSource};
use candor_core::{LegalBasis, ReferrerType, Visit};

/// What Matomo stores when a browser doesn't say its screen's size.
const UNKNOWN_RESOLUTION: &str = "unknown";

/// Takes the hit's values over; its action and conversions are still to be recorded.
pub(crate) fn extend(visit: &mut Visit, hit: &Hit, rules: &Rules<'_>) {
    let at = hit.at.seconds();
    // Matomo counts the last second as well, also for a ping, also for a hit that came late.
    visit.total_time = u32::try_from(1 + at - visit.first_at).unwrap_or(0);
    if !hit.ping {
        visit.last_at = visit.last_at.max(at);
        visit.day = rules.day(visit.last_at);
    }
    // A signed-in person is known by the user id from now on; other ids don't replace a known one.
    if let Some((id, VisitorSource::UserId)) = hit.visitor {
        visit.visitor = Some(id);
    }
    if !hit.user_id.is_empty() {
        visit.user_id.clone_from(&hit.user_id);
    }
    // Consented is only what said so with every hit.
    if visit.legal_basis != hit.legal_basis {
        visit.legal_basis = LegalBasis::Unstated;
    }
    visit.profilable |= hit.visitor.is_some();
    if hit.location_given {
        visit.location = hit.location.clone();
    }
    if visit.resolution == UNKNOWN_RESOLUTION || visit.resolution.is_empty() {
        visit.resolution.clone_from(&hit.resolution);
    }
    // The referrer may come with a later hit of a visit that began without one.
    if visit.referrer.kind == ReferrerType::Direct && hit.referrer.kind != ReferrerType::Direct {
        visit.referrer = referrer_of(hit, Some(visit));
        visit.campaign = hit.campaign.clone();
    }
    if hit.commerce.as_ref().is_some_and(|c| !c.order_id.is_empty()) {
        visit.seconds_since_order = Some(0);
    }
    set_own_values(visit, hit);
    actions::count(visit, hit);
}

/// Custom dimensions and variables of the visit; an empty value clears.
pub(crate) fn set_own_values(visit: &mut Visit, hit: &Hit) {
    for (slot, value) in &hit.visit_dimensions {
        set(&mut visit.dimensions, *slot, 1, [value.clone()]);
    }
    for (slot, name, value) in &hit.visit_variables {
        set(&mut visit.custom_variables, *slot, 2, [name.clone(), value.clone()]);
    }
}

/// Slots beyond this are not stored; nobody has so many.
const SLOTS_MAX: u32 = 1000;

/// Writes the texts of a slot (counted from 1) into a list with `width` texts a slot,
/// which is kept no longer than its last text that isn't empty.
pub(crate) fn set<const N: usize>(list: &mut Vec<String>, slot: u32, width: usize, texts: [String; N]) {
    if slot == 0 || slot > SLOTS_MAX {
        return;
    }
    let start = (slot as usize - 1) * width;
    if list.len() < start + N {
        list.resize(start + N, String::new());
    }
    list.iter_mut().skip(start).zip(texts).for_each(|(place, text)| *place = text);
    let used = list.chunks(width).rposition(|slot| slot.iter().any(|text| !text.is_empty()));
    list.truncate(used.map_or(0, |last| (last + 1) * width));
}

/// Matomo's goal hook adds the request's `idgoal` plus two to the duration of a known visitor's visit:
/// 2 for an order, 1 for goals found by their pattern (no `idgoal` = -1).
pub(crate) fn add_conversion_time(visit: &mut Visit, hit: &Hit) {
    let id_goal = match (&hit.commerce, &hit.action, hit.goals.first()) {
        (Some(_), ..) => 0,
        (None, None, Some(goal)) => goal.id.0,
        _ => -1,
    };
    visit.total_time = visit.total_time.saturating_add_signed(id_goal.saturating_add(2));
}
