//! Hits that are not recorded: bots, people who don't want to be, lists of the site's owners.
//! Decides on raw values; says why, never for whom.

mod addresses;
mod agents;
mod conditions;

pub use addresses::is_address_block;

pub(crate) use addresses::AddressList;
pub(crate) use agents::AgentList;
pub(crate) use conditions::Conditions;

use crate::{
    cookies,
    enrich::{Detection, ReferrerLookup, url::Url},
    outcome::DropReason,
    raw::RawHit,
    request::RequestHeaders,
    rules::{Rules, SiteRules},
};
use candor_core::{Signals, regime};
use std::net::IpAddr;

/// What the decision rests on.
pub(crate) struct Candidate<'a> {
    pub raw: &'a RawHit,
    pub headers: &'a RequestHeaders<'a>,
    pub ip: IpAddr,
    pub user_agent: &'a str,
    pub detection: &'a Detection,
    pub rules: &'a Rules,
    pub site: &'a SiteRules,
    pub referrers: &'a dyn ReferrerLookup,
}

/// Whether a reason holds.
type Check<'a> = fn(&Candidate<'a>) -> bool;

impl<'a> Candidate<'a> {
    /// Why the hit is not recorded; `None` when it is. The order is Matomo's.
    pub(crate) fn drop_reason(&self) -> Option<DropReason> {
        let checks: [(Check<'a>, DropReason); 13] = [
            (Self::is_install_check, DropReason::InstallCheck),
            (Self::is_bot, DropReason::Bot),
            (Self::is_bot_address, DropReason::BotAddress),
            (|c| !c.raw.is_on("rec"), DropReason::NotRecorded),
            (Self::wants_no_tracking, DropReason::DoNotTrack),
            (Self::has_privacy_control, DropReason::GlobalPrivacyControl),
            (|c| c.rules.conditions.any_holds(c.raw), DropReason::ExcludedRequest),
            (|c| cookies::has_opted_out(c.headers.cookie), DropReason::IgnoreCookie),
            (|c| c.site.addresses.contains(c.ip), DropReason::ExcludedAddress),
            (|c| c.site.agents.contains(c.user_agent), DropReason::ExcludedUserAgent),
            (Self::is_spam, DropReason::ReferrerSpam),
            (Self::is_elsewhere, DropReason::UnknownUrl),
            (Self::is_prefetch, DropReason::Prefetch),
        ];
        checks.into_iter().find(|(holds, _)| holds(self)).map(|(_, reason)| reason)
    }

    fn is_install_check(&self) -> bool {
        !self.raw.text("tracker_install_check").is_empty()
    }

    fn is_bot(&self) -> bool {
        self.detection.bot.is_some() && !self.raw.is_on("bots")
    }

    fn is_bot_address(&self) -> bool {
        // The data saver of old Chromes sends people's hits from these addresses.
        let is_proxy = self.headers.via.to_ascii_lowercase().contains("chrome-compression-proxy");
        !self.raw.is_on("bots") && !is_proxy && addresses::is_bot(self.ip)
    }

    /// Whether a browser's signal counts; `everywhere`: on sites that say nothing of their own.
    fn heeds_signals(&self, everywhere: bool) -> bool {
        let heeds = match self.site.settings.signals {
            Some(Signals::Reject | Signals::Ask) => true,
            Some(Signals::Ignore) => regime::needs_signals(&self.rules.settings.privacy.regime),
            None => everywhere,
        };
        heeds && !self.raw.has_consent()
    }

    fn wants_no_tracking(&self) -> bool {
        self.heeds_signals(self.rules.settings.privacy.respect_do_not_track)
            && (self.headers.dnt.starts_with('1') || self.headers.x_do_not_track == "1")
    }

    fn has_privacy_control(&self) -> bool {
        self.heeds_signals(self.rules.settings.privacy.respect_global_privacy_control)
            && self.headers.sec_gpc.trim() == "1"
    }

    fn is_spam(&self) -> bool {
        self.rules.settings.tracker.enable_spam_filter && self.referrers.is_spam(self.raw.text("urlref"))
    }

    fn is_elsewhere(&self) -> bool {
        let site = &self.site.settings;
        if !site.exclude_unknown_urls || site.urls.is_empty() {
            return false;
        }
        let found = self.rules.site_urls.find(&Url::parse(self.raw.text("url")));
        found.is_none_or(|found| !found.includes(site.id))
    }

    fn is_prefetch(&self) -> bool {
        matches!(self.headers.x_purpose, "preview" | "instant") || self.headers.x_moz == "prefetch"
    }
}
