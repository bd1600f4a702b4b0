//! Opening the log: which hits does the store lack, where does the log go on.

use super::{
    LogError, Writer,
    record::{ALIGN, Frame},
    segment::{SEGMENT_HEADER, Segment, check_header, first_seq_of_damaged, first_seq_of_name, path},
};
use crate::files::Files;
use std::{path::Path, sync::Arc};

/// Opens the log. Every frame with a hit from `next_seq` on is given to `replay`, in order;
/// older segments are deleted unread, a torn tail is cut.
pub(crate) fn open<E: From<LogError>>(
    files: Arc<dyn Files>,
    dir: &Path,
    segment_bytes: u64,
    next_seq: u64,
    mut replay: impl FnMut(Frame) -> Result<(), E>,
) -> Result<Writer, E> {
    files.create_dir(dir).map_err(LogError::io(dir))?;
    let names = files.list(dir).map_err(LogError::io(dir))?;
    let mut firsts: Vec<u64> = names.iter().filter_map(|name| first_seq_of_name(name)).collect();
    firsts.sort_unstable();
    // A segment's end is the next one's beginning: passed ones need not even be opened.
    let passed = firsts.iter().skip(1).take_while(|first| **first <= next_seq).count();
    for first in firsts.drain(..passed) {
        let path = path(dir, first);
        files.remove(&path).map_err(LogError::io(&path))?;
    }
    let gaps = Gaps(names.iter().filter_map(|name| first_seq_of_damaged(name)).collect());
    let mut end_seq = firsts.first().copied().unwrap_or(next_seq);
    if end_seq > next_seq {
        gaps.allow(0, next_seq, end_seq)?;
    }
    let mut closed = Vec::new();
    let mut current = None;
    let mut previous = 0;
    for (index, first) in firsts.iter().enumerate() {
        let is_last = index + 1 == firsts.len();
        if *first != end_seq {
            gaps.allow(previous, end_seq, *first)?;
        }
        previous = *first;
        let scan = Scan::of(&*files, dir, *first, is_last)?;
        for frame in scan.frames {
            end_seq = frame.end_seq();
            if end_seq > next_seq {
                replay(frame)?;
            }
        }
        match scan.segment {
            Some(segment) => current = Some(segment),
            None => closed.push((path(dir, *first), end_seq)),
        }
    }
    let next_seq = end_seq.max(next_seq);
    let current = match current {
        Some(segment) if end_seq == next_seq => segment,
        stale => {
            closed.extend(stale.map(|segment| (segment.path, end_seq)));
            Segment::create(&*files, dir, next_seq)?
        }
    };
    let mut writer = Writer::new(files, dir, segment_bytes, current, next_seq);
    closed.into_iter().for_each(|(path, end)| writer.adopt(path, end));
    Ok(writer)
}

/// Segments that somebody put aside: where each began.
struct Gaps(Vec<u64>);

impl Gaps {
    /// Whether hits from `from` to before `to` may be missing: where a segment between those that begin at
    /// `previous` and `to` was put aside.
    fn allow(&self, previous: u64, from: u64, to: u64) -> Result<(), LogError> {
        let last = to.saturating_sub(1);
        if !self.0.iter().any(|first| (previous + 1..to).contains(first)) {
            return Err(LogError::Gap { from, to: last });
        }
        tracing::warn!(from, to = last, "hits of a damaged log segment are left out, as its name demands");
        Ok(())
    }
}

/// What a segment holds.
struct Scan {
    frames: Vec<Frame>,
    /// The last segment, ready to be written on.
    segment: Option<Segment>,
}

impl Scan {
    fn of(files: &dyn Files, dir: &Path, first_seq: u64, is_last: bool) -> Result<Self, LogError> {
        let path = path(dir, first_seq);
        let mut file = files.open(&path).map_err(LogError::io(&path))?;
        let bytes = file.read_all().map_err(LogError::io(&path))?;
        let corrupt = |offset: usize, what: &str| LogError::Corrupt {
            path: path.clone(),
            offset: offset as u64,
            what: what.to_owned(),
        };
        if let Err(what) = check_header(&bytes, first_seq) {
            if !is_last || later_frame(&bytes, 0).is_some() || bytes.len() > SEGMENT_HEADER {
                return Err(corrupt(0, &what));
            }
            // The crash came before the header was synced, so no frame can have been written.
            files.remove(&path).map_err(LogError::io(&path))?;
            let segment = Segment::create(files, dir, first_seq)?;
            return Ok(Self { frames: vec![], segment: Some(segment) });
        }
        let mut frames = Vec::new();
        let mut seq = first_seq;
        let mut end = SEGMENT_HEADER;
        while let Some(frame) = bytes.get(end..).and_then(Frame::read) {
            if frame.first_seq != seq {
                return Err(corrupt(end, &format!("expected hit {seq}, found hit {}", frame.first_seq)));
            }
            seq = frame.end_seq();
            end += frame.bytes().len();
            frames.push(frame);
        }
        if let Some(offset) = later_frame(&bytes, end) {
            return Err(corrupt(end, &format!("a record is broken, but a whole one follows at byte {offset}")));
        }
        if !is_last {
            let torn = bytes.get(end..).unwrap_or_default().iter().any(|byte| *byte != 0);
            return if torn {
                Err(corrupt(end, "the last record of a closed segment is broken"))
            } else {
                Ok(Self { frames, segment: None })
            };
        }
        let segment = Segment::resume(path, first_seq, file, end as u64, bytes.len() as u64)?;
        Ok(Self { frames, segment: Some(segment) })
    }
}

/// The first whole frame at or after `from`.
fn later_frame(bytes: &[u8], from: usize) -> Option<usize> {
    (from.next_multiple_of(ALIGN)..bytes.len())
        .step_by(ALIGN)
        .find(|offset| bytes.get(*offset..).and_then(Frame::read).is_some())
}
