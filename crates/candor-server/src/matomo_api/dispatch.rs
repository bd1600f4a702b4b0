//! Finds a method, checks the caller's rights, runs it.

use super::{
    arguments::Arguments,
    call::{Access, Call, Method, existing_sites},
    error::ApiError,
    modules,
};
use crate::{app::App, auth::Caller};
use candor_admin::Role;
use candor_core::Params;
use candor_query::table::{Answer, Value};
use std::{net::IpAddr, time::Instant};

/// Where a call comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// Address of the caller.
    pub(crate) ip: IpAddr,
    /// This server as the caller names it.
    pub(crate) base_url: &'a str,
    /// When the caller stops waiting, for all calls of a bulk request together.
    pub(crate) until: Instant,
}

/// Runs `method` (`Module.method`) for a caller.
///
/// # Errors
/// When there is no such method, the caller may not call it, or the method refuses or fails.
pub(crate) fn run(
    app: &App,
    caller: &Caller,
    params: &Params,
    origin: Origin<'_>,
    method: &str,
) -> Result<Answer, ApiError> {
    let (module, action) = method
        .split_once('.')
        .ok_or_else(|| ApiError::new(format!("the method `{method}` must be written as Module.method")))?;
    let found = find(module, action)?;
    let settings = app.admin.settings();
    let arguments = Arguments(params);
    let sites = match found.access {
        Access::Sites(role) | Access::SitesIfAny(role) => {
            let value = params.get("idSite").ok_or_else(|| ApiError::missing("idSite"))?;
            existing_sites(value, &settings, caller, role, found.access == Access::SitesIfAny(role))?
        }
        _ => vec![],
    };
    check(found.access, caller)?;
    let Origin { ip, base_url, until } = origin;
    let call = Call { app, method, caller, arguments, settings, sites, ip, base_url, until };
    (found.run)(&call).map(|answer| cut_list(answer, arguments))
}

fn check(access: Access, caller: &Caller) -> Result<(), ApiError> {
    let anonymous = caller.is_anonymous();
    match access {
        Access::Anyone | Access::Sites(_) | Access::SitesIfAny(_) => Ok(()),
        Access::SignedIn if anonymous => Err(ApiError::sign_in_first()),
        Access::SignedIn => Ok(()),
        Access::Somewhere(role) if caller.may_somewhere(role) => Ok(()),
        Access::Somewhere(role) => Err(ApiError::no_access_anywhere(role, anonymous)),
        Access::SuperUser if caller.is_super_user() => Ok(()),
        Access::SuperUser => Err(ApiError::super_users_only(anonymous)),
    }
}

fn find(module: &str, name: &str) -> Result<&'static Method, ApiError> {
    if let Some(method) = modules::find(module, name) {
        return Ok(method);
    }
    if let Some(method) = modules::find_report(&format!("{module}.{name}")) {
        return Ok(method);
    }
    if modules::is_module(module) {
        return Err(ApiError::unknown_method(module, name));
    }
    Err(ApiError::unknown_module(module))
}

/// Rows of a listing that says no limit.
const ROWS_DEFAULT: usize = 100;

/// Listings keyed by number are cut to `filter_limit` rows and thereby lose their keys,
/// as PHP's `array_slice` does; with `filter_limit=-1` clients get them with their keys.
fn cut_list(answer: Answer, arguments: Arguments<'_>) -> Answer {
    let limit = match arguments.number::<i64>("filter_limit") {
        Some(limit) if limit < 0 => return answer,
        Some(limit) => usize::try_from(limit).unwrap_or(ROWS_DEFAULT),
        None => ROWS_DEFAULT,
    };
    let offset = arguments.number("filter_offset").unwrap_or(0);
    let cut = |values: Vec<Value>| Answer::Data(Value::List(values.into_iter().skip(offset).take(limit).collect()));
    let is_number = |key: &str| key.parse::<i64>().is_ok();
    match answer {
        Answer::Data(Value::List(values)) => cut(values),
        Answer::Data(Value::Map(entries)) if entries.first().is_some_and(|(key, _)| is_number(key)) => {
            cut(entries.into_iter().map(|(_, value)| value).collect())
        }
        answer => answer,
    }
}

/// `Access::Sites(Role::View)` and the like, for the tables.
pub(crate) const VIEW: Access = Access::Sites(Role::View);
/// See [`VIEW`].
pub(crate) const WRITE: Access = Access::Sites(Role::Write);
/// See [`VIEW`].
pub(crate) const ADMIN: Access = Access::Sites(Role::Admin);
/// At least view on any site.
pub(crate) const VIEW_SOMEWHERE: Access = Access::Somewhere(Role::View);
/// Admin of any site.
pub(crate) const ADMIN_SOMEWHERE: Access = Access::Somewhere(Role::Admin);
