//! The trusted hosts and their public keys: the reason a forged code fails offline.

use std::{collections::BTreeMap, fs, path::PathBuf};

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use qiyema_protocol::{
    keyring::{Jwk, Jwks, KeyRing},
    seal::{Host, Located, Verified},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{credentials, exit::Failure};

/// One host that the reader chose to trust.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trusted {
    /// Where requests go; never taken from a code.
    pub origin: String,
    /// When the keys were fetched or read.
    pub fetched_at: DateTime<Utc>,
    /// The keys.
    pub jwks: Jwks,
}

/// All trusted hosts, by signed host name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Store {
    /// The hosts.
    pub hosts: BTreeMap<String, Trusted>,
}

impl Store {
    /// Reads the file; a missing one is an empty store, a broken one an error.
    pub fn load() -> Result<Self, Failure> {
        credentials::read("keys.json").map(Option::unwrap_or_default)
    }

    /// Writes the file.
    pub fn save(&self) -> Result<PathBuf, Failure> {
        credentials::write("keys.json", self)
    }

    /// Looks a code up; an unknown host is refused before anything is sent.
    pub fn trusted(&self, host: &Host) -> Result<&Trusted, Failure> {
        self.hosts.get(host.as_str()).ok_or_else(|| {
            Failure::new(
                6,
                format!(
                    "不信任的网址，未发送任何信息 / host {0} is not trusted; nothing was sent.\n  如确认是官方网址 / if it is the official one: qiyema keys trust {1}",
                    host.as_str(),
                    host.origin()
                ),
            )
        })
    }

    /// Verifies a code offline.
    pub fn verify(&self, located: &Located) -> Result<(&Trusted, Verified), Failure> {
        let trusted = self.trusted(&located.host)?;
        let ring = KeyRing::from_jwks(&trusted.jwks).map_err(Failure::failed)?;
        Ok((trusted, located.seal.verify(&located.host, &ring)?))
    }
}

/// RFC 7638 thumbprint in hex.
#[must_use]
pub fn fingerprint(key: &Jwk) -> String {
    let y = key.y.as_ref().map_or_else(String::new, |y| format!(r#","y":"{y}""#));
    let canonical = format!(r#"{{"crv":"{}","kty":"{}","x":"{}"{y}}}"#, key.crv, key.kty, key.x);
    HEXLOWER.encode(&Sha256::digest(canonical.as_bytes()))
}

/// A known key id must keep its key for ever, and a retired one stays retired.
pub fn unchanged(old: &Jwks, new: &Jwks) -> Result<(), Failure> {
    for key in &new.keys {
        let changed = old.keys.iter().any(|o| o.kid == key.kid && o != key);
        let revived = old.retired.iter().any(|r| r.to_string() == key.kid);
        if changed || revived {
            return Err(Failure::new(
                6,
                format!(
                    "!!! 密钥 {0} 变了，拒绝更新 / KEY {0} CHANGED, REFUSED: ask the service centre by telephone; only then `qiyema keys forget` and `trust` again",
                    key.kid
                ),
            ));
        }
    }
    Ok(())
}

/// Reads a JWKS and checks every key.
pub fn checked(jwks: Jwks) -> Result<Jwks, Failure> {
    KeyRing::from_jwks(&jwks).map_err(Failure::failed)?;
    Ok(jwks)
}

/// Reads a JWKS file.
pub fn from_file(path: &std::path::Path) -> Result<Jwks, Failure> {
    checked(serde_json::from_slice(&fs::read(path)?)?)
}

/// Reads the origin of a server. Passwords, PINs and keys do not travel in the
/// clear, except to this machine or where the reader insists.
pub fn origin(url: &str, insecure: bool) -> Result<Host, Failure> {
    let host = Host::from_origin(url)
        .ok_or_else(|| Failure::new(2, format!("不是网址 / not an origin like https://host: {url}")))?;
    if host.is_plain_http() && !loopback(&host) && !insecure {
        return Err(Failure::new(2, "明文 http 不安全 / plain http is unsafe: use https, or --insecure"));
    }
    Ok(host)
}

fn loopback(host: &Host) -> bool {
    let name = host.as_str().rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let bare = name.trim_matches(|c| matches!(c, '[' | ']'));
    name == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::keyring::{Jwk, Jwks};

    use super::{origin, unchanged};

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for url in ["http://localhost:1", "http://127.0.0.1", "http://[::1]:8080", "https://a.cn"] {
            assert!(origin(url, false).is_ok(), "{url}");
        }
        for url in ["http://a.cn", "http://127.0.0.1.a.cn:80", "http://localhost.cn"] {
            assert_eq!(origin(url, false).unwrap_err().exit, 2, "{url}");
            assert!(origin(url, true).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_key_id_keeps_its_key_and_a_retired_one_stays_retired() {
        let old = Jwks { keys: vec![Jwk::ed25519(1, &[1; 32])], retired: vec![2] };
        let other = |kid, byte| Jwks { keys: vec![Jwk::ed25519(kid, &[byte; 32])], retired: vec![] };
        assert!(unchanged(&old, &other(1, 1)).is_ok());
        assert!(unchanged(&old, &other(3, 9)).is_ok());
        assert_eq!(unchanged(&old, &other(1, 9)).unwrap_err().exit, 6);
        assert_eq!(unchanged(&old, &other(2, 9)).unwrap_err().exit, 6);
    }
}
