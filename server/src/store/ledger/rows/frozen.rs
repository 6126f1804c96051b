//! What is frozen with closures and assignments, as the log has it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    super::super::{
        connection::Db,
        frozen::{AssignmentFactsRow, ClosureFactsRow},
        schema::{assignment_facts, closure_facts},
    },
    Row, at, named,
};

pub(super) fn of_closures(db: &mut Db, id: &str, limit: i64) -> QueryResult<Vec<Row>> {
    let found = closure_facts::table.filter(closure_facts::closure_id.gt(id));
    let found: Vec<ClosureFactsRow> = found.order(closure_facts::closure_id).limit(limit).load(db)?;
    let one = |one: ClosureFactsRow| {
        let ClosureFactsRow { closure_id, enterprise_id, grade, leader_id, at } = one;
        row("closure_id", closure_id, (enterprise_id, grade, leader_id, at))
    };
    Ok(found.into_iter().map(one).collect())
}

pub(super) fn of_assignments(db: &mut Db, id: &str, limit: i64) -> QueryResult<Vec<Row>> {
    let found = assignment_facts::table.filter(assignment_facts::assignment_id.gt(id));
    let found: Vec<AssignmentFactsRow> =
        found.order(assignment_facts::assignment_id).limit(limit).load(db)?;
    let one = |one: AssignmentFactsRow| {
        let AssignmentFactsRow { assignment_id, enterprise_id, grade, leader_id, at } = one;
        row("assignment_id", assignment_id, (enterprise_id, grade, leader_id, at))
    };
    Ok(found.into_iter().map(one).collect())
}

fn row(
    name: &str,
    id: String,
    (enterprise, grade, leader, moment): (String, String, Option<String>, NaiveDateTime),
) -> Row {
    let columns = [
        ("enterprise_id", enterprise.into()),
        ("grade", grade.into()),
        ("leader_id", leader.into()),
        ("at", at(moment)),
    ];
    named(name, id, columns)
}
