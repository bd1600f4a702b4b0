//! `SitesManager`: lists and defaults for all sites.

use super::sites_manager::{addresses, currency};
use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::{ADMIN_SOMEWHERE, VIEW, VIEW_SOMEWHERE},
    error::ApiError,
};
use candor_core::{SiteZone, settings::GlobalSettings};
use candor_query::table::Answer;
use serde_json::{Map, Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("setGlobalExcludedIps", Access::SuperUser, |call| {
        let list = call.arguments.list("excludedIps").ok_or_else(|| ApiError::missing("excludedIps"))?;
        let list = addresses(list)?;
        change(call, |g| g.excluded_ips = list)
    }),
    Method::new("getExcludedIpsGlobal", ADMIN_SOMEWHERE, |call| Ok(joined(&call.settings.global.excluded_ips))),
    Method::new("setGlobalExcludedQueryParameters", Access::SuperUser, |call| {
        set(call, "excludedQueryParameters", |g, list| g.excluded_params = list)
    }),
    Method::new("getExcludedQueryParametersGlobal", VIEW_SOMEWHERE, |call| {
        Ok(joined(&call.settings.global.excluded_params))
    }),
    Method::new("getExcludedQueryParameters", VIEW, |call| {
        Ok(joined(&both(&call.site()?.excluded_params, &call.settings.global.excluded_params)))
    }),
    Method::new("setGlobalExcludedUserAgents", Access::SuperUser, |call| {
        set(call, "excludedUserAgents", |g, list| g.excluded_user_agents = list)
    }),
    Method::new("getExcludedUserAgentsGlobal", ADMIN_SOMEWHERE, |call| {
        Ok(joined(&call.settings.global.excluded_user_agents))
    }),
    Method::new("setGlobalExcludedReferrers", Access::SuperUser, |call| {
        set(call, "excludedReferrers", |g, list| g.excluded_referrers = list)
    }),
    Method::new("getExcludedReferrersGlobal", ADMIN_SOMEWHERE, |call| {
        Ok(joined(&call.settings.global.excluded_referrers))
    }),
    Method::new("getExcludedReferrers", VIEW, |call| {
        Ok(data(json!(both(&call.site()?.excluded_referrers, &call.settings.global.excluded_referrers))))
    }),
    Method::new("setGlobalSearchParameters", Access::SuperUser, set_search_parameters),
    Method::new("getSearchKeywordParametersGlobal", ADMIN_SOMEWHERE, |call| {
        Ok(joined(&call.settings.global.search_keyword_params))
    }),
    Method::new("getSearchCategoryParametersGlobal", ADMIN_SOMEWHERE, |call| {
        Ok(joined(&call.settings.global.search_category_params))
    }),
    Method::new("setKeepURLFragmentsGlobal", Access::SuperUser, |call| {
        let keep = call.arguments.flag("enabled").ok_or_else(|| ApiError::missing("enabled"))?;
        change(call, |global| global.keep_url_fragment = keep)
    }),
    Method::new("getKeepURLFragmentsGlobal", VIEW_SOMEWHERE, |call| Ok(scalar(call.settings.global.keep_url_fragment))),
    Method::new("setDefaultCurrency", Access::SuperUser, set_default_currency),
    Method::new("getDefaultCurrency", ADMIN_SOMEWHERE, |call| {
        Ok(scalar(call.settings.global.default_currency.clone()))
    }),
    Method::new("setDefaultTimezone", Access::SuperUser, set_default_zone),
    Method::new("getDefaultTimezone", Access::Anyone, |call| Ok(scalar(call.settings.global.default_zone.name()))),
    Method::new("getCurrencyList", Access::Anyone, currency_list),
    Method::new("getCurrencySymbols", Access::Anyone, |call| Ok(data(json!(call.app.vocabulary.currency_symbols)))),
    Method::new("getTimezonesList", Access::Anyone, |_| Ok(data(zones()))),
    Method::new("getTimezoneName", Access::Anyone, |call| Ok(scalar(call.arguments.required("timezone")?))),
    Method::new("isTimezoneSupportEnabled", VIEW_SOMEWHERE, |_| Ok(scalar(true))),
    Method::new("getIpsForRange", Access::Anyone, ips_for_range),
];

fn joined(list: &[String]) -> Answer {
    scalar(list.join(","))
}

fn both(site: &[String], global: &[String]) -> Vec<String> {
    let mut all = site.to_vec();
    all.extend(global.iter().filter(|entry| !site.contains(entry)).cloned());
    all
}

fn change(call: &Call<'_>, change: impl FnOnce(&mut GlobalSettings)) -> Result<Answer, ApiError> {
    let mut global = call.settings.global.clone();
    change(&mut global);
    call.app.admin.set_global(global)?;
    Ok(scalar(true))
}

fn set(call: &Call<'_>, name: &str, put: fn(&mut GlobalSettings, Vec<String>)) -> Result<Answer, ApiError> {
    let list = call.arguments.list(name).ok_or_else(|| ApiError::missing(name))?;
    change(call, |global| put(global, list))
}

fn set_search_parameters(call: &Call<'_>) -> Result<Answer, ApiError> {
    let list = |name| call.arguments.list(name).ok_or_else(|| ApiError::missing(name));
    let (keywords, categories) = (list("searchKeywordParameters")?, list("searchCategoryParameters")?);
    change(call, |global| {
        global.search_keyword_params = keywords;
        global.search_category_params = categories;
    })
}

fn set_default_currency(call: &Call<'_>) -> Result<Answer, ApiError> {
    let code = currency(call, "defaultCurrency", call.arguments.required("defaultCurrency")?)?;
    change(call, |global| global.default_currency = code)
}

fn set_default_zone(call: &Call<'_>) -> Result<Answer, ApiError> {
    let name = call.arguments.required("defaultTimezone")?;
    let zone = SiteZone::parse(name)
        .ok_or_else(|| ApiError::invalid("defaultTimezone", name, "use a name as Europe/Berlin"))?;
    change(call, |global| global.default_zone = zone)
}

fn currency_list(call: &Call<'_>) -> Result<Answer, ApiError> {
    let symbols = &call.app.vocabulary.currency_symbols;
    let shown = call.app.vocabulary.currency_names.iter().map(|(code, name)| {
        let symbol = symbols.get(code).unwrap_or(code);
        (code.clone(), json!(format!("{name} ({symbol})")))
    });
    Ok(data(Value::Object(shown.collect())))
}

/// Zones by continent, then the fixed offsets.
fn zones() -> Value {
    let mut groups: Map<String, Value> = Map::new();
    let mut add = |group: &str, zone: &str, shown: String| {
        let entry = groups.entry(group.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(zones) = entry {
            zones.insert(zone.to_owned(), json!(shown));
        }
    };
    for name in jiff::tz::db().available() {
        let name = name.as_str();
        if let Some((continent, city)) = name.split_once('/').filter(|(continent, _)| *continent != "Etc") {
            add(continent, name, city.replace('_', " ").replace('/', " - "));
        }
    }
    for half_hours in -24..=28 {
        let hours = f64::from(half_hours) / 2.0;
        let name = if half_hours == 0 { "UTC".into() } else { format!("UTC{hours:+}") };
        add("UTC", &name, name.clone());
    }
    Value::Object(groups)
}

/// First and last address of a range with wildcards or a CIDR.
fn ips_for_range(call: &Call<'_>) -> Result<Answer, ApiError> {
    let text = call.arguments.required("ipRange")?;
    let stars = text.matches('*').count();
    let cidr = match stars {
        0 if text.contains('/') => text.to_owned(),
        0 => format!("{text}/{}", if text.contains(':') { 128 } else { 32 }),
        stars => format!("{}/{}", text.replace('*', "0"), 32_usize.saturating_sub(stars * 8)),
    };
    Ok(match cidr.parse::<ipnet::IpNet>() {
        Ok(net) => data(json!([net.network().to_string(), net.broadcast().to_string()])),
        Err(_) => scalar(false),
    })
}
