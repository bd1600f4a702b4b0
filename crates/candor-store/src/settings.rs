//! Settings of the store. Read once when it is opened.

use serde::Deserialize;

/// How much the store may use. Section `[store]` of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// Memory for queries and buffers in MiB, from [`MEMORY_LIMIT_MB_MIN`]. What is beyond it goes to temporary files.
    /// The process needs about twice this: rows on their way in and out don't count.
    pub memory_limit_mb: u32,
    /// Threads for queries; 0 = one a core.
    pub threads: u32,
    /// A query is stopped after this many milliseconds.
    pub query_timeout_ms: u64,
}

/// Least memory with which large batches and reports don't fail.
pub const MEMORY_LIMIT_MB_MIN: u32 = 100;

impl Default for StoreSettings {
    /// A year of ten million hits is answered with 120 MiB as fast as with 150, and the process stays below 400 MB.
    fn default() -> Self {
        Self { memory_limit_mb: 120, threads: 0, query_timeout_ms: 60_000 }
    }
}
