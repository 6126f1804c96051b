//! Reopening (二次交办): a new round with a new handling clock and a first promise
//! of its own. The closure before it stays as it was, with its ratings. The unit
//! that has the issue is given it anew, so that it owes the enterprise a first word
//! of this round too; it stays until the dispatcher assigns another one.

use qiyema_protocol::{
    board::State,
    staff::{CallBack, IssueView, Supervision},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    accept::limit,
    assign::entrust,
    find,
    follow_up::{Decision, answers, record},
    moot, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    domain::{deadline, text::Typed},
    store::{
        columns::{column, word},
        connection::Db,
        directory, flow,
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
    let note = record(db, actor, &issue, ask, Decision::Reopened, rules, at)?;
    let category =
        directory::category(db, &issue.category_id)?.ok_or(Refused::ReferenceUnknown("category"))?;
    let promised = deadline::promise(at, limit(&category), &rules.calendar, rules.zone);
    // Whatever still waited spoke of the round that is over.
    let ended = moot::end(db, &actor.id, &issue, "问题已重新办理，上一轮的申请随之终止。", at)?;
    let mut detail = answers(&issue, ask);
    if let Some(facts) = detail.as_object_mut() {
        facts.extend([
            ("round".to_owned(), (issue.round + 1).into()),
            ("before".to_owned(), serde_json::json!(issue.due_on)),
            ("due_on".to_owned(), serde_json::json!(promised.due_on)),
            ("provisional".to_owned(), promised.provisional.into()),
            ("ended".to_owned(), ended.into()),
        ]);
    }
    issue.round += 1;
    issue.first_due_on = Some(promised.due_on);
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = promised.provisional;
    // Its first word is due within the new promise.
    if let Some(unit) = issue.lead_unit_id.clone()
        && flow::unit_stands(db, &unit)?
    {
        entrust(db, &issue, &unit, &actor.id, rules, at)?;
    }
    issue.supervision = word(Supervision::None)?;
    let note = note.as_ref().map(Typed::as_str);
    let what = Step { verb: Verb::Reopen, to: State::Reopened, note, detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
