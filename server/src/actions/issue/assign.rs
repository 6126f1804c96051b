//! Assigning (交办) to a lead unit, and to units that assist it. A handler may be
//! named; if not, the unit's administrator names one when signing.

use qiyema_protocol::{
    board::State,
    staff::{Assign, IssueView},
    verb::Verb,
};

use super::{
    super::{Refused, Rules},
    add_assisting::ask_unit,
    find,
    naming::{handler, place, unit},
    read,
    step::{Doer, Step, promised, step},
};
use crate::{
    actions::rights::Actor,
    clock::{Ids, Timestamp},
    domain::{clocks::within, deadline::Promised, text::problem},
    store::{
        QueryResult,
        columns::column,
        connection::Db,
        counts::{self, ProvisionalRow},
        flow::{self, AssistEndingRow},
        issues::{self, AssignmentRow, IssueRow},
    },
};

/// Units that may assist from the start.
const MOST_ASSISTING: usize = 10;

/// Assigns an accepted or reopened issue.
pub fn assign(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    ask: &Assign,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let mut issue = find(db, actor, Verb::Assign, number, ask.version)?;
    let freed = lead(db, &mut issue, (&ask.unit, ask.handler.as_deref()), &actor.id, rules, at)?;
    if ask.assisting.len() > MOST_ASSISTING {
        let fault = problem("assisting", "协办单位不超过10个", "at most 10 units assist");
        return Err(Refused::Invalid(vec![fault]));
    }
    for assisting in &ask.assisting {
        ask_unit(db, &issue, assisting, &actor.id, rules, at)?;
    }
    let detail = serde_json::json!({
        "unit": ask.unit, "handler": issue.handler_id, "assisting": ask.assisting, "assisting_ended": freed,
    });
    let what = Step { to: State::Assigned, verb: Verb::Assign, note: None, detail };
    step(db, Doer::Staff(actor), issue, what, rules, at)?;
    read::one(db, actor, number, rules, at)
}

/// Gives the lead to a unit, with somebody named or nobody yet; it tells the owner who it is within the
/// limit. What the unit still owed as an assisting one ends with that, whichever verb gives it the lead:
/// the unit is given back, for the event.
pub fn lead(
    db: &mut Db,
    issue: &mut IssueRow,
    (to, username): (&str, Option<&str>),
    by: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Option<String>, Refused> {
    unit(db, to)?;
    let person = username.map(|username| handler(db, to, username)).transpose()?;
    place(db, issue, to, person.as_ref())?;
    entrust(db, issue, to, by, rules, at)?;
    freed(db, issue, to, by, at)
}

/// Adds the assignment of a unit that leads from now on, with whoever is on the desk.
pub fn entrust(
    db: &mut Db,
    issue: &IssueRow,
    to: &str,
    by: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let limit = contact_until(promised(issue), rules, at);
    let row = AssignmentRow {
        id: Ids.row(),
        enterprise_id: issue.enterprise_id.clone(),
        issue_id: issue.id.clone(),
        part: "lead".to_owned(),
        unit_id: to.to_owned(),
        office_id: issue.office_id.clone(),
        handler_id: issue.handler_id.clone(),
        at: column(at),
        by: by.to_owned(),
        due_at: limit.map(|limit| column(limit.until.due_at)),
    };
    Ok(enter(db, &row, limit)?)
}

/// Ends what a unit still owes as an assisting one; gives the unit, if it owed something.
fn freed(
    db: &mut Db,
    issue: &IssueRow,
    to: &str,
    by: &str,
    at: Timestamp,
) -> Result<Option<String>, Refused> {
    let mut freed = None;
    while let Some((assignment_id, unit)) =
        flow::unanswered(db, &issue.enterprise_id, &issue.id, &[to.to_owned()])?
    {
        let row = AssistEndingRow {
            assignment_id,
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            at: column(at),
            by: by.to_owned(),
        };
        flow::end_assisting(db, &row)?;
        freed = Some(unit);
    }
    Ok(freed)
}

/// A limit that an assignment sets.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// Until when.
    pub until: Promised,
    /// In working days or hours.
    pub length: u32,
}

/// Adds an assignment; where its limit is provisional, with how long it is, so that it can be counted again.
pub fn enter(db: &mut Db, row: &AssignmentRow, limit: Option<Counted>) -> QueryResult<()> {
    issues::assign(db, row)?;
    let Some(Counted { length, .. }) = limit.filter(|limit| limit.until.provisional) else { return Ok(()) };
    counts::provisional(
        db,
        &ProvisionalRow {
            assignment_id: row.id.clone(),
            enterprise_id: row.enterprise_id.clone(),
            issue_id: row.issue_id.clone(),
            length: i32::try_from(length).ok(),
            at: row.at,
        },
    )
}

/// Until when the enterprise hears from a unit that is given its issue now; never later than what was promised.
pub fn contact_until(promised: Option<Promised>, rules: &Rules, at: Timestamp) -> Option<Counted> {
    let limits = &rules.limits;
    let hours = Some(limits.first_contact_hours).filter(|hours| *hours > 0)?;
    let until = limits.office_hours.after(at, hours, &rules.calendar, rules.zone);
    Some(Counted { until: within(at, until, promised), length: hours })
}
