//! `SitesManager`: single sites, added, changed, shown.

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::{ADMIN, VIEW},
    error::ApiError,
};
use candor_core::{SiteSettings, SiteType, SiteZone, Timestamp};
use candor_query::{period::parse_day, table::Answer};
use serde_json::{Value, json};

pub(super) const METHODS: &[Method] = &[
    Method::new("addSite", Access::SuperUser, add_site),
    Method::new("updateSite", ADMIN, update_site),
    Method::new("deleteSite", Access::SuperUser, delete_site),
    Method::new("getSiteFromId", VIEW, |call| Ok(data(site_json(call, call.site()?)))),
    Method::new("getSiteUrlsFromId", VIEW, |call| Ok(data(json!(call.site()?.urls)))),
    Method::new("getSiteSettings", ADMIN, site_settings),
    Method::new("addSiteAliasUrls", ADMIN, add_alias_urls),
    Method::new("setSiteAliasUrls", ADMIN, set_alias_urls),
    Method::new("getMessagesToWarnOnSiteRemoval", Access::SuperUser, |_| Ok(data(json!([])))),
];

const TYPES: [(&str, SiteType); 4] = [
    ("website", SiteType::Website),
    ("mobileapp", SiteType::MobileApp),
    ("intranet", SiteType::Intranet),
    ("intranetwebsite", SiteType::Intranet),
];

/// A site as the API shows it.
pub(super) fn site_json(call: &Call<'_>, site: &SiteSettings) -> Value {
    let mut shown = json!({
        "idsite": site.id.0,
        "name": site.name,
        "main_url": site.urls.first().map_or("", String::as_str),
        "ts_created": site.created_at.to_jiff().strftime("%Y-%m-%d %H:%M:%S").to_string(),
        "ecommerce": u8::from(site.ecommerce),
        "sitesearch": u8::from(site.site_search),
        "sitesearch_keyword_parameters": site.search_keyword_params.join(","),
        "sitesearch_category_parameters": site.search_category_params.join(","),
        "timezone": site.zone.name(),
        "currency": site.currency,
        "exclude_unknown_urls": u8::from(site.exclude_unknown_urls),
        "excluded_ips": site.excluded_ips.join(","),
        "excluded_parameters": site.excluded_params.join(","),
        "excluded_user_agents": site.excluded_user_agents.join(","),
        "excluded_referrers": site.excluded_referrers.join(","),
        "group": site.group,
        "type": TYPES.iter().find(|(_, kind)| *kind == site.kind).map_or("", |(name, _)| name),
        "keep_url_fragment": match site.keep_url_fragment { None => 0, Some(true) => 1, Some(false) => 2 },
        "timezone_name": site.zone.name(),
        "currency_name": call.app.vocabulary.currency_names.get(&site.currency).unwrap_or(&site.currency),
    });
    if let Value::Object(entries) = &mut shown
        && call.caller.is_super_user()
    {
        entries.insert("creator_login".into(), json!(site.creator));
    }
    shown
}

fn add_site(call: &Call<'_>) -> Result<Answer, ApiError> {
    let name = call.arguments.required("siteName")?.to_owned();
    let changes = Changes::read(call)?;
    let id = call.app.admin.add_site(|site| {
        site.name = name;
        call.caller.login().clone_into(&mut site.creator);
        changes.apply(site);
    })?;
    Ok(scalar(id.0))
}

fn update_site(call: &Call<'_>) -> Result<Answer, ApiError> {
    let name = call.arguments.text("siteName").map(str::to_owned);
    let changes = Changes::read(call)?;
    call.app.admin.update_site(call.site()?.id, |site| {
        if let Some(name) = name {
            site.name = name;
        }
        changes.apply(site);
    })?;
    Ok(Answer::Success)
}

fn delete_site(call: &Call<'_>) -> Result<Answer, ApiError> {
    call.confirm_password()?;
    let sites = call.sites_of("idSite", candor_admin::Role::Admin)?;
    for id in sites {
        call.app.admin.delete_site(id)?;
        call.app.engine.forget(id)?;
    }
    Ok(Answer::Success)
}

/// The list when all its entries are addresses, blocks of them or patterns as `10.1.*.*`.
pub(super) fn addresses(list: Vec<String>) -> Result<Vec<String>, ApiError> {
    match list.iter().find(|entry| !candor_collect::is_address_block(entry)) {
        Some(wrong) => {
            Err(ApiError::invalid("excludedIps", wrong, "use addresses as 192.0.2.7, 10.0.0.0/8 or 10.1.*.*"))
        }
        None => Ok(list),
    }
}

/// The code in capitals when it is a currency's.
pub(super) fn currency(call: &Call<'_>, parameter: &str, code: &str) -> Result<String, ApiError> {
    let code = code.to_ascii_uppercase();
    if call.app.vocabulary.currency_names.contains_key(&code) {
        return Ok(code);
    }
    Err(ApiError::invalid(parameter, &code, "use an ISO 4217 code as EUR"))
}

/// What a request says about a site; `None` = it says nothing.
struct Changes {
    urls: Option<Vec<String>>,
    ecommerce: Option<bool>,
    site_search: Option<bool>,
    keyword_params: Option<Vec<String>>,
    category_params: Option<Vec<String>>,
    excluded_ips: Option<Vec<String>>,
    excluded_params: Option<Vec<String>>,
    excluded_user_agents: Option<Vec<String>>,
    excluded_referrers: Option<Vec<String>>,
    zone: Option<SiteZone>,
    currency: Option<String>,
    group: Option<String>,
    created_at: Option<Timestamp>,
    fragment: Option<Option<bool>>,
    kind: Option<SiteType>,
    exclude_unknown: Option<bool>,
}

impl Changes {
    fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        let given = call.arguments;
        let zone = given.text("timezone").map(|name| {
            SiteZone::parse(name)
                .ok_or_else(|| ApiError::invalid("timezone", name, "use a name as Europe/Berlin, or UTC+5.5"))
        });
        let kind = given.text("type").map(|name| {
            TYPES
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, kind)| *kind)
                .ok_or_else(|| ApiError::invalid("type", name, "use website, mobileapp or intranet"))
        });
        Ok(Self {
            urls: given.texts("urls"),
            ecommerce: given.flag("ecommerce"),
            site_search: given.flag("siteSearch"),
            keyword_params: given.list("searchKeywordParameters"),
            category_params: given.list("searchCategoryParameters"),
            excluded_ips: given.list("excludedIps").map(addresses).transpose()?,
            excluded_params: given.list("excludedQueryParameters"),
            excluded_user_agents: given.list("excludedUserAgents"),
            excluded_referrers: given.list("excludedReferrers"),
            zone: zone.transpose()?,
            currency: given.text("currency").map(|code| currency(call, "currency", code)).transpose()?,
            group: given.raw("group").map(str::to_owned),
            created_at: given.text("startDate").map(|date| start_of(call, date)).transpose()?,
            fragment: match given.text("keepURLFragments") {
                None => None,
                Some("1") => Some(Some(true)),
                Some("2") => Some(Some(false)),
                Some(_) => Some(None),
            },
            kind: kind.transpose()?,
            exclude_unknown: given.flag("excludeUnknownUrls"),
        })
    }

    fn apply(self, site: &mut SiteSettings) {
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut site.urls, self.urls);
        put(&mut site.ecommerce, self.ecommerce);
        put(&mut site.site_search, self.site_search);
        put(&mut site.search_keyword_params, self.keyword_params);
        put(&mut site.search_category_params, self.category_params);
        put(&mut site.excluded_ips, self.excluded_ips);
        put(&mut site.excluded_params, self.excluded_params);
        put(&mut site.excluded_user_agents, self.excluded_user_agents);
        put(&mut site.excluded_referrers, self.excluded_referrers);
        put(&mut site.zone, self.zone);
        put(&mut site.currency, self.currency);
        put(&mut site.group, self.group);
        put(&mut site.created_at, self.created_at);
        put(&mut site.keep_url_fragment, self.fragment);
        put(&mut site.kind, self.kind);
        put(&mut site.exclude_unknown_urls, self.exclude_unknown);
    }
}

/// `2024-02-29`, `2024-02-29 11:22:33` or a word as `yesterday`, UTC.
fn start_of(call: &Call<'_>, text: &str) -> Result<Timestamp, ApiError> {
    let today = SiteZone::utc().day(call.app.clock.now());
    let at = text
        .parse::<jiff::civil::DateTime>()
        .or_else(|error| parse_day(text, today).map(|day| day.date().at(0, 0, 0, 0)).map_err(|_| error))
        .and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC));
    at.map(|at| Timestamp(at.timestamp().as_millisecond()))
        .map_err(|_| ApiError::invalid("startDate", text, "write it as YYYY-MM-DD"))
}

fn add_alias_urls(call: &Call<'_>) -> Result<Answer, ApiError> {
    let urls = call.arguments.texts("urls").ok_or_else(|| ApiError::missing("urls"))?;
    let before = call.site()?.urls.len();
    call.app.admin.update_site(call.site()?.id, |site| site.urls.extend(urls))?;
    let after = call.app.admin.settings().site(call.site()?.id).map_or(before, |site| site.urls.len());
    Ok(scalar(after - before))
}

fn set_alias_urls(call: &Call<'_>) -> Result<Answer, ApiError> {
    let urls = call.arguments.texts("urls").unwrap_or_default();
    let count = urls.len();
    call.app.admin.update_site(call.site()?.id, |site| {
        site.urls.truncate(1);
        site.urls.extend(urls);
    })?;
    Ok(scalar(count))
}

/// The settings of a site by name, as Matomo's form groups them.
fn site_settings(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = call.site()?;
    let setting = |name: &str, title: &str, kind: &str, value: Value, default: Value| json!({ "name": name, "title": title, "value": value, "defaultValue": default, "type": kind });
    let lists = [
        ("excluded_ips", "Excluded addresses", &site.excluded_ips),
        ("excluded_parameters", "Excluded parameters", &site.excluded_params),
        ("excluded_user_agents", "Excluded user agents", &site.excluded_user_agents),
        ("excluded_referrers", "Excluded referrers", &site.excluded_referrers),
        ("sitesearch_keyword_parameters", "Query parameter", &site.search_keyword_params),
        ("sitesearch_category_parameters", "Category parameter", &site.search_category_params),
    ];
    let mut settings = vec![
        setting("urls", "URLs", "array", json!(site.urls), json!([])),
        setting("exclude_unknown_urls", "Known URLs only", "boolean", json!(site.exclude_unknown_urls), json!(false)),
        setting("ecommerce", "Ecommerce", "integer", json!(i32::from(site.ecommerce)), json!(0)),
        setting("sitesearch", "Site search", "integer", json!(i32::from(site.site_search)), json!(1)),
    ];
    settings.extend(lists.map(|(name, title, list)| setting(name, title, "array", json!(list), json!([]))));
    Ok(data(json!([{ "pluginName": "WebsiteMeasurable", "title": "WebsiteMeasurable", "settings": settings }])))
}
