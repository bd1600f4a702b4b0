//! `candor consent`: what people were shown, and proof of what they chose.

use super::{Output, Place};
use crate::instance::store_settings;
use anyhow::{Context, Result, bail};
use candor_admin::ConsentText;
use candor_ops::receipts::{self, Chain, Signer, check_chain};
use clap::Subcommand;
use serde::Serialize;
use std::path::PathBuf;

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

fn public_key(place: &Place) -> Result<String> {
    Ok(Signer::new(&place.admin()?.receipt_secret()?).public_key())
}
