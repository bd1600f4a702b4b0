//! The hit log: what was acknowledged is in it, synced, in the order of its sequence numbers.
//!
//! Format, version 1, all numbers little-endian:
//! ```text
//! <directory>/<first sequence number, 20 digits>.log     a segment
//!   header  32 bytes: magic "CANDORWL", version u32, 0 u32, first seq u64, crc32c u32, 0 u32
//!   frame   from byte 32 on, each beginning at a multiple of 8:
//!           magic u32, payload bytes u32, first seq u64, hits u32, crc32c u32, payload, zeros
//!   payload per record: its kind in the upper 4 bits of a u32, its bytes in the lower 28, then these bytes:
//!           kind 0 a hit as `Hit::encode` wrote it, kind 1 a consent record in JSON
//!   zeros   up to the next mebibyte: written ahead, so that a sync moves data only
//! ```
//! A frame is what one sync made durable: all appends that waited while the sync before it ran.
//! Consent records have sequence numbers as hits have, and are counted with them here.
//! So the hits of one append are in the log together or not at all, and a frame is only ever
//! written when the one before it is safe. Hence a broken frame with nothing valid behind it is
//! the torn tail of a crash, never acknowledged, and is cut; one with a valid frame or segment
//! behind it was damaged later, and the log refuses to open.
//!
//! Who can't repair a segment may rename it to `<name>.damaged`: the log then goes on without its hits.
//! The file stays as the record of it; nothing reads or deletes it.
//!
//! Limits: a payload has at most [`PAYLOAD_BYTES_MAX`] bytes; a segment is closed by the first
//! frame that makes it longer than its limit; segments that the store has passed are deleted.
//! After a failed write or sync nothing more is written until the next start: what a failed sync
//! leaves behind can't be known, and a second try may lie.

pub(crate) mod record;
pub(crate) mod recovery;
pub(crate) mod segment;
pub(crate) mod writer;

pub use record::RecordError;
pub(crate) use record::{Frame, PAYLOAD_BYTES_MAX, Record, Unit};
pub(crate) use writer::Writer;

use std::{io, path::PathBuf};

/// Why the hit log can't be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The operating system refused.
    #[error("the hit log can't be used: `{path}`: {source}; free the disk or repair it, then start again")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Acknowledged hits are damaged.
    #[error(
        "the hit log is damaged: `{path}` at byte {offset}: {what}; restore the file from a backup, \
         or rename it to `{path}.damaged` to go on without the hits in it"
    )]
    Corrupt {
        /// The segment.
        path: PathBuf,
        /// Where in it.
        offset: u64,
        /// What is wrong there.
        what: String,
    },
    /// A segment between the store and the log is missing.
    #[error(
        "hits {from} to {to} are neither in the store nor in the log; restore the missing segment from a backup, \
         or make an empty file `{from:020}.log.damaged` in the log's directory to go on without them"
    )]
    Gap {
        /// First missing sequence number.
        from: u64,
        /// Last missing one.
        to: u64,
    },
}

impl LogError {
    fn io(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
