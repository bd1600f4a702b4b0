//! The reference page of the privacy rules.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use candor_collect::privacy::RULES;
use candor_core::settings::PrivacySettings;
use std::fmt::Write;

/// The settings of a rule's examples that differ from the defaults.
fn settings(of: &PrivacySettings) -> String {
    let fields = |settings: &PrivacySettings| serde_json::to_value(settings).unwrap().as_object().unwrap().clone();
    let defaults = fields(&PrivacySettings::default());
    let changed = fields(of).into_iter().filter(|(name, value)| defaults.get(name) != Some(value));
    let listed: Vec<_> = changed.map(|(name, value)| format!("`{name} = {value}`")).collect();
    if listed.is_empty() { "the defaults".to_owned() } else { listed.join(", ") }
}

fn value(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") }
}

#[test]
fn generated_privacy_rules() {
    let mut page = "<!-- Made by `make gen`; do not edit by hand. -->\n# Privacy rules\n\n\
        What is removed or replaced in memory, before a hit is written anywhere. They apply in this order.\n\
        Not in the list, since it happens already while a page's address is read: query parameters that the site, all \
        sites or the option `url_query_parameter_to_exclude_from_url` exclude, and those of campaigns.\n"
        .to_owned();
    for rule in RULES {
        let examples = rule.example_settings();
        write!(page, "\n## `{}`\n\nRemoves {}.\n\nWith {}:\n\n", rule.id(), rule.removes(), settings(&examples))
            .unwrap();
        page.push_str("| comes | is kept |\n|---|---|\n");
        for example in rule.examples() {
            writeln!(page, "| {} | {} |", value(example.given), value(example.kept)).unwrap();
        }
        if rule.is_on(&PrivacySettings::default()) {
            page.push_str("\nOn by default.\n");
        }
    }
    candor_testkit::assert_generated("docs/reference/privacy-rules.md", &page);
}
