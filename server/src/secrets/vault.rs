//! Secrets that must be read again (the keys of authenticator apps): sealed with
//! AES-256-GCM under a key of their own, derived from the session secret, and
//! bound to whom they belong to. Without the session secret they are noise; who
//! loses it enrols again.

use std::io;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
};
use data_encoding::BASE64URL_NOPAD;

use super::token::SessionSecret;
use crate::clock::Ids;

/// Seals and opens.
pub struct Vault(LessSafeKey);

/// Why something was not sealed or opened; nothing more can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kept secret could not be sealed or opened")]
pub struct VaultError;

struct Bits256;

impl KeyType for Bits256 {
    fn len(&self) -> usize {
        32
    }
}

impl Vault {
    /// The vault of a session secret.
    pub fn new(secret: &SessionSecret) -> Result<Self, VaultError> {
        let mut key = [0; 32];
        Salt::new(HKDF_SHA256, b"qiyema vault v1")
            .extract(secret.bytes())
            .expand(&[b"totp"], Bits256)
            .and_then(|made| made.fill(&mut key))
            .map_err(|_| VaultError)?;
        UnboundKey::new(&AES_256_GCM, &key).map(|key| Self(LessSafeKey::new(key))).map_err(|_| VaultError)
    }

    /// Seals a secret for its owner, as text.
    pub fn seal(&self, owner: &str, secret: &[u8], ids: Ids) -> io::Result<String> {
        let nonce = ids.bytes::<NONCE_LEN>()?;
        let mut sealed = secret.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(owner.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| io::Error::other(VaultError))?;
        Ok(BASE64URL_NOPAD.encode(&[&nonce[..], &sealed].concat()))
    }

    /// Opens what was sealed for this owner.
    pub fn open(&self, owner: &str, sealed: &str) -> Result<Vec<u8>, VaultError> {
        let bytes = BASE64URL_NOPAD.decode(sealed.as_bytes()).map_err(|_| VaultError)?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(VaultError)?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.0.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut rest);
        opened.map(|secret| secret.to_vec()).map_err(|_| VaultError)
    }
}

#[cfg(test)]
mod tests {
    use super::Vault;
    use crate::{clock::Ids, secrets::token::SessionSecret};

    #[test]
    fn a_sealed_secret_opens_for_its_owner_under_its_key_and_nobody_else() {
        let vault = Vault::new(&SessionSecret::from_bytes([1; 32])).unwrap();
        let sealed = vault.seal("wang", b"twenty secret bytes!", Ids).unwrap();
        assert_eq!(vault.open("wang", &sealed).unwrap(), b"twenty secret bytes!");
        assert!(vault.open("li", &sealed).is_err(), "somebody else's");
        let other = Vault::new(&SessionSecret::from_bytes([2; 32])).unwrap();
        assert!(other.open("wang", &sealed).is_err(), "another key");
        assert_ne!(sealed, vault.seal("wang", b"twenty secret bytes!", Ids).unwrap(), "no nonce comes twice");
        assert!(vault.open("wang", "").is_err() && vault.open("wang", "%").is_err());
    }
}
