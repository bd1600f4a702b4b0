//! What becomes of a tracking request: hits, the reply, and why others were left out.

use crate::{Hit, Orders, reply::Reply};

/// Why a hit was left out silently. The caller can't tell: it gets a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DropReason {
    /// `rec=1` is missing.
    NotRecorded,
    /// A check whether the tracker is installed.
    InstallCheck,
    /// A bot by its user agent.
    Bot,
    /// An address that only bots use.
    BotAddress,
    /// `exclude_requests` says so.
    ExcludedRequest,
    /// The visitor opted out by cookie.
    IgnoreCookie,
    /// The address is on a list.
    ExcludedAddress,
    /// The user agent is on a list.
    ExcludedUserAgent,
    /// The referrer is a spammer's.
    ReferrerSpam,
    /// The page is not one of the site's.
    UnknownUrl,
    /// A prefetch or preview.
    Prefetch,
    /// `DNT: 1`.
    DoNotTrack,
    /// `Sec-GPC: 1`.
    GlobalPrivacyControl,
}

impl DropReason {
    /// Every reason with its name in metrics.
    pub const ALL: [(&'static str, Self); 13] = [
        ("not_recorded", Self::NotRecorded),
        ("install_check", Self::InstallCheck),
        ("bot", Self::Bot),
        ("bot_address", Self::BotAddress),
        ("excluded_request", Self::ExcludedRequest),
        ("ignore_cookie", Self::IgnoreCookie),
        ("excluded_address", Self::ExcludedAddress),
        ("excluded_user_agent", Self::ExcludedUserAgent),
        ("referrer_spam", Self::ReferrerSpam),
        ("unknown_url", Self::UnknownUrl),
        ("prefetch", Self::Prefetch),
        ("do_not_track", Self::DoNotTrack),
        ("global_privacy_control", Self::GlobalPrivacyControl),
    ];

    /// Its name in metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, reason)| *reason == self).map_or("", |(name, _)| name)
    }
}

/// Why a hit was refused. The caller learns that it was, not why; the operator sees it in metrics and log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The site named is none of ours, or none is named.
    #[error("the site does not exist")]
    UnknownSite,
    /// This parameter is for those with rights.
    #[error("`{0}` needs a token with write access to the site")]
    NotAuthorised(&'static str),
    /// This parameter has a value that Matomo refuses.
    #[error("`{0}` has an impossible value")]
    Invalid(&'static str),
    /// The goal named is none of the site's.
    #[error("the goal does not exist")]
    UnknownGoal,
    /// A custom action, for which Matomo needs a plugin.
    #[error("nothing here handles this custom action")]
    NoHandler,
    /// The order was there before; its visit is kept all the same.
    #[error("the order's id was used before")]
    RepeatedOrder,
    /// A body that was meant to be a bulk request.
    #[error("the bulk request is no JSON with a list of `requests`")]
    UnreadableBulk,
    /// A bulk request beyond all limits.
    #[error("the bulk request has too many hits")]
    TooManyHits,
    /// Nothing can be collected safely at the moment.
    #[error("the fingerprint's salt is not available")]
    NoSalt,
}

impl Refusal {
    /// Its name in metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownSite => "unknown_site",
            Self::NotAuthorised(_) => "not_authorised",
            Self::Invalid(_) => "invalid_value",
            Self::UnknownGoal => "unknown_goal",
            Self::NoHandler => "custom_action",
            Self::RepeatedOrder => "repeated_order",
            Self::UnreadableBulk => "unreadable_bulk",
            Self::TooManyHits => "too_many_hits",
            Self::NoSalt => "no_salt",
        }
    }
}

/// Kinds of failure that site owners should learn of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureReason {
    /// The site does not exist.
    InvalidSite,
    /// A token was needed and not given, or has no rights.
    NotAuthenticated,
    /// What a visitor chose was not kept, for this parameter or the request's `method`.
    RefusedConsent(&'static str),
}

impl FailureReason {
    /// Its number in the API. Those below 100 are Matomo's.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::InvalidSite => 1,
            Self::NotAuthenticated => 2,
            Self::RefusedConsent(_) => 100,
        }
    }
}

/// A failure for the site owner's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackingFailure {
    /// The site named, which may not exist.
    pub site: u32,
    /// Why.
    pub reason: FailureReason,
    /// The page without query and fragment; empty when there is none.
    pub url: String,
}

/// What became of a request.
pub struct Collected {
    /// To be kept, all or none.
    pub hits: Vec<Hit>,
    /// What to answer once the hits are kept.
    pub reply: Reply,
    /// One reason for each hit left out.
    pub drops: Vec<DropReason>,
    /// One reason for each hit, or whole body, refused.
    pub refused: Vec<Refusal>,
    /// For the list of tracking failures.
    pub failures: Vec<TrackingFailure>,
}

impl Collected {
    /// Nothing to keep, just an answer.
    pub(crate) fn answer(reply: Reply) -> Self {
        Self { hits: vec![], reply, drops: vec![], refused: vec![], failures: vec![] }
    }

    /// Takes the claims of the hits' orders back: for a caller that could not keep the hits.
    pub fn release_orders(&self, orders: &dyn Orders) {
        for hit in &self.hits {
            if let Some(order) = hit.commerce.as_ref().filter(|c| !c.order_id.is_empty() && !c.repeated) {
                orders.release(hit.site, &order.order_id);
            }
        }
    }
}
