//! What the jobs that watch the clocks read and write. These queries cross
//! enterprises: a clock belongs to nobody.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    follow_ups::is_of_this_round,
    issues::IssueRow,
    schema::{
        accounts::staff_units, assignments, assist_endings, assist_replies, issues, offices, promises,
        provisional_limits, recounted_limits, staff, staff_roles, supervisions,
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

/// Issues in a state of which it is not known when their first limit ends, by id.
pub fn unlimited(db: &mut Db, state: &str, after: &str, limit: i64) -> QueryResult<Vec<IssueRow>> {
    issues::table
        .filter(issues::state.eq(state))
        .filter(issues::limit_at.is_null())
        .filter(issues::id.gt(after))
        .order(issues::id)
        .select(IssueRow::as_select())
        .limit(limit)
        .load(db)
}

/// Says when the first limit of an issue ends, where nobody has said it yet.
pub fn limit(db: &mut Db, id: &str, until: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(issues::table)
        .filter(issues::id.eq(id))
        .filter(issues::limit_at.is_null())
        .set(issues::limit_at.eq(until))
        .execute(db)
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

/// An answer that an assisting unit owes.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Owed {
    pub issue_id: String,
    pub assignment_id: String,
    pub unit_id: String,
    pub assigned_at: NaiveDateTime,
    /// Until when; as counted again, if it was.
    pub due_at: NaiveDateTime,
    /// It reaches into a year without a published calendar.
    pub provisional: bool,
}

/// Who owes an answer, since when, until when, counted again, and whether that was provisional.
type OwedRow =
    ((String, String, String, NaiveDateTime), Option<NaiveDateTime>, Option<NaiveDateTime>, Option<String>);

/// Answers that assisting units of these issues owe in the present round.
pub fn assisting(db: &mut Db, enterprises: &[String], issues: &[String]) -> QueryResult<Vec<Owed>> {
    let rows: Vec<OwedRow> = assignments::table
        .left_join(assist_replies::table.on(assist_replies::assignment_id.eq(assignments::id)))
        .left_join(assist_endings::table.on(assist_endings::assignment_id.eq(assignments::id)))
        .left_join(recounted_limits::table.on(recounted_limits::assignment_id.eq(assignments::id)))
        .left_join(provisional_limits::table.on(provisional_limits::assignment_id.eq(assignments::id)))
        .filter(assignments::enterprise_id.eq_any(enterprises.to_vec()))
        .filter(assignments::issue_id.eq_any(issues.to_vec()))
        .filter(assignments::part.eq("assisting"))
        .filter(assignments::due_at.is_not_null())
        .filter(assist_replies::at.nullable().is_null())
        .filter(assist_endings::at.nullable().is_null())
        .filter(is_of_this_round())
        .order((assignments::at, assignments::id))
        .select((
            (assignments::issue_id, assignments::id, assignments::unit_id, assignments::at),
            assignments::due_at,
            recounted_limits::due_at.nullable(),
            provisional_limits::assignment_id.nullable(),
        ))
        .load(db)?;
    let owed = |((issue_id, assignment_id, unit_id, assigned_at), due, recounted, noted): OwedRow| {
        let provisional = noted.is_some() && recounted.is_none();
        Some(Owed { issue_id, assignment_id, unit_id, assigned_at, due_at: recounted.or(due)?, provisional })
    };
    Ok(rows.into_iter().filter_map(owed).collect())
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
