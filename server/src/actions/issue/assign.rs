//! Assigning (交办) to a lead unit and a handler of it.

use qiyema_protocol::{
    board::State,
    staff::{Assign, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    find, read,
    step::{Doer, Step, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    store::{
        columns::column,
        connection::Db,
        issues::{self, AssignmentRow},
        staff,
    },
};

/// Assigns an accepted issue.
pub fn assign(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Assign,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Assign, number, ask.version)?;
    if ask.handler.contains('\0') {
        return Err(Refused::ReferenceUnknown("handler"));
    }
    let handler = staff::by_username(db, &ask.handler)?.ok_or(Refused::ReferenceUnknown("handler"))?;
    if !handler.units.contains(&ask.unit) || !handler.roles.iter().any(|role| role == "handler") {
        return Err(Refused::ReferenceUnknown("handler"));
    }
    issue.lead_unit_id = Some(ask.unit.clone());
    // The desk belongs to one unit; for another unit the person has none.
    let office = handler.row.office_id.filter(|_| handler.unit_id.as_deref() == Some(&*ask.unit));
    issue.office_id.clone_from(&office);
    issue.handler_id = Some(handler.row.id.clone());
    issues::assign(
        db,
        &AssignmentRow {
            id: Ids.row(),
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            part: "lead".to_owned(),
            unit_id: ask.unit.clone(),
            office_id: office,
            handler_id: Some(handler.row.id.clone()),
            at: column(at),
            by: actor.id.clone(),
            due_at: None,
        },
    )?;
    let detail = serde_json::json!({ "unit": ask.unit, "handler": handler.row.id });
    step(
        db,
        Doer::Staff(actor),
        issue,
        Step { to: State::Assigned, verb: Verb::Assign, note: None, detail },
        rules,
        at,
    )?;
    read::one(db, actor, number, rules, at)
}
