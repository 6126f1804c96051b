//! How the limits that assignments set were counted, where they reach into a year
//! without a published calendar, and what they came to once it was there.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{provisional_limits, recounted_limits},
};

/// A provisional limit as stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = provisional_limits)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ProvisionalRow {
    pub assignment_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub length: Option<i32>,
    pub at: NaiveDateTime,
}

/// A limit that was counted again as stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = recounted_limits)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RecountedRow {
    pub assignment_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub due_at: NaiveDateTime,
    pub at: NaiveDateTime,
}

/// Notes how long a provisional limit is.
pub fn provisional(db: &mut Db, row: &ProvisionalRow) -> QueryResult<()> {
    diesel::insert_into(provisional_limits::table).values(row).execute(db).map(drop)
}

/// Notes what it came to; a second count of the same is a unique violation.
pub fn recount(db: &mut Db, row: &RecountedRow) -> QueryResult<()> {
    diesel::insert_into(recounted_limits::table).values(row).execute(db).map(drop)
}

/// How long the provisional limit of an assignment is, where that was noted.
pub fn length(db: &mut Db, assignment: &str) -> QueryResult<Option<u32>> {
    let noted: Option<Option<i32>> = provisional_limits::table
        .filter(provisional_limits::assignment_id.eq(assignment))
        .select(provisional_limits::length)
        .first(db)
        .optional()?;
    Ok(noted.flatten().and_then(|length| u32::try_from(length).ok()))
}
