//! Search engines: which one a referrer is, and what was searched for.

use super::address::{Address, lossy_host};
use super::list::{ReferrersError, SearchEntry};
use candor_core::params::url_decode_bytes;
use encoding_rs::Encoding;
use regex::Regex;
use std::collections::HashMap;

/// All search engines, found by host.
#[derive(Debug)]
pub(super) struct Engines {
    groups: Vec<Group>,
    /// Host, or host and path, to its group.
    hosts: HashMap<String, usize>,
}

/// A search engine in one of its ways to show the keyword.
#[derive(Debug)]
struct Group {
    name: String,
    parameters: Vec<Place>,
    hidden: Vec<Place>,
    charsets: Vec<&'static Encoding>,
}

/// Text as it stands, or a pattern over path and query.
#[derive(Debug)]
enum Place {
    Text(String),
    Pattern(Regex),
}

impl Engines {
    pub(super) fn new(entries: &[SearchEntry]) -> Result<Self, ReferrersError> {
        let mut hosts = HashMap::new();
        let mut groups = Vec::with_capacity(entries.len());
        for entry in entries {
            hosts.extend(entry.hosts.iter().map(|host| (host.clone(), groups.len())));
            groups.push(Group::new(entry)?);
        }
        Ok(Self { groups, hosts })
    }

    /// Name and keyword (empty = the engine hides it). `None`: not a search.
    pub(super) fn find(&self, address: &Address<'_>) -> Option<(&str, String)> {
        let group = self.group(address)?;
        let query = Query { query: address.query, fragment: address.fragment };
        let name = google_service(group, address, &query);
        let keyword = google_advanced(group, &query).or_else(|| group.keyword(address, &query));
        let keyword = match keyword {
            Some(raw) => group.decode(&raw),
            None if group.hides_keyword(address) => String::new(),
            None => return None,
        };
        Some((name, keyword.trim().to_lowercase()))
    }

    fn group(&self, address: &Address<'_>) -> Option<&Group> {
        let (host, path) = (address.host.as_str(), address.path);
        let by = |key: &str| self.hosts.get(key);
        let lossy = lossy_host(host);
        let index = by(&format!("{host}{path}"))
            .or_else(|| by(host))
            .or_else(|| by(&format!("{lossy}{path}")))
            .or_else(|| by(&lossy))
            .or_else(|| by(stand_in(address)?))?;
        self.groups.get(*index)
    }
}

/// Hosts under which a search engine works for others, or under many names.
fn stand_in(address: &Address<'_>) -> Option<&'static str> {
    if address.query.contains("cx=partner-pub-") {
        Some("google.com/cse")
    } else if address.path.starts_with("/pemonitorhosted/ws/results/") {
        Some("wsdsold.infospace.com")
    } else if address.host.ends_with(".images.search.yahoo.com") {
        Some("images.search.yahoo.com")
    } else if address.host.ends_with(".search.yahoo.com") {
        Some("search.yahoo.com")
    } else {
        None
    }
}

/// Google shows pictures, films and goods under its main host too.
fn google_service<'a>(group: &'a Group, address: &Address<'_>, query: &Query<'_>) -> &'a str {
    if group.name != "Google" {
        return &group.name;
    }
    match query.get("tbm").as_deref() {
        Some(b"isch") => "Google Images",
        Some(b"vid") => "Google Video",
        Some(b"shop") => "Google Shopping",
        _ if address.path.starts_with("/imgres") => "Google Images",
        _ => &group.name,
    }
}

/// Google's advanced search: all of these words, one of these, exactly this, none of these.
fn google_advanced(group: &Group, query: &Query<'_>) -> Option<Vec<u8>> {
    if group.name != "Google" || !query.has_prefix("as_") {
        return None;
    }
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut add = |name: &str, before: &str, after: &str| {
        if let Some(words) = query.get(name).filter(|words| !words.is_empty()) {
            parts.push([before.as_bytes(), &words, after.as_bytes()].concat());
        }
    };
    add("as_q", "", "");
    add("as_oq", "", "");
    add("as_epq", "\"", "\"");
    add("as_eq", "-", "");
    (!parts.is_empty()).then(|| parts.join(&b' '))
}

/// Parameters of the query, then of the fragment: some engines search without loading a page.
struct Query<'a> {
    query: &'a str,
    fragment: &'a str,
}

impl Query<'_> {
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let fragment = self.fragment.trim_start_matches(['/', '?', '!']);
        self.query.split('&').chain(fragment.split('&')).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }

    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.pairs().find(|(key, _)| *key == name).map(|(_, value)| url_decode_bytes(value.as_bytes()))
    }

    fn has_prefix(&self, prefix: &str) -> bool {
        self.pairs().any(|(key, _)| key.starts_with(prefix))
    }
}

impl Group {
    fn new(entry: &SearchEntry) -> Result<Self, ReferrersError> {
        let places = |texts: &[String]| -> Result<Vec<Place>, ReferrersError> {
            texts.iter().map(|text| Place::new(&entry.name, text)).collect()
        };
        let charset = |label: &String| {
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| ReferrersError::Charset { name: entry.name.clone(), charset: label.clone() })
        };
        Ok(Self {
            name: entry.name.clone(),
            parameters: places(&entry.parameters)?,
            hidden: places(&entry.hidden)?,
            charsets: entry.charsets.iter().map(charset).collect::<Result<_, _>>()?,
        })
    }

    /// The keyword's bytes. An empty parameter is an answer as well: the engine hides the keyword.
    fn keyword(&self, address: &Address<'_>, query: &Query<'_>) -> Option<Vec<u8>> {
        self.parameters.iter().find_map(|place| match place {
            Place::Text(name) => query.get(name),
            Place::Pattern(pattern) => {
                let found = pattern.captures(address.tail)?.get(1)?.as_str();
                Some(url_decode_bytes(found.as_bytes())).filter(|keyword| !keyword.is_empty())
            }
        })
    }

    fn hides_keyword(&self, address: &Address<'_>) -> bool {
        self.hidden.iter().any(|place| match place {
            Place::Text(text) => text == address.tail,
            Place::Pattern(pattern) => pattern.is_match(address.tail),
        })
    }

    /// The first charset in which the bytes are text; UTF-8 first when it is among them, as it never fits by chance.
    fn decode(&self, raw: &[u8]) -> String {
        let utf8 = self.charsets.iter().filter(|charset| **charset == encoding_rs::UTF_8);
        utf8.chain(&self.charsets)
            .find_map(|charset| charset.decode_without_bom_handling_and_without_replacement(raw))
            .unwrap_or_else(|| String::from_utf8_lossy(raw))
            .into_owned()
    }
}

impl Place {
    fn new(name: &str, text: &str) -> Result<Self, ReferrersError> {
        match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(pattern) if !pattern.is_empty() => match Regex::new(pattern) {
                Ok(regex) => Ok(Self::Pattern(regex)),
                Err(e) => Err(ReferrersError::Pattern {
                    name: name.to_owned(),
                    pattern: pattern.to_owned(),
                    reason: e.to_string(),
                }),
            },
            _ => Ok(Self::Text(text.to_owned())),
        }
    }
}
