//! What is kept of somebody who did not consent: that and how pages were used, and nothing to recognise anybody by.

use super::{order_id::RandomOrderId, referrer};
use crate::{
    hit::HitFields,
    privacy::{Example, Rule, RuleContext},
};
use candor_core::{
    LegalBasis, ReferrerType, VisitorId,
    settings::{PrivacySettings, WithoutConsent},
    visit::Location,
};

pub(super) struct Exempt;

impl Rule for Exempt {
    fn id(&self) -> &'static str {
        "exempt"
    }

    fn removes(&self) -> &'static str {
        "of hits without consent: ids of visitor, user, order, campaign click and page view, the whole address, the \
         place below the country, path and query of the referrer, search keywords, who a conversion is credited to, \
         screen, plugins, device model, versions of system and browser, the language's country, minutes of the \
         visitor's clock, custom dimensions and variables. What the page says of itself stays: its address, title, \
         search, events, contents, the campaign's other names"
    }

    fn example_settings(&self) -> PrivacySettings {
        PrivacySettings { without_consent: WithoutConsent::Exempt, ..PrivacySettings::default() }
    }

    fn examples(&self) -> [Example; 3] {
        [
            Example { given: "0123456789abcdef", kept: "" },
            Example { given: "anna@example.org", kept: "" },
            Example { given: "", kept: "" },
        ]
    }

    fn is_on(&self, privacy: &PrivacySettings) -> bool {
        privacy.without_consent == WithoutConsent::Exempt
    }

    fn keep(&self, _: &str, _: &RuleContext) -> String {
        String::new()
    }

    fn apply(&self, hit: &mut HitFields, context: &RuleContext) {
        if hit.legal_basis != LegalBasis::Exempt {
            return;
        }
        forget_who(hit, context);
        coarsen(hit);
    }
}

fn forget_who(hit: &mut HitFields, context: &RuleContext) {
    hit.visitor = None;
    hit.fresh_visitor = VisitorId(0);
    hit.user_id.clear();
    RandomOrderId.apply(hit, context);
    // What a cookie remembered.
    hit.attribution = None;
    hit.visit_dimensions.clear();
    hit.visit_variables.clear();
    if let Some(action) = &mut hit.action {
        action.dimensions.clear();
        action.variables.clear();
    }
    // Both name one click or one page view, also where the same page goes on after a consent.
    hit.campaign.id.clear();
    hit.pageview_id.clear();
}

fn coarsen(hit: &mut HitFields) {
    hit.ip.fill(0);
    let country = std::mem::take(&mut hit.location.country);
    hit.location = Location { country, ..Location::default() };
    hit.referrer.url = referrer::origin(&hit.referrer.url);
    if hit.referrer.kind != ReferrerType::Campaign {
        hit.referrer.keyword.clear();
    }
    "unknown".clone_into(&mut hit.resolution);
    hit.plugins = 0;
    hit.device.model.clear();
    hit.device.os_version.clear();
    hit.device.browser_version.clear();
    hit.language.truncate(hit.language.find('-').unwrap_or(hit.language.len()));
    hit.local_time -= hit.local_time % 3600;
}
