//! Settings changed at run time; a key that is missing has its value from the file.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::accounts::settings, state_facts::changing};
use crate::domain::ledger::State;

/// Every setting that was changed: key and value.
pub fn all(db: &mut Db) -> QueryResult<Vec<(String, String)>> {
    settings::table.order(settings::key).select((settings::key, settings::value)).load(db)
}

/// Changes a setting.
pub fn set(db: &mut Db, key: &str, value: &str, at: NaiveDateTime, by: &str) -> QueryResult<()> {
    changing(db, State::Settings, &[key], |db| {
        let row = (settings::value.eq(value), settings::set_at.eq(at), settings::set_by.eq(by));
        let known = diesel::update(settings::table.filter(settings::key.eq(key))).set(row).execute(db)?;
        if known == 0 {
            diesel::insert_into(settings::table).values((settings::key.eq(key), row)).execute(db)?;
        }
        Ok(())
    })
}

/// Forgets a change: the value of the file is in force again.
pub fn unset(db: &mut Db, key: &str) -> QueryResult<()> {
    changing(db, State::Settings, &[key], |db| {
        diesel::delete(settings::table.filter(settings::key.eq(key))).execute(db).map(drop)
    })
}
