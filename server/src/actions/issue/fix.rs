//! What was put right (整改完成), after the enterprise was contacted. Somebody else
//! checks it by a call-back.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Rectified},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, invite::invite_again, rights::Actor},
    find, lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        issues::IssueRow,
        rectifications::{self, RectificationRow, StepRow},
    },
};

/// The kind of a contact.
pub(super) const CONTACTED: &str = "contacted";

/// Hands in what was put right.
pub fn fix(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Rectified,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Fix, number, ask.version)?;
    let note = lines("note", &ask.note, 2000)?;
    let rectification = open(db, &issue)?;
    let done = rectifications::steps(db, &issue.enterprise_id, &rectification.id)?;
    if !done.iter().any(|step| step.kind == CONTACTED) {
        return Err(Refused::NotContacted);
    }
    let row = StepRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        rectification_id: rectification.id.clone(),
        kind: "fixed".to_owned(),
        note: note.as_str().to_owned(),
        at: column(at),
        by: actor.id.clone(),
    };
    rectifications::add_step(db, &row)?;
    let what = Step {
        verb: Verb::Fix,
        to: State::FollowUp,
        note: Some(note.as_str()),
        detail: serde_json::json!({ "rectification": row.rectification_id }),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    invite_again(db, &rectification.closure_id, at)?;
    read::one(db, actor, number, rules, at)
}

/// The rectification that the issue is in.
pub(super) fn open(db: &mut Db, issue: &IssueRow) -> Result<RectificationRow, Refused> {
    let closure = issue.closure_id.as_deref().ok_or(Refused::ReferenceUnknown("rectification"))?;
    rectifications::of_closure(db, &issue.enterprise_id, closure)?
        .ok_or(Refused::ReferenceUnknown("rectification"))
}
