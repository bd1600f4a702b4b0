//! Signing in and out, and making the first account.

use super::error;
use crate::{
    app::App,
    auth::SignInError,
    http::{Response, cookie, header, json, response, set},
    router::{Asked, SESSION_COOKIE},
};
use candor_admin::{AdminError, SESSION_SECONDS_MAX, User};
use hyper::header::SET_COOKIE;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    login: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetUp {
    token: String,
    login: String,
    password: String,
    email: String,
}

/// Who is signed in.
pub(super) fn show(app: &App, asked: &Asked) -> Response {
    if let Some(secret) = cookie(&asked.head.headers, SESSION_COOKIE) {
        match app.admin.session(secret) {
            Ok(Some(user)) => return json(200, &shown(&user)),
            Ok(None) => {}
            Err(failed) => return failure(&failed),
        }
    }
    json(401, &json!({ "error": "nobody is signed in", "needs_setup": app.admin.needs_setup() }))
}

/// Starts a session.
pub(super) fn sign_in(app: &App, asked: &Asked) -> Response {
    let given: SignIn = match read(asked) {
        Ok(given) => given,
        Err(refused) => return *refused,
    };
    match app.auth.check_password(&app.admin, asked.ip, &given.login, &given.password) {
        Ok(user) => start(app, asked, &user),
        Err(SignInError::Blocked) => error(429, &SignInError::Blocked.to_string()),
        Err(SignInError::Admin(failed)) => failure(&failed),
    }
}

/// Ends the session.
pub(super) fn sign_out(app: &App, asked: &Asked) -> Response {
    if let Some(Err(failed)) = cookie(&asked.head.headers, SESSION_COOKIE).map(|secret| app.admin.end_session(secret)) {
        return failure(&failed);
    }
    let mut answer = response(204, "", "");
    set_cookie(&mut answer, asked, "", 0);
    answer
}

/// Makes the first super user. Only who has the link from the server's log may.
pub(super) fn set_up(app: &App, asked: &Asked) -> Response {
    let given: SetUp = match read(asked) {
        Ok(given) => given,
        Err(refused) => return *refused,
    };
    let Some(expected) = app.options.setup_token.as_ref().filter(|_| app.admin.needs_setup()) else {
        return error(403, "there is a super user already; sign in instead");
    };
    if !is_same(expected.as_bytes(), given.token.as_bytes()) {
        return error(403, "this set-up link isn't valid; use the one in the server's log");
    }
    let made = app.admin.set_up(&given.login, &given.password, &given.email);
    match made.map(|()| app.admin.user(&given.login)) {
        Ok(Some(user)) => start(app, asked, &user),
        Ok(None) => error(500, "the account was made but can't be found; sign in"),
        Err(failed) => failure(&failed),
    }
}

/// Compares in a time that doesn't tell where they differ.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |different, (x, y)| different | (x ^ y)) == 0
}

/// The JSON body. Its content type is asked for: forms of other sites can't send it.
fn read<T: DeserializeOwned>(asked: &Asked) -> Result<T, Box<Response>> {
    if !header(&asked.head.headers, "content-type").starts_with("application/json") {
        return Err(Box::new(error(415, "send JSON with content-type application/json")));
    }
    serde_json::from_slice(&asked.body).map_err(|e| Box::new(error(400, &format!("the body can't be read: {e}"))))
}

fn start(app: &App, asked: &Asked, user: &User) -> Response {
    match app.admin.start_session(&user.login) {
        Ok(secret) => {
            let mut answer = json(200, &shown(user));
            set_cookie(&mut answer, asked, &secret, SESSION_SECONDS_MAX);
            answer
        }
        Err(failed) => failure(&failed),
    }
}

fn set_cookie(answer: &mut Response, asked: &Asked, secret: &str, seconds: i64) {
    let secure = if asked.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    set(answer, SET_COOKIE, &cookie);
}

fn shown(user: &User) -> serde_json::Value {
    json!({ "login": user.login, "super_user": user.super_user })
}

fn failure(failed: &AdminError) -> Response {
    match failed {
        AdminError::WrongPassword => error(401, &failed.to_string()),
        AdminError::Invalid(_) | AdminError::NotFound(_) => error(400, &failed.to_string()),
        other => {
            tracing::error!(error = %other, "a request of the dashboard failed");
            error(500, "the request failed; the server's log says why")
        }
    }
}
