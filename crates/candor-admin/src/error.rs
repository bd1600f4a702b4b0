//! What can go wrong with people and settings.

/// Why a change was refused or failed. Texts are for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A value is not acceptable.
    #[error("{0}")]
    Invalid(String),
    /// What was named isn't there.
    #[error("{0}")]
    NotFound(String),
    /// The login and password don't belong together.
    #[error("the login or the password is wrong")]
    WrongPassword,
    /// The database failed.
    #[error("the settings database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The database can't be brought up to date.
    #[error("the settings database can't be migrated: {0}")]
    Migration(String),
    /// A stored value can't be read.
    #[error("a stored setting can't be read: {0}")]
    Stored(#[from] serde_json::Error),
    /// A file failed.
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}
