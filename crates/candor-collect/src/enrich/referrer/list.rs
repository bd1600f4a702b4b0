//! The format of `data/referrers.toml`, as it stands in the file.

use serde::Deserialize;

/// Why a list of referrers can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ReferrersError {
    /// Not our format.
    #[error("the list of referrers can't be read: {0}; make one with scripts/make-referrers")]
    Format(#[from] toml::de::Error),
    /// A pattern between slashes does not compile.
    #[error("the list of referrers has a bad pattern `{pattern}` for `{name}`: {reason}; correct it in the file")]
    Pattern {
        /// Whose.
        name: String,
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A keyword's charset that nobody knows.
    #[error("the list of referrers names the unknown charset `{charset}` for `{name}`; use a WHATWG encoding label")]
    Charset {
        /// Whose.
        name: String,
        /// The charset.
        charset: String,
    },
    /// The hosts don't fit into one automaton.
    #[error("the list of referrers is too large: {0}; shorten it")]
    TooLarge(#[from] aho_corasick::BuildError),
}

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    #[serde(default)]
    pub search: Vec<SearchEntry>,
    #[serde(default)]
    pub social: Vec<HostsEntry>,
    #[serde(default)]
    pub assistant: Vec<HostsEntry>,
    #[serde(default)]
    pub spammers: Vec<String>,
}

/// One way in which one search engine shows its keyword.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SearchEntry {
    pub name: String,
    /// Host, or host and path; `{}` stands for a country's domain.
    pub hosts: Vec<String>,
    /// Query parameters, or patterns between slashes.
    #[serde(default)]
    pub parameters: Vec<String>,
    /// Paths, or patterns between slashes, that are a search without a keyword.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Page of results, `{k}` for the keyword.
    #[serde(default)]
    pub results: String,
    #[serde(default)]
    pub charsets: Vec<String>,
}

/// A social network or an assistant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HostsEntry {
    pub name: String,
    pub hosts: Vec<String>,
}

impl List {
    pub(super) fn parse(text: &str) -> Result<Self, ReferrersError> {
        Ok(toml::from_str(text)?)
    }
}
