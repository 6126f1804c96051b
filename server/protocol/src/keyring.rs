//! The key ring: which public keys may have signed a seal. Serialised as a JWKS
//! (RFC 7517), so that any JWT library can read the same document.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};

#[cfg(feature = "gm")]
use crate::algorithm::Sm2Key;
use crate::algorithm::{Algorithm, Ed25519Key, SealKey};

/// Published keys (`/.well-known/jwks.json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jwks {
    /// Live keys.
    pub keys: Vec<Jwk>,
    /// Ids of keys that were retired; seals that name them are void.
    #[serde(default)]
    pub retired: Vec<u8>,
}

/// One public key: an OKP key of RFC 8037, or an SM2 key in the form of RFC 7518 §6.2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jwk {
    /// `OKP`, or `EC` for SM2.
    pub kty: String,
    /// `Ed25519` or `SM2`.
    pub crv: String,
    /// 32 bytes, base64url without padding.
    pub x: String,
    /// SM2 only: 32 bytes, base64url without padding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
    /// Key id, `1` to `255`.
    pub kid: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// `EdDSA` or `SM2`.
    pub alg: String,
}

impl Jwk {
    /// The JWK of an Ed25519 public key.
    #[must_use]
    pub fn ed25519(kid: u8, public: &[u8; 32]) -> Self {
        Self::of(kid, Algorithm::Ed25519, BASE64URL_NOPAD.encode(public), None)
    }

    /// The JWK of a key whose coordinates are encoded already.
    #[must_use]
    pub fn of(kid: u8, algorithm: Algorithm, x: String, y: Option<String>) -> Self {
        let (kty, crv) = kind(algorithm);
        Self {
            kty: kty.into(),
            crv: crv.into(),
            x,
            y,
            kid: kid.to_string(),
            usage: "sig".into(),
            alg: algorithm.name().into(),
        }
    }

    fn algorithm(&self) -> Option<Algorithm> {
        [Algorithm::Ed25519, Algorithm::Sm2].into_iter().find(|algorithm| {
            self.usage == "sig"
                && self.alg == algorithm.name()
                && (self.kty.as_str(), self.crv.as_str()) == kind(*algorithm)
        })
    }
}

const fn kind(algorithm: Algorithm) -> (&'static str, &'static str) {
    match algorithm {
        Algorithm::Ed25519 => ("OKP", "Ed25519"),
        Algorithm::Sm2 => ("EC", "SM2"),
    }
}

/// Why a published key was not taken into the ring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key id is not a number from 1 to 255.
    #[error("key id `{0}` is not a number from 1 to 255")]
    Kid(String),
    /// Not a signing key of a known algorithm.
    #[error("key {0} is neither an Ed25519 (kty OKP, alg EdDSA) nor an SM2 (kty EC, alg SM2) signing key")]
    Kind(u8),
    /// The point is missing, malformed, not on the curve, non-canonical or of small order.
    #[error("key {0} holds no acceptable public key")]
    Point(u8),
    /// Two keys under one id: a key id has one key for ever.
    #[error("key id {0} appears twice")]
    Twice(u8),
}

/// What the ring knows of a key id.
pub enum Known<'ring> {
    /// Seals of this key stand.
    Live(&'ring dyn SealKey),
    /// It stands, but this build cannot check its algorithm.
    Unsupported(Algorithm),
    /// Seals of this key are void.
    Retired,
    /// Never heard of it.
    Unknown,
}

/// Verified public keys by id.
#[derive(Clone, Default)]
pub struct KeyRing {
    live: Vec<(u8, Option<Arc<dyn SealKey>>)>,
    retired: Vec<u8>,
    jwks: Option<Jwks>,
}

impl KeyRing {
    /// Checks every key of a JWKS and builds the ring.
    pub fn from_jwks(jwks: &Jwks) -> Result<Self, KeyError> {
        let mut live = Vec::with_capacity(jwks.keys.len());
        for key in &jwks.keys {
            let kid = parse_kid(&key.kid)?;
            if jwks.retired.contains(&kid) || live.iter().any(|(known, _)| *known == kid) {
                return Err(KeyError::Twice(kid));
            }
            live.push((kid, seal_key(kid, key)?));
        }
        Ok(Self { live, retired: jwks.retired.clone(), jwks: Some(jwks.clone()) })
    }

    /// What the ring knows of a key id.
    #[must_use]
    pub fn find(&self, kid: u8) -> Known<'_> {
        match self.live.iter().find(|(known, _)| *known == kid) {
            Some((_, Some(key))) => Known::Live(key.as_ref()),
            Some((_, None)) => Known::Unsupported(Algorithm::Sm2),
            None if self.retired.contains(&kid) => Known::Retired,
            None => Known::Unknown,
        }
    }

    /// The key that checks JSON Web Tokens which name `kid`: only a live Ed25519 key does.
    #[must_use]
    pub fn token_key(&self, kid: u8) -> Option<&DecodingKey> {
        match self.find(kid) {
            Known::Live(key) => key.token_key(),
            Known::Unsupported(_) | Known::Retired | Known::Unknown => None,
        }
    }

    /// The document this ring was made from.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        self.jwks.clone().unwrap_or(Jwks { keys: Vec::new(), retired: Vec::new() })
    }
}

fn parse_kid(text: &str) -> Result<u8, KeyError> {
    match text.parse::<u8>() {
        Ok(kid) if kid > 0 && kid.to_string() == text => Ok(kid),
        _ => Err(KeyError::Kid(text.chars().take(16).collect())),
    }
}

/// `None` for an algorithm this build cannot check; its key is not looked at.
fn seal_key(kid: u8, key: &Jwk) -> Result<Option<Arc<dyn SealKey>>, KeyError> {
    let point = |made: Option<Arc<dyn SealKey>>| made.map(Some).ok_or(KeyError::Point(kid));
    match key.algorithm().ok_or(KeyError::Kind(kid))? {
        Algorithm::Ed25519 if key.y.is_none() => {
            let key = coordinate(&key.x).and_then(|x| Ed25519Key::new(&x));
            point(key.map(|key| -> Arc<dyn SealKey> { Arc::new(key) }))
        }
        Algorithm::Ed25519 => Err(KeyError::Kind(kid)),
        #[cfg(feature = "gm")]
        Algorithm::Sm2 => {
            let y = key.y.as_deref().and_then(coordinate);
            let key = coordinate(&key.x).zip(y).and_then(|(x, y)| Sm2Key::new(&x, &y));
            point(key.map(|key| -> Arc<dyn SealKey> { Arc::new(key) }))
        }
        #[cfg(not(feature = "gm"))]
        Algorithm::Sm2 => Ok(None),
    }
}

fn coordinate(text: &str) -> Option<[u8; 32]> {
    BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{Jwk, Jwks, KeyError, KeyRing};

    #[test]
    fn a_key_id_has_one_key_and_is_1_to_255() {
        let good = Jwk::ed25519(7, &[9; 32]);
        let twice = Jwks { keys: vec![good.clone(), good.clone()], retired: vec![] };
        assert_eq!(KeyRing::from_jwks(&twice).err(), Some(KeyError::Twice(7)));
        for bad in ["0", "256", "07", "x", ""] {
            let jwks = Jwks { keys: vec![Jwk { kid: bad.into(), ..good.clone() }], retired: vec![] };
            assert_eq!(KeyRing::from_jwks(&jwks).err(), Some(KeyError::Kid(bad.into())));
        }
    }
}
