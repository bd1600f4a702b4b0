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
}

/// Why a hit was refused. The caller learns that it was, not why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the site does not exist")]
    UnknownSite,
    #[error("`{0}` needs a token with write access to the site")]
    NotAuthorised(&'static str),
    #[error("`{0}` has an impossible value")]
    Invalid(&'static str),
    #[error("the goal does not exist")]
    UnknownGoal,
    #[error("nothing here handles this custom action")]
    NoHandler,
    #[error("the fingerprint's salt is not available")]
    NoSalt,
}

/// Kinds of failure that site owners should learn of. Numbers are Matomo's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FailureReason {
    /// The site does not exist.
    InvalidSite = 1,
    /// A token was needed and not given, or has no rights.
    NotAuthenticated = 2,
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
    /// How many hits were refused.
    pub refused: usize,
    /// For the list of tracking failures.
    pub failures: Vec<TrackingFailure>,
}

impl Collected {
    /// Nothing to keep, just an answer.
    pub(crate) fn answer(reply: Reply) -> Self {
        Self { hits: vec![], reply, drops: vec![], refused: 0, failures: vec![] }
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
