//! Adding what was asked for (补充材料), by the owner or by the window for an owner
//! who telephones. The issue is looked at again.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, OnBehalf},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{connection::Db, issues::IssueRow},
};

/// Adds it for the owner.
pub fn supplement(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &OnBehalf,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Supplement, number, ask.version)?;
    let note = needed("note", &ask.note, 2000)?;
    supplemented(db, Doer::Staff(actor), issue, &note, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// The step, whoever does it; the note was checked.
pub fn supplemented(
    db: &mut Db,
    doer: Doer<'_>,
    issue: IssueRow,
    note: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let detail = serde_json::json!({});
    step(
        db,
        doer,
        issue,
        Step { to: State::Submitted, verb: Verb::Supplement, note: Some(note), detail },
        rules,
        at,
    )
}
