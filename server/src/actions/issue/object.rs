//! Objecting to a result (对办理结果有异议): it opens the rectification, within
//! the time in which the closure can be rated. The window enters it for an owner
//! who telephones.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Object},
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, lines, read, rectify,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    store::{closures, connection::Db, issues::IssueRow},
};

/// Enters an objection for the owner.
pub fn object(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Object,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::Object, number, ask.version)?;
    let reason = lines("reason", &ask.reason, 2000)?;
    objected(db, Doer::Staff(actor), issue, (reason.as_str(), serde_json::json!({})), rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// An objection, whoever enters it: its words, and what else is in the record.
pub fn objected(
    db: &mut Db,
    doer: Doer<'_>,
    mut issue: IssueRow,
    (reason, mut detail): (&str, serde_json::Value),
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueRow, Refused> {
    let until = match &issue.closure_id {
        Some(closure) => closures::rate_until(db, closure)?,
        None => None,
    };
    if until.is_none_or(|last| rules.day(at) > last) {
        return Err(Refused::RatingClosed);
    }
    let opened = rectify::open(db, &issue, None, doer, at)?;
    if let Some(facts) = detail.as_object_mut() {
        facts.insert("rectification".to_owned(), opened.into());
    }
    // What was said before the objection does not answer it.
    issue.replied_at = None;
    let what = Step { verb: Verb::Object, to: State::Rectifying, note: Some(reason), detail };
    step(db, doer, issue, what, rules, at)
}
