//! Whether a hit may say more than what anyone may say: another address, place or an old time.

use crate::{outcome::Refusal, request::Rights};
use candor_core::SiteId;
use std::cell::OnceCell;

/// The rights that a hit's token has on its site; looked up when first needed.
pub(crate) struct Authority<'a> {
    rights: &'a dyn Rights,
    token: &'a str,
    site: SiteId,
    /// `tracking_requests_require_authentication`
    is_required: bool,
    known: OnceCell<bool>,
}

impl<'a> Authority<'a> {
    pub(crate) fn new(rights: &'a dyn Rights, token: &'a str, site: SiteId, is_required: bool) -> Self {
        Self { rights, token, site, is_required, known: OnceCell::new() }
    }

    /// Refuses a parameter that needs more rights.
    pub(crate) fn check(&self, parameter: &'static str) -> Result<(), Refusal> {
        let look_up = || !self.token.is_empty() && self.rights.may_write(self.token, self.site);
        if !self.is_required || *self.known.get_or_init(look_up) {
            Ok(())
        } else {
            Err(Refusal::NotAuthorised(parameter))
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    struct Always(bool);

    impl Rights for Always {
        fn may_write(&self, _: &str, _: SiteId) -> bool {
            self.0
        }

        fn is_super_user(&self, _: &str) -> bool {
            self.0
        }
    }

    pub(crate) fn authority(may_write: bool) -> Authority<'static> {
        let rights: &dyn Rights = if may_write { &Always(true) } else { &Always(false) };
        Authority::new(rights, "t", SiteId(1), true)
    }

    #[test]
    fn a_token_is_needed_unless_switched_off() {
        let rights = Always(true);
        assert!(authority(true).check("cip").is_ok());
        assert_eq!(authority(false).check("cip"), Err(Refusal::NotAuthorised("cip")));
        assert!(Authority::new(&rights, "", SiteId(1), true).check("cip").is_err());
        assert!(Authority::new(&rights, "", SiteId(1), false).check("cip").is_ok());
    }
}
