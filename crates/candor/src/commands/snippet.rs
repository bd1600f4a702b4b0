//! `candor snippet`: the tracking code for a page.

use super::{Output, Place};
use crate::{
    config::Config,
    lock,
    snippet::{BACKLOGS, Script, Strict, address, asks_for_consent, csp_hash, element, inject, nonce, replace},
};
use anyhow::{Context, Result, bail};
use candor_core::SiteId;
use clap::{Args, builder::NonEmptyStringValueParser, error::ErrorKind};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
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
        let is_strict = script.strict.is_some();
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
                warn_of_consent(&page, is_strict);
                let page = inject(&page, &code).context("the page can't have the code")?;
                return Ok(std::io::stdout().write_all(&page)?);
            }
            Some(file) => {
                fill(file, &code, is_strict)?;
                if !prints {
                    return Ok(());
                }
            }
            None => {}
        }
        let result = serde_json::json!({ "code": code, "csp_hash": hash });
        self.output.print(&result, |_| if self.csp_hash { hash } else { code })
    }

    /// Whether there is a data directory that can be read and that lacks the site.
    fn is_unknown(&self, config: &Config, site: u32) -> bool {
        config.data_dir.join("settings.sqlite").is_file()
            && self.place.admin().is_ok_and(|admin| admin.settings().site(SiteId(site)).is_none())
    }

    /// What the flags say, and where they say nothing the settings.
    fn script(&self, config: &Config) -> Result<Script> {
        let settings = &config.snippet;
        let strict = self.strict || settings.strict;
        if !strict && (self.backlog.is_some() || self.version.is_some() || self.signals.is_some()) {
            usage("--backlog, --version and --signals are of the strict loader; add --strict");
        }
        let Some(site) = self.site.or((settings.site > 0).then_some(settings.site)) else {
            usage("no site is named; add --site, or set CANDOR_SNIPPET__SITE");
        };
        let url = self.url.as_ref().or((!settings.url.is_empty()).then_some(&settings.url));
        // With an address, the Candor that is meant may be on another machine.
        let is_here = url.is_none() || self.place.data_dir.is_some();
        if is_here && self.place.admin()?.settings().site(SiteId(site)).is_none() {
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
        if !is_here && self.is_unknown(config, site) {
            note(&format!(
                "`{}` has no site `{site}`; right if the code is for another Candor",
                config.data_dir.display()
            ));
        }
        Ok(Script {
            site,
            url: url.cloned().unwrap_or_else(|| format!("http://{listen}")),
            strict: strict.then(|| Strict {
                backlog: self.backlog.as_ref().unwrap_or(&settings.backlog).clone(),
                version: self.version.as_ref().unwrap_or(&settings.version).clone(),
                signals: self.signals.unwrap_or(settings.signals),
            }),
        })
    }
}

/// Puts the code into a file; one that has it already is left alone.
fn fill(file: &Path, code: &str, is_strict: bool) -> Result<()> {
    let page = fs::read(file).with_context(|| format!("`{}` can't be read", file.display()))?;
    warn_of_consent(&page, is_strict);
    let filled = inject(&page, code).with_context(|| format!("`{}` can't have the code", file.display()))?;
    if filled == page { Ok(()) } else { replace(file, &filled) }
}

/// A page that asks for consent has hardly meant code that does not wait for it.
fn warn_of_consent(page: &[u8], is_strict: bool) {
    if !is_strict && asks_for_consent(page) {
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
