//! Who is calling: the address behind the trusted proxies, and whether a form
//! was sent from our own page.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::{
    dev::RequestHead,
    http::{Method, header},
};

use crate::config::Net;

/// The client's address: `X-Forwarded-For` is read from the right, past trusted
/// proxies only, so that a caller cannot choose its own address.
#[must_use]
pub fn address(head: &RequestHead, trusted: &[Net]) -> Option<IpAddr> {
    let mut client = head.peer_addr?.ip().to_canonical();
    let lines: Vec<&str> =
        head.headers.get_all("x-forwarded-for").map(|line| line.to_str().unwrap_or_default()).collect();
    for hop in lines.join(",").rsplit(',') {
        if !trusted.iter().any(|net| net.holds(client)) {
            break;
        }
        let Ok(next) = hop.trim().parse::<IpAddr>() else { break };
        client = next.to_canonical();
    }
    Some(client)
}

/// What one party surely holds: an IPv4 address, or the /64 of an IPv6 address.
#[must_use]
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

/// May this request change something? Forms must come from our own page: browsers
/// say so in `Sec-Fetch-Site`; older ones send `Origin`, still older ones only the
/// page they come from. What says nothing at all is refused.
#[must_use]
pub fn from_own_page(head: &RequestHead, own_origin: &str) -> bool {
    if matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    if let Some(site) = head.headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    if let Some(origin) = head.headers.get(header::ORIGIN) {
        return origin == own_origin;
    }
    let referer = head.headers.get(header::REFERER).and_then(|page| page.to_str().ok());
    referer.and_then(|page| page.strip_prefix(own_origin)).is_some_and(|path| path.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::{address, from_own_page, household};
    use crate::config::Net;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let trusted = [Net::parse("10.0.0.0/8").unwrap()];
        let mut request = TestRequest::get().peer_addr(format!("{peer}:1").parse().unwrap());
        for line in forwarded {
            request = request.append_header(("X-Forwarded-For", *line));
        }
        address(request.to_http_request().head(), &trusted).unwrap().to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed_and_read_from_the_right() {
        assert_eq!(seen("1.1.1.1", &["2.2.2.2"]), "1.1.1.1", "a stranger names itself");
        assert_eq!(seen("10.0.0.1", &["2.2.2.2"]), "2.2.2.2");
        assert_eq!(seen("10.0.0.1", &["9.9.9.9, 2.2.2.2, 10.0.0.2"]), "2.2.2.2", "the client's own claim");
        assert_eq!(seen("10.0.0.1", &["9.9.9.9", "2.2.2.2"]), "2.2.2.2", "two lines are one list");
        assert_eq!(seen("10.0.0.1", &["rubbish"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn one_household_is_one_caller() {
        let same = |a: &str, b: &str| household(a.parse().unwrap()) == household(b.parse().unwrap());
        assert!(same("2001:db8::1", "2001:db8::ffff:1") && !same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1") && !same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        let post = |name: &str, value: &str| {
            let request = TestRequest::post().insert_header((name, value)).to_http_request();
            from_own_page(request.head(), "https://qy.example.cn")
        };
        assert!(post("Sec-Fetch-Site", "same-origin") && post("Sec-Fetch-Site", "none"));
        assert!(!post("Sec-Fetch-Site", "cross-site") && !post("Sec-Fetch-Site", "same-site"));
        assert!(post("Origin", "https://qy.example.cn") && !post("Origin", "https://evil.example"));
        assert!(!post("Origin", "null") && !post("X-Nothing", "neither header"));
        assert!(post("Referer", "https://qy.example.cn/c/x") && !post("Referer", "https://qy.example.cn"));
        assert!(!post("Referer", "https://qy.example.cn.evil.example/c/x"));
        assert!(from_own_page(TestRequest::get().to_http_request().head(), ""));
    }
}
