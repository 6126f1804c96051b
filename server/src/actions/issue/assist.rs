//! An assisting unit's answer (协办答复): once for each time it was asked.

use qiyema_protocol::{
    staff::{Assist, IssueView},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    say::needed,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{
        columns::column,
        connection::Db,
        flow::{self, AssistReplyRow},
    },
};

/// Answers for the actor's unit.
pub fn assist(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Assist,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Assist, number, ask.version)?;
    let to = legal(&issue, Verb::Assist)?;
    let reply = needed("reply", &ask.reply, 2000)?;
    let owed = flow::unanswered(db, &issue.enterprise_id, &issue.id, &actor.units)?;
    let Some((assignment, unit)) = owed else {
        return Err(Refused::Unmet(Text::new("本单位已答复。", "This unit has answered already.")));
    };
    let row = AssistReplyRow {
        assignment_id: assignment,
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        reply: reply.clone(),
        at: column(at),
        by: actor.id.clone(),
    };
    flow::answer(db, &row)?;
    let detail = serde_json::json!({ "unit": unit });
    let what = Step { to, verb: Verb::Assist, note: Some(&reply), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
