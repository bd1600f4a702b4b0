//! Order ids are replaced by random ones, so that no order can be traced to the shop's books.
//! A repeated order is then not recognised either.

use crate::{
    hit::HitFields,
    privacy::{Example, Rule, RuleContext},
};
use candor_core::settings::PrivacySettings;

pub(super) struct RandomOrderId;

impl Rule for RandomOrderId {
    fn id(&self) -> &'static str {
        "random_order_id"
    }

    fn removes(&self) -> &'static str {
        "the shop's order id; a random one takes its place"
    }

    fn example_settings(&self) -> PrivacySettings {
        PrivacySettings { anonymize_order_id: true, ..PrivacySettings::default() }
    }

    fn examples(&self) -> [Example; 3] {
        [
            Example { given: "2024-0815", kept: "0000000000000000" },
            Example { given: "anna-1", kept: "0000000000000000" },
            Example { given: "", kept: "" },
        ]
    }

    fn is_on(&self, privacy: &PrivacySettings) -> bool {
        privacy.anonymize_order_id
    }

    fn keep(&self, given: &str, context: &RuleContext) -> String {
        if given.is_empty() { String::new() } else { format!("{:016x}", context.random.next_u64()) }
    }

    fn apply(&self, hit: &mut HitFields, context: &RuleContext) {
        if let Some(commerce) = &mut hit.commerce {
            commerce.order_id = self.keep(&commerce.order_id, context);
        }
    }
}
