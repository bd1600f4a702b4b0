//! Sites, their goals and custom dimensions, as the collector and the reports need them.

use crate::{GoalId, Money, SiteId, SiteZone, Timestamp};
use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SiteType {
    /// A website.
    #[default]
    Website,
    /// An app; needs no address.
    MobileApp,
    /// A website inside a company: many people share addresses, so cookies are trusted.
    Intranet,
}

/// What Global Privacy Control and Do Not Track mean on a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signals {
    /// A silent no, which only the visitor's own consent on this site outweighs.
    Reject,
    /// A reason to ask: until somebody consents, a no as well.
    Ask,
    /// Nothing.
    Ignore,
}

impl Signals {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 3] = [("reject", Self::Reject), ("ask", Self::Ask), ("ignore", Self::Ignore)];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, signals)| *signals == self).map_or("", |(name, _)| name)
    }

    /// By its name; `None` for any other text.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, signals)| *signals)
    }
}

/// One site and everything that decides how its hits are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// Its number.
    pub id: SiteId,
    /// Its name, raw text.
    pub name: String,
    /// Main address first, then aliases, without trailing slash.
    pub urls: Vec<String>,
    /// Zone of its days.
    pub zone: SiteZone,
    /// ISO 4217 code.
    pub currency: String,
    /// Kind of site.
    pub kind: SiteType,
    /// When it was created; hits before it are kept but `lastN` periods start here.
    pub created_at: Timestamp,
    /// Group in the all-sites report; empty for none.
    pub group: String,
    /// Orders and carts are reported.
    pub ecommerce: bool,
    /// Site search is recognised.
    pub site_search: bool,
    /// Names of query parameters that hold a search keyword; empty = the global list.
    pub search_keyword_params: Vec<String>,
    /// Names of query parameters that hold a search category; empty = the global list.
    pub search_category_params: Vec<String>,
    /// Addresses, CIDR blocks or `1.2.*.*` whose hits are dropped.
    pub excluded_ips: Vec<String>,
    /// Query parameters removed from page URLs: names or `/regex/`.
    pub excluded_params: Vec<String>,
    /// Substrings or `/regex/` of user agents whose hits are dropped.
    pub excluded_user_agents: Vec<String>,
    /// Hosts or URLs that count as no referrer.
    pub excluded_referrers: Vec<String>,
    /// `None` = the global setting.
    pub keep_url_fragment: Option<bool>,
    /// Hits for hosts that are not this site's are dropped.
    pub exclude_unknown_urls: bool,
    /// Goals that are not deleted, by id.
    pub goals: Vec<Goal>,
    /// Custom dimensions, by id.
    pub dimensions: Vec<CustomDimension>,
    /// Login of who made it.
    pub creator: String,
    /// What signals of browsers mean here; `None` = what holds for all sites.
    #[serde(default)]
    pub signals: Option<Signals>,
}

impl SiteSettings {
    /// A site with defaults: UTC, site search on, no goals.
    #[must_use]
    pub fn new(id: SiteId, name: &str, urls: &[&str]) -> Self {
        Self {
            id,
            name: name.to_owned(),
            urls: urls.iter().map(|u| (*u).to_owned()).collect(),
            zone: SiteZone::utc(),
            currency: "USD".into(),
            kind: SiteType::Website,
            created_at: Timestamp(0),
            group: String::new(),
            ecommerce: false,
            site_search: true,
            search_keyword_params: vec![],
            search_category_params: vec![],
            excluded_ips: vec![],
            excluded_params: vec![],
            excluded_user_agents: vec![],
            excluded_referrers: vec![],
            keep_url_fragment: None,
            exclude_unknown_urls: false,
            goals: vec![],
            dimensions: vec![],
            creator: String::new(),
            signals: None,
        }
    }

    /// The goal with this id.
    #[must_use]
    pub fn goal(&self, id: GoalId) -> Option<&Goal> {
        self.goals.iter().find(|g| g.id == id)
    }
}

/// What part of a hit a goal looks at. Names are Matomo's `matchAttribute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchAttribute {
    /// Page URL.
    Url,
    /// Page title.
    Title,
    /// Download URL.
    File,
    /// Outlink URL.
    ExternalWebsite,
    /// Only `idgoal=N` requests.
    Manually,
    /// Event category.
    EventCategory,
    /// Event action.
    EventAction,
    /// Event name.
    EventName,
    /// Minutes since the visit began.
    VisitDuration,
}

impl MatchAttribute {
    /// Every attribute with its wire name.
    pub const ALL: [(&'static str, Self); 9] = [
        ("url", Self::Url),
        ("title", Self::Title),
        ("file", Self::File),
        ("external_website", Self::ExternalWebsite),
        ("manually", Self::Manually),
        ("event_category", Self::EventCategory),
        ("event_action", Self::EventAction),
        ("event_name", Self::EventName),
        ("visit_duration", Self::VisitDuration),
    ];

    /// From Matomo's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, a)| *a)
    }

    /// Matomo's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, a)| *a == self).map_or("", |(n, _)| n)
    }
}

/// How a goal's pattern is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatternType {
    /// The text occurs in the value.
    Contains,
    /// The value is the text.
    Exact,
    /// The value matches the regular expression.
    Regex,
    /// The number is greater (duration goals).
    GreaterThan,
}

impl PatternType {
    /// Every type with its wire name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("contains", Self::Contains),
        ("exact", Self::Exact),
        ("regex", Self::Regex),
        ("greater_than", Self::GreaterThan),
    ];

    /// From Matomo's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, a)| *a)
    }

    /// Matomo's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, a)| *a == self).map_or("", |(n, _)| n)
    }
}

/// Something visits are hoped to reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Number within its site, from 1.
    pub id: GoalId,
    /// Name, raw text, at most 50 characters.
    pub name: String,
    /// Free text.
    pub description: String,
    /// What is looked at.
    pub attribute: MatchAttribute,
    /// What it is compared with; minutes for duration goals.
    pub pattern: String,
    /// How.
    pub pattern_type: PatternType,
    /// Whether case counts.
    pub case_sensitive: bool,
    /// Each match converts, instead of one a visit.
    pub allow_multiple: bool,
    /// Revenue of a conversion that brings none.
    pub revenue: Money,
    /// The event's value is the revenue.
    pub event_value_as_revenue: bool,
}

/// Whether a custom dimension belongs to the visit or to each action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DimensionScope {
    /// One value a visit.
    Visit,
    /// One value an action.
    Action,
}

/// A site's own dimension, `dimension<id>` in requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomDimension {
    /// Number within its site, from 1.
    pub id: u32,
    /// Slot in the stored list of its scope, from 1.
    pub index: u32,
    /// Name.
    pub name: String,
    /// Scope.
    pub scope: DimensionScope,
    /// Values are recorded.
    pub active: bool,
    /// Where a value comes from when the request names none: (`url` | `urlparam` | `action_name`, pattern).
    pub extractions: Vec<(String, String)>,
    /// Whether the patterns' case counts.
    pub case_sensitive: bool,
}
