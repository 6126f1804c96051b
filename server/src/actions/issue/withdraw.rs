//! Withdrawing an open issue (撤回), by the owner or by the window for an owner who
//! telephones.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, WithdrawOnBehalf},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    apart::no_clock_of_his_own,
    appeal::until_accepted,
    find, moot, read, revive,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{connection::Db, issues::IssueRow},
};

/// Withdraws it for the owner, who said why on the telephone.
pub fn withdraw(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &WithdrawOnBehalf,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Withdraw, number, ask.version)?;
    let note = needed("note", &ask.note, 500)?;
    no_clock_of_his_own(actor, &issue, rules)?;
    until_accepted(db, &issue, actor)?;
    withdrawn(db, Doer::Staff(actor), issue, Some(&note), rules, at)?;
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
    // Before the row is held: whoever merges takes the two in this order.
    revive::alone(db)?;
    let ended = moot::end_all(db, doer.by(), &issue, "问题已撤回，申请随之终止。", at)?;
    let detail = moot::told(serde_json::json!({}), &ended);
    let what = Step { to: State::Withdrawn, verb: Verb::Withdraw, note, detail };
    let issue = step(db, doer, issue, what, rules, at)?;
    revive::followers(db, &issue, rules, at)?;
    Ok(issue)
}
