//! Signing in and out, and making the first account.

use super::{Failure, error, failure};
use crate::{
    app::App,
    auth::SignInError,
    http::{Response, cookie, header, json, response, set},
    router::{Asked, SESSION_COOKIE},
};
use candor_admin::{SESSION_SECONDS_MAX, User};
use hyper::header::SET_COOKIE;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    login: String,
    /// May do everything.
    super_user: bool,
}

impl Session {
    fn of(user: &User) -> Self {
        Self { login: user.login.clone(), super_user: user.super_user }
    }
}

/// Nobody is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Nobody {
    error: String,
    /// There is no super user yet: the first account is made with the link in the server's log.
    needs_setup: bool,
}

/// What proves who somebody is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    login: String,
    #[schema(format = Password)]
    password: String,
}

/// The first account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUp {
    /// From the link in the server's log.
    token: String,
    login: String,
    #[schema(format = Password)]
    password: String,
    email: String,
}

/// Who is signed in.
#[utoipa::path(
    get,
    path = "/api/v1/session",
    operation_id = "getSession",
    responses(
        (status = 200, description = "The signed-in person", body = Session),
        (status = 401, description = "Nobody is signed in", body = Nobody)
    )
)]
pub(super) fn show(app: &App, asked: &Asked) -> Response {
    if let Some(secret) = cookie(&asked.head.headers, SESSION_COOKIE) {
        match app.admin.session(secret) {
            Ok(Some(user)) => return json(200, &Session::of(&user)),
            Ok(None) => {}
            Err(failed) => return failure(failed),
        }
    }
    json(401, &Nobody { error: "nobody is signed in".into(), needs_setup: app.admin.needs_setup() })
}

/// Starts a session.
#[utoipa::path(
    post,
    path = "/api/v1/session",
    operation_id = "signIn",
    request_body = SignIn,
    responses(
        (status = 200, description = "Signed in; a cookie is set", body = Session),
        (status = 400, description = "The body can't be read", body = Failure),
        (status = 401, description = "Login or password is wrong", body = Failure),
        (status = 429, description = "Too many failures from this address; wait", body = Failure)
    )
)]
pub(super) fn sign_in(app: &App, asked: &Asked) -> Response {
    let given: SignIn = match read(asked) {
        Ok(given) => given,
        Err(refused) => return *refused,
    };
    match app.auth.check_password(&app.admin, asked.ip, &given.login, &given.password) {
        Ok(user) => start(app, asked, &user),
        Err(SignInError::Blocked) => error(429, &SignInError::Blocked.to_string()),
        Err(SignInError::Admin(failed)) => failure(failed),
    }
}

/// Ends the session.
#[utoipa::path(
    delete,
    path = "/api/v1/session",
    operation_id = "signOut",
    responses((status = 204, description = "Nobody is signed in now"))
)]
pub(super) fn sign_out(app: &App, asked: &Asked) -> Response {
    if let Some(Err(failed)) = cookie(&asked.head.headers, SESSION_COOKIE).map(|secret| app.admin.end_session(secret)) {
        return failure(failed);
    }
    let mut answer = response(204, "", "");
    set_cookie(&mut answer, asked, "", 0);
    answer
}

/// Makes the first super user. Only who has the link from the server's log may.
#[utoipa::path(
    post,
    path = "/api/v1/setup",
    operation_id = "setUp",
    request_body = SetUp,
    responses(
        (status = 200, description = "Made and signed in; a cookie is set", body = Session),
        (status = 400, description = "The body can't be read, or a value is refused", body = Failure),
        (status = 403, description = "There is an account already, or the token is wrong", body = Failure)
    )
)]
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
        Err(failed) => failure(failed),
    }
}

/// Compares in a time that doesn't tell where they differ.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |different, (x, y)| different | (x ^ y)) == 0
}

/// The JSON body. Its content type is asked for: forms of other sites can't send it.
pub(super) fn read<T: DeserializeOwned>(asked: &Asked) -> Result<T, Box<Response>> {
    if !header(&asked.head.headers, "content-type").starts_with("application/json") {
        return Err(Box::new(error(415, "send JSON with content-type application/json")));
    }
    serde_json::from_slice(&asked.body).map_err(|e| Box::new(error(400, &format!("the body can't be read: {e}"))))
}

fn start(app: &App, asked: &Asked, user: &User) -> Response {
    match app.admin.start_session(&user.login) {
        Ok(secret) => {
            let mut answer = json(200, &Session::of(user));
            set_cookie(&mut answer, asked, &secret, SESSION_SECONDS_MAX);
            answer
        }
        Err(failed) => failure(failed),
    }
}

fn set_cookie(answer: &mut Response, asked: &Asked, secret: &str, seconds: i64) {
    let secure = if asked.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{SESSION_COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    set(answer, SET_COOKIE, &cookie);
}
