//! Refusing an extension that a unit asked for (不同意延期); the promise stands.

use qiyema_protocol::{
    staff::{IssueView, RefuseExtension},
    text::Text,
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    apart::another_officer,
    find, read,
    say::needed,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    store::{
        columns::column,
        connection::Db,
        requests::{self, RulingRow},
    },
};

/// Refuses.
pub fn refuse_extension(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &RefuseExtension,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::RefuseExtension, number, ask.version)?;
    let to = legal(&issue, Verb::RefuseExtension)?;
    let note = needed("note", &ask.note, 500)?;
    let Some(request) = requests::open(db, &issue.enterprise_id, &issue.id, "extension")? else {
        return Err(Refused::Unmet(Text::new("没有待审定的延期申请。", "No extension waits for a ruling.")));
    };
    another_officer(actor, &request.by)?;
    requests::rule(
        db,
        &RulingRow {
            request_id: request.id.clone(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            decision: "refused".to_owned(),
            note: Some(note.clone()),
            at: column(at),
            by: actor.id.clone(),
        },
    )?;
    let detail = serde_json::json!({ "request": request.id });
    let what = Step { to, verb: Verb::RefuseExtension, note: Some(&note), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}
