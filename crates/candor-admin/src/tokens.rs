//! What stands for a person in a request: API tokens, sessions of the dashboard, the one-time set-up.

use crate::{Admin, AdminError, User};
use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How long a session of the dashboard lasts without signing in again, seconds (14 days).
pub const SESSION_SECONDS_MAX: i64 = 14 * 86_400;

/// A token to be made.
#[derive(Debug, Clone, Default)]
pub struct NewToken<'a> {
    /// What it is for, in the owner's words.
    pub description: &'a str,
    /// Accepted only outside of URLs.
    pub secure_only: bool,
    /// Seconds since 1970 UTC; `None` = never.
    pub expires_at: Option<i64>,
    /// A token of the operator's choosing (32 hex digits) instead of a random one.
    pub value: Option<&'a str>,
}

impl Admin {
    /// Whose token this is; `None` when unknown, expired, or sent in a URL although it must not be.
    #[must_use]
    pub fn authenticate_token(&self, token: &str, in_url: bool) -> Option<Arc<User>> {
        let hash = hash(token);
        if !self.0.people.load().tokens.contains_key(&hash) {
            // It may have been made by the command line a moment ago. A failing database shows elsewhere.
            self.refresh().ok()?;
        }
        let people = self.0.people.load();
        let owner = people.tokens.get(&hash)?;
        let expired = owner.expires_at.is_some_and(|at| at <= self.0.clock.now().seconds());
        if expired || (in_url && owner.secure_only) {
            return None;
        }
        people.user(&owner.login).cloned()
    }

    /// Makes a token and returns it; only its hash is kept.
    ///
    /// # Errors
    /// When there is no such person, the chosen value isn't 32 hex digits, or the database fails.
    pub fn create_token(&self, login: &str, new: &NewToken<'_>) -> Result<String, AdminError> {
        self.require_user(login)?;
        let token = match new.value {
            Some(value) => {
                check_token(value)?;
                value.to_lowercase()
            }
            None => random_hex::<16>()?,
        };
        self.connection().execute(
            "insert or replace into token (login, hash, description, secure_only, created_at, expires_at)
             values (?, ?, ?, ?, ?, ?)",
            params![
                login,
                hash(&token),
                new.description,
                new.secure_only,
                self.0.clock.now().seconds(),
                new.expires_at
            ],
        )?;
        self.reload_people()?;
        Ok(token)
    }

    /// Starts a session and returns its secret for the cookie.
    ///
    /// # Errors
    /// When there is no such person or the database fails.
    pub fn start_session(&self, login: &str) -> Result<String, AdminError> {
        let user = self.require_user(login)?;
        let secret = random_hex::<32>()?;
        let now = self.0.clock.now().seconds();
        let connection = self.connection();
        connection.execute("delete from session where expires_at <= ?", [now])?;
        connection.execute(
            "insert into session (hash, login, created_at, expires_at) values (?, ?, ?, ?)",
            params![hash(&secret), user.login, now, now + SESSION_SECONDS_MAX],
        )?;
        Ok(secret)
    }

    /// Whose session this is; `None` when unknown or expired.
    ///
    /// # Errors
    /// When the database fails.
    pub fn session(&self, secret: &str) -> Result<Option<Arc<User>>, AdminError> {
        let login: Option<String> = self
            .connection()
            .query_row(
                "select login from session where hash = ? and expires_at > ?",
                params![hash(secret), self.0.clock.now().seconds()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(login.and_then(|login| self.user(&login)))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub fn end_session(&self, secret: &str) -> Result<(), AdminError> {
        self.connection().execute("delete from session where hash = ?", params![hash(secret)])?;
        Ok(())
    }

    /// Whether nobody has an account yet, so that the first visitor with the set-up link makes the super user.
    #[must_use]
    pub fn needs_setup(&self) -> bool {
        !self.users().iter().any(|u| u.super_user)
    }

    /// Makes the first super user.
    ///
    /// # Errors
    /// When there is one already, a value is not acceptable, or the database fails.
    pub fn set_up(&self, login: &str, password: &str, email: &str) -> Result<(), AdminError> {
        if !self.needs_setup() {
            return Err(AdminError::Invalid("there is a super user already; sign in instead".into()));
        }
        self.add_user(login, password, email)?;
        self.set_super_user(login, true)
    }
}

/// A new random secret in hex.
///
/// # Errors
/// When the system gives no random numbers.
pub fn random_hex<const BYTES: usize>() -> Result<String, AdminError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|e| AdminError::Random(e.to_string()))?;
    Ok(hex::encode(bytes))
}

/// Whether a chosen value can be a token.
pub(crate) fn check_token(value: &str) -> Result<(), AdminError> {
    if value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(());
    }
    Err(AdminError::Invalid("a token must be 32 hex digits".into()))
}

// Tokens and session secrets are 128 random bits and more, so a plain hash is enough to keep them unreadable.
fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
