//! Listening, limits of one request, and whose `X-Forwarded-For` is believed.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroUsize,
};

use qiyema_protocol::seal::Host;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de::Error};

use super::sections::secret;

/// `[http]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    #[serde(deserialize_with = "origin")]
    public_url: Option<Host>,
    /// Reverse proxies.
    pub trusted_proxies: Vec<Net>,
    /// Largest body in bytes.
    pub body_limit: usize,
    /// Seconds for the head of a request.
    pub head_seconds: u64,
    /// Seconds for its body.
    pub body_seconds: u64,
    /// Seconds a connection may be idle between two requests.
    pub keep_alive_seconds: u64,
    /// Seconds in which some of an answer must get through.
    pub stall_seconds: u64,
    /// Seconds that running requests have after SIGTERM.
    pub drain_seconds: u64,
    /// Threads; 0 is one a core.
    pub workers: usize,
    /// Open connections a worker.
    pub connections_per_worker: usize,
    /// Open connections of one address.
    pub connections_per_address: NonZeroUsize,
    /// Token of `/metrics`; empty: only this machine, while trying out.
    #[serde(deserialize_with = "secret")]
    pub metrics_token: SecretString,
}

impl Http {
    /// The host that people's phones open, if it was set.
    #[must_use]
    pub const fn public_host(&self) -> Option<&Host> {
        self.public_url.as_ref()
    }
}

fn origin<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Host>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    Host::from_origin(&text)
        .map(Some)
        .ok_or_else(|| D::Error::custom("http.public_url needs scheme and host only: https://qy.example.cn"))
}

/// A network: `10.0.0.0/8`, `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    bits: u128,
    ones: u32,
    v4: bool,
}

impl Net {
    /// Reads an address or a CIDR network.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, ones) = match text.split_once('/') {
            Some((address, ones)) => (address, Some(ones.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (bits, v4) = widen(address.parse().ok()?);
        let width = if v4 { 32 } else { 128 };
        let ones = ones.unwrap_or(width);
        (ones <= width).then_some(Self { bits, ones, v4 })
    }

    /// Does the network hold this address?
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let (bits, v4) = widen(address);
        let width = if v4 { 32 } else { 128 };
        v4 == self.v4 && (bits ^ self.bits).checked_shr(width - self.ones).unwrap_or(0) == 0
    }
}

impl fmt::Display for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match u32::try_from(self.bits) {
            Ok(bits) if self.v4 => write!(f, "{}/{}", Ipv4Addr::from_bits(bits), self.ones),
            _ => write!(f, "{}/{}", Ipv6Addr::from_bits(self.bits), self.ones),
        }
    }
}

fn widen(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), true),
        IpAddr::V6(v6) => (v6.to_bits(), false),
    }
}

impl<'de> Deserialize<'de> for Net {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom("http.trusted_proxies, webhooks.allowed_networks and rating.office_networks need networks: 10.0.0.0/8")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Net;

    #[test]
    fn a_network_holds_its_own_addresses_and_no_others() {
        let cases = [
            ("10.0.0.0/8", "10.255.1.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "2001:db8::1", true),
            ("::1", "::1", true),
            ("127.0.0.1", "::ffff:127.0.0.1", true),
            ("192.168.1.0/31", "192.168.1.2", false),
        ];
        for (net, address, inside) in cases {
            assert_eq!(Net::parse(net).unwrap().holds(address.parse().unwrap()), inside, "{net} {address}");
        }
        for text in ["10.0.0.0/8", "2001:db8::/32", "127.0.0.1/32", "::1/128"] {
            assert_eq!(Net::parse(text).unwrap().to_string(), text);
        }
        assert!(["10.0.0.0/33", "x", "", "::/129"].into_iter().all(|bad| Net::parse(bad).is_none()));
    }
}
