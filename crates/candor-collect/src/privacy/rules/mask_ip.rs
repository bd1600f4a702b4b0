//! Addresses lose their last bytes.

use crate::{
    hit::HitFields,
    privacy::{Example, Rule, RuleContext},
};
use candor_core::settings::PrivacySettings;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) struct MaskIp;

/// The address without its last bytes: of IPv4 as many as said (0–4), of IPv6 1 keeps /64, 2 /48, 3 /24, 4 nothing.
pub(crate) fn mask(ip: IpAddr, bytes: u8) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let keep = u32::MAX.checked_shl(u32::from(bytes) * 8).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(v4) & keep))
        }
        IpAddr::V6(v6) => {
            let bits = match bytes {
                0 => 128,
                1 => 64,
                2 => 48,
                3 => 24,
                _ => 0,
            };
            let keep = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & keep))
        }
    }
}

/// The bytes that a hit holds.
pub(crate) fn bytes(ip: IpAddr) -> Vec<u8> {
    match ip {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn from_bytes(bytes: &[u8]) -> Option<IpAddr> {
    <[u8; 4]>::try_from(bytes).map(IpAddr::from).or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

impl Rule for MaskIp {
    fn id(&self) -> &'static str {
        "mask_ip"
    }

    fn removes(&self) -> &'static str {
        "the last bytes of the visitor's address"
    }

    fn example_settings(&self) -> PrivacySettings {
        PrivacySettings { mask_ip: true, mask_ip_bytes: 2, ..PrivacySettings::default() }
    }

    fn examples(&self) -> [Example; 3] {
        [
            Example { given: "203.0.113.77", kept: "203.0.0.0" },
            Example { given: "2001:db8:1:2:3:4:5:6", kept: "2001:db8:1::" },
            Example { given: "::ffff:203.0.113.77", kept: "203.0.0.0" },
        ]
    }

    fn is_on(&self, privacy: &PrivacySettings) -> bool {
        privacy.mask_ip
    }

    fn keep(&self, given: &str, context: &RuleContext) -> String {
        given.parse().map(|ip| mask(ip, context.privacy.mask_ip_bytes).to_string()).unwrap_or_default()
    }

    fn apply(&self, hit: &mut HitFields, context: &RuleContext) {
        let masked = from_bytes(&hit.ip).map(|ip| bytes(mask(ip, context.privacy.mask_ip_bytes)));
        hit.ip = masked.unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length() {
        let masked = |ip: &str, bytes| mask(ip.parse().unwrap(), bytes).to_string();
        let v4: Vec<_> = (0..=5).map(|n| masked("1.2.3.4", n)).collect();
        assert_eq!(v4, ["1.2.3.4", "1.2.3.0", "1.2.0.0", "1.0.0.0", "0.0.0.0", "0.0.0.0"]);
        let v6: Vec<_> = (1..=4).map(|n| masked("1:2:3:4:5:6:7:8", n)).collect();
        assert_eq!(v6, ["1:2:3:4::", "1:2:3::", "1::", "::"]);
    }
}
