//! `SitesManager`: lists of sites, narrowed to what the caller may see.

use super::sites_manager::site_json;
use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::VIEW_SOMEWHERE,
    error::ApiError,
};
use candor_admin::Role;
use candor_core::SiteSettings;
use candor_query::table::Answer;
use serde_json::{Map, Value, json};
use std::{collections::BTreeSet, sync::Arc};

pub(super) const METHODS: &[Method] = &[
    Method::new("getAllSites", Access::SuperUser, all_sites),
    Method::new("getAllSitesId", Access::SuperUser, |call| Ok(ids(&all(call)))),
    Method::new("getSitesWithAtLeastViewAccess", Access::Anyone, |call| {
        Ok(list(call, call.sites_with(Role::View, true)))
    }),
    Method::new("getSitesWithViewAccess", Access::Anyone, |call| Ok(list(call, call.sites_with(Role::View, false)))),
    Method::new("getSitesWithWriteAccess", Access::Anyone, |call| Ok(list(call, call.sites_with(Role::Write, false)))),
    Method::new("getSitesWithAdminAccess", Access::Anyone, admin_sites),
    Method::new("getSitesWithMinimumAccess", Access::Anyone, minimum_sites),
    Method::new("getSitesIdWithAtLeastViewAccess", Access::Anyone, |call| Ok(ids(&call.sites_with(Role::View, true)))),
    Method::new("getSitesIdWithViewAccess", Access::Anyone, |call| Ok(ids(&call.sites_with(Role::View, false)))),
    Method::new("getSitesIdWithWriteAccess", Access::Anyone, |call| Ok(ids(&call.sites_with(Role::Write, false)))),
    Method::new("getSitesIdWithAdminAccess", Access::Anyone, |call| Ok(ids(&call.sites_with(Role::Admin, false)))),
    Method::new("getSitesIdFromSiteUrl", Access::Anyone, ids_from_url),
    Method::new("getSitesIdFromTimezones", Access::SuperUser, ids_from_zones),
    Method::new("getPatternMatchSites", Access::Anyone, |call| {
        let pattern = call.arguments.required("pattern")?;
        Ok(list(call, matching(call.sites_with(Role::View, true), pattern)))
    }),
    Method::new("getSitesFromGroup", Access::SuperUser, |call| {
        let group = call.arguments.raw("group").unwrap_or_default();
        Ok(list(call, all(call).into_iter().filter(|site| site.group == group).collect()))
    }),
    Method::new("getSitesGroups", Access::SuperUser, |call| {
        Ok(data(json!(all(call).iter().map(|site| site.group.clone()).collect::<BTreeSet<_>>())))
    }),
    Method::new("renameGroup", Access::SuperUser, rename_group),
    Method::new("getUniqueSiteTimezones", Access::SuperUser, |call| {
        Ok(data(json!(all(call).iter().map(|site| site.zone.name().to_owned()).collect::<BTreeSet<_>>())))
    }),
    Method::new("getNumWebsitesToDisplayPerPage", VIEW_SOMEWHERE, |_| Ok(scalar(15))),
];

fn all(call: &Call<'_>) -> Vec<Arc<SiteSettings>> {
    call.settings.sites.values().cloned().collect()
}

/// Keyed by id: clients that ask without a limit rely on the keys.
fn all_sites(call: &Call<'_>) -> Result<Answer, ApiError> {
    let keyed: Map<String, Value> = all(call).iter().map(|site| (site.id.to_string(), site_json(call, site))).collect();
    Ok(data(Value::Object(keyed)))
}

fn list(call: &Call<'_>, sites: Vec<Arc<SiteSettings>>) -> Answer {
    let limit = call.arguments.number("limit").filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let excluded = call.arguments.list("sitesToExclude").unwrap_or_default();
    let shown = sites.iter().filter(|site| !excluded.contains(&site.id.to_string())).take(limit);
    data(shown.map(|site| site_json(call, site)).collect())
}

fn ids(sites: &[Arc<SiteSettings>]) -> Answer {
    data(sites.iter().map(|site| site.id.0).collect())
}

/// Sites whose name, address, group or id has the text, as the site selector searches.
fn matching(sites: Vec<Arc<SiteSettings>>, pattern: &str) -> Vec<Arc<SiteSettings>> {
    let wanted = pattern.to_lowercase();
    let fits = |site: &SiteSettings| {
        site.id.to_string() == wanted
            || [&site.name, &site.group].into_iter().chain(&site.urls).any(|text| text.to_lowercase().contains(&wanted))
    };
    sites.into_iter().filter(|site| fits(site)).collect()
}

fn admin_sites(call: &Call<'_>) -> Result<Answer, ApiError> {
    let sites = call.sites_with(Role::Admin, false);
    Ok(list(
        call,
        match call.arguments.text("pattern") {
            Some(pattern) => matching(sites, pattern),
            None => sites,
        },
    ))
}

fn minimum_sites(call: &Call<'_>) -> Result<Answer, ApiError> {
    let name = call.arguments.required("permission")?;
    let role = Role::parse(name).ok_or_else(|| ApiError::invalid("permission", name, "use view, write or admin"))?;
    let sites = call.sites_with(role, true);
    Ok(list(
        call,
        match call.arguments.text("pattern") {
            Some(pattern) => matching(sites, pattern),
            None => sites,
        },
    ))
}

/// Sites with this address, whatever its scheme and with or without `www.`.
fn ids_from_url(call: &Call<'_>) -> Result<Answer, ApiError> {
    let wanted = bare(call.arguments.required("url")?);
    let found =
        call.sites_with(Role::View, true).into_iter().filter(|site| site.urls.iter().any(|url| bare(url) == wanted));
    Ok(data(found.map(|site| json!({ "idsite": site.id.0 })).collect()))
}

fn bare(url: &str) -> String {
    let url = url.trim().trim_end_matches('/').to_lowercase();
    let url = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    url.strip_prefix("www.").unwrap_or(url).to_owned()
}

fn ids_from_zones(call: &Call<'_>) -> Result<Answer, ApiError> {
    let zones = call.arguments.list("timezones").ok_or_else(|| ApiError::missing("timezones"))?;
    Ok(ids(&all(call).into_iter().filter(|site| zones.iter().any(|zone| zone == site.zone.name())).collect::<Vec<_>>()))
}

fn rename_group(call: &Call<'_>) -> Result<Answer, ApiError> {
    let old = call.arguments.required("oldGroupName")?;
    let new = call.arguments.raw("newGroupName").ok_or_else(|| ApiError::missing("newGroupName"))?;
    for site in all(call).into_iter().filter(|site| site.group == old) {
        call.app.admin.update_site(site.id, |site| new.clone_into(&mut site.group))?;
    }
    Ok(scalar(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_bare() {
        assert_eq!(bare("https://www.Example.org/"), bare("http://example.org"));
        assert_ne!(bare("https://example.org/shop"), bare("https://example.org"));
    }
}
