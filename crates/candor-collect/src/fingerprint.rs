//! Recognises a device for one site and local day without storing anything on it (Matomo's `config_id`).
//! One-way: the salt of the day is destroyed after five days, then no input can be tried out.

use crate::{enrich::Detection, outcome::Refusal, raw::RawHit, request::Salts};
use candor_core::{Fingerprint, LegalBasis, Settings, SiteSettings, Timestamp, visit::plugin};
use md5::{Digest, Md5};

/// What enters besides device and settings.
pub(crate) struct Traits<'a> {
    pub detection: &'a Detection,
    pub plugins: u16,
    /// The address: as text, or masked bytes when only these may be used.
    pub address: &'a [u8],
    /// `enrich::language::for_fingerprint`.
    pub language: &'a str,
    /// Without consent a device is another one, so that the two can't be tied together.
    pub legal_basis: LegalBasis,
}

/// Parameters of the plugins, by their names in [`plugin::ALL`].
const PLUGIN_PARAMETERS: [(&str, &str); 8] = [
    ("cookie", "cookie"),
    ("flash", "fla"),
    ("java", "java"),
    ("pdf", "pdf"),
    ("quicktime", "qt"),
    ("realplayer", "realp"),
    ("silverlight", "ag"),
    ("windowsmedia", "wma"),
];

/// Plugins in the order in which they enter; an empty name stands for one that is no more.
const ORDER: [&str; 10] =
    ["flash", "java", "", "quicktime", "realplayer", "pdf", "windowsmedia", "", "silverlight", "cookie"];

/// Bits of [`plugin::ALL`] that the request sets.
pub(crate) fn plugins(raw: &RawHit) -> u16 {
    let is_on = |name| PLUGIN_PARAMETERS.iter().any(|(plugin, parameter)| *plugin == name && raw.is_on(parameter));
    plugin::ALL.iter().filter(|(name, _)| is_on(*name)).map(|(_, bit)| bit).sum()
}

impl Traits<'_> {
    /// The fingerprint at an instant.
    pub(crate) fn fingerprint(
        &self,
        settings: &Settings,
        site: &SiteSettings,
        at: Timestamp,
        salts: &dyn Salts,
    ) -> Result<Fingerprint, Refusal> {
        let or_unknown =
            |code: &'static str, given: &str| if given.is_empty() { code.into() } else { given.to_owned() };
        let device = &self.detection.device;
        let mut hash = Md5::new();
        hash.update(match self.detection.bot {
            Some(_) => "BOT".to_owned(),
            None => or_unknown("UNK", &device.os),
        });
        if self.detection.client_is_browser {
            hash.update(or_unknown("UNK", &device.browser));
            hash.update(&device.browser_version);
        } else {
            hash.update("UNK");
        }
        // Internet Explorer says of cookies what it likes.
        let cookie_counts = device.browser != "IE";
        let bit = |name| plugin::ALL.iter().find(|(n, _)| *n == name).map_or(0, |(_, bit)| *bit);
        for name in ORDER {
            let is_on = self.plugins & bit(name) != 0 && (name != "cookie" || cookie_counts);
            hash.update(if is_on { "1" } else { "0" });
        }
        hash.update(self.address);
        hash.update(self.language);
        hash.update(&settings.privacy.user_id_salt);
        let is_exempt = self.legal_basis == LegalBasis::Exempt;
        if is_exempt {
            hash.update("exempt");
        }
        let tracker = &settings.tracker;
        // An exempt device is known on one site and day only, whatever else is set.
        if is_exempt || !tracker.enable_fingerprinting_across_websites {
            if is_exempt || tracker.create_new_visit_after_midnight {
                let day = site.zone.day(at);
                hash.update(salts.salt(site.id, day).ok_or(Refusal::NoSalt)?);
                hash.update(day.0.to_le_bytes());
            }
            hash.update(site.id.0.to_le_bytes());
        }
        let digest: [u8; 16] = hash.finalize().into();
        let (first, _) = digest.split_first_chunk().unwrap_or((&[0; 8], &[]));
        Ok(Fingerprint(u64::from_be_bytes(*first)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candor_core::{Day, Params, SiteId};

    struct DaySalts;

    impl Salts for DaySalts {
        fn salt(&self, site: SiteId, day: Day) -> Option<[u8; 32]> {
            Some([(site.0 as u8).wrapping_mul(31).wrapping_add(day.0 as u8); 32])
        }
    }

    fn of(change: impl Fn(&mut Settings, &mut SiteSettings), address: &str, at: i64) -> Fingerprint {
        on(LegalBasis::Unstated, change, address, at)
    }

    fn on(
        legal_basis: LegalBasis,
        change: impl Fn(&mut Settings, &mut SiteSettings),
        address: &str,
        at: i64,
    ) -> Fingerprint {
        let mut settings = Settings::default();
        let mut site = SiteSettings::new(SiteId(1), "s", &[]);
        change(&mut settings, &mut site);
        let (detection, address) = (Detection::default(), address.as_bytes());
        let traits = Traits { detection: &detection, plugins: 0, address, language: "de", legal_basis };
        traits.fingerprint(&settings, &site, Timestamp::from_seconds(at), &DaySalts).unwrap()
    }

    #[test]
    fn same_device_same_day_same_site() {
        let plain = |address, at| of(|_, _| {}, address, at);
        assert_eq!(plain("192.0.2.1", 0), plain("192.0.2.1", 86_399));
        assert_ne!(plain("192.0.2.1", 0), plain("192.0.2.1", 86_400));
        assert_ne!(plain("192.0.2.1", 0), plain("192.0.2.2", 0));
        assert_ne!(plain("192.0.2.1", 0), of(|_, site| site.id = SiteId(2), "192.0.2.1", 0));
    }

    #[test]
    fn across_sites_only_the_device_counts() {
        let shared = |id, at| {
            of(
                |settings, site| {
                    settings.tracker.enable_fingerprinting_across_websites = true;
                    site.id = SiteId(id);
                },
                "192.0.2.1",
                at,
            )
        };
        assert_eq!(shared(1, 0), shared(2, 200_000));
    }

    #[test]
    fn without_consent_a_device_is_known_for_a_day_and_never_as_the_one_with_consent() {
        let forever = |settings: &mut Settings, _: &mut SiteSettings| {
            settings.tracker.enable_fingerprinting_across_websites = true;
            settings.tracker.create_new_visit_after_midnight = false;
        };
        let exempt = |at| on(LegalBasis::Exempt, forever, "192.0.2.1", at);
        assert_eq!(exempt(0), exempt(86_399));
        assert_ne!(exempt(0), exempt(86_400));
        assert_ne!(exempt(0), on(LegalBasis::Consented, forever, "192.0.2.1", 0));
        assert_eq!(of(forever, "192.0.2.1", 0), on(LegalBasis::Consented, forever, "192.0.2.1", 0));
    }

    #[test]
    fn every_plugin_has_its_bit() {
        let all = RawHit::new(Params::parse("cookie=1&fla=1&java=1&pdf=1&qt=1&realp=1&ag=1&wma=1"));
        assert_eq!(plugins(&all), 255);
        assert_eq!(plugins(&RawHit::new(Params::parse("cookie=0&pdf=1"))), 8);
    }
}
