//! The inbox of staff, and whom an event concerns.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{accounts::staff_units, issues, notices, offices, staff, staff_mail, staff_roles},
    state_facts::changing,
};
use crate::domain::ledger::State;

/// A notice as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = notices)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct NoticeRow {
    pub id: String,
    pub staff_id: String,
    pub event_id: String,
    pub issue_id: String,
    pub number: String,
    pub kind: String,
    pub clock: Option<String>,
    pub at: NaiveDateTime,
    pub read_at: Option<NaiveDateTime>,
}

/// A notice with the subject of its issue, as the inbox shows it.
pub type Shown = (NoticeRow, String);

/// Somebody to be told, and where mail reaches him.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Queryable)]
pub struct Addressee {
    /// Staff id.
    pub id: String,
    /// Address, if one is known.
    pub address: Option<String>,
}

/// Everybody who holds one of the roles, in one unit or in any.
pub fn holders(db: &mut Db, roles: &[String], unit: Option<&str>) -> QueryResult<Vec<Addressee>> {
    let mut query = staff_roles::table
        .inner_join(staff::table)
        .left_join(offices::table.on(staff::office_id.eq(offices::id.nullable())))
        .left_join(staff_mail::table.on(staff_mail::staff_id.eq(staff::id)))
        .filter(staff::disabled_at.is_null())
        .filter(staff_roles::role.eq_any(roles.to_vec()))
        .select((staff::id, staff_mail::address.nullable()))
        .into_boxed();
    if let Some(unit) = unit {
        let beside =
            staff_units::table.filter(staff_units::unit_id.eq(unit.to_owned())).select(staff_units::staff_id);
        query = query.filter(offices::unit_id.eq(unit.to_owned()).or(staff::id.eq_any(beside)));
    }
    query.load(db)
}

/// One person, unless he has left.
pub fn person(db: &mut Db, id: &str) -> QueryResult<Option<Addressee>> {
    staff::table
        .left_join(staff_mail::table.on(staff_mail::staff_id.eq(staff::id)))
        .filter(staff::id.eq(id))
        .filter(staff::disabled_at.is_null())
        .select((staff::id, staff_mail::address.nullable()))
        .first(db)
        .optional()
}

/// Adds a notice.
pub fn insert(db: &mut Db, row: &NoticeRow) -> QueryResult<()> {
    diesel::insert_into(notices::table).values(row).execute(db).map(drop)
}

/// A person's notices, the newest first, older than `before`.
pub fn of_person(db: &mut Db, person: &str, before: Option<&str>, limit: i64) -> QueryResult<Vec<Shown>> {
    let mut query = notices::table
        .inner_join(issues::table)
        .filter(notices::staff_id.eq(person.to_owned()))
        .select((notices::all_columns, issues::subject))
        .order(notices::id.desc())
        .limit(limit)
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(notices::id.lt(before.to_owned()));
    }
    query.load(db)
}

/// How many notices a person has not read.
pub fn unread(db: &mut Db, person: &str) -> QueryResult<i64> {
    notices::table
        .filter(notices::staff_id.eq(person))
        .filter(notices::read_at.is_null())
        .count()
        .get_result(db)
}

/// The issue that a notice of a person is about.
pub fn number(db: &mut Db, person: &str, notice: &str) -> QueryResult<Option<String>> {
    notices::table
        .filter(notices::id.eq(notice))
        .filter(notices::staff_id.eq(person))
        .select(notices::number)
        .first(db)
        .optional()
}

/// Marks one notice of a person as read; false means that it is not his, or read already.
pub fn read(db: &mut Db, person: &str, notice: &str, at: NaiveDateTime) -> QueryResult<bool> {
    let changed = diesel::update(notices::table)
        .filter(notices::id.eq(notice))
        .filter(notices::staff_id.eq(person))
        .filter(notices::read_at.is_null())
        .set(notices::read_at.eq(at))
        .execute(db)?;
    Ok(changed == 1)
}

/// Marks all notices of a person up to one as read.
pub fn read_until(db: &mut Db, person: &str, last: &str, at: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(notices::table)
        .filter(notices::staff_id.eq(person))
        .filter(notices::id.le(last))
        .filter(notices::read_at.is_null())
        .set(notices::read_at.eq(at))
        .execute(db)
}

/// Where mail reaches a person.
pub fn address(db: &mut Db, person: &str) -> QueryResult<Option<String>> {
    staff_mail::table.filter(staff_mail::staff_id.eq(person)).select(staff_mail::address).first(db).optional()
}

/// Where mail reaches anybody of staff, also those who left.
pub fn addresses(db: &mut Db) -> QueryResult<Vec<String>> {
    staff_mail::table.select(staff_mail::address).load(db)
}

/// Sets where mail reaches a person; nowhere with `None`.
pub fn set_address(
    db: &mut Db,
    person: &str,
    address: Option<&str>,
    at: NaiveDateTime,
    by: &str,
) -> QueryResult<()> {
    changing(db, State::StaffMail, &[person], |db| {
        diesel::delete(staff_mail::table).filter(staff_mail::staff_id.eq(person)).execute(db)?;
        let Some(address) = address else { return Ok(()) };
        diesel::insert_into(staff_mail::table)
            .values((
                staff_mail::staff_id.eq(person),
                staff_mail::address.eq(address),
                staff_mail::set_at.eq(at),
                staff_mail::set_by.eq(by),
            ))
            .execute(db)
            .map(drop)
    })
}

/// What a notice says of its issue.
#[derive(Debug, Clone, Queryable)]
pub struct About {
    /// Number.
    pub number: String,
    /// Responsible unit.
    pub unit: Option<String>,
    /// Named handler.
    pub handler: Option<String>,
    /// Promised moment.
    pub due_at: Option<NaiveDateTime>,
}

/// What a notice says of an issue; `None` when the subject is no issue.
pub fn about(db: &mut Db, enterprise: &str, subject: &str) -> QueryResult<Option<About>> {
    issues::table
        .filter(issues::id.eq(subject))
        .filter(issues::enterprise_id.eq(enterprise))
        .select((issues::number, issues::lead_unit_id, issues::handler_id, issues::due_at))
        .first(db)
        .optional()
}
