//! `qiyema receipt …`: checks a receipt without a network.

use jsonwebtoken::{Algorithm, Validation};
use qiyema_protocol::{
    keyring::KeyRing,
    receipt::{RECEIPT_TYP, ReceiptClaims},
};

use super::Context;
use crate::{exit::Failure, keys::Store, output};

/// Verifies a receipt: a file, or the compact JWS itself.
pub fn verify(c: &Context, given: &str) -> Result<(), Failure> {
    let claims = genuine(given)?;
    output::people(c.lang.of("回执真实", "the receipt is genuine"));
    output::json(&claims)
}

/// What a genuine receipt says.
pub fn genuine(given: &str) -> Result<ReceiptClaims, Failure> {
    let text = if std::path::Path::new(given).is_file() {
        std::fs::read_to_string(given)?
    } else {
        given.to_owned()
    };
    let text = text.trim();
    let header = jsonwebtoken::decode_header(text).map_err(|e| bad(&e.to_string()))?;
    if header.typ.as_deref() != Some(RECEIPT_TYP) || header.alg != Algorithm::EdDSA {
        return Err(bad("typ, alg"));
    }
    let kid: u8 = header.kid.and_then(|k| k.parse().ok()).ok_or_else(|| bad("kid"))?;
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    for (host, trusted) in &Store::load()?.hosts {
        let ring = KeyRing::from_jwks(&trusted.jwks).map_err(Failure::failed)?;
        let Some(key) = ring.token_key(kid) else { continue };
        let Ok(token) = jsonwebtoken::decode::<ReceiptClaims>(text, key, &rules) else { continue };
        if token.claims.iss == *host {
            return Ok(token.claims);
        }
    }
    Err(bad("没有信任的密钥签过它 / signed by no trusted key"))
}

fn bad(why: &str) -> Failure {
    Failure::new(6, format!("回执无效 / receipt invalid: {why}"))
}
