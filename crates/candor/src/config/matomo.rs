//! Matomo's own `config.ini.php` options, so that an operator who migrates keeps them.
//! Ours carry the same names where the behaviour is the same; the rest is named by `check-config`.

use candor_core::Settings;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Options by lower-case section and name.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct MatomoOptions(BTreeMap<String, BTreeMap<String, Value>>);

/// Matomo writes `[Tracker]`, the environment can't tell: the case of names counts nowhere.
impl<'de> Deserialize<'de> for MatomoOptions {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        let mut sections: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
        // Names in lower case come last: those of the environment, which win.
        for (section, options) in BTreeMap::<String, BTreeMap<String, Value>>::deserialize(given)? {
            let options = options.into_iter().map(|(name, value)| (name.to_lowercase(), value));
            sections.entry(section.to_lowercase()).or_default().extend(options);
        }
        Ok(Self(sections))
    }
}

/// Options of Matomo under another name of ours: (section, Matomo's name, our section, our name).
const RENAMED: [(&str, &str, &str, &str); 6] = [
    ("general", "action_title_category_delimiter", "tracker", "title_delimiter"),
    ("general", "action_url_category_delimiter", "tracker", "url_delimiter"),
    ("general", "datatable_archiving_maximum_rows_referers", "reports", "datatable_archiving_maximum_rows_referrers"),
    (
        "general",
        "datatable_archiving_maximum_rows_subtable_referers",
        "reports",
        "datatable_archiving_maximum_rows_subtable_referrers",
    ),
    (
        "tracker",
        "tracking_requests_require_authentication_when_custom_timestamp_newer_than",
        "tracker",
        "custom_timestamp_seconds_max",
    ),
    ("option", "useridsalt", "privacy", "user_id_salt"),
];

/// Lists of the section `tracker`, which Matomo writes with commas: (Matomo's name, our name).
const LISTS: [(&str, &str); 3] = [
    ("campaign_var_name", "campaign_name_params"),
    ("campaign_keyword_var_name", "campaign_keyword_params"),
    ("url_query_parameter_to_exclude_from_url", "url_query_parameter_to_exclude_from_url"),
];

impl MatomoOptions {
    /// Sets ours and returns those that have no effect here, as `section.name`.
    pub(crate) fn apply(&self, settings: &mut Settings) -> Vec<String> {
        let mut without_effect = vec![];
        for (section, options) in &self.0 {
            for (name, value) in options {
                if !set(settings, section, name, value) {
                    without_effect.push(format!("{section}.{name}"));
                }
            }
        }
        without_effect
    }
}

/// Fields of our privacy settings that Matomo has no option for.
pub(crate) const OURS: [&str; 3] = ["without_consent", "regime", "controller"];

/// What Matomo calls one of our settings: its section and name there.
#[cfg(test)]
pub(crate) fn matomo_name(section: &'static str, name: &str) -> (&'static str, String) {
    let ours = if section == "general" { "reports" } else { section };
    let renamed = RENAMED.iter().find(|(_, _, s, n)| (*s, *n) == (ours, name)).map(|(s, n, _, _)| (*s, *n));
    let listed = LISTS.iter().find(|(_, n)| section == "tracker" && *n == name).map(|(theirs, _)| (section, *theirs));
    let (section, name) = renamed.or(listed).unwrap_or((section, name));
    (section, name.to_owned())
}

fn set(settings: &mut Settings, section: &str, name: &str, value: &Value) -> bool {
    if let Some((_, ours)) = LISTS.iter().find(|(theirs, _)| section == "tracker" && *theirs == name) {
        let words = text(value).split(',').map(|w| Value::String(w.trim().to_owned())).collect();
        return assign(&mut settings.tracker, ours, Value::Array(words));
    }
    let (section, name) = RENAMED
        .iter()
        .find(|(s, n, _, _)| *s == section && *n == name)
        .map_or((section, name), |(_, _, s, n)| (*s, *n));
    match section {
        "tracker" => assign(&mut settings.tracker, name, value.clone()),
        "privacy" if !OURS.contains(&name) => assign(&mut settings.privacy, name, value.clone()),
        "general" | "reports" => assign(&mut settings.reports, name, value.clone()),
        _ => false,
    }
}

/// Sets the field `name` of a settings struct; false when there is none or the value doesn't fit.
fn assign<T: Serialize + for<'de> Deserialize<'de>>(target: &mut T, name: &str, value: Value) -> bool {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&*target) else { return false };
    let Some(field) = fields.get_mut(name) else { return false };
    *field = match &*field {
        Value::Bool(_) => Value::Bool(!matches!(text(&value).as_str(), "" | "0" | "false" | "off" | "no")),
        Value::Number(_) => match text(&value).trim().parse::<i64>() {
            Ok(number) => number.into(),
            Err(_) => return false,
        },
        Value::String(_) => Value::String(text(&value)),
        _ => value,
    };
    match serde_json::from_value(Value::Object(fields)) {
        Ok(changed) => {
            *target = changed;
            true
        }
        Err(_) => false,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
