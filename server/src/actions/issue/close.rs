//! Closing: a reviewer who is neither the handler nor the one who reported, nor of
//! the unit whose work it is. Unit, handler and promises are frozen in the closure.

use chrono::Days;
use qiyema_protocol::{
    board::State,
    staff::{Close, IssueView},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    step::{Doer, Step, step},
};
use crate::{
    actions::{invite::invite, rights::Actor},
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        issues::{self, ClosureRow, IssueRow, ReportRow},
    },
};

/// Nobody judges what he did himself, nor what his own unit did.
pub(super) fn judges(
    actor: &Actor,
    issue: &IssueRow,
    report: Option<&ReportRow>,
    rules: &Rules,
) -> Result<(), Refused> {
    let reported = report.is_some_and(|report| report.by == actor.id);
    if reported || issue.handler_id.as_deref() == Some(&*actor.id) {
        return Err(Refused::OwnWork(Text::new(
            "审核人不能是承办人或提交结果的人，请由其他审核员审核。",
            "The reviewer is neither the handler nor who reported the result; somebody else reviews it.",
        )));
    }
    if of_lead(actor, issue, rules) {
        return Err(Refused::OwnWork(Text::new(
            "审核人不能属于牵头单位，请由中心或其他单位的审核员审核。",
            "The reviewer is not of the lead unit; somebody of the centre or of another unit reviews it.",
        )));
    }
    Ok(())
}

/// Whether this is the actor's own unit's work, which is another's to judge unless the centre has nobody else.
pub(super) fn of_lead(actor: &Actor, issue: &IssueRow, rules: &Rules) -> bool {
    let own = |unit: &String| actor.units.contains(unit);
    !rules.limits.own_unit_reviews && issue.lead_unit_id.as_ref().is_some_and(own)
}

/// Closes a reviewed issue; the rating window opens.
pub fn close(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Close,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Close, number, ask.version)?;
    let state = State::PendingReview;
    let illegal = || Refused::Transition { from: state, legal: vec![] };
    let report = issues::latest_report(db, &issue.enterprise_id, &issue.id)?.ok_or_else(illegal)?;
    judges(actor, &issue, Some(&report), rules)?;
    let today = rules.day(at);
    let closure = ClosureRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        result: report.result.clone(),
        reply: report.reply,
        at: column(at),
        by: actor.id.clone(),
        unit_id: issue.lead_unit_id.clone().ok_or_else(illegal)?,
        handler_id: issue.handler_id.clone().ok_or_else(illegal)?,
        first_due_on: issue.first_due_on.ok_or_else(illegal)?,
        due_on: issue.due_on.ok_or_else(illegal)?,
        rate_until: today.checked_add_days(Days::new(u64::from(rules.rating_days))).unwrap_or(today),
    };
    // Two at the same moment: the second is told, as if it had come later.
    issues::close(db, &closure).map_err(|error| {
        if crate::store::is_duplicate(&error) {
            Refused::VersionConflict { current: issue.version + 1, changes: Vec::new() }
        } else {
            error.into()
        }
    })?;
    let detail = serde_json::json!({ "closure": closure.id, "result": closure.result });
    issue.closure_id = Some(closure.id.clone());
    step(
        db,
        Doer::Staff(actor),
        issue,
        Step { to: State::Closed, verb: Verb::Close, note: None, detail },
        rules,
        at,
    )?;
    invite(db, &closure, at)?;
    read::one(db, actor, number, rules, at)
}
