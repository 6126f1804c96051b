//! Not accepting (不予受理): a reason from the list, the right channel, and an
//! explanation for the owner, who may appeal once.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Reject},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    appeal::by_another,
    find, read, revive,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::{text::Typed, words},
    store::connection::Db,
};

/// Rejects a submitted issue.
pub fn reject(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Reject,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Reject, number, ask.version)?;
    let note = needed("note", &ask.note, 500)?;
    let channel = Typed::line("right_channel", &ask.right_channel, 2, 100)
        .map_err(|fault| Refused::Invalid(vec![fault]))?;
    by_another(db, &issue, actor)?;
    let for_owner =
        format!("{}。{note}\n正确渠道：{}", words::reject_reason(ask.reason).zh, channel.as_str());
    let detail = serde_json::json!({ "reason": ask.reason, "right_channel": channel.as_str() });
    revive::alone(db)?;
    let what = Step { to: State::Rejected, verb: Verb::Reject, note: Some(&for_owner), detail };
    let issue = step(db, Doer::Staff(actor), issue, what, rules, at)?;
    revive::followers(db, &issue, rules, at)?;
    read::one(db, actor, number, rules, at)
}
