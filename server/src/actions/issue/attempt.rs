//! A call-back that reached nobody (登记未接通): it is noted when it happens, and the
//! call-back goes on. The notes of several working days stand for an answer where an
//! enterprise cannot be reached.

use std::collections::BTreeSet;

use qiyema_protocol::{
    board::State,
    staff::{CallAttempt, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find,
    follow_up::independent,
    lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    domain::event::Kind,
    store::{
        columns::{moment, word},
        connection::Db,
        events,
        issues::IssueRow,
    },
};

/// Notes it.
pub fn attempt(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &CallAttempt,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Attempt, number, ask.version)?;
    let note = lines("note", &ask.note, 500)?;
    independent(db, actor, &issue)?;
    let detail = serde_json::json!({ "closure": issue.closure_id });
    let what = Step { verb: Verb::Attempt, to: State::FollowUp, note: Some(note.as_str()), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// On how many working days the enterprise was called in vain since this call-back began, today's call among them.
pub(super) fn days(db: &mut Db, issue: &IssueRow, rules: &Rules, at: Timestamp) -> Result<usize, Refused> {
    let kind = word(Kind::CallAttempted)?;
    let called = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let since = called.iter().filter(|event| event.kind == kind && event.at >= issue.state_at);
    let day = |at| rules.calendar.working_day(rules.day(at));
    let mut days: BTreeSet<_> = since.map(|event| day(moment(event.at))).collect();
    days.insert(day(at));
    Ok(days.len())
}
