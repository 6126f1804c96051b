//! Appealing against a rejection (对不予受理提出异议): once, and decided by another officer.

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
    domain::event::Kind,
    store::{columns::word, connection::Db, events, issues::IssueRow},
};

/// Appeals for the owner.
pub fn appeal(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &OnBehalf,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Appeal, number, ask.version)?;
    let note = needed("note", &ask.note, 2000)?;
    appealed(db, Doer::Staff(actor), issue, (&note, serde_json::json!({})), rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// The step, whoever does it; the note was checked.
pub fn appealed(
    db: &mut Db,
    doer: Doer<'_>,
    issue: IssueRow,
    (note, detail): (&str, serde_json::Value),
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    if !events::by_whom(db, &issue.enterprise_id, &issue.id, &word(Kind::Appealed)?)?.is_empty() {
        return Err(Refused::AppealedAlready);
    }
    step(
        db,
        doer,
        issue,
        Step { to: State::Submitted, verb: Verb::Appeal, note: Some(note), detail },
        rules,
        at,
    )
}

/// Refuses whoever rejected the issue before: an appeal is decided by another officer.
pub fn by_another(db: &mut Db, issue: &IssueRow, actor: &Actor) -> Result<(), Refused> {
    let rejected = events::by_whom(db, &issue.enterprise_id, &issue.id, &word(Kind::Rejected)?)?;
    if rejected.contains(&actor.id) { Err(Refused::AnotherOfficer) } else { Ok(()) }
}

/// The same of what ends an issue without a decision, as long as the appeal waits for one.
pub fn until_accepted(db: &mut Db, issue: &IssueRow, actor: &Actor) -> Result<(), Refused> {
    if issue.accepted_at.is_none() { by_another(db, issue, actor) } else { Ok(()) }
}
