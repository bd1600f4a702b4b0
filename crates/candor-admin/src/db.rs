//! The SQLite file: pragmas and migrations.

use crate::AdminError;
use rusqlite::Connection;
use std::path::Path;

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Opens the file and brings its schema up to date.
pub(crate) fn open(path: &Path) -> Result<Connection, AdminError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // A revision must be durable before the first hit that names it.
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -512;",
    )?;
    embedded::migrations::runner().run(&mut connection).map_err(|e| AdminError::Migration(e.to_string()))?;
    Ok(connection)
}

/// Grows when another connection has changed the database.
pub(crate) fn data_version(connection: &Connection) -> Result<i64, AdminError> {
    Ok(connection.query_row("pragma data_version", [], |row| row.get(0))?)
}
