//! One MaxMind-format file, memory-mapped: city files are too large to hold in memory.
#![expect(unsafe_code, reason = "a memory map of a file is unsafe, and the reader has no other way to spare memory")]

use super::GeoError;
use maxminddb::{MaxMindDbError, Reader};
use memmap2::Mmap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// An open file and which version of it that is.
#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    modified: Option<SystemTime>,
    reader: Reader<Mmap>,
}

impl Database {
    pub(super) fn open(path: &Path) -> Result<Self, GeoError> {
        let failed = |e: MaxMindDbError| GeoError { path: path.to_owned(), reason: e.to_string() };
        // Taken before the file is opened: a change in between is seen by the next look.
        let modified = modified(path);
        // SAFETY: the map is only read, and only through the reader's checked accesses. Operators are told
        // to replace the file by renaming a new one over it, which leaves the mapped one intact.
        let reader = unsafe { Reader::open_mmap(path) }.map_err(failed)?;
        Ok(Self { path: path.to_owned(), modified, reader })
    }

    pub(super) fn reader(&self) -> &Reader<Mmap> {
        &self.reader
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the path now holds another version. A file that is gone is no reason to forget this one.
    pub(super) fn is_outdated(&self) -> bool {
        let now = modified(&self.path);
        now.is_some() && now != self.modified
    }
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|m| m.modified()).ok()
}
