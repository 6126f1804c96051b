//! Where a webhook may go: to the public internet, and to what the settings
//! allow. Without this, whoever sets a webhook could make the server knock at
//! doors that only the server can reach (SSRF).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::Undelivered;
use crate::config::Net;

/// The addresses of a host that may be called, looked up now; the caller must
/// connect to these and not look the name up again.
pub async fn addresses(host: &str, port: u16, allowed: &[Net]) -> Result<Vec<SocketAddr>, Undelivered> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let found = tokio::net::lookup_host((host, port)).await.map_err(|_| Undelivered::Unresolved)?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() {
        return Err(Undelivered::Unresolved);
    }
    let may: Vec<SocketAddr> = found.into_iter().filter(|to| may_call(to.ip(), allowed)).collect();
    if may.is_empty() { Err(Undelivered::Forbidden) } else { Ok(may) }
}

/// Whether the address is public, or allowed by name.
#[must_use]
pub fn may_call(address: IpAddr, allowed: &[Net]) -> bool {
    allowed.iter().any(|net| net.holds(address)) || is_public(address)
}

/// Whether the address belongs to the public internet. What is unknown is not.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation();
    // "This network", carrier-grade NAT, protocol assignments, 6to4 relays, benchmarks, reserved.
    let reserved = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special && !reserved
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [first, second, ..] = v6.segments();
    // Global unicast is 2000::/3; nothing else is given out.
    if first & 0xe000 != 0x2000 {
        return embedded_v4(v6).is_some_and(is_public_v4);
    }
    // 2001:db8 and 3fff are documentation, 2001:0–1ff protocols (Teredo among them), 2002 is 6to4.
    let special =
        (first == 0x2001 && (second == 0x0db8 || second < 0x0200)) || (first == 0x3fff && second < 0x1000);
    let tunnel = first == 0x2002 && !embedded_v4(v6).is_some_and(is_public_v4);
    !special && !tunnel
}

/// The IPv4 address that a translating prefix carries: NAT64 (64:ff9b::/96) and 6to4.
fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match v6.segments() {
        [0x0064, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{addresses, is_public, may_call};
    use crate::{config::Net, courier::Undelivered};

    #[test]
    fn only_public_addresses_are_called() {
        let public = ["8.8.8.8", "114.114.114.114", "2400:3200::1", "64:ff9b::808:808", "2002:808:808::1"];
        let other = [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12:3456::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::1",
            "3fff::1",
            "::7f00:1",
        ];
        for address in public {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in other {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_setting_opens_one_network_and_no_more() {
        let allowed = [Net::parse("10.8.0.0/16").unwrap()];
        let may = |address: &str| may_call(address.parse::<IpAddr>().unwrap(), &allowed);
        assert!(may("10.8.1.1") && may("::ffff:10.8.1.1") && may("8.8.8.8"));
        assert!(!may("10.9.1.1") && !may("127.0.0.1"));
    }

    #[tokio::test]
    async fn a_name_is_judged_by_the_addresses_it_has() {
        assert_eq!(addresses("localhost", 80, &[]).await, Err(Undelivered::Forbidden));
        assert_eq!(addresses("[::1]", 80, &[]).await, Err(Undelivered::Forbidden));
        let loopback = [Net::parse("127.0.0.0/8").unwrap(), Net::parse("::1").unwrap()];
        assert!(!addresses("localhost", 80, &loopback).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn an_address_in_another_spelling_is_still_the_same_address() {
        // Decimal, octal and short forms, as a URL parser or a resolver reads them.
        for host in ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"] {
            let url = reqwest::Url::parse(&format!("http://{host}/")).unwrap();
            let refused = addresses(url.host_str().unwrap(), 80, &[]).await;
            assert_eq!(refused, Err(Undelivered::Forbidden), "{host}");
        }
    }
}
