//! Claims of the signed receipt a rater takes home.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};

use crate::{
    appeal::Ground,
    keyring::KeyRing,
    ledger::Inclusion,
    rating::{Round, Tier, Verdict},
};

/// JWS `typ` header of a receipt, so that it can never pass as another token.
pub const RECEIPT_TYP: &str = "qiyema-receipt+jwt";

/// What the server signs when it has stored a rating. Holds no comment and no
/// name: the receipt may be shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptClaims {
    /// Issuer: the host that signed.
    pub iss: String,
    /// Rating id.
    pub sub: String,
    /// Issue number.
    pub issue: String,
    /// Closure id that was rated.
    pub closure: String,
    /// 好评 or 差评.
    pub verdict: Verdict,
    /// Tier at which it was given.
    pub tier: Tier,
    /// Which rating of the closure; the first, unless said otherwise.
    #[serde(default, skip_serializing_if = "Round::is_first")]
    pub round: Round,
    /// SHA-256 (hex) of the canonical JSON of the whole rating as stored.
    pub digest: String,
    /// Seconds since 1970 (UTC) at which it was stored.
    pub iat: i64,
}

/// Why a text is not a genuine receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// It is no receipt at all.
    #[error("not a receipt")]
    Malformed,
    /// It names a key that is not trusted.
    #[error("signed by no trusted key")]
    Key,
    /// The signature is false, or another host gave it.
    #[error("the signature is false, or another host gave it")]
    Signature,
}

impl ReceiptClaims {
    /// What a receipt says, if one of these keys signed it for this host.
    pub fn open(text: &str, ring: &KeyRing, host: &str) -> Result<Self, ReceiptError> {
        let text = text.trim();
        let header = jsonwebtoken::decode_header(text).map_err(|_| ReceiptError::Malformed)?;
        if header.typ.as_deref() != Some(RECEIPT_TYP) || header.alg != Algorithm::EdDSA {
            return Err(ReceiptError::Malformed);
        }
        let kid = header.kid.and_then(|kid| kid.parse().ok()).ok_or(ReceiptError::Malformed)?;
        let key = ring.token_key(kid).ok_or(ReceiptError::Key)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        rules.validate_aud = false;
        let token = jsonwebtoken::decode::<Self>(text, key, &rules).map_err(|_| ReceiptError::Signature)?;
        if token.claims.iss == host { Ok(token.claims) } else { Err(ReceiptError::Signature) }
    }

    /// Whether an entry of the log is that of the rating which this receipt is for. A proof alone says that some entry is
    /// in the log; that may be anybody's.
    #[must_use]
    pub fn is_of(&self, entry: &str) -> bool {
        let Ok(entry) = serde_json::from_str::<serde_json::Value>(entry) else { return false };
        let word = |value: serde_json::Result<serde_json::Value>| value.ok();
        let said = [
            ("id", Some(self.sub.as_str().into())),
            ("closure_id", Some(self.closure.as_str().into())),
            ("verdict", word(serde_json::to_value(self.verdict))),
            ("tier", word(serde_json::to_value(self.tier))),
            ("round", word(serde_json::to_value(self.round))),
        ];
        let columns = entry.get("columns");
        let at = columns.and_then(|columns| columns.get("at")).and_then(serde_json::Value::as_str);
        let given = at.and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| at.timestamp());
        entry.get("kind").and_then(serde_json::Value::as_str) == Some("ratings")
            && given == Some(self.iat)
            && said.iter().all(|(name, said)| {
                said.is_some() && columns.and_then(|columns| columns.get(*name)) == said.as_ref()
            })
    }
}

/// Whether the rating of a receipt still stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It counts in the figures.
    Counted,
    /// It is kept and shown apart: only the code was proved, or it was entered after a call.
    Unverified,
    /// It is kept; a better proved one of the same closure counts in its place.
    Superseded,
    /// It is kept; an appeal was accepted, so it is left out of the figures.
    Excluded,
    /// A second rating: kept beside the first, which is the one that counts.
    Beside,
    /// It is there, but says something else than what was signed: it was altered.
    Altered,
    /// It is gone.
    Missing,
}

impl Standing {
    /// Nobody touched it.
    #[must_use]
    pub const fn is_intact(self) -> bool {
        !matches!(self, Self::Altered | Self::Missing)
    }
}

/// Why a rating is left out; the reasons in full are in the issue's history, after the PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exclusion {
    /// Ground of the appeal.
    pub ground: Ground,
    /// When it was accepted (UTC).
    pub at: DateTime<Utc>,
    /// How many people outside the unit decided so.
    pub people: u32,
    /// How many of them were given the role that decides after the appeal was filed.
    #[serde(default)]
    pub given_later: u32,
}

/// What a server says about a genuine receipt (`GET /api/v1/receipts/{receipt}`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReceiptStatus {
    /// What the receipt says.
    pub receipt: ReceiptClaims,
    /// Whether its rating stands.
    pub standing: Standing,
    /// Why it is left out, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusion: Option<Exclusion>,
    /// That it is in the tamper-evident log; absent while it waits to be entered, some minutes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Inclusion>,
}

#[cfg(test)]
mod tests {
    use super::ReceiptClaims;

    #[test]
    fn an_entry_is_that_of_a_receipt_or_of_somebody_else() {
        let claims: ReceiptClaims = serde_json::from_value(serde_json::json!({
            "iss": "qy.example.cn", "sub": "r1", "issue": "Q1", "closure": "c1", "verdict": "bad", "tier": "owner",
            "digest": "00", "iat": 1_795_572_000,
        }))
        .unwrap();
        let entry = r#"{"columns":{"at":"2026-11-25T02:00:00.123Z","closure_id":"c1","comment":null,"id":"r1","round":"first","tier":"owner","verdict":"bad"},"kind":"ratings"}"#;
        assert!(claims.is_of(entry));
        for (own, other) in [
            (r#""id":"r1""#, r#""id":"r2""#),
            (r#""closure_id":"c1""#, r#""closure_id":"c2""#),
            (r#""verdict":"bad""#, r#""verdict":"good""#),
            (r#""tier":"owner""#, r#""tier":"unverified""#),
            (r#""round":"first""#, r#""round":"second""#),
            ("02:00:00", "02:00:01"),
            (r#""kind":"ratings""#, r#""kind":"events""#),
            (r#""id":"r1","#, ""),
            ("{", ""),
        ] {
            assert!(!claims.is_of(&entry.replacen(own, other, 1)), "{other}");
        }
    }
}
