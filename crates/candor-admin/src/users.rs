//! People with an account: logins, passwords, rights.

use crate::{Admin, AdminError};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use candor_core::SiteId;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What a person may do with a site. Later ones include earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// See reports.
    View,
    /// Also goals, dimensions, annotations, and tracking overrides.
    Write,
    /// Also the site's settings and users.
    Admin,
}

impl Role {
    /// Every role with its name on the wire.
    pub const ALL: [(&'static str, Self); 3] = [("view", Self::View), ("write", Self::Write), ("admin", Self::Admin)];

    /// From its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(n, _)| *n == name).map(|(_, r)| *r)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, r)| *r == self).map_or("", |(n, _)| n)
    }
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Login, as it was first written; compared without regard to case.
    pub login: String,
    /// E-mail address.
    pub email: String,
    /// May do everything.
    pub super_user: bool,
    /// When the account was made, seconds since 1970 UTC.
    pub created_at: i64,
    /// Rights by site; meaningless for super users.
    pub access: BTreeMap<SiteId, Role>,
}

impl User {
    /// The name under which people without an account get rights.
    pub const ANONYMOUS: &'static str = "anonymous";

    /// Whether this person has at least this role on a site.
    #[must_use]
    pub fn may(&self, role: Role, site: SiteId) -> bool {
        self.super_user || self.access.get(&site).is_some_and(|has| *has >= role)
    }

    /// Whether this person has at least this role on any site.
    #[must_use]
    pub fn may_somewhere(&self, role: Role) -> bool {
        self.super_user || self.access.values().any(|has| *has >= role)
    }
}

/// Everybody and their tokens, held in memory: rights are checked on every request.
#[derive(Debug, Default)]
pub(crate) struct People {
    users: BTreeMap<String, Arc<User>>,
    pub(crate) tokens: HashMap<[u8; 32], TokenOwner>,
}

/// Whose token.
#[derive(Debug)]
pub(crate) struct TokenOwner {
    pub(crate) login: String,
    pub(crate) secure_only: bool,
    pub(crate) expires_at: Option<i64>,
}

impl People {
    pub(crate) fn load(connection: &Connection) -> Result<Self, AdminError> {
        let mut people = Self::default();
        let mut statement = connection.prepare("select login, email, super_user, created_at from user")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let login: String = row.get(0)?;
            let user = User {
                login: login.clone(),
                email: row.get(1)?,
                super_user: row.get(2)?,
                created_at: row.get(3)?,
                access: access_of(connection, &login)?,
            };
            people.users.insert(login.to_lowercase(), Arc::new(user));
        }
        let mut statement = connection.prepare("select hash, login, secure_only, expires_at from token")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let owner = TokenOwner { login: row.get(1)?, secure_only: row.get(2)?, expires_at: row.get(3)? };
            people.tokens.insert(row.get(0)?, owner);
        }
        Ok(people)
    }

    pub(crate) fn user(&self, login: &str) -> Option<&Arc<User>> {
        self.users.get(&login.to_lowercase())
    }
}

fn access_of(connection: &Connection, login: &str) -> Result<BTreeMap<SiteId, Role>, AdminError> {
    let mut statement = connection.prepare_cached("select site_id, role from access where login = ?")?;
    let mut rows = statement.query([login])?;
    let mut access = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Some(role) = Role::parse(&row.get::<_, String>(1)?) {
            access.insert(SiteId(row.get(0)?), role);
        }
    }
    Ok(access)
}

impl Admin {
    /// Everybody, by login.
    #[must_use]
    pub fn users(&self) -> Vec<Arc<User>> {
        self.0.people.load().users.values().cloned().collect()
    }

    /// One person.
    #[must_use]
    pub fn user(&self, login: &str) -> Option<Arc<User>> {
        self.0.people.load().user(login).cloned()
    }

    /// Makes an account.
    ///
    /// # Errors
    /// When the login, password or address is not acceptable or taken, or the database fails.
    pub fn add_user(&self, login: &str, password: &str, email: &str) -> Result<(), AdminError> {
        check_login(login)?;
        check_email(email)?;
        let hash = hash_password(password)?;
        if self.user(login).is_some() {
            return Err(AdminError::Invalid(format!("the login `{login}` is taken; choose another one")));
        }
        if self.users().iter().any(|u| u.email.eq_ignore_ascii_case(email)) {
            return Err(AdminError::Invalid(format!("the address `{email}` belongs to another account")));
        }
        self.connection().execute(
            "insert into user (login, email, password_hash, created_at) values (?, ?, ?, ?)",
            params![login, email, hash, self.0.clock.now().seconds()],
        )?;
        self.reload_people()
    }

    /// Changes password or address, where given.
    ///
    /// # Errors
    /// When there is no such person, a value is not acceptable, or the database fails.
    pub fn update_user(&self, login: &str, password: Option<&str>, email: Option<&str>) -> Result<(), AdminError> {
        self.require_user(login)?;
        if let Some(email) = email {
            check_email(email)?;
            self.connection().execute("update user set email = ? where login = ?", params![email, login])?;
        }
        if let Some(password) = password {
            let hash = hash_password(password)?;
            let connection = self.connection();
            connection.execute("update user set password_hash = ? where login = ?", params![hash, login])?;
            connection.execute("delete from session where login = ?", [login])?;
        }
        self.reload_people()
    }

    /// Deletes an account with its rights, tokens and sessions. The last super user can't be deleted.
    ///
    /// # Errors
    /// When there is no such person, it is the last super user, or the database fails.
    pub fn delete_user(&self, login: &str) -> Result<(), AdminError> {
        self.require_user(login)?;
        self.require_other_super_user(login)?;
        self.connection().execute("delete from user where login = ?", [login])?;
        self.reload_people()
    }

    /// Gives or takes the right to do everything.
    ///
    /// # Errors
    /// When there is no such person, it would leave no super user, or the database fails.
    pub fn set_super_user(&self, login: &str, super_user: bool) -> Result<(), AdminError> {
        self.require_user(login)?;
        if !super_user {
            self.require_other_super_user(login)?;
        }
        self.connection().execute("update user set super_user = ? where login = ?", params![super_user, login])?;
        self.reload_people()
    }

    /// Gives a role on sites, or takes all rights there (`None`).
    ///
    /// # Errors
    /// When there is no such person or site, or the database fails.
    pub fn set_access(&self, login: &str, role: Option<Role>, sites: &[SiteId]) -> Result<(), AdminError> {
        if login != User::ANONYMOUS {
            self.require_user(login)?;
        } else if self.user(login).is_none() {
            self.connection().execute(
                "insert into user (login, email, password_hash, created_at) values (?, 'anonymous@example.org', '', ?)",
                params![login, self.0.clock.now().seconds()],
            )?;
        }
        let settings = self.settings();
        if let Some(unknown) = sites.iter().find(|s| settings.site(**s).is_none()) {
            return Err(AdminError::NotFound(format!("there is no site `{unknown}`")));
        }
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        for site in sites {
            match role {
                Some(role) => transaction.execute(
                    "insert or replace into access (login, site_id, role) values (?, ?, ?)",
                    params![login, site.0, role.name()],
                )?,
                None => {
                    transaction.execute("delete from access where login = ? and site_id = ?", params![login, site.0])?
                }
            };
        }
        transaction.commit()?;
        drop(connection);
        self.reload_people()
    }

    /// Checks a password. Takes tens of milliseconds by design; as long for an unknown login.
    ///
    /// # Errors
    /// [`AdminError::WrongPassword`], or when the database fails.
    pub fn check_password(&self, login: &str, password: &str) -> Result<Arc<User>, AdminError> {
        let stored: Option<String> = {
            use rusqlite::OptionalExtension;
            self.connection()
                .query_row("select password_hash from user where login = ?", [login], |row| row.get(0))
                .optional()?
        };
        let known = stored.is_some();
        let hash = match stored {
            Some(hash) => hash,
            None => hash_password("an unknown login takes as long")?,
        };
        let right = argon2::PasswordHash::new(&hash)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        match self.user(login) {
            Some(user) if known && right => Ok(user),
            _ => Err(AdminError::WrongPassword),
        }
    }

    pub(crate) fn reload_people(&self) -> Result<(), AdminError> {
        let people = People::load(&self.connection())?;
        self.0.people.store(Arc::new(people));
        Ok(())
    }

    pub(crate) fn require_user(&self, login: &str) -> Result<Arc<User>, AdminError> {
        self.user(login).ok_or_else(|| AdminError::NotFound(format!("there is no user `{login}`")))
    }

    fn require_other_super_user(&self, login: &str) -> Result<(), AdminError> {
        let others = self.users().iter().any(|u| u.super_user && !u.login.eq_ignore_ascii_case(login));
        if others {
            return Ok(());
        }
        Err(AdminError::Invalid(format!("`{login}` is the last super user; make another one first")))
    }
}

fn hash_password(password: &str) -> Result<String, AdminError> {
    check_password(password)?;
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| AdminError::Random(e.to_string()))
}

/// Whether the first super user could be made of these, without making anybody.
///
/// # Errors
/// When one of them is not acceptable.
pub fn check_account(login: &str, password: &str, email: &str, token: Option<&str>) -> Result<(), AdminError> {
    check_login(login)?;
    check_email(email)?;
    check_password(password)?;
    token.map_or(Ok(()), crate::tokens::check_token)
}

fn check_password(password: &str) -> Result<(), AdminError> {
    if (6..=200).contains(&password.chars().count()) {
        return Ok(());
    }
    Err(AdminError::Invalid("the password must have 6 to 200 characters".into()))
}

fn check_login(login: &str) -> Result<(), AdminError> {
    let length = login.chars().count();
    let allowed = login.chars().all(|c| c.is_alphanumeric() || "_.-@+äöüÄÖÜß".contains(c));
    if (2..=100).contains(&length) && allowed && login != User::ANONYMOUS {
        return Ok(());
    }
    Err(AdminError::Invalid(format!(
        "the login `{login}` is not acceptable; use 2 to 100 letters, digits or any of _ . - @ +"
    )))
}

fn check_email(email: &str) -> Result<(), AdminError> {
    let is_address = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.len() > 1);
    if is_address && !email.contains(char::is_whitespace) {
        return Ok(());
    }
    Err(AdminError::Invalid(format!("`{email}` is not an e-mail address")))
}
