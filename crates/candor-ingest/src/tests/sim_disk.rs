//! A disk in memory that may tear writes, fail, be full, and that forgets at a crash
//! what was never synced: names too.

use crate::files::{Files, LogFile};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

/// What the disk does wrong.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    #[default]
    Nothing,
    /// The next sync fails.
    Sync,
    /// The next write writes a part and then finds the disk full.
    Full,
}

#[derive(Debug, Default, Clone)]
struct Content {
    bytes: Vec<u8>,
    synced: Vec<u8>,
    /// Writes since the last sync.
    unsynced: Vec<(usize, Vec<u8>)>,
}

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, Content>,
    /// Names that the durable directory has.
    names: BTreeSet<PathBuf>,
    /// Files that come back at a crash, until the directory is synced.
    removed: BTreeMap<PathBuf, Content>,
    fault: Fault,
}

/// The disk; clones are the same one.
#[derive(Debug, Default, Clone)]
pub(crate) struct SimDisk(Arc<Mutex<State>>);

/// Bytes that a disk writes as a whole.
const SECTOR: usize = 512;

impl SimDisk {
    pub(crate) fn set_fault(&self, fault: Fault) {
        self.lock().fault = fault;
    }

    /// The power fails. Of what wasn't synced, `survives` says sector by sector what is there after all.
    pub(crate) fn crash(&self, mut survives: impl FnMut() -> bool) {
        let mut state = self.lock();
        let State { files, names, removed, .. } = std::mem::take(&mut *state);
        for (path, content) in files.into_iter().chain(removed) {
            let is_unchanged = names.contains(&path) && !state.files.contains_key(&path);
            if !is_unchanged && !survives() {
                continue;
            }
            let mut bytes = content.synced;
            for (offset, write) in &content.unsynced {
                for (index, sector) in write.chunks(SECTOR).enumerate() {
                    if survives() {
                        put(&mut bytes, offset + index * SECTOR, sector);
                    }
                }
            }
            state.names.insert(path.clone());
            state.files.insert(path, Content { synced: bytes.clone(), bytes, unsynced: vec![] });
        }
    }

    /// Flips a bit of a file, as a bad disk does. False when the file is shorter.
    pub(crate) fn damage(&self, path: &Path, offset: usize) -> bool {
        let mut state = self.lock();
        let content = state.files.get_mut(path).expect("no such file");
        content.bytes.get_mut(offset).map(|byte| *byte ^= 1).is_some()
    }

    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.lock().files.keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

fn put(bytes: &mut Vec<u8>, offset: usize, write: &[u8]) {
    if bytes.len() < offset + write.len() {
        bytes.resize(offset + write.len(), 0);
    }
    bytes[offset..offset + write.len()].copy_from_slice(write);
}

struct SimFile {
    disk: SimDisk,
    path: PathBuf,
}

impl Files for SimDisk {
    fn create_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.lock();
        let here = state.files.keys().filter(|path| path.parent() == Some(dir));
        Ok(here.filter_map(|path| path.file_name()?.to_str().map(str::to_owned)).collect())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        let mut state = self.lock();
        if state.files.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.files.insert(path.to_owned(), Content::default());
        Ok(Box::new(SimFile { disk: self.clone(), path: path.to_owned() }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn LogFile>> {
        self.lock().files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(SimFile { disk: self.clone(), path: path.to_owned() }))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock();
        let content = state.files.remove(path).ok_or(io::ErrorKind::NotFound)?;
        if state.names.contains(path) {
            state.removed.insert(path.to_owned(), content);
        }
        Ok(())
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.names = state.files.keys().cloned().collect();
        state.removed.clear();
        Ok(())
    }
}

impl SimFile {
    fn with<T>(&self, change: impl FnOnce(&mut Content, &mut Fault) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.disk.lock();
        let State { files, fault, .. } = &mut *state;
        change(files.get_mut(&self.path).ok_or(io::ErrorKind::NotFound)?, fault)
    }
}

impl LogFile for SimFile {
    fn read_all(&mut self) -> io::Result<Vec<u8>> {
        self.with(|content, _| Ok(content.bytes.clone()))
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.with(|content, fault| {
            let is_full = *fault == Fault::Full;
            let bytes = if is_full { &bytes[..bytes.len() / 2] } else { bytes };
            put(&mut content.bytes, offset as usize, bytes);
            content.unsynced.push((offset as usize, bytes.to_vec()));
            if is_full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        self.with(|content, fault| {
            if *fault == Fault::Sync {
                // The kernel drops the dirty pages and reports the error once.
                *fault = Fault::Nothing;
                content.unsynced.clear();
                return Err(io::Error::other("input/output error"));
            }
            for (offset, write) in content.unsynced.drain(..) {
                put(&mut content.synced, offset, &write);
            }
            Ok(())
        })
    }
}
