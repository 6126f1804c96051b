//! Staff, their roles and sessions.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{accounts::staff_units, offices, spent_refresh_tokens, staff, staff_roles, staff_sessions},
    state_facts::changing,
};
use crate::domain::ledger::State;

/// A member of staff as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = staff)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct StaffRow {
    pub id: String,
    pub username: String,
    pub name: String,
    pub post: String,
    pub password_hash: String,
    pub office_id: Option<String>,
    pub created_at: NaiveDateTime,
    pub disabled_at: Option<NaiveDateTime>,
}

/// A session as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = staff_sessions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct SessionRow {
    pub id: String,
    pub staff_id: String,
    pub refresh_hash: String,
    pub created_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub ended_at: Option<NaiveDateTime>,
    pub stage: String,
    pub place: String,
    pub seen_at: Option<NaiveDateTime>,
}

/// A person with unit and roles.
#[derive(Debug, Clone)]
pub struct Person {
    /// The row.
    pub row: StaffRow,
    /// Unit of the person's office.
    pub unit_id: Option<String>,
    /// Every unit the person acts for, that of the office first.
    pub units: Vec<String>,
    /// Words of the roles held.
    pub roles: Vec<String>,
}

/// Adds a person with roles.
pub fn insert(db: &mut Db, row: &StaffRow, roles: &[String]) -> QueryResult<()> {
    changing(db, State::Staff, &[&row.id], |db| diesel::insert_into(staff::table).values(row).execute(db))?;
    for role in roles {
        changing(db, State::StaffRoles, &[&row.id, role], |db| {
            diesel::insert_into(staff_roles::table)
                .values((staff_roles::staff_id.eq(&row.id), staff_roles::role.eq(role)))
                .execute(db)
        })?;
    }
    Ok(())
}

/// A person by user name; disabled ones are not found.
pub fn by_username(db: &mut Db, username: &str) -> QueryResult<Option<Person>> {
    let row = staff::table
        .left_join(offices::table)
        .filter(staff::username.eq(username))
        .filter(staff::disabled_at.is_null())
        .select((StaffRow::as_select(), offices::unit_id.nullable()))
        .first(db)
        .optional()?;
    complete(db, row)
}

/// The person of a session that still stands and has been signed in fully.
pub fn of_session(db: &mut Db, session: &str, now: NaiveDateTime) -> QueryResult<Option<Person>> {
    let row = staff_sessions::table
        .inner_join(staff::table.left_join(offices::table))
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .filter(staff_sessions::stage.eq("full"))
        .filter(staff::disabled_at.is_null())
        .select((StaffRow::as_select(), offices::unit_id.nullable()))
        .first(db)
        .optional()?;
    complete(db, row)
}

/// A row with its roles and units.
pub(super) fn complete(db: &mut Db, row: Option<(StaffRow, Option<String>)>) -> QueryResult<Option<Person>> {
    let Some((row, unit_id)) = row else { return Ok(None) };
    let roles = staff_roles::table
        .filter(staff_roles::staff_id.eq(&row.id))
        .order(staff_roles::role)
        .select(staff_roles::role)
        .load(db)?;
    let mut units: Vec<String> = staff_units::table
        .filter(staff_units::staff_id.eq(&row.id))
        .order(staff_units::unit_id)
        .select(staff_units::unit_id)
        .load(db)?;
    if let Some(desk) = &unit_id {
        units.retain(|unit| unit != desk);
        units.insert(0, desk.clone());
    }
    Ok(Some(Person { row, unit_id, units, roles }))
}

/// Whether anybody is there at all.
pub fn count(db: &mut Db) -> QueryResult<i64> {
    staff::table.count().get_result(db)
}

/// Opens a session.
pub fn open_session(db: &mut Db, row: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(staff_sessions::table).values(row).execute(db).map(drop)
}

/// The session that a refresh token belongs to, if it still stands.
pub fn session_by_refresh(
    db: &mut Db,
    refresh_hash: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<SessionRow>> {
    staff_sessions::table
        .filter(staff_sessions::refresh_hash.eq(refresh_hash))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .first(db)
        .optional()
}

/// The session, standing or not, whose refresh token this was before it was exchanged.
pub fn session_of_spent(db: &mut Db, refresh_hash: &str) -> QueryResult<Option<SessionRow>> {
    spent_refresh_tokens::table
        .inner_join(staff_sessions::table)
        .filter(spent_refresh_tokens::refresh_hash.eq(refresh_hash))
        .select(staff_sessions::all_columns)
        .first(db)
        .optional()
}

/// A session that stands.
pub fn session(db: &mut Db, session: &str, now: NaiveDateTime) -> QueryResult<Option<SessionRow>> {
    staff_sessions::table
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .first(db)
        .optional()
}

/// Notes that a session was used.
pub fn seen(db: &mut Db, session: &str, at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(staff_sessions::table)
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::seen_at.is_null().or(staff_sessions::seen_at.assume_not_null().lt(at)))
        .set(staff_sessions::seen_at.eq(at))
        .execute(db)
        .map(drop)
}

/// Exchanges the refresh token of a session and remembers the old one; false if
/// somebody was faster.
pub fn rotate_refresh(
    db: &mut Db,
    session: &str,
    old: &str,
    new: &str,
    at: NaiveDateTime,
) -> QueryResult<bool> {
    let changed = diesel::update(staff_sessions::table)
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::refresh_hash.eq(old))
        .set((staff_sessions::refresh_hash.eq(new), staff_sessions::seen_at.eq(at)))
        .execute(db)?;
    if changed == 1 {
        diesel::insert_into(spent_refresh_tokens::table)
            .values((
                spent_refresh_tokens::refresh_hash.eq(old),
                spent_refresh_tokens::session_id.eq(session),
                spent_refresh_tokens::at.eq(at),
            ))
            .execute(db)?;
    }
    Ok(changed == 1)
}

/// Ends a session.
pub fn end_session(db: &mut Db, session: &str, at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(staff_sessions::table)
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::ended_at.is_null())
        .set(staff_sessions::ended_at.eq(at))
        .execute(db)
        .map(drop)
}
