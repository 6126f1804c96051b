//! Second factors: sealed keys of authenticator apps, and recovery codes.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::accounts::{recovery_codes, staff_totp},
};

/// A key as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = staff_totp)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct TotpRow {
    pub staff_id: String,
    pub secret: String,
    pub begun_at: NaiveDateTime,
    pub enrolled_at: Option<NaiveDateTime>,
    pub last_step: i64,
}

/// The key of a person, enrolled or only begun.
pub fn find(db: &mut Db, staff: &str) -> QueryResult<Option<TotpRow>> {
    staff_totp::table.filter(staff_totp::staff_id.eq(staff)).first(db).optional()
}

/// People who enrolled.
pub fn enrolled(db: &mut Db) -> QueryResult<Vec<String>> {
    staff_totp::table.filter(staff_totp::enrolled_at.is_not_null()).select(staff_totp::staff_id).load(db)
}

/// Begins an enrolment, in place of one that was begun and not finished.
pub fn begin(db: &mut Db, row: &TotpRow) -> QueryResult<()> {
    diesel::delete(staff_totp::table)
        .filter(staff_totp::staff_id.eq(&row.staff_id))
        .filter(staff_totp::enrolled_at.is_null())
        .execute(db)?;
    diesel::insert_into(staff_totp::table).values(row).execute(db).map(drop)
}

/// Finishes an enrolment; false if there is none to finish.
pub fn finish(db: &mut Db, staff: &str, at: NaiveDateTime, step: i64) -> QueryResult<bool> {
    let changed = diesel::update(staff_totp::table)
        .filter(staff_totp::staff_id.eq(staff))
        .filter(staff_totp::enrolled_at.is_null())
        .set((staff_totp::enrolled_at.eq(at), staff_totp::last_step.eq(step)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Takes a step: false if it, or a later one, was taken before.
pub fn take_step(db: &mut Db, staff: &str, step: i64) -> QueryResult<bool> {
    let changed = diesel::update(staff_totp::table)
        .filter(staff_totp::staff_id.eq(staff))
        .filter(staff_totp::last_step.lt(step))
        .set(staff_totp::last_step.eq(step))
        .execute(db)?;
    Ok(changed == 1)
}

/// Forgets the key and the recovery codes of a person.
pub fn forget(db: &mut Db, staff: &str) -> QueryResult<bool> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::staff_id.eq(staff))).execute(db)?;
    Ok(diesel::delete(staff_totp::table.filter(staff_totp::staff_id.eq(staff))).execute(db)? > 0)
}

/// Puts new recovery codes in place of all earlier ones.
pub fn set_recovery(db: &mut Db, staff: &str, hashes: &[String], at: NaiveDateTime) -> QueryResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::staff_id.eq(staff))).execute(db)?;
    for hash in hashes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::staff_id.eq(staff),
                recovery_codes::code_hash.eq(hash),
                recovery_codes::made_at.eq(at),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Uses a recovery code; false if there is none such, or it was used.
pub fn use_recovery(db: &mut Db, staff: &str, hash: &str, at: NaiveDateTime) -> QueryResult<bool> {
    let changed = diesel::update(recovery_codes::table)
        .filter(recovery_codes::staff_id.eq(staff))
        .filter(recovery_codes::code_hash.eq(hash))
        .filter(recovery_codes::used_at.is_null())
        .set(recovery_codes::used_at.eq(at))
        .execute(db)?;
    Ok(changed == 1)
}

/// Recovery codes that are left.
pub fn recovery_left(db: &mut Db, staff: &str) -> QueryResult<i64> {
    recovery_codes::table
        .filter(recovery_codes::staff_id.eq(staff))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(db)
}
