//! A visitor's profile: their newest visits, summed.

use super::{Live, VisitsQuery, pretty::duration, visit::continent};
use crate::table::{Row, Value};
use candor_core::SiteSettings;
use candor_store::StoreError;

/// How a profile is asked for.
pub struct Profile<'a> {
    /// The site, visitor and segment.
    pub query: VisitsQuery<'a>,
    /// Visits listed in full.
    pub visits_listed: usize,
    /// Visits summed at most (Matomo's `live_visitor_profile_max_visits_to_aggregate`).
    pub visits_max: usize,
}

impl Live<'_> {
    /// The profile; `None` when the visitor has no visit.
    ///
    /// # Errors
    /// When the store fails.
    pub fn profile(&self, profile: &Profile<'_>, site: &SiteSettings) -> Result<Option<Row>, StoreError> {
        let query = VisitsQuery { limit: Some(profile.visits_max + 1), sites: vec![site], ..profile.query.clone() };
        let mut visits = self.last_visits(&query)?;
        let has_more = visits.len() > profile.visits_max;
        visits.truncate(profile.visits_max);
        let (Some(newest), Some(oldest)) = (visits.first(), visits.last()) else { return Ok(None) };
        let sum = |name: &str| visits.iter().map(|v| v.number(name) as i64).sum::<i64>();
        let count = |kind: &str| actions(&visits).filter(|a| field(a, "type") == Some(kind)).count() as i64;
        let pages =
            tally(actions(&visits).filter(|a| field(a, "type") == Some("action")).filter_map(|a| field(a, "url")));
        let time = sum("visitDuration");
        let mut row = Row::default();
        row.set("hasMoreVisits", Value::Bool(has_more));
        row.set("visitorId", newest.get("visitorId").cloned().unwrap_or(Value::Null));
        for (name, value) in [
            ("totalVisits", visits.len() as i64),
            ("totalVisitDuration", time),
            ("totalActions", sum("actions")),
            ("totalOutlinks", count("outlink")),
            ("totalDownloads", count("download")),
            ("totalSearches", count("search")),
            ("totalPageViews", count("action")),
            ("totalUniquePageViews", pages.len() as i64),
            ("totalRevisitedPages", pages.iter().filter(|(_, n)| *n > 1).count() as i64),
            ("totalGoalConversions", sum("goalConversions")),
            ("totalEvents", count("event")),
        ] {
            row.set(name, Value::Int(value));
        }
        row.set("totalVisitDurationPretty", Value::Text(duration(time)));
        row.set("userId", newest.get("userId").filter(|v| **v != Value::Null).cloned().unwrap_or(Value::Bool(false)));
        row.set("hasLatLong", Value::Bool(visits.iter().any(|v| v.number("latitude") != 0.0)));
        row.set("firstVisit", summary(oldest));
        row.set("lastVisit", summary(newest));
        row.set("visitsAggregated", Value::Int(visits.len() as i64));
        row.set("visitedPages", listed(&pages, "url", "count"));
        row.set("countries", self.countries(&visits));
        let listed = visits.iter().take(profile.visits_listed).map(|v| Value::Map(fields(v))).collect();
        row.set("lastVisits", Value::List(listed));
        Ok(Some(row))
    }

    fn countries(&self, visits: &[Row]) -> Value {
        let codes = tally(visits.iter().filter_map(|v| v.get("countryCode")?.as_text()));
        let rows = codes.iter().map(|(code, visits)| {
            let name = self.vocabulary.country_names.get(*code).map_or("Unknown", String::as_str);
            Value::Map(vec![
                ("country".into(), Value::Text((*code).into())),
                ("nb_visits".into(), Value::Int(*visits)),
                ("prettyName".into(), Value::Text(name.into())),
                ("continent".into(), Value::Text(continent(code, self.vocabulary).1.into())),
            ])
        });
        Value::List(rows.collect())
    }
}

fn fields(row: &Row) -> Vec<(String, Value)> {
    row.columns.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
}

/// All actions of all visits.
fn actions(visits: &[Row]) -> impl Iterator<Item = &Value> {
    visits.iter().flat_map(|visit| match visit.get("actionDetails") {
        Some(Value::List(actions)) => actions.as_slice(),
        _ => &[],
    })
}

fn field<'a>(action: &'a Value, name: &str) -> Option<&'a str> {
    let Value::Map(fields) = action else { return None };
    fields.iter().find(|(n, _)| n == name)?.1.as_text()
}

/// How often each text occurs, most first, then in order of appearance.
fn tally<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(&'a str, i64)> {
    let mut counts: Vec<(&str, i64)> = vec![];
    for text in texts {
        match counts.iter_mut().find(|(t, _)| *t == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn listed(counts: &[(&str, i64)], name: &str, number: &str) -> Value {
    let rows = counts.iter().map(|(text, count)| {
        Value::Map(vec![(name.into(), Value::Text((*text).into())), (number.into(), Value::Int(*count))])
    });
    Value::List(rows.collect())
}

/// A visit in few words.
fn summary(visit: &Row) -> Value {
    let get = |name: &str| visit.get(name).cloned().unwrap_or(Value::Null);
    let named = |name: &str| visit.get(name).and_then(Value::as_text).unwrap_or_default();
    let referral = match (named("referrerTypeName"), named("referrerName")) {
        (channel, "") => channel.to_owned(),
        (_, name) => name.to_owned(),
    };
    Value::Map(vec![
        ("date".into(), get("serverDate")),
        ("prettyDate".into(), get("serverDatePretty")),
        ("referrerType".into(), get("referrerType")),
        ("referrerUrl".into(), Value::Text(named("referrerUrl").to_owned())),
        ("referralSummary".into(), Value::Text(referral)),
    ])
}
