//! One file a command: arguments with an example, a call into a library, printing.
#![expect(clippy::print_stdout, reason = "commands print their results")]

pub(crate) mod check_config;
pub(crate) mod consent;
pub(crate) mod demo;
pub(crate) mod serve;
pub(crate) mod site;
pub(crate) mod snippet;
pub(crate) mod token;
pub(crate) mod user;

use crate::{clock::SystemClock, config::Config};
use anyhow::{Result, ensure};
use candor_admin::Admin;
use clap::Args;
use serde::Serialize;
use std::{
    io::{ErrorKind, Write},
    path::PathBuf,
    sync::Arc,
};

/// Where the data is; the same for all commands.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// Folder of all data.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Settings file; `candor.toml` in the working directory when it is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Place {
    /// The settings, with the flags over them.
    pub(crate) fn load(&self) -> Result<Config> {
        let mut config = Config::load(self.config.as_deref(), std::env::vars())?;
        if let Some(dir) = &self.data_dir {
            config.data_dir.clone_from(dir);
        }
        Ok(config)
    }

    /// People and settings of the data directory. A running server takes changes up within a second.
    pub(crate) fn admin(&self) -> Result<Admin> {
        let dir = self.load()?.data_dir;
        // Only what fills a directory makes one: a slip in its name would otherwise go unnoticed.
        ensure!(
            dir.is_dir(),
            "there is no data directory at `{}`; name yours with --data-dir, or start `candor serve`, which makes it",
            dir.display()
        );
        // The configuration's choices are the server's to put over the stored settings.
        Ok(Admin::open(&dir, Arc::new(SystemClock), &|_| {})?)
    }
}

/// How a result is printed.
#[derive(Args, Clone, Copy)]
pub(crate) struct Output {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints the value as JSON, or the lines that `text` makes of it.
    pub(crate) fn print<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) -> Result<()> {
        let text = if self.json { serde_json::to_string_pretty(value)? } else { text(value) };
        match writeln!(std::io::stdout(), "{text}") {
            // Who reads it has seen enough, as `head` does.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}
