//! Claims of the signed receipt a rater takes home.

use serde::{Deserialize, Serialize};

use crate::rating::{Round, Tier, Verdict};

/// JWS `typ` header of a receipt, so that it can never pass as another token.
pub const RECEIPT_TYP: &str = "qiyema-receipt+jwt";

/// What the server signs when it has stored a rating. Holds no comment and no
/// name: the receipt may be shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
