//! `candor snippet`: the tracking code for a page.

use super::{Output, Place};
use crate::{
    config::Config,
    lock,
    snippet::{BACKLOGS, Script, Strict, address, asks_for_consent, csp_hash, element, inject, nonce, replace},
};
use anyhow::{Context, Result, bail};
use candor_core::{
    Settings, Signals, SiteId, SiteSettings, regime,
    settings::{PrivacySettings, WithoutConsent},
};
use clap::{Args, builder::NonEmptyStringValueParser, error::ErrorKind};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Print the tracking code, or put it into a page at `<!-- MATOMO_TRACKING_SLOT -->`.
///
/// What isn't said here comes from the settings `snippet.…`. With an address, no data directory is needed.
#[derive(Args)]
#[command(
    // `--version` is the consent text's.
    disable_version_flag = true,
    after_help = "Example: candor snippet --site 1 --url https://stats.example.org --inject public/index.html"
)]
pub(crate) struct Snippet {
    /// Id of the site.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u32).range(1..))]
    site: Option<u32>,
    /// Where Candor is reached from outside; without it, the address that a server running on the data
    /// listens on, else that of the settings.
    #[arg(long, value_parser = address)]
    url: Option<String>,
    /// The loader that requests and stores nothing before the visitor has agreed.
    #[arg(long)]
    strict: bool,
    /// Strict: what the page tracked before consent and is sent after it.
    #[arg(long, value_parser = BACKLOGS)]
    backlog: Option<String>,
    /// Strict: version of the consent text; what was agreed to under another one does not count.
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    version: Option<String>,
    /// Strict: whether Global Privacy Control and Do Not Track say no.
    #[arg(long, value_name = "true|false")]
    signals: Option<bool>,
    /// Nonce of the script for a content security policy, or what the web server replaces by it, as it is.
    #[arg(long, value_name = "NONCE", value_parser = nonce)]
    csp_nonce: Option<String>,
    /// Print what a content security policy without nonce allows the script by, not the code.
    #[arg(long, conflicts_with = "csp_nonce")]
    csp_hash: bool,
    /// Page to change in place; `-` reads it from the input and prints it.
    #[arg(long, value_name = "FILE")]
    inject: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    output: Output,
}

impl Snippet {
    pub(crate) fn run(self) -> Result<()> {
        let script = self.script(&self.place.load()?)?;
        // A page with tiers counts before the answer, without cookies.
        let waits = script.strict.is_some() || script.cookieless;
        let script = script.text()?;
        let code = element(&script, self.csp_nonce.as_deref());
        let hash = csp_hash(&script);
        let prints = self.csp_hash || self.output.json;
        match self.inject.as_deref() {
            Some(file) if file == Path::new("-") => {
                if prints {
                    usage("with `--inject -` the page is printed, and nothing else can be");
                }
                let mut page = vec![];
                std::io::stdin().read_to_end(&mut page)?;
                warn_of_consent(&page, waits);
                let page = inject(&page, &code).context("the page can't have the code")?;
                return Ok(std::io::stdout().write_all(&page)?);
            }
            Some(file) => {
                fill(file, &code, waits)?;
                if !prints {
                    return Ok(());
                }
            }
            None => {}
        }
        let result = serde_json::json!({ "code": code, "csp_hash": hash });
        self.output.print(&result, |_| if self.csp_hash { hash } else { code })
    }

    /// What the data directory holds. Where it need not be the site's, it may be missing or unreadable.
    fn settings(&self, config: &Config, is_here: bool) -> Result<Option<Arc<Settings>>> {
        if !is_here && !config.data_dir.join("settings.sqlite").is_file() {
            return Ok(None);
        }
        match self.place.admin() {
            Ok(admin) => Ok(Some(admin.settings())),
            Err(_) if !is_here => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether pages take a signal for a no: as told here, as the site has it, as the settings say.
    fn signals(&self, config: &Config, site: Option<&Arc<SiteSettings>>, regime: &str) -> bool {
        let of_site = site.and_then(|site| site.signals).map(|signals| signals != Signals::Ignore);
        let wanted = self.signals.or(of_site).unwrap_or(config.snippet.signals);
        let needed = regime::needs_consent(regime);
        if needed && self.signals == Some(false) {
            note(&format!("under the regime `{regime}` signals count; --signals false does nothing"));
        }
        wanted || needed
    }

    /// What is said of the time before a consent; a regime may forbid it.
    fn backlog(&self, config: &Config, regime: &str) -> String {
        let wanted = self.backlog.as_ref().unwrap_or(&config.snippet.backlog);
        if !regime::forbids_backlog(regime) || wanted == "none" {
            return wanted.clone();
        }
        if self.backlog.is_some() {
            note(&format!("the regime `{regime}` allows no backlog; it is `none`"));
        }
        "none".into()
    }

    /// What the flags say, and where they say nothing the settings.
    fn script(&self, config: &Config) -> Result<Script> {
        let settings = &config.snippet;
        let Some(site) = self.site.or((settings.site > 0).then_some(settings.site)) else {
            usage("no site is named; add --site, or set CANDOR_SNIPPET__SITE");
        };
        let url = self.url.as_ref().or((!settings.url.is_empty()).then_some(&settings.url));
        // With an address, the Candor that is meant may be on another machine.
        let is_here = url.is_none() || self.place.data_dir.is_some();
        let here = self.settings(config, is_here)?;
        let known = here.as_ref().and_then(|settings| settings.site(SiteId(site)));
        let privacy = in_force(config, here.as_deref());
        let strict = self.strict || settings.strict || regime::needs_consent(&privacy.regime);
        if !strict && (self.backlog.is_some() || self.version.is_some() || self.signals.is_some()) {
            usage("--backlog, --version and --signals are of the strict loader; add --strict");
        }
        if is_here && known.is_none() {
            bail!("there is no site `{site}`; `candor site list` shows all");
        }
        let listen = match url {
            Some(_) => config.listen,
            // Flags and environment may have given a running server another one than ours.
            None => lock::holder(&config.data_dir)?.unwrap_or(config.listen),
        };
        if url.is_none() && (listen.ip().is_loopback() || listen.ip().is_unspecified()) {
            note(&format!("`{listen}` is no address for other machines; give the one they reach with --url"));
        }
        if !is_here && here.is_some() && known.is_none() {
            note(&format!(
                "`{}` has no site `{site}`; right if the code is for another Candor",
                config.data_dir.display()
            ));
        }
        Ok(Script {
            cookieless: privacy.without_consent == WithoutConsent::Exempt,
            site,
            url: url.cloned().unwrap_or_else(|| format!("http://{listen}")),
            strict: strict.then(|| Strict {
                backlog: self.backlog(config, &privacy.regime),
                version: self.version.as_ref().unwrap_or(&settings.version).clone(),
                signals: self.signals(config, known, &privacy.regime),
            }),
        })
    }
}

/// The privacy rules that the page's code follows: those of this call's settings, and where these are silent those of the
/// server that uses the data directory, which may have got them elsewhere.
fn in_force(config: &Config, here: Option<&Settings>) -> PrivacySettings {
    let mut settings = Settings::default();
    config.apply(&mut settings);
    let mut privacy = settings.privacy;
    if let Some(Settings { privacy: theirs, .. }) = here {
        if privacy.regime.is_empty() {
            privacy.regime.clone_from(&theirs.regime);
        }
        if theirs.without_consent == WithoutConsent::Exempt {
            privacy.without_consent = WithoutConsent::Exempt;
        }
    }
    privacy
}

/// Puts the code into a file; one that has it already is left alone.
fn fill(file: &Path, code: &str, waits: bool) -> Result<()> {
    let page = fs::read(file).with_context(|| format!("`{}` can't be read", file.display()))?;
    warn_of_consent(&page, waits);
    let filled = inject(&page, code).with_context(|| format!("`{}` can't have the code", file.display()))?;
    if filled == page { Ok(()) } else { replace(file, &filled) }
}

/// A page that asks for consent has hardly meant code that does not wait for it.
fn warn_of_consent(page: &[u8], waits: bool) {
    if !waits && asks_for_consent(page) {
        note("the page asks for consent, but this code does not wait for it; add --strict");
    }
}

/// Says something beside the result.
fn note(what: &str) {
    eprintln!("candor: {what}");
}

/// Ends with what is wrong about the call.
fn usage(what: &str) -> ! {
    clap::Error::raw(ErrorKind::MissingRequiredArgument, format!("{what}\n")).exit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    #[command(disable_version_flag = true)]
    struct Call {
        #[command(flatten)]
        snippet: Snippet,
    }

    fn script(arguments: &str, regime: &str, dir: &Path) -> Script {
        let place = ["--data-dir", dir.to_str().unwrap()];
        let call = Call::parse_from(["snippet"].into_iter().chain(arguments.split(' ')).chain(place));
        let regime = ("CANDOR_PRIVACY__REGIME".to_owned(), regime.to_owned());
        let mut config = Config::load(None, [regime].into_iter()).unwrap();
        config.data_dir = dir.to_owned();
        call.snippet.script(&config).unwrap()
    }

    #[test]
    fn regimes_and_sites_decide_what_waits_for_consent() {
        let dir = tempfile::tempdir().unwrap();
        let admin = candor_admin::Admin::open(dir.path(), Arc::new(crate::clock::SystemClock), &|_| {}).unwrap();
        for signals in [None, Some(Signals::Ignore)] {
            admin
                .add_site(|site| {
                    (site.name, site.urls, site.signals) = ("Shop".into(), vec!["https://shop.test".into()], signals);
                })
                .unwrap();
        }
        // Backlog and signals of the strict loader; `None` when the code is Matomo's.
        let of = |arguments: &str, regime: &str| {
            script(arguments, regime, dir.path()).strict.map(|strict| (strict.backlog, strict.signals))
        };
        let cookieless = |regime: &str| {
            let script = script("--site 1", regime, dir.path());
            script.strict.is_none() && script.text().unwrap().contains("_paq.push(['requireCookieConsent']);")
        };
        assert_eq!(["", "cnil-exempt"].map(cookieless), [false, true]);
        let some = |backlog: &str, signals| Some((backlog.to_owned(), signals));
        assert_eq!(of("--site 1", ""), None);
        assert_eq!(of("--site 1", "cnil-exempt"), None);
        assert_eq!(of("--site 1 --strict", ""), some("current-page", true));
        assert_eq!(of("--site 1", "eu-consent"), some("current-page", true), "what asks for consent waits for it");
        assert_eq!(of("--site 1 --backlog all", "eu-consent"), some("all", true));
        assert_eq!(of("--site 1 --backlog all", "hipaa"), some("none", true), "a regime only tightens");
        assert_eq!(of("--site 2 --strict", ""), some("current-page", false), "as the site has it");
        assert_eq!(of("--site 2 --strict --signals true", ""), some("current-page", true));
        let mut privacy = admin.settings().privacy.clone();
        privacy.regime = "hipaa".into();
        admin.set_privacy(privacy).unwrap();
        assert_eq!(of("--site 2", ""), some("none", true), "the server that uses the data was started under it");
        assert_eq!(of("--site 2", "eu-consent"), some("current-page", true), "no site may ignore signals then");
    }
}
