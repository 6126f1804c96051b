//! Signing with the active key: seals, receipts and code JWTs, all through
//! jsonwebtoken's primitives. The private key does not leave this type.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use qiyema_protocol::{
    receipt::{RECEIPT_TYP, ReceiptClaims},
    revocation::{REVOCATION_TYP, RevocationClaims},
    seal::{CodeId, HEAD_BYTES, Host, SEAL_BYTES, Seal, VERSION, message},
};
use serde::Serialize;

use crate::clock::Timestamp;

/// JWS `typ` header of a code JWT.
pub const CODE_TYP: &str = "qiyema-code+jwt";

/// Signing failed; the key is damaged or the library out of order.
#[derive(Debug, thiserror::Error)]
#[error("signing with key {kid} failed")]
pub struct SignError {
    kid: u8,
}

/// One private key and its id.
#[derive(Clone)]
pub struct Signer {
    kid: u8,
    key: EncodingKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, …)", self.kid)
    }
}

#[derive(Serialize)]
struct CodeClaims<'a> {
    iss: &'a str,
    sub: String,
    name: &'a str,
    iat: i64,
}

impl Signer {
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

    /// Seals a code for a host.
    pub fn seal(&self, host: &Host, code: CodeId) -> Result<Seal, SignError> {
        let mut head = [0; HEAD_BYTES];
        let fields = [VERSION, self.kid].into_iter().chain(code.0);
        head.iter_mut().zip(fields).for_each(|(to, from)| *to = from);
        let signature = jsonwebtoken::crypto::sign(&message(host, &head), &self.key, Algorithm::EdDSA)
            .ok()
            .and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok())
            .ok_or_else(|| self.failed())?;
        let bytes: Vec<u8> = head.into_iter().chain(signature).collect();
        let bytes: [u8; SEAL_BYTES] = bytes.try_into().map_err(|_| self.failed())?;
        Ok(Seal::from_bytes(bytes))
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
        jsonwebtoken::encode(&header, claims, &self.key).map_err(|_| self.failed())
    }

    const fn failed(&self) -> SignError {
        SignError { kid: self.kid }
    }
}
