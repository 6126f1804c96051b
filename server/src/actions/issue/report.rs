//! The handler reports the result; a reviewer will judge it. What the unit asked for to
//! get there, and nobody has ruled on, is asked for no more.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Report},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, moot, read,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    domain::text::Typed,
    store::{
        columns::{column, word},
        connection::Db,
        issues::{self, ReportRow},
    },
};

/// Hands a result in for review.
pub fn report(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Report,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Report, number, ask.version)?;
    let reply = Typed::lines("reply", &ask.reply, 2, 2000).map_err(|fault| Refused::Invalid(vec![fault]))?;
    issues::report(
        db,
        &ReportRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            result: word(ask.result)?,
            reply: reply.into(),
            at: column(at),
            by: actor.id.clone(),
        },
    )?;
    let ended = moot::end(db, &actor.id, &issue, "办理结果已提交，未审定的申请随之终止。", at)?;
    let detail = moot::told(serde_json::json!({ "result": ask.result }), &ended);
    step(
        db,
        Doer::Staff(actor),
        issue,
        Step { to: State::PendingReview, verb: Verb::Report, note: None, detail },
        rules,
        at,
    )?;
    read::one(db, actor, number, rules, at)
}
