//! A user agent under examination: its text and the patterns that it can match.

use super::candidates::Candidates;
use super::file::{Rule, RuleFile, Set};
use super::pattern::{Groups, Patterns};
use std::ops::Range;

/// The open rules with their compiled patterns.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) file: RuleFile,
    pub(super) patterns: Patterns,
}

/// One text.
pub(super) struct Subject<'e> {
    rules: &'e Rules,
    /// The user agent.
    pub(super) text: String,
    candidates: Candidates,
}

/// A rule that matched.
pub(super) struct Found<'e> {
    /// What it says.
    pub(super) rule: Rule<'e>,
    groups: Groups,
}

impl Found<'_> {
    /// The rule's name with groups filled in.
    pub(super) fn name(&self) -> String {
        self.groups.expand(self.rule.name).trim().to_owned()
    }

    /// The rule's value as a version: points for underscores, none at the ends.
    pub(super) fn version(&self) -> String {
        self.value().replace('_', ".").trim_matches([' ', '.']).to_owned()
    }

    /// The rule's value with groups filled in.
    pub(super) fn value(&self) -> String {
        self.groups.expand(self.rule.value).trim().to_owned()
    }
}

impl<'e> Subject<'e> {
    pub(super) fn new(rules: &'e Rules, text: String) -> Self {
        let candidates = Candidates::of(&rules.file, &text);
        Self { rules, text, candidates }
    }

    /// The first rule of a set that matches.
    pub(super) fn first(&self, set: Set) -> Option<Found<'e>> {
        self.first_of(self.rules.file.set(set))
    }

    /// The first of a rule's finer rules that matches.
    pub(super) fn first_of(&self, patterns: Range<u32>) -> Option<Found<'e>> {
        self.candidates.within(patterns).find_map(|number| {
            let groups = self.rules.patterns.find(&self.rules.file, number, &self.text)?;
            Some(Found { rule: self.rules.file.rule_of(number)?, groups })
        })
    }
}
