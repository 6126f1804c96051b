//! What stands now of records that are only ever added to: requests without a
//! ruling, and units that assist. Derived with the records themselves, in the same
//! transaction, so that a list of what is open reads nothing that is over.

use diesel::prelude::*;

use super::{
    connection::Db,
    issues::AssignmentRow,
    requests::RequestRow,
    schema::{assisting_units, issues, waiting_requests},
    state_facts::{changing, changing_all},
};
use crate::domain::ledger::State;

/// A request waits for a ruling.
pub(super) fn waits(db: &mut Db, row: &RequestRow) -> QueryResult<()> {
    changing(db, State::WaitingRequests, &[&row.id], |db| {
        diesel::insert_into(waiting_requests::table)
            .values((
                waiting_requests::request_id.eq(&row.id),
                waiting_requests::enterprise_id.eq(&row.enterprise_id),
                waiting_requests::issue_id.eq(&row.issue_id),
            ))
            .execute(db)
            .map(drop)
    })
}

/// A request was ruled on.
pub(super) fn ruled(db: &mut Db, request: &str) -> QueryResult<()> {
    changing(db, State::WaitingRequests, &[request], |db| {
        diesel::delete(waiting_requests::table.filter(waiting_requests::request_id.eq(request)))
            .execute(db)
            .map(drop)
    })
}

/// A unit assists from now on.
pub(super) fn assists(db: &mut Db, row: &AssignmentRow) -> QueryResult<()> {
    let open: bool = issues::table.filter(issues::id.eq(&row.issue_id)).select(issues::is_open).first(db)?;
    changing(db, State::AssistingUnits, &[&row.id], |db| {
        diesel::insert_into(assisting_units::table)
            .values((
                assisting_units::assignment_id.eq(&row.id),
                assisting_units::enterprise_id.eq(&row.enterprise_id),
                assisting_units::issue_id.eq(&row.issue_id),
                assisting_units::unit_id.eq(&row.unit_id),
                assisting_units::is_open.eq(open),
            ))
            .execute(db)
            .map(drop)
    })
}

/// A unit assists no longer.
pub(super) fn ended(db: &mut Db, assignment: &str) -> QueryResult<()> {
    changing(db, State::AssistingUnits, &[assignment], |db| {
        diesel::delete(assisting_units::table.filter(assisting_units::assignment_id.eq(assignment)))
            .execute(db)
            .map(drop)
    })
}

/// An issue is open, or is not: so is what units assist with.
pub(super) fn moved(db: &mut Db, enterprise: &str, issue: &str, open: bool) -> QueryResult<()> {
    let other: Vec<String> = assisting_units::table
        .filter(assisting_units::enterprise_id.eq(enterprise))
        .filter(assisting_units::issue_id.eq(issue))
        .filter(assisting_units::is_open.ne(open))
        .select(assisting_units::assignment_id)
        .load(db)?;
    if other.is_empty() {
        return Ok(());
    }
    let keys = other.iter().map(|id| vec![id.clone()]).collect();
    changing_all(db, State::AssistingUnits, &keys, |db| {
        diesel::update(assisting_units::table.filter(assisting_units::assignment_id.eq_any(&other)))
            .set(assisting_units::is_open.eq(open))
            .execute(db)
            .map(drop)
    })
}
