//! Looking at a deferral again (挂账复核): it stays deferred, with a reason and a
//! new day; the working days left stay what they were.

use qiyema_protocol::{
    board::State,
    staff::{Defer, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    apart::no_clock_of_his_own,
    defer::review_day,
    find, lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        deferrals::{self, DeferralRow},
    },
};

/// Sets the next day of review.
pub fn review_deferral(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Defer,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::ReviewDeferral, number, ask.version)?;
    no_clock_of_his_own(actor, &issue, rules)?;
    let reason = lines("reason", &ask.reason, 500)?;
    let review_on = review_day(ask.review_on, rules, at)?;
    let earlier = deferrals::latest(db, &issue.enterprise_id, &issue.id)?
        .ok_or(Refused::ReferenceUnknown("deferral"))?;
    let row = DeferralRow {
        id: Ids.row(),
        reason: reason.as_str().to_owned(),
        review_on,
        at: column(at),
        by: actor.id.clone(),
        ..earlier
    };
    deferrals::defer(db, &row)?;
    issue.review_on = Some(review_on);
    let what = Step {
        verb: Verb::ReviewDeferral,
        to: State::Deferred,
        note: Some(reason.as_str()),
        detail: serde_json::json!({ "deferral": row.id, "review_on": review_on }),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
