//! What consent receipts need beside their records: the key that signs them, and the texts that people were shown.

use crate::{Admin, AdminError};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

/// Longest text of a banner, bytes.
const TEXT_BYTES_MAX: usize = 64 << 10;

/// A text that people were shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentText {
    /// Its version, as the banner has it.
    pub version: String,
    /// Its language.
    pub language: String,
    /// Word for word.
    pub text: String,
}

impl Admin {
    /// The secret that signs consent receipts; made and on disk before it is first used.
    ///
    /// # Errors
    /// When the database fails or the system gives no random numbers.
    pub fn receipt_secret(&self) -> Result<[u8; 32], AdminError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|e| AdminError::Random(e.to_string()))?;
        let connection = self.connection();
        connection.execute("insert into secret values ('receipts', ?) on conflict do nothing", [secret.as_slice()])?;
        Ok(connection.query_row("select value from secret where name = 'receipts'", [], |row| row.get(0))?)
    }

    /// Keeps a text that people are shown, and returns its SHA-256. Keeping it twice changes nothing.
    ///
    /// # Errors
    /// When it is empty or too long, or the database fails.
    pub fn keep_consent_text(&self, text: &ConsentText) -> Result<[u8; 32], AdminError> {
        if text.text.is_empty() || text.text.len() > TEXT_BYTES_MAX {
            return Err(AdminError::Invalid(format!("a consent text must have 1 to {TEXT_BYTES_MAX} bytes")));
        }
        let hash: [u8; 32] = Sha256::digest(&text.text).into();
        self.connection().execute(
            "insert into consent_text values (?, ?, ?, ?, ?) on conflict do nothing",
            params![hash.as_slice(), text.version, text.language, text.text, self.0.clock.now().seconds()],
        )?;
        Ok(hash)
    }

    /// The text with this SHA-256, when it was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn consent_text(&self, hash: &[u8; 32]) -> Result<Option<ConsentText>, AdminError> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(ConsentText { version: row.get(0)?, language: row.get(1)?, text: row.get(2)? })
        };
        let sql = "select version, language, text from consent_text where hash = ?";
        Ok(self.connection().query_row(sql, [hash.as_slice()], read).optional()?)
    }
}
