//! Systems that are told what happened.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::webhooks};

/// A webhook as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = webhooks)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct WebhookRow {
    pub id: String,
    pub name: String,
    pub url: String,
    pub kinds: String,
    pub turn: i32,
    pub made_at: NaiveDateTime,
    pub made_by: String,
    pub paused_at: Option<NaiveDateTime>,
    pub removed_at: Option<NaiveDateTime>,
}

/// Those that are told now: id and the kinds they want.
pub fn listening(db: &mut Db) -> QueryResult<Vec<(String, String)>> {
    webhooks::table
        .filter(webhooks::removed_at.is_null())
        .filter(webhooks::paused_at.is_null())
        .select((webhooks::id, webhooks::kinds))
        .load(db)
}

/// All that were not removed, in the order they were made.
pub fn all(db: &mut Db) -> QueryResult<Vec<WebhookRow>> {
    webhooks::table.filter(webhooks::removed_at.is_null()).order(webhooks::id).load(db)
}

/// One that was not removed.
pub fn one(db: &mut Db, id: &str) -> QueryResult<Option<WebhookRow>> {
    webhooks::table.filter(webhooks::id.eq(id)).filter(webhooks::removed_at.is_null()).first(db).optional()
}

/// Adds one.
pub fn insert(db: &mut Db, row: &WebhookRow) -> QueryResult<()> {
    diesel::insert_into(webhooks::table).values(row).execute(db).map(drop)
}

/// Pauses or resumes one.
pub fn pause(db: &mut Db, id: &str, paused_at: Option<NaiveDateTime>) -> QueryResult<()> {
    diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id))
        .set(webhooks::paused_at.eq(paused_at))
        .execute(db)
        .map(drop)
}

/// Removes one; the row stays, for the record.
pub fn remove(db: &mut Db, id: &str, at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id))
        .set(webhooks::removed_at.eq(at))
        .execute(db)
        .map(drop)
}

/// Gives one a new signing secret.
pub fn turn(db: &mut Db, id: &str, turn: i32) -> QueryResult<()> {
    diesel::update(webhooks::table)
        .filter(webhooks::id.eq(id))
        .set(webhooks::turn.eq(turn))
        .execute(db)
        .map(drop)
}
