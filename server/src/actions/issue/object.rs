//! Objecting to a result (对办理结果有异议): it opens the rectification, within
//! the time in which the closure can be rated, also while the enterprise is called
//! back, and once a closure: how it was put right is rated, not objected to. The
//! window enters it for an owner who telephones.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Object},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules, rights::Actor},
    find, lines, read, rectify,
    step::{Doer, Step, step},
};
use crate::{
    clock::Timestamp,
    store::{closures, connection::Db, issues::IssueRow, rectifications},
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
    if let Some(closure) = &issue.closure_id
        && rectifications::of_closure(db, &issue.enterprise_id, closure)?.is_some()
    {
        return Err(Refused::Unmet(Text::new(
            "本次办结已经整改。对整改仍不满意的，请评价整改结果，或在回访时说明。",
            "This closure was put right already. Rate how it was put right, or say so when you are called back.",
        )));
    }
    let opened = rectify::open(db, &issue, None, doer, rules, at)?;
    if let Some(facts) = detail.as_object_mut() {
        facts.insert("rectification".to_owned(), opened.into());
    }
    // What was said before the objection does not answer it.
    issue.replied_at = None;
    let what = Step { verb: Verb::Object, to: State::Rectifying, note: Some(reason), detail };
    step(db, doer, issue, what, rules, at)
}
