//! Sessions of browsers at the console; the person's session itself stands in
//! `staff_sessions`, so that ending it there ends it here.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{console_sessions, staff_sessions},
};

/// A browser's session as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = console_sessions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ConsoleSessionRow {
    pub session_id: String,
    pub token_hash: String,
    pub seen_at: NaiveDateTime,
    pub label: String,
}

/// Adds a session.
pub fn insert(db: &mut Db, row: &ConsoleSessionRow) -> QueryResult<()> {
    diesel::insert_into(console_sessions::table).values(row).execute(db).map(drop)
}

/// The session of a token that still stands and was used after `idle_since`.
pub fn find(
    db: &mut Db,
    token_hash: &str,
    now: NaiveDateTime,
    idle_since: NaiveDateTime,
) -> QueryResult<Option<ConsoleSessionRow>> {
    console_sessions::table
        .inner_join(staff_sessions::table)
        .filter(console_sessions::token_hash.eq(token_hash))
        .filter(console_sessions::seen_at.gt(idle_since))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .select(ConsoleSessionRow::as_select())
        .first(db)
        .optional()
}

/// Whose session a token opened, also one that has ended.
pub fn whose(db: &mut Db, token_hash: &str) -> QueryResult<Option<String>> {
    console_sessions::table
        .inner_join(staff_sessions::table)
        .filter(console_sessions::token_hash.eq(token_hash))
        .select(staff_sessions::staff_id)
        .first(db)
        .optional()
}

/// Gives a session another token: what was seen before it was fully signed in is worth nothing.
pub fn rotate(db: &mut Db, session: &str, token_hash: &str, at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(console_sessions::table.filter(console_sessions::session_id.eq(session)))
        .set((console_sessions::token_hash.eq(token_hash), console_sessions::seen_at.eq(at)))
        .execute(db)
        .map(drop)
}

/// Notes that a session was used.
pub fn seen(db: &mut Db, session: &str, at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(console_sessions::table)
        .filter(console_sessions::session_id.eq(session))
        .filter(console_sessions::seen_at.lt(at))
        .set(console_sessions::seen_at.eq(at))
        .execute(db)
        .map(drop)
}
