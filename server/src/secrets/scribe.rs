//! Signing of documents that any JWT library can check: receipts, the facts of a code,
//! the list of revoked codes. Always Ed25519, also where codes are sealed with SM2,
//! because no registered JWS algorithm names SM2.

use std::fmt;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use qiyema_protocol::{
    receipt::{RECEIPT_TYP, ReceiptClaims},
    revocation::{REVOCATION_TYP, RevocationClaims},
    seal::{CodeId, Host},
};
use serde::Serialize;

use super::signer::SignError;
use crate::clock::Timestamp;

/// JWS `typ` header of a code JWT.
pub const CODE_TYP: &str = "qiyema-code+jwt";

/// A private Ed25519 key and its id.
#[derive(Clone)]
pub struct Scribe {
    kid: u8,
    key: EncodingKey,
}

impl fmt::Debug for Scribe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scribe({}, …)", self.kid)
    }
}

#[derive(Serialize)]
struct CodeClaims<'a> {
    iss: &'a str,
    sub: String,
    name: &'a str,
    iat: i64,
}

impl Scribe {
    /// Takes an Ed25519 key in PKCS#8 form.
    #[must_use]
    pub fn from_pkcs8(kid: u8, pkcs8: &[u8]) -> Self {
        Self { kid, key: EncodingKey::from_ed_der(pkcs8) }
    }

    /// The id of the key.
    #[must_use]
    pub const fn kid(&self) -> u8 {
        self.kid
    }

    /// The compact JWS a rater takes home.
    pub fn receipt(&self, claims: &ReceiptClaims) -> Result<String, SignError> {
        self.jws(RECEIPT_TYP, claims)
    }

    /// The list of codes that do not stand any more.
    pub fn revocations(&self, claims: &RevocationClaims) -> Result<String, SignError> {
        self.jws(REVOCATION_TYP, claims)
    }

    /// The facts of a seal as a JWT.
    pub fn code_jwt(
        &self,
        host: &Host,
        code: CodeId,
        name: &str,
        issued: Timestamp,
    ) -> Result<String, SignError> {
        let claims = CodeClaims { iss: host.as_str(), sub: code.to_string(), name, iat: issued.timestamp() };
        self.jws(CODE_TYP, &claims)
    }

    fn jws(&self, typ: &str, claims: &impl Serialize) -> Result<String, SignError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.into());
        header.kid = Some(self.kid.to_string());
        jsonwebtoken::encode(&header, claims, &self.key).map_err(|_| SignError(self.kid))
    }
}
