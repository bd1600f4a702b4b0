//! `CustomVariables`: which slots are in use. Its reports are in the catalogue.

use super::reports;
use crate::matomo_api::{
    call::{Call, Method, data},
    dispatch::VIEW,
    error::ApiError,
};
use candor_query::{
    report::{ReportParams, ReportRequest, SiteChoice, TableOptions},
    table::{Answer, Row, Table, Value},
};
use serde_json::json;

pub(super) const METHODS: &[Method] = &[Method::new("getUsagesOfSlots", VIEW, usages)];

/// Slots of each scope.
const SLOTS: i64 = 5;
/// Days that are looked at.
const DAYS: i32 = 365;

/// Each slot with the names that the last year's visits have in it.
fn usages(call: &Call<'_>) -> Result<Answer, ApiError> {
    let table = last_year(call)?;
    let slots = ["visit", "page"].into_iter().flat_map(|scope| (1..=SLOTS).map(move |index| (scope, index)));
    let shown = slots.map(|(scope, index)| {
        let used = table.rows.iter().filter(|row| is_in(row, scope, index));
        let usages = used.map(|row| {
            json!({ "name": row.label(), "nb_visits": row.number("nb_visits"), "nb_actions": row.number("nb_actions") })
        });
        json!({ "scope": scope, "index": index, "usages": usages.collect::<Vec<_>>() })
    });
    Ok(data(shown.collect()))
}

fn last_year(call: &Call<'_>) -> Result<Table, ApiError> {
    let site = call.site()?;
    let now = call.app.clock.now();
    let today = site.zone.day(now);
    let range = format!("{},{}", today.plus(-DAYS).date(), today.date());
    let request = ReportRequest {
        periods: candor_query::period::parse("range", &range, today)?,
        date: range,
        sites: SiteChoice::One(site.clone()),
        settings: call.settings.clone(),
        segment: String::new(),
        asker: call.asker(),
        now,
        until: Some(call.until),
        options: TableOptions { limit: -1, ..TableOptions::default() },
        params: ReportParams::default(),
    };
    match reports::answered(call, "CustomVariables.getCustomVariables", &request)? {
        Answer::Table(table) => Ok(table),
        _ => Ok(Table::default()),
    }
}

fn is_in(row: &Row, scope: &str, index: i64) -> bool {
    let Some(Value::List(slots)) = row.meta("slots") else { return false };
    slots.iter().any(|slot| {
        let Value::Map(slot) = slot else { return false };
        let has = |name: &str, wanted: &Value| slot.iter().any(|(n, value)| n == name && value == wanted);
        has("scope", &Value::text(scope)) && has("index", &Value::Int(index))
    })
}
