//! Events: category, action, name.

use super::{
    Labelling, ReportDef, Source,
    labels::{escaped_segment, or},
};
use crate::{catalogue::metrics, report::ReportParams, table::Row};
use candor_core::SiteSettings;

const NAME_NOT_DEFINED: &str = "Event Name not defined";

/// The record of a first dimension and the second one that the request names, or the usual one.
fn record(params: &ReportParams, first: &str, usual: &'static str, other: &'static str) -> Result<String, String> {
    let second = match params.secondary_dimension.as_deref().unwrap_or_default() {
        "" => usual,
        name if name.eq_ignore_ascii_case(&format!("event{usual}")) => usual,
        name if name.eq_ignore_ascii_case(&format!("event{other}")) => other,
        name => {
            return Err(format!(
                "Secondary dimension '{name}' is not valid for the API get{first}. Use one of: event{}, event{}",
                capitalised(usual),
                capitalised(other)
            ));
        }
    };
    Ok(format!("Events_{}_{second}", first.to_lowercase()))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn categories(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    record(params, "Category", "action", "name")
}

fn actions(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    record(params, "Action", "name", "category")
}

fn names(params: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    record(params, "Name", "action", "category")
}

fn category(row: &mut Row, l: &Labelling<'_>) {
    labelled(row, l, "eventCategory");
}

fn action(row: &mut Row, l: &Labelling<'_>) {
    labelled(row, l, "eventAction");
}

fn name(row: &mut Row, l: &Labelling<'_>) {
    labelled(row, l, "eventName");
}

fn labelled(row: &mut Row, l: &Labelling<'_>, dimension: &str) {
    if l.level == 0 && !row.label().is_empty() {
        let value = row.label().to_owned();
        escaped_segment(row, dimension, &value);
    }
    row.label = Some(or(row, NAME_NOT_DEFINED));
}

type Choose = fn(&ReportParams, &SiteSettings) -> Result<String, String>;

const fn events(method: &'static str, title: &'static str, choose: Choose) -> ReportDef {
    let mut report = ReportDef::rows(method, title, "");
    report.source = Source::Chosen(choose);
    report
        .columns(
            &["nb_events", "sum_event_value", "min_event_value", "max_event_value", "nb_events_with_value"],
            metrics::EVENT,
        )
        .titled(&[("avg_event_value", "The average of all values for this event")])
}

const fn below(method: &'static str, title: &'static str, choose: Choose) -> ReportDef {
    events(method, title, choose).labelled(below_label).only_below()
}

fn below_label(row: &mut Row, _: &Labelling<'_>) {
    row.label = Some(or(row, NAME_NOT_DEFINED));
}

fn category_actions(_: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    Ok("Events_category_action".to_owned())
}

fn category_names(_: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    Ok("Events_category_name".to_owned())
}

fn action_names(_: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    Ok("Events_action_name".to_owned())
}

fn action_categories(_: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    Ok("Events_action_category".to_owned())
}

fn name_actions(_: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    Ok("Events_name_action".to_owned())
}

fn name_categories(_: &ReportParams, _: &SiteSettings) -> Result<String, String> {
    Ok("Events_name_category".to_owned())
}

const PAGE: &str = "Events";

pub(super) const REPORTS: &[ReportDef] = &[
    events("Events.getCategory", "Event Categories", categories)
        .of("Event Category", &["Events_EventCategory", "Events_EventAction"])
        .below("Events.getActionFromCategoryId")
        .labelled(category)
        .listed("Actions", PAGE, 1)
        .says("The categories of events."),
    events("Events.getAction", "Event Actions", actions)
        .of("Event Action", &["Events_EventAction", "Events_EventName"])
        .below("Events.getNameFromActionId")
        .labelled(action)
        .listed("Actions", PAGE, 2)
        .says("What was done, as events say."),
    events("Events.getName", "Event Names", names)
        .of("Event Name", &["Events_EventName", "Events_EventAction"])
        .below("Events.getActionFromNameId")
        .labelled(name)
        .listed("Actions", PAGE, 3)
        .says("What it was done to, as events say."),
    below("Events.getActionFromCategoryId", "Event Actions", category_actions),
    below("Events.getNameFromCategoryId", "Event Names", category_names),
    below("Events.getNameFromActionId", "Event Names", action_names),
    below("Events.getCategoryFromActionId", "Event Categories", action_categories),
    below("Events.getActionFromNameId", "Event Actions", name_actions),
    below("Events.getCategoryFromNameId", "Event Categories", name_categories),
];
