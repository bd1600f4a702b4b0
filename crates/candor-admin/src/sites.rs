//! Sites: adding, changing, deleting.

use crate::{Admin, AdminError, consent, revisions::count};
use candor_core::{Settings, SiteId, SiteSettings, SiteType};
use std::sync::Arc;

/// Longest name of a site, in characters (Matomo's column).
const NAME_CHARS_MAX: usize = 90;

impl Admin {
    /// Adds a site. `make` gets the new site with the defaults and fills it; the first site gets id 1.
    ///
    /// # Errors
    /// When a value is not acceptable or the database fails.
    pub fn add_site(&self, make: impl FnOnce(&mut SiteSettings)) -> Result<SiteId, AdminError> {
        let now = self.0.clock.now();
        self.revise(|settings, transaction| {
            let id = SiteId(count(transaction, "site")?);
            let mut site = SiteSettings::new(id, "", &[]);
            site.zone = settings.global.default_zone.clone();
            site.currency = settings.global.default_currency.clone();
            site.created_at = now;
            make(&mut site);
            site.id = id;
            check(&mut site)?;
            settings.sites.insert(id, Arc::new(site));
            Ok(id)
        })
    }

    /// Changes a site.
    ///
    /// # Errors
    /// When there is no such site, a value is not acceptable, or the database fails.
    pub fn update_site(&self, id: SiteId, change: impl FnOnce(&mut SiteSettings)) -> Result<(), AdminError> {
        self.revise(|settings, _| {
            let mut site = existing(settings, id)?;
            change(&mut site);
            site.id = id;
            check(&mut site)?;
            settings.sites.insert(id, Arc::new(site));
            Ok(())
        })
    }

    /// Deletes a site's settings and the words that its visitors' choices brought (its visits stay until they are
    /// erased). The last site can't be deleted.
    ///
    /// # Errors
    /// When there is no such site, it is the last one, or the database fails.
    pub fn delete_site(&self, id: SiteId) -> Result<(), AdminError> {
        self.revise(|settings, transaction| {
            existing(settings, id)?;
            if settings.sites.len() == 1 {
                return Err(AdminError::Invalid("the last site can't be deleted; add another one first".into()));
            }
            settings.sites.remove(&id);
            transaction.execute("delete from access where site_id = ?", [id.0])?;
            transaction.execute("delete from document where site_id = ?", [id.0])?;
            consent::forget_texts_of(transaction, id)
        })?;
        self.texts_are_fewer();
        self.reload_people()
    }
}

/// A copy of a site to be changed.
pub(crate) fn existing(settings: &Settings, id: SiteId) -> Result<SiteSettings, AdminError> {
    settings
        .site(id)
        .map(|site| SiteSettings::clone(site))
        .ok_or_else(|| AdminError::NotFound(format!("there is no site `{id}`; `candor site list` shows all")))
}

fn check(site: &mut SiteSettings) -> Result<(), AdminError> {
    site.name = site.name.trim().to_owned();
    if site.name.is_empty() {
        return Err(AdminError::Invalid("the site has no name; give it one".into()));
    }
    if site.name.chars().count() > NAME_CHARS_MAX {
        site.name = site.name.chars().take(NAME_CHARS_MAX).collect();
    }
    site.urls = tidy_urls(std::mem::take(&mut site.urls))?;
    if site.urls.is_empty() && site.kind == SiteType::Website {
        return Err(AdminError::Invalid("the site has no address; give at least one, as https://example.org".into()));
    }
    if site.currency.len() != 3 || !site.currency.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Err(AdminError::Invalid(format!("unknown currency `{}`; use an ISO 4217 code as EUR", site.currency)));
    }
    site.currency = site.currency.to_ascii_uppercase();
    Ok(())
}

/// Trims addresses, drops repeats and trailing slashes, refuses what is no web address.
fn tidy_urls(urls: Vec<String>) -> Result<Vec<String>, AdminError> {
    let mut tidy: Vec<String> = vec![];
    for url in urls {
        let url = url.trim().trim_end_matches('/');
        if url.is_empty() {
            continue;
        }
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let is_scheme = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b));
        if !is_scheme || rest.is_empty() || rest.contains(char::is_whitespace) {
            return Err(AdminError::Invalid(format!(
                "the address `{url}` is not a URL; write it as https://example.org"
            )));
        }
        if !tidy.iter().any(|known| known == url) {
            tidy.push(url.to_owned());
        }
    }
    Ok(tidy)
}
