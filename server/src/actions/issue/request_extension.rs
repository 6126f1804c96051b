//! Asking for an extension (申请延期): once a unit and round, in time, by no more than the limit.
//! The promise stands until the centre rules.

use qiyema_protocol::{
    staff::{IssueView, RequestExtension},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    extend::possible,
    find, read,
    say::maybe,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    domain::deadline::ExtensionRefused,
    store::{
        columns::{column, word},
        connection::Db,
        flow,
        requests::RequestRow,
    },
};

/// Asks.
pub fn request_extension(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &RequestExtension,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::RequestExtension, number, ask.version)?;
    let to = legal(&issue, Verb::RequestExtension)?;
    let note = maybe(ask.note.as_deref())?;
    let unit = issue.lead_unit_id.clone().ok_or(Refused::ReferenceUnknown("unit"))?;
    if flow::asked(db, &issue.enterprise_id, &issue.id, "extension", Some(&unit), Some(issue.round))? {
        return Err(super::extend::refusal(ExtensionRefused::Twice, rules));
    }
    possible(db, &issue, ask.working_days, at, rules)?;
    let row = RequestRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        kind: "extension".to_owned(),
        unit_id: unit,
        reason: word(ask.reason)?,
        working_days: i32::try_from(ask.working_days).ok(),
        review_on: None,
        suggested_unit_id: None,
        from_state: issue.state.clone(),
        at: column(at),
        by: actor.id.clone(),
        round: issue.round,
    };
    flow::ask(db, &row, note.as_deref())?;
    let detail = serde_json::json!({
        "request": row.id, "working_days": ask.working_days, "reason": ask.reason,
    });
    let what = Step { to, verb: Verb::RequestExtension, note: note.as_deref(), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
