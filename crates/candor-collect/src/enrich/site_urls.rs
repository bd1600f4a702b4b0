//! Which sites an address belongs to, by the addresses that the sites list.

use super::url::{Url, plain_host};
use candor_core::{Settings, SiteId};
use std::collections::HashMap;

/// A listed address: its path (lower case, with trailing slash) and whose it is.
struct Entry {
    path: String,
    site: SiteId,
}

/// The addresses of all sites. A host that begins with `.` stands for all hosts below it.
pub(crate) struct SiteUrls {
    hosts: HashMap<String, Vec<Entry>>,
}

/// Where an address was found.
pub(crate) struct Match<'a> {
    entries: &'a [Entry],
    /// The listed path; `/` when the whole host is listed.
    pub path: &'a str,
}

impl Match<'_> {
    pub(crate) fn includes(&self, site: SiteId) -> bool {
        self.entries.iter().any(|entry| entry.path == self.path && entry.site == site)
    }
}

impl SiteUrls {
    pub(crate) fn new(settings: &Settings) -> Self {
        let mut hosts: HashMap<String, Vec<Entry>> = HashMap::new();
        for site in settings.sites.values() {
            for url in &site.urls {
                let url = Url::parse(url);
                if !url.host.is_empty() {
                    let entry = Entry { path: plain_path(url.path), site: site.id };
                    hosts.entry(plain_host(url.host)).or_default().push(entry);
                }
            }
        }
        for entries in hosts.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.path.len()));
        }
        Self { hosts }
    }

    /// The sites whose listed path is the longest that the address begins with.
    pub(crate) fn find(&self, url: &Url) -> Option<Match<'_>> {
        if url.host.is_empty() {
            return None;
        }
        let host = plain_host(url.host);
        let path = plain_path(url.path);
        let parents = host.match_indices('.').filter_map(|(at, _)| host.get(at..));
        let names = std::iter::once(host.as_str()).chain(parents);
        names.filter_map(|name| self.hosts.get(name)).find_map(|entries| {
            let found = entries.iter().find(|entry| path.starts_with(&entry.path))?;
            Some(Match { entries, path: &found.path })
        })
    }
}

fn plain_path(path: &str) -> String {
    let mut path = path.to_lowercase();
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::SiteSettings;
    use std::sync::Arc;

    #[test]
    fn the_longest_path_decides() {
        let mut settings = Settings::default();
        for (id, urls) in [
            (1, &["http://shop.example", "http://.cdn.example"][..]),
            (2, &["http://www.shop.example/blog"]),
            (3, &["https://shop.example"]),
        ] {
            settings.sites.insert(SiteId(id), Arc::new(SiteSettings::new(SiteId(id), "s", urls)));
        }
        let urls = SiteUrls::new(&settings);
        let sites = |url: &str| {
            let found = urls.find(&Url::parse(url));
            found.map(|m| (1..4).filter(|id| m.includes(SiteId(*id))).collect::<Vec<_>>())
        };
        assert_eq!(sites("https://WWW.shop.example/a"), Some(vec![1, 3]));
        assert_eq!(sites("https://shop.example/Blog"), Some(vec![2]));
        assert_eq!(sites("https://shop.example/blogger"), Some(vec![1, 3]));
        assert_eq!(sites("https://a.b.cdn.example/"), Some(vec![1]));
        assert_eq!(sites("https://sub.shop.example/"), None);
    }
}
