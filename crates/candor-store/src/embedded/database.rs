//! Opening the database file: limits, then migrations. Nothing here knows a row.

use crate::schema::ColumnType;
use crate::{StoreError, StoreSettings, settings::MEMORY_LIMIT_MB_MIN};
use duckdb::{Config, Connection};
use std::path::Path;

/// The file in the data directory. DuckDB puts its log beside it.
const FILE: &str = "visits.duckdb";

/// Changes of the schema in order, forward only. Never edit one that was released.
const MIGRATIONS: [(u32, &str); 4] = [
    (1, include_str!("migrations/0001_tables.sql")),
    (2, include_str!("migrations/0002_consents.sql")),
    (3, include_str!("migrations/0003_legal_basis.sql")),
    (4, include_str!("migrations/0004_regime.sql")),
];

/// Opens or creates the database and brings it up to date.
pub(super) fn open(dir: &Path, settings: &StoreSettings) -> Result<Connection, StoreError> {
    let path = dir.join(FILE);
    std::fs::create_dir_all(dir).map_err(|e| StoreError::Open(format!("can't create `{}`: {e}", dir.display())))?;
    let connection = config(dir, settings)
        .and_then(|config| Connection::open_with_flags(&path, config))
        .map_err(|e| StoreError::Open(explain(&path, &e.to_string())))?;
    migrate(&connection)?;
    Ok(connection)
}

/// What the engine may use is set before it opens the file: replaying its log counts too.
fn config(dir: &Path, settings: &StoreSettings) -> duckdb::Result<Config> {
    let memory = settings.memory_limit_mb.max(MEMORY_LIMIT_MB_MIN);
    let config = Config::default()
        .enable_autoload_extension(false)?
        .max_memory(&format!("{memory}MiB"))?
        .with("temp_directory", dir.join("spill").to_string_lossy())?
        // Bounds the log and the changes held in memory, and with them the time of a checkpoint.
        .with("checkpoint_threshold", "16MiB")?
        // Merging row groups at checkpoints stopped commits for seconds, to win a few bytes a hit.
        .with("max_vacuum_tasks", "0")?;
    if settings.threads == 0 { Ok(config) } else { config.threads(settings.threads.into()) }
}

fn explain(path: &Path, error: &str) -> String {
    let path = path.display();
    if error.contains("Could not set lock") {
        format!("`{path}` is held by another process; stop that one or ask it instead")
    } else {
        format!("`{path}`: {error}")
    }
}

fn migrate(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch("create table if not exists schema_version (version uinteger not null)")?;
    let found: u32 =
        connection.query_row("select coalesce(max(version), 0) from schema_version", [], |row| row.get(0))?;
    let known = MIGRATIONS.iter().map(|(version, _)| *version).max().unwrap_or(0);
    if found > known {
        return Err(StoreError::Open(format!(
            "its schema is version {found}, this program knows {known}; start the newer program"
        )));
    }
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        connection
            .execute_batch(&format!("begin; {sql}; insert into schema_version values ({version}); commit"))
            .map_err(|e| StoreError::Open(format!("migration {version} failed: {e}")))?;
    }
    Ok(())
}

/// The engine's type of a column.
pub(super) fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        // Ids of 64 bits are kept as signed numbers with the same bits, as cells are signed.
        ColumnType::Int | ColumnType::OptInt | ColumnType::UInt64 | ColumnType::OptUInt64 => "BIGINT",
        ColumnType::Int32 => "INTEGER",
        ColumnType::UInt32 | ColumnType::OptUInt32 => "UINTEGER",
        ColumnType::UInt16 => "USMALLINT",
        ColumnType::UInt8 | ColumnType::OptUInt8 => "UTINYINT",
        ColumnType::OptFloat => "DOUBLE",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Text => "VARCHAR",
        ColumnType::Bytes => "BLOB",
        ColumnType::Texts => "VARCHAR[]",
    }
}
