//! Memos: opaque bytes by key in a small SQLite file of their own. A cache: when the file can't be
//! used it is made anew, and nothing but time is lost.

use crate::{MemoKey, StoreError};
use candor_core::SiteId;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

const FILE: &str = "memos.sqlite";

/// The open file.
pub(super) struct Memos {
    connection: Mutex<Connection>,
}

impl Memos {
    /// Opens or makes the file.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let connection = open_file(&path).or_else(|error| {
            tracing::warn!("the memos can't be read and are made anew: {error}");
            remove_with_logs(&path);
            open_file(&path).map_err(|e| StoreError::Open(format!("`{}`: {e}", path.display())))
        })?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Reads memos in the order of the keys.
    pub(super) fn read(&self, keys: &[MemoKey]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let connection = self.lock();
        let mut statement = connection
            .prepare_cached("select body from memos where site = ? and first_day = ? and last_day = ? and what = ?")?;
        let one = |key: &MemoKey| {
            statement.query_row(params![key.site.0, key.first_day, key.last_day, key.what], |row| row.get(0)).optional()
        };
        Ok(keys.iter().map(one).collect::<Result<_, _>>()?)
    }

    /// Writes memos, replacing equal keys.
    pub(super) fn write(&self, memos: &[(MemoKey, Vec<u8>)]) -> Result<(), StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        {
            let mut statement = transaction.prepare_cached(
                "insert or replace into memos (site, first_day, last_day, what, body) values (?, ?, ?, ?, ?)",
            )?;
            for (key, body) in memos {
                statement.execute(params![key.site.0, key.first_day, key.last_day, key.what, body])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Deletes a site's memos that cover any of the days, or all.
    pub(super) fn forget(&self, site: SiteId, days: Option<&[i32]>) -> Result<(), StoreError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
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
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_file(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "pragma journal_mode = wal;
         pragma synchronous = normal;
         create table if not exists memos (
           site integer not null,
           first_day integer not null,
           last_day integer not null,
           what text not null,
           body blob not null,
           primary key (site, first_day, last_day, what)
         ) without rowid;",
    )?;
    Ok(connection)
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
