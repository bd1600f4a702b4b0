//! `CustomDimensions`: definitions. Their report is in the catalogue.

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::WRITE,
    error::ApiError,
};
use candor_admin::Role;
use candor_core::{CustomDimension, DimensionScope, ParamValue, SiteId};
use candor_query::table::Answer;
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("configureNewCustomDimension", WRITE, add),
    Method::new("configureExistingCustomDimension", WRITE, change),
    Method::new("getConfiguredCustomDimensions", LIST, |call| Ok(list(call, |_| true))),
    Method::new("getConfiguredCustomDimensionsHavingScope", LIST, |call| {
        let scope = scope(call)?;
        Ok(list(call, |dimension| dimension.scope == scope))
    }),
    Method::new("getAvailableScopes", LIST, available_scopes),
    Method::new("getAvailableExtractionDimensions", Access::Somewhere(Role::Write), |_| {
        Ok(data(EXTRACTIONS.iter().map(|(value, name)| json!({ "value": value, "name": name })).collect()))
    }),
];

const LIST: Access = Access::SitesIfAny(Role::View);
const EXTRACTIONS: [(&str, &str); 3] =
    [("url", "Page URL"), ("urlparam", "Page URL Parameter"), ("action_name", "Page Title")];
const SCOPES: [(&str, &str, DimensionScope); 2] =
    [("visit", "Visit", DimensionScope::Visit), ("action", "Action", DimensionScope::Action)];
/// Longest name, in characters (Matomo's column).
const NAME_CHARS_MAX: usize = 255;

fn scope(call: &Call<'_>) -> Result<DimensionScope, ApiError> {
    let name = call.arguments.required("scope")?;
    let known = SCOPES.iter().find(|(value, _, _)| *value == name).map(|(_, _, scope)| *scope);
    known.ok_or_else(|| ApiError::invalid("scope", name, "use visit or action"))
}

fn scope_name(scope: DimensionScope) -> &'static str {
    SCOPES.iter().find(|(_, _, known)| *known == scope).map_or("", |(name, _, _)| name)
}

fn name(call: &Call<'_>) -> Result<String, ApiError> {
    let name = call.arguments.required("name")?;
    if name.chars().count() > NAME_CHARS_MAX {
        return Err(ApiError::new(format!("the name is longer than {NAME_CHARS_MAX} characters; shorten it")));
    }
    Ok(name.to_owned())
}

fn active(call: &Call<'_>) -> Result<bool, ApiError> {
    call.arguments.flag("active").ok_or_else(|| ApiError::missing("active"))
}

/// `extractions[0][dimension]=url&extractions[0][pattern]=…`; entries without a pattern are left out.
fn extractions(call: &Call<'_>) -> Result<Vec<(String, String)>, ApiError> {
    let Some(ParamValue::List(entries)) = call.arguments.0.get("extractions") else { return Ok(vec![]) };
    let mut extractions = vec![];
    for (_, entry) in entries {
        let ParamValue::List(fields) = entry else { continue };
        let field =
            |name: &str| fields.iter().find(|(k, _)| k == name).and_then(|(_, v)| v.as_text()).unwrap_or_default();
        let (dimension, pattern) = (field("dimension"), field("pattern"));
        if pattern.is_empty() {
            continue;
        }
        if !EXTRACTIONS.iter().any(|(value, _)| *value == dimension) {
            return Err(ApiError::invalid("dimension", dimension, "use url, urlparam or action_name"));
        }
        if dimension != "urlparam" && !(pattern.contains('(') && candor_collect::is_pattern(pattern)) {
            let advice = "write a regular expression with what is to be extracted in parentheses";
            return Err(ApiError::invalid("pattern", pattern, advice));
        }
        extractions.push((dimension.to_owned(), pattern.to_owned()));
    }
    Ok(extractions)
}

fn add(call: &Call<'_>) -> Result<Answer, ApiError> {
    let dimension = CustomDimension {
        id: 0,
        index: 0,
        name: name(call)?,
        scope: scope(call)?,
        active: active(call)?,
        extractions: extractions(call)?,
        case_sensitive: call.arguments.flag("caseSensitive").unwrap_or(true),
    };
    if dimension.scope == DimensionScope::Visit && !dimension.extractions.is_empty() {
        return Err(ApiError::new("only dimensions of scope action can be extracted; leave extractions out"));
    }
    Ok(scalar(call.app.admin.add_dimension(call.site()?.id, dimension)?))
}

fn change(call: &Call<'_>) -> Result<Answer, ApiError> {
    let id = call.arguments.required_number("idDimension")?;
    let (name, active, extractions) = (name(call)?, active(call)?, extractions(call)?);
    let case_sensitive = call.arguments.flag("caseSensitive");
    call.app.admin.update_dimension(call.site()?.id, id, |dimension| {
        dimension.name = name;
        dimension.active = active;
        dimension.extractions = extractions;
        dimension.case_sensitive = case_sensitive.unwrap_or(dimension.case_sensitive);
    })?;
    Ok(Answer::Success)
}

fn list(call: &Call<'_>, wanted: impl Fn(&CustomDimension) -> bool) -> Answer {
    let sites = call.sites.iter().filter_map(|id| call.settings.site(*id));
    let dimensions = sites.flat_map(|site| site.dimensions.iter().map(|dimension| (site.id, dimension)));
    data(
        dimensions.filter(|(_, dimension)| wanted(dimension)).map(|(site, dimension)| shown(site, dimension)).collect(),
    )
}

/// Numbers are texts here: Matomo hands on what its database says.
fn shown(site: SiteId, dimension: &CustomDimension) -> Value {
    let extractions: Vec<Value> = dimension
        .extractions
        .iter()
        .map(|(dimension, pattern)| json!({ "dimension": dimension, "pattern": pattern }))
        .collect();
    json!({
        "idcustomdimension": dimension.id.to_string(),
        "idsite": site.to_string(),
        "name": dimension.name,
        "index": dimension.index.to_string(),
        "scope": scope_name(dimension.scope),
        "active": dimension.active,
        "extractions": extractions,
        "case_sensitive": dimension.case_sensitive,
    })
}

fn available_scopes(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = call.sites.first().and_then(|id| call.settings.site(*id));
    let dimensions = site.map_or(&[][..], |site| &site.dimensions);
    let shown = SCOPES.map(|(value, name, scope)| {
        let used = dimensions.iter().filter(|dimension| dimension.scope == scope).count();
        let slots = candor_admin::DIMENSIONS_A_SCOPE_MAX as usize;
        json!({
            "value": value,
            "name": name,
            "numSlotsAvailable": slots,
            "numSlotsUsed": used,
            "numSlotsLeft": slots.saturating_sub(used),
            "supportsExtractions": scope == DimensionScope::Action,
        })
    });
    Ok(data(json!(shown)))
}
