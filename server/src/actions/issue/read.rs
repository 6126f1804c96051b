//! Issues as staff read them: people of a unit their unit's, others all.

use std::collections::HashMap;

use qiyema_protocol::{
    board::{Lamp, State},
    clocks::ClockView,
    intake::Contact,
    staff::IssueView,
};

use super::{
    super::{
        Refused, Rules,
        desk::{self, Ask},
    },
    offered::offered,
    records, running as many,
    step::running,
};
use crate::{
    actions::rights::Actor,
    clock::Timestamp,
    domain::{
        clocks::{Running, hurrying},
        deadline, workflow,
    },
    store::{
        columns::{moment, unword},
        connection::Db,
        desk::{self as lists, Key},
        directory, intake,
        issues::{self, ForStaff},
    },
};

/// Issues on one page.
const PAGE: usize = 50;

/// One issue. Somebody else's is unknown, not forbidden.
pub fn one(
    db: &mut Db,
    actor: &Actor,
    number: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let (row, assisting) = records::seen(db, actor, number)?;
    let verbs = offered(db, actor, &row.0, &assisting, rules, at)?;
    let limits = running(db, &row.0, rules)?;
    let (enterprise, id) = (row.0.enterprise_id.clone(), row.0.id.clone());
    let contact = if actor.handles() { intake::contact(db, &enterprise, &id)? } else { None };
    let contact = contact.map(|row| Contact { name: row.name, phone: row.phone, email: row.email });
    let reference = intake::reference(db, &enterprise, &id)?.map(|row| row.reference);
    let records = Some(records::of(db, &row.0)?);
    let grade = directory::category(db, &row.0.category_id)?.map(|row| row.grade).unwrap_or_default();
    Ok(IssueView { verbs, contact, reference, records, ..view(row, &grade, limits, rules, at)? })
}

/// The limits that run, the first to pass first.
fn clocks(limits: Vec<Running>, rules: &Rules, at: Timestamp) -> Vec<ClockView> {
    limits
        .into_iter()
        .map(|Running { kind, until, .. }| {
            let (lamp, working_days_left) =
                deadline::lamp(until.due_at, until.due_on, at, &rules.calendar, rules.zone);
            ClockView {
                kind,
                due_at: until.due_at,
                due_on: until.due_on,
                working_days_left,
                hours_over: deadline::hours_over(until.due_at, until.due_on, at, rules.zone),
                lamp,
                provisional: until.provisional,
            }
        })
        .collect()
}

/// A page of issues, and where the next one begins.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    ask: &Ask,
    rules: &Rules,
    at: Timestamp,
) -> Result<(Vec<IssueView>, Option<Key>), Refused> {
    let (found, next) = desk::found(db, actor, ask, PAGE, rules, at)?;
    let distinct = |ids: &mut dyn Iterator<Item = &String>| {
        let mut ids: Vec<String> = ids.cloned().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let enterprises = distinct(&mut found.iter().map(|row| &row.enterprise_id));
    let people = distinct(&mut found.iter().filter_map(|row| row.handler_id.as_ref()));
    let enterprises: HashMap<_, _> = lists::enterprise_names(db, enterprises)?.into_iter().collect();
    let people: HashMap<_, _> = lists::usernames(db, people)?.into_iter().collect();
    let grades: HashMap<_, _> = lists::grades(db)?.into_iter().collect();
    let mut limits = many::of(db, &found, rules)?;
    let one = |row: issues::IssueRow| {
        let own = limits.remove(&row.id).unwrap_or_default();
        let enterprise = enterprises.get(&row.enterprise_id).cloned().unwrap_or_default();
        let handler = row.handler_id.as_ref().and_then(|id| people.get(id).cloned());
        let grade = grades.get(&row.category_id).map_or("", String::as_str);
        view((row, enterprise, handler), grade, own, rules, at)
    };
    Ok((found.into_iter().map(one).collect::<Result<_, _>>()?, next))
}

fn view(
    (issue, enterprise_name, handler): ForStaff,
    grade: &str,
    limits: Vec<Running>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let state: State = unword(&issue.state)?;
    let lamp = hurrying(&limits).map_or(Lamp::Off, |limit| {
        let (due_at, due_on) = (limit.until.due_at, limit.until.due_on);
        deadline::lamp(due_at, due_on, at, &rules.calendar, rules.zone).0
    });
    Ok(IssueView {
        number: issue.number,
        version: issue.version,
        enterprise: issue.enterprise_id,
        enterprise_name,
        subject: issue.subject,
        body: issue.body,
        category: issue.category_id,
        channel: issue.channel_id,
        level: unword(&issue.level)?,
        grade: unword(grade)?,
        state,
        lamp,
        submitted_at: moment(issue.submitted_at),
        unit: issue.lead_unit_id,
        handler,
        first_promise: issue.first_due_on,
        promise: issue.due_on.filter(|_| issue.review_on.is_none()),
        review_on: issue.review_on,
        provisional: issue.provisional,
        next: workflow::next(state),
        round: u32::try_from(issue.round).unwrap_or(1),
        supervision: unword(&issue.supervision)?,
        contact: None,
        reference: None,
        verbs: Vec::new(),
        clocks: clocks(limits, rules, at),
        records: None,
    })
}
