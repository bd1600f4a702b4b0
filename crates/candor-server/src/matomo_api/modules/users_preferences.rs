//! `UsersManager`: what people prefer to see first.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value has null where a key is missing; bodies are our own objects"
)]

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    error::ApiError,
};
use candor_admin::Role;
use candor_core::SiteId;
use candor_query::table::Answer;
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("getUserPreference", Access::SignedIn, get),
    Method::new("setUserPreference", Access::SignedIn, set),
    Method::new("getAllUsersPreferences", Access::SuperUser, get_all),
];

/// Documents that hold preferences: `{"name": …, "value": …}` of their login.
const KIND: &str = "preference";
/// Preferences that clients may set.
const NAMES: [&str; 3] = ["defaultReport", "defaultReportDate", "hideSegmentDefinitionChangeMessage"];

impl Call<'_> {
    /// A stored preference of a person.
    pub(super) fn preference(&self, login: &str, name: &str) -> Result<Option<String>, ApiError> {
        let stored = self.app.admin.documents(KIND)?;
        let own = stored.iter().find(|d| d.login.eq_ignore_ascii_case(login) && d.body["name"] == name);
        Ok(own.and_then(|d| d.body["value"].as_str()).map(str::to_owned))
    }

    /// Stores a preference of a person.
    pub(super) fn set_preference(&self, login: &str, name: &str, value: &str) -> Result<(), ApiError> {
        let body = json!({ "name": name, "value": value });
        let stored = self.app.admin.documents(KIND)?;
        match stored.iter().find(|d| d.login.eq_ignore_ascii_case(login) && d.body["name"] == name) {
            Some(old) => self.app.admin.update_document(old.id, SiteId(0), &body)?,
            None => drop(self.app.admin.add_document(KIND, SiteId(0), login, &body)?),
        }
        Ok(())
    }
}

fn known<'a>(call: &'a Call<'_>) -> Result<&'a str, ApiError> {
    let name = call.arguments.required("preferenceName")?;
    if NAMES.contains(&name) {
        return Ok(name);
    }
    Err(ApiError::invalid("preferenceName", name, "use defaultReport or defaultReportDate"))
}

fn get(call: &Call<'_>) -> Result<Answer, ApiError> {
    let name = known(call)?;
    let login =
        if call.arguments.text("userLogin").is_some() { call.own_login("userLogin")? } else { call.caller.login() };
    if let Some(value) = call.preference(login, name)? {
        return Ok(scalar(value));
    }
    let first_site = call.sites_with(Role::View, true).first().map(|site| site.id.to_string());
    Ok(match name {
        "defaultReport" => scalar(first_site.unwrap_or_else(|| "MultiSites".into())),
        "defaultReportDate" => scalar("yesterday"),
        _ => scalar(false),
    })
}

fn set(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (name, login) = (known(call)?, call.own_login("userLogin")?);
    let value = call.arguments.raw("preferenceValue").ok_or_else(|| ApiError::missing("preferenceValue"))?;
    call.set_preference(login, name, value)?;
    Ok(Answer::Success)
}

fn get_all(call: &Call<'_>) -> Result<Answer, ApiError> {
    let names = call.arguments.list("preferenceNames").ok_or_else(|| ApiError::missing("preferenceNames"))?;
    let mut people: serde_json::Map<String, Value> = serde_json::Map::new();
    for document in call.app.admin.documents(KIND)? {
        let name = document.body["name"].as_str().unwrap_or_default();
        if names.iter().any(|wanted| wanted == name) {
            let person = people.entry(document.login).or_insert_with(|| json!({}));
            person[name] = document.body["value"].clone();
        }
    }
    Ok(data(Value::Object(people)))
}
