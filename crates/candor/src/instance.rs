//! From settings to an open data directory.

use crate::config::{Config, Secret};
use anyhow::{Context, Result, bail, ensure};
use candor_core::{Clock, Settings};
use candor_ops::instance::{Instance, Options};
use rustix::fs::{Access, access};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Opens the data directory as the settings say. Makes the super user of the settings at the first start.
pub(crate) fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Instance> {
    let configure = |settings: &mut Settings| config.apply(settings);
    let options = options(config, &configure)?;
    if options.devices.is_none() {
        tracing::warn!("there is no devices.bin: devices and bots are not recognised; set data.dir to its folder");
    }
    let instance = Instance::open(&options, clock)?;
    first_super_user(config, &instance)?;
    Ok(instance)
}

/// Whether [`open`] would succeed, as far as that can be seen without making anything.
pub(crate) fn check(config: &Config) -> Result<()> {
    options(config, &|_| {})?.check()?;
    if let (false, Some(login), Some(password)) =
        (config.data_dir.exists(), &config.admin_login, &config.admin_password)
    {
        let token = config.admin_token.as_ref().map(Secret::reveal);
        candor_admin::check_account(login, password.reveal(), &config.admin_email, token)
            .context("the super user can't be made")?;
    }
    Ok(())
}

fn options<'c>(config: &Config, configure: &'c dyn Fn(&mut Settings)) -> Result<Options<'c>> {
    check_data_dir(&config.data_dir)?;
    if let Some(dir) = &config.data.dir {
        ensure!(dir.join("devices.bin").is_file(), "data.dir names `{}`, which has no devices.bin", dir.display());
    }
    let geo = config.geo.database.split(',').map(str::trim).filter(|f| !f.is_empty()).map(PathBuf::from).collect();
    Ok(Options {
        data_dir: config.data_dir.clone(),
        store: store_settings(config),
        devices: data_file(config, "devices.bin"),
        geo,
        referrers: config.tracking.referrers_file.clone(),
        configure,
    })
}

/// Settings of the store.
pub(crate) fn store_settings(config: &Config) -> candor_store::StoreSettings {
    candor_store::StoreSettings {
        memory_limit_mb: config.store.memory_limit_mb,
        query_timeout_ms: config.store.query_timeout_ms,
        ..candor_store::StoreSettings::default()
    }
}

/// The data directory can be written or made.
fn check_data_dir(dir: &Path) -> Result<()> {
    let Some(there) =
        dir.ancestors().map(|d| if d.as_os_str().is_empty() { Path::new(".") } else { d }).find(|d| d.exists())
    else {
        bail!("`{}` can't be made: none of its folders is there", dir.display())
    };
    ensure!(there.is_dir(), "the data directory `{}` can't be: `{}` is a file", dir.display(), there.display());
    access(there, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)
        .with_context(|| format!("`{}` must be readable and writable for the data directory", there.display()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Config, &Path)) -> String {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "no list").unwrap();
        let mut config = Config { data_dir: dir.path().join("a/data"), ..Config::default() };
        change(&mut config, dir.path());
        let refused = check(&config).map_or_else(|error| format!("{error:#}"), |()| String::new());
        assert!(!dir.path().join("a").exists(), "checking makes nothing");
        refused.replace(&*dir.path().to_string_lossy(), "")
    }

    #[test]
    fn what_cannot_start_is_refused() {
        assert_eq!(refused(|_, _| {}), "");
        let error = refused(|config, dir| config.data_dir = dir.join("file/data"));
        assert_eq!(error, "the data directory `/file/data` can't be: `/file` is a file");
        let error = refused(|config, dir| config.data.dir = Some(dir.join("none")));
        assert_eq!(error, "data.dir names `/none`, which has no devices.bin");
        let error = refused(|config, dir| config.tracking.referrers_file = Some(dir.join("none")));
        assert!(error.starts_with("`/none` No such file"), "{error}");
        let error = refused(|config, dir| config.tracking.referrers_file = Some(dir.join("file")));
        assert!(error.starts_with("`/file` "), "{error}");
        let error = refused(|config, dir| config.geo.database = dir.join("file").display().to_string());
        assert!(error.starts_with("`geo.database` "), "{error}");
        let error = refused(|config, _| {
            (config.admin_login, config.admin_password) = (Some("ann".into()), "short".parse().ok());
        });
        assert_eq!(error, "the super user can't be made: the password must have 6 to 200 characters");
    }
}
