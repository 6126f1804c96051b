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
        let said = flow::answered(db, &issue.enterprise_id, &issue.id, &actor.units)?;
        return Err(Refused::Unmet(nothing_owed(said)));
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

/// Why a unit owes no answer: it gave it, it was given the lead since, or nobody asked it in this round.
fn nothing_owed(answered: Option<bool>) -> Text {
    match answered {
        Some(true) => Text::new("本单位已答复。", "This unit has answered already."),
        Some(false) => Text::new(
            "本单位的协办已终止，无需答复。",
            "What this unit was asked to assist with has ended; no answer is owed.",
        ),
        None => Text::new(
            "本轮办理没有请本单位协办，无需答复；如需本单位意见，请牵头单位或分派员重新邀请协办。",
            "Nobody asked this unit to assist in this round, so no answer is owed; the lead unit or the dispatcher \
             may ask it again.",
        ),
    }
}
