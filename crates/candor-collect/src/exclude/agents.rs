//! Lists of user agents whose hits are dropped.

use crate::enrich::pattern;
use fancy_regex::Regex;

/// Substrings in any case, or one pattern.
pub(crate) struct AgentList {
    /// Of several `/patterns/` the first decides alone, as in Matomo.
    pattern: Option<Regex>,
    words: Vec<String>,
}

impl AgentList {
    pub(crate) fn new<'a>(entries: impl Iterator<Item = &'a str>) -> Self {
        let mut list = Self { pattern: None, words: vec![] };
        for entry in entries.map(str::trim).filter(|entry| !entry.is_empty()) {
            match pattern::delimited(entry) {
                Some(found) => list.pattern = list.pattern.or(Some(found)),
                None => list.words.push(entry.to_lowercase()),
            }
        }
        list
    }

    pub(crate) fn contains(&self, user_agent: &str) -> bool {
        if let Some(found) = &self.pattern {
            return pattern::matches(found, user_agent);
        }
        if self.words.is_empty() || user_agent.is_empty() {
            return false;
        }
        let user_agent = user_agent.to_lowercase();
        self.words.iter().any(|word| user_agent.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_or_the_first_pattern() {
        let words = AgentList::new(["Monitor", ""].into_iter());
        assert!(words.contains("uptime-MONITOR/1") && !words.contains("Browser/1"));
        let mixed = AgentList::new(["Monitor", "/^probe [0-9]+$/i", "/browser/i"].into_iter());
        assert!(mixed.contains("Probe 7") && !mixed.contains("Monitor") && !mixed.contains("browser"));
    }
}
