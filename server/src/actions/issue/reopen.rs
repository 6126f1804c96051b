//! Reopening (二次交办): a new round with a new handling clock and a first promise
//! of its own. The closure before it stays as it was, with its ratings; the unit
//! stays until the dispatcher assigns another one.

use qiyema_protocol::{
    board::State,
    staff::{CallBack, IssueView, Supervision},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    accept::limit,
    find,
    follow_up::{Decision, record},
    moot, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    domain::{deadline, text::Typed},
    store::{
        columns::{column, word},
        connection::Db,
        directory,
    },
};

/// Reopens after a call-back.
pub fn reopen(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &CallBack,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Reopen, number, ask.version)?;
    let note = record(db, actor, &issue, ask, Decision::Reopened, at)?;
    let category =
        directory::category(db, &issue.category_id)?.ok_or(Refused::ReferenceUnknown("category"))?;
    let promised = deadline::promise(at, limit(&category), &rules.calendar, rules.zone);
    // Whatever still waited spoke of the round that is over.
    let ended = moot::end(db, actor, &issue, "问题已重新办理，上一轮的申请随之终止。", at)?;
    let detail = serde_json::json!({
        "closure": issue.closure_id, "round": issue.round + 1, "before": issue.due_on,
        "due_on": promised.due_on, "provisional": promised.provisional, "ended": ended,
    });
    issue.round += 1;
    issue.first_due_on = Some(promised.due_on);
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = promised.provisional;
    issue.supervision = word(Supervision::None)?;
    let note = note.as_ref().map(Typed::as_str);
    let what = Step { verb: Verb::Reopen, to: State::Reopened, note, detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
