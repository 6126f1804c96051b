//! Merging (并案), with a reason: from now on the issue follows another one that is
//! open. No chains: what others follow does not follow.

use qiyema_protocol::{
    board::State,
    staff::{IssueView, Merge},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    apart::no_clock_of_his_own,
    appeal::until_accepted,
    find, moot, read,
    revive::alone,
    say::needed,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{connection::Db, flow, issues},
};

/// Merges an open issue into another one.
pub fn merge(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Merge,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Merge, number, ask.version)?;
    let note = needed("note", &ask.note, 500)?;
    no_clock_of_his_own(actor, &issue, rules)?;
    until_accepted(db, &issue, actor)?;
    if ask.parent.contains('\0') {
        return Err(Refused::ReferenceUnknown("parent"));
    }
    alone(db)?;
    let (parent, ..) = issues::by_number(db, &ask.parent)?.ok_or(Refused::ReferenceUnknown("parent"))?;
    if parent.id == issue.id {
        return Err(Refused::Unmet(Text::new("问题不能并入自身。", "An issue cannot follow itself.")));
    }
    if !parent.is_open {
        return Err(Refused::Unmet(Text::new(
            "只能并入正在办理的问题。",
            "An issue is merged into one that is still open.",
        )));
    }
    if !flow::children(db, &issue.id)?.is_empty() {
        return Err(Refused::Unmet(Text::new(
            "已有其他问题并入本问题，不能再并入别的问题。",
            "Other issues follow this one, so it cannot follow another.",
        )));
    }
    let ended = moot::end_all(db, &actor.id, &issue, "问题已并案，申请随之终止。", at)?;
    issue.merged_into = Some(parent.id.clone());
    let detail = moot::told(serde_json::json!({ "parent": parent.number }), &ended);
    let what = Step { to: State::Merged, verb: Verb::Merge, note: Some(&note), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
