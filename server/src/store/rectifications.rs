//! Rectifications: opened once for a closure, and what was done about it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{rectification_limits, rectification_steps, rectifications},
};

/// A rectification as stored; unit and handler are those of the closure.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = rectifications)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RectificationRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub closure_id: String,
    pub rating_id: Option<String>,
    pub unit_id: String,
    pub handler_id: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// What was done, as stored: `contacted` or `fixed`.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = rectification_steps)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct StepRow {
    pub id: String,
    pub enterprise_id: String,
    pub rectification_id: String,
    pub kind: String,
    pub note: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a rectification, and how many working days it has; a second one of the same closure is a unique violation.
pub fn open(db: &mut Db, row: &RectificationRow, working_days: u32) -> QueryResult<()> {
    diesel::insert_into(rectifications::table).values(row).execute(db)?;
    let limit = (
        rectification_limits::rectification_id.eq(&row.id),
        rectification_limits::enterprise_id.eq(&row.enterprise_id),
        rectification_limits::working_days.eq(i32::try_from(working_days).unwrap_or(i32::MAX)),
        rectification_limits::at.eq(row.at),
    );
    diesel::insert_into(rectification_limits::table).values(limit).execute(db).map(drop)
}

/// Working days that the rectifications of these closures have, as they were opened with; by closure.
pub fn working_days(
    db: &mut Db,
    enterprises: &[String],
    closures: &[String],
) -> QueryResult<Vec<(String, u32)>> {
    let found: Vec<(String, i32)> = rectifications::table
        .inner_join(
            rectification_limits::table.on(rectification_limits::rectification_id
                .eq(rectifications::id)
                .and(rectification_limits::enterprise_id.eq(rectifications::enterprise_id))),
        )
        .filter(rectifications::enterprise_id.eq_any(enterprises.to_vec()))
        .filter(rectifications::closure_id.eq_any(closures.to_vec()))
        .select((rectifications::closure_id, rectification_limits::working_days))
        .load(db)?;
    Ok(found.into_iter().map(|(closure, days)| (closure, u32::try_from(days).unwrap_or(0))).collect())
}

/// The rectification of a closure.
pub fn of_closure(db: &mut Db, enterprise: &str, closure: &str) -> QueryResult<Option<RectificationRow>> {
    rectifications::table
        .filter(rectifications::enterprise_id.eq(enterprise))
        .filter(rectifications::closure_id.eq(closure))
        .first(db)
        .optional()
}

/// Adds what was done.
pub fn add_step(db: &mut Db, row: &StepRow) -> QueryResult<()> {
    diesel::insert_into(rectification_steps::table).values(row).execute(db).map(drop)
}

/// What was done in a rectification, oldest first.
pub fn steps(db: &mut Db, enterprise: &str, rectification: &str) -> QueryResult<Vec<StepRow>> {
    rectification_steps::table
        .filter(rectification_steps::enterprise_id.eq(enterprise))
        .filter(rectification_steps::rectification_id.eq(rectification))
        .order((rectification_steps::at, rectification_steps::id))
        .load(db)
}

/// When the rectifications of several closures were done: closure, moment.
pub fn fixed(
    db: &mut Db,
    enterprise: &str,
    closures: &[String],
) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    rectifications::table
        .inner_join(rectification_steps::table)
        .filter(rectifications::enterprise_id.eq(enterprise))
        .filter(rectifications::closure_id.eq_any(closures.to_vec()))
        .filter(rectification_steps::kind.eq("fixed"))
        .select((rectifications::closure_id, rectification_steps::at))
        .load(db)
}
