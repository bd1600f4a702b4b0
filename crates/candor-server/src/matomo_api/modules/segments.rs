//! `API`: what segments can be made of.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value has null where a key is missing; bodies are our own objects"
)]

use crate::matomo_api::{
    call::{Call, Method, data},
    dispatch::{VIEW, VIEW_SOMEWHERE},
    error::ApiError,
};
use candor_admin::Role;
use candor_core::{DimensionScope, SiteSettings};
use candor_query::{
    catalogue::dimensions,
    suggest::{Suggestion, Suggestions},
    table::Answer,
};
use serde_json::{Value, json};
use std::{cmp::Reverse, sync::Arc};

pub(super) const METHODS: &[Method] = &[
    Method::new("getSegmentsMetadata", VIEW_SOMEWHERE, segments_metadata),
    Method::new("getSuggestedValuesForSegment", VIEW, suggested_values),
];

/// Categories in the order in which they are listed.
const CATEGORIES: [&str; 4] = ["Visitors", "Acquisition", "Behaviour", "Ecommerce"];

/// Every dimension that segments know: by category, metrics first, then by name.
fn segments_metadata(call: &Call<'_>) -> Result<Answer, ApiError> {
    let sites: Vec<Arc<SiteSettings>> = match call.arguments.0.get("idSites").or(call.arguments.0.get("idSite")) {
        Some(_) => {
            let name = if call.arguments.0.get("idSites").is_some() { "idSites" } else { "idSite" };
            let ids = call.sites_of(name, Role::View)?;
            ids.iter().filter_map(|id| call.settings.site(*id)).cloned().collect()
        }
        None => call.sites_with(Role::View, true),
    };
    let shows_restricted = !call.caller.is_anonymous();
    let mut segments: Vec<Value> = dimensions::all()
        .filter(|dimension| shows_restricted || !dimension.restricted)
        .map(|dimension| {
            let mut shown = json!({
                "type": if dimension.metric { "metric" } else { "dimension" },
                "category": dimension.category,
                "name": dimension.name,
                "segment": dimension.segment,
            });
            if dimension.restricted {
                shown["permission"] = json!(true);
            }
            if !dimension.members.is_empty() {
                shown["unionOfSegments"] = json!(dimension.members);
            }
            shown
        })
        .collect();
    // Custom dimensions mean something only for the one site they belong to.
    if let [site] = sites.as_slice() {
        segments.extend(site.dimensions.iter().filter(|dimension| dimension.active).map(|dimension| {
            let is_visit = dimension.scope == DimensionScope::Visit;
            json!({
                "type": "dimension",
                "category": if is_visit { "Visitors" } else { "Behaviour" },
                "name": dimension.name,
                "segment": format!("dimension{}", dimension.id),
            })
        }));
    }
    let text = |segment: &Value, field: &str| segment[field].as_str().unwrap_or_default().to_owned();
    segments.sort_by_cached_key(|segment| {
        let category = text(segment, "category");
        let place = CATEGORIES.iter().position(|known| *known == category).unwrap_or(CATEGORIES.len());
        (place, Reverse(text(segment, "type")), text(segment, "name"))
    });
    Ok(Answer::Data(candor_query::table::Value::List(
        segments.into_iter().map(crate::matomo_api::call::value).collect(),
    )))
}

fn suggested_values(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (site, name) = (call.site()?, call.arguments.required("segmentName")?);
    let not_found = || ApiError::new(format!("Requested segment {name} not found."));
    let found = dimensions::find(name, Some(site)).ok_or_else(not_found)?;
    if found.dimension.restricted && call.caller.is_anonymous() {
        return Err(not_found());
    }
    let today = site.zone.day(call.app.clock.now());
    let suggestions = Suggestions { store: call.app.store.as_ref(), vocabulary: &call.app.vocabulary, site, today };
    let values = suggestions.of(name)?.ok_or_else(not_found)?;
    let shown = values.into_iter().map(|value| match value {
        Suggestion::Number(number) => json!(number),
        Suggestion::Text(text) => json!(text),
    });
    Ok(data(Value::Array(shown.collect())))
}
