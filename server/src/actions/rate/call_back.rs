//! What an enterprise said on the telephone, entered as a rating by the follow-up
//! officer who called. It is marked as such and shown apart: the owner's own is never
//! replaced by it, and can still be given afterwards.

use qiyema_protocol::{
    appeal::RatingView,
    board::State,
    rating::{CalledBack, NewRating, Tier},
    receipt::ReceiptClaims,
    seal::Verified,
    staff::IssueView,
    text::Text,
};

use super::{
    super::{
        Refused, Rules, appeal,
        issue::apart::apart,
        ledger,
        rights::{Actor, Deed},
        scan,
    },
    Given, Proven, Rate, enter,
    enter::claims_of,
};
use crate::{
    clock::Timestamp,
    domain::{ledger::Kind, text::problem},
    store::{
        columns::{moment, unword},
        connection::Db,
        issues::{self, IssueRow, Pick},
        ratings,
    },
};

/// Whether this person may enter one now: the issue is closed, neither the owner nor
/// somebody on the telephone has rated it, and the caller had no part in it.
pub fn due(db: &mut Db, actor: &Actor, view: &IssueView, issue: &IssueRow) -> Result<bool, Refused> {
    let closed = matches!(view.state, State::Closed | State::FollowUp | State::Rectifying | State::Archived);
    let rated = view.records.as_ref().is_some_and(|records| {
        records.ratings.iter().any(|one| one.tier != Tier::Unverified && one.round.is_first())
    });
    if !closed || rated || actor.may(Deed::RateByCall).is_err() {
        return Ok(false);
    }
    match apart(db, actor, issue) {
        Ok(()) => Ok(true),
        Err(Refused::OwnWork(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Enters the rating. Nobody of a unit that led or assisted, nor whoever ever handled the
/// issue, calls about it.
pub fn enter_for(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    new: NewRating,
    host: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<RatingView, Refused> {
    actor.may(Deed::RateByCall)?;
    if !new.round.is_first() {
        let fault = problem("round", "回访只能登记首次评价", "a call-back enters a first rating only");
        return Err(Refused::Invalid(vec![fault]));
    }
    let rating = Rate::parse(new, rules).map_err(Refused::Invalid)?;
    let (issue, ..) = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let shown = issues::board(db, &issue.enterprise_id, &Pick::Number(number))?;
    let shown = shown.into_iter().next().ok_or(Refused::IssueUnknown)?;
    let closure = shown.closure.as_ref().ok_or(Refused::RatingNotOpen)?;
    apart(db, actor, &issue)?;
    let own = ratings::of_closures(db, &issue.enterprise_id, std::slice::from_ref(&closure.id))?;
    if own.iter().any(|(_, tier, _)| tier == "owner") {
        return Err(Refused::AlreadyRated);
    }
    let proven = Proven::CallBack(actor);
    let given = Given { shown, tier: Tier::CallBack, rating: &rating, proven, origin: None };
    let claims = enter(db, given, host, rules, at)?;
    appeal::one(db, actor, &claims.sub, rules, at)
}

/// What was entered in the owner's name, for the owner, and what its receipt says: whoever is
/// spoken for can check that it stands as it was said.
pub fn own(
    db: &mut Db,
    (seal, device): (Verified, Option<&str>),
    number: &str,
    host: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(CalledBack, ReceiptClaims), Refused> {
    let opened = scan::open(db, seal)?;
    if scan::tier(db, &opened, device, at)? != Tier::Owner {
        return Err(Refused::DeviceUnknown);
    }
    let enterprise = &opened.code.enterprise_id;
    let shown = issues::board(db, enterprise, &Pick::Number(number))?;
    let shown = shown.into_iter().next().ok_or(Refused::IssueUnknown)?;
    let closure = shown.closure.as_ref().map(|closure| &*closure.id);
    let given = ratings::of_issue(db, enterprise, &shown.issue.id)?.into_iter();
    let mut given = given.filter(|row| Some(&*row.closure_id) == closure && row.tier == "call_back");
    let row = given.next().ok_or(Refused::NotThere)?;
    // A receipt says what was entered: none is signed for a row that the log knows otherwise.
    if let Some(entered) = ledger::included(db, Kind::Ratings, &row.id)?
        && ledger::shown(db, Kind::Ratings, &row.id, entered.leaf)?.is_none()
    {
        return Err(Refused::Unmet(Text::new(
            "这条评价与登记时不符，已不能出具回执。请联系审计人员。",
            "This rating is not what was entered, so that no receipt is given for it. Tell an auditor.",
        )));
    }
    let claims = claims_of(&row, number, host)?;
    let said = CalledBack {
        rating: row.id,
        issue: number.to_owned(),
        verdict: claims.verdict,
        level: row.level.as_deref().map(unword).transpose()?,
        solved: row.solved.as_deref().map(unword).transpose()?,
        tags: rules.tags.words(row.tags_version, &row.tags),
        comment: row.comment,
        at: moment(row.at),
        receipt: String::new(),
    };
    Ok((said, claims))
}
