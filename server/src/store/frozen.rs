//! What is frozen with a closure, and with the assignment of a lead unit, beside the unit and the person: the grade
//! of the category, and the leader in charge. Written with the row itself, so that nothing closes without.

use chrono::NaiveDateTime;
use diesel::{dsl::exists, prelude::*};

use super::{
    connection::Db,
    issues::{AssignmentRow, ClosureRow},
    schema::{
        accounts::staff_units, assignment_facts, categories, closure_facts, closures, issues, offices, staff,
        staff_roles,
    },
};

/// Grade, and the leader in charge, if there is one.
pub type Frozen = (String, Option<String>);

/// What is frozen with a closure.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = closure_facts)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ClosureFactsRow {
    pub closure_id: String,
    pub enterprise_id: String,
    pub grade: String,
    pub leader_id: Option<String>,
    pub at: NaiveDateTime,
}

/// What is frozen with the assignment of a lead unit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = assignment_facts)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AssignmentFactsRow {
    pub assignment_id: String,
    pub enterprise_id: String,
    pub grade: String,
    pub leader_id: Option<String>,
    pub at: NaiveDateTime,
}

/// Freezes what holds at this moment with a closure.
pub(super) fn closure(db: &mut Db, row: &ClosureRow) -> QueryResult<()> {
    let frozen = ClosureFactsRow {
        closure_id: row.id.clone(),
        enterprise_id: row.enterprise_id.clone(),
        grade: grade(db, &row.issue_id)?,
        leader_id: leader(db, &row.unit_id)?,
        at: row.at,
    };
    diesel::insert_into(closure_facts::table).values(&frozen).execute(db).map(drop)
}

/// Freezes what holds at this moment with the assignment of a lead unit.
pub(super) fn assignment(db: &mut Db, row: &AssignmentRow) -> QueryResult<()> {
    let frozen = AssignmentFactsRow {
        assignment_id: row.id.clone(),
        enterprise_id: row.enterprise_id.clone(),
        grade: grade(db, &row.issue_id)?,
        leader_id: leader(db, &row.unit_id)?,
        at: row.at,
    };
    diesel::insert_into(assignment_facts::table).values(&frozen).execute(db).map(drop)
}

/// Closures of these enterprises with the grade that was frozen with them.
pub fn grades(
    db: &mut Db,
    enterprises: &[String],
    closures: &[String],
) -> QueryResult<Vec<(String, String)>> {
    closure_facts::table
        .filter(closure_facts::enterprise_id.eq_any(enterprises.to_vec()))
        .filter(closure_facts::closure_id.eq_any(closures.to_vec()))
        .select((closure_facts::closure_id, closure_facts::grade))
        .load(db)
}

/// The leaders in charge of whoever stood behind the closures of an issue.
pub fn leaders(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<String>> {
    let frozen: Vec<Option<String>> = closure_facts::table
        .inner_join(closures::table.on(closures::id.eq(closure_facts::closure_id)))
        .filter(closures::enterprise_id.eq(enterprise))
        .filter(closures::issue_id.eq(issue))
        .select(closure_facts::leader_id)
        .load(db)?;
    Ok(frozen.into_iter().flatten().collect())
}

fn grade(db: &mut Db, issue: &str) -> QueryResult<String> {
    issues::table
        .inner_join(categories::table)
        .filter(issues::id.eq(issue))
        .select(categories::grade)
        .first(db)
}

/// The leader in charge of a unit: of its people with that role who can sign in, the first by user name.
pub fn leader(db: &mut Db, unit: &str) -> QueryResult<Option<String>> {
    let beside = staff_units::table
        .filter(staff_units::staff_id.eq(staff::id))
        .filter(staff_units::unit_id.eq(unit.to_owned()));
    let desk = offices::table
        .filter(offices::id.nullable().eq(staff::office_id))
        .filter(offices::unit_id.eq(unit.to_owned()));
    staff::table
        .inner_join(staff_roles::table)
        .filter(staff_roles::role.eq("leader"))
        .filter(staff::disabled_at.is_null())
        .filter(exists(beside).or(exists(desk)))
        .order(staff::username)
        .select(staff::id)
        .first(db)
        .optional()
}
