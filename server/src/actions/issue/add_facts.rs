//! Adding facts to an open issue (补充说明), by the owner or by the window for an
//! owner who telephones.

use qiyema_protocol::{
    staff::{IssueView, OnBehalf},
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
    store::{connection::Db, issues::IssueRow},
};

/// Adds them for the owner.
pub fn add_facts(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &OnBehalf,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::AddFacts, number, ask.version)?;
    let note = needed("note", &ask.note, 2000)?;
    facts_added(db, Doer::Staff(actor), issue, &note, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// The step, whoever does it; the note was checked.
pub fn facts_added(
    db: &mut Db,
    doer: Doer<'_>,
    issue: IssueRow,
    note: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let to = legal(&issue, Verb::AddFacts)?;
    let detail = serde_json::json!({});
    step(db, doer, issue, Step { to, verb: Verb::AddFacts, note: Some(note), detail }, rules, at)
}
