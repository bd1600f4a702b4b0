//! The fingerprint's salts: random, one a site and local day, made on first use, gone five days later.
//! They live in files of their own, outside store, log, settings and backups, so that yesterday's
//! fingerprints can't be made again from anything that is kept.

use crate::AdminError;
use candor_core::{Clock, Day, SiteId};
use std::{
    collections::HashMap,
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

/// Seconds after which a salt is destroyed (Matomo keeps them five days too).
const LIFE_SECONDS: i64 = 5 * 86_400;

/// A file: when it was made (seconds, 8 bytes little endian), then the salt.
type File = [u8; 40];

/// The salts of a data directory.
pub struct Salts {
    dir: PathBuf,
    clock: Arc<dyn Clock>,
    known: RwLock<HashMap<(SiteId, Day), [u8; 32]>>,
}

impl Salts {
    /// Opens or makes the folder `salts` in `dir` and destroys what is too old.
    ///
    /// # Errors
    /// When the folder can't be made or read.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, AdminError> {
        let dir = dir.join("salts");
        fs::create_dir_all(&dir).map_err(|e| file_error(&dir, e))?;
        let salts = Self { dir, clock, known: RwLock::new(HashMap::new()) };
        salts.destroy_old()?;
        Ok(salts)
    }

    /// The salt of a site's local day. A new one is on disk before it is used:
    /// a crash must not change the fingerprints of a running day.
    ///
    /// # Errors
    /// When the salt can't be read or written.
    pub fn salt(&self, site: SiteId, day: Day) -> Result<[u8; 32], AdminError> {
        if let Some(salt) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&(site, day)) {
            return Ok(*salt);
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(salt) = known.get(&(site, day)) {
            return Ok(*salt);
        }
        let path = self.dir.join(format!("{site}-{}", day.0));
        let salt = match read(&path)? {
            Some(file) => salt_of(&file),
            None => self.make(&path)?,
        };
        known.insert((site, day), salt);
        Ok(salt)
    }

    /// Destroys salts older than five days; call it once a day.
    ///
    /// # Errors
    /// When the folder can't be read or a file can't be deleted.
    pub fn destroy_old(&self) -> Result<(), AdminError> {
        let limit = self.clock.now().seconds() - LIFE_SECONDS;
        for entry in fs::read_dir(&self.dir).map_err(|e| file_error(&self.dir, e))? {
            let path = entry.map_err(|e| file_error(&self.dir, e))?.path();
            if read(&path)?.is_none_or(|file| made_at(&file) <= limit) {
                fs::remove_file(&path).map_err(|e| file_error(&path, e))?;
            }
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).clear();
        Ok(())
    }

    fn make(&self, path: &Path) -> Result<[u8; 32], AdminError> {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(|e| AdminError::Random(e.to_string()))?;
        let temporary = path.with_extension("new");
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create(&temporary)?;
            file.write_all(&self.clock.now().seconds().to_le_bytes())?;
            file.write_all(&salt)?;
            file.sync_all()?;
            fs::rename(&temporary, path)?;
            fs::File::open(&self.dir)?.sync_all()
        };
        write().map_err(|e| file_error(path, e))?;
        Ok(salt)
    }
}

fn read(path: &Path) -> Result<Option<File>, AdminError> {
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(file_error(path, e)),
    };
    let mut bytes: File = [0; 40];
    // A torn file was never used: its making had not finished.
    Ok(file.read_exact(&mut bytes).is_ok().then_some(bytes))
}

fn made_at(file: &File) -> i64 {
    file.first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes))
}

fn salt_of(file: &File) -> [u8; 32] {
    file.last_chunk().copied().unwrap_or_default()
}

fn file_error(path: &Path, error: std::io::Error) -> AdminError {
    AdminError::File(path.display().to_string(), error)
}
