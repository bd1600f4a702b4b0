//! The columns of visits and actions whose values can be unset afterwards, under the names by which Matomo's clients
//! know them.

use crate::matomo_api::{
    call::{Access, Method, data},
    error::ApiError,
};
use candor_query::table::Answer;
use serde_json::json;

pub(super) const METHODS: &[Method] = &[
    Method::new("getAvailableVisitColumnsToAnonymize", Access::SuperUser, |_| listed(VISIT, CUSTOM)),
    Method::new("getAvailableLinkVisitActionColumnsToAnonymize", Access::SuperUser, |_| listed(ACTION, CUSTOM)),
];

/// Columns by name, and what an unset one holds if not nothing.
type Columns = &'static [(&'static str, Option<&'static str>)];

const NOTHING: Option<&str> = None;
const ZERO: Option<&str> = Some("0");

const VISIT: Columns = &[
    ("config_browser_engine", NOTHING),
    ("config_browser_name", NOTHING),
    ("config_browser_version", NOTHING),
    ("config_client_type", NOTHING),
    ("config_cookie", NOTHING),
    ("config_device_brand", NOTHING),
    ("config_device_model", NOTHING),
    ("config_device_type", NOTHING),
    ("config_flash", NOTHING),
    ("config_java", NOTHING),
    ("config_os", NOTHING),
    ("config_os_version", NOTHING),
    ("config_pdf", NOTHING),
    ("config_quicktime", NOTHING),
    ("config_realplayer", NOTHING),
    ("config_resolution", NOTHING),
    ("config_silverlight", NOTHING),
    ("config_windowsmedia", NOTHING),
    ("last_idlink_va", NOTHING),
    ("location_browser_lang", NOTHING),
    ("location_city", NOTHING),
    ("location_country", NOTHING),
    ("location_latitude", NOTHING),
    ("location_longitude", NOTHING),
    ("location_region", NOTHING),
    ("profilable", NOTHING),
    ("referer_keyword", NOTHING),
    ("referer_name", NOTHING),
    ("referer_type", NOTHING),
    ("referer_url", NOTHING),
    ("user_id", NOTHING),
    ("visit_entry_idaction_name", NOTHING),
    ("visit_entry_idaction_url", NOTHING),
    ("visit_exit_idaction_name", NOTHING),
    ("visit_exit_idaction_url", ZERO),
    ("visit_goal_buyer", NOTHING),
    ("visit_goal_converted", NOTHING),
    ("visit_total_actions", NOTHING),
    ("visit_total_events", NOTHING),
    ("visit_total_interactions", ZERO),
    ("visit_total_searches", NOTHING),
    ("visitor_count_visits", ZERO),
    ("visitor_localtime", NOTHING),
    ("visitor_returning", NOTHING),
    ("visitor_seconds_since_first", NOTHING),
    ("visitor_seconds_since_last", NOTHING),
    ("visitor_seconds_since_order", NOTHING),
];

const ACTION: Columns = &[
    ("bandwidth", NOTHING),
    ("custom_float", NOTHING),
    ("idaction_content_interaction", NOTHING),
    ("idaction_content_name", NOTHING),
    ("idaction_content_piece", NOTHING),
    ("idaction_content_target", NOTHING),
    ("idaction_event_action", NOTHING),
    ("idaction_event_category", NOTHING),
    ("idaction_name", NOTHING),
    ("idaction_name_ref", NOTHING),
    ("idaction_product_cat", NOTHING),
    ("idaction_product_cat2", NOTHING),
    ("idaction_product_cat3", NOTHING),
    ("idaction_product_cat4", NOTHING),
    ("idaction_product_cat5", NOTHING),
    ("idaction_product_name", NOTHING),
    ("idaction_product_sku", NOTHING),
    ("idaction_url", NOTHING),
    ("idaction_url_ref", ZERO),
    ("idpageview", NOTHING),
    ("pageview_position", NOTHING),
    ("product_price", NOTHING),
    ("search_cat", NOTHING),
    ("search_count", NOTHING),
    ("time_dom_completion", NOTHING),
    ("time_dom_processing", NOTHING),
    ("time_network", NOTHING),
    ("time_on_load", NOTHING),
    ("time_server", NOTHING),
    ("time_spent", NOTHING),
    ("time_spent_ref_action", NOTHING),
    ("time_transfer", NOTHING),
];

/// Columns of which there is one a slot.
const CUSTOM: &[&str] = &["custom_dimension_", "custom_var_k", "custom_var_v"];
const SLOTS: u8 = 5;

fn listed(columns: Columns, by_slot: &[&str]) -> Result<Answer, ApiError> {
    let fixed = columns.iter().map(|(name, unset)| ((*name).to_owned(), *unset));
    let slots = by_slot.iter().flat_map(|name| (1..=SLOTS).map(move |slot| (format!("{name}{slot}"), NOTHING)));
    let mut all: Vec<_> = fixed.chain(slots).collect();
    all.sort();
    Ok(data(all.into_iter().map(|(name, unset)| json!({ "column_name": name, "default_value": unset })).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_query::table::Value;

    #[test]
    fn columns_are_listed_by_name_each_slot_on_its_own() {
        let Answer::Data(Value::List(rows)) = listed(&[("b", NOTHING), ("z", ZERO)], &["c_"]).unwrap() else {
            panic!("a list")
        };
        let names: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
        assert_eq!(names.len(), 7);
        assert!(names[0].contains("\"b\"") && names[1].contains("\"c_1\"") && names[6].contains("\"z\""), "{names:?}");
    }
}
