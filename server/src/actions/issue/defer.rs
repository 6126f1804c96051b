//! Deferring (挂账): with the centre's approval, a reason the owner reads and a
//! day on which it is looked at again. The handling clock stops; how many working
//! days were left, or how many it was late, is kept.

use chrono::{Days, NaiveDate};
use qiyema_protocol::{
    board::State,
    staff::{Defer, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    apart::{another_officer, no_clock_of_his_own},
    find, lines, read,
    step::{Doer, Step, promised, step},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::{deadline, text::problem},
    store::{
        columns::column,
        connection::Db,
        deferrals::{self, DeferralRow},
        issues::IssueRow,
        requests::{self, RulingRow},
    },
};

/// The kind of a request to defer.
pub(super) const DEFERRAL: &str = "deferral";

/// Defers.
pub fn defer(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Defer,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Defer, number, ask.version)?;
    no_clock_of_his_own(actor, &issue, rules)?;
    let reason = lines("reason", &ask.reason, 500)?;
    let review_on = review_day(ask.review_on, rules, at)?;
    rule(db, actor, &issue, "granted", None, at)?;
    let due = promised(&issue).ok_or(Refused::IssueUnknown)?;
    let (_, left) = deadline::lamp(due.due_at, due.due_on, at, &rules.calendar, rules.zone);
    let row = DeferralRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        reason: reason.as_str().to_owned(),
        review_on,
        working_days_left: left,
        at: column(at),
        by: actor.id.clone(),
    };
    deferrals::defer(db, &row)?;
    issue.review_on = Some(review_on);
    let detail = serde_json::json!({ "deferral": row.id, "review_on": review_on, "working_days_left": left });
    let what = Step { verb: Verb::Defer, to: State::Deferred, note: Some(reason.as_str()), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// A day after today and not too far away.
pub(super) fn review_day(day: NaiveDate, rules: &Rules, at: Timestamp) -> Result<NaiveDate, Refused> {
    let (today, most) = (rules.day(at), rules.limits.deferral_days);
    let last = today.checked_add_days(Days::new(u64::from(most))).unwrap_or(today);
    if day > today && day <= last {
        return Ok(day);
    }
    Err(Refused::Invalid(vec![problem(
        "review_on",
        format!("复核日期应在明天至{most}天之内"),
        format!("the day of review lies after today, within {most} days"),
    )]))
}

/// Ends the request that waits, if one does. Nobody rules on what he asked for himself.
pub(super) fn rule(
    db: &mut Db,
    actor: &Actor,
    issue: &IssueRow,
    decision: &str,
    note: Option<&str>,
    at: Timestamp,
) -> Result<bool, Refused> {
    let Some(request) = requests::open(db, &issue.enterprise_id, &issue.id, DEFERRAL)? else {
        return Ok(false);
    };
    another_officer(actor, &request.by)?;
    let row = RulingRow {
        request_id: request.id,
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        decision: decision.to_owned(),
        note: note.map(ToOwned::to_owned),
        at: column(at),
        by: actor.id.clone(),
    };
    requests::rule(db, &row)?;
    Ok(true)
}
