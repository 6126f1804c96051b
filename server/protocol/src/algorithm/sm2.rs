//! SM2 with SM3 (GB/T 32918.2-2016, GB/T 32905-2016), behind the feature `gm`. The
//! library is not a certified module and was not audited: docs/seal.md.

use sm2::dsa::{Signature, VerifyingKey, signature::Verifier as _};

use super::{Algorithm, SIGNATURE_BYTES, SealKey};

/// The signer's distinguishing identifier, the default of GM/T 0009-2012 §10.
pub const SM2_ID: &str = "1234567812345678";

/// A point of the curve, not the one at infinity.
pub struct Sm2Key(VerifyingKey);

impl Sm2Key {
    /// Takes the affine coordinates, big-endian; the point must be on the curve.
    pub fn new(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        let uncompressed: Vec<u8> = [4].into_iter().chain(*x).chain(*y).collect();
        VerifyingKey::from_sec1_bytes(SM2_ID, &uncompressed).ok().map(Self)
    }
}

impl SealKey for Sm2Key {
    fn algorithm(&self) -> Algorithm {
        Algorithm::Sm2
    }

    fn verifies(&self, message: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> bool {
        // r and s outside 1..n are refused here, so a signature has one spelling.
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
