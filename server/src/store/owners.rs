//! What proves an owner: PINs, remembered devices, and guesses at them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{attempts, devices, pin_activations, pins},
};

/// A PIN as stored; the newest of an enterprise counts.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = pins)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct PinRow {
    pub id: String,
    pub enterprise_id: String,
    pub hash: String,
    pub set_at: NaiveDateTime,
    pub set_by: String,
}

/// The hash of a PIN, since it was first typed right.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = pin_activations)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ActivationRow {
    pub pin_id: String,
    pub enterprise_id: String,
    pub hash: String,
    pub at: NaiveDateTime,
}

/// A device that proved a PIN.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = devices)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct DeviceRow {
    pub token_hash: String,
    pub enterprise_id: String,
    pub pin_id: String,
    pub proved_at: NaiveDateTime,
    pub expires_at: NaiveDateTime,
    pub removed_at: Option<NaiveDateTime>,
}

/// A guess at a PIN or password.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = attempts)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AttemptRow {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub who: String,
    pub at: NaiveDateTime,
    pub succeeded: bool,
}

/// Sets a PIN.
pub fn set_pin(db: &mut Db, row: &PinRow) -> QueryResult<()> {
    diesel::insert_into(pins::table).values(row).execute(db).map(drop)
}

/// The PIN that counts.
pub fn current_pin(db: &mut Db, enterprise: &str) -> QueryResult<Option<PinRow>> {
    pins::table
        .filter(pins::enterprise_id.eq(enterprise))
        .order((pins::set_at.desc(), pins::id.desc()))
        .first(db)
        .optional()
}

/// The PINs that count, of these enterprises.
pub fn current_pins(db: &mut Db, enterprises: &[String]) -> QueryResult<Vec<PinRow>> {
    let all: Vec<PinRow> = pins::table
        .filter(pins::enterprise_id.eq_any(enterprises.to_vec()))
        .order((pins::enterprise_id, pins::set_at.desc(), pins::id.desc()))
        .load(db)?;
    let mut newest: Vec<PinRow> = Vec::with_capacity(enterprises.len());
    for row in all {
        if newest.last().is_none_or(|last| last.enterprise_id != row.enterprise_id) {
            newest.push(row);
        }
    }
    Ok(newest)
}

/// The hash of a PIN, if it was typed right once.
pub fn activation(db: &mut Db, pin: &str) -> QueryResult<Option<String>> {
    pin_activations::table
        .filter(pin_activations::pin_id.eq(pin))
        .select(pin_activations::hash)
        .first(db)
        .optional()
}

/// Keeps the hash of a PIN.
pub fn activate(db: &mut Db, row: &ActivationRow) -> QueryResult<()> {
    diesel::insert_into(pin_activations::table).values(row).execute(db).map(drop)
}

/// Whether PINs are derived from another key than the one of this mark and were not typed right so far.
pub fn orphans(db: &mut Db, mark: &str) -> QueryResult<bool> {
    let orphans = pins::table.filter(pins::hash.like("derived:%")).filter(pins::hash.ne(mark)).filter(
        diesel::dsl::not(diesel::dsl::exists(
            pin_activations::table.filter(pin_activations::pin_id.eq(pins::id)),
        )),
    );
    diesel::select(diesel::dsl::exists(orphans)).get_result(db)
}

/// Remembers a device.
pub fn remember(db: &mut Db, row: &DeviceRow) -> QueryResult<()> {
    diesel::insert_into(devices::table).values(row).execute(db).map(drop)
}

/// A device of this enterprise that still stands: not removed, not expired, its PIN the current one.
pub fn device_stands(
    db: &mut Db,
    enterprise: &str,
    token_hash: &str,
    now: NaiveDateTime,
) -> QueryResult<bool> {
    let pin: Option<String> = devices::table
        .filter(devices::token_hash.eq(token_hash))
        .filter(devices::enterprise_id.eq(enterprise))
        .filter(devices::removed_at.is_null())
        .filter(devices::expires_at.gt(now))
        .select(devices::pin_id)
        .first(db)
        .optional()?;
    Ok(match pin {
        None => false,
        Some(pin) => current_pin(db, enterprise)?.is_some_and(|current| current.id == pin),
    })
}

/// When a device of this enterprise proved a PIN, and which.
pub fn proved_by(
    db: &mut Db,
    enterprise: &str,
    token_hash: &str,
) -> QueryResult<Option<(NaiveDateTime, PinRow)>> {
    devices::table
        .inner_join(pins::table.on(pins::id.eq(devices::pin_id)))
        .filter(devices::token_hash.eq(token_hash))
        .filter(devices::enterprise_id.eq(enterprise))
        .select((devices::proved_at, pins::all_columns))
        .first(db)
        .optional()
}

/// Whether an enterprise had another PIN before this one.
pub fn pin_before(db: &mut Db, pin: &PinRow) -> QueryResult<bool> {
    let before = pins::table
        .filter(pins::enterprise_id.eq(&pin.enterprise_id))
        .filter(pins::id.ne(&pin.id))
        .filter(pins::set_at.le(pin.set_at));
    diesel::select(diesel::dsl::exists(before)).get_result(db)
}

/// Forgets a device; true if it was remembered.
pub fn forget(db: &mut Db, enterprise: &str, token_hash: &str, at: NaiveDateTime) -> QueryResult<bool> {
    let changed = diesel::update(devices::table)
        .filter(devices::token_hash.eq(token_hash))
        .filter(devices::enterprise_id.eq(enterprise))
        .filter(devices::removed_at.is_null())
        .set(devices::removed_at.eq(at))
        .execute(db)?;
    Ok(changed == 1)
}

/// Writes a guess down before it is judged, so that two at once both count.
pub fn note_attempt(db: &mut Db, row: &AttemptRow) -> QueryResult<()> {
    diesel::insert_into(attempts::table).values(row).execute(db).map(drop)
}

/// Marks a guess as right: it no longer counts against the limit.
pub fn attempt_succeeded(db: &mut Db, id: &str) -> QueryResult<()> {
    diesel::update(attempts::table.filter(attempts::id.eq(id)))
        .set(attempts::succeeded.eq(true))
        .execute(db)
        .map(drop)
}

/// Wrong guesses since a moment, oldest first: who made them, and when.
pub fn failures(
    db: &mut Db,
    kind: &str,
    subject: &str,
    since: NaiveDateTime,
) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    let mut newest: Vec<(String, NaiveDateTime)> = attempts::table
        .filter(attempts::kind.eq(kind))
        .filter(attempts::subject.eq(subject))
        .filter(attempts::at.gt(since))
        .filter(attempts::succeeded.eq(false))
        .order(attempts::at.desc())
        .select((attempts::who, attempts::at))
        .limit(1000)
        .load(db)?;
    newest.reverse();
    Ok(newest)
}

/// Whether somebody was right at this subject before.
pub fn was_right(db: &mut Db, kind: &str, subject: &str, who: &str) -> QueryResult<bool> {
    let right = attempts::table
        .filter(attempts::kind.eq(kind))
        .filter(attempts::subject.eq(subject))
        .filter(attempts::who.eq(who))
        .filter(attempts::succeeded.eq(true));
    diesel::select(diesel::dsl::exists(right)).get_result(db)
}

/// Whether a device of this enterprise was ever remembered, even if it no longer stands.
pub fn device_known(db: &mut Db, enterprise: &str, token_hash: &str) -> QueryResult<bool> {
    let known = devices::table
        .filter(devices::token_hash.eq(token_hash))
        .filter(devices::enterprise_id.eq(enterprise));
    diesel::select(diesel::dsl::exists(known)).get_result(db)
}
