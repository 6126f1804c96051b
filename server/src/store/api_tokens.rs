//! Tokens of channel systems; only their fingerprints are here.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{accounts::api_tokens, channels},
    state_facts::changing,
};
use crate::domain::ledger::State;

/// A token as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = api_tokens)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ApiTokenRow {
    pub id: String,
    pub name: String,
    pub token_hash: String,
    pub scopes: String,
    pub channel_id: Option<String>,
    pub made_at: NaiveDateTime,
    pub made_by: String,
    pub expires_at: NaiveDateTime,
    pub last_used_on: Option<NaiveDate>,
    pub revoked_at: Option<NaiveDateTime>,
}

/// Adds a token.
pub fn insert(db: &mut Db, row: &ApiTokenRow) -> QueryResult<()> {
    changing(db, State::ApiTokens, &[&row.id], |db| {
        diesel::insert_into(api_tokens::table).values(row).execute(db).map(drop)
    })
}

/// All tokens, newest first.
pub fn list(db: &mut Db) -> QueryResult<Vec<ApiTokenRow>> {
    api_tokens::table.order(api_tokens::id.desc()).load(db)
}

/// One token.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<ApiTokenRow>> {
    api_tokens::table.filter(api_tokens::id.eq(id)).first(db).optional()
}

/// The token of this fingerprint, if it stands; none of a retired channel does.
pub fn standing(db: &mut Db, token_hash: &str, now: NaiveDateTime) -> QueryResult<Option<ApiTokenRow>> {
    let in_use = channels::table.filter(channels::retired_at.is_null()).select(channels::id.nullable());
    api_tokens::table
        .filter(api_tokens::channel_id.is_null().or(api_tokens::channel_id.eq_any(in_use)))
        .filter(api_tokens::token_hash.eq(token_hash))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now))
        .first(db)
        .optional()
}

/// Remembers the day of use; nothing finer, and at most one write a day.
pub fn used(db: &mut Db, id: &str, on: NaiveDate) -> QueryResult<()> {
    diesel::update(api_tokens::table)
        .filter(api_tokens::id.eq(id))
        .filter(api_tokens::last_used_on.is_null().or(api_tokens::last_used_on.lt(on)))
        .set(api_tokens::last_used_on.eq(on))
        .execute(db)
        .map(drop)
}

/// Revokes a token; false if it was revoked already.
pub fn revoke(db: &mut Db, id: &str, at: NaiveDateTime) -> QueryResult<bool> {
    let changed = changing(db, State::ApiTokens, &[id], |db| {
        diesel::update(api_tokens::table)
            .filter(api_tokens::id.eq(id))
            .filter(api_tokens::revoked_at.is_null())
            .set(api_tokens::revoked_at.eq(at))
            .execute(db)
    })?;
    Ok(changed == 1)
}
