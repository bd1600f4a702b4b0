//! Conversions of goals: matched by the collector, or by the visit's duration.

use super::{Numbered, OpenVisit, Rules};
use crate::changes::Changes;
use candor_collect::{Hit, MatchedGoal};
use candor_core::{ActionKind, Conversion, Goal, GoalId, MatchAttribute, Money, Referrer, ReferrerType, Visit};

/// Whether the hit converts its visit: a goal or an order; a cart doesn't.
pub(crate) fn converts(visit: &Visit, hit: &Hit, rules: &Rules<'_>) -> bool {
    hit.commerce.as_ref().is_some_and(|c| !c.order_id.is_empty())
        || !hit.goals.is_empty()
        || duration_goals(visit, hit, rules).next().is_some()
}

/// Records the goals that the hit reaches.
pub(crate) fn record(
    open: &mut OpenVisit,
    action_seq: Option<u32>,
    hit: Numbered<'_>,
    rules: &Rules<'_>,
    changes: &mut Changes,
) {
    let by_duration: Vec<MatchedGoal> = duration_goals(&open.visit, hit.hit, rules).collect();
    for goal in hit.hit.goals.iter().chain(&by_duration) {
        open.visit.converted = true;
        // The hit's number tells repeated conversions apart, in a replay too.
        let buster = if goal.allow_multiple { hit.seq } else { 0 };
        let mut conversion = conversion(&open.visit, hit.hit, rules);
        if open.past.conversions.insert((goal.id, buster), conversion.day).is_none() {
            conversion.goal = goal.id;
            conversion.buster = buster;
            conversion.revenue = goal.revenue;
            conversion.action_seq = action_seq;
            changes.convert(conversion);
        }
    }
}

/// Goals of the site that the visit's duration reaches with this hit. Any action counts, nothing else.
fn duration_goals<'a>(visit: &'a Visit, hit: &'a Hit, rules: &'a Rules<'_>) -> impl Iterator<Item = MatchedGoal> + 'a {
    let minutes = (hit.at.seconds() - visit.first_at) as f64 / 60.0;
    let goals = if hit.action.is_some() { rules.site.map_or(&[][..], |site| &site.goals) } else { &[] };
    goals
        .iter()
        .filter(|goal| goal.attribute == MatchAttribute::VisitDuration)
        .filter(move |goal| goal.pattern.trim().parse::<f64>().is_ok_and(|limit| minutes > limit))
        .map(|goal| MatchedGoal { id: goal.id, revenue: revenue(goal, hit), allow_multiple: goal.allow_multiple })
}

fn revenue(goal: &Goal, hit: &Hit) -> Money {
    let event_value = hit.action.as_ref().filter(|a| a.kind == ActionKind::Event).and_then(|a| a.event_value);
    event_value.filter(|_| goal.event_value_as_revenue).map_or(goal.revenue, Money::from_units)
}

/// A conversion of this visit by this hit; goal, revenue and the like are still to be filled in.
pub(crate) fn conversion(visit: &Visit, hit: &Hit, rules: &Rules<'_>) -> Conversion {
    let action = hit.action.as_ref();
    Conversion {
        site: visit.site,
        visit: visit.id,
        visitor: visit.visitor,
        goal: GoalId(0),
        buster: 0,
        at: visit.last_at,
        day: rules.day(visit.last_at),
        order_id: String::new(),
        url: hit.url.clone(),
        action_kind: action.map_or(0, |a| a.kind as u8),
        action_seq: None,
        revenue: Money::ZERO,
        revenue_subtotal: Money::ZERO,
        revenue_tax: Money::ZERO,
        revenue_shipping: Money::ZERO,
        revenue_discount: Money::ZERO,
        items: 0,
        pageviews_before: visit.interactions.saturating_sub(visit.searches),
        referrer: credited(visit, hit).clone(),
        returning: visit.returning,
        visit_count: visit.visit_count,
        seconds_since_first: visit.seconds_since_first,
        seconds_since_order: visit.seconds_since_order,
        location: visit.location.clone(),
        device: visit.device.clone(),
        dimensions: visit.dimensions.clone(),
        custom_variables: visit.custom_variables.clone(),
        hour: rules.hour(visit.last_at),
    }
}

/// Whom the conversion is credited to: the browser remembers the last referrer that wasn't direct,
/// but the campaign that led to this very visit comes first, unless the browser names one itself.
fn credited<'a>(visit: &'a Visit, hit: &'a Hit) -> &'a Referrer {
    let visit_is_campaign = visit.referrer.kind == ReferrerType::Campaign && !visit.referrer.name.is_empty();
    match &hit.attribution {
        Some(remembered) if !visit_is_campaign || remembered.kind == ReferrerType::Campaign => remembered,
        _ => &visit.referrer,
    }
}
