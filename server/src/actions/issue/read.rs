//! Issues as staff read them: people of a unit their unit's, others all.

use qiyema_protocol::{
    board::{Lamp, State},
    staff::{IssueList, IssueView},
};

use super::super::{Refused, Rules};
use crate::{
    actions::rights::{Actor, Deed},
    clock::Timestamp,
    domain::{deadline, workflow},
    store::{
        columns::{moment, unword, word},
        connection::Db,
        issues::{self, Filter, ForStaff},
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
    if !actor.sees_unit(row.0.lead_unit_id.as_deref()) {
        return Err(Refused::IssueUnknown);
    }
    view(row, rules, at)
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
        unit: actor.confined_to().map(ToOwned::to_owned),
        state: state.map(word).transpose()?,
        text,
        after,
    };
    let mut rows = issues::list(db, &filter, i64::try_from(PAGE + 1).unwrap_or(i64::MAX))?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = if more { rows.last().map(|row| row.0.number.clone()) } else { None };
    let issues = rows.into_iter().map(|row| view(row, rules, at)).collect::<Result<_, _>>()?;
    Ok(IssueList { issues, next })
}

fn view(
    (issue, enterprise_name, handler): ForStaff,
    rules: &Rules,
    at: Timestamp,
) -> Result<IssueView, Refused> {
    let state: State = unword(&issue.state)?;
    let lamp = match (issue.due_on, issue.due_at) {
        (Some(due_on), Some(due_at)) if workflow::lamp_runs(state) => {
            deadline::lamp(moment(due_at), due_on, at, &rules.calendar, rules.zone).0
        }
        _ => Lamp::Off,
    };
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
        promise: issue.due_on,
        provisional: issue.provisional,
        next: workflow::next(state),
    })
}
