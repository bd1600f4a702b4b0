//! A read-only memory map of a file. The only place of this module tree that needs `unsafe`.
#![expect(unsafe_code, reason = "mapping a file is unsafe: another process could change it")]

use memmap2::Mmap;
use std::fs::File;
use std::path::Path;

/// A mapped file.
#[derive(Debug)]
pub(super) struct Map(Mmap);

impl Map {
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: `scripts/build-devices` writes a new file and renames it into place, so the mapped one stays as it
        // is. If somebody writes into it all the same, readers see other bytes: every read is bounded, texts are
        // checked to be UTF-8 each time they are read, and nothing of the file is trusted as a pointer or a length.
        unsafe { Mmap::map(&file) }.map(Self)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
