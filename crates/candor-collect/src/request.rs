//! What comes in with a tracking request, and whom the collector may ask about it.
//! Borrowed from the connection's buffers; no `Debug`, so that no raw value reaches a log.

use candor_core::{Day, Settings, SiteId, Timestamp};
use std::{net::IpAddr, sync::Arc};

/// HTTP methods that tracking tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `POST`.
    Post,
    /// `OPTIONS`.
    Options,
    /// Any other: treated like `POST`, as Matomo does.
    Other,
}

/// The headers that matter. Empty = not sent.
#[derive(Clone, Copy, Default)]
pub struct RequestHeaders<'a> {
    /// `User-Agent`.
    pub user_agent: &'a str,
    /// `Accept-Language`.
    pub accept_language: &'a str,
    /// `Referer`.
    pub referer: &'a str,
    /// `Cookie`, whole.
    pub cookie: &'a str,
    /// `Origin`.
    pub origin: &'a str,
    /// `DNT`.
    pub dnt: &'a str,
    /// `X-Do-Not-Track`.
    pub x_do_not_track: &'a str,
    /// `Sec-GPC`.
    pub sec_gpc: &'a str,
    /// `X-Purpose`.
    pub x_purpose: &'a str,
    /// `X-Moz`.
    pub x_moz: &'a str,
    /// `Via`.
    pub via: &'a str,
    /// `Access-Control-Request-Method`.
    pub access_control_request_method: &'a str,
    /// `Access-Control-Request-Headers`.
    pub access_control_request_headers: &'a str,
    /// `Sec-CH-UA*` and `X-Requested-With`: name in lower case, text.
    pub client_hints: &'a [(&'a str, &'a str)],
}

/// One HTTP request to the tracking endpoint.
#[derive(Clone, Copy)]
pub struct TrackingRequest<'a> {
    /// Method.
    pub method: Method,
    /// Query string, still encoded.
    pub query: &'a [u8],
    /// Body, already limited in size by the caller.
    pub body: &'a [u8],
    /// Headers.
    pub headers: RequestHeaders<'a>,
    /// Who asks; trusted proxies are already resolved.
    pub client_ip: IpAddr,
    /// When it arrived.
    pub received_at: Timestamp,
    /// It came by HTTPS.
    pub secure: bool,
}

/// Rights of tokens.
pub trait Rights: Send + Sync {
    /// The token may write to the site (write, admin or super user).
    fn may_write(&self, token: &str, site: SiteId) -> bool;
    /// The token is a super user's.
    fn is_super_user(&self, token: &str) -> bool;
}

/// The fingerprint's salts.
pub trait Salts: Send + Sync {
    /// The salt of a site's local day; `None` when it can't be kept safely, then nothing is collected.
    fn salt(&self, site: SiteId, day: Day) -> Option<[u8; 32]>;
}

/// Randomness.
pub trait Random: Send + Sync {
    /// A number that nobody can guess.
    fn next_u64(&self) -> u64;
}

/// Orders that are known, those in flight included.
pub trait Orders: Send + Sync {
    /// Notes an order; false when it is known already.
    fn claim(&self, site: SiteId, order_id: &str) -> bool;
    /// Takes a claim back, since the order could not be kept.
    fn release(&self, site: SiteId, order_id: &str);
}

/// What the collector may know and ask.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The settings that apply now.
    pub settings: &'a Arc<Settings>,
    /// Rights of tokens.
    pub rights: &'a dyn Rights,
    /// Salts.
    pub salts: &'a dyn Salts,
    /// Randomness.
    pub random: &'a dyn Random,
    /// Known orders.
    pub orders: &'a dyn Orders,
}
