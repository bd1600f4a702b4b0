//! Memos: opaque bytes by key in a small SQLite file of their own. A cache: when the file can't be
//! used it is made anew, and nothing but time is lost.
//!
//! Anyone who may see a report can ask for it in ever new segments, so the file has a limit. At it
//! the memos of segments go first, then those not read for longest. "Longest" is counted in what
//! was written since, not in time: reading marks a memo only once in so many bytes.

use crate::{MemoKey, StoreError};
use candor_core::SiteId;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

const FILE: &str = "memos.sqlite";

/// The tables of the file; another number makes it anew.
const VERSION: i64 = 1;

/// What the file may hold: a year of every report of a hundred small sites, and little beside the visits of a large one.
const BYTES_MAX: u64 = 256 << 20;

/// Parts of the limit after which memos count as used longer ago.
const AGES: u64 = 16;

/// Memos deleted between two looks at the size.
const DELETED_AT_ONCE: u32 = 64;

/// The open file.
pub(super) struct Memos {
    file: Mutex<File>,
    bytes_max: u64,
}

struct File {
    connection: Connection,
    /// Goes up by one with each [`AGES`]th of the limit that is written.
    age: i64,
    bytes_since: u64,
}

impl Memos {
    /// Opens or makes the file.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_with(dir, BYTES_MAX)
    }

    fn open_with(dir: &Path, bytes_max: u64) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let file = File::open(&path).or_else(|error| {
            tracing::warn!("the memos can't be read and are made anew: {error}");
            remove_with_logs(&path);
            File::open(&path).map_err(|e| StoreError::Open(format!("`{}`: {e}", path.display())))
        })?;
        Ok(Self { file: Mutex::new(file), bytes_max })
    }

    /// Reads memos in the order of the keys.
    pub(super) fn read(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.lock().read(keys)
    }

    /// Writes memos, replacing equal keys. Deletes others where there would be too many.
    pub(super) fn write(&self, memos: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        self.lock().write(memos, self.bytes_max)
    }

    /// Deletes a site's memos that cover any of the days, or all. What is deleted stays so, also after power loss:
    /// rows are about to change, and a memo that came back would show the old ones for ever.
    pub(super) fn forget(&self, site: SiteId, days: Option<&[i32]>) -> Result<(), StoreError> {
        let mut file = self.lock();
        let transaction = file.connection.transaction()?;
        match days {
            None => {
                transaction.execute("delete from memos where site = ?", params![site.0])?;
            }
            Some(days) => {
                let mut statement = transaction
                    .prepare_cached("delete from memos where site = ? and first_day <= ?2 and last_day >= ?2")?;
                for day in days {
                    statement.execute(params![site.0, day])?;
                }
            }
        }
        Ok(transaction.commit()?)
    }

    // A transaction that panicked is rolled back, so a poisoned connection is as good as another.
    fn lock(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl File {
    fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "pragma journal_mode = wal;
             pragma synchronous = full;
             pragma journal_size_limit = 4194304;",
        )?;
        let version: i64 = connection.query_row("pragma user_version", [], |row| row.get(0))?;
        if version != VERSION {
            connection.execute_batch(&format!(
                "drop table if exists memos;
                 create table memos (
                   site integer not null,
                   first_day integer not null,
                   last_day integer not null,
                   what text not null,
                   of_segment integer not null,
                   used integer not null,
                   body blob not null,
                   primary key (site, first_day, last_day, what)
                 ) without rowid;
                 create index memos_by_use on memos (of_segment desc, used);
                 pragma user_version = {VERSION};"
            ))?;
        }
        let age: i64 = connection.query_row("select coalesce(max(used), 0) from memos", [], |row| row.get(0))?;
        Ok(Self { connection, age: age + 1, bytes_since: 0 })
    }

    fn read(&mut self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let mut read = self.connection.prepare_cached(
            "select body, used from memos where site = ? and first_day = ? and last_day = ? and what = ?",
        )?;
        let mut stale = vec![];
        let mut bodies = Vec::with_capacity(keys.len());
        for key in keys {
            let found: Option<(Vec<u8>, i64)> = read
                .query_row(params![key.site.0, key.first_day, key.last_day, key.what], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            stale.extend(found.as_ref().filter(|(_, used)| *used < self.age).map(|_| key));
            bodies.push(found.map(|(body, _)| body));
        }
        drop(read);
        if !stale.is_empty()
            && let Err(error) = self.mark_used(&stale)
        {
            tracing::debug!(%error, "memos were read and may be deleted as if they were not");
        }
        Ok(bodies)
    }

    fn mark_used(&mut self, keys: &[&MemoKey]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        let mut mark = transaction.prepare_cached(
            "update memos set used = ?1 where site = ?2 and first_day = ?3 and last_day = ?4 and what = ?5",
        )?;
        for key in keys {
            mark.execute(params![self.age, key.site.0, key.first_day, key.last_day, key.what])?;
        }
        drop(mark);
        transaction.commit()
    }

    fn write(&mut self, memos: &[(MemoKey, Vec<u8>)], bytes_max: u64) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        let mut put = transaction.prepare_cached(
            "insert or replace into memos (site, first_day, last_day, what, of_segment, used, body)
             values (?, ?, ?, ?, ?, ?, ?)",
        )?;
        for (key, body) in memos {
            put.execute(params![key.site.0, key.first_day, key.last_day, key.what, key.of_segment, self.age, body])?;
            self.bytes_since += body.len() as u64;
            if self.bytes_since > bytes_max / AGES {
                self.age += 1;
                self.bytes_since = 0;
            }
        }
        drop(put);
        make_room(&transaction, bytes_max)?;
        Ok(transaction.commit()?)
    }
}

/// Deletes memos until the others fit.
fn make_room(connection: &Connection, bytes_max: u64) -> rusqlite::Result<()> {
    while bytes_used(connection)? > bytes_max {
        let mut delete: CachedStatement<'_> = connection.prepare_cached(
            "delete from memos where (site, first_day, last_day, what) in (
               select site, first_day, last_day, what from memos indexed by memos_by_use
               order by of_segment desc, used limit ?)",
        )?;
        if delete.execute([DELETED_AT_ONCE])? == 0 {
            break;
        }
    }
    Ok(())
}

/// Bytes of the file that aren't free for what comes next. The file itself never becomes smaller.
fn bytes_used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let pages = number("pragma page_count")? - number("pragma freelist_count")?;
    Ok((pages * number("pragma page_size")?).unsigned_abs())
}

fn remove_with_logs(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        if let Err(error) = std::fs::remove_file(&name)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!("can't remove `{}`: {error}", Path::new(&name).display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(what: &str, of_segment: bool) -> MemoKey {
        MemoKey { site: SiteId(1), first_day: 1, last_day: 1, what: what.into(), of_segment }
    }

    fn has(memos: &Memos, what: &str) -> bool {
        memos.read(&[key(what, false)]).unwrap()[0].is_some()
    }

    const BYTES: usize = 10_000;

    fn put(memos: &Memos, what: &str, of_segment: bool) {
        memos.write(&[(key(what, of_segment), vec![7; BYTES])]).unwrap();
    }

    #[test]
    fn ever_new_segments_do_not_fill_the_disk() {
        let dir = tempfile::tempdir().unwrap();
        let limit = 200 * BYTES as u64;
        let memos = Memos::open_with(dir.path(), limit).unwrap();
        put(&memos, "all", false);
        put(&memos, "often asked", true);
        for n in 0..1_000 {
            put(&memos, &format!("made up {n}"), true);
            assert!(has(&memos, "often asked"), "after {n}");
        }
        assert!(has(&memos, "all"), "what is of no segment goes last");
        assert!(has(&memos, "made up 999") && !has(&memos, "made up 500"));
        let bytes: u64 = std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum();
        assert!(bytes < limit + (5 << 20), "{bytes} bytes with the journal");
    }

    #[test]
    fn use_is_known_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let open = || Memos::open_with(dir.path(), 200 * BYTES as u64).unwrap();
        let memos = open();
        (0..150).for_each(|n| put(&memos, &n.to_string(), true));
        drop(memos);
        let memos = open();
        assert!(has(&memos, "0"));
        (200..300).for_each(|n| put(&memos, &n.to_string(), true));
        assert!(has(&memos, "0") && !has(&memos, "1"));
    }

    #[test]
    fn one_that_is_larger_than_the_limit_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let memos = Memos::open_with(dir.path(), 100_000).unwrap();
        memos.write(&[(key("large", false), vec![7; 1 << 20])]).unwrap();
        assert!(!has(&memos, "large"));
        put(&memos, "small", false);
        assert!(has(&memos, "small"));
    }

    #[test]
    fn what_is_forgotten_is_synced() {
        let dir = tempfile::tempdir().unwrap();
        let memos = Memos::open(dir.path()).unwrap();
        let pragma = |name: &str| -> i64 {
            memos.lock().connection.query_row(&format!("pragma {name}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!(pragma("synchronous"), 2, "with 1 a commit may be lost with the power");
    }
}
