//! `Annotations`: notes on days of a site.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value has null where a key is missing; bodies are our own objects"
)]

use crate::matomo_api::{
    call::{Access, Call, Method, data},
    dispatch::VIEW,
    error::ApiError,
};
use candor_admin::{Document, Role};
use candor_core::{Day, SiteId};
use candor_query::{
    period::{Period, PeriodError, PeriodKind, PeriodRequest, parse, parse_day},
    table::Answer,
};
use serde_json::{Map, Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("add", VIEW, add),
    Method::new("save", VIEW, save),
    Method::new("delete", VIEW, |call| {
        call.app.admin.delete_document(changeable(call)?.id)?;
        Ok(Answer::Success)
    }),
    Method::new("deleteAll", Access::SuperUser, delete_all),
    Method::new("get", VIEW, |call| Ok(data(shown(call, &one(call)?)))),
    Method::new("getAll", VIEW, get_all),
    Method::new("getAnnotationCountForDates", VIEW, count_by_date),
];

/// Bodies: `note_id` (counted from 0 within the site), `date`, `note`, `starred`.
const KIND: &str = "annotation";

fn of_site(call: &Call<'_>, site: SiteId) -> Result<Vec<Document>, ApiError> {
    Ok(call.app.admin.documents(KIND)?.into_iter().filter(|note| note.site == site).collect())
}

fn note_id(note: &Document) -> i64 {
    note.body["note_id"].as_i64().unwrap_or(-1)
}

fn one(call: &Call<'_>) -> Result<Document, ApiError> {
    let (site, id): (SiteId, i64) = (call.site()?.id, call.arguments.required_number("idNote")?);
    let found = of_site(call, site)?.into_iter().find(|note| note_id(note) == id);
    found.ok_or_else(|| ApiError::new(format!("site `{site}` has no note `{id}`")))
}

/// Notes can be changed by who wrote them, and by admins of the site.
fn may_change(call: &Call<'_>, note: &Document) -> bool {
    let own = !call.caller.is_anonymous() && note.login == call.caller.login();
    own || call.caller.may(Role::Admin, note.site)
}

fn changeable(call: &Call<'_>) -> Result<Document, ApiError> {
    let note = one(call)?;
    if may_change(call, &note) {
        return Ok(note);
    }
    Err(ApiError::no_access_to(Role::Admin, note.site, call.caller.is_anonymous()))
}

fn shown(call: &Call<'_>, note: &Document) -> Value {
    json!({
        "date": note.body["date"],
        "note": note.body["note"],
        "starred": u8::from(note.body["starred"] == true),
        "user": note.login,
        "idNote": note_id(note),
        "canEditOrDelete": may_change(call, note),
    })
}

fn today(call: &Call<'_>) -> Result<Day, ApiError> {
    Ok(call.site()?.zone.day(call.app.clock.now()))
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn refused(error: PeriodError) -> ApiError {
    ApiError::new(error.to_string())
}

/// A date, or a word for one, as `today`.
fn day(call: &Call<'_>, text: &str) -> Result<String, ApiError> {
    Ok(parse_day(text, today(call)?).map_err(refused)?.to_string())
}

fn add(call: &Call<'_>) -> Result<Answer, ApiError> {
    if call.caller.is_anonymous() {
        return Err(ApiError::sign_in_first());
    }
    let site = call.site()?.id;
    let body = json!({
        "note_id": of_site(call, site)?.iter().map(note_id).max().map_or(0, |last| last + 1),
        "date": day(call, call.arguments.required("date")?)?,
        "note": call.arguments.required("note")?,
        "starred": call.arguments.is_set("starred"),
    });
    let login = call.caller.login();
    let id = call.app.admin.add_document(KIND, site, login, &body)?;
    Ok(data(shown(call, &Document { id, kind: KIND.into(), site, login: login.into(), body })))
}

fn save(call: &Call<'_>) -> Result<Answer, ApiError> {
    let mut note = changeable(call)?;
    if let Some(date) = call.arguments.text("date") {
        note.body["date"] = json!(day(call, date)?);
    }
    if let Some(text) = call.arguments.text("note") {
        note.body["note"] = json!(text);
    }
    if let Some(starred) = call.arguments.flag("starred") {
        note.body["starred"] = json!(starred);
    }
    call.app.admin.update_document(note.id, note.site, &note.body)?;
    Ok(data(shown(call, &note)))
}

fn delete_all(call: &Call<'_>) -> Result<Answer, ApiError> {
    for site in call.sites_of("idSite", Role::Admin)? {
        for note in of_site(call, site)? {
            call.app.admin.delete_document(note.id)?;
        }
    }
    Ok(Answer::Success)
}

/// The periods that `date`, `period` and `lastN` name; none without a date.
fn periods(call: &Call<'_>) -> Result<Vec<Period>, ApiError> {
    let Some(date) = call.arguments.text("date") else { return Ok(vec![]) };
    let request = parse(call.arguments.text("period").unwrap_or("day"), date, today(call)?).map_err(refused)?;
    Ok(match (request, call.arguments.number::<usize>("lastN")) {
        (PeriodRequest::One(last), Some(count)) if count > 0 && last.kind != PeriodKind::Range => {
            let mut periods: Vec<Period> = std::iter::successors(Some(last), |period| Some(period.previous()))
                .take(count.min(PERIODS_MAX))
                .collect();
            periods.reverse();
            periods
        }
        (PeriodRequest::One(range), _) if range.kind == PeriodKind::Range => {
            (range.start.0..=range.end.0).take(PERIODS_MAX).map(|day| Period::day(Day(day))).collect()
        }
        (request, _) => request.periods().to_vec(),
    })
}

/// Periods of one answer.
const PERIODS_MAX: usize = 2000;

/// A site's notes between two days, oldest first.
fn between(call: &Call<'_>, site: SiteId, span: Option<(Day, Day)>) -> Result<Vec<Document>, ApiError> {
    let mut notes = of_site(call, site)?;
    if let Some((start, end)) = span {
        let (start, end) = (start.to_string(), end.to_string());
        notes.retain(|note| note.body["date"].as_str().is_some_and(|date| *start <= *date && *date <= *end));
    }
    notes.sort_by(|a, b| a.body["date"].as_str().cmp(&b.body["date"].as_str()));
    Ok(notes)
}

fn get_all(call: &Call<'_>) -> Result<Answer, ApiError> {
    let periods = periods(call)?;
    let span = periods.first().zip(periods.last()).map(|(first, last)| (first.start, last.end));
    let mut sites = Map::new();
    for site in &call.sites {
        let notes = between(call, *site, span)?.iter().map(|note| shown(call, note)).collect();
        sites.insert(site.to_string(), Value::Array(notes));
    }
    Ok(data(Value::Object(sites)))
}

/// For each period: its first day and how many notes it has; the text of a single one on request.
fn count_by_date(call: &Call<'_>) -> Result<Answer, ApiError> {
    let periods = periods(call)?;
    let with_text = call.arguments.is_set("getAnnotationText");
    let mut sites = Map::new();
    for site in &call.sites {
        let mut counts = vec![];
        for period in &periods {
            let notes = between(call, *site, Some((period.start, period.end)))?;
            let starred = notes.iter().filter(|note| note.body["starred"] == true).count();
            let mut count = json!({ "count": notes.len(), "starred": starred });
            if let ([only], true) = (notes.as_slice(), with_text) {
                count["note"] = only.body["note"].clone();
            }
            counts.push(json!([period.start.to_string(), count]));
        }
        sites.insert(site.to_string(), Value::Array(counts));
    }
    Ok(data(Value::Object(sites)))
}
