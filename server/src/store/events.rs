//! Events: every deed is one row, added and never changed.

use chrono::NaiveDateTime;
use diesel::{dsl::max, prelude::*};

use super::{connection::Db, schema::events};

/// An event as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
// None as a value, not as DEFAULT: the statement stays the same, so the connection keeps it prepared.
#[diesel(table_name = events, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct EventRow {
    pub id: String,
    pub enterprise_id: String,
    pub subject_id: String,
    pub seq: i32,
    pub kind: String,
    pub state: Option<String>,
    pub note: Option<String>,
    pub detail: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds an event; two at once under one number are a unique violation.
pub fn insert(db: &mut Db, row: &EventRow) -> QueryResult<()> {
    diesel::insert_into(events::table).values(row).execute(db).map(drop)
}

/// The number of the next event of a subject.
pub fn next_seq(db: &mut Db, enterprise: &str, subject: &str) -> QueryResult<i32> {
    let last: Option<i32> = events::table
        .filter(events::enterprise_id.eq(enterprise))
        .filter(events::subject_id.eq(subject))
        .select(max(events::seq))
        .first(db)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Who did a thing to a subject, in order.
pub fn by_whom(db: &mut Db, enterprise: &str, subject: &str, kind: &str) -> QueryResult<Vec<String>> {
    events::table
        .filter(events::enterprise_id.eq(enterprise))
        .filter(events::subject_id.eq(subject))
        .filter(events::kind.eq(kind))
        .order(events::seq)
        .select(events::by)
        .load(db)
}

/// The latest deed of one of these kinds to a subject.
pub fn latest(
    db: &mut Db,
    enterprise: &str,
    subject: &str,
    kinds: &[String],
) -> QueryResult<Option<EventRow>> {
    events::table
        .filter(events::enterprise_id.eq(enterprise))
        .filter(events::subject_id.eq(subject))
        .filter(events::kind.eq_any(kinds.to_vec()))
        .order(events::seq.desc())
        .select(EventRow::as_select())
        .first(db)
        .optional()
}

/// Deeds of these kinds to a subject, up to a moment, the newest first.
pub fn until(
    db: &mut Db,
    enterprise: &str,
    subject: &str,
    kinds: &[String],
    until: NaiveDateTime,
    limit: i64,
) -> QueryResult<Vec<EventRow>> {
    events::table
        .filter(events::enterprise_id.eq(enterprise))
        .filter(events::subject_id.eq(subject))
        .filter(events::kind.eq_any(kinds.to_vec()))
        .filter(events::at.le(until))
        .order(events::seq.desc())
        .limit(limit)
        .load(db)
}

/// What was noted of one kind of deed to a subject, in order.
pub fn details(db: &mut Db, enterprise: &str, subject: &str, kind: &str) -> QueryResult<Vec<String>> {
    events::table
        .filter(events::enterprise_id.eq(enterprise))
        .filter(events::subject_id.eq(subject))
        .filter(events::kind.eq(kind))
        .order(events::seq)
        .select(events::detail)
        .load(db)
}

/// Events of several issues of one enterprise, oldest first.
pub fn of_issues(db: &mut Db, enterprise: &str, issues: &[String]) -> QueryResult<Vec<EventRow>> {
    events::table
        .filter(events::enterprise_id.eq(enterprise))
        .filter(events::subject_id.eq_any(issues.to_vec()))
        .order((events::subject_id, events::seq))
        .load(db)
}
