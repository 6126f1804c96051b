//! Contacting the enterprise (联系企业): the unit that was given an issue tells the
//! owner who handles it. The first contact of an assignment is a record of its
//! own; an interim reply is one too, for the owner hears from the unit by either.
//! What the owner is told here is a dated reply, so the next one is counted from it.

use qiyema_protocol::{
    staff::{IssueView, Reach},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, lines, read,
    step::{Doer, Step, legal, step},
};
use crate::{
    clock::Timestamp,
    store::{
        columns::column,
        connection::Db,
        first_contacts::{self, FirstContactRow},
        issues::IssueRow,
    },
};

/// Records a contact.
pub fn reach(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Reach,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Reach, number, ask.version)?;
    let note = lines("note", &ask.note, 1000)?;
    let to = legal(&issue, Verb::Reach)?;
    heard(db, &mut issue, actor, at)?;
    let what = Step { verb: Verb::Reach, to, note: Some(note.as_str()), detail: serde_json::json!({}) };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// The owner heard from the unit: for the first time since it was given the issue, or again.
pub(super) fn heard(db: &mut Db, issue: &mut IssueRow, actor: &Actor, at: Timestamp) -> Result<(), Refused> {
    issue.replied_at = Some(column(at));
    let Some(waited) = first_contacts::waiting(db, &issue.enterprise_id, &issue.id)? else { return Ok(()) };
    let row = FirstContactRow {
        assignment_id: waited.assignment_id,
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        unit_id: waited.unit_id,
        at: column(at),
        by: actor.id.clone(),
    };
    Ok(first_contacts::insert(db, &row)?)
}
