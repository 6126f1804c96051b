//! Refusing to defer (不同意挂账): handling goes on, and the clock never stopped.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, RefuseDeferral},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    defer::rule,
    find, lines, read,
    step::{Doer, Step, step},
};
use crate::{clock::Timestamp, store::connection::Db};

/// Refuses what the unit asked for.
pub fn refuse_deferral(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &RefuseDeferral,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::RefuseDeferral, number, ask.version)?;
    let reason = lines("reason", &ask.reason, 500)?;
    if !rule(db, actor, &issue, "refused", Some(reason.as_str()), at)? {
        return Err(Refused::NothingAsked);
    }
    let what = Step {
        verb: Verb::RefuseDeferral,
        to: State::InProgress,
        note: Some(reason.as_str()),
        detail: serde_json::json!({}),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
