//! Taking away rows that have served their time, oldest first and a batch at a
//! time. A batch is chosen by one statement and deleted by another: neither
//! database limits a deletion in the other's words.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{
        attempts, console_sessions, devices, idempotency_keys, rating_traces, spent_refresh_tokens,
        staff_sessions,
    },
};

/// Answers kept for a repeated `Idempotency-Key`. Their key has two columns, so
/// the batch goes by age; answers of the very same moment may come on top.
pub fn answers(db: &mut Db, before: NaiveDateTime, most: i64) -> QueryResult<usize> {
    let old: Vec<NaiveDateTime> = idempotency_keys::table
        .filter(idempotency_keys::at.lt(before))
        .order(idempotency_keys::at)
        .limit(most)
        .select(idempotency_keys::at)
        .load(db)?;
    let Some(newest) = old.last() else { return Ok(0) };
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::at.le(newest))).execute(db)
}

/// Guesses at PINs and passwords.
pub fn attempts(db: &mut Db, before: NaiveDateTime, most: i64) -> QueryResult<usize> {
    let old: Vec<String> = attempts::table
        .filter(attempts::at.lt(before))
        .order(attempts::at)
        .limit(most)
        .select(attempts::id)
        .load(db)?;
    diesel::delete(attempts::table.filter(attempts::id.eq_any(old))).execute(db)
}

/// Sessions that expired, or were ended, before a moment.
pub fn sessions(db: &mut Db, before: NaiveDateTime, most: i64) -> QueryResult<usize> {
    let old: Vec<String> = staff_sessions::table
        .filter(
            staff_sessions::expires_at.lt(before).or(staff_sessions::ended_at.assume_not_null().lt(before)),
        )
        .limit(most)
        .select(staff_sessions::id)
        .load(db)?;
    // A browser's cookie goes with the session it held.
    diesel::delete(console_sessions::table.filter(console_sessions::session_id.eq_any(&old))).execute(db)?;
    diesel::delete(spent_refresh_tokens::table.filter(spent_refresh_tokens::session_id.eq_any(&old)))
        .execute(db)?;
    diesel::delete(staff_sessions::table.filter(staff_sessions::id.eq_any(old))).execute(db)
}

/// Devices that expired, or were removed, before a moment.
pub fn devices(db: &mut Db, before: NaiveDateTime, most: i64) -> QueryResult<usize> {
    let old: Vec<String> = devices::table
        .filter(devices::expires_at.lt(before).or(devices::removed_at.assume_not_null().lt(before)))
        .limit(most)
        .select(devices::token_hash)
        .load(db)?;
    diesel::delete(devices::table.filter(devices::token_hash.eq_any(old))).execute(db)
}

/// Where ratings came from.
pub fn traces(db: &mut Db, before: NaiveDateTime, most: i64) -> QueryResult<usize> {
    let old: Vec<String> = rating_traces::table
        .filter(rating_traces::at.lt(before))
        .order(rating_traces::at)
        .limit(most)
        .select(rating_traces::rating_id)
        .load(db)?;
    diesel::delete(rating_traces::table.filter(rating_traces::rating_id.eq_any(old))).execute(db)
}
