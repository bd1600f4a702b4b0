//! The settings in the form that hits are read with: lists as sets, patterns compiled. Made once a revision,
//! a site's part when its first hit comes.

use crate::{
    enrich::{
        campaign,
        dimensions::DimensionRules,
        goals::GoalRules,
        origin::ExcludedReferrers,
        search::SearchRules,
        site_urls::SiteUrls,
        url::{Exclusions, UrlRules},
    },
    exclude::{AddressList, AgentList, Conditions},
};
use arc_swap::ArcSwapOption;
use candor_core::{Settings, SiteId, SiteSettings};
use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

/// One site's part.
pub(crate) struct SiteRules {
    pub settings: Arc<SiteSettings>,
    pub addresses: AddressList,
    pub agents: AgentList,
    pub urls: UrlRules,
    /// `None` = site search is off.
    pub search: Option<SearchRules>,
    pub referrers: ExcludedReferrers,
    pub goals: GoalRules,
    pub dimensions: DimensionRules,
}

impl SiteRules {
    fn new(site: &Arc<SiteSettings>, settings: &Settings) -> Self {
        let (global, tracker) = (&settings.global, &settings.tracker);
        let or_global = |own: &[String], all: &[String]| if own.is_empty() { all.to_vec() } else { own.to_vec() };
        let excluded_params = strings(&site.excluded_params)
            .chain(strings(&global.excluded_params))
            .chain(strings(&tracker.url_query_parameter_to_exclude_from_url))
            .chain(campaign::parameters(tracker));
        Self {
            addresses: AddressList::new(strings(&site.excluded_ips).chain(strings(&global.excluded_ips))),
            agents: AgentList::new(strings(&site.excluded_user_agents).chain(strings(&global.excluded_user_agents))),
            urls: UrlRules {
                exclusions: Exclusions::new(excluded_params),
                keep_fragment: site.keep_url_fragment.unwrap_or(global.keep_url_fragment),
                bytes_max: tracker.page_maximum_length,
            },
            search: site.site_search.then(|| {
                SearchRules::new(
                    &or_global(&site.search_keyword_params, &global.search_keyword_params),
                    &or_global(&site.search_category_params, &global.search_category_params),
                )
            }),
            referrers: ExcludedReferrers::new(
                strings(&site.excluded_referrers).chain(strings(&global.excluded_referrers)),
            ),
            goals: GoalRules::new(&site.goals),
            dimensions: DimensionRules::new(&site.dimensions),
            settings: Arc::clone(site),
        }
    }
}

fn strings(list: &[String]) -> impl Iterator<Item = &str> {
    list.iter().map(String::as_str)
}

/// All sites' rules under one revision of the settings.
pub(crate) struct Rules {
    pub settings: Arc<Settings>,
    pub site_urls: SiteUrls,
    pub conditions: Conditions,
    sites: HashMap<SiteId, OnceLock<SiteRules>>,
}

impl Rules {
    fn new(settings: &Arc<Settings>) -> Self {
        Self {
            site_urls: SiteUrls::new(settings),
            conditions: Conditions::parse(&settings.tracker.exclude_requests),
            sites: settings.sites.keys().map(|id| (*id, OnceLock::new())).collect(),
            settings: Arc::clone(settings),
        }
    }

    /// A site's rules; `None` when there is no such site.
    pub(crate) fn site(&self, id: SiteId) -> Option<&SiteRules> {
        let site = self.settings.site(id)?;
        Some(self.sites.get(&id)?.get_or_init(|| SiteRules::new(site, &self.settings)))
    }
}

/// The rules of the newest settings seen.
#[derive(Default)]
pub(crate) struct RulesCache(ArcSwapOption<Rules>);

impl RulesCache {
    /// The rules of these settings. Two threads may both make them after a change; one of the results stays.
    pub(crate) fn of(&self, settings: &Arc<Settings>) -> Arc<Rules> {
        if let Some(rules) = self.0.load().as_ref().filter(|rules| Arc::ptr_eq(&rules.settings, settings)) {
            return Arc::clone(rules);
        }
        let rules = Arc::new(Rules::new(settings));
        self.0.store(Some(Arc::clone(&rules)));
        rules
    }
}
