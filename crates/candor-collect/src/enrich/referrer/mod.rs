//! Who sent the visitor: search engine with keyword, social network, assistant, or spam.
//! Decides by the referrer's URL alone; campaigns and the site's own hosts are decided elsewhere.

mod address;
mod list;
mod search;

pub use list::ReferrersError;

use address::Address;
use aho_corasick::{AhoCorasick, MatchKind};
use candor_core::Vocabulary;
use list::{HostsEntry, List};
use search::Engines;

/// The list that is compiled in.
const BUILT_IN: &str = include_str!("../../../../../data/referrers.toml");

/// Who a referrer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A search engine.
    Search {
        /// Its name.
        name: String,
        /// Lower case; empty = the engine hides it.
        keyword: String,
    },
    /// A social network.
    Social {
        /// Its name.
        name: String,
    },
    /// An AI assistant.
    Assistant {
        /// Its name.
        name: String,
    },
}

/// The loaded list.
#[derive(Debug)]
pub struct Referrers {
    engines: Engines,
    social: Hosts,
    assistants: Hosts,
    spammers: AhoCorasick,
}

impl Referrers {
    /// The list that we ship.
    ///
    /// # Errors
    /// When the file was broken at build time; a test reads it.
    pub fn built_in() -> Result<Self, ReferrersError> {
        Self::load(BUILT_IN)
    }

    /// From the text of a file in the format of `data/referrers.toml`.
    ///
    /// # Errors
    /// When it is not in that format.
    pub fn load(text: &str) -> Result<Self, ReferrersError> {
        let list = List::parse(text)?;
        Ok(Self {
            engines: Engines::new(&list.search)?,
            social: Hosts::new(list.social, Right::DotOrSlash)?,
            assistants: Hosts::new(list.assistant, Right::Slash)?,
            spammers: AhoCorasick::builder().ascii_case_insensitive(true).build(&list.spammers)?,
        })
    }

    /// Who it is; `None` = just a website (or no URL). `assistants`: whether AI assistants are told apart.
    #[must_use]
    pub fn source(&self, url: &str, assistants: bool) -> Option<Source> {
        let address = Address::parse(url)?;
        if assistants && let Some(name) = self.assistants.find(url) {
            return Some(Source::Assistant { name: name.to_owned() });
        }
        if let Some((name, keyword)) = self.engines.find(&address) {
            return Some(Source::Search { name: name.to_owned(), keyword });
        }
        self.social.find(url).map(|name| Source::Social { name: name.to_owned() })
    }

    /// Whether a known spammer's host stands anywhere in the referrer.
    #[must_use]
    pub fn is_spam(&self, url: &str) -> bool {
        !url.is_empty() && self.spammers.is_match(url)
    }
}

/// Adds what reports show of search engines and social networks.
///
/// # Errors
/// As [`Referrers::load`].
pub fn add_to_vocabulary(text: Option<&str>, vocabulary: &mut Vocabulary) -> Result<(), ReferrersError> {
    let list = List::parse(text.unwrap_or(BUILT_IN))?;
    for entry in list.search {
        let Some(host) = entry.hosts.first() else { continue };
        // Of an engine's groups the first one is its home.
        if !vocabulary.search_engine_urls.contains_key(&entry.name) {
            let host = host.replace("{}.", "").replace(".{}", ".com");
            vocabulary.search_engine_urls.insert(entry.name.clone(), format!("http://{host}"));
            vocabulary.search_engine_backlinks.insert(entry.name, entry.results);
        }
    }
    let homes = list.social.into_iter().filter_map(|entry| Some((entry.name, entry.hosts.into_iter().next()?)));
    vocabulary.social_urls.extend(homes);
    Ok(())
}

/// What may follow a host that is looked for in a URL.
#[derive(Debug, Clone, Copy)]
enum Right {
    /// More labels or a path: `facebook.com.example` is one, too.
    DotOrSlash,
    /// Only a path.
    Slash,
}

/// Hosts that are looked for anywhere in a URL.
#[derive(Debug)]
struct Hosts {
    automaton: AhoCorasick,
    /// Name of each of the automaton's hosts.
    names: Vec<String>,
    right: Right,
}

impl Hosts {
    fn new(entries: Vec<HostsEntry>, right: Right) -> Result<Self, ReferrersError> {
        let pairs = entries.into_iter().flat_map(|e| e.hosts.into_iter().map(move |host| (e.name.clone(), host)));
        let (names, hosts): (Vec<String>, Vec<String>) = pairs.unzip();
        let automaton =
            AhoCorasick::builder().match_kind(MatchKind::Standard).ascii_case_insensitive(true).build(hosts)?;
        Ok(Self { automaton, names, right })
    }

    /// The name of the first host of the list that stands in the URL between its bounds.
    fn find(&self, url: &str) -> Option<&str> {
        let bytes = url.as_bytes();
        let bounded = |start: usize, end: usize| {
            let left = start.checked_sub(1).and_then(|at| bytes.get(at));
            let left_ok = left.is_none_or(|b| matches!(b, b'.' | b'/'));
            let right_ok = match bytes.get(end) {
                None | Some(b'/') => true,
                Some(b'.') => matches!(self.right, Right::DotOrSlash),
                Some(_) => false,
            };
            left_ok && right_ok
        };
        let hits = self.automaton.find_overlapping_iter(url).filter(|m| bounded(m.start(), m.end()));
        let first = hits.map(|m| m.pattern().as_usize()).min()?;
        self.names.get(first).map(String::as_str)
    }
}

#[cfg(test)]
mod tests;
