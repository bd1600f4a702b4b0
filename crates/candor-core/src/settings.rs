//! The settings snapshot: everything that collecting and reporting need to know of people's choices.
//! Immutable, swapped as a whole, numbered by revision so that a replay of the log decides as the first run did.

use crate::{SiteId, SiteSettings, SiteZone};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Finds the snapshot that applied to a hit by the revision its log record names.
pub trait SettingsLookup: Send + Sync {
    /// The snapshot of a revision. Never that of another: a replay would decide otherwise than the first run.
    ///
    /// # Errors
    /// When the revision isn't there or can't be read.
    fn at_revision(&self, revision: u64) -> Result<Arc<Settings>, RevisionError>;
}

/// Why the settings of a revision can't be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// Asking again won't help.
    #[error(
        "revision {0} of the settings is missing; restore the settings database that belongs to the hit log, \
         or move the hit log away to go on without the hits that the store lacks"
    )]
    Missing(u64),
    /// It may be read later.
    #[error("revision {revision} of the settings can't be read: {problem}")]
    Failed {
        /// Which one.
        revision: u64,
        /// What the database said.
        problem: String,
    },
}

/// One revision of all settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Grows by one with each change.
    pub revision: u64,
    /// Sites by id.
    pub sites: BTreeMap<SiteId, Arc<SiteSettings>>,
    /// Lists and switches for all sites.
    pub global: GlobalSettings,
    /// How hits become visits.
    pub tracker: TrackerSettings,
    /// What is removed before anything is written.
    pub privacy: PrivacySettings,
    /// How reports are cut and shown.
    pub reports: ReportSettings,
}

impl Settings {
    /// The site with this id.
    #[must_use]
    pub fn site(&self, id: SiteId) -> Option<&Arc<SiteSettings>> {
        self.sites.get(&id)
    }
}

/// Settings that hold for every site unless the site says otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GlobalSettings {
    /// Addresses whose hits are dropped everywhere.
    pub excluded_ips: Vec<String>,
    /// Query parameters removed from page URLs everywhere.
    pub excluded_params: Vec<String>,
    /// User agents whose hits are dropped everywhere.
    pub excluded_user_agents: Vec<String>,
    /// Hosts or URLs that count as no referrer everywhere.
    pub excluded_referrers: Vec<String>,
    /// Keep `#fragment` of page URLs.
    pub keep_url_fragment: bool,
    /// Query parameters that hold a search keyword.
    pub search_keyword_params: Vec<String>,
    /// Query parameters that hold a search category.
    pub search_category_params: Vec<String>,
    /// Currency of new sites.
    pub default_currency: String,
    /// Zone of new sites.
    pub default_zone: SiteZone,
}

impl Default for GlobalSettings {
    fn default() -> Self {
        Self {
            excluded_ips: vec![],
            excluded_params: vec![],
            excluded_user_agents: vec![],
            excluded_referrers: vec![],
            keep_url_fragment: false,
            // Matomo's defaults, `tracking-semantics.md` §7.
            search_keyword_params: words("q,query,s,search,searchword,k,keyword,keywords"),
            search_category_params: vec![],
            default_currency: "USD".into(),
            default_zone: SiteZone::utc(),
        }
    }
}

/// Rules of recognition and attribution. Defaults are Matomo's `[Tracker]` section; names follow it
/// so that an operator who migrates keeps them (`CANDOR_MATOMO__TRACKER__…`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrackerSettings {
    /// Hits are recorded; off answers 503.
    pub record_statistics: bool,
    /// Seconds without an action after which the next one opens a new visit.
    pub visit_standard_length: i64,
    /// How far back a fingerprint is looked for, seconds; at least `visit_standard_length`.
    pub window_look_back_for_visitor: i64,
    /// Seconds credited to a visit of one page.
    pub default_time_one_page_visit: i64,
    /// A visitor id in the request is believed without looking at the fingerprint.
    pub trust_visitors_cookies: bool,
    /// The user id decides the visitor id.
    pub enable_userid_overwrites_visitorid: bool,
    /// One fingerprint for all sites and days.
    pub enable_fingerprinting_across_websites: bool,
    /// Third-party cookie of the collector's host.
    pub use_third_party_id_cookie: bool,
    /// A changed campaign opens a new visit.
    pub create_new_visit_when_campaign_changes: bool,
    /// A changed website referrer opens a new visit.
    pub create_new_visit_when_website_referrer_changes: bool,
    /// The site's midnight ends visits.
    pub create_new_visit_after_midnight: bool,
    /// A visit with this many actions ends.
    pub create_new_visit_after_x_actions: u32,
    /// Page URLs and titles are cut to this many bytes.
    pub page_maximum_length: usize,
    /// `cdt` further in the past than this many seconds needs a token.
    pub custom_timestamp_seconds_max: i64,
    /// The country is guessed from the language when nothing better is known.
    pub enable_language_to_country_guess: bool,
    /// Hits from referrer spammers are dropped.
    pub enable_spam_filter: bool,
    /// Bulk requests need a token.
    pub bulk_requests_require_authentication: bool,
    /// Overrides need a token (Matomo's `tracking_requests_require_authentication`).
    pub tracking_requests_require_authentication: bool,
    /// Conditions `param<op>value` that drop a request.
    pub exclude_requests: String,
    /// Parameters that name a campaign, in order of precedence.
    pub campaign_name_params: Vec<String>,
    /// Parameters that hold a campaign keyword, in order of precedence.
    pub campaign_keyword_params: Vec<String>,
    /// Session ids and ids of advertising clicks that are always removed from page URLs: Matomo's, and those of ad
    /// networks and mailings that it leaves in.
    pub url_query_parameter_to_exclude_from_url: Vec<String>,
    /// AI assistants are a referrer type of their own (Matomo 5.5; 5.2 counts them as websites).
    pub ai_assistants: bool,
    /// Page titles are split into levels at this text; empty = not split.
    pub title_delimiter: String,
    /// Query parameters split at this text in page URLs' tree.
    pub url_delimiter: String,
    /// Slots of custom variables.
    pub custom_variable_slots: u32,
    /// Lifetime of server-set cookies, seconds.
    pub cookie_expire: i64,
}

impl Default for TrackerSettings {
    fn default() -> Self {
        Self {
            record_statistics: true,
            visit_standard_length: 1800,
            window_look_back_for_visitor: 0,
            default_time_one_page_visit: 0,
            trust_visitors_cookies: false,
            enable_userid_overwrites_visitorid: true,
            enable_fingerprinting_across_websites: false,
            use_third_party_id_cookie: false,
            create_new_visit_when_campaign_changes: true,
            create_new_visit_when_website_referrer_changes: false,
            create_new_visit_after_midnight: true,
            create_new_visit_after_x_actions: 10_000,
            page_maximum_length: 1024,
            custom_timestamp_seconds_max: 86_400,
            enable_language_to_country_guess: true,
            enable_spam_filter: true,
            bulk_requests_require_authentication: false,
            tracking_requests_require_authentication: true,
            exclude_requests: String::new(),
            campaign_name_params: words(
                "pk_cpn,pk_campaign,piwik_campaign,mtm_campaign,matomo_campaign,utm_campaign,utm_source,utm_medium",
            ),
            campaign_keyword_params: words("pk_kwd,pk_keyword,piwik_kwd,mtm_kwd,mtm_keyword,matomo_kwd,utm_term"),
            url_query_parameter_to_exclude_from_url: words(
                "gclid,fbclid,msclkid,twclid,wbraid,gbraid,yclid,fb_xd_fragment,fb_comment_id,phpsessid,jsessionid,\
                 sessionid,aspsessionid,doing_wp_cron,sid,pk_vid,\
                 dclid,gclsrc,gad_source,gad_campaignid,srsltid,_gl,ttclid,li_fat_id,igshid,igsh,epik,rdt_cid,sccid,\
                 mc_eid,_hsenc,_hsmi",
            ),
            ai_assistants: false,
            title_delimiter: String::new(),
            url_delimiter: "/".into(),
            custom_variable_slots: 5,
            cookie_expire: 33_955_200,
        }
    }
}

/// Rules that apply before anything is written. Defaults are those of a Matomo installation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrivacySettings {
    /// Addresses are masked.
    pub mask_ip: bool,
    /// Bytes of an IPv4 address that are zeroed, 0–4 (IPv6: 1 keeps /64, 2 /48, 3 /24, 4 nothing).
    pub mask_ip_bytes: u8,
    /// Location is looked up with the masked address.
    pub mask_ip_before_enrichment: bool,
    /// User ids are replaced by a salted hash.
    pub anonymize_user_id: bool,
    /// Salt of that hash.
    pub user_id_salt: String,
    /// Order ids are replaced by random ones.
    pub anonymize_order_id: bool,
    /// `""`, `exclude_query`, `exclude_path` or `exclude_all`.
    pub anonymize_referrer: String,
    /// Visitor ids of cookies are ignored.
    pub force_cookieless: bool,
    /// `DNT: 1` drops the hit.
    pub respect_do_not_track: bool,
    /// `Sec-GPC: 1` drops the hit.
    pub respect_global_privacy_control: bool,
    /// What becomes of hits whose page doesn't say that the visitor consented.
    pub without_consent: WithoutConsent,
    /// Name of the regime in force, see [`crate::regime`]; empty: none.
    pub regime: String,
    /// Who answers for the processing, name and address, for consent receipts; empty: the site's name stands in.
    pub controller: String,
}

/// What becomes of a hit without consent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutConsent {
    /// It is kept as it came, for its page asks nobody, as Matomo does.
    #[default]
    Keep,
    /// It is kept as an exempt one: coarse, and without ids.
    Exempt,
}

impl Default for PrivacySettings {
    fn default() -> Self {
        Self {
            mask_ip: true,
            mask_ip_bytes: 2,
            mask_ip_before_enrichment: false,
            anonymize_user_id: false,
            user_id_salt: String::new(),
            anonymize_order_id: false,
            anonymize_referrer: String::new(),
            force_cookieless: false,
            respect_do_not_track: false,
            respect_global_privacy_control: true,
            without_consent: WithoutConsent::Keep,
            regime: String::new(),
            controller: String::new(),
        }
    }
}

/// Row limits and switches of reports: Matomo's `[General]` section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportSettings {
    /// Top rows of referrer reports.
    pub datatable_archiving_maximum_rows_referrers: usize,
    /// Their subtables.
    pub datatable_archiving_maximum_rows_subtable_referrers: usize,
    /// Top rows of page, download and outlink reports.
    pub datatable_archiving_maximum_rows_actions: usize,
    /// Their subtables.
    pub datatable_archiving_maximum_rows_subtable_actions: usize,
    /// Site search reports.
    pub datatable_archiving_maximum_rows_site_search: usize,
    /// Top rows of event reports.
    pub datatable_archiving_maximum_rows_events: usize,
    /// Their subtables.
    pub datatable_archiving_maximum_rows_subtable_events: usize,
    /// Custom dimension reports.
    pub datatable_archiving_maximum_rows_custom_dimensions: usize,
    /// Their subtables.
    pub datatable_archiving_maximum_rows_subtable_custom_dimensions: usize,
    /// Custom variable reports.
    pub datatable_archiving_maximum_rows_custom_variables: usize,
    /// Their subtables.
    pub datatable_archiving_maximum_rows_subtable_custom_variables: usize,
    /// User id report.
    pub datatable_archiving_maximum_rows_userid_users: usize,
    /// Product reports.
    pub datatable_archiving_maximum_rows_products: usize,
    /// Every other report.
    pub datatable_archiving_maximum_rows_standard: usize,
    /// Depth of the page tree; deeper parts stay in the last label.
    pub action_category_level_limit: usize,
    /// Name shown for an empty last path part.
    pub action_default_name: String,
    /// Unique visitors of a year are computed.
    pub enable_processing_unique_visitors_year: bool,
    /// Unique visitors of a range are computed.
    pub enable_processing_unique_visitors_range: bool,
    /// Rows of an answer that says no limit.
    pub api_datatable_default_limit: i64,
    /// Reports may be pivoted by any dimension: one more report a row is computed then.
    pub pivot_by_filter_enable_fetch_by_segment: bool,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            datatable_archiving_maximum_rows_referrers: 1000,
            datatable_archiving_maximum_rows_subtable_referrers: 50,
            datatable_archiving_maximum_rows_actions: 500,
            datatable_archiving_maximum_rows_subtable_actions: 100,
            datatable_archiving_maximum_rows_site_search: 500,
            datatable_archiving_maximum_rows_events: 500,
            datatable_archiving_maximum_rows_subtable_events: 500,
            datatable_archiving_maximum_rows_custom_dimensions: 1000,
            datatable_archiving_maximum_rows_subtable_custom_dimensions: 1000,
            datatable_archiving_maximum_rows_custom_variables: 1000,
            datatable_archiving_maximum_rows_subtable_custom_variables: 1000,
            datatable_archiving_maximum_rows_userid_users: 50_000,
            datatable_archiving_maximum_rows_products: 10_000,
            datatable_archiving_maximum_rows_standard: 500,
            action_category_level_limit: 10,
            action_default_name: "index".into(),
            enable_processing_unique_visitors_year: false,
            enable_processing_unique_visitors_range: false,
            api_datatable_default_limit: 100,
            pivot_by_filter_enable_fetch_by_segment: false,
        }
    }
}

fn words(list: &str) -> Vec<String> {
    list.split(',').map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
}
