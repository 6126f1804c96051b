//! Extending (延期): a promise is moved once a round, whether a unit asked or the centre does it of its own accord, by so many working days at most, in time, with a reason
//! the owner sees. The first promise stays visible beside the new one. If a unit
//! asked for it, this is the ruling; what was asked for in time may be granted later.

use qiyema_protocol::{
    staff::{Extend, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    apart::{another_officer, no_clock_of_his_own},
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
        columns::{column, moment, word},
        connection::Db,
        issues::{self, ExtensionRow, IssueRow},
        requests::{self, RulingRow},
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
    no_clock_of_his_own(actor, &issue, rules)?;
    let note = match &ask.note {
        None => None,
        Some(text) => {
            let typed = Typed::lines("note", text, 2, 500).map_err(|fault| Refused::Invalid(vec![fault]))?;
            Some(String::from(typed))
        }
    };
    let state = legal(&issue, Verb::Extend)?;
    let due_on = issue.due_on.ok_or(Refused::IssueUnknown)?;
    let request = requests::open(db, &issue.enterprise_id, &issue.id, "extension")?;
    if let Some(request) = &request {
        another_officer(actor, &request.by)?;
    }
    let asked_at = request.as_ref().map_or(at, |request| moment(request.at));
    possible(db, &issue, ask.working_days, asked_at, rules)?;
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
        round: issue.round,
    };
    issues::extend(db, &row).map_err(|error| {
        if crate::store::is_duplicate(&error) {
            refusal(ExtensionRefused::Twice, rules)
        } else {
            error.into()
        }
    })?;
    if let Some(request) = &request {
        requests::rule(
            db,
            &RulingRow {
                request_id: request.id.clone(),
                enterprise_id: issue.enterprise_id.clone(),
                issue_id: issue.id.clone(),
                decision: "granted".to_owned(),
                note: note.clone(),
                at: column(at),
                by: actor.id.clone(),
            },
        )?;
    }
    let detail = serde_json::json!({
        "from": due_on, "to": promised.due_on, "reason": ask.reason,
        "request": request.map(|request| request.id),
    });
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

/// Whether the promise may be moved so far, if that was asked for at this moment.
pub fn possible(
    db: &mut Db,
    issue: &IssueRow,
    days: u32,
    asked_at: Timestamp,
    rules: &Rules,
) -> Result<(), Refused> {
    let due_on = issue.due_on.ok_or(Refused::IssueUnknown)?;
    // Once a round: what was promised anew after a reopening was never extended.
    let extended = issues::extensions(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?
        .iter()
        .any(|extension| extension.round == issue.round);
    let (today, longest) = (rules.day(asked_at), rules.limits.extension);
    deadline::extension_allowed(today, due_on, extended, days, longest, &rules.calendar)
        .map_err(|error| refusal(error, rules))
}

/// What the caller is told.
pub fn refusal(error: ExtensionRefused, rules: &Rules) -> Refused {
    let longest = rules.limits.extension;
    let (zh, en) = match error {
        ExtensionRefused::Length => {
            (format!("延期为1至{longest}个工作日"), format!("an extension adds 1 to {longest} working days"))
        }
        ExtensionRefused::Twice => ("每次承诺只能申请并延期一次".to_owned(), error.to_string()),
        ExtensionRefused::TooLate => ("延期须至少提前1个工作日提出".to_owned(), error.to_string()),
    };
    Refused::Invalid(vec![problem("working_days", zh, en)])
}
