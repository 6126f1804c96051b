//! Archiving (归档) with what the call-back came to.

use qiyema_protocol::{
    board::State,
    staff::{CallBack, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find,
    follow_up::{Decision, answers, record},
    read,
    step::{Doer, Step, step},
};
use crate::{clock::Timestamp, domain::text::Typed, store::connection::Db};

/// Archives after a call-back.
pub fn archive(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &CallBack,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Archive, number, ask.version)?;
    let note = record(db, actor, &issue, ask, Decision::Archived, rules, at)?;
    let what = Step {
        verb: Verb::Archive,
        to: State::Archived,
        note: note.as_ref().map(Typed::as_str),
        detail: answers(&issue, ask),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
