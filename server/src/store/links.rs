//! Links that work once; only the fingerprint of their token is here.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::accounts::one_time_links};

/// A link as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = one_time_links)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct LinkRow {
    pub token_hash: String,
    pub purpose: String,
    pub staff_id: Option<String>,
    pub made_at: NaiveDateTime,
    pub made_by: String,
    pub expires_at: NaiveDateTime,
    pub used_at: Option<NaiveDateTime>,
}

/// Adds a link; earlier ones of the same purpose and person work no more.
pub fn put(db: &mut Db, row: &LinkRow) -> QueryResult<()> {
    let earlier = one_time_links::table.filter(one_time_links::purpose.eq(&row.purpose));
    match &row.staff_id {
        Some(staff) => diesel::delete(earlier.filter(one_time_links::staff_id.eq(staff))).execute(db)?,
        None => diesel::delete(earlier).execute(db)?,
    };
    diesel::insert_into(one_time_links::table).values(row).execute(db).map(drop)
}

/// A link that works.
pub fn standing(
    db: &mut Db,
    token_hash: &str,
    purpose: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<LinkRow>> {
    one_time_links::table
        .filter(one_time_links::token_hash.eq(token_hash))
        .filter(one_time_links::purpose.eq(purpose))
        .filter(one_time_links::used_at.is_null())
        .filter(one_time_links::expires_at.gt(now))
        .first(db)
        .optional()
}

/// Uses a link; false if somebody was faster.
pub fn take(db: &mut Db, token_hash: &str, at: NaiveDateTime) -> QueryResult<bool> {
    let changed = diesel::update(one_time_links::table)
        .filter(one_time_links::token_hash.eq(token_hash))
        .filter(one_time_links::used_at.is_null())
        .set(one_time_links::used_at.eq(at))
        .execute(db)?;
    Ok(changed == 1)
}
