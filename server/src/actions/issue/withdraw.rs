//! Withdrawing an open issue (撤回), by the owner or by the window for an owner who
//! telephones.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, WishOnBehalf},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read, revive,
    say::maybe,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{connection::Db, issues::IssueRow},
};

/// Withdraws it for the owner.
pub fn withdraw(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &WishOnBehalf,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Withdraw, number, ask.version)?;
    let note = maybe(ask.note.as_deref())?;
    withdrawn(db, Doer::Staff(actor), issue, note.as_deref(), rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// The step, whoever does it; the note was checked. Whoever withdraws speaks for the own enterprise: what
/// others merged into its issue goes on.
pub fn withdrawn(
    db: &mut Db,
    doer: Doer<'_>,
    issue: IssueRow,
    note: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let detail = serde_json::json!({});
    // Before the row is held: whoever merges takes the two in this order.
    revive::alone(db)?;
    let what = Step { to: State::Withdrawn, verb: Verb::Withdraw, note, detail };
    let issue = step(db, doer, issue, what, rules, at)?;
    revive::followers(db, &issue, rules, at)?;
    Ok(issue)
}
