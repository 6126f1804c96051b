//! Asking the owner for what is missing (要求补充材料); the clock of acceptance waits.

use qiyema_protocol::{
    board::State,
    staff::{AskSupplement, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{actions::rights::Actor, clock::Timestamp, store::connection::Db};

/// Asks.
pub fn ask_supplement(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &AskSupplement,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::AskSupplement, number, ask.version)?;
    let note = needed("note", &ask.note, 500)?;
    let detail = serde_json::json!({});
    let what = Step { to: State::NeedInfo, verb: Verb::AskSupplement, note: Some(&note), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
