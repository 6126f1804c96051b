//! Rating a closure. The rating, its event and the kept answer stand or fall
//! together; nothing stored is ever overwritten.

pub mod call_back;
pub(in crate::actions) mod doubts;
pub(in crate::actions) mod enter;
pub mod guard;
pub mod invited;
pub mod proofs;

use qiyema_protocol::{problem::FieldProblem, rating::NewRating, receipt::ReceiptClaims, seal::Verified};
use sha2::{Digest, Sha256};

use super::{Refused, Rules, scan};
use crate::{
    clock::Timestamp,
    domain::rating::{self, Parsed},
    store::{
        columns::{column, moment},
        connection::Db,
        issues::{self, Pick},
        ratings::{self, KeptAnswer},
    },
};
use enter::{Given, Proven, enter};
use guard::Origin;

/// A rating as asked for.
#[derive(Debug, Clone)]
pub struct Rate {
    /// The seal, verified.
    pub seal: Verified,
    /// SHA-256 of the device token, if one came along.
    pub device: Option<String>,
    /// Number of the issue.
    pub number: String,
    /// The rating.
    pub rating: Parsed,
    /// `Idempotency-Key`, if one came along.
    pub key: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Rate {
    /// Checks what was typed, against the tags that are offered now.
    pub fn parse(new: NewRating, rules: &Rules) -> Result<Parsed, Vec<FieldProblem>> {
        let tags = rules.tags.holding(&new.tags, new.verdict);
        rating::parse(new, &tags)
    }
}

/// What was stored; the receipt is signed over `claims`.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Claims of the receipt (`iss` is filled in by the signer's caller).
    pub claims: ReceiptClaims,
    /// When it was stored.
    pub at: Timestamp,
    /// True when this answer repeats an earlier one under the same key.
    pub repeated: bool,
}

/// Stores a rating.
pub fn rate(db: &mut Db, ask: &Rate, host: &str, rules: &Rules, at: Timestamp) -> Result<Stored, Refused> {
    let opened = scan::open(db, ask.seal)?;
    let enterprise = opened.code.enterprise_id.clone();
    let tier = scan::tier(db, &opened, ask.device.as_deref(), at)?;
    let body = serde_json::json!({
        "issue": ask.number, "tier": tier, "verdict": ask.rating.verdict, "level": ask.rating.level,
        "tags": ask.rating.tags, "comment": ask.rating.comment, "solved": ask.rating.solved,
        "round": ask.rating.round,
    });
    let body_hash = hash(body.to_string().as_bytes());
    let scope = format!("rating:{}", opened.code.id);
    if let Some(repeated) = repeat(db, ask, &scope, &body_hash)? {
        return Ok(repeated);
    }
    let shown =
        issues::board(db, &enterprise, &Pick::Number(&ask.number))?.pop().ok_or(Refused::IssueUnknown)?;
    let proven = Proven::Code(&opened.code.id, ask.device.as_deref());
    let given = Given { shown, tier, rating: &ask.rating, proven, origin: Some(&ask.origin) };
    let claims = enter(db, given, host, rules, at)?;
    keep(db, ask, scope, body_hash, &claims, at)?;
    Ok(Stored { claims, at, repeated: false })
}

fn repeat(db: &mut Db, ask: &Rate, scope: &str, body_hash: &str) -> Result<Option<Stored>, Refused> {
    let Some(key) = &ask.key else { return Ok(None) };
    let Some(kept) = ratings::kept_answer(db, scope, &hash(key.as_bytes()))? else { return Ok(None) };
    if kept.body_hash != body_hash {
        return Err(Refused::KeyReused);
    }
    let claims = serde_json::from_str(&kept.answer).map_err(crate::store::unfit)?;
    Ok(Some(Stored { claims, at: moment(kept.at), repeated: true }))
}

fn keep(
    db: &mut Db,
    ask: &Rate,
    scope: String,
    body_hash: String,
    claims: &ReceiptClaims,
    at: Timestamp,
) -> Result<(), Refused> {
    let Some(key) = &ask.key else { return Ok(()) };
    let answer = serde_json::to_string(claims).map_err(crate::store::unfit)?;
    let row = KeptAnswer { scope, key_hash: hash(key.as_bytes()), body_hash, answer, at: column(at) };
    Ok(ratings::keep_answer(db, &row)?)
}

fn hash(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}
