//! SM2 with SM3, the private side; only in builds with the feature `gm`. The random
//! number of a signature is derived as in RFC 6979 with SM3, so the same code gets the
//! same seal and a bad random source cannot give the key away.

use data_encoding::BASE64URL_NOPAD;
use qiyema_protocol::algorithm::{Algorithm, SIGNATURE_BYTES, SM2_ID};
use sm2::{
    SecretKey,
    dsa::{SigningKey, signature::Signer as _},
    pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _},
};

use super::{keypair::Public, signer::Hand};

/// An SM2 signing key with the usual identifier.
pub struct Sm2Hand(SigningKey);

impl Hand for Sm2Hand {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2
    }

    fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_BYTES]> {
        Some(self.0.try_sign(message).ok()?.to_bytes().into())
    }
}

/// Makes a key; answers its PKCS#8 document and its public part.
pub fn generate() -> Option<(Vec<u8>, Public)> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).ok()?;
    // Out of range once in 2^32: then there is no key, and the next try makes one.
    let key = SecretKey::from_slice(&secret).ok()?;
    let document = key.to_pkcs8_der().ok()?.as_bytes().to_vec();
    let (_, public) = read(&document)?;
    Some((document, public))
}

/// Reads a PKCS#8 document.
pub fn read(pkcs8: &[u8]) -> Option<(Sm2Hand, Public)> {
    let secret = SecretKey::from_pkcs8_der(pkcs8).ok()?;
    let hand = SigningKey::new(SM2_ID, &secret).ok()?;
    let point = hand.verifying_key().to_sec1_bytes();
    let (x, y) = point.strip_prefix(&[4])?.split_at_checked(32)?;
    let public = Public { x: BASE64URL_NOPAD.encode(x), y: Some(BASE64URL_NOPAD.encode(y)) };
    Some((Sm2Hand(hand), public))
}
