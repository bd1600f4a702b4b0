//! `candor check-config`: would `serve` start, and with which settings?

use super::Place;
use anyhow::Result;
use candor_core::Settings;
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
        for option in config.matomo.apply(&mut Settings::default()) {
            eprintln!("candor: matomo.{option} has no effect here");
        }
        for file in config.geo.database.split(',').map(str::trim).filter(|f| !f.is_empty()) {
            anyhow::ensure!(std::path::Path::new(file).is_file(), "geo.database names `{file}`, which isn't there");
        }
        Ok(())
    }
}
