//! Visitor ids of cookies are ignored: a visitor is recognised by the day's fingerprint only.

use crate::{
    hit::{HitFields, VisitorSource},
    privacy::{Example, Rule, RuleContext},
};
use candor_core::settings::PrivacySettings;

pub(super) struct Cookieless;

impl Rule for Cookieless {
    fn id(&self) -> &'static str {
        "cookieless"
    }

    fn removes(&self) -> &'static str {
        "visitor ids that browsers keep in cookies"
    }

    fn example_settings(&self) -> PrivacySettings {
        PrivacySettings { force_cookieless: true, ..PrivacySettings::default() }
    }

    fn examples(&self) -> [Example; 3] {
        [
            Example { given: "0123456789abcdef", kept: "" },
            Example { given: "ffffffffffffffff", kept: "" },
            Example { given: "", kept: "" },
        ]
    }

    fn is_on(&self, privacy: &PrivacySettings) -> bool {
        privacy.force_cookieless
    }

    fn keep(&self, _: &str, _: &RuleContext) -> String {
        String::new()
    }

    fn apply(&self, hit: &mut HitFields, _: &RuleContext) {
        hit.visitor = hit.visitor.filter(|(_, source)| *source != VisitorSource::Cookie);
    }
}
