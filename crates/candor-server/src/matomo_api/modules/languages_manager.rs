//! `LanguagesManager`: answers are in English; which language a person prefers is remembered for the dashboard.

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    error::ApiError,
};
use serde_json::json;

pub(super) const METHODS: &[Method] = &[
    Method::new("isLanguageAvailable", Access::Anyone, |call| {
        Ok(scalar(call.arguments.text("languageCode") == Some("en")))
    }),
    Method::new("getAvailableLanguages", Access::Anyone, |_| Ok(data(json!(["en"])))),
    Method::new("getAvailableLanguageNames", Access::Anyone, |_| {
        Ok(data(json!([{ "code": "en", "name": "English", "english_name": "English" }])))
    }),
    Method::new("getAvailableLanguagesInfo", Access::Anyone, |_| {
        Ok(data(json!([{ "code": "en", "name": "English", "english_name": "English", "percentage_complete": "100%" }])))
    }),
    Method::new("getLanguageForUser", Access::SignedIn, |call| {
        let stored = call.preference(call.own_login("login")?, LANGUAGE)?;
        Ok(stored.map_or_else(|| scalar(false), scalar))
    }),
    Method::new("setLanguageForUser", Access::SignedIn, |call| {
        let language = call.arguments.required("languageCode")?;
        if language != "en" {
            return Err(ApiError::invalid("languageCode", language, "use en"));
        }
        call.set_preference(call.own_login("login")?, LANGUAGE, language)?;
        Ok(scalar(true))
    }),
    Method::new("uses12HourClockForUser", Access::SignedIn, |call| {
        Ok(scalar(call.preference(call.own_login("login")?, CLOCK)?.as_deref() == Some("1")))
    }),
    Method::new("set12HourClockForUser", Access::SignedIn, |call| {
        let value = if call.arguments.is_set("use12HourClock") { "1" } else { "0" };
        call.set_preference(call.own_login("login")?, CLOCK, value)?;
        Ok(scalar(true))
    }),
];

const LANGUAGE: &str = "language";
const CLOCK: &str = "use12HourClock";

impl Call<'_> {
    /// The login that a parameter names: one's own, or any for super users.
    pub(super) fn own_login(&self, parameter: &str) -> Result<&str, ApiError> {
        let login = self.arguments.required(parameter)?;
        if self.caller.is_super_user() || login.eq_ignore_ascii_case(self.caller.login()) {
            return Ok(login);
        }
        Err(ApiError::super_users_only(self.caller.is_anonymous()))
    }
}
