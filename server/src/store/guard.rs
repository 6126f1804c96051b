//! Where ratings came from, as keyed hashes, and the flags a reviewer looks at.
//! Flags are added and read; there is no function that changes or removes one.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{rating_flags, rating_traces},
};

/// Where a rating came from, as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
// None as a value, not as DEFAULT: the statement stays the same, so the connection keeps it prepared.
#[diesel(table_name = rating_traces, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct TraceRow {
    pub rating_id: String,
    pub enterprise_id: String,
    pub unit_id: String,
    pub handler_id: String,
    pub network: String,
    pub device: Option<String>,
    pub at: NaiveDateTime,
}

/// A flag as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = rating_flags)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct FlagRow {
    pub id: String,
    pub enterprise_id: String,
    pub rating_id: String,
    pub reason: String,
    pub at: NaiveDateTime,
}

/// Keeps where a rating came from.
pub fn trace(db: &mut Db, row: &TraceRow) -> QueryResult<()> {
    diesel::insert_into(rating_traces::table).values(row).execute(db).map(drop)
}

/// Ratings of a unit or a handler that came from a network since a moment, the newest first.
pub fn of_network(
    db: &mut Db,
    [one, other]: &[String; 2],
    (unit, handler): (&str, &str),
    since: NaiveDateTime,
    most: i64,
) -> QueryResult<Vec<TraceRow>> {
    rating_traces::table
        .filter(rating_traces::network.eq(one).or(rating_traces::network.eq(other)))
        .filter(rating_traces::at.ge(since))
        .filter(rating_traces::unit_id.eq(unit).or(rating_traces::handler_id.eq(handler)))
        .order(rating_traces::at.desc())
        .limit(most)
        .select(TraceRow::as_select())
        .load(db)
}

/// Ratings that came from a device, the newest first.
pub fn of_device(db: &mut Db, [one, other]: &[String; 2], most: i64) -> QueryResult<Vec<TraceRow>> {
    rating_traces::table
        .filter(rating_traces::device.eq(one).or(rating_traces::device.eq(other)))
        .order(rating_traces::at.desc())
        .limit(most)
        .select(TraceRow::as_select())
        .load(db)
}

/// Flags of several ratings: rating and reason, the oldest first.
pub fn flags(db: &mut Db, ratings: &[String]) -> QueryResult<Vec<(String, String)>> {
    if ratings.is_empty() {
        return Ok(Vec::new());
    }
    rating_flags::table
        .filter(rating_flags::rating_id.eq_any(ratings.to_vec()))
        .order((rating_flags::at, rating_flags::id))
        .select((rating_flags::rating_id, rating_flags::reason))
        .load(db)
}

/// Adds a flag; the same reason for the same rating again is a unique violation.
pub fn flag(db: &mut Db, row: &FlagRow) -> QueryResult<()> {
    diesel::insert_into(rating_flags::table).values(row).execute(db).map(drop)
}
