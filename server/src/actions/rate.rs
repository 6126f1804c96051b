//! Rating a closure. The rating, its event and the kept answer stand or fall
//! together; nothing stored is ever overwritten.

use chrono::SubsecRound;
use qiyema_protocol::{
    board::State,
    problem::FieldProblem,
    rating::{NewRating, Solved, Tier, Verdict},
    receipt::ReceiptClaims,
    seal::Verified,
};
use sha2::{Digest, Sha256};

use super::{Deed, Refused, Rules, issue::rectify::rectify, record, scan};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        event::Kind,
        rating::{self, Parsed, TAGS_VERSION},
        rounds::{Rateable, Shut},
    },
    store::{
        columns::{column, moment, unword, word},
        connection::Db,
        issues::{self, Pick},
        ratings::{self, KeptAnswer, RatingRow},
        rectifications,
    },
};

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
}

impl Rate {
    /// Checks what was typed.
    pub fn parse(new: NewRating) -> Result<Parsed, Vec<FieldProblem>> {
        rating::parse(new)
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
    let state: State = unword(&shown.issue.state)?;
    let closure = shown.closure.ok_or(Refused::RatingNotOpen)?;
    let closures = std::slice::from_ref(&closure.id);
    let given = scan::given(ratings::all_of_closures(db, &enterprise, closures)?.iter())?;
    let fixed = rectifications::fixed(db, &enterprise, closures)?;
    let rateable = Rateable {
        state,
        rate_until: closure.rate_until,
        given: &given,
        fixed_at: fixed.first().map(|(_, at)| moment(*at)),
        days: rules.rating_days,
        zone: rules.zone,
    };
    rateable.until(ask.rating.round, tier, rules.day(at)).map_err(|shut| match shut {
        Shut::NotClosed => Refused::RatingNotOpen,
        Shut::NothingToAdd => Refused::NothingToAdd,
        Shut::OwnerOnly => Refused::DeviceUnknown,
        Shut::Over => Refused::RatingClosed,
        Shut::Already => Refused::AlreadyRated,
    })?;
    let row = row(ask, &enterprise, &shown.issue.id, &closure.id, &opened.code.id, tier, at)?;
    ratings::insert(db, &row).map_err(|error| {
        if crate::store::is_duplicate(&error) { Refused::AlreadyRated } else { error.into() }
    })?;
    record(
        db,
        &Deed {
            enterprise: &enterprise,
            subject: &shown.issue.id,
            kind: Kind::Rated,
            state: None,
            note: None,
            detail: serde_json::json!({
                "rating": row.id, "tier": tier, "round": ask.rating.round, "verdict": ask.rating.verdict,
            }),
            by: "owner",
            at,
        },
    )?;
    if opens_rectification(&ask.rating, tier, state) {
        rectify(db, shown.issue, &row.id, rules, at)?;
    }
    let claims = claims(&row, &ask.number, tier, &ask.rating, host, at);
    keep(db, ask, scope, body_hash, &claims, at)?;
    Ok(Stored { claims, at, repeated: false })
}

/// A bad rating by the owner, or "not solved", opens the rectification by itself;
/// what has moved on from closed is left where it is.
fn opens_rectification(rating: &Parsed, tier: Tier, state: State) -> bool {
    let bad = rating.verdict == Verdict::Bad || rating.solved == Some(Solved::No);
    bad && tier == Tier::Owner && state == State::Closed
}

fn row(
    ask: &Rate,
    enterprise: &str,
    issue: &str,
    closure: &str,
    code: &str,
    tier: Tier,
    at: Timestamp,
) -> Result<RatingRow, Refused> {
    let parsed = &ask.rating;
    Ok(RatingRow {
        id: Ids.row(),
        enterprise_id: enterprise.to_owned(),
        issue_id: issue.to_owned(),
        closure_id: closure.to_owned(),
        tier: word(tier)?,
        round: word(parsed.round)?,
        verdict: word(parsed.verdict)?,
        level: parsed.level.map(word).transpose()?,
        solved: parsed.solved.map(word).transpose()?,
        comment: parsed.comment.clone(),
        tags: serde_json::json!(parsed.tags).to_string(),
        tags_version: i32::try_from(TAGS_VERSION).unwrap_or(i32::MAX),
        code_id: code.to_owned(),
        at: column(at),
    })
}

/// The digest binds every stored field, so that a receipt exposes any change.
fn claims(
    row: &RatingRow,
    number: &str,
    tier: Tier,
    rating: &Parsed,
    host: &str,
    at: Timestamp,
) -> ReceiptClaims {
    let canonical = serde_json::json!([
        row.id,
        row.issue_id,
        row.closure_id,
        row.tier,
        row.round,
        row.verdict,
        row.level,
        row.solved,
        row.comment,
        row.tags,
        row.tags_version,
        row.code_id,
        at.trunc_subsecs(3).timestamp_millis(),
    ]);
    ReceiptClaims {
        iss: host.to_owned(),
        sub: row.id.clone(),
        issue: number.to_owned(),
        closure: row.closure_id.clone(),
        verdict: rating.verdict,
        tier,
        round: rating.round,
        digest: hash(canonical.to_string().as_bytes()),
        iat: at.timestamp(),
    }
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

#[cfg(test)]
mod tests {
    use qiyema_protocol::{
        board::State,
        rating::{Round, Solved, Tier, Verdict},
    };

    use super::{Parsed, opens_rectification};

    #[test]
    fn only_the_owner_opens_a_rectification_and_only_from_closed() {
        let opens = |verdict, solved, tier, state| {
            let rating =
                Parsed { verdict, level: None, tags: vec![], comment: None, solved, round: Round::First };
            opens_rectification(&rating, tier, state)
        };
        assert!(opens(Verdict::Bad, None, Tier::Owner, State::Closed));
        assert!(opens(Verdict::Good, Some(Solved::No), Tier::Owner, State::Closed));
        assert!(!opens(Verdict::Good, Some(Solved::Partly), Tier::Owner, State::Closed));
        assert!(!opens(Verdict::Bad, None, Tier::Unverified, State::Closed));
        assert!(!opens(Verdict::Bad, None, Tier::Owner, State::Archived));
    }
}
