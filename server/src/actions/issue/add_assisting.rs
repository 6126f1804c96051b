//! Asking another unit to assist (协办): it sees the issue and answers within a
//! limit of its own.

use qiyema_protocol::{
    staff::{AddAssisting, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    assign::{Counted, enter},
    find, naming, read,
    say::maybe,
    step::{Doer, Step, legal, promised, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    domain::{
        clocks::within,
        deadline::{self, Limit},
        text::problem,
    },
    store::{
        columns::column,
        connection::Db,
        flow,
        issues::{AssignmentRow, IssueRow},
    },
};

/// Asks one more unit.
pub fn add_assisting(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &AddAssisting,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let issue = find(db, actor, Verb::AddAssisting, number, ask.version)?;
    let to = legal(&issue, Verb::AddAssisting)?;
    let note = maybe(ask.note.as_deref())?;
    ask_unit(db, &issue, &ask.unit, &actor.id, rules, at)?;
    let detail = serde_json::json!({ "unit": ask.unit });
    let what = Step { to, verb: Verb::AddAssisting, note: note.as_deref(), detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// Asks a unit to assist; it is another one than the lead, and owes no answer yet.
pub fn ask_unit(
    db: &mut Db,
    issue: &IssueRow,
    unit: &str,
    by: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    naming::unit(db, unit)?;
    let owes = flow::unanswered(db, &issue.enterprise_id, &issue.id, &[unit.to_owned()])?.is_some();
    if issue.lead_unit_id.as_deref() == Some(unit) || owes {
        let fault = problem("assisting", "该单位已是牵头或协办单位", "this unit leads or assists already");
        return Err(Refused::Invalid(vec![fault]));
    }
    let office = flow::first_office(db, unit)?;
    asked(db, issue, (unit, office), by, rules, at)
}

/// Adds the record of it, with the limit.
pub(super) fn asked(
    db: &mut Db,
    issue: &IssueRow,
    (unit, office_id): (&str, Option<String>),
    by: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let length = rules.limits.assist;
    let until = deadline::promise(at, Limit::WorkingDays(length), &rules.calendar, rules.zone);
    let until = within(at, until, promised(issue));
    let row = AssignmentRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        part: "assisting".to_owned(),
        unit_id: unit.to_owned(),
        office_id,
        handler_id: None,
        at: column(at),
        by: by.to_owned(),
        due_at: Some(column(until.due_at)),
    };
    Ok(enter(db, &row, Some(Counted { until, length }))?)
}
