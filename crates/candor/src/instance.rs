//! From settings to an open data directory.

use crate::config::Config;
use anyhow::{Context, Result};
use candor_core::Clock;
use candor_ops::instance::{Instance, Options};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Opens the data directory as the settings say. Makes the super user of the settings at the first start.
pub(crate) fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Instance> {
    let geo = config.geo.database.split(',').map(str::trim).filter(|f| !f.is_empty()).map(PathBuf::from).collect();
    let options = Options {
        data_dir: config.data_dir.clone(),
        store: candor_store::StoreSettings {
            memory_limit_mb: config.store.memory_limit_mb,
            query_timeout_ms: config.store.query_timeout_ms,
            ..candor_store::StoreSettings::default()
        },
        devices: data_file(config, "devices.bin"),
        geo,
        referrers: config.tracking.referrers_file.clone(),
        configure: &|settings| config.apply(settings),
    };
    if options.devices.is_none() {
        tracing::warn!("there is no devices.bin: devices and bots are not recognised; set data.dir to its folder");
    }
    let instance = Instance::open(&options, clock)?;
    first_super_user(config, &instance)?;
    Ok(instance)
}

fn first_super_user(config: &Config, instance: &Instance) -> Result<()> {
    let admin = &instance.admin;
    let (Some(login), Some(password)) = (&config.admin_login, &config.admin_password) else { return Ok(()) };
    if !admin.needs_setup() {
        return Ok(());
    }
    admin.set_up(login, password.reveal(), &config.admin_email).context("the super user can't be made")?;
    if let Some(token) = &config.admin_token {
        let new = candor_admin::NewToken {
            description: "given at the first start",
            value: Some(token.reveal()),
            ..candor_admin::NewToken::default()
        };
        admin.create_token(login, &new).context("admin_token can't be used")?;
    }
    Ok(())
}

/// A file that comes with Candor: in `data.dir`, or beside the program as built or installed.
fn data_file(config: &Config, name: &str) -> Option<PathBuf> {
    if let Some(dir) = &config.data.dir {
        return Some(dir.join(name)).filter(|path| path.is_file());
    }
    let program = std::env::current_exe().ok()?;
    let dir = program.parent()?;
    ["data", "../data", "../../data", "../share/candor"]
        .iter()
        .map(|place| dir.join(Path::new(place)).join(name))
        .find(|path| path.is_file())
}
