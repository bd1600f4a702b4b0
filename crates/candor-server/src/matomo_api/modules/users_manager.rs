//! `UsersManager`: people, their rights and tokens.

use crate::matomo_api::{
    call::{Access, Call, Method, data, scalar},
    dispatch::{ADMIN, ADMIN_SOMEWHERE, VIEW_SOMEWHERE},
    error::ApiError,
};
use candor_admin::{AdminError, NewToken, Role, User};
use candor_core::SiteZone;
use candor_query::{period::parse_day, table::Answer};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const METHODS: &[Method] = &[
    Method::new("createAppSpecificTokenAuth", Access::Anyone, create_token),
    Method::new("addUser", Access::SuperUser, add_user),
    Method::new("updateUser", Access::SignedIn, update_user),
    Method::new("deleteUser", Access::SuperUser, delete_user),
    Method::new("setSuperUserAccess", Access::SuperUser, set_super_user),
    Method::new("setUserAccess", Access::Somewhere(Role::Admin), set_access),
    Method::new("getUser", Access::SignedIn, |call| {
        Ok(data(user_json(existing(call, call.own_login("userLogin")?)?.as_ref())))
    }),
    Method::new("getUserByEmail", Access::SuperUser, |call| Ok(data(user_json(by_email(call)?.as_ref())))),
    Method::new("getUserLoginFromUserEmail", ADMIN_SOMEWHERE, |call| Ok(scalar(by_email(call)?.login.clone()))),
    Method::new("getUsers", ADMIN_SOMEWHERE, get_users),
    Method::new("getUsersLogin", ADMIN_SOMEWHERE, |call| {
        Ok(data(visible(call).iter().map(|user| json!(user.login)).collect()))
    }),
    Method::new("userExists", VIEW_SOMEWHERE, |call| {
        Ok(scalar(call.app.admin.user(call.arguments.required("userLogin")?).is_some()))
    }),
    Method::new("userEmailExists", VIEW_SOMEWHERE, |call| {
        call.arguments.required("userEmail")?;
        Ok(scalar(by_email(call).is_ok()))
    }),
    Method::new("hasSuperUserAccess", Access::Anyone, |call| Ok(scalar(call.caller.is_super_user()))),
    Method::new("getUsersHavingSuperUserAccess", Access::SignedIn, |call| {
        Ok(data(call.app.admin.users().iter().filter(|user| user.super_user).map(|user| user_json(user)).collect()))
    }),
    Method::new("getUsersAccessFromSite", ADMIN, |call| {
        let site = call.site()?.id;
        let roles = visible(call)
            .into_iter()
            .filter_map(|user| Some((user.login.clone(), json!(user.access.get(&site)?.name()))));
        Ok(data(Value::Object(roles.collect())))
    }),
    Method::new("getUsersWithSiteAccess", ADMIN, users_with_access),
    Method::new("getUsersSitesFromAccess", Access::SuperUser, users_sites),
    Method::new("getSitesAccessFromUser", Access::SuperUser, |call| {
        let user = existing(call, call.arguments.required("userLogin")?)?;
        Ok(data(user.access.iter().map(|(site, role)| json!({ "site": site.0, "access": role.name() })).collect()))
    }),
    Method::new("getAvailableRoles", ADMIN_SOMEWHERE, |_| {
        let about =
            [("View", "See reports"), ("Write", "Also goals and dimensions"), ("Admin", "Also settings and people")];
        let roles = Role::ALL.iter().zip(about);
        Ok(data(roles.map(|((id, _), (name, text))| json!({ "id": id, "name": name, "description": text })).collect()))
    }),
    Method::new("getAvailableCapabilities", ADMIN_SOMEWHERE, |_| Ok(data(json!([])))),
];

impl Call<'_> {
    /// Sensitive changes need the caller's password again when they come from a browser session.
    pub(super) fn confirm_password(&self) -> Result<(), ApiError> {
        if self.caller.by_session { self.check_own_password() } else { Ok(()) }
    }

    fn check_own_password(&self) -> Result<(), ApiError> {
        let password = self.arguments.raw("passwordConfirmation").unwrap_or_default();
        if password.is_empty() {
            return Err(ApiError::missing("passwordConfirmation"));
        }
        self.app
            .auth
            .check_password(&self.app.admin, self.ip, self.caller.login(), password)
            .map(|_| ())
            .map_err(|error| ApiError::new(error.to_string()))
    }
}

fn existing(call: &Call<'_>, login: &str) -> Result<Arc<User>, ApiError> {
    call.app.admin.user(login).ok_or_else(|| ApiError::new(format!("there is no user `{login}`")))
}

fn by_email(call: &Call<'_>) -> Result<Arc<User>, ApiError> {
    let email = call.arguments.required("userEmail")?;
    let found = call.app.admin.users().into_iter().find(|user| user.email.eq_ignore_ascii_case(email));
    found.ok_or_else(|| ApiError::new(format!("there is no user with the address `{email}`")))
}

fn user_json(user: &User) -> Value {
    let at = jiff::Timestamp::from_second(user.created_at).unwrap_or_default();
    json!({
        "login": user.login,
        "email": user.email,
        "superuser_access": u8::from(user.super_user),
        "date_registered": at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
    })
}

/// Super users see everybody; admins those who have a right on their sites.
fn visible(call: &Call<'_>) -> Vec<Arc<User>> {
    let own: Vec<_> = call.sites_with(Role::Admin, false).iter().map(|site| site.id).collect();
    let shares = |user: &User| user.access.keys().any(|site| own.contains(site)) || user.login == call.caller.login();
    let all = call.app.admin.users();
    if call.caller.is_super_user() { all } else { all.into_iter().filter(|user| shares(user)).collect() }
}

fn get_users(call: &Call<'_>) -> Result<Answer, ApiError> {
    let wanted = call.arguments.list("userLogins").unwrap_or_default();
    let users = visible(call).into_iter().filter(|user| wanted.is_empty() || wanted.contains(&user.login));
    Ok(data(users.map(|user| user_json(&user)).collect()))
}

fn users_with_access(call: &Call<'_>) -> Result<Answer, ApiError> {
    let (site, wanted) = (call.site()?.id, call.arguments.required("access")?);
    let users =
        visible(call).into_iter().filter(|user| user.access.get(&site).is_some_and(|role| role.name() == wanted));
    Ok(data(users.map(|user| user_json(&user)).collect()))
}

fn users_sites(call: &Call<'_>) -> Result<Answer, ApiError> {
    let wanted = call.arguments.required("access")?;
    let sites = |user: &User| -> Vec<u32> {
        user.access.iter().filter(|(_, role)| role.name() == wanted).map(|(site, _)| site.0).collect()
    };
    let users = call.app.admin.users().into_iter().map(|user| (user.login.clone(), sites(&user)));
    Ok(data(Value::Object(users.filter(|(_, sites)| !sites.is_empty()).map(|(l, s)| (l, json!(s))).collect())))
}

/// Needs no token but the person's own password: how apps sign in.
fn create_token(call: &Call<'_>) -> Result<Answer, ApiError> {
    let given = call.arguments;
    let name = given.required("userLogin")?;
    let password = given.raw("passwordConfirmation").filter(|p| !p.is_empty());
    let password = password.ok_or_else(|| ApiError::missing("passwordConfirmation"))?;
    let description = given.required("description")?;
    let by_email = call.app.admin.users().into_iter().find(|user| user.email.eq_ignore_ascii_case(name));
    let login = by_email.map_or_else(|| name.to_owned(), |user| user.login.clone());
    let auth = &call.app.auth;
    let user = auth
        .check_password(&call.app.admin, call.ip, &login, password)
        .map_err(|error| ApiError::new(error.to_string()))?;
    let token = call
        .app
        .admin
        .create_token(&user.login, &NewToken { description, expires_at: expiry(call)?, ..NewToken::default() })?;
    Ok(scalar(token))
}

/// `expireDate` (UTC) or `expireHours` from now.
fn expiry(call: &Call<'_>) -> Result<Option<i64>, ApiError> {
    if let Some(hours) = call.arguments.number::<i64>("expireHours").filter(|hours| *hours > 0) {
        return Ok(Some(call.app.clock.now().seconds().saturating_add(hours.saturating_mul(3600))));
    }
    let Some(text) = call.arguments.text("expireDate") else { return Ok(None) };
    let utc = SiteZone::utc();
    let day = parse_day(text, utc.day(call.app.clock.now())).map_err(|error| ApiError::new(error.to_string()))?;
    Ok(Some(utc.start_of(day).seconds()))
}

fn add_user(call: &Call<'_>) -> Result<Answer, ApiError> {
    call.confirm_password()?;
    let given = call.arguments;
    let (login, email) = (given.required("userLogin")?, given.required("email")?);
    let password = given.raw("password").filter(|p| !p.is_empty()).ok_or_else(|| ApiError::missing("password"))?;
    call.app.admin.add_user(login, password, email)?;
    if let Some(site) = given.number("initialIdSite") {
        call.app.admin.set_access(login, Some(Role::View), &[candor_core::SiteId(site)])?;
    }
    Ok(Answer::Success)
}

fn update_user(call: &Call<'_>) -> Result<Answer, ApiError> {
    let login = call.own_login("userLogin")?;
    call.check_own_password()?;
    let password = call.arguments.raw("password").filter(|p| !p.is_empty());
    call.app.admin.update_user(login, password, call.arguments.text("email"))?;
    Ok(Answer::Success)
}

fn delete_user(call: &Call<'_>) -> Result<Answer, ApiError> {
    call.confirm_password()?;
    call.app.admin.delete_user(call.arguments.required("userLogin")?)?;
    Ok(Answer::Success)
}

fn set_super_user(call: &Call<'_>) -> Result<Answer, ApiError> {
    call.check_own_password()?;
    let yes = call.arguments.flag("hasSuperUserAccess").ok_or_else(|| ApiError::missing("hasSuperUserAccess"))?;
    call.app.admin.set_super_user(call.arguments.required("userLogin")?, yes)?;
    Ok(Answer::Success)
}

fn set_access(call: &Call<'_>) -> Result<Answer, ApiError> {
    call.confirm_password()?;
    let (login, access) = (call.arguments.required("userLogin")?, call.arguments.list("access").unwrap_or_default());
    let role = match access.first().map(String::as_str) {
        None => return Err(ApiError::missing("access")),
        Some("noaccess") => None,
        Some(name) => Some(
            Role::parse(name).ok_or_else(|| ApiError::invalid("access", name, "use noaccess, view, write or admin"))?,
        ),
    };
    if login == User::ANONYMOUS && role.is_some_and(|role| role > Role::View) {
        return Err(ApiError::new("the anonymous user can only be given view access"));
    }
    if call.app.admin.user(login).is_some_and(|user| user.super_user) {
        return Err(ApiError::from(AdminError::Invalid(format!("`{login}` is a super user and may do everything"))));
    }
    let sites = call.sites_of("idSites", Role::Admin)?;
    call.app.admin.set_access(login, role, &sites)?;
    Ok(Answer::Success)
}
