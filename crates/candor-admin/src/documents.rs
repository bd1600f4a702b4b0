//! Small things people make that belong to a site: annotations, saved segments. Bodies are JSON of the caller's shape.

use crate::{Admin, AdminError};
use candor_core::SiteId;
use rusqlite::params;
use serde_json::Value;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Number, unique over all kinds.
    pub id: i64,
    /// `annotation`, `segment`…
    pub kind: String,
    /// Site; `SiteId(0)` = all sites.
    pub site: SiteId,
    /// Who made it.
    pub login: String,
    /// What it says.
    pub body: Value,
}

impl Admin {
    /// Stores a document and returns its number.
    ///
    /// # Errors
    /// When the database fails.
    pub fn add_document(&self, kind: &str, site: SiteId, login: &str, body: &Value) -> Result<i64, AdminError> {
        let connection = self.connection();
        connection.execute(
            "insert into document (kind, site_id, login, body) values (?, ?, ?, ?)",
            params![kind, site.0, login, body.to_string()],
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// All documents of a kind, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn documents(&self, kind: &str) -> Result<Vec<Document>, AdminError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("select id, site_id, login, body from document where kind = ? order by id")?;
        let mut rows = statement.query([kind])?;
        let mut documents = vec![];
        while let Some(row) = rows.next()? {
            documents.push(Document {
                id: row.get(0)?,
                kind: kind.to_owned(),
                site: SiteId(row.get(1)?),
                login: row.get(2)?,
                body: serde_json::from_str(&row.get::<_, String>(3)?)?,
            });
        }
        Ok(documents)
    }

    /// Replaces a document's body (and site).
    ///
    /// # Errors
    /// When there is no such document or the database fails.
    pub fn update_document(&self, id: i64, site: SiteId, body: &Value) -> Result<(), AdminError> {
        let changed = self
            .connection()
            .execute("update document set body = ?, site_id = ? where id = ?", params![body.to_string(), site.0, id])?;
        if changed == 0 { Err(AdminError::NotFound(format!("there is no document `{id}`"))) } else { Ok(()) }
    }

    /// Deletes a document.
    ///
    /// # Errors
    /// When there is no such document or the database fails.
    pub fn delete_document(&self, id: i64) -> Result<(), AdminError> {
        let changed = self.connection().execute("delete from document where id = ?", [id])?;
        if changed == 0 { Err(AdminError::NotFound(format!("there is no document `{id}`"))) } else { Ok(()) }
    }
}
