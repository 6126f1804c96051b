//! The key ring: which public keys may have signed a seal. Serialised as a JWKS
//! (RFC 7517), so that any JWT library can read the same document.

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};

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

/// One public key (RFC 8037 OKP key).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Jwk {
    /// Always `OKP`.
    pub kty: String,
    /// Always `Ed25519`.
    pub crv: String,
    /// 32 bytes, base64url without padding.
    pub x: String,
    /// Key id, `1` to `255`.
    pub kid: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Always `EdDSA`.
    pub alg: String,
}

impl Jwk {
    /// The JWK of an Ed25519 public key.
    #[must_use]
    pub fn ed25519(kid: u8, public: &[u8; 32]) -> Self {
        Self {
            kty: "OKP".into(),
            crv: "Ed25519".into(),
            x: data_encoding::BASE64URL_NOPAD.encode(public),
            kid: kid.to_string(),
            usage: "sig".into(),
            alg: "EdDSA".into(),
        }
    }
}

/// Why a published key was not taken into the ring.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key id is not a number from 1 to 255.
    #[error("key id `{0}` is not a number from 1 to 255")]
    Kid(String),
    /// Not an Ed25519 signing key.
    #[error("key {0} is not an Ed25519 signing key (kty OKP, crv Ed25519, alg EdDSA)")]
    Kind(u8),
    /// The 32 bytes are missing, malformed, non-canonical or of small order.
    #[error("key {0} holds no acceptable public key")]
    Point(u8),
    /// Two keys under one id: a key id has one key for ever.
    #[error("key id {0} appears twice")]
    Twice(u8),
}

/// What the ring knows of a key id.
pub enum Known<'ring> {
    /// Seals of this key stand.
    Live(&'ring DecodingKey),
    /// Seals of this key are void.
    Retired,
    /// Never heard of it.
    Unknown,
}

/// Verified public keys by id.
#[derive(Clone, Default)]
pub struct KeyRing {
    live: Vec<(u8, DecodingKey)>,
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
            live.push((kid, decoding_key(kid, key)?));
        }
        Ok(Self { live, retired: jwks.retired.clone(), jwks: Some(jwks.clone()) })
    }

    /// What the ring knows of a key id.
    #[must_use]
    pub fn find(&self, kid: u8) -> Known<'_> {
        match self.live.iter().find(|(known, _)| *known == kid) {
            Some((_, key)) => Known::Live(key),
            None if self.retired.contains(&kid) => Known::Retired,
            None => Known::Unknown,
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

fn decoding_key(kid: u8, key: &Jwk) -> Result<DecodingKey, KeyError> {
    if key.kty != "OKP" || key.crv != "Ed25519" || key.alg != "EdDSA" || key.usage != "sig" {
        return Err(KeyError::Kind(kid));
    }
    let bytes = data_encoding::BASE64URL_NOPAD.decode(key.x.as_bytes()).map_err(|_| KeyError::Point(kid))?;
    let point: [u8; 32] = bytes.try_into().map_err(|_| KeyError::Point(kid))?;
    if !acceptable_point(&point) {
        return Err(KeyError::Point(kid));
    }
    Ok(DecodingKey::from_ed_der(&point))
}

/// The curve's prime, 2^255 − 19, little-endian.
const PRIME: [u8; 32] = {
    let mut p = [0xff_u8; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    p
};

/// y of the points whose order divides 8 (RFC 8032 §5.1; the canonical ones:
/// 0, 1, −1 and the two of order 8). Anybody could "sign" for such a key.
const SMALL_ORDER_Y: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    {
        let mut minus_one = PRIME;
        minus_one[0] = 0xec;
        minus_one
    },
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// Canonical encoding (y < p) and not of small order. The backend checks
/// neither for a public key, and we want RFC 8032's strict reading.
pub(crate) fn acceptable_point(point: &[u8; 32]) -> bool {
    let mut y = *point;
    if let Some(top) = y.last_mut() {
        *top &= 0x7f;
    }
    let canonical = y.iter().rev().lt(PRIME.iter().rev());
    canonical && !SMALL_ORDER_Y.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::{Jwk, Jwks, KeyError, KeyRing};

    fn ring(x: &[u8; 32]) -> Result<KeyRing, KeyError> {
        KeyRing::from_jwks(&Jwks { keys: vec![Jwk::ed25519(7, x)], retired: vec![] })
    }

    #[test]
    fn keys_anybody_could_sign_for_are_refused() {
        for y in super::SMALL_ORDER_Y {
            assert_eq!(ring(&y).err(), Some(KeyError::Point(7)));
            let mut signed = y;
            signed[31] |= 0x80;
            assert_eq!(ring(&signed).err(), Some(KeyError::Point(7)));
        }
        assert_eq!(ring(&super::PRIME).err(), Some(KeyError::Point(7)), "non-canonical zero");
        assert_eq!(ring(&[0xff; 32]).err(), Some(KeyError::Point(7)), "y above the prime");
    }

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
