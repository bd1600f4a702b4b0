//! One process holds a data directory. The lock file says where the holder listens, so that commands can talk to it.

use anyhow::{Context, Result};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    net::SocketAddr,
    path::Path,
};

/// Who holds the directory.
pub(crate) enum Lock {
    /// We do, until this is dropped.
    Ours(Held),
    /// Another process, listening here (unless it has only just started).
    Theirs(Option<SocketAddr>),
}

/// The lock; the system releases it even when we crash.
pub(crate) struct Held(File);

impl Lock {
    /// Tries to take the lock of a data directory.
    pub(crate) fn take(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("`{}` can't be made", dir.display()))?;
        let path = dir.join("lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("`{}` can't be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self::Ours(Held(file))),
            Err(TryLockError::WouldBlock) => {
                let mut address = String::new();
                file.read_to_string(&mut address)?;
                Ok(Self::Theirs(address.trim().parse().ok()))
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("`{}` can't be locked", path.display()))
            }
        }
    }
}

impl Held {
    /// Says where we listen.
    pub(crate) fn announce(&mut self, address: SocketAddr) -> Result<()> {
        self.0.set_len(0)?;
        self.0.rewind()?;
        writeln!(self.0, "{address}")?;
        Ok(())
    }
}
