//! The seal (印): the signed text inside an enterprise's QR code, and its
//! verification without a network. The format is docs/seal.md; golden vectors
//! are in `vectors/`. Signing is not here: a client cannot compile a forgery.

use std::{fmt, str::FromStr};

use data_encoding::BASE32_NOPAD;

use crate::{
    algorithm::{Algorithm, SIGNATURE_BYTES},
    keyring::{KeyRing, Known},
};

/// Layout version of the bytes below.
pub const VERSION: u8 = 1;
/// Bytes of a seal: version, key id, code id, signature.
pub const SEAL_BYTES: usize = 76;
/// Bytes that are signed over (after the domain separator and the host).
pub const HEAD_BYTES: usize = 12;
/// Base32 characters of a seal.
pub const SEAL_CHARS: usize = 122;

/// The 80 random bits that name a code. Shown as 16 base32 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub [u8; 10]);

impl fmt::Display for CodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE32_NOPAD.encode(&self.0))
    }
}

impl FromStr for CodeId {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        let bytes = BASE32_NOPAD.decode(text.as_bytes()).map_err(|_| SealError::Malformed)?;
        bytes.try_into().map(Self).map_err(|_| SealError::Malformed)
    }
}

/// Why a text is no valid seal, in the order the checks are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not `http(s)://host/C/…`, or not 122 base32 characters of one case.
    #[error("this is not an enterprise code")]
    Malformed,
    /// A layout this program does not know.
    #[error("layout version {0} is unknown; a newer program may read it")]
    Version(u8),
    /// Signed by a key that is not in the ring.
    #[error("signed with key {0}, which is not trusted here")]
    UnknownKey(u8),
    /// Signed by a key that was retired.
    #[error("signed with key {0}, which has been retired")]
    RetiredKey(u8),
    /// Signed by a key whose algorithm this program was built without.
    #[error("signed with key {0} ({1}), which this program was built without")]
    Unsupported(u8, Algorithm),
    /// The signature is false (altered, forged, or moved to another host).
    #[error("the signature is false")]
    Signature,
}

/// `host` or `host:port`, lower case; the port only if it is not 443.
/// It is part of what is signed, so a seal cannot move to another host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Host {
    name: String,
    plain_http: bool,
}

impl Host {
    /// Reads the origin of a URL: `https://qy.example.cn`, `http://127.0.0.1:8080`.
    /// A path, query, user name or an unusual character is refused.
    pub fn from_origin(origin: &str) -> Option<Self> {
        let lower = origin.to_ascii_lowercase();
        let (plain_http, rest) = match lower.split_once("://")? {
            ("https", rest) => (false, rest),
            ("http", rest) => (true, rest),
            _ => return None,
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (name, port) = match rest.rsplit_once(':') {
            Some((name, port)) if !port.contains(']') => (name, parse_port(port)?),
            _ => (rest, if plain_http { 80 } else { 443 }),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let bracketed = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
        let valid = match bracketed {
            Some(v6) => !v6.is_empty() && v6.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')),
            None => !name.is_empty() && name.chars().all(plain),
        };
        if !valid || name.len() > 253 {
            return None;
        }
        let name = if port == 443 { name.to_owned() } else { format!("{name}:{port}") };
        Some(Self { name, plain_http })
    }

    /// The signed form: lower case, `:port` only if not 443.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The origin as a URL in lower case, without a trailing slash.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = if self.plain_http { "http" } else { "https" };
        let name = match (self.plain_http, self.name.strip_suffix(":80")) {
            (true, Some(bare)) => bare,
            _ => &self.name,
        };
        format!("{scheme}://{name}")
    }

    /// True for plain http, which is for trying out only.
    #[must_use]
    pub const fn is_plain_http(&self) -> bool {
        self.plain_http
    }
}

/// One spelling a port: `+443` and `0443` parse as numbers but are no ports in a URL we print.
fn parse_port(text: &str) -> Option<u16> {
    text.parse::<u16>().ok().filter(|port| *port > 0 && port.to_string() == text)
}

/// The 76 bytes as read; nothing about them is proved yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seal([u8; SEAL_BYTES]);

impl fmt::Debug for Seal {
    /// A seal opens a board: it must not reach a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// Wraps bytes that a signer has just made.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; SEAL_BYTES]) -> Self {
        Self(bytes)
    }

    /// The raw bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; SEAL_BYTES] {
        &self.0
    }

    /// Reads the path segment after `/C/`: 122 base32 characters, all upper or
    /// all lower case, unused bits zero, so that one seal has one spelling a case.
    pub fn from_segment(segment: &str) -> Result<Self, SealError> {
        if segment.len() != SEAL_CHARS {
            return Err(SealError::Malformed);
        }
        let lower = segment.bytes().any(|b| b.is_ascii_lowercase());
        if lower && segment.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(SealError::Malformed);
        }
        let upper = segment.to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(upper.as_bytes()).map_err(|_| SealError::Malformed)?;
        bytes.try_into().map(Self).map_err(|_| SealError::Malformed)
    }

    /// The path segment, upper case.
    #[must_use]
    pub fn segment(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The text for the QR symbol: all upper case, so that it fits alphanumeric mode.
    #[must_use]
    pub fn text(&self, host: &Host) -> String {
        format!("{}/C/{}", host.origin().to_ascii_uppercase(), self.segment())
    }

    /// Checks version, key and signature, in this order. Only the result
    /// ([`Verified`]) may be used to ask a database.
    pub fn verify(&self, host: &Host, ring: &KeyRing) -> Result<Verified, SealError> {
        let [version, kid, id @ ..] = self.head();
        if version != VERSION {
            return Err(SealError::Version(version));
        }
        let key = match ring.find(kid) {
            Known::Live(key) => key,
            Known::Unsupported(algorithm) => return Err(SealError::Unsupported(kid, algorithm)),
            Known::Retired => return Err(SealError::RetiredKey(kid)),
            Known::Unknown => return Err(SealError::UnknownKey(kid)),
        };
        if key.verifies(&message(host, &self.head()), &self.signature()) {
            return Ok(Verified { code: CodeId(id), kid });
        }
        Err(SealError::Signature)
    }

    fn head(&self) -> [u8; HEAD_BYTES] {
        let mut head = [0; HEAD_BYTES];
        head.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        head
    }

    fn signature(&self) -> [u8; SIGNATURE_BYTES] {
        let mut signature = [0; SIGNATURE_BYTES];
        signature.iter_mut().zip(self.0.into_iter().skip(HEAD_BYTES)).for_each(|(to, from)| *to = from);
        signature
    }
}

/// The bytes that are signed: a domain separator, the host, and the head.
#[must_use]
pub fn message(host: &Host, head: &[u8; HEAD_BYTES]) -> Vec<u8> {
    let mut message = b"qiyema seal v1\0".to_vec();
    message.extend_from_slice(host.as_str().as_bytes());
    message.push(0);
    message.extend_from_slice(head);
    message
}

/// Proof that a seal was checked: the only way to one is [`Seal::verify`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Verified {
    code: CodeId,
    kid: u8,
}

impl Verified {
    /// The code that was sealed.
    #[must_use]
    pub const fn code(self) -> CodeId {
        self.code
    }

    /// The key that signed it.
    #[must_use]
    pub const fn kid(self) -> u8 {
        self.kid
    }
}

/// A whole text as read from a QR symbol, split into host and seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Where the code says it lives. Not trusted until compared.
    pub host: Host,
    /// The seal.
    pub seal: Seal,
}

impl FromStr for Located {
    type Err = SealError;

    /// Reads `HTTPS://HOST/C/…` or `https://host/c/…`.
    fn from_str(text: &str) -> Result<Self, SealError> {
        let (before, segment) = text.rsplit_once('/').ok_or(SealError::Malformed)?;
        let origin =
            before.strip_suffix("/C").or_else(|| before.strip_suffix("/c")).ok_or(SealError::Malformed)?;
        let host = Host::from_origin(origin).ok_or(SealError::Malformed)?;
        if origin.ends_with('/') {
            return Err(SealError::Malformed);
        }
        Ok(Self { host, seal: Seal::from_segment(segment)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Host, Located, Seal, SealError};

    #[test]
    fn hosts_are_lower_case_and_name_their_port_unless_443() {
        let cases = [
            ("HTTPS://QY.EXAMPLE.CN", Some("qy.example.cn")),
            ("https://qy.example.cn:443/", Some("qy.example.cn")),
            ("https://qy.example.cn:8443", Some("qy.example.cn:8443")),
            ("http://127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("http://localhost", Some("localhost:80")),
            ("https://[::1]:9", Some("[::1]:9")),
            ("https://a.cn/path", None),
            ("https://user@a.cn", None),
            ("ftp://a.cn", None),
            ("https://", None),
            ("https://a.cn:0", None),
            ("https://a.cn:99999", None),
            ("https://a.cn:+8443", None),
            ("https://a.cn:08443", None),
            ("https://a.cn:", None),
            ("a.cn", None),
        ];
        for (origin, signed) in cases {
            assert_eq!(Host::from_origin(origin).as_ref().map(Host::as_str), signed, "{origin}");
        }
    }

    #[test]
    fn a_text_is_read_back_in_both_cases_but_not_mixed() {
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let seal = Seal::from_bytes([0xA7; 76]);
        let text = seal.text(&host);
        assert_eq!(text, text.to_ascii_uppercase());
        assert_eq!(text.parse::<Located>().unwrap().seal, seal);
        assert_eq!(text.to_ascii_lowercase().parse::<Located>().unwrap().host, host);
        let mixed = text.replacen(&seal.segment()[..1], &seal.segment()[..1].to_ascii_lowercase(), 1);
        let segment = mixed.rsplit_once('/').unwrap().1;
        let mut flipped = segment.to_owned();
        flipped.replace_range(0..1, &segment[0..1].to_ascii_lowercase());
        assert_eq!(Seal::from_segment(&flipped), Err(SealError::Malformed));
    }

    proptest! {
        #[test]
        fn no_text_whatsoever_panics(text in ".{0,300}") {
            let _ = text.parse::<Located>();
            let _ = Seal::from_segment(&text);
        }
    }
}
