//! One file of the log: its header, where the next frame goes, and room zeroed ahead.

use super::{
    LogError,
    record::{Frame, u32_at, u64_at},
};
use crate::files::{Files, LogFile};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Bytes before the first frame.
pub(crate) const SEGMENT_HEADER: usize = 32;
const MAGIC: &[u8; 8] = b"CANDORWL";
const VERSION: u32 = 1;

/// A segment that can be written to.
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) first_seq: u64,
    file: Box<dyn LogFile>,
    end: u64,
    zeroed_to: u64,
}

impl Segment {
    /// Makes a segment, durable with its name.
    pub(crate) fn create(files: &dyn Files, dir: &Path, first_seq: u64) -> Result<Self, LogError> {
        let path = path(dir, first_seq);
        let mut file = files.create(&path).map_err(LogError::io(&path))?;
        file.write_at(0, &header(first_seq)).and_then(|()| file.sync()).map_err(LogError::io(&path))?;
        files.sync_dir(dir).map_err(LogError::io(dir))?;
        Ok(Self { path, first_seq, file, end: SEGMENT_HEADER as u64, zeroed_to: SEGMENT_HEADER as u64 })
    }

    /// Takes a segment up again whose frames end at `end`. Everything after that is overwritten
    /// with zeros first, so that no rest of a torn frame can ever be read as one.
    pub(crate) fn resume(
        path: PathBuf,
        first_seq: u64,
        mut file: Box<dyn LogFile>,
        end: u64,
        length: u64,
    ) -> Result<Self, LogError> {
        let zeros = vec![0; length.saturating_sub(end) as usize];
        file.write_at(end, &zeros).and_then(|()| file.sync()).map_err(LogError::io(&path))?;
        Ok(Self { path, first_seq, file, end, zeroed_to: end.max(length) })
    }

    /// Bytes used.
    pub(crate) fn len(&self) -> u64 {
        self.end
    }

    /// Writes a frame and syncs. When the file must grow, zeros are written ahead up to a multiple of
    /// `grow_bytes`: a sync within them moves no metadata. After an error the segment must not be used again.
    pub(crate) fn append(&mut self, frame: &Frame, grow_bytes: u64) -> Result<(), LogError> {
        self.write(frame, grow_bytes).map_err(LogError::io(&self.path))
    }

    fn write(&mut self, frame: &Frame, grow_bytes: u64) -> io::Result<()> {
        let end = self.end + frame.bytes().len() as u64;
        if end > self.zeroed_to {
            let zeroed_to = end.next_multiple_of(grow_bytes);
            self.file.write_at(end, &vec![0; (zeroed_to - end) as usize])?;
            self.zeroed_to = zeroed_to;
        }
        self.file.write_at(self.end, frame.bytes())?;
        self.file.sync()?;
        self.end = end;
        Ok(())
    }
}

/// Where the segment that begins with `first_seq` lies.
pub(crate) fn path(dir: &Path, first_seq: u64) -> PathBuf {
    dir.join(format!("{first_seq:020}.log"))
}

/// The first sequence number that a file's name tells; `None` for other files.
pub(crate) fn first_seq_of_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".log")?;
    (digits.len() == 20).then(|| digits.parse().ok())?
}

/// The first sequence number of a segment that was put aside, by its name.
pub(crate) fn first_seq_of_damaged(name: &str) -> Option<u64> {
    first_seq_of_name(name.strip_suffix(".damaged")?)
}

fn header(first_seq: u64) -> Vec<u8> {
    let mut bytes = [&MAGIC[..], &VERSION.to_le_bytes(), &[0; 4], &first_seq.to_le_bytes()].concat();
    let crc = crc32c::crc32c(&bytes);
    bytes.extend(crc.to_le_bytes());
    bytes.resize(SEGMENT_HEADER, 0);
    bytes
}

/// Checks a segment's header; the error says what is wrong with it.
pub(crate) fn check_header(bytes: &[u8], first_seq: u64) -> Result<(), String> {
    let whole = || Some((bytes.get(..24)?, u32_at(bytes, 8)?, u64_at(bytes, 16)?, u32_at(bytes, 24)?));
    let Some((covered, version, seq, crc)) = whole() else { return Err("the segment has no header".into()) };
    if !covered.starts_with(MAGIC) || crc32c::crc32c(covered) != crc {
        return Err("the segment's header is broken".into());
    }
    if version != VERSION {
        return Err(format!("the segment has format {version}; this version reads format {VERSION}"));
    }
    if seq != first_seq {
        return Err(format!("the segment begins with hit {seq}, its name says {first_seq}"));
    }
    Ok(())
}
