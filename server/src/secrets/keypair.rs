//! Key pairs as they lie in the key folder: a private PKCS#8 document and the public
//! coordinates, one function to make and one to read for each algorithm.

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use data_encoding::BASE64URL_NOPAD;
use qiyema_protocol::algorithm::Algorithm;

use super::signer::{Ed25519Hand, Signer};

/// The public part, as in a JWK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Public {
    /// Base64url without padding.
    pub x: String,
    /// SM2 only, the same.
    pub y: Option<String>,
}

/// Why there is no key pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPair {
    /// This build lacks the algorithm.
    NotBuiltIn,
    /// The crypto library refused, or the document is damaged.
    Failed,
}

/// Makes a key; answers its PKCS#8 document and its public part.
pub fn generate(algorithm: Algorithm) -> Result<(Vec<u8>, Public), NoPair> {
    match algorithm {
        Algorithm::Ed25519 => {
            let pair = Ed25519KeyPair::generate().map_err(|_| NoPair::Failed)?;
            let pkcs8: Pkcs8V1Der<'static> = pair.as_der().map_err(|_| NoPair::Failed)?;
            Ok((pkcs8.as_ref().to_vec(), ed25519_public(&pair)))
        }
        #[cfg(feature = "gm")]
        Algorithm::Sm2 => super::sm2_hand::generate().ok_or(NoPair::Failed),
        #[cfg(not(feature = "gm"))]
        Algorithm::Sm2 => Err(NoPair::NotBuiltIn),
    }
}

/// Reads a private document; answers what it signs as under an id, and its public part.
pub fn read(algorithm: Algorithm, kid: u8, pkcs8: &[u8]) -> Result<(Signer, Public), NoPair> {
    match algorithm {
        Algorithm::Ed25519 => {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(|_| NoPair::Failed)?;
            Ok((Signer::new(kid, Ed25519Hand::from_pkcs8(pkcs8)), ed25519_public(&pair)))
        }
        #[cfg(feature = "gm")]
        Algorithm::Sm2 => {
            let (hand, public) = super::sm2_hand::read(pkcs8).ok_or(NoPair::Failed)?;
            Ok((Signer::new(kid, hand), public))
        }
        #[cfg(not(feature = "gm"))]
        Algorithm::Sm2 => Err(NoPair::NotBuiltIn),
    }
}

fn ed25519_public(pair: &Ed25519KeyPair) -> Public {
    Public { x: BASE64URL_NOPAD.encode(pair.public_key().as_ref()), y: None }
}
