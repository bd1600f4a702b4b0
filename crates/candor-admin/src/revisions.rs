//! Settings by revision: writing one row a change, assembling the snapshot of any revision.
//!
//! Revisions are kept for good: people make few, each is a small row, and whatever part of the hit log is replayed, now
//! or into a new store, finds the settings of its hits.

use crate::{Admin, AdminError, random_hex};
use candor_core::{
    RevisionError, Settings, SettingsLookup, SiteId, SiteSettings, Timestamp, regime,
    settings::{GlobalSettings, PrivacySettings, ReportSettings, TrackerSettings},
};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// The part of the snapshot that is not one site's.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Shared {
    global: GlobalSettings,
    tracker: TrackerSettings,
    privacy: PrivacySettings,
    reports: ReportSettings,
}

/// The newest snapshot; `None` in a new database.
pub(crate) fn newest(connection: &Connection) -> Result<Option<Settings>, AdminError> {
    let revision: Option<i64> =
        connection.query_row("select max(revision) from settings_revision", [], |row| row.get(0))?;
    revision.map(|revision| assemble(connection, revision)).transpose()
}

fn assemble(connection: &Connection, revision: i64) -> Result<Settings, AdminError> {
    let shared: String =
        connection
            .query_row("select shared from settings_revision where revision = ?", [revision], |row| row.get(0))?;
    let Shared { global, tracker, privacy, reports } = serde_json::from_str(&shared)?;
    let mut statement = connection.prepare_cached(
        "select site_id, site, max(revision) from site_revision where revision <= ? group by site_id",
    )?;
    let mut sites = BTreeMap::new();
    let mut rows = statement.query([revision])?;
    while let Some(row) = rows.next()? {
        if let Some(json) = row.get::<_, Option<String>>(1)? {
            sites.insert(SiteId(row.get(0)?), Arc::new(serde_json::from_str::<SiteSettings>(&json)?));
        }
    }
    Ok(Settings { revision: revision.unsigned_abs(), sites, global, tracker, privacy, reports })
}

/// Makes settings fit to be used: nobody loosens the regime that the operator started with, and hashes have a salt,
/// without which anybody could hash a list of user ids and compare.
pub(crate) fn settle(settings: &mut Settings) -> Result<(), AdminError> {
    regime::enforce(settings);
    if settings.privacy.anonymize_user_id && settings.privacy.user_id_salt.is_empty() {
        settings.privacy.user_id_salt = random_hex::<16>()?;
    }
    Ok(())
}

/// Writes the row of a new revision.
pub(crate) fn write_shared(
    transaction: &Transaction<'_>,
    settings: &Settings,
    now: Timestamp,
) -> Result<(), AdminError> {
    let shared = Shared {
        global: settings.global.clone(),
        tracker: settings.tracker.clone(),
        privacy: settings.privacy.clone(),
        reports: settings.reports.clone(),
    };
    transaction.execute(
        "insert into settings_revision (revision, changed_at, shared) values (?, ?, ?)",
        params![settings.revision as i64, now.seconds(), serde_json::to_string(&shared)?],
    )?;
    Ok(())
}

/// Takes the next value of a counter that never gives one twice.
pub(crate) fn count(transaction: &Transaction<'_>, name: &str) -> Result<u32, AdminError> {
    Ok(transaction.query_row(
        "insert into counter (name, value) values (?, 1)
         on conflict (name) do update set value = value + 1 returning value",
        [name],
        |row| row.get(0),
    )?)
}

impl Admin {
    /// Makes a new revision: `change` edits a copy of the current snapshot inside one transaction.
    /// Returns what `change` returns; nothing is changed when it fails.
    pub(crate) fn revise<T>(
        &self,
        change: impl FnOnce(&mut Settings, &Transaction<'_>) -> Result<T, AdminError>,
    ) -> Result<T, AdminError> {
        let mut connection = self.connection();
        // Immediate: another process must not take the same revision between our look and our write.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.refresh_from(&transaction)?;
        let before = self.settings();
        let mut after = Settings::clone(&before);
        let result = change(&mut after, &transaction)?;
        settle(&mut after)?;
        after.revision = before.revision + 1;
        write_shared(&transaction, &after, self.0.clock.now())?;
        let changed =
            after.sites.iter().filter(|(id, site)| before.sites.get(id).is_none_or(|b| !Arc::ptr_eq(b, site)));
        let mut insert =
            transaction.prepare_cached("insert into site_revision (site_id, revision, site) values (?, ?, ?)")?;
        for (id, site) in changed {
            insert.execute(params![id.0, after.revision as i64, serde_json::to_string(site.as_ref())?])?;
        }
        for id in before.sites.keys().filter(|id| !after.sites.contains_key(id)) {
            insert.execute(params![id.0, after.revision as i64, None::<String>])?;
        }
        drop(insert);
        transaction.commit()?;
        self.0.current.store(Arc::new(after));
        Ok(result)
    }

    /// Replaces the lists and switches that hold for all sites.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_global(&self, global: GlobalSettings) -> Result<(), AdminError> {
        self.revise(|settings, _| {
            settings.global = global;
            Ok(())
        })
    }

    /// Replaces the privacy rules' settings.
    ///
    /// # Errors
    /// When a value is out of range or the database fails.
    pub fn set_privacy(&self, privacy: PrivacySettings) -> Result<(), AdminError> {
        if privacy.mask_ip_bytes > 4 {
            return Err(AdminError::Invalid(format!(
                "mask `{}` bytes of an address: use 0 to 4",
                privacy.mask_ip_bytes
            )));
        }
        if !["", "exclude_query", "exclude_path", "exclude_all"].contains(&privacy.anonymize_referrer.as_str()) {
            return Err(AdminError::Invalid(format!(
                "unknown way to anonymise referrers `{}`: use exclude_query, exclude_path, exclude_all or nothing",
                privacy.anonymize_referrer
            )));
        }
        self.revise(|settings, _| {
            settings.privacy = privacy;
            Ok(())
        })
    }
}

impl SettingsLookup for Admin {
    fn at_revision(&self, revision: u64) -> Result<Arc<Settings>, RevisionError> {
        let current = self.settings();
        if current.revision == revision {
            return Ok(current);
        }
        match assemble(&self.connection(), revision.cast_signed()) {
            Ok(settings) => Ok(Arc::new(settings)),
            Err(AdminError::Database(rusqlite::Error::QueryReturnedNoRows)) => Err(RevisionError::Missing(revision)),
            Err(error) => Err(RevisionError::Failed { revision, problem: error.to_string() }),
        }
    }
}
