//! The layering of settings: defaults < `candor.toml` < environment (`CANDOR_…`, sections joined
//! with `__`) < flags. A secret may be a literal or, with `_FILE` behind its name, a path.

mod matomo;
mod secret;

pub(crate) use matomo::MatomoOptions;
#[cfg(test)]
pub(crate) use matomo::{OURS, matomo_name};
pub(crate) use secret::Secret;

use crate::snippet::{BACKLOGS, address};
use anyhow::{Context, Result, anyhow, bail};
use candor_core::{Settings, regime, settings::WithoutConsent};
use candor_store::{MEMORY_LIMIT_MB_MIN, StoreSettings};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::{
    collections::BTreeMap,
    fmt::Display,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};
use tracing_subscriber::EnvFilter;

/// Everything an operator can set. Every field has a default; unknown names are refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// Where everything is kept.
    #[cfg_attr(test, schema(value_type = String))]
    pub data_dir: PathBuf,
    /// Address of the collector and, without `admin_listen`, of everything.
    #[cfg_attr(test, schema(value_type = String))]
    pub listen: SocketAddr,
    /// Address of API and dashboard when they are to be apart from the collector.
    #[cfg_attr(test, schema(value_type = String))]
    #[serde(deserialize_with = "unless_empty")]
    pub admin_listen: Option<SocketAddr>,
    /// Networks whose `X-Forwarded-For` counts, comma-separated CIDRs.
    pub trusted_proxies: String,
    /// Login of the super user made at the first start.
    #[serde(deserialize_with = "unless_empty")]
    pub admin_login: Option<String>,
    /// Password of that super user.
    #[cfg_attr(test, schema(value_type = String))]
    #[serde(deserialize_with = "unless_empty")]
    pub admin_password: Option<Secret>,
    /// E-mail address of that super user.
    pub admin_email: String,
    /// API token of that super user, 32 hex digits.
    #[cfg_attr(test, schema(value_type = String))]
    #[serde(deserialize_with = "unless_empty")]
    pub admin_token: Option<Secret>,
    /// How hits are read.
    pub tracking: Tracking,
    /// Where visitors are.
    pub geo: Geo,
    /// What is removed before anything is written.
    pub privacy: Privacy,
    /// What the process says of itself.
    pub log: Log,
    /// The analytics store.
    pub store: Store,
    /// Files of facts that come with Candor.
    pub data: Data,
    /// The tracking code that `candor snippet` makes.
    pub snippet: Snippet,
    /// Matomo's own `config.ini.php` options, by section.
    #[cfg_attr(test, schema(value_type = String))]
    pub matomo: MatomoOptions,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: "./candor-data".into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8090)),
            admin_listen: None,
            trusted_proxies: String::new(),
            admin_login: None,
            admin_password: None,
            admin_email: "admin@example.org".into(),
            admin_token: None,
            tracking: Tracking::default(),
            geo: Geo::default(),
            privacy: Privacy::default(),
            log: Log::default(),
            store: Store::default(),
            data: Data::default(),
            snippet: Snippet::default(),
            matomo: MatomoOptions::default(),
        }
    }
}

/// How hits are read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Tracking {
    /// Page titles are split into levels at this text; empty = not split.
    pub title_delimiter: String,
    /// AI assistants are a channel of their own (Matomo 5.5); off = they count as websites (5.2).
    pub ai_assistants: bool,
    /// A newer list of search engines, networks and spammers than the built-in one.
    #[cfg_attr(test, schema(value_type = String))]
    #[serde(deserialize_with = "unless_empty")]
    pub referrers_file: Option<PathBuf>,
}

/// Where visitors are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Geo {
    /// A MaxMind-format file, or several separated by commas. None: the browser's language decides.
    pub database: String,
}

/// What is removed before anything is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Privacy {
    /// A named set of rules: `none`, `eu-consent`, `cnil-exempt`, `hipaa`. Empty: what was set through the API.
    pub regime: String,
    /// Who answers for the processing, as consent receipts name them: `Shop GmbH, Street 1, Town`.
    pub controller: String,
    /// Hits whose page doesn't say that the visitor consented: `keep` them as they come, or keep them as `exempt`
    /// ones, coarse and without ids.
    pub without_consent: String,
}

impl Privacy {
    /// `None` when it is neither.
    fn without_consent(&self) -> Option<WithoutConsent> {
        match self.without_consent.as_str() {
            "keep" => Some(WithoutConsent::Keep),
            "exempt" => Some(WithoutConsent::Exempt),
            _ => None,
        }
    }
}

impl Default for Privacy {
    fn default() -> Self {
        Self { regime: String::new(), controller: String::new(), without_consent: "keep".into() }
    }
}

/// What the process says of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// Form of the lines: `text` or `json`.
    pub format: String,
    /// How much is said: `error`, `warn`, `info`, `debug`, `trace`, or a filter as `candor_ingest=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: "text".into(), level: "info".into() }
    }
}

/// The analytics store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Store {
    /// The engine: `embedded`.
    pub engine: String,
    /// Memory of the embedded engine, in MiB, at least 100. What is beyond it goes to temporary files.
    pub memory_limit_mb: u32,
    /// Longest time of one query, in milliseconds.
    pub query_timeout_ms: u64,
}

impl Default for Store {
    fn default() -> Self {
        let StoreSettings { memory_limit_mb, query_timeout_ms, .. } = StoreSettings::default();
        Self { engine: "embedded".into(), memory_limit_mb, query_timeout_ms }
    }
}

/// Files of facts that come with Candor.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Data {
    /// Folder of `devices.bin` and the like; empty: looked for beside the program.
    #[cfg_attr(test, schema(value_type = String))]
    #[serde(deserialize_with = "unless_empty")]
    pub dir: Option<PathBuf>,
}

/// The tracking code that `candor snippet` makes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Snippet {
    /// Id of the site of `candor snippet`; 0: its flag says it.
    pub site: u32,
    /// Where Candor is reached from outside, as `https://stats.example.org`.
    pub url: String,
    /// The loader is the strict one, which requests and stores nothing before consent.
    pub strict: bool,
    /// What the strict loader's page tracked before consent and is sent after it: `none`, `current-page`, `all`.
    pub backlog: String,
    /// Version of the consent text; what was agreed to under another one does not count.
    pub version: String,
    /// Global Privacy Control and Do Not Track say no to the strict loader.
    pub signals: bool,
}

impl Default for Snippet {
    fn default() -> Self {
        Self {
            site: 0,
            url: String::new(),
            strict: false,
            backlog: "current-page".into(),
            version: "1".into(),
            signals: true,
        }
    }
}

impl Config {
    /// Reads file and environment. Without `file`, `candor.toml` in the working directory is read if it is there.
    pub(crate) fn load(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Result<Self> {
        let mut builder = config::Config::builder();
        builder = match file {
            Some(path) => builder.add_source(config::File::from(path).format(config::FileFormat::Toml)),
            None => builder.add_source(config::File::new("candor.toml", config::FileFormat::Toml).required(false)),
        };
        let variables = with_secret_files(environment)?;
        let source = config::Environment::with_prefix("CANDOR")
            .prefix_separator("_")
            .separator("__")
            .source(Some(variables.into_iter().collect()));
        let config: Self = builder
            .add_source(source)
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the settings can't be read; `candor check-config` shows the names there are")?;
        config.check()
    }

    fn check(mut self) -> Result<Self> {
        if !["text", "json"].contains(&self.log.format.as_str()) {
            bail!("log.format `{}` is unknown; use text or json", self.log.format);
        }
        if self.store.engine != "embedded" {
            bail!("store.engine `{}` is unknown; use embedded", self.store.engine);
        }
        if !(MEMORY_LIMIT_MB_MIN..=1_000_000).contains(&self.store.memory_limit_mb) {
            let given = self.store.memory_limit_mb;
            bail!("store.memory_limit_mb `{given}` is out of range; use {MEMORY_LIMIT_MB_MIN} to 1000000");
        }
        if self.privacy.without_consent().is_none() {
            bail!("privacy.without_consent `{}` is unknown; use keep, exempt", self.privacy.without_consent);
        }
        if !self.privacy.regime.is_empty() && !regime::NAMES.contains(&self.privacy.regime.as_str()) {
            bail!("privacy.regime `{}` is unknown; use {}", self.privacy.regime, regime::NAMES.join(", "));
        }
        if !BACKLOGS.contains(&self.snippet.backlog.as_str()) {
            bail!("snippet.backlog `{}` is unknown; use {}", self.snippet.backlog, BACKLOGS.join(", "));
        }
        if !self.snippet.url.is_empty() {
            let given = &self.snippet.url;
            self.snippet.url = address(given).map_err(|advice| anyhow!("snippet.url `{given}` is {advice}"))?;
        }
        self.trusted_proxies()?;
        self.log_filter()?;
        Ok(self)
    }

    /// What of the program's own lines is written.
    pub(crate) fn log_filter(&self) -> Result<EnvFilter> {
        // A word that is no level would be taken for a part of the program.
        let directives: Vec<_> = self.log.level.split(',').map(str::trim).collect();
        let unknown = directives.iter().copied().find(|directive| !is_log_directive(directive));
        // What the migrations' library says of itself is for those who ask for it by name.
        let filter = EnvFilter::try_new(format!("refinery_core=warn,{}", directives.join(",")));
        match (unknown, filter) {
            (None, Ok(filter)) => Ok(filter),
            (unknown, _) => bail!(
                "log.level `{}` is unknown; use {}, or for a part of the program candor_ingest=debug",
                unknown.unwrap_or(&self.log.level),
                LEVELS.join(", ")
            ),
        }
    }

    /// What is set and does nothing.
    pub(crate) fn remarks(&self) -> Vec<String> {
        let without_effect = self.matomo.apply(&mut Settings::default());
        let mut remarks: Vec<_> =
            without_effect.iter().map(|option| format!("matomo.{option} has no effect here")).collect();
        let incomplete = match (&self.admin_login, &self.admin_password, &self.admin_token) {
            (Some(_), None, _) => Some(("admin_login", "admin_password")),
            (None, Some(_), _) => Some(("admin_password", "admin_login")),
            (None, None, Some(_)) => Some(("admin_token", "admin_login and admin_password")),
            _ => None,
        };
        remarks.extend(incomplete.map(|(given, missing)| {
            format!("{given} has no effect without {missing}: a first start makes no super user")
        }));
        remarks
    }

    /// Puts this configuration's choices over the stored settings. Sections that only the
    /// configuration decides start from their defaults, so that an option taken out again is gone.
    pub(crate) fn apply(&self, settings: &mut Settings) {
        settings.tracker = candor_core::settings::TrackerSettings::default();
        settings.reports = candor_core::settings::ReportSettings::default();
        self.matomo.apply(settings);
        if !self.tracking.title_delimiter.is_empty() {
            settings.tracker.title_delimiter.clone_from(&self.tracking.title_delimiter);
        }
        settings.tracker.ai_assistants |= self.tracking.ai_assistants;
        settings.privacy.without_consent = self.privacy.without_consent().unwrap_or_default();
        let regime = if self.privacy.regime == "none" { "" } else { &self.privacy.regime };
        regime.clone_into(&mut settings.privacy.regime);
        regime::enforce(settings);
        settings.privacy.controller.clone_from(&self.privacy.controller);
    }

    /// The networks whose forwarded headers count. A bare address is a network of one.
    pub(crate) fn trusted_proxies(&self) -> Result<Vec<IpNet>> {
        let texts = self.trusted_proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
        let network = |text: &str| text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse());
        texts
            .map(|text| {
                network(text)
                    .with_context(|| format!("trusted_proxies: `{text}` is not a network; write it as 10.0.0.0/8"))
            })
            .collect()
    }
}

/// An empty text stands for a setting that isn't there.
fn unless_empty<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(given: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(given)?.filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|error| D::Error::custom(format!("`{text}`: {error}")))).transpose()
}

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// A level, or a part of the program and its level.
fn is_log_directive(directive: &str) -> bool {
    let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level);
    LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level))
}

/// Replaces `NAME_FILE=path` by `NAME=<content of the file>`.
fn with_secret_files(environment: impl Iterator<Item = (String, String)>) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::new();
    for (name, value) in environment.filter(|(name, _)| name.starts_with("CANDOR_")) {
        let secret = ["CANDOR_ADMIN_PASSWORD_FILE", "CANDOR_ADMIN_TOKEN_FILE"].contains(&name.as_str());
        match name.strip_suffix("_FILE").filter(|_| secret) {
            Some(plain) => {
                let text = std::fs::read_to_string(&value)
                    .with_context(|| format!("{name} names `{value}`, which can't be read"))?;
                variables.insert(plain.to_owned(), text.trim_end().to_owned());
            }
            None => {
                variables.insert(name, value);
            }
        }
    }
    Ok(variables)
}

#[cfg(test)]
mod tests;
