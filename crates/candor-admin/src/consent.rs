//! What consent receipts need beside their records: the key that signs them, and the texts that people were shown.

use crate::{Admin, AdminError};
use candor_core::{
    SiteId,
    consent::{Hash, hash_of},
};
use rusqlite::{OptionalExtension, Row, Transaction, TransactionBehavior, params};
use std::sync::atomic::Ordering;

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

/// A text that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptText {
    /// Its SHA-256.
    pub hash: Hash,
    /// The text.
    pub text: ConsentText,
    /// Sites through which it came with visitors' choices; none: somebody of a site put it here.
    pub sites: Vec<SiteId>,
}

/// Deletes the words that came through a site alone.
pub(crate) fn forget_texts_of(transaction: &Transaction<'_>, site: SiteId) -> Result<(), AdminError> {
    transaction.execute(
        "delete from consent_text where hash in
           (select hash from shown_text group by hash having min(site_id) = ?1 and max(site_id) = ?1)",
        [site.0],
    )?;
    transaction.execute("delete from shown_text where site_id = ?", [site.0])?;
    Ok(())
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

    /// Keeps a text that people are shown, and returns its SHA-256. One that a visitor's choice brought first is
    /// taken over, and takes no place of a site any more.
    ///
    /// # Errors
    /// When it is empty or too long, or the database fails.
    pub fn keep_consent_text(&self, text: &ConsentText) -> Result<Hash, AdminError> {
        if text.text.is_empty() || text.text.len() > TEXT_BYTES_MAX {
            return Err(AdminError::Invalid(format!("a consent text must have 1 to {TEXT_BYTES_MAX} bytes")));
        }
        let hash = hash_of(&text.text);
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "insert into consent_text values (?, ?, ?, ?, ?)
             on conflict do update set version = excluded.version, language = excluded.language",
            params![hash.as_slice(), text.version, text.language, text.text, self.0.clock.now().seconds()],
        )?;
        let freed = transaction.execute("delete from shown_text where hash = ?", [hash.as_slice()])?;
        transaction.commit()?;
        if freed > 0 {
            self.texts_are_fewer();
        }
        Ok(hash)
    }

    /// Keeps a text that came with a visitor's choice by its SHA-256, unless it is there. Tells whether it is kept now:
    /// not when [`SHOWN_TEXTS_MAX`] of the site are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn keep_shown_text(&self, site: SiteId, hash: &Hash, text: &ConsentText) -> Result<bool, AdminError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Those that somebody of a site put here came through none.
        let is_there = "select exists (select 1 from shown_text where hash = ?1 and site_id = ?2)
                          or (exists (select 1 from consent_text where hash = ?1)
                              and not exists (select 1 from shown_text where hash = ?1))";
        if transaction.query_row(is_there, params![hash.as_slice(), site.0], |row| row.get(0))? {
            return Ok(true);
        }
        let of_site = "select count(*) from shown_text where site_id = ?";
        let kept: u32 = transaction.query_row(of_site, [site.0], |row| row.get(0))?;
        if kept >= SHOWN_TEXTS_MAX {
            return Ok(false);
        }
        transaction.execute(
            "insert into consent_text values (?, ?, ?, ?, ?) on conflict do nothing",
            params![hash.as_slice(), text.version, text.language, text.text, self.0.clock.now().seconds()],
        )?;
        transaction.execute("insert into shown_text values (?, ?)", params![site.0, hash.as_slice()])?;
        transaction.commit()?;
        Ok(true)
    }

    /// All texts that are kept, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn consent_texts(&self) -> Result<Vec<KeptText>, AdminError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "select hash, version, language, text, group_concat(site_id, ' ')
             from consent_text left join shown_text using (hash) group by hash order by added_at, hash",
        )?;
        let read = |row: &Row<'_>| {
            let sites: Option<String> = row.get(4)?;
            let sites = sites.iter().flat_map(|sites| sites.split(' ')).filter_map(|id| id.parse().ok().map(SiteId));
            let text = ConsentText { version: row.get(1)?, language: row.get(2)?, text: row.get(3)? };
            Ok(KeptText { hash: row.get(0)?, text, sites: sites.collect() })
        };
        Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
    }

    /// Deletes the words of a text; records keep their hash. A choice that brings them again is kept with them again.
    ///
    /// # Errors
    /// When no such text is kept, or the database fails.
    pub fn forget_consent_text(&self, hash: &Hash) -> Result<(), AdminError> {
        if self.connection().execute("delete from consent_text where hash = ?", [hash.as_slice()])? == 0 {
            let hash = hex::encode(hash);
            return Err(AdminError::NotFound(format!("no text `{hash}` is kept; `candor consent texts` shows all")));
        }
        self.texts_are_fewer();
        Ok(())
    }

    /// Changes whenever texts, or places of a site for them, may have become free: what was known of them before
    /// means nothing any more.
    #[must_use]
    pub fn texts_edition(&self) -> u64 {
        self.0.texts_edition.load(Ordering::Acquire)
    }

    pub(crate) fn texts_are_fewer(&self) {
        self.0.texts_edition.fetch_add(1, Ordering::AcqRel);
    }

    /// The text with this SHA-256, when it was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn consent_text(&self, hash: &Hash) -> Result<Option<ConsentText>, AdminError> {
        let read = |row: &Row<'_>| Ok(ConsentText { version: row.get(0)?, language: row.get(1)?, text: row.get(2)? });
        let sql = "select version, language, text from consent_text where hash = ?";
        Ok(self.connection().query_row(sql, [hash.as_slice()], read).optional()?)
    }
}
