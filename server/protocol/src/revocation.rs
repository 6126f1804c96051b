//! The signed list of codes that do not stand any more, for whoever verifies
//! without a network. It is a compact JWS by a key of the ring and says its age.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};

use crate::{
    keyring::KeyRing,
    seal::{CodeId, Host},
};

/// JWS `typ` header of the list, so that it can never pass as another token.
pub const REVOCATION_TYP: &str = "qiyema-revocations+jwt";

/// Bytes of one code id.
const ID_BYTES: usize = 10;

/// What is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationClaims {
    /// Issuer: the host that signed.
    pub iss: String,
    /// Seconds since 1970 (UTC) at which the list was complete.
    pub iat: i64,
    /// Ids of codes that were revoked or replaced, ten bytes each, in order, as base64url.
    pub ended: String,
    /// Ids of codes that are suspended, the same.
    pub suspended: String,
}

impl RevocationClaims {
    /// The claims of a list.
    #[must_use]
    pub fn new(host: &Host, iat: i64, ended: &BTreeSet<CodeId>, suspended: &BTreeSet<CodeId>) -> Self {
        let packed = |ids: &BTreeSet<CodeId>| {
            let bytes: Vec<u8> = ids.iter().flat_map(|id| id.0).collect();
            BASE64URL_NOPAD.encode(&bytes)
        };
        Self { iss: host.as_str().to_owned(), iat, ended: packed(ended), suspended: packed(suspended) }
    }
}

/// Why a list is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// Not such a document.
    #[error("this is no list of revoked codes")]
    Malformed,
    /// No key of the ring has signed it.
    #[error("no trusted key has signed the list")]
    Signature,
    /// It belongs to another host.
    #[error("the list belongs to another host")]
    Host,
}

/// What a list says of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// Nothing was known against it.
    Yes,
    /// It was revoked or replaced.
    Ended,
    /// It was suspended.
    Suspended,
}

/// A list whose signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// Seconds since 1970 (UTC) at which it was complete.
    pub iat: i64,
    ended: BTreeSet<[u8; ID_BYTES]>,
    suspended: BTreeSet<[u8; ID_BYTES]>,
}

impl RevocationList {
    /// Checks type, key, signature and host, in this order.
    pub fn verify(text: &str, ring: &KeyRing, host: &Host) -> Result<Self, ListError> {
        let header = jsonwebtoken::decode_header(text).map_err(|_| ListError::Malformed)?;
        if header.typ.as_deref() != Some(REVOCATION_TYP) || header.alg != Algorithm::EdDSA {
            return Err(ListError::Malformed);
        }
        let kid: u8 = header.kid.and_then(|kid| kid.parse().ok()).ok_or(ListError::Malformed)?;
        let key = ring.token_key(kid).ok_or(ListError::Signature)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        rules.validate_aud = false;
        let token = jsonwebtoken::decode::<RevocationClaims>(text, key, &rules);
        let claims = token.map_err(|_| ListError::Signature)?.claims;
        if claims.iss != host.as_str() {
            return Err(ListError::Host);
        }
        Ok(Self { iat: claims.iat, ended: ids(&claims.ended)?, suspended: ids(&claims.suspended)? })
    }

    /// What it says of a code.
    #[must_use]
    pub fn stands(&self, code: CodeId) -> Stands {
        match code.0 {
            id if self.ended.contains(&id) => Stands::Ended,
            id if self.suspended.contains(&id) => Stands::Suspended,
            _ => Stands::Yes,
        }
    }

    /// How many codes are on it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ended.len() + self.suspended.len()
    }

    /// Whether it names no code.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn ids(text: &str) -> Result<BTreeSet<[u8; ID_BYTES]>, ListError> {
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| ListError::Malformed)?;
    let whole = bytes.chunks_exact(ID_BYTES);
    if !whole.remainder().is_empty() {
        return Err(ListError::Malformed);
    }
    Ok(whole.filter_map(|id| id.try_into().ok()).collect())
}
