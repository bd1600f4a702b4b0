//! Who is at the other end: forwarded headers count only from configured proxies.

use ipnet::IpNet;
use std::net::IpAddr;

/// The client's address: the nearest one, seen from us, that is no trusted proxy.
/// `forwarded_for` is the joined `X-Forwarded-For`.
pub(crate) fn client_ip(peer: IpAddr, forwarded_for: &str, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
    let peer = peer.to_canonical();
    if trusted.is_empty() || !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for text in forwarded_for.rsplit(',') {
        let Some(ip) = parse(text.trim()) else { break };
        client = ip;
        if !is_trusted(ip) {
            break;
        }
    }
    client
}

/// An address, perhaps with a port or in brackets, as some proxies write.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|t| t.split_once(']')).map_or(text, |(ip, _)| ip);
    bare.parse()
        .ok()
        .or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|a| a.ip()))
        .map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let ip = |peer: &str, header: &str| client_ip(peer.parse().unwrap(), header, &trusted).to_string();
        assert_eq!(ip("8.8.8.8", "1.2.3.4"), "8.8.8.8");
        assert_eq!(ip("10.1.1.1", "1.2.3.4"), "1.2.3.4");
        assert_eq!(ip("::ffff:10.1.1.1", "6.6.6.6, 1.2.3.4, 10.9.9.9"), "1.2.3.4");
        assert_eq!(ip("::1", "[2001:db8::1]:443"), "2001:db8::1");
        assert_eq!(ip("10.1.1.1", "1.2.3.4, unknown"), "10.1.1.1");
        assert_eq!(ip("10.1.1.1", ""), "10.1.1.1");
        assert_eq!(client_ip("10.1.1.1".parse().unwrap(), "1.2.3.4", &[]).to_string(), "10.1.1.1");
    }
}
