//! Deferrals (挂账), their reviews, and how handling went on.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{dsl::max, prelude::*};

use super::{
    connection::Db,
    schema::{deferrals, resumptions},
};

/// A deferral, or its review, as stored; the latest one counts.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = deferrals)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct DeferralRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub reason: String,
    pub review_on: NaiveDate,
    pub working_days_left: i32,
    pub at: NaiveDateTime,
    pub by: String,
}

/// A resumption as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = resumptions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ResumptionRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub from_on: NaiveDate,
    pub to_on: NaiveDate,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a deferral.
pub fn defer(db: &mut Db, row: &DeferralRow) -> QueryResult<()> {
    diesel::insert_into(deferrals::table).values(row).execute(db).map(drop)
}

/// The deferral that counts.
pub fn latest(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<DeferralRow>> {
    deferrals::table
        .filter(deferrals::enterprise_id.eq(enterprise))
        .filter(deferrals::issue_id.eq(issue))
        .order((deferrals::at.desc(), deferrals::id.desc()))
        .first(db)
        .optional()
}

/// Adds a resumption.
pub fn resume(db: &mut Db, row: &ResumptionRow) -> QueryResult<()> {
    diesel::insert_into(resumptions::table).values(row).execute(db).map(drop)
}

/// When each of these issues was last resumed, by issue.
pub fn resumed(
    db: &mut Db,
    enterprises: &[String],
    issues: &[String],
) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    let all: Vec<(String, Option<NaiveDateTime>)> = resumptions::table
        .filter(resumptions::enterprise_id.eq_any(enterprises.to_vec()))
        .filter(resumptions::issue_id.eq_any(issues.to_vec()))
        .group_by(resumptions::issue_id)
        .select((resumptions::issue_id, max(resumptions::at)))
        .load(db)?;
    Ok(all.into_iter().filter_map(|(issue, at)| Some((issue, at?))).collect())
}

/// Resumptions of several issues of one enterprise, oldest first.
pub fn resumptions(db: &mut Db, enterprise: &str, issues: &[String]) -> QueryResult<Vec<ResumptionRow>> {
    resumptions::table
        .filter(resumptions::enterprise_id.eq(enterprise))
        .filter(resumptions::issue_id.eq_any(issues.to_vec()))
        .order((resumptions::at, resumptions::id))
        .load(db)
}
