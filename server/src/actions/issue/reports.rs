//! What was reported to the enterprise in every round, and what the review made of it: a result that was sent
//! back, or closed and reopened, stays readable for whoever takes the issue up again.

use std::collections::HashMap;

use qiyema_protocol::staff::{ReportView, ReviewView};

use super::{super::Refused, records::called};
use crate::{
    domain::event::Kind,
    store::{
        columns::{moment, unword},
        connection::Db,
        events::{self, EventRow},
        flow,
        issues::{self, IssueRow, ReportRow},
    },
};

/// All of an issue's, oldest first.
pub(super) fn of(db: &mut Db, issue: &IssueRow) -> Result<Vec<ReportView>, Refused> {
    let rows = issues::reports(db, &issue.enterprise_id, &issue.id)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let told = events::of_issues(db, &issue.enterprise_id, std::slice::from_ref(&issue.id))?;
    let people = rows.iter().map(|row| row.by.clone()).chain(told.iter().map(|event| event.by.clone()));
    let names: HashMap<String, String> = flow::names(db, people.collect())?.into_iter().collect();
    // One event a report, in the order in which they were handed in.
    let handed_in = told.iter().enumerate().filter(|(_, event)| is(event, Kind::Reported)).map(|(at, _)| at);
    let mut places: Vec<usize> = handed_in.collect();
    places.resize(rows.len(), told.len());
    let view = |(row, place): (ReportRow, usize)| -> Result<ReportView, Refused> {
        let before = told.get(..place).unwrap_or_default();
        let rounds = before.iter().filter(|event| is(event, Kind::Reopened)).count();
        Ok(ReportView {
            result: unword(&row.result)?,
            reply: row.reply,
            at: moment(row.at),
            by: called(&names, &row.by),
            round: u32::try_from(rounds).unwrap_or_default().saturating_add(1),
            review: review(told.get(place + 1..).unwrap_or_default(), &names),
        })
    };
    rows.into_iter().zip(places).map(view).collect()
}

/// The first of these that decides about the report before them.
fn review(after: &[EventRow], names: &HashMap<String, String>) -> Option<ReviewView> {
    let decides = |event: &&EventRow| {
        [Kind::Closed, Kind::SentBack, Kind::Reported].into_iter().any(|kind| is(event, kind))
    };
    let event = after.iter().find(decides).filter(|event| !is(event, Kind::Reported))?;
    let closed = is(event, Kind::Closed);
    Some(ReviewView {
        closed,
        reason: event.note.clone().filter(|_| !closed),
        at: moment(event.at),
        by: called(names, &event.by),
    })
}

fn is(event: &EventRow, kind: Kind) -> bool {
    unword::<Kind>(&event.kind).is_ok_and(|own| own == kind)
}
