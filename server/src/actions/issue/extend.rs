//! Extending (延期): once, by up to ten working days, in time, with a reason the
//! owner sees. The first promise stays visible beside the new one.

use qiyema_protocol::{
    staff::{Extend, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    step::{Doer, Step, legal, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    domain::{
        deadline::{self, ExtensionRefused},
        text::{Typed, problem},
    },
    store::{
        columns::{column, word},
        connection::Db,
        issues::{self, ExtensionRow},
    },
};

/// Grants an extension.
pub fn extend(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Extend,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Extend, number, ask.version)?;
    let note = match &ask.note {
        None => None,
        Some(text) => {
            let typed = Typed::lines("note", text, 2, 500).map_err(|fault| Refused::Invalid(vec![fault]))?;
            Some(String::from(typed))
        }
    };
    let state = legal(&issue, Verb::Extend)?;
    let due_on = issue.due_on.ok_or(Refused::IssueUnknown)?;
    let extended = !issues::extensions(db, &issue.enterprise_id, &[issue.id.clone()])?.is_empty();
    deadline::extension_allowed(rules.day(at), due_on, extended, ask.working_days, &rules.calendar)
        .map_err(refusal)?;
    let promised = deadline::extend(due_on, ask.working_days, &rules.calendar, rules.zone);
    issue.due_on = Some(promised.due_on);
    issue.due_at = Some(column(promised.due_at));
    issue.provisional = issue.provisional || promised.provisional;
    let row = ExtensionRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        from_on: due_on,
        to_on: promised.due_on,
        reason: word(ask.reason)?,
        note: note.clone(),
        at: column(at),
        by: actor.id.clone(),
    };
    issues::extend(db, &row).map_err(|error| {
        if crate::store::is_duplicate(&error) { refusal(ExtensionRefused::Twice) } else { error.into() }
    })?;
    let detail = serde_json::json!({ "from": due_on, "to": promised.due_on, "reason": ask.reason });
    step(
        db,
        Doer::Staff(actor),
        issue,
        Step { to: state, verb: Verb::Extend, note: note.as_deref(), detail },
        rules,
        at,
    )?;
    read::one(db, actor, number, rules, at)
}

fn refusal(error: ExtensionRefused) -> Refused {
    let zh = match error {
        ExtensionRefused::Length => "延期为1至10个工作日",
        ExtensionRefused::Twice => "每个问题只能延期一次",
        ExtensionRefused::TooLate => "延期须至少提前1个工作日提出",
    };
    Refused::Invalid(vec![problem("working_days", zh, error.to_string())])
}
