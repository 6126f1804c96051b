//! The outbox: messages that were decided with an event and leave later.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::outbox};

/// A message as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = outbox)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct MessageRow {
    pub id: String,
    pub kind: String,
    pub target: String,
    pub event_id: String,
    pub event_kind: String,
    pub payload: String,
    pub made_at: NaiveDateTime,
    pub next_try_at: Option<NaiveDateTime>,
    pub tries: i32,
    pub delivered_at: Option<NaiveDateTime>,
    pub failed_at: Option<NaiveDateTime>,
    pub last_error: Option<String>,
}

/// Adds a message.
pub fn insert(db: &mut Db, row: &MessageRow) -> QueryResult<()> {
    diesel::insert_into(outbox::table).values(row).execute(db).map(drop)
}

/// Messages whose time has come, the oldest first.
pub fn due(db: &mut Db, now: NaiveDateTime, limit: i64) -> QueryResult<Vec<MessageRow>> {
    outbox::table
        .filter(outbox::next_try_at.le(now))
        .order((outbox::next_try_at, outbox::id))
        .limit(limit)
        .load(db)
}

/// Claims a message for one try: false means that somebody else did. If the
/// process dies meanwhile, the message is due again at `until`.
pub fn claim(db: &mut Db, row: &MessageRow, until: NaiveDateTime) -> QueryResult<bool> {
    let changed = diesel::update(outbox::table)
        .filter(outbox::id.eq(&row.id))
        .filter(outbox::tries.eq(row.tries))
        .filter(outbox::next_try_at.is_not_null())
        .set((outbox::tries.eq(row.tries + 1), outbox::next_try_at.eq(until)))
        .execute(db)?;
    Ok(changed == 1)
}

/// It arrived.
pub fn delivered(db: &mut Db, id: &str, at: NaiveDateTime) -> QueryResult<()> {
    let nothing: (Option<NaiveDateTime>, Option<String>) = (None, None);
    diesel::update(outbox::table)
        .filter(outbox::id.eq(id))
        .filter(outbox::delivered_at.is_null())
        .set((
            outbox::delivered_at.eq(at),
            outbox::next_try_at.eq(nothing.0),
            outbox::last_error.eq(nothing.1),
        ))
        .execute(db)
        .map(drop)
}

/// It did not arrive; it is tried again, or, without a next moment, given up.
pub fn failed(
    db: &mut Db,
    id: &str,
    why: &str,
    next: Option<NaiveDateTime>,
    at: NaiveDateTime,
) -> QueryResult<()> {
    let given_up = if next.is_none() { Some(at) } else { None };
    diesel::update(outbox::table)
        .filter(outbox::id.eq(id))
        .filter(outbox::delivered_at.is_null())
        .set((outbox::next_try_at.eq(next), outbox::failed_at.eq(given_up), outbox::last_error.eq(why)))
        .execute(db)
        .map(drop)
}

/// Puts off all other messages to a target that did not answer, so that it
/// holds nobody up; it does not count as a try. Without a target, all of the kind.
pub fn put_off(
    db: &mut Db,
    kind: &str,
    target: Option<&str>,
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<usize> {
    let rows = outbox::table.filter(outbox::kind.eq(kind)).filter(outbox::next_try_at.le(now));
    match target {
        Some(target) => diesel::update(rows.filter(outbox::target.eq(target)))
            .set(outbox::next_try_at.eq(until))
            .execute(db),
        None => diesel::update(rows).set(outbox::next_try_at.eq(until)).execute(db),
    }
}

/// Tries a message now that did not arrive: one that was given up has all its time
/// again, one that waits does not wait for its turn.
pub fn again(db: &mut Db, id: &str, target: &str, at: NaiveDateTime) -> QueryResult<bool> {
    let nothing: Option<NaiveDateTime> = None;
    let own = || {
        outbox::table
            .filter(outbox::id.eq(id))
            .filter(outbox::target.eq(target))
            .filter(outbox::delivered_at.is_null())
    };
    let given_up = diesel::update(own().filter(outbox::failed_at.is_not_null()))
        .set((outbox::next_try_at.eq(at), outbox::failed_at.eq(nothing), outbox::made_at.eq(at)))
        .execute(db)?;
    let waiting = diesel::update(own().filter(outbox::next_try_at.gt(at)))
        .set(outbox::next_try_at.eq(at))
        .execute(db)?;
    // What is due already is no mistake either: it leaves at the next look.
    Ok(given_up + waiting == 1 || own().select(outbox::id).first::<String>(db).optional()?.is_some())
}

/// The latest messages to one target.
pub fn of_target(db: &mut Db, kind: &str, target: &str, limit: i64) -> QueryResult<Vec<MessageRow>> {
    outbox::table
        .filter(outbox::kind.eq(kind))
        .filter(outbox::target.eq(target))
        .order(outbox::id.desc())
        .limit(limit)
        .load(db)
}

/// Messages to one target that wait, and that were given up.
pub fn counts(db: &mut Db, kind: &str, target: &str) -> QueryResult<(i64, i64)> {
    let of = || outbox::table.filter(outbox::kind.eq(kind)).filter(outbox::target.eq(target));
    let waiting = of().filter(outbox::next_try_at.is_not_null()).count().get_result(db)?;
    let given_up = of().filter(outbox::failed_at.is_not_null()).count().get_result(db)?;
    Ok((waiting, given_up))
}

/// Messages that wait.
pub fn waiting(db: &mut Db) -> QueryResult<i64> {
    outbox::table.filter(outbox::next_try_at.is_not_null()).count().get_result(db)
}

/// Takes away messages that are settled and older than `before`, a batch at a time.
pub fn sweep(db: &mut Db, before: NaiveDateTime, limit: i64) -> QueryResult<usize> {
    let old: Vec<String> = outbox::table
        .filter(outbox::made_at.lt(before))
        .filter(outbox::next_try_at.is_null())
        .select(outbox::id)
        .limit(limit)
        .load(db)?;
    diesel::delete(outbox::table).filter(outbox::id.eq_any(old)).execute(db)
}
