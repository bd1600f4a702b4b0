//! People and settings: sites, goals, dimensions, users, rights, tokens, sign-in, and their database.
//!
//! Owns: `settings.sqlite` in the data directory and the day salts beside it; the current
//! [`candor_core::Settings`] snapshot and every revision the hit log may still name.
//! Never: reads a visit.
//! Read first: [`Admin`], [`User`].
//! To add a setting of a site: a field of `candor_core::SiteSettings` with a serde default.

mod consent;
mod db;
mod documents;
mod error;
mod goals;
mod revisions;
mod salts;
mod sites;
mod tokens;
mod users;

pub use consent::{ConsentText, KeptText, SHOWN_TEXTS_MAX};
pub use documents::Document;
pub use error::AdminError;
pub use goals::DIMENSIONS_A_SCOPE_MAX;
pub use salts::Salts;
pub use tokens::{NewToken, SESSION_SECONDS_MAX, random_hex};
pub use users::{Role, User, check_account};

use arc_swap::ArcSwap;
use candor_core::{Clock, Settings};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

/// The handle to people and settings. Cheap to clone; one writer at a time.
/// Methods that change something block on the disk; call them off the async threads.
#[derive(Clone)]
pub struct Admin(Arc<Inner>);

struct Inner {
    connection: Mutex<Connection>,
    current: ArcSwap<Settings>,
    people: ArcSwap<users::People>,
    /// SQLite's count of changes by other connections, as last seen.
    data_version: AtomicI64,
    /// See [`Admin::texts_edition`].
    texts_edition: AtomicU64,
    clock: Arc<dyn Clock>,
}

impl Admin {
    /// Opens or makes `settings.sqlite` in `dir`. `configure` puts the configuration file's and the
    /// environment's choices over the stored settings; when that changes them, a new revision is written.
    ///
    /// # Errors
    /// When the file can't be opened, migrated or read.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>, configure: &dyn Fn(&mut Settings)) -> Result<Self, AdminError> {
        let mut connection = db::open(&dir.join("settings.sqlite"))?;
        let stored = revisions::newest(&connection)?;
        let mut settings = stored.clone().unwrap_or_default();
        configure(&mut settings);
        revisions::settle(&mut settings)?;
        if stored.as_ref() != Some(&settings) {
            settings.revision += 1;
            let transaction = connection.transaction()?;
            revisions::write_shared(&transaction, &settings, clock.now())?;
            transaction.commit()?;
        }
        let people = users::People::load(&connection)?;
        let data_version = db::data_version(&connection)?;
        Ok(Self(Arc::new(Inner {
            connection: Mutex::new(connection),
            current: ArcSwap::from_pointee(settings),
            people: ArcSwap::from_pointee(people),
            data_version: AtomicI64::new(data_version),
            texts_edition: AtomicU64::new(0),
            clock,
        })))
    }

    /// The current snapshot.
    #[must_use]
    pub fn settings(&self) -> Arc<Settings> {
        self.0.current.load_full()
    }

    /// Takes up what another process (the command line beside a running server) has changed.
    /// Costs microseconds when nothing has; call it about once a second.
    ///
    /// # Errors
    /// When the database fails.
    pub fn refresh(&self) -> Result<(), AdminError> {
        self.refresh_from(&self.connection())
    }

    fn refresh_from(&self, connection: &Connection) -> Result<(), AdminError> {
        let version = db::data_version(connection)?;
        if self.0.data_version.swap(version, Ordering::AcqRel) == version {
            return Ok(());
        }
        self.texts_are_fewer();
        if let Some(settings) = revisions::newest(connection)? {
            self.0.current.store(Arc::new(settings));
        }
        self.0.people.store(Arc::new(users::People::load(connection)?));
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic while holding the lock leaves SQLite's own transaction rolled back, so the connection is sound.
        self.0.connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
