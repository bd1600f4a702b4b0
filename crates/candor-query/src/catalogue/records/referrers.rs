//! Records of where visits come from.

use super::*;

const NAME: Expr = Expr::Sql("referrer_name");
const KEYWORD: Expr = Expr::Sql("referrer_keyword");
const URL: Expr = Expr::Sql("referrer_url");

/// Visits are counted by type, name, keyword and URL at once, so that distinct visitors add up as Matomo's do;
/// conversions are known of the outer rows only, those of campaigns also of the rows below.
macro_rules! referrers {
    ($name:literal, $kind:literal, $top:expr, $below:expr, $apart:expr $(, $goals_below:expr)?) => {
        RecordDef::new(
            $name,
            &[
                Part::visits(&[column(&[$top]), $below, Level::Apart($apart)], VISIT_METRICS)
                    .filter(concat!("referrer_type = ", $kind)),
                Part::goals(&[column(&[$top]) $(, $goals_below)?]).filter(concat!("referrer_type = ", $kind)),
            ],
        )
        .limits(Limits::Referrers)
    };
}

const TYPE: Level = column(&[Expr::Sql("referrer_type")]);

/// Numbers of referrer types.
pub const REFERRER_TYPES: RecordDef = RecordDef::new(
    "Referrers_type",
    &[
        Part::visits(&[TYPE, Level::Apart(NAME), Level::Apart(KEYWORD), Level::Apart(URL)], VISIT_METRICS),
        Part::goals(&[TYPE]),
    ],
)
.limits(Limits::None);
/// Search engines, below them keywords; empty = not known.
pub const SEARCH_ENGINES: RecordDef = referrers!("Referrers_keywordBySearchEngine", 2, NAME, column(&[KEYWORD]), URL);
/// Keywords, below them search engines.
pub const KEYWORDS: RecordDef = referrers!("Referrers_searchEngineByKeyword", 2, KEYWORD, column(&[NAME]), URL);
/// Websites, below them URLs.
pub const WEBSITES: RecordDef = referrers!("Referrers_urlByWebsite", 3, NAME, Level::Optional(URL), KEYWORD);
/// Campaigns, below them keywords.
pub const CAMPAIGNS: RecordDef =
    referrers!("Referrers_keywordByCampaign", 6, NAME, Level::Optional(KEYWORD), URL, Level::Optional(KEYWORD));
/// Social networks, below them URLs.
pub const SOCIALS: RecordDef = referrers!("Referrers_urlBySocialNetwork", 7, NAME, Level::Optional(URL), KEYWORD);

macro_rules! campaigns {
    ($($name:literal: $column:literal $(, $below:literal)?;)*) => {
        &[$(RecordDef::new(
            concat!("MarketingCampaignsReporting_", $name),
            &[Part::visits(
                &[Level::Optional(Expr::Sql($column)) $(, column(&[Expr::Sql($below)]))?],
                VISIT_METRICS,
            )],
        )
        .limits(Limits::Referrers)),*]
    };
}

pub(super) const CAMPAIGN_DIMENSIONS: &[RecordDef] = campaigns! {
    "Name": "campaign_name", "campaign_keyword";
    "Keyword": "campaign_keyword";
    "Source": "campaign_source";
    "Medium": "campaign_medium";
    "Content": "campaign_content";
    "Id": "campaign_id";
    "Group": "campaign_group";
    "Placement": "campaign_placement";
};

/// The record of a campaign dimension by its name in Matomo's marketing campaign reports: `Name`, `Source`…
#[must_use]
pub fn campaign(dimension: &str) -> Option<&'static RecordDef> {
    CAMPAIGN_DIMENSIONS.iter().find(|r| r.name.strip_prefix("MarketingCampaignsReporting_") == Some(dimension))
}
