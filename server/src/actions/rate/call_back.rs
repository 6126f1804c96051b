//! What an enterprise said on the telephone, entered as a rating by the follow-up
//! officer who called. It is marked as such and shown apart: the owner's own is never
//! replaced by it, and can still be given afterwards.

use qiyema_protocol::{
    appeal::RatingView,
    rating::{NewRating, Tier},
};

use super::{
    super::{
        Refused, Rules, appeal,
        rights::{Actor, Deed},
    },
    Given, Proven, Rate, enter,
};
use crate::{
    clock::Timestamp,
    domain::text::problem,
    store::{
        connection::Db,
        issues::{self, Pick},
        ratings,
    },
};

/// Enters the rating. Nobody of the rated unit, nor whoever handled the issue, calls about it.
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
    let rating = Rate::parse(new).map_err(Refused::Invalid)?;
    let (issue, ..) = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let shown = issues::board(db, &issue.enterprise_id, &Pick::Number(number))?;
    let shown = shown.into_iter().next().ok_or(Refused::IssueUnknown)?;
    let closure = shown.closure.as_ref().ok_or(Refused::RatingNotOpen)?;
    if actor.units.contains(&closure.unit_id) || closure.handler_id == actor.id {
        return Err(Refused::Forbidden);
    }
    let own = ratings::of_closures(db, &issue.enterprise_id, std::slice::from_ref(&closure.id))?;
    if own.iter().any(|(_, tier, _)| tier == "owner") {
        return Err(Refused::AlreadyRated);
    }
    let proven = Proven::CallBack(actor);
    let given = Given { shown, tier: Tier::CallBack, rating: &rating, proven, origin: None };
    let claims = enter(db, given, host, rules, at)?;
    appeal::one(db, actor, &claims.sub)
}
