//! `candor check-config`: would `serve` start, and with which settings?

use super::Place;
use crate::instance;
use anyhow::Result;
use clap::Args;

/// Check the settings and print them, secrets masked.
#[derive(Args)]
#[command(after_help = "Example: candor check-config --config /etc/candor.toml")]
pub(crate) struct CheckConfig {
    #[command(flatten)]
    place: Place,
}

impl CheckConfig {
    pub(crate) fn run(self) -> Result<()> {
        let config = self.place.load()?;
        println!("{}", toml::to_string_pretty(&config)?);
        for remark in config.remarks() {
            eprintln!("candor: {remark}");
        }
        instance::check(&config)
    }
}
