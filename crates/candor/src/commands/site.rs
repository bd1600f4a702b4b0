//! `candor site`: sites without a browser.

use super::{Output, Place};
use crate::{instance, lock::Lock};
use anyhow::Result;
use candor_core::{Signals, SiteId, SiteZone, regime};
use clap::Subcommand;

/// Add, list, change and delete sites.
#[derive(Subcommand)]
pub(crate) enum Site {
    /// Add a site and print its id.
    #[command(after_help = "Example: candor site add \"My site\" https://example.org --timezone Europe/Berlin")]
    Add {
        /// Its name.
        name: String,
        /// Its addresses, the main one first.
        #[arg(required = true)]
        urls: Vec<String>,
        /// Zone of its days, as Europe/Berlin or UTC+2.
        #[arg(long, default_value = "UTC", value_parser = zone)]
        timezone: SiteZone,
        /// Its currency, ISO 4217.
        #[arg(long, value_parser = currency)]
        currency: Option<String>,
        /// It sells: report orders and carts.
        #[arg(long)]
        ecommerce: bool,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Change a site; what isn't named stays. A running server follows within a second.
    #[command(after_help = "Example: candor site set 3 --signals ask")]
    Set {
        /// Its id.
        id: u32,
        /// Its name.
        #[arg(long)]
        name: Option<String>,
        /// Its addresses, the main one first; give the flag once for each.
        #[arg(long)]
        url: Vec<String>,
        /// What Global Privacy Control and Do Not Track mean on it: a silent no, a reason to ask (and no until then),
        /// nothing, or what holds for all sites.
        #[arg(long, value_parser = ["reject", "ask", "ignore", "default"])]
        signals: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// List the sites.
    #[command(after_help = "Example: candor site list --json")]
    List {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Delete a site's settings, and the consent texts that its visitors' choices alone brought; its visits stay until
    /// they are erased.
    #[command(after_help = "Example: candor site delete 3")]
    Delete {
        /// Its id.
        id: u32,
        #[command(flatten)]
        place: Place,
    },
}

impl Site {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Add { name, urls, timezone, currency, ecommerce, place, output } => {
                let id = place.admin()?.add_site(|site| {
                    (site.name, site.urls, site.zone, site.ecommerce) = (name, urls, timezone, ecommerce);
                    if let Some(currency) = currency {
                        site.currency = currency;
                    }
                })?;
                output.print(&serde_json::json!({ "id": id }), |_| id.to_string())
            }
            Self::List { place, output } => {
                let settings = place.admin()?.settings();
                let sites: Vec<_> = settings.sites.values().collect();
                output.print(&sites, |sites| {
                    let line = |s: &&std::sync::Arc<candor_core::SiteSettings>| {
                        let signals =
                            s.signals.map(|signals| format!("\tsignals: {}", signals.name())).unwrap_or_default();
                        format!("{}\t{}\t{}\t{}{signals}", s.id, s.name, s.urls.join(" "), s.zone.name())
                    };
                    sites.iter().map(line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::Set { id, name, url, signals, place } => {
                let admin = place.admin()?;
                let regime = &admin.settings().privacy.regime;
                if signals.as_deref() == Some("ignore") && regime::needs_signals(regime) {
                    eprintln!("candor: under the regime `{regime}` signals count nevertheless");
                }
                Ok(admin.update_site(SiteId(id), |site| {
                    if let Some(name) = name {
                        site.name = name;
                    }
                    if !url.is_empty() {
                        site.urls = url;
                    }
                    if let Some(name) = signals {
                        site.signals = Signals::from_name(&name);
                    }
                })?)
            }
            Self::Delete { id, place } => delete(SiteId(id), &place),
        }
    }
}

/// Deletes settings, and what was built of the site's visits.
fn delete(site: SiteId, place: &Place) -> Result<()> {
    let (config, admin) = (place.load()?, place.admin()?);
    let lock = Lock::take(&config.data_dir)?;
    admin.delete_site(site)?;
    // A running server sees that the site is gone, and forgets by itself.
    if let Lock::Ours(_) = lock {
        let store = candor_store::open(&config.data_dir, &instance::store_settings(&config))?;
        store.forget_memos(site, None)?;
        store.close()?;
    }
    Ok(())
}

fn zone(text: &str) -> Result<SiteZone, String> {
    SiteZone::parse(text).ok_or_else(|| "unknown time zone; use a name as Europe/Berlin or UTC+2".into())
}

fn currency(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    candor_ops::is_currency(&code).then_some(code).ok_or_else(|| "unknown currency; use an ISO 4217 code as EUR".into())
}
