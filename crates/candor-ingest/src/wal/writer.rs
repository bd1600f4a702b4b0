//! The writing end of the log: frames into segments, passed segments away.

use super::{
    LogError,
    record::{Frame, Unit},
    segment::Segment,
};
use crate::files::Files;
use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Zeros written ahead of the frames, at most.
const GROW_BYTES_MAX: u64 = 1 << 20;

/// Writes frames in order. Owned by one thread.
pub(crate) struct Writer {
    files: Arc<dyn Files>,
    dir: PathBuf,
    segment_bytes: u64,
    /// Closed segments with the sequence number after their last hit, oldest first.
    closed: VecDeque<(PathBuf, u64)>,
    current: Segment,
    next_seq: u64,
}

impl Writer {
    pub(crate) fn new(files: Arc<dyn Files>, dir: &Path, segment_bytes: u64, current: Segment, next_seq: u64) -> Self {
        Self { files, dir: dir.to_owned(), segment_bytes, closed: VecDeque::new(), current, next_seq }
    }

    /// Remembers a segment of an earlier run, so that it is deleted once passed.
    pub(crate) fn adopt(&mut self, path: PathBuf, end_seq: u64) {
        self.closed.push_back((path, end_seq));
    }

    /// Writes units as one frame and syncs. After an error the writer must not be used again.
    pub(crate) fn append<'a>(&mut self, units: impl Iterator<Item = &'a Unit> + Clone) -> Result<Frame, LogError> {
        if self.current.len() >= self.segment_bytes && self.current.first_seq < self.next_seq {
            let next = Segment::create(&*self.files, &self.dir, self.next_seq)?;
            let full = std::mem::replace(&mut self.current, next);
            self.closed.push_back((full.path, self.next_seq));
        }
        let frame = Frame::build(self.next_seq, units);
        self.current.append(&frame, self.segment_bytes.clamp(1, GROW_BYTES_MAX))?;
        self.next_seq = frame.end_seq();
        Ok(frame)
    }

    /// Deletes closed segments in which every hit is before `seq`. What can't be deleted is tried again later.
    pub(crate) fn forget_before(&mut self, seq: u64) {
        while let Some((path, _)) = self.closed.front().filter(|(_, end)| *end <= seq) {
            if let Err(error) = self.files.remove(path) {
                tracing::warn!(path = %path.display(), %error, "a log segment that is no longer needed can't be deleted");
                return;
            }
            self.closed.pop_front();
        }
    }
}
