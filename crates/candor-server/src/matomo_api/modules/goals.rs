//! `Goals`: definitions. Its reports are in the catalogue.

use crate::matomo_api::{
    call::{Call, Method, data, scalar, value},
    dispatch::{VIEW, WRITE},
    error::ApiError,
};
use candor_core::{Goal, GoalId, MatchAttribute, Money, PatternType, SiteId};
use candor_query::table::Answer;
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("getGoals", VIEW, get_goals),
    Method::new("getGoal", VIEW, |call| Ok(data(shown(call.site()?.id, existing(call)?)))),
    Method::new("addGoal", WRITE, |call| {
        Ok(scalar(call.app.admin.add_goal(call.site()?.id, read(call, GoalId(0))?)?.0))
    }),
    Method::new("updateGoal", WRITE, |call| {
        let id = existing(call)?.id;
        call.app.admin.update_goal(call.site()?.id, read(call, id)?)?;
        Ok(Answer::Success)
    }),
    Method::new("deleteGoal", WRITE, |call| {
        call.app.admin.delete_goal(call.site()?.id, existing(call)?.id)?;
        Ok(Answer::Success)
    }),
];

fn existing<'a>(call: &'a Call<'_>) -> Result<&'a Goal, ApiError> {
    let id = GoalId(call.arguments.required_number("idGoal")?);
    let site = call.site()?;
    site.goal(id).ok_or_else(|| ApiError::new(format!("site `{}` has no goal `{}`", site.id, id.0)))
}

/// Of one site keyed by id, of several a list.
fn get_goals(call: &Call<'_>) -> Result<Answer, ApiError> {
    let mut goals: Vec<(SiteId, &Goal)> = call
        .sites
        .iter()
        .filter_map(|id| call.settings.site(*id))
        .flat_map(|site| site.goals.iter().map(|goal| (site.id, goal)))
        .collect();
    if call.arguments.is_set("orderByName") {
        goals.sort_by_cached_key(|(_, goal)| goal.name.to_lowercase());
    }
    if call.sites.len() > 1 {
        return Ok(data(goals.iter().map(|(site, goal)| shown(*site, goal)).collect()));
    }
    let keyed = goals.iter().map(|(site, goal)| (goal.id.0.to_string(), value(shown(*site, goal))));
    Ok(Answer::Data(candor_query::table::Value::Map(keyed.collect())))
}

fn shown(site: SiteId, goal: &Goal) -> Value {
    let manual = goal.attribute == MatchAttribute::Manually;
    let mut shown = json!({
        "idsite": site.0,
        "idgoal": goal.id.0,
        "name": goal.name,
        "description": goal.description,
        "match_attribute": goal.attribute.name(),
        "allow_multiple": u8::from(goal.allow_multiple),
        "revenue": goal.revenue.to_units(),
        "deleted": 0,
        "event_value_as_revenue": u8::from(goal.event_value_as_revenue),
    });
    if let (Value::Object(entries), false) = (&mut shown, manual) {
        entries.insert("pattern".into(), json!(goal.pattern));
        entries.insert("pattern_type".into(), json!(goal.pattern_type.name()));
        entries.insert("case_sensitive".into(), json!(u8::from(goal.case_sensitive)));
    }
    shown
}

fn read(call: &Call<'_>, id: GoalId) -> Result<Goal, ApiError> {
    let given = call.arguments;
    let attribute = given.required("matchAttribute")?;
    // Clients send a pattern even where it means nothing: Matomo insists on it.
    let (pattern, pattern_type) = (given.required("pattern")?, given.required("patternType")?);
    let attribute = MatchAttribute::parse(attribute)
        .ok_or_else(|| ApiError::invalid("matchAttribute", attribute, "use url, title, file, event_category…"))?;
    let pattern_type = PatternType::parse(pattern_type)
        .ok_or_else(|| ApiError::invalid("patternType", pattern_type, "use contains, exact, regex or greater_than"))?;
    let is_matched = attribute != MatchAttribute::Manually;
    if is_matched && pattern_type == PatternType::Regex && !candor_collect::is_pattern(pattern) {
        return Err(ApiError::invalid("pattern", pattern, "write a regular expression without delimiters, as ^/a.*b$"));
    }
    Ok(Goal {
        id,
        name: given.required("name")?.to_owned(),
        description: given.raw("description").unwrap_or_default().to_owned(),
        attribute,
        pattern: pattern.to_owned(),
        pattern_type,
        case_sensitive: given.is_set("caseSensitive"),
        allow_multiple: given.is_set("allowMultipleConversionsPerVisit"),
        revenue: Money::from_units(given.number("revenue").unwrap_or(0.0)),
        event_value_as_revenue: given.is_set("useEventValueAsRevenue"),
    })
}
