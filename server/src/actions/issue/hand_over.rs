//! Changing the handler (更换承办人) within the lead unit.

use qiyema_protocol::{
    board::State,
    staff::{HandOver, IssueView},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    say::maybe,
    sign_for::name,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{columns::word, connection::Db, issues::IssueRow, timed},
};

/// Whether another handler may be named: while a result is judged, whoever is judged stays, if he is still there.
pub(super) fn movable(db: &mut Db, issue: &IssueRow, handler: Option<&str>) -> Result<bool, Refused> {
    if issue.state != word(State::PendingReview)? {
        return Ok(true);
    }
    Ok(match handler {
        Some(handler) => !timed::works(db, handler)?,
        None => true,
    })
}

/// Hands an issue to another handler of the unit.
pub fn hand_over(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &HandOver,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::HandOver, number, ask.version)?;
    let to = legal(&issue, Verb::HandOver)?;
    let note = maybe(ask.note.as_deref())?;
    let before = issue.handler_id.clone();
    name(db, &mut issue, &ask.handler)?;
    if issue.handler_id == before {
        return Err(Refused::Unmet(Text::new("该人员已是承办人。", "This person handles it already.")));
    }
    if !movable(db, &issue, before.as_deref())? {
        return Err(Refused::Unmet(Text::new(
            "办理结果正在审核，承办人不变；账号已停用的除外。",
            "The result is being reviewed: its handler stays, unless the account is disabled.",
        )));
    }
    let detail = serde_json::json!({ "before": before, "handler": issue.handler_id });
    let what = Step { to, verb: Verb::HandOver, note: note.as_deref(), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
