//! The privacy rules, and the only door through which hits leave: [`scrub`].
//! Rules work on the finished draft in memory; what they remove is nowhere else.

mod rules;

pub use rules::RULES;
pub(crate) use rules::mask_ip::{bytes as ip_bytes, mask};

use crate::{
    hit::{Hit, HitFields},
    request::Random,
};
use candor_core::settings::PrivacySettings;

/// What a rule may use.
#[derive(Clone, Copy)]
pub struct RuleContext<'a> {
    /// The operator's choices.
    pub privacy: &'a PrivacySettings,
    /// For ids that must mean nothing.
    pub random: &'a dyn Random,
}

/// What a rule makes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// As it came.
    pub given: &'static str,
    /// As it is kept.
    pub kept: &'static str,
}

/// Something that is removed or replaced before anything is written.
pub trait Rule: Send + Sync {
    /// Its name in settings, reports and documentation.
    fn id(&self) -> &'static str;
    /// What it removes, in a sentence.
    fn removes(&self) -> &'static str;
    /// The settings under which the examples hold.
    fn example_settings(&self) -> PrivacySettings;
    /// What it makes of three values under these settings (with a random number of 0).
    fn examples(&self) -> [Example; 3];
    /// Whether the operator wants it.
    fn is_on(&self, privacy: &PrivacySettings) -> bool;
    /// What is kept of one value.
    fn keep(&self, given: &str, context: &RuleContext) -> String;
    /// Applies it to all values of a hit that it concerns.
    fn apply(&self, hit: &mut HitFields, context: &RuleContext);
}

/// Applies all rules that are on. The only maker of hits besides decoding the log.
pub(crate) fn scrub(mut draft: HitFields, context: &RuleContext) -> Hit {
    for rule in RULES.iter().filter(|rule| rule.is_on(context.privacy)) {
        rule.apply(&mut draft, context);
    }
    Hit::from_scrubbed(draft)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The random number of the examples.
    pub(super) struct Zero;

    impl Random for Zero {
        fn next_u64(&self) -> u64 {
            0
        }
    }

    #[test]
    fn examples_are_true() {
        for rule in RULES {
            let privacy = rule.example_settings();
            assert!(rule.is_on(&privacy), "{}", rule.id());
            let context = RuleContext { privacy: &privacy, random: &Zero };
            for example in rule.examples() {
                assert_eq!(rule.keep(example.given, &context), example.kept, "{} of {}", rule.id(), example.given);
            }
        }
    }

    #[test]
    fn ids_are_unique() {
        let ids: std::collections::BTreeSet<_> = RULES.iter().map(|rule| rule.id()).collect();
        assert_eq!(ids.len(), RULES.len());
    }
}
