//! How a key signs. A key has one algorithm for ever; what is signed, and how long
//! a signature is, is the same for all.

mod ed25519;
#[cfg(feature = "gm")]
mod sm2;

use std::{fmt, str::FromStr};

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};

pub use ed25519::Ed25519Key;
#[cfg(feature = "gm")]
pub use sm2::{SM2_ID, Sm2Key};

/// Bytes of a signature, whatever the algorithm.
pub const SIGNATURE_BYTES: usize = 64;

/// The algorithm of a key, named as in its JWK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032): R, then S, 32 bytes each.
    #[serde(rename = "EdDSA")]
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2): r, then s, 32 bytes each, big-endian.
    #[serde(rename = "SM2")]
    Sm2,
}

impl Algorithm {
    /// The name in a JWK.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "EdDSA",
            Self::Sm2 => "SM2",
        }
    }

    /// Whether this build can check its signatures: SM2 needs the feature `gm`.
    #[must_use]
    pub const fn is_built_in(self) -> bool {
        match self {
            Self::Ed25519 => true,
            Self::Sm2 => cfg!(feature = "gm"),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = String;

    /// Reads `ed25519` or `sm2`, in any case.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "ed25519" | "eddsa" => Ok(Self::Ed25519),
            "sm2" => Ok(Self::Sm2),
            _ => Err("ed25519 | sm2".to_owned()),
        }
    }
}

/// A public key that may have signed a seal.
pub trait SealKey: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> Algorithm;

    /// Whether it signed exactly this message; a second spelling of a true signature is false.
    fn verifies(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool;

    /// The same key for JSON Web Tokens; `None` if no registered JWS algorithm fits.
    fn token_key(&self) -> Option<&DecodingKey> {
        None
    }
}
