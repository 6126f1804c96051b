//! Resuming (恢复办理): the promise is counted again from the working days that
//! were left when the clock stopped. The first promise stays visible.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Resume},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, maybe, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    domain::deadline,
    store::{
        columns::column,
        connection::Db,
        deferrals::{self, ResumptionRow},
    },
};

/// Takes a deferred issue up again.
pub fn resume(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Resume,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Resume, number, ask.version)?;
    let note = maybe("note", ask.note.as_deref(), 500)?;
    let unknown = || Refused::ReferenceUnknown("deferral");
    let deferral = deferrals::latest(db, &issue.enterprise_id, &issue.id)?.ok_or_else(unknown)?;
    let from = issue.due_on.ok_or_else(unknown)?;
    let promised = deadline::resume(rules.day(at), deferral.working_days_left, &rules.calendar, rules.zone);
    issue.review_on = None;
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = promised.provisional;
    let row = ResumptionRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        from_on: from,
        to_on: promised.due_on,
        at: column(at),
        by: actor.id.clone(),
    };
    deferrals::resume(db, &row)?;
    let detail = serde_json::json!({
        "from": from, "to": promised.due_on, "working_days_left": deferral.working_days_left,
    });
    let note = note.as_ref().map(crate::domain::text::Typed::as_str);
    let what = Step { verb: Verb::Resume, to: State::InProgress, note, detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
