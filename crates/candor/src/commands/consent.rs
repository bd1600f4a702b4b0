//! `candor consent`: what people were shown, and proof of what they chose.

use super::{Output, Place};
use crate::instance::store_settings;
use anyhow::{Context, Result, bail};
use candor_admin::{ConsentText, KeptText};
use candor_core::{
    SiteId,
    consent::{Hash, bytes_of_hex},
};
use candor_ops::receipts::{self, Chain, Signer, check_chain};
use clap::Subcommand;
use serde::Serialize;
use std::path::PathBuf;

/// How much of a text a list shows.
const BEGIN_CHARS_MAX: usize = 60;

/// Prove what visitors agreed to.
#[derive(Subcommand)]
pub(crate) enum Consent {
    /// Check a receipt: whether it is signed by this server and was not changed. Exits with 1 when it proves nothing.
    #[command(after_help = "Example: candor consent verify consent-0123.json --key $(candor consent key)")]
    Verify {
        /// The receipt as it was downloaded.
        file: PathBuf,
        /// The server's public key, 64 hex digits; the data directory's own unless told.
        #[arg(long, value_name = "HEX")]
        key: Option<String>,
        #[command(flatten)]
        place: Place,
    },
    /// Print the public key that checks receipts.
    #[command(after_help = "Example: candor consent key")]
    Key {
        #[command(flatten)]
        place: Place,
    },
    /// Keep a text that people are shown, so that it can be shown again beside their agreement; prints its SHA-256.
    #[command(after_help = "Example: candor consent text banner-de.txt --text-version 2 --language de")]
    Text {
        /// The text, word for word as the banner hashes it.
        file: PathBuf,
        /// Its version, as the banner has it.
        #[arg(long, value_name = "VERSION")]
        text_version: String,
        /// Its language.
        #[arg(long, value_name = "CODE")]
        language: String,
        #[command(flatten)]
        place: Place,
    },
    /// List the texts that are kept: SHA-256, version, language, the sites whose visitors' choices brought it, and how
    /// it begins. Anybody can send one.
    #[command(after_help = "Example: candor consent texts --json")]
    Texts {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
    /// Delete the words of a text; records of it keep their SHA-256. A choice that brings them again is kept with them.
    #[command(after_help = "Example: candor consent forget-text 8b1e… (its SHA-256, from `candor consent texts`)")]
    ForgetText {
        /// Its SHA-256, 64 hex digits.
        #[arg(value_parser = hash)]
        hash: Hash,
        #[command(flatten)]
        place: Place,
    },
    /// Check every consent record against the chain. Exits with 1 when one was changed. Beside a running server ask
    /// `/api/v1/consent/chain` instead.
    #[command(after_help = "Example: candor consent chain --json")]
    Chain {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Serialize)]
struct ListedText {
    hash: String,
    version: String,
    language: String,
    sites: Vec<SiteId>,
    text: String,
}

#[derive(Serialize)]
struct ChainResult {
    records: u64,
    head: String,
}

impl Consent {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Self::Verify { file, key, place } => {
                let text =
                    std::fs::read_to_string(&file).with_context(|| format!("can't read `{}`", file.display()))?;
                let receipt =
                    serde_json::from_str(&text).with_context(|| format!("`{}` is not JSON", file.display()))?;
                let own = || public_key(&place).context("no --key was given, and this server's own can't be read");
                let key = key.map_or_else(own, Ok)?;
                receipts::verify(&receipt, &key)?;
                println!("this receipt is as it was made, and signed with the key {key}");
            }
            Self::Key { place } => println!("{}", public_key(&place)?),
            Self::Text { file, text_version, language, place } => {
                let text =
                    std::fs::read_to_string(&file).with_context(|| format!("can't read `{}`", file.display()))?;
                // Editors end a file with a line feed, banners don't.
                let text = text.trim_end_matches(['\r', '\n']).to_owned();
                let text = ConsentText { version: text_version, language, text };
                println!("{}", receipts::hash_text(&place.admin()?.keep_consent_text(&text)?));
            }
            Self::Texts { place, output } => {
                let texts: Vec<_> = place.admin()?.consent_texts()?.into_iter().map(ListedText::of).collect();
                output.print(&texts, |texts| texts.iter().map(ListedText::line).collect::<Vec<_>>().join("\n"))?;
            }
            Self::ForgetText { hash, place } => place.admin()?.forget_consent_text(&hash)?,
            Self::Chain { place, output } => {
                let config = place.load()?;
                // Says so when there is no data directory, instead of making a store.
                place.admin()?;
                let store = candor_store::open(&config.data_dir, &store_settings(&config))
                    .context("beside a running server ask /api/v1/consent/chain, or the dashboard's page Consent")?;
                match check_chain(store.as_ref())? {
                    Chain::Whole(link) => {
                        let found = ChainResult { records: link.number, head: receipts::hash_text(&link.hash) };
                        output.print(&found, |found| {
                            format!("{} records, all as written; {}", found.records, found.head)
                        })?;
                    }
                    Chain::Broken(number) => bail!(
                        "the consent record {number}, or one before it, is not as it was written; \
                         compare with a backup to see what was changed"
                    ),
                }
            }
        }
        Ok(())
    }
}

impl ListedText {
    fn of(kept: KeptText) -> Self {
        let KeptText { hash, text: ConsentText { version, language, text }, sites } = kept;
        Self { hash: receipts::hash_text(&hash), version, language, sites, text }
    }

    /// Visitors wrote it: escaped, so that it is nothing but characters to a terminal.
    fn line(&self) -> String {
        let sites: Vec<_> = self.sites.iter().map(SiteId::to_string).collect();
        let begin: String = self.text.chars().take(BEGIN_CHARS_MAX).collect();
        let words =
            [&self.version, &self.language, &sites.join(" "), &begin].map(|word| word.escape_debug().to_string());
        format!("{}\t{}", self.hash, words.join("\t"))
    }
}

fn hash(text: &str) -> Result<Hash, String> {
    bytes_of_hex(text).ok_or_else(|| "give 64 hex digits, as `candor consent texts` shows them".to_owned())
}

fn public_key(place: &Place) -> Result<String> {
    Ok(Signer::new(&place.admin()?.receipt_secret()?).public_key())
}
