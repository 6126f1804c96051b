//! What the jobs that watch the clocks read and write. These queries cross
//! enterprises: a clock belongs to nobody.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    follow_ups::is_of_this_round,
    issues::IssueRow,
    schema::{
        accounts::staff_units, assignments, assist_endings, assist_replies, issues, offices, promises, staff,
        staff_roles, supervisions,
    },
};

/// From what a provisional promise was counted.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = promises)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct PromiseRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub from_on: NaiveDate,
    pub working_days: i32,
    pub due_on: NaiveDate,
    pub first_working_days: Option<i32>,
    pub at: NaiveDateTime,
}

/// Issues whose next moment has come, the longest waiting first.
pub fn due(db: &mut Db, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<String>> {
    issues::table
        .filter(issues::next_at.le(now))
        .order((issues::next_at, issues::id))
        .select(issues::id)
        .limit(limit)
        .load(db)
}

/// Issues that may have a clock, by id.
pub fn watched(db: &mut Db, after: &str, limit: i64) -> QueryResult<Vec<String>> {
    issues::table
        .filter(issues::id.gt(after))
        .filter(issues::is_open.eq(true).or(issues::next_at.is_not_null()))
        .order(issues::id)
        .select(issues::id)
        .limit(limit)
        .load(db)
}

/// One issue.
pub fn issue(db: &mut Db, id: &str) -> QueryResult<Option<IssueRow>> {
    issues::table.filter(issues::id.eq(id)).select(IssueRow::as_select()).first(db).optional()
}

/// Sets the moments of an issue's clocks without a step, unless somebody was faster.
pub fn rewind(db: &mut Db, row: &IssueRow) -> QueryResult<bool> {
    let changed = diesel::update(issues::table)
        .filter(issues::id.eq(&row.id))
        .filter(issues::version.eq(row.version))
        .set((issues::limit_at.eq(row.limit_at), issues::next_at.eq(row.next_at)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Puts off an issue that the clock could not move.
pub fn put_off(db: &mut Db, id: &str, now: NaiveDateTime, until: NaiveDateTime) -> QueryResult<()> {
    diesel::update(issues::table)
        .filter(issues::id.eq(id))
        .filter(issues::next_at.le(now))
        .set(issues::next_at.eq(until))
        .execute(db)
        .map(drop)
}

/// Assisting units of these issues that owe an answer in the present round, and until when:
/// issue, unit, moment.
pub fn assisting(
    db: &mut Db,
    enterprises: &[String],
    issues: &[String],
) -> QueryResult<Vec<(String, String, NaiveDateTime)>> {
    let rows: Vec<(String, String, Option<NaiveDateTime>)> = assignments::table
        .left_join(assist_replies::table.on(assist_replies::assignment_id.eq(assignments::id)))
        .left_join(assist_endings::table.on(assist_endings::assignment_id.eq(assignments::id)))
        .filter(assignments::enterprise_id.eq_any(enterprises.to_vec()))
        .filter(assignments::issue_id.eq_any(issues.to_vec()))
        .filter(assignments::part.eq("assisting"))
        .filter(assignments::due_at.is_not_null())
        .filter(assist_replies::at.nullable().is_null())
        .filter(assist_endings::at.nullable().is_null())
        .filter(is_of_this_round())
        .select((assignments::issue_id, assignments::unit_id, assignments::due_at))
        .load(db)?;
    Ok(rows.into_iter().filter_map(|(issue, unit, due)| Some((issue, unit, due?))).collect())
}

/// Kind, clock, unit and limit of a step that the clock made.
pub type UrgedRow = (String, Option<String>, Option<String>, Option<NaiveDateTime>);

/// Steps of the chain that the clock has made for an issue.
pub fn urged(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<UrgedRow>> {
    supervisions::table
        .filter(supervisions::enterprise_id.eq(enterprise))
        .filter(supervisions::issue_id.eq(issue))
        .filter(supervisions::limit_at.is_not_null())
        .select((supervisions::kind, supervisions::clock, supervisions::unit_id, supervisions::limit_at))
        .load(db)
}

/// Somebody of a unit who can take an issue nobody signed for: holders of a
/// role, by user name.
pub fn takers(db: &mut Db, unit: &str, role: &str) -> QueryResult<Vec<(String, Option<String>)>> {
    let beside = staff_units::table.filter(staff_units::unit_id.eq(unit)).select(staff_units::staff_id);
    staff::table
        .inner_join(staff_roles::table)
        .left_join(offices::table.on(staff::office_id.eq(offices::id.nullable())))
        .filter(offices::unit_id.eq(unit).or(staff::id.eq_any(beside)))
        .filter(staff_roles::role.eq(role))
        .filter(staff::disabled_at.is_null())
        .order(staff::username)
        .select((staff::id, staff::office_id))
        .load(db)
}

/// Whether somebody still works here.
pub fn works(db: &mut Db, person: &str) -> QueryResult<bool> {
    let found: Option<String> = staff::table
        .filter(staff::id.eq(person))
        .filter(staff::disabled_at.is_null())
        .select(staff::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// The latest count of an issue's promise.
pub fn promise(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<PromiseRow>> {
    promises::table
        .filter(promises::enterprise_id.eq(enterprise))
        .filter(promises::issue_id.eq(issue))
        .order((promises::at.desc(), promises::id.desc()))
        .first(db)
        .optional()
}

/// Adds the count of a promise.
pub fn count(db: &mut Db, row: &PromiseRow) -> QueryResult<()> {
    diesel::insert_into(promises::table).values(row).execute(db).map(drop)
}
