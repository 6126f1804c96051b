//! Asking to defer (申请挂账): the unit says why it cannot be solved yet; the
//! centre rules, and the clock runs until then.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, RequestDeferral},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    defer::{DEFERRAL, review_day},
    find, lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        requests::{self, RequestRow},
    },
};

/// Asks the centre to defer.
pub fn request_deferral(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &RequestDeferral,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::RequestDeferral, number, ask.version)?;
    let reason = lines("reason", &ask.reason, 500)?;
    let review_on = review_day(ask.review_on, rules, at)?;
    let unit_id = issue.lead_unit_id.clone().ok_or(Refused::IssueUnknown)?;
    if requests::open(db, &issue.enterprise_id, &issue.id, DEFERRAL)?.is_some() {
        return Err(Refused::AskedAlready);
    }
    let row = RequestRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: DEFERRAL.to_owned(),
        unit_id,
        reason: reason.as_str().to_owned(),
        working_days: None,
        review_on: Some(review_on),
        suggested_unit_id: None,
        from_state: issue.state.clone(),
        at: column(at),
        by: actor.id.clone(),
        round: issue.round,
    };
    requests::ask(db, &row)?;
    let what = Step {
        verb: Verb::RequestDeferral,
        to: State::InProgress,
        note: Some(reason.as_str()),
        detail: serde_json::json!({ "request": row.id, "review_on": review_on }),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
