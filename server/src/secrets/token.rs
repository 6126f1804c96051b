//! Tokens: signed ones for staff (short-lived, HS256, one pinned algorithm) and
//! opaque ones of which only the fingerprint is kept. Also pseudonyms, so that
//! tables of attempts hold no addresses.

use std::{fmt, io};

use aws_lc_rs::hmac;
use chrono::TimeDelta;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    clock::{Ids, Timestamp},
    secrets::{files::FileError, folder::KeyFolder},
};

/// `aud` of a staff token.
pub const STAFF_AUDIENCE: &str = "qiyema-staff";
/// Its file in the key folder.
const FILE: &str = "session.key";
/// Seconds by which two clocks may differ.
const LEEWAY: i64 = 5;

/// 256 secret bits for staff tokens and pseudonyms; does not print.
#[derive(Clone)]
pub struct SessionSecret([u8; 32]);

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

/// Why the session secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file could not be read or written, or is open to others.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file does not hold 32 bytes.
    #[error("the session key does not hold 32 bytes; delete it and everybody signs in again")]
    Length,
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(io::Error),
}

impl SessionSecret {
    /// For keys that are derived from it.
    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Wraps bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key for one purpose and one name, which tells nothing of this secret.
    #[must_use]
    pub fn derive(&self, purpose: &str, name: &str) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, format!("{purpose} v1\0{name}").as_bytes());
        let mut derived = [0; 32];
        derived.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        derived
    }

    /// Reads `session.key`, or makes it (0600).
    pub fn open_or_create(folder: impl Into<KeyFolder>, ids: Ids) -> Result<Self, SecretError> {
        let folder = folder.into();
        match folder.read(FILE) {
            Ok(bytes) => bytes.try_into().map(Self).map_err(|_| SecretError::Length),
            Err(missing) if missing.is_missing() => {
                let bytes: [u8; 32] = ids.bytes().map_err(SecretError::Random)?;
                folder.create(FILE, &bytes)?;
                Ok(Self(bytes))
            }
            Err(other) => Err(other.into()),
        }
    }
}

/// Who signed in, and by which session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffClaims {
    /// Staff id.
    pub sub: String,
    /// Session id: ended sessions are looked up by it.
    pub sid: String,
    /// Seconds since 1970 at which it was issued.
    pub iat: i64,
    /// Seconds since 1970 at which it ends.
    pub exp: i64,
    /// The host that issued it.
    pub iss: String,
    /// Always `qiyema-staff`.
    pub aud: String,
}

/// Why a staff token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not one of ours.
    #[error("the token is false")]
    False,
    /// It was ours, but its time is over.
    #[error("the token has expired")]
    Expired,
    /// It could not be signed.
    #[error("the token could not be signed")]
    Sign,
}

/// Issues and reads staff tokens.
#[derive(Clone)]
pub struct StaffTokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
}

impl StaffTokens {
    /// For one host.
    #[must_use]
    pub fn new(secret: &SessionSecret, issuer: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[STAFF_AUDIENCE]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // The library would ask the machine's clock; `read` compares with the time it is given.
        validation.validate_exp = false;
        Self {
            encoding: EncodingKey::from_secret(&secret.0),
            decoding: DecodingKey::from_secret(&secret.0),
            validation,
            issuer: issuer.to_owned(),
        }
    }

    /// Issues a token.
    pub fn issue(
        &self,
        staff: &str,
        session: &str,
        at: Timestamp,
        lasts: TimeDelta,
    ) -> Result<String, TokenError> {
        let claims = StaffClaims {
            sub: staff.to_owned(),
            sid: session.to_owned(),
            iat: at.timestamp(),
            exp: at.timestamp().saturating_add(lasts.num_seconds()),
            iss: self.issuer.clone(),
            aud: STAFF_AUDIENCE.to_owned(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .map_err(|_| TokenError::Sign)
    }

    /// Reads a token at a moment.
    pub fn read(&self, token: &str, at: Timestamp) -> Result<StaffClaims, TokenError> {
        let data = jsonwebtoken::decode::<StaffClaims>(token, &self.decoding, &self.validation)
            .map_err(|_| TokenError::False)?;
        let now = at.timestamp();
        if data.claims.iat > now.saturating_add(LEEWAY) {
            return Err(TokenError::False);
        }
        if data.claims.exp <= now {
            return Err(TokenError::Expired);
        }
        Ok(data.claims)
    }
}

/// A random token (43 characters) and the fingerprint to keep of it.
pub fn opaque(ids: Ids) -> io::Result<(String, String)> {
    let token = BASE64URL_NOPAD.encode(&ids.bytes::<32>()?);
    let kept = fingerprint(&token);
    Ok((token, kept))
}

/// SHA-256 of a token, in hex.
#[must_use]
pub fn fingerprint(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// A keyed name for an address: 32 hex digits that only this secret can make.
#[must_use]
pub fn pseudonym(secret: &SessionSecret, address: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
    let tag = hmac::sign(&key, format!("qiyema address v1\0{address}").as_bytes());
    HEXLOWER.encode(tag.as_ref()).chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{SessionSecret, StaffTokens, TokenError, fingerprint, opaque, pseudonym};
    use crate::clock::{Ids, Timestamp};

    #[test]
    fn a_staff_token_lives_its_time_at_its_host_under_its_secret() {
        let at = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        let secret = SessionSecret::from_bytes([1; 32]);
        let tokens = StaffTokens::new(&secret, "qy.example.cn");
        let token = tokens.issue("staff", "session", at, TimeDelta::minutes(15)).unwrap();
        let claims = tokens.read(&token, at + TimeDelta::seconds(899)).unwrap();
        assert_eq!((claims.sub.as_str(), claims.sid.as_str()), ("staff", "session"));
        assert_eq!(tokens.read(&token, at + TimeDelta::seconds(900)), Err(TokenError::Expired));
        assert_eq!(tokens.read(&token, at - TimeDelta::seconds(6)), Err(TokenError::False));
        assert!(tokens.read(&token, at - TimeDelta::seconds(5)).is_ok());
        assert_eq!(StaffTokens::new(&secret, "other.cn").read(&token, at), Err(TokenError::False));
        let other = SessionSecret::from_bytes([2; 32]);
        assert_eq!(StaffTokens::new(&other, "qy.example.cn").read(&token, at), Err(TokenError::False));
        // {"alg":"none"} with the same claims and no signature.
        let body = token.split('.').nth(1).unwrap();
        assert_eq!(tokens.read(&format!("eyJhbGciOiJub25lIn0.{body}."), at), Err(TokenError::False));
    }

    #[test]
    fn the_session_key_is_made_once() {
        let temp = tempfile::tempdir().unwrap();
        let first = SessionSecret::open_or_create(temp.path(), Ids).unwrap();
        assert_eq!(first.0, SessionSecret::open_or_create(temp.path(), Ids).unwrap().0);
        assert_ne!(first.0, [0; 32]);
    }

    #[test]
    fn opaque_tokens_and_pseudonyms() {
        let (token, kept) = opaque(Ids).unwrap();
        assert_eq!((token.len(), kept.len()), (43, 64));
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let secret = SessionSecret::from_bytes([1; 32]);
        let name = pseudonym(&secret, "192.0.2.1");
        assert_eq!(name.len(), 32);
        assert_eq!(name, pseudonym(&secret, "192.0.2.1"));
        assert_ne!(name, pseudonym(&secret, "192.0.2.2"));
        assert_ne!(name, pseudonym(&SessionSecret::from_bytes([2; 32]), "192.0.2.1"));
    }
}
