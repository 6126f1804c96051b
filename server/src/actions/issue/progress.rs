//! Reporting progress. The first report of an assigned issue signs for it.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Progress},
};

use super::{
    super::{Refused, Rules},
    Step, find, read, state_in, step,
};
use crate::{
    actions::rights::{Actor, Deed},
    clock::Timestamp,
    domain::{event::Kind, text::Typed},
    store::connection::Db,
};

/// Reports progress to the owner.
pub fn progress(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Progress,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Deed::Progress, number, ask.version)?;
    let note = Typed::lines("note", &ask.note, 2, 1000).map_err(|fault| Refused::Invalid(vec![fault]))?;
    state_in(&issue, &[State::Assigned, State::InProgress, State::Reopened])?;
    let what = Step {
        to: State::InProgress,
        kind: Kind::Progressed,
        note: Some(note.as_str()),
        detail: serde_json::json!({}),
    };
    step(db, actor, issue, what, at)?;
    read::one(db, actor, number, rules, at)
}
