//! People as administrators see them: also those who are disabled.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{
        accounts::{staff_devices, staff_units},
        console_sessions, issues, offices, staff, staff_roles, staff_sessions,
    },
    staff::{Person, SessionRow, StaffRow, complete},
    state_facts::{changing, changing_all},
};
use crate::domain::ledger::State;

/// A person, enabled or not.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<Person>> {
    let row = staff::table
        .left_join(offices::table)
        .filter(staff::id.eq(id))
        .select((StaffRow::as_select(), offices::unit_id.nullable()))
        .first(db)
        .optional()?;
    complete(db, row)
}

/// A person by user name, enabled or not.
pub fn by_username(db: &mut Db, username: &str) -> QueryResult<Option<Person>> {
    let id: Option<String> =
        staff::table.filter(staff::username.eq(username)).select(staff::id).first(db).optional()?;
    id.map_or(Ok(None), |id| find(db, &id))
}

/// Everybody, by user name, in three statements.
pub fn all(db: &mut Db) -> QueryResult<Vec<Person>> {
    let rows: Vec<(StaffRow, Option<String>)> = staff::table
        .left_join(offices::table)
        .order(staff::username)
        .select((StaffRow::as_select(), offices::unit_id.nullable()))
        .load(db)?;
    let roles: Vec<(String, String)> = staff_roles::table.order(staff_roles::role).load(db)?;
    let beside: Vec<(String, String)> = staff_units::table.order(staff_units::unit_id).load(db)?;
    let of = |pairs: &[(String, String)], id: &str| -> Vec<String> {
        pairs.iter().filter(|(staff, _)| staff == id).map(|(_, other)| other.clone()).collect()
    };
    Ok(rows
        .into_iter()
        .map(|(row, unit_id)| {
            let mut units = of(&beside, &row.id);
            if let Some(desk) = &unit_id {
                units.retain(|unit| unit != desk);
                units.insert(0, desk.clone());
            }
            Person { roles: of(&roles, &row.id), units, unit_id, row }
        })
        .collect())
}

/// Enabled administrators. Their rows are written first, so that on a server
/// with several writers two who remove each other at once cannot both succeed.
pub fn administrators(db: &mut Db) -> QueryResult<i64> {
    staff_roles::table
        .inner_join(staff::table)
        .filter(staff_roles::role.eq("administrator"))
        .filter(staff::disabled_at.is_null())
        .count()
        .get_result(db)
}

/// Makes every other change to administrators wait for this transaction.
pub fn hold_administrators(db: &mut Db) -> QueryResult<()> {
    diesel::update(staff_roles::table.filter(staff_roles::role.eq("administrator")))
        .set(staff_roles::role.eq("administrator"))
        .execute(db)
        .map(drop)
}

/// Changes what can be edited.
pub fn edit(db: &mut Db, id: &str, name: &str, post: &str, office: Option<&str>) -> QueryResult<()> {
    changing(db, State::Staff, &[id], |db| {
        diesel::update(staff::table.filter(staff::id.eq(id)))
            .set((staff::name.eq(name), staff::post.eq(post), staff::office_id.eq(office)))
            .execute(db)
            .map(drop)
    })
}

/// Puts these roles in place of the old ones.
pub fn set_roles(db: &mut Db, id: &str, roles: &[String]) -> QueryResult<()> {
    let held: Vec<String> =
        staff_roles::table.filter(staff_roles::staff_id.eq(id)).select(staff_roles::role).load(db)?;
    changing_all(db, State::StaffRoles, &pairs(id, &held, roles), |db| {
        diesel::delete(staff_roles::table.filter(staff_roles::staff_id.eq(id))).execute(db)?;
        for role in roles {
            diesel::insert_into(staff_roles::table)
                .values((staff_roles::staff_id.eq(id), staff_roles::role.eq(role)))
                .execute(db)?;
        }
        Ok(())
    })
}

/// Puts these further units in place of the old ones.
pub fn set_units(db: &mut Db, id: &str, units: &[String]) -> QueryResult<()> {
    let held: Vec<String> =
        staff_units::table.filter(staff_units::staff_id.eq(id)).select(staff_units::unit_id).load(db)?;
    changing_all(db, State::StaffUnits, &pairs(id, &held, units), |db| {
        diesel::delete(staff_units::table.filter(staff_units::staff_id.eq(id))).execute(db)?;
        for unit in units {
            diesel::insert_into(staff_units::table)
                .values((staff_units::staff_id.eq(id), staff_units::unit_id.eq(unit)))
                .execute(db)?;
        }
        Ok(())
    })
}

/// The rows of a person that are there, and those that will be.
fn pairs(id: &str, held: &[String], wanted: &[String]) -> BTreeSet<Vec<String>> {
    held.iter().chain(wanted).map(|other| vec![id.to_owned(), other.clone()]).collect()
}

/// Disables or enables.
pub fn set_disabled(db: &mut Db, id: &str, at: Option<NaiveDateTime>) -> QueryResult<()> {
    changing(db, State::Staff, &[id], |db| {
        let own = diesel::update(staff::table.filter(staff::id.eq(id)));
        own.set(staff::disabled_at.eq(at)).execute(db).map(drop)
    })
}

/// Sets a password.
pub fn set_password(db: &mut Db, id: &str, hash: &str) -> QueryResult<()> {
    diesel::update(staff::table.filter(staff::id.eq(id)))
        .set(staff::password_hash.eq(hash))
        .execute(db)
        .map(drop)
}

/// Ends the sessions of a person, but for one; gives how many.
pub fn end_sessions(db: &mut Db, id: &str, keep: Option<&str>, at: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(staff_sessions::table)
        .filter(staff_sessions::staff_id.eq(id))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::id.ne(keep.unwrap_or_default()))
        .set(staff_sessions::ended_at.eq(at))
        .execute(db)
}

/// Ends the sessions that are in fully of these people; gives how many.
pub fn end_full_sessions(db: &mut Db, ids: &[String], at: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(staff_sessions::table)
        .filter(staff_sessions::staff_id.eq_any(ids.to_vec()))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::stage.eq("full"))
        .set(staff_sessions::ended_at.eq(at))
        .execute(db)
}

/// Ids of everybody who holds one of these roles.
pub fn holders(db: &mut Db, roles: &[String]) -> QueryResult<Vec<String>> {
    staff_roles::table
        .filter(staff_roles::role.eq_any(roles.to_vec()))
        .select(staff_roles::staff_id)
        .distinct()
        .load(db)
}

/// A session with what the browser calls itself and when it was last seen.
pub type Standing = (SessionRow, Option<(String, NaiveDateTime)>);

/// Sessions of a person that stand, latest first.
pub fn sessions(db: &mut Db, id: &str, now: NaiveDateTime) -> QueryResult<Vec<Standing>> {
    staff_sessions::table
        .left_join(console_sessions::table)
        .filter(staff_sessions::staff_id.eq(id))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .filter(staff_sessions::stage.eq("full"))
        .order(staff_sessions::created_at.desc())
        .select((
            staff_sessions::all_columns,
            (console_sessions::label, console_sessions::seen_at).nullable(),
        ))
        .load(db)
}

/// Remembers a browser that signed in.
pub fn remember_device(
    db: &mut Db,
    token_hash: &str,
    staff: &str,
    at: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<()> {
    let row = (
        staff_devices::token_hash.eq(token_hash),
        staff_devices::staff_id.eq(staff),
        staff_devices::proved_at.eq(at),
        staff_devices::expires_at.eq(until),
    );
    diesel::insert_into(staff_devices::table).values(row).execute(db).map(drop)
}

/// Whether a browser signed in as this person before.
pub fn device_known(db: &mut Db, username: &str, token_hash: &str, now: NaiveDateTime) -> QueryResult<bool> {
    let known = staff_devices::table
        .inner_join(staff::table)
        .filter(staff_devices::token_hash.eq(token_hash))
        .filter(staff_devices::expires_at.gt(now))
        .filter(staff::username.eq(username));
    diesel::select(diesel::dsl::exists(known)).get_result(db)
}

/// A session that stands at any stage: who, and the stage.
pub fn staged(db: &mut Db, session: &str, now: NaiveDateTime) -> QueryResult<Option<(StaffRow, String)>> {
    staff_sessions::table
        .inner_join(staff::table)
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::ended_at.is_null())
        .filter(staff_sessions::expires_at.gt(now))
        .filter(staff::disabled_at.is_null())
        .select((StaffRow::as_select(), staff_sessions::stage))
        .first(db)
        .optional()
}

/// Makes a session a full one; false if it was not at this stage any more.
pub fn promote(db: &mut Db, session: &str, stage: &str, until: NaiveDateTime) -> QueryResult<bool> {
    let changed = diesel::update(staff_sessions::table)
        .filter(staff_sessions::id.eq(session))
        .filter(staff_sessions::stage.eq(stage))
        .filter(staff_sessions::ended_at.is_null())
        .set((staff_sessions::stage.eq("full"), staff_sessions::expires_at.eq(until)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Issues that a person handles and that are open or being put right.
pub fn open_issues(db: &mut Db, id: &str) -> QueryResult<i64> {
    issues::table
        .filter(issues::handler_id.eq(id))
        .filter(issues::is_open.eq(true).or(issues::state.eq("rectifying")))
        .count()
        .get_result(db)
}

/// User names of these people.
pub fn usernames(db: &mut Db, ids: &[String]) -> QueryResult<Vec<(String, String)>> {
    staff::table.filter(staff::id.eq_any(ids.to_vec())).select((staff::id, staff::username)).load(db)
}
