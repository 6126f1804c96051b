//! Issues as staff read them: people of a unit their unit's, others all.

use qiyema_protocol::{
    board::{Lamp, State},
    clocks::ClockView,
    intake::Contact,
    staff::{IssueList, IssueView},
};

use super::{
    super::{Refused, Rules},
    offered::offered,
    records, running as many,
    step::running,
};
use crate::{
    actions::rights::{Actor, Deed, Object},
    clock::Timestamp,
    domain::{
        clocks::{Running, hurrying},
        deadline, workflow,
    },
    store::{
        columns::{moment, unword, word},
        connection::Db,
        intake,
        issues::{self, Filter, ForStaff, IssueRow},
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
    let row = issues::by_number(db, number)?.ok_or(Refused::IssueUnknown)?;
    let assisting = issues::assisting(db, &row.0.enterprise_id, &row.0.id)?;
    let object = Object::of(&row.0, &assisting);
    if !actor.sees(&object) {
        return Err(Refused::IssueUnknown);
    }
    let verbs = offered(db, actor, &row.0, &assisting, rules, at)?;
    let limits = running(db, &row.0, rules)?;
    let (enterprise, id) = (row.0.enterprise_id.clone(), row.0.id.clone());
    let contact = if actor.handles() { intake::contact(db, &enterprise, &id)? } else { None };
    let contact = contact.map(|row| Contact { name: row.name, phone: row.phone, email: row.email });
    let reference = intake::reference(db, &enterprise, &id)?.map(|row| row.reference);
    let records = Some(records::of(db, &row.0)?);
    Ok(IssueView { verbs, contact, reference, records, ..view(row, limits, rules, at)? })
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

/// A page of issues, newest number first.
pub fn list(
    db: &mut Db,
    actor: &Actor,
    state: Option<State>,
    text: Option<String>,
    after: Option<String>,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueList, Refused> {
    actor.may(Deed::ReadIssues)?;
    let filter = Filter {
        units: actor.confined_to().map(<[String]>::to_vec),
        state: state.map(word).transpose()?,
        text,
        after,
    };
    let mut rows = issues::list(db, &filter, i64::try_from(PAGE + 1).unwrap_or(i64::MAX))?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = if more { rows.last().map(|row| row.0.number.clone()) } else { None };
    let found: Vec<IssueRow> = rows.iter().map(|row| row.0.clone()).collect();
    let mut limits = many::of(db, &found, rules)?;
    let mut one = |row: ForStaff| {
        let own = limits.remove(&row.0.id).unwrap_or_default();
        view(row, own, rules, at)
    };
    let issues = rows.into_iter().map(&mut one).collect::<Result<_, _>>()?;
    Ok(IssueList { issues, next })
}

fn view(
    (issue, enterprise_name, handler): ForStaff,
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
