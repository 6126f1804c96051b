//! Ed25519 (RFC 8032), read strictly: neither the key nor R may be a point that
//! anybody could sign for, or have a second spelling.

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::DecodingKey;

use super::{Algorithm, SIGNATURE_BYTES, SealKey};

/// A public key of 32 bytes.
pub struct Ed25519Key(DecodingKey);

impl Ed25519Key {
    /// Takes a point that is canonical and not of small order.
    pub fn new(point: &[u8; 32]) -> Option<Self> {
        acceptable_point(point).then(|| Self(DecodingKey::from_ed_der(point)))
    }
}

impl SealKey for Ed25519Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn verifies(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        let r_acceptable = signature.first_chunk::<32>().is_some_and(acceptable_point);
        let encoded = BASE64URL_NOPAD.encode(signature);
        let algorithm = jsonwebtoken::Algorithm::EdDSA;
        r_acceptable
            && matches!(jsonwebtoken::crypto::verify(&encoded, message, &self.0, algorithm), Ok(true))
    }

    fn token_key(&self) -> Option<&DecodingKey> {
        Some(&self.0)
    }
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
fn acceptable_point(point: &[u8; 32]) -> bool {
    let mut y = *point;
    if let Some(top) = y.last_mut() {
        *top &= 0x7f;
    }
    let canonical = y.iter().rev().lt(PRIME.iter().rev());
    canonical && !SMALL_ORDER_Y.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::{Ed25519Key, PRIME, SMALL_ORDER_Y};

    #[test]
    fn keys_anybody_could_sign_for_are_refused() {
        for y in SMALL_ORDER_Y {
            assert!(Ed25519Key::new(&y).is_none());
            let mut signed = y;
            signed[31] |= 0x80;
            assert!(Ed25519Key::new(&signed).is_none());
        }
        assert!(Ed25519Key::new(&PRIME).is_none(), "non-canonical zero");
        assert!(Ed25519Key::new(&[0xff; 32]).is_none(), "y above the prime");
        assert!(Ed25519Key::new(&[9; 32]).is_some());
    }
}
