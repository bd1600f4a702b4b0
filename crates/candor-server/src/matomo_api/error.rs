//! What an API call can be refused with: a message for the caller and the HTTP status that Matomo gives it.
//! Messages that clients compare are Matomo's; all others say in our words what to do.

use candor_admin::{AdminError, Role};
use candor_core::SiteId;

/// A refused or failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// HTTP status. Application errors are 200 in Matomo's API: clients read the body.
    pub(crate) status: u16,
    /// Shown to the caller, plain text.
    pub(crate) message: String,
}

impl ApiError {
    /// The call makes no sense as it is.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { status: 200, message: message.into() }
    }

    /// A required parameter is missing.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(format!("Please specify a value for '{name}'."))
    }

    /// A parameter's value is not acceptable.
    pub(crate) fn invalid(name: &str, value: &str, advice: &str) -> Self {
        Self::new(format!("the parameter `{name}` can't be `{value}`: {advice}"))
    }

    /// The token is unknown.
    pub(crate) fn bad_token() -> Self {
        let message = "Unable to authenticate with the provided token. It is either invalid or expired.";
        Self { status: 401, message: message.into() }
    }

    /// The caller may not do this with any site.
    pub(crate) fn no_access_anywhere(role: Role, anonymous: bool) -> Self {
        Self::no_access(format!("{} access for at least one website", role.name()), anonymous)
    }

    /// The caller may not do this with a site.
    pub(crate) fn no_access_to(role: Role, site: SiteId, anonymous: bool) -> Self {
        Self::no_access(format!("{} access for the website id = {site}", role.name()), anonymous)
    }

    /// Only super users may do this.
    pub(crate) fn super_users_only(anonymous: bool) -> Self {
        Self::no_access("super user access".into(), anonymous)
    }

    /// Only signed-in people may do this.
    pub(crate) fn sign_in_first() -> Self {
        Self { status: 401, message: "You must be logged in to access this functionality.".into() }
    }

    fn no_access(needed: String, anonymous: bool) -> Self {
        let message = format!("You can't access this resource as it requires {needed}.");
        Self { status: if anonymous { 401 } else { 200 }, message }
    }

    /// There is no such site.
    pub(crate) fn unknown_site(id: &str) -> Self {
        Self::new(format!("An unexpected website was found in the request: website id was set to '{id}' ."))
    }

    /// The module is known, its method isn't.
    pub(crate) fn unknown_method(module: &str, method: &str) -> Self {
        let message = format!(
            "The method '{method}' does not exist or is not available in the module '\\Piwik\\Plugins\\{module}\\API'."
        );
        Self { status: 400, message }
    }

    /// The module isn't known.
    pub(crate) fn unknown_module(module: &str) -> Self {
        Self::new(format!(
            "The plugin {module} is not enabled. You can activate the plugin on Settings > Plugins page in Matomo."
        ))
    }

    /// The call makes sense, but not now or not so much at once.
    pub(crate) fn busy(message: impl Into<String>) -> Self {
        Self { status: 503, message: message.into() }
    }

    /// Our fault; the cause is logged, the caller gets no inside knowledge.
    pub(crate) fn internal(what: &str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "{what} failed");
        Self { status: 500, message: format!("{what} failed; the server's log says why") }
    }
}

impl From<AdminError> for ApiError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Invalid(_) | AdminError::NotFound(_) | AdminError::WrongPassword => {
                Self::new(error.to_string())
            }
            other => Self::internal("changing settings", &other),
        }
    }
}
