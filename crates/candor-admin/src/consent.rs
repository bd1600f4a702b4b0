//! What consent receipts need beside their records: the key that signs them, and the texts that people were shown.

use crate::{Admin, AdminError};
use candor_core::{
    SiteId,
    consent::{Hash, hash_of},
};
use rusqlite::{Connection, OptionalExtension, params};

/// Longest text of a banner, bytes.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// Texts of one site that came with its visitors' choices: anybody may send some.
pub const SHOWN_TEXTS_MAX: u32 = 200;

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
    pub fn keep_consent_text(&self, text: &ConsentText) -> Result<Hash, AdminError> {
        if text.text.is_empty() || text.text.len() > TEXT_BYTES_MAX {
            return Err(AdminError::Invalid(format!("a consent text must have 1 to {TEXT_BYTES_MAX} bytes")));
        }
        let hash = hash_of(&text.text);
        self.insert_consent_text(&self.connection(), &hash, text, None)?;
        Ok(hash)
    }

    /// Keeps a text that came with a visitor's choice by its SHA-256, unless it is there. Tells whether it is kept now:
    /// not when [`SHOWN_TEXTS_MAX`] of the site are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_shown_text(&self, site: SiteId, hash: &Hash, text: &ConsentText) -> Result<bool, AdminError> {
        let connection = self.connection();
        let is_there = "select exists (select 1 from consent_text where hash = ?)";
        if connection.query_row(is_there, [hash.as_slice()], |row| row.get(0))? {
            return Ok(true);
        }
        let of_site = "select count(*) from consent_text where site_id = ?";
        let kept: u32 = connection.query_row(of_site, [site.0], |row| row.get(0))?;
        if kept >= SHOWN_TEXTS_MAX {
            return Ok(false);
        }
        self.insert_consent_text(&connection, hash, text, Some(site))?;
        Ok(true)
    }

    fn insert_consent_text(
        &self,
        connection: &Connection,
        hash: &Hash,
        text: &ConsentText,
        site: Option<SiteId>,
    ) -> Result<(), AdminError> {
        let now = self.0.clock.now().seconds();
        connection.execute(
            "insert into consent_text values (?, ?, ?, ?, ?, ?) on conflict do nothing",
            params![hash.as_slice(), text.version, text.language, text.text, now, site.map(|site| site.0)],
        )?;
        Ok(())
    }

    /// The text with this SHA-256, when it was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn consent_text(&self, hash: &Hash) -> Result<Option<ConsentText>, AdminError> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(ConsentText { version: row.get(0)?, language: row.get(1)?, text: row.get(2)? })
        };
        let sql = "select version, language, text from consent_text where hash = ?";
        Ok(self.connection().query_row(sql, [hash.as_slice()], read).optional()?)
    }
}
