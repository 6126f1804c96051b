//! Reporting progress. The first report of an assigned issue signs for it.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Progress},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find,
    reach::heard,
    read,
    sign_for::somebody,
    step::{Doer, Step, legal, step},
};
use crate::{actions::rights::Actor, clock::Timestamp, domain::text::Typed, store::connection::Db};

/// Reports progress to the owner.
pub fn progress(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Progress,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Progress, number, ask.version)?;
    let note = Typed::lines("note", &ask.note, 2, 1000).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let from = legal(&issue, Verb::Progress)?;
    somebody(db, &mut issue, actor)?;
    heard(db, &mut issue, actor, at)?;
    let what = Step {
        to: if matches!(from, State::Assigned | State::Reopened) { State::InProgress } else { from },
        verb: Verb::Progress,
        note: Some(note.as_str()),
        detail: serde_json::json!({}),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
