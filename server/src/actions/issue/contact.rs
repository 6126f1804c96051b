//! Contacting the enterprise after a bad rating (差评联系).

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Rectified},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, fix, lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        rectifications::{self, StepRow},
    },
};

/// Records a contact; its clock stops, that of the fix runs on.
pub fn contact(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Rectified,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Contact, number, ask.version)?;
    let note = lines("note", &ask.note, 2000)?;
    let rectification = fix::open(db, &issue)?;
    let row = StepRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        rectification_id: rectification.id,
        kind: fix::CONTACTED.to_owned(),
        note: note.as_str().to_owned(),
        at: column(at),
        by: actor.id.clone(),
    };
    rectifications::add_step(db, &row)?;
    issue.replied_at = Some(column(at));
    let what = Step {
        verb: Verb::Contact,
        to: State::Rectifying,
        note: Some(note.as_str()),
        detail: serde_json::json!({ "rectification": row.rectification_id }),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
