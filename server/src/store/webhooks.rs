//! Systems that are told what happened.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{staff, webhook_links, webhooks},
    state_facts::changing,
};
use crate::domain::ledger::State;

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
    changing(db, State::Webhooks, &[&row.id], |db| {
        diesel::insert_into(webhooks::table).values(row).execute(db).map(drop)
    })
}

/// Pauses or resumes one.
pub fn pause(db: &mut Db, id: &str, paused_at: Option<NaiveDateTime>) -> QueryResult<()> {
    changing(db, State::Webhooks, &[id], |db| {
        let own = diesel::update(webhooks::table.filter(webhooks::id.eq(id)));
        own.set(webhooks::paused_at.eq(paused_at)).execute(db).map(drop)
    })
}

/// Removes one; the row stays, for the record.
pub fn remove(db: &mut Db, id: &str, at: NaiveDateTime) -> QueryResult<()> {
    changing(db, State::Webhooks, &[id], |db| {
        let own = diesel::update(webhooks::table.filter(webhooks::id.eq(id)));
        own.set(webhooks::removed_at.eq(at)).execute(db).map(drop)
    })
}

/// Gives one a new signing secret.
pub fn turn(db: &mut Db, id: &str, turn: i32) -> QueryResult<()> {
    changing(db, State::Webhooks, &[id], |db| {
        let own = diesel::update(webhooks::table.filter(webhooks::id.eq(id)));
        own.set(webhooks::turn.eq(turn)).execute(db).map(drop)
    })
}

/// Somebody's word on whether a webhook carries links to rate.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = webhook_links)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct LinksRow {
    pub id: String,
    pub webhook_id: String,
    pub deed: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a word; it stands until the next one.
pub fn say_links(db: &mut Db, row: &LinksRow) -> QueryResult<()> {
    changing(db, State::WebhookLinks, &[&row.id], |db| {
        diesel::insert_into(webhook_links::table).values(row).execute(db).map(drop)
    })
}

/// The latest word on a webhook's links, and the full name of who gave it.
pub fn links(db: &mut Db, webhook: &str) -> QueryResult<Option<(LinksRow, String)>> {
    webhook_links::table
        .inner_join(staff::table.on(staff::id.eq(webhook_links::by)))
        .filter(webhook_links::webhook_id.eq(webhook))
        .order(webhook_links::id.desc())
        .select((LinksRow::as_select(), staff::name))
        .first(db)
        .optional()
}

/// Whether a webhook carries links to rate now.
pub fn carries_links(db: &mut Db, webhook: &str) -> QueryResult<bool> {
    Ok(links(db, webhook)?.is_some_and(|(row, _)| row.deed == ALLOWED))
}

/// The word that opens.
pub const ALLOWED: &str = "allowed";
/// The word that ends it.
pub const WITHDRAWN: &str = "withdrawn";
