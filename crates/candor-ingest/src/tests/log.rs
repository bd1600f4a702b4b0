//! The log on a bad disk: what was acknowledged is there, what wasn't is cut or whole.

use super::{
    hits::page,
    sim_disk::{Fault, SimDisk},
};
use crate::{
    Files, LogError,
    wal::{Frame, Record, Unit, Writer, recovery, segment},
};
use proptest::prelude::*;
use std::{path::Path, sync::Arc};

const SEGMENT_BYTES: u64 = 1000;

fn dir() -> &'static Path {
    Path::new("/log")
}

/// Opens the log; gives the URLs of the hits from `next_seq` on.
fn open(disk: &SimDisk, next_seq: u64) -> Result<(Writer, Vec<String>), LogError> {
    let mut urls = Vec::new();
    let writer = recovery::open(Arc::new(disk.clone()), dir(), SEGMENT_BYTES, next_seq, |frame| {
        urls.extend(urls_of(&frame).into_iter().filter(|(seq, _)| *seq >= next_seq).map(|(_, url)| url));
        Ok::<_, LogError>(())
    })?;
    Ok((writer, urls))
}

fn urls_of(frame: &Frame) -> Vec<(u64, String)> {
    let url = |(seq, record): (u64, Record)| match record {
        Record::Hit(hit) => (seq, hit.action.clone().unwrap().url),
        Record::Consent(consent) => (seq, consent.version),
    };
    frame.records().map(|record| url(record.unwrap())).collect()
}

/// One append: hits with these numbers.
fn unit(numbers: impl Iterator<Item = usize>) -> Unit {
    Unit::encode(&numbers.map(|n| page(0, "A", &format!("/{n}"))).collect::<Vec<_>>()).unwrap()
}

fn urls(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|n| format!("/{n}")).collect()
}

/// Appends hits one by one.
fn fill(disk: &SimDisk, count: usize) -> Writer {
    let (mut writer, _) = open(disk, 1).unwrap();
    for n in 0..count {
        writer.append([unit(n..n + 1)].iter()).unwrap();
    }
    writer
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Rounds of appends, each ended by a crash at any point: before, during or after the last write.
    #[test]
    fn a_crash_loses_nothing_acknowledged_and_leaves_whole_appends(
        rounds in prop::collection::vec((prop::collection::vec(1..6_usize, 0..8), 0..3_u8, any::<u64>()), 1..5),
    ) {
        let disk = SimDisk::default();
        let mut there = 0;
        for (sizes, fault, seed) in rounds {
            let (mut writer, found) = open(&disk, 1).unwrap();
            // What failed may be there as a whole, or not at all.
            prop_assert!(found.len() >= there, "{} of {there} hits are left", found.len());
            there = found.len();
            prop_assert_eq!(&found, &urls(0..there));
            let count = sizes.len();
            for (index, size) in sizes.into_iter().enumerate() {
                if index + 1 == count {
                    disk.set_fault([Fault::Nothing, Fault::Sync, Fault::Full][usize::from(fault)]);
                }
                match writer.append([unit(there..there + size)].iter()) {
                    Ok(_) => there += size,
                    Err(_) => break,
                }
            }
            let mut random = seed;
            disk.crash(|| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                random >> 63 == 1
            });
        }
        let (_, found) = open(&disk, 1).unwrap();
        prop_assert!(found.len() >= there);
    }

    /// A flipped bit anywhere is either after the last frame, and harmless, or noticed.
    #[test]
    fn damage_is_never_skipped(count in 2..30_usize, at in 0..3000_usize, file in 0..8_usize) {
        let disk = SimDisk::default();
        drop(fill(&disk, count));
        let paths = disk.paths();
        let path = &paths[file % paths.len()];
        if !disk.damage(path, at) {
            return Ok(());
        }
        match open(&disk, 1) {
            // Only the last frame of all can be taken for the torn tail of a crash.
            Ok((_, found)) => prop_assert!(found == urls(0..count) || found == urls(0..count - 1)),
            Err(LogError::Corrupt { path: named, .. }) => prop_assert_eq!(&named, path),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

#[test]
fn a_reopened_log_goes_on_where_it_ended() {
    let disk = SimDisk::default();
    drop(fill(&disk, 3));
    let (mut writer, found) = open(&disk, 1).unwrap();
    assert_eq!(found, urls(0..3));
    let frame = writer.append([unit(3..4), unit(4..6)].iter()).unwrap();
    assert_eq!((frame.first_seq, frame.end_seq()), (4, 7));
    assert_eq!(open(&disk, 1).unwrap().1, urls(0..6));
    assert_eq!(open(&disk, 5).unwrap().1, urls(4..6), "only what the store lacks is replayed");
}

#[test]
fn passed_segments_are_deleted_and_the_rest_is_enough() {
    let disk = SimDisk::default();
    let mut writer = fill(&disk, 40);
    let before = disk.paths().len();
    assert!(before > 3, "the test needs several segments, there are {before}");
    writer.forget_before(30);
    assert!(disk.paths().len() < before);
    assert_eq!(open(&disk, 30).unwrap().1, urls(29..40));
    drop(open(&disk, 41).unwrap());
    assert_eq!(disk.paths().len(), 1, "opening deletes what the store has passed");
}

#[test]
fn a_missing_segment_is_named() {
    let disk = SimDisk::default();
    let mut writer = fill(&disk, 40);
    writer.forget_before(30);
    let error = open(&disk, 1).err().unwrap().to_string();
    assert!(error.starts_with("hits 1 to "), "{error}");
}

#[test]
fn a_damaged_segment_may_be_put_aside_as_the_error_says() {
    let disk = SimDisk::default();
    drop(fill(&disk, 40));
    let paths = disk.paths();
    let [first, second, third, ..] = paths.as_slice() else { panic!("several segments") };
    let begin = |path: &Path| segment::first_seq_of_name(path.file_name().unwrap().to_str().unwrap()).unwrap();
    disk.damage(second, 40);
    let error = open(&disk, 1).err().unwrap().to_string();
    let aside = Path::new(&format!("{}.damaged", second.display())).to_owned();
    assert!(error.contains(&format!("rename it to `{}`", aside.display())), "{error}");

    disk.remove(second).unwrap();
    let error = open(&disk, 1).err().unwrap().to_string();
    assert!(error.contains(&format!("`{}`", aside.file_name().unwrap().to_str().unwrap())), "{error}");
    drop(disk.create(&aside).unwrap());
    let (lost_from, lost_to) = (begin(second) as usize - 1, begin(third) as usize - 1);
    let rest = [urls(0..lost_from), urls(lost_to..40)].concat();
    assert_eq!(open(&disk, 1).unwrap().1, rest);
    // Also when the store has come as far as the gap; but no other gap is excused.
    assert_eq!(open(&disk, begin(second)).unwrap().1, urls(lost_to..40));
    let disk_without_third = disk;
    disk_without_third.remove(&paths[3]).unwrap();
    assert!(matches!(open(&disk_without_third, begin(third)), Err(LogError::Gap { .. })));
    assert!(!disk_without_third.paths().contains(first), "the store had passed it");
}

#[test]
fn a_store_ahead_of_an_emptied_log_decides_the_next_number() {
    let disk = SimDisk::default();
    drop(fill(&disk, 3));
    let (mut writer, found) = open(&disk, 10).unwrap();
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(writer.append([unit(0..1)].iter()).unwrap().first_seq, 10);
    assert_eq!(open(&disk, 10).unwrap().1, urls(0..1));
}

#[test]
fn another_format_is_refused() {
    let disk = SimDisk::default();
    drop(fill(&disk, 1));
    disk.damage(&segment::path(dir(), 1), 8);
    let error = open(&disk, 1).err().unwrap().to_string();
    assert!(error.contains("00000000000000000001.log` at byte 0: the segment's header is broken"), "{error}");
}
