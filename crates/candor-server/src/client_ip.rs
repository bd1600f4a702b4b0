//! Who is at the other end: forwarded headers count only from configured proxies.

use crate::http::joined;
use hyper::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The client's address: the nearest one, seen from us, that is no trusted proxy.
/// A proxy may add a line of its own behind one that the client made up: all lines of `X-Forwarded-For` count.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
    let peer = peer.to_canonical();
    if trusted.is_empty() || !is_trusted(peer) {
        return peer;
    }
    let mut client = peer;
    for text in joined(headers, "x-forwarded-for").rsplit(',') {
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
        let asked = |peer: &str, lines: &[&str], trusted: &[IpNet]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            client_ip(peer.parse().unwrap(), &headers, trusted).to_string()
        };
        let ip = |peer: &str, line: &str| asked(peer, &[line], &trusted);
        assert_eq!(ip("8.8.8.8", "1.2.3.4"), "8.8.8.8");
        assert_eq!(ip("10.1.1.1", "1.2.3.4"), "1.2.3.4");
        assert_eq!(ip("::ffff:10.1.1.1", "6.6.6.6, 1.2.3.4, 10.9.9.9"), "1.2.3.4");
        assert_eq!(ip("::1", "[2001:db8::1]:443"), "2001:db8::1");
        assert_eq!(ip("10.1.1.1", "1.2.3.4, unknown"), "10.1.1.1");
        assert_eq!(ip("10.1.1.1", ""), "10.1.1.1");
        assert_eq!(asked("10.1.1.1", &["1.2.3.4"], &[]), "10.1.1.1");
        assert_eq!(
            asked("10.1.1.1", &["6.6.6.6", "1.2.3.4"], &trusted),
            "1.2.3.4",
            "the first line is the client's own"
        );
    }
}
