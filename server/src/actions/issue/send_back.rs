//! Sending a result back (审核退回), with a reason; by somebody who neither
//! handled the issue nor reported it, and is not of the unit that did.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, SendBack},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    close::judges,
    find, lines, read,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    store::{connection::Db, issues},
};

/// Sends a reported result back to its handler.
pub fn send_back(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &SendBack,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::SendBack, number, ask.version)?;
    let reason = lines("reason", &ask.reason, 500)?;
    let report = issues::latest_report(db, &issue.enterprise_id, &issue.id)?;
    judges(actor, &issue, report.as_ref(), rules)?;
    let what = Step {
        verb: Verb::SendBack,
        to: State::InProgress,
        note: Some(reason.as_str()),
        detail: serde_json::json!({ "report": report.map(|report| report.id) }),
    };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
