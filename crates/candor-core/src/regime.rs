//! Regimes: named sets of privacy rules that an operator commits to. A regime only ever makes rules stricter;
//! what was set beyond it stays. It knows settings, never a hit.

use crate::{Settings, settings::WithoutConsent};

/// Names of all regimes.
pub const NAMES: [&str; 4] = ["none", "eu-consent", "cnil-exempt", "hipaa"];

/// Pages must wait for consent.
#[must_use]
pub fn needs_consent(regime: &str) -> bool {
    matches!(regime, "eu-consent" | "hipaa")
}

/// Nothing from before a consent is told.
#[must_use]
pub fn forbids_backlog(regime: &str) -> bool {
    regime == "hipaa"
}

/// No site may ignore the signals of browsers.
#[must_use]
pub fn needs_signals(regime: &str) -> bool {
    !regime.is_empty()
}

/// Makes the settings as strict as the regime that they name; no name asks for nothing.
pub fn enforce(settings: &mut Settings) {
    let privacy = &mut settings.privacy;
    let regime = privacy.regime.as_str();
    if regime.is_empty() {
        return;
    }
    settings.tracker.use_third_party_id_cookie = false;
    privacy.mask_ip = true;
    privacy.mask_ip_bytes = privacy.mask_ip_bytes.max(2);
    privacy.respect_global_privacy_control = true;
    privacy.respect_do_not_track = true;
    if matches!(regime, "cnil-exempt" | "hipaa") {
        privacy.force_cookieless = true;
        privacy.mask_ip_before_enrichment = true;
        privacy.anonymize_user_id = true;
        privacy.anonymize_order_id = true;
    }
    if regime == "cnil-exempt" {
        privacy.without_consent = WithoutConsent::Exempt;
    }
    if regime == "hipaa" {
        privacy.mask_ip_bytes = 4;
        privacy.anonymize_referrer = "exclude_all".into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regime_only_tightens() {
        let mut settings = Settings::default();
        settings.privacy.mask_ip = false;
        settings.privacy.mask_ip_bytes = 3;
        enforce(&mut settings);
        assert!(!settings.privacy.mask_ip, "no regime asks for nothing");
        for (regime, bytes) in [("eu-consent", 3), ("cnil-exempt", 3), ("hipaa", 4)] {
            let mut settings = settings.clone();
            settings.tracker.use_third_party_id_cookie = true;
            settings.privacy.regime = regime.into();
            enforce(&mut settings);
            assert!(settings.privacy.mask_ip, "{regime}");
            assert!(!settings.tracker.use_third_party_id_cookie, "{regime}");
            assert_eq!(settings.privacy.mask_ip_bytes, bytes, "{regime}");
            let once = settings.clone();
            enforce(&mut settings);
            assert_eq!(settings, once, "{regime}");
        }
    }
}
