//! Lists of addresses: single ones, CIDR blocks, wildcards (`10.1.*.*`).

use ipnet::{IpNet, Ipv4Net};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::LazyLock,
};

/// Blocks from which only the bots of big search engines come (Matomo's list).
const BOT_BLOCKS: [&str; 24] = [
    "216.239.32.0/19",
    "64.233.160.0/19",
    "66.249.80.0/20",
    "72.14.192.0/18",
    "209.85.128.0/17",
    "66.102.0.0/20",
    "74.125.0.0/16",
    "64.18.0.0/20",
    "207.126.144.0/20",
    "173.194.0.0/16",
    "64.4.0.0/18",
    "65.52.0.0/14",
    "157.54.0.0/15",
    "157.56.0.0/14",
    "157.60.0.0/16",
    "207.46.0.0/16",
    "207.68.128.0/18",
    "207.68.192.0/20",
    "131.253.26.0/20",
    "131.253.24.0/20",
    "72.30.198.0/20",
    "72.30.196.0/20",
    "98.137.207.0/20",
    "1.202.218.8",
];

static BOTS: LazyLock<AddressList> = LazyLock::new(|| AddressList::new(BOT_BLOCKS.into_iter()));

/// Whether the address is a search engine's bot's.
pub(crate) fn is_bot(ip: IpAddr) -> bool {
    BOTS.contains(ip)
}

/// A list of addresses.
pub(crate) struct AddressList(Vec<IpNet>);

impl AddressList {
    /// Entries that are no addresses are left out.
    pub(crate) fn new<'a>(entries: impl Iterator<Item = &'a str>) -> Self {
        Self(entries.filter_map(|entry| block(entry.trim())).collect())
    }

    pub(crate) fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.0.iter().any(|block| block.contains(&ip))
    }
}

/// Whether an entry names an address or several.
#[must_use]
pub fn is_address_block(entry: &str) -> bool {
    block(entry.trim()).is_some()
}

fn block(entry: &str) -> Option<IpNet> {
    if let Ok(net) = entry.parse::<IpNet>() {
        return Some(net);
    }
    if let Ok(ip) = entry.parse::<IpAddr>() {
        return Some(IpNet::from(ip.to_canonical()));
    }
    // `10.1.*.*`: wildcards only at the end.
    let parts: Vec<&str> = entry.split('.').collect();
    let known = parts.iter().position(|part| *part == "*")?;
    if parts.len() != 4 || !parts.iter().skip(known).all(|part| *part == "*") {
        return None;
    }
    let mut octets = [0; 4];
    for (octet, part) in octets.iter_mut().zip(parts.iter().take(known)) {
        *octet = part.parse().ok()?;
    }
    Ipv4Net::new(Ipv4Addr::from(octets), u8::try_from(known * 8).ok()?).ok().map(IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_every_form() {
        let list = AddressList::new(
            ["192.0.2.7", " 198.51.100.0/24", "10.1.*.*", "2001:db8::/32", "1.*.3.*", "x"].into_iter(),
        );
        assert!(is_address_block(" 10.1.*.* ") && !is_address_block("1.*.3.*") && !is_address_block("example.org"));
        for (ip, expected) in [
            ("192.0.2.7", true),
            ("::ffff:192.0.2.7", true),
            ("192.0.2.8", false),
            ("198.51.100.200", true),
            ("10.1.99.1", true),
            ("10.2.0.1", false),
            ("2001:db8:1::1", true),
            ("1.2.3.4", false),
        ] {
            assert_eq!(list.contains(ip.parse().unwrap()), expected, "{ip}");
        }
    }

    #[test]
    fn every_bot_block_is_understood() {
        assert_eq!(BOTS.0.len(), BOT_BLOCKS.len());
        assert!(is_bot(IpAddr::from([66, 249, 80, 1])) && !is_bot(IpAddr::from([192, 0, 2, 1])));
    }
}
