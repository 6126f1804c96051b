//! One rating into the books, whatever stands behind it: the same window, the same
//! record, the same event, the same consequence.

use chrono::SubsecRound;
use qiyema_protocol::{
    board::State,
    rating::{Solved, Tier, Verdict},
    receipt::ReceiptClaims,
    verb::Verb,
};

use super::{
    super::{
        Deed, Refused, Rules,
        issue::{
            rectify::{recheck, rectify},
            step::Doer,
        },
        owner::STRANGER,
        record,
        rights::Actor,
        scan,
    },
    doubts,
    guard::{self, Origin},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{
        event::Kind,
        rating::Parsed,
        rounds::{Rateable, Shut},
        workflow,
    },
    store::{
        QueryResult,
        columns::{column, moment, unword, word},
        connection::Db,
        invitations::{self, ProofRow},
        issues::Shown,
        ratings::{self, RatingRow},
        rectifications,
    },
};

/// A rating that somebody gave.
pub(super) struct Given<'a> {
    /// The issue, as its own enterprise's board shows it.
    pub shown: Shown,
    /// How it counts.
    pub tier: Tier,
    /// What was said.
    pub rating: &'a Parsed,
    /// What stands behind it.
    pub proven: Proven<'a>,
    /// Where it comes from; an officer's call-back comes from an office and says so.
    pub origin: Option<&'a Origin>,
}

/// What stands behind a rating.
pub(super) enum Proven<'a> {
    /// A code, and the fingerprint of a device; the tier says whether it proved the PIN.
    Code(&'a str, Option<&'a str>),
    /// The link of this invitation, and the webhook by which it went out.
    Invitation(&'a str, Option<&'a str>),
    /// A telephone call by this officer.
    CallBack(&'a Actor),
}

/// Enters a rating.
pub(super) fn enter(
    db: &mut Db,
    given: Given<'_>,
    host: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<ReceiptClaims, Refused> {
    let Given { shown, tier, rating, proven, origin } = given;
    let (issue, closure) = (shown.issue, shown.closure.ok_or(Refused::RatingNotOpen)?);
    let state: State = unword(&issue.state)?;
    let enterprise = issue.enterprise_id.clone();
    let closures = std::slice::from_ref(&closure.id);
    let before = scan::given(ratings::all_of_closures(db, &enterprise, closures)?.iter())?;
    let fixed = rectifications::fixed(db, &enterprise, closures)?;
    let rateable = Rateable {
        state,
        rate_until: closure.rate_until,
        given: &before,
        fixed_at: fixed.first().map(|(_, at)| moment(*at)),
        days: rules.rating_days,
        zone: rules.zone,
    };
    rateable.until(rating.round, tier, rules.day(at)).map_err(|shut| match shut {
        Shut::NotClosed => Refused::RatingNotOpen,
        Shut::NothingToAdd => Refused::NothingToAdd,
        Shut::OwnerOnly => Refused::DeviceUnknown,
        Shut::Over => Refused::RatingClosed,
        Shut::Already => Refused::AlreadyRated,
    })?;
    let (code, doer) = match proven {
        Proven::Code(code, _) => (Some(code), Doer::Owner),
        Proven::Invitation(..) => (None, Doer::Owner),
        Proven::CallBack(officer) => (None, Doer::Staff(officer)),
    };
    // Whoever holds the code alone has proved nothing: the owner is not said to have spoken.
    let by = if tier == Tier::Unverified { STRANGER } else { doer.by() };
    let doubt = doubts::of(db, &issue, &proven, tier, at)?;
    let row = row(rating, (&enterprise, &issue.id, &closure.id), code, tier, at)?;
    ratings::insert(db, &row).map_err(|error| {
        if crate::store::is_duplicate(&error) { Refused::AlreadyRated } else { error.into() }
    })?;
    let (proof, invitation_id, officer_id, webhook_id) = match proven {
        Proven::Code(..) => (None, None, None, None),
        Proven::Invitation(id, webhook) => (Some("invitation"), Some(id), None, webhook),
        Proven::CallBack(officer) => (Some("call_back"), None, Some(&officer.id), None),
    };
    if let Some(proof) = proof {
        let proof = ProofRow {
            rating_id: row.id.clone(),
            enterprise_id: enterprise.clone(),
            proof: proof.to_owned(),
            invitation_id: invitation_id.map(ToOwned::to_owned),
            officer_id: officer_id.cloned(),
            at: column(at),
            webhook_id: webhook_id.map(ToOwned::to_owned),
        };
        invitations::prove(db, &proof)?;
    }
    if let Some(origin) = origin {
        guard::watch(db, &row, &closure, origin, rules, at)?;
    }
    if let Some(doubt) = doubt {
        guard::add(db, doubt, &[(&enterprise, &row.id)], at)?;
    }
    let mut detail = serde_json::json!({
        "rating": row.id, "tier": tier, "round": rating.round, "verdict": rating.verdict,
    });
    if let (Some(proof), Some(detail)) = (proof, detail.as_object_mut()) {
        detail.insert("proof".to_owned(), proof.into());
        if let Some(webhook) = webhook_id {
            detail.insert("webhook".to_owned(), webhook.into());
        }
    }
    let deed = Deed {
        enterprise: &enterprise,
        subject: &issue.id,
        kind: Kind::Rated,
        state: None,
        note: None,
        detail,
        by,
        at,
    };
    record(db, &deed)?;
    let claims = claims_of(&row, &issue.number, host)?;
    let rectified = rectifications::of_closure(db, &enterprise, &closure.id)?.is_some();
    if let Some(verb) = answer_by(rating, tier, state, rectified) {
        let behind =
            proof.map_or_else(|| serde_json::json!({}), |proof| serde_json::json!({ "proof": proof }));
        let answer = if verb == Verb::Recheck { recheck } else { rectify };
        answer(db, doer, issue, (&row.id, behind), rules, at)?;
    }
    Ok(claims)
}

/// What the enterprise itself called bad, or "not solved", opens the rectification
/// by itself, also on the telephone, and also when the issue was followed up or archived
/// meanwhile: as long as the owner may rate, a bad word has its consequence. A closure is
/// put right once; a bad word about that goes to whoever calls, also out of the archive.
fn answer_by(rating: &Parsed, tier: Tier, state: State, rectified: bool) -> Option<Verb> {
    let bad = rating.verdict == Verdict::Bad || rating.solved == Some(Solved::No);
    let verb = if rectified { Verb::Recheck } else { Verb::Rectify };
    (bad && tier != Tier::Unverified && workflow::rule(state, verb).is_some()).then_some(verb)
}

fn row(
    parsed: &Parsed,
    (enterprise, issue, closure): (&str, &str, &str),
    code: Option<&str>,
    tier: Tier,
    at: Timestamp,
) -> Result<RatingRow, Refused> {
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
        tags_version: i32::try_from(parsed.tags_version).unwrap_or(i32::MAX),
        code_id: code.map(ToOwned::to_owned),
        at: column(at),
    })
}

/// What the receipt of a stored rating says. The digest binds every stored field, so that a receipt exposes any change.
pub(super) fn claims_of(row: &RatingRow, number: &str, host: &str) -> QueryResult<ReceiptClaims> {
    Ok(ReceiptClaims {
        iss: host.to_owned(),
        sub: row.id.clone(),
        issue: number.to_owned(),
        closure: row.closure_id.clone(),
        verdict: unword(&row.verdict)?,
        tier: unword(&row.tier)?,
        round: unword(&row.round)?,
        digest: digest(row),
        iat: moment(row.at).timestamp(),
    })
}

/// The digest of a rating as stored.
pub(in crate::actions) fn digest(row: &RatingRow) -> String {
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
        moment(row.at).trunc_subsecs(3).timestamp_millis(),
    ]);
    super::hash(canonical.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{
        board::State,
        rating::{Round, Solved, Tier, Verdict},
        verb::Verb,
    };

    use super::{Parsed, answer_by};

    #[test]
    fn only_the_owner_opens_a_rectification_and_only_once_it_is_closed() {
        let opens = |verdict, solved, tier, state| {
            let rating = Parsed {
                verdict,
                level: None,
                tags: vec![],
                tags_version: 1,
                comment: None,
                solved,
                round: Round::First,
            };
            answer_by(&rating, tier, state, false) == Some(Verb::Rectify)
        };
        assert!(opens(Verdict::Bad, None, Tier::Owner, State::Closed));
        assert!(opens(Verdict::Good, Some(Solved::No), Tier::Owner, State::Closed));
        assert!(!opens(Verdict::Good, Some(Solved::Partly), Tier::Owner, State::Closed));
        assert!(opens(Verdict::Bad, None, Tier::CallBack, State::Closed));
        assert!(!opens(Verdict::Bad, None, Tier::Unverified, State::Closed));
        assert!(opens(Verdict::Bad, None, Tier::Owner, State::FollowUp));
        assert!(opens(Verdict::Bad, None, Tier::Owner, State::Archived));
        assert!(!opens(Verdict::Bad, None, Tier::Owner, State::Rectifying), "it is being put right");
    }

    #[test]
    fn what_was_put_right_once_goes_to_whoever_calls() {
        let bad = Parsed {
            verdict: Verdict::Bad,
            level: None,
            tags: vec![],
            tags_version: 1,
            comment: None,
            solved: None,
            round: Round::Rectification,
        };
        assert_eq!(answer_by(&bad, Tier::Owner, State::Archived, true), Some(Verb::Recheck));
        assert_eq!(answer_by(&bad, Tier::Unverified, State::Archived, true), None);
        assert_eq!(answer_by(&bad, Tier::Owner, State::FollowUp, true), None, "somebody calls already");
    }
}
