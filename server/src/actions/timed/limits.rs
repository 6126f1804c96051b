//! Limits besides the promise that were counted into a year without a published
//! calendar. Those that an assignment set are stored, so what they come to is a record
//! beside it; the others follow from their events, and are as the calendar has them. Either
//! way the issue's history says what became of a date that was shown as provisional.

use qiyema_protocol::clocks::ClockKind;
use serde_json::{Value, json};

use super::super::{
    Deed, Refused, Rules,
    issue::step::{promised, timing, unseen},
    record,
};
use crate::{
    clock::Timestamp,
    domain::{
        calendar::Calendar,
        clocks,
        deadline::{self, Limit, Promised},
        event::Kind,
    },
    store::{
        columns::{column, moment, unword},
        connection::Db,
        counts::{self, RecountedRow},
        events, first_contacts,
        issues::IssueRow,
        timed,
    },
};

/// What the units were asked: counted again from the moment of the assignment, each once.
pub(super) fn assigned(
    db: &mut Db,
    issue: &IssueRow,
    rules: &Rules,
    at: Timestamp,
) -> Result<Vec<Value>, Refused> {
    let (home, one) = (std::slice::from_ref(&issue.enterprise_id), std::slice::from_ref(&issue.id));
    let mut counted = Vec::new();
    let mut enter = |db: &mut Db, id: String, told: Value, now: Promised| -> Result<(), Refused> {
        if now.provisional {
            return Ok(());
        }
        let row = RecountedRow {
            assignment_id: id,
            enterprise_id: issue.enterprise_id.clone(),
            issue_id: issue.id.clone(),
            due_at: column(now.due_at),
            at: column(at),
        };
        counts::recount(db, &row)?;
        counted.push(told);
        Ok(())
    };
    for waited in first_contacts::of_issues(db, home, one)?.into_iter().filter(|one| one.provisional) {
        let Some(due) = waited.until() else { continue };
        let hours = counts::length(db, &waited.assignment_id)?.unwrap_or(rules.limits.first_contact_hours);
        let since = moment(waited.assigned_at);
        let now = rules.limits.office_hours.after(since, hours, &rules.calendar, rules.zone);
        let now = clocks::within(since, now, promised(issue));
        let told = moved(ClockKind::FirstContact, Some(&waited.unit_id), moment(due), now, rules);
        enter(db, waited.assignment_id, told, now)?;
    }
    for owed in timed::assisting(db, home, one)?.into_iter().filter(|one| one.provisional) {
        let days = counts::length(db, &owed.assignment_id)?.unwrap_or(rules.limits.assist);
        let since = moment(owed.assigned_at);
        let now = deadline::promise(since, Limit::WorkingDays(days), &rules.calendar, rules.zone);
        let now = clocks::within(since, now, promised(issue));
        let told = moved(ClockKind::Assist, Some(&owed.unit_id), moment(owed.due_at), now, rules);
        enter(db, owed.assignment_id, told, now)?;
    }
    Ok(counted)
}

/// What follows from the issue's events: provisional by the calendar before, and certain now.
pub(super) fn computed(
    db: &mut Db,
    issue: &IssueRow,
    before: Option<&Calendar>,
    rules: &Rules,
) -> Result<Vec<Value>, Refused> {
    let Some(before) = before else { return Ok(Vec::new()) };
    let timing = timing(db, issue)?;
    let then = clocks::running(&timing, &rules.limits, before, rules.zone);
    let now = clocks::running(&timing, &rules.limits, &rules.calendar, rules.zone);
    let counted = then.iter().filter(|one| one.kind != ClockKind::Close && one.until.provisional);
    let counted = counted.filter_map(|old| {
        let new = now.iter().find(|one| one.kind == old.kind && !one.until.provisional)?;
        Some(moved(old.kind, None, old.until.due_at, new.until, rules))
    });
    Ok(counted.collect())
}

/// One event for all of them. A pass that is done again after a restart tells nothing twice.
pub(super) fn tell(db: &mut Db, issue: &IssueRow, counted: &[Value], at: Timestamp) -> Result<(), Refused> {
    let limits = Value::from(counted.to_vec());
    let before = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let told = |detail: &str| {
        serde_json::from_str::<Value>(detail).is_ok_and(|detail| detail.get("limits") == Some(&limits))
    };
    if before
        .iter()
        .any(|event| (unseen(&event.kind) || event.kind == "due_recomputed") && told(&event.detail))
    {
        return Ok(());
    }
    record(
        db,
        &Deed {
            enterprise: &issue.enterprise_id,
            subject: &issue.id,
            kind: Kind::LimitsRecounted,
            state: Some(unword(&issue.state)?),
            note: None,
            detail: json!({ "limits": limits }),
            by: "clock",
            at,
        },
    )
}

fn moved(kind: ClockKind, unit: Option<&str>, from: Timestamp, now: Promised, rules: &Rules) -> Value {
    json!({
        "kind": kind, "unit": unit, "from": from, "to": now.due_at,
        "from_on": rules.day(from), "to_on": now.due_on,
    })
}
