//! `Live`: single visits. Personal data: anonymous callers don't see who visited.

use crate::matomo_api::{
    call::{Call, Method, scalar},
    dispatch::VIEW,
    error::ApiError,
};
use candor_core::{SiteSettings, Timestamp, VisitorId};
use candor_query::{
    live::{Live, Profile, VisitsQuery, Who},
    segment::Segment,
    table::{Answer, Name, Row, Table, Value},
};

pub(super) const METHODS: &[Method] = &[
    Method::new("getCounters", VIEW, counters),
    Method::new("getLastVisitsDetails", VIEW, last_visits),
    Method::new("getVisitorProfile", VIEW, profile),
    Method::new("getMostRecentVisitorId", VIEW, most_recent_visitor),
    Method::new("getFirstVisitForVisitorId", VIEW, first_visit),
    Method::new("getMostRecentVisitsDateTime", VIEW, most_recent_time),
];

/// Visits of an answer that says no limit.
const VISITS_DEFAULT: usize = 10;
/// Visits that a profile sums (Matomo's `live_visitor_profile_max_visits_to_aggregate`).
const PROFILE_VISITS_MAX: usize = 100;
/// Columns that say who a visitor is.
const PERSONAL: [&str; 4] = ["visitorId", "userId", "visitIp", "fingerprint"];

impl Call<'_> {
    fn live(&self) -> Live<'_> {
        Live::new(self.app.store.as_ref(), &self.app.vocabulary)
    }

    fn visits_of(&self) -> Vec<&SiteSettings> {
        self.sites.iter().filter_map(|id| self.settings.site(*id)).map(AsRef::as_ref).collect()
    }

    /// What the request says of sites, days and limits.
    fn visits_query<'a>(&'a self, segment: Option<&'a Segment>) -> Result<VisitsQuery<'a>, ApiError> {
        let given = self.arguments;
        let days = match (given.text("period"), given.text("date")) {
            (Some(_), Some(_)) => {
                let periods = super::reports::periods(self, self.site()?)?;
                periods.periods().first().zip(periods.periods().last()).map(|(first, last)| (first.start, last.end))
            }
            _ => None,
        };
        let limit =
            match given.number::<i64>("countVisitorsToFetch").filter(|n| *n > 0).or(given.number("filter_limit")) {
                None => Some(VISITS_DEFAULT),
                Some(limit) => usize::try_from(limit).ok(),
            };
        Ok(VisitsQuery {
            sites: self.visits_of(),
            days,
            since: given.number("minTimestamp").filter(|at| *at > 0),
            segment,
            who: Who::Anyone,
            limit,
            offset: given.number("filter_offset").unwrap_or(0),
            ascending: given.text("filter_sort_order").is_some_and(|order| order.eq_ignore_ascii_case("asc")),
            without_actions: given.is_set("doNotFetchActions"),
        })
    }

    /// The visitor whom the request names: single people are not for anonymous callers.
    fn visitor(&self) -> Result<Option<VisitorId>, ApiError> {
        if self.caller.is_anonymous() && self.arguments.text("visitorId").is_some() {
            return Err(ApiError::sign_in_first());
        }
        self.arguments
            .text("visitorId")
            .map(|text| {
                VisitorId::from_hex(text).ok_or_else(|| ApiError::invalid("visitorId", text, "give 16 hex digits"))
            })
            .transpose()
    }
}

fn counters(call: &Call<'_>) -> Result<Answer, ApiError> {
    let minutes: i64 = call.arguments.required_number("lastMinutes")?;
    let segment = super::reports::segment(call, call.site()?)?;
    let since = call.app.clock.now().seconds().saturating_sub(minutes.clamp(1, 60 * 24 * 366) * 60);
    let mut row = call.live().counters(&call.visits_of(), Timestamp::from_seconds(since), segment.as_ref())?;
    shape(call, std::slice::from_mut(&mut row), false);
    Ok(Answer::Table(Table { rows: vec![row] }))
}

fn last_visits(call: &Call<'_>) -> Result<Answer, ApiError> {
    let segment = super::reports::segment(call, call.site()?)?;
    let query = call.visits_query(segment.as_ref())?;
    let mut rows = call.live().last_visits(&query)?;
    // Deep, unless it is asked for otherwise: actions hold times and addresses too.
    shape(call, &mut rows, call.arguments.flag("hideColumnsRecursively") != Some(false));
    Ok(Answer::Table(Table { rows }))
}

fn profile(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = call.site()?;
    let segment = super::reports::segment(call, site)?;
    let mut query = VisitsQuery { sites: vec![site], segment: segment.as_ref(), ..VisitsQuery::default() };
    let visitor = match call.visitor()? {
        Some(visitor) => Some(visitor),
        None => call.live().most_recent_visitor(&query)?,
    };
    let Some(visitor) = visitor else { return Ok(Answer::Table(Table::default())) };
    query.who = Who::Visitor(visitor);
    let visits_listed = call.arguments.number("limitVisits").unwrap_or(VISITS_DEFAULT);
    let wanted = Profile { query, visits_listed, visits_max: PROFILE_VISITS_MAX.max(visits_listed) };
    let Some(mut row) = call.live().profile(&wanted, site)? else { return Ok(Answer::Table(Table::default())) };
    shape(call, std::slice::from_mut(&mut row), true);
    Ok(Answer::Parts(row.columns.into_iter().map(part).collect()))
}

/// The visits of a profile are a table, everything else nested values.
fn part((name, value): (Name, Value)) -> (Name, Answer) {
    match value {
        Value::List(visits) if name == "lastVisits" => {
            let row = |visit| match visit {
                Value::Map(fields) => {
                    Row { columns: fields.into_iter().map(|(k, v)| (k.into(), v)).collect(), ..Row::default() }
                }
                _ => Row::default(),
            };
            (name, Answer::Table(Table { rows: visits.into_iter().map(row).collect() }))
        }
        value => (name, Answer::Data(value)),
    }
}

fn most_recent_visitor(call: &Call<'_>) -> Result<Answer, ApiError> {
    let segment = super::reports::segment(call, call.site()?)?;
    let query = VisitsQuery { sites: call.visits_of(), segment: segment.as_ref(), ..VisitsQuery::default() };
    if call.caller.is_anonymous() {
        return Ok(scalar(false));
    }
    let visitor = call.live().most_recent_visitor(&query)?;
    Ok(visitor.map_or_else(|| scalar(false), |visitor| scalar(visitor.to_hex())))
}

fn first_visit(call: &Call<'_>) -> Result<Answer, ApiError> {
    let visitor = call.visitor()?.ok_or_else(|| ApiError::missing("visitorId"))?;
    let query = VisitsQuery {
        sites: call.visits_of(),
        who: Who::Visitor(visitor),
        limit: Some(1),
        ascending: true,
        without_actions: true,
        ..VisitsQuery::default()
    };
    let mut rows = call.live().last_visits(&query)?;
    shape(call, &mut rows, true);
    Ok(Answer::Table(Table { rows }))
}

fn most_recent_time(call: &Call<'_>) -> Result<Answer, ApiError> {
    let query = VisitsQuery { limit: Some(1), offset: 0, ..call.visits_query(None)? };
    Ok(scalar(call.live().most_recent_time(&query)?))
}

/// `showColumns`, `hideColumns`, and what anonymous callers may not see.
fn shape(call: &Call<'_>, rows: &mut [Row], deep: bool) {
    let shown = call.arguments.list("showColumns").unwrap_or_default();
    let mut hidden = call.arguments.list("hideColumns").unwrap_or_default();
    if call.caller.is_anonymous() {
        hidden.extend(PERSONAL.map(str::to_owned));
    }
    for row in rows {
        row.columns.retain(|(name, _)| shown.is_empty() || shown.iter().any(|s| s == name));
        row.columns.retain(|(name, _)| !hidden.iter().any(|h| h == name));
        if deep {
            row.columns.iter_mut().for_each(|(_, value)| hide(value, &hidden));
        }
    }
}

fn hide(value: &mut Value, hidden: &[String]) {
    match value {
        Value::Map(entries) => {
            entries.retain(|(name, _)| !hidden.contains(name));
            entries.iter_mut().for_each(|(_, value)| hide(value, hidden));
        }
        Value::List(values) => values.iter_mut().for_each(|value| hide(value, hidden)),
        _ => {}
    }
}

/// A store that fails.
impl From<candor_store::StoreError> for ApiError {
    fn from(error: candor_store::StoreError) -> Self {
        match error {
            candor_store::StoreError::Timeout(_) => Self::new(error.to_string()),
            candor_store::StoreError::OutOfMemory => Self::busy(error.to_string()),
            other => Self::internal("asking the store", &other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_hidden_at_any_depth() {
        let action = Value::Map(vec![("url".into(), Value::Int(1)), ("userId".into(), Value::Int(2))]);
        let mut value = Value::List(vec![action]);
        hide(&mut value, &["userId".into()]);
        assert_eq!(value, Value::List(vec![Value::Map(vec![("url".into(), Value::Int(1))])]));
    }
}
