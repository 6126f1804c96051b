//! Signing of seals with the active key. The private key does not leave this type.

use std::{fmt, sync::Arc};

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::EncodingKey;
use qiyema_protocol::{
    algorithm::{Algorithm, SIGNATURE_BYTES},
    seal::{CodeId, HEAD_BYTES, Host, SEAL_BYTES, Seal, VERSION, message},
};

/// Signing failed; the key is damaged or the library out of order.
#[derive(Debug, thiserror::Error)]
#[error("signing with key {0} failed")]
pub struct SignError(pub u8);

/// A private key of some algorithm. The same message always gets the same signature,
/// so that a symbol on paper can be drawn again.
pub trait Hand: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Signs; `None` if the library refuses.
    fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_BYTES]>;
}

/// Ed25519 (RFC 8032), through jsonwebtoken's primitives.
pub struct Ed25519Hand(EncodingKey);

impl Ed25519Hand {
    /// Takes a key in PKCS#8 form.
    #[must_use]
    pub fn from_pkcs8(pkcs8: &[u8]) -> Self {
        Self(EncodingKey::from_ed_der(pkcs8))
    }
}

impl Hand for Ed25519Hand {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Ed25519
    }

    fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_BYTES]> {
        let text = jsonwebtoken::crypto::sign(message, &self.0, jsonwebtoken::Algorithm::EdDSA).ok()?;
        BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()
    }
}

/// One private key and its id.
#[derive(Clone)]
pub struct Signer {
    kid: u8,
    hand: Arc<dyn Hand>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({} {}, …)", self.kid, self.algorithm())
    }
}

impl Signer {
    /// Puts an id to a key.
    #[must_use]
    pub fn new(kid: u8, hand: impl Hand + 'static) -> Self {
        Self { kid, hand: Arc::new(hand) }
    }

    /// The id of the key.
    #[must_use]
    pub const fn kid(&self) -> u8 {
        self.kid
    }

    /// How the key signs.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.hand.algorithm()
    }

    /// Seals a code for a host.
    pub fn seal(&self, host: &Host, code: CodeId) -> Result<Seal, SignError> {
        let mut head = [0; HEAD_BYTES];
        let fields = [VERSION, self.kid].into_iter().chain(code.0);
        head.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        let signature = self.hand.sign(&message(host, &head)).ok_or(SignError(self.kid))?;
        let mut bytes = [0; SEAL_BYTES];
        bytes.iter_mut().zip(head.into_iter().chain(signature)).for_each(|(to, from)| *to = from);
        Ok(Seal::from_bytes(bytes))
    }
}
