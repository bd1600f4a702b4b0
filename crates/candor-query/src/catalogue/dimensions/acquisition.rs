//! Where visits come from.

use super::{Dimension, Lists, Suggest, Values};
use candor_core::ReferrerType;
use candor_store::Cell;

const CATEGORY: &str = "Acquisition";

/// See the module.
pub(super) const ALL: &[Dimension] = &[
    Dimension::visit("referrerType", "Channel Type", "referrer_type")
        .category(CATEGORY)
        .values(Values::Codes { list: types, closed: true })
        .suggests(Suggest::These(&["direct", "website", "search", "social", "campaign"])),
    Dimension::visit("referrerName", "Referrer Name", "referrer_name").category(CATEGORY),
    Dimension::visit("referrerKeyword", "Keyword", "referrer_keyword").category(CATEGORY),
    Dimension::visit("referrerUrl", "Referrer URL", "referrer_url").category(CATEGORY),
    Dimension::visit("campaignName", "Campaign Name", "campaign_name").category(CATEGORY),
    Dimension::visit("campaignKeyword", "Campaign Keyword", "campaign_keyword").category(CATEGORY),
    Dimension::visit("campaignSource", "Campaign Source", "campaign_source").category(CATEGORY),
    Dimension::visit("campaignMedium", "Campaign Medium", "campaign_medium").category(CATEGORY),
    Dimension::visit("campaignContent", "Campaign Content", "campaign_content").category(CATEGORY),
    Dimension::visit("campaignId", "Campaign ID", "campaign_id").category(CATEGORY),
    Dimension::visit("campaignGroup", "Campaign Group", "campaign_group").category(CATEGORY),
    Dimension::visit("campaignPlacement", "Campaign Placement", "campaign_placement").category(CATEGORY),
];

fn types(_: Lists<'_>) -> Vec<(String, Cell)> {
    ReferrerType::ALL.iter().map(|(code, kind)| ((*code).to_owned(), Cell::Int(*kind as i64))).collect()
}
