//! One call of an API method: who asks, what was given, and what it may touch.

use super::{arguments::Arguments, error::ApiError};
use crate::{app::App, auth::Caller};
use candor_admin::Role;
use candor_core::{ParamValue, Settings, SiteId, SiteSettings};
use candor_query::{
    segment::{Asker, SegmentContext},
    table::{Answer, Value},
};
use std::{net::IpAddr, sync::Arc, time::Instant};

/// A call whose rights were checked.
pub(crate) struct Call<'a> {
    /// The server's parts.
    pub(crate) app: &'a App,
    /// `Module.method`.
    pub(crate) method: &'a str,
    /// Who asks.
    pub(crate) caller: &'a Caller,
    /// What was given.
    pub(crate) arguments: Arguments<'a>,
    /// The settings when the call began.
    pub(crate) settings: Arc<Settings>,
    /// Sites that `idSite` names, in order, rights checked; empty for methods that aren't about sites.
    pub(crate) sites: Vec<SiteId>,
    /// Address of the caller.
    pub(crate) ip: IpAddr,
    /// This server as the caller names it, `https://host/`.
    pub(crate) base_url: &'a str,
    /// When the caller stops waiting.
    pub(crate) until: Instant,
}

/// What a method may be called with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody; the method narrows its answer to what the caller may see.
    Anyone,
    /// People with an account.
    SignedIn,
    /// This role on at least one site.
    Somewhere(Role),
    /// This role on all sites that `idSite` names.
    Sites(Role),
    /// The same, and a super user may name sites that don't exist: a list of theirs is empty.
    SitesIfAny(Role),
    /// Super users.
    SuperUser,
}

/// One method.
pub(crate) struct Method {
    /// Name within its module.
    pub(crate) name: &'static str,
    /// Who may call it.
    pub(crate) access: Access,
    /// What it does.
    pub(crate) run: fn(&Call<'_>) -> Result<Answer, ApiError>,
}

impl Method {
    /// A row of a module's table.
    pub(crate) const fn new(
        name: &'static str,
        access: Access,
        run: fn(&Call<'_>) -> Result<Answer, ApiError>,
    ) -> Self {
        Self { name, access, run }
    }
}

impl Call<'_> {
    /// The one site the call is about: the first that `idSite` names.
    pub(crate) fn site(&self) -> Result<&Arc<SiteSettings>, ApiError> {
        let id = self.sites.first().ok_or_else(|| ApiError::missing("idSite"))?;
        self.settings.site(*id).ok_or_else(|| ApiError::unknown_site(&id.to_string()))
    }

    /// Who asks, as far as personal data goes.
    pub(crate) fn asker(&self) -> Asker {
        if self.caller.is_anonymous() { Asker::Anonymous } else { Asker::SignedIn }
    }

    /// What the caller's segments are checked against.
    pub(crate) fn segment_context<'a>(&'a self, site: Option<&'a SiteSettings>) -> SegmentContext<'a> {
        SegmentContext { vocabulary: &self.app.vocabulary, site, asker: self.asker() }
    }

    /// Sites on which the caller has exactly or at least a role, by id.
    pub(crate) fn sites_with(&self, role: Role, at_least: bool) -> Vec<Arc<SiteSettings>> {
        let fits = |id: SiteId| match self.caller.role(id) {
            Some(has) => has == role || (at_least && has > role),
            None => false,
        };
        self.settings.sites.values().filter(|site| fits(site.id)).cloned().collect()
    }

    /// Sites named by a list parameter of another name than `idSite`; the caller needs this role on each.
    pub(crate) fn sites_of(&self, name: &str, role: Role) -> Result<Vec<SiteId>, ApiError> {
        let value = self.arguments.0.get(name).ok_or_else(|| ApiError::missing(name))?;
        named_sites(value, &self.settings, self.caller, role)
    }
}

/// Reads `1`, `1,3`, `all` or a list. Entries that are no numbers are dropped, repeated ones count once.
pub(crate) fn named_sites(
    value: &ParamValue,
    settings: &Settings,
    caller: &Caller,
    role: Role,
) -> Result<Vec<SiteId>, ApiError> {
    existing_sites(value, settings, caller, role, false)
}

/// As [`named_sites`]; with `leave_out` a super user may name sites that don't exist.
pub(crate) fn existing_sites(
    value: &ParamValue,
    settings: &Settings,
    caller: &Caller,
    role: Role,
    leave_out: bool,
) -> Result<Vec<SiteId>, ApiError> {
    if value.as_text() == Some("all") {
        let all: Vec<_> = settings.sites.keys().copied().filter(|id| caller.may(role, *id)).collect();
        return if all.is_empty() { Err(ApiError::no_access_anywhere(role, caller.is_anonymous())) } else { Ok(all) };
    }
    let mut sites: Vec<SiteId> = vec![];
    for text in value.texts().into_iter().flat_map(|text| text.split(',')) {
        let Ok(id) = text.trim().parse().map(SiteId) else { continue };
        if sites.contains(&id) {
            continue;
        }
        if settings.site(id).is_none() && caller.is_super_user() {
            if leave_out {
                return Ok(vec![]);
            }
            return Err(ApiError::unknown_site(&id.to_string()));
        }
        if !caller.may(role, id) {
            return Err(ApiError::no_access_to(role, id, caller.is_anonymous()));
        }
        sites.push(id);
    }
    if sites.is_empty() {
        let given = value.texts().join(",");
        return Err(if given.is_empty() { ApiError::missing("idSite") } else { ApiError::unknown_site(&given) });
    }
    Ok(sites)
}

/// An answer of nested values, written as JSON.
pub(crate) fn data(json: serde_json::Value) -> Answer {
    Answer::Data(value(json))
}

/// A single value.
pub(crate) fn scalar(json: impl Into<serde_json::Value>) -> Answer {
    Answer::Scalar(value(json.into()))
}

/// Nested values from JSON.
pub(crate) fn value(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(yes) => Value::Bool(yes),
        serde_json::Value::Number(n) => n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or(0.0)), Value::Int),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(values) => Value::List(values.into_iter().map(value).collect()),
        serde_json::Value::Object(map) => Value::Map(map.into_iter().map(|(k, v)| (k, value(v))).collect()),
    }
}
