//! Who is asking: API tokens, sessions of the dashboard, and the limit on guessing passwords.

use candor_admin::{Admin, AdminError, Role, User};
use candor_core::{Clock, SiteId};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};

/// Wrong passwords from one address within [`WINDOW_SECONDS`] before it must wait (Matomo's defaults).
const FAILURES_MAX: u32 = 20;
/// How long wrong passwords count.
const WINDOW_SECONDS: i64 = 3600;
/// Addresses remembered; beyond it the oldest is forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// What a request brings to prove who its sender is. No `Debug`: secrets.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    /// `token_auth`, and whether it stood in the URL.
    pub(crate) token: Option<(String, bool)>,
    /// `Authorization: Bearer`.
    pub(crate) bearer: Option<String>,
    /// The session's cookie.
    pub(crate) session: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(***)")
    }
}

impl Credentials {
    /// A token that stood in a URL.
    pub(crate) fn token_in_url(token: &str) -> Self {
        Self { token: Some((token.to_owned(), true)), ..Self::default() }
    }
}

/// The person behind a request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    user: Option<Arc<User>>,
    /// They came with a session: sensitive changes need the password again.
    pub(crate) by_session: bool,
}

impl Caller {
    /// Nobody is known to be asking.
    pub(crate) fn is_anonymous(&self) -> bool {
        self.user.as_ref().is_none_or(|user| user.login == User::ANONYMOUS)
    }

    /// They may do everything.
    pub(crate) fn is_super_user(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.super_user)
    }

    /// Their login.
    pub(crate) fn login(&self) -> &str {
        self.user.as_ref().map_or(User::ANONYMOUS, |user| &user.login)
    }

    /// They have at least this role on a site.
    pub(crate) fn may(&self, role: Role, site: SiteId) -> bool {
        self.user.as_ref().is_some_and(|user| user.may(role, site))
    }

    /// They have at least this role on some site.
    pub(crate) fn may_somewhere(&self, role: Role) -> bool {
        self.user.as_ref().is_some_and(|user| user.may_somewhere(role))
    }

    /// Their role on a site.
    pub(crate) fn role(&self, site: SiteId) -> Option<Role> {
        let user = self.user.as_ref()?;
        if user.super_user { Some(Role::Admin) } else { user.access.get(&site).copied() }
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignInError {
    /// Too many wrong passwords from this address.
    #[error("too many wrong passwords from this address; wait an hour")]
    Blocked,
    /// Wrong, or the database failed.
    #[error(transparent)]
    Admin(#[from] AdminError),
}

/// Wrong passwords lately.
#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    since: i64,
}

/// Tells who asks.
pub(crate) struct Auth {
    clock: Arc<dyn Clock>,
    // Only passwords are limited: tokens and session secrets are 128 random bits, guessing them is hopeless,
    // and one misconfigured client must not lock out everybody behind its address.
    failures: Mutex<HashMap<IpAddr, Failures>>,
}

impl Auth {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, failures: Mutex::default() }
    }

    /// The person behind the credentials; `None` when a token was given that is unknown or expired.
    /// An unknown bearer token counts as none: Matomo 5.2 doesn't know the header.
    pub(crate) fn caller(&self, admin: &Admin, credentials: &Credentials) -> Option<Caller> {
        if let Some((token, in_url)) = credentials.token.as_ref().filter(|(t, _)| !t.is_empty() && t != User::ANONYMOUS)
        {
            let user = admin.authenticate_token(token, *in_url)?;
            return Some(Caller { user: Some(user), by_session: false });
        }
        if let Some(user) = credentials.bearer.as_ref().and_then(|token| admin.authenticate_token(token, false)) {
            return Some(Caller { user: Some(user), by_session: false });
        }
        let by_session = credentials.session.as_ref().and_then(|secret| match admin.session(secret) {
            Ok(user) => user,
            Err(error) => {
                tracing::error!(%error, "a session can't be looked up");
                None
            }
        });
        match by_session {
            Some(user) => Some(Caller { user: Some(user), by_session: true }),
            None => Some(Caller { user: admin.user(User::ANONYMOUS), by_session: false }),
        }
    }

    /// Checks a password.
    ///
    /// # Errors
    /// When it is wrong, when too many were wrong, or when the database fails.
    pub(crate) fn check_password(
        &self,
        admin: &Admin,
        ip: IpAddr,
        login: &str,
        password: &str,
    ) -> Result<Arc<User>, SignInError> {
        let (bucket, now) = (bucket(ip), self.clock.now().seconds());
        if self.failures_of(bucket, now) >= FAILURES_MAX {
            return Err(SignInError::Blocked);
        }
        let result = admin.check_password(login, password);
        if matches!(result, Err(AdminError::WrongPassword)) {
            self.note_failure(bucket, now);
        }
        Ok(result?)
    }

    fn failures_of(&self, ip: IpAddr, now: i64) -> u32 {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.get(&ip).filter(|f| now - f.since < WINDOW_SECONDS).map_or(0, |f| f.count)
    }

    fn note_failure(&self, ip: IpAddr, now: i64) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= ADDRESSES_MAX && !failures.contains_key(&ip) {
            let oldest = failures.iter().min_by_key(|(_, f)| f.since).map(|(ip, _)| *ip);
            oldest.map(|ip| failures.remove(&ip));
        }
        let entry = failures.entry(ip).or_insert(Failures { count: 0, since: now });
        if now - entry.since >= WINDOW_SECONDS {
            *entry = Failures { count: 0, since: now };
        }
        entry.count += 1;
    }
}

/// One customer of a network provider has a whole /64 of IPv6.
fn bucket(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::Timestamp;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct TestClock(AtomicI64);

    impl Clock for TestClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn an_address_waits_after_too_many_wrong_passwords() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_700_000_000)));
        let admin = Admin::open(dir.path(), clock.clone(), &|_| {}).unwrap();
        admin.add_user("ann", "correct horse", "ann@example.org").unwrap();
        let auth = Auth::new(clock.clone());
        let sign_in = |ip: &str, password: &str| {
            auth.check_password(&admin, ip.parse().unwrap(), "ann", password)
                .map(|u| u.login.clone())
                .map_err(|e| e.to_string())
        };
        assert_eq!(sign_in("1.2.3.4", "correct horse"), Ok("ann".into()));
        // Stands for 20 wrong passwords, each of which takes its time.
        for _ in 0..FAILURES_MAX {
            auth.note_failure(bucket("2001:db8::1".parse().unwrap()), clock.now().seconds());
        }
        assert_eq!(
            sign_in("2001:db8::2", "correct horse"),
            Err("too many wrong passwords from this address; wait an hour".into())
        );
        assert!(sign_in("2001:db8:0:1::1", "wrong password").unwrap_err().contains("wrong"));
        clock.0.fetch_add(WINDOW_SECONDS, Ordering::Relaxed);
        assert_eq!(sign_in("2001:db8::2", "correct horse"), Ok("ann".into()));
    }
}
