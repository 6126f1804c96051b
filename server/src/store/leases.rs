//! Leases: of several processes on one database, one does a job.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::leases};

/// Takes or prolongs a lease. One conditional update: of two that ask at the
/// same moment, one changes the row and the other does not.
pub fn take(
    db: &mut Db,
    name: &str,
    holder: &str,
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<bool> {
    let free = leases::holder.eq(holder).or(leases::until.le(now));
    let changed = diesel::update(leases::table)
        .filter(leases::name.eq(name))
        .filter(free)
        .set((leases::holder.eq(holder), leases::until.eq(until)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Gives a lease back, if it is still held.
pub fn leave(db: &mut Db, name: &str, holder: &str, now: NaiveDateTime) -> QueryResult<()> {
    diesel::update(leases::table)
        .filter(leases::name.eq(name))
        .filter(leases::holder.eq(holder))
        .set(leases::until.eq(now))
        .execute(db)
        .map(drop)
}

/// What the job last finished.
pub fn done(db: &mut Db, name: &str) -> QueryResult<String> {
    let found: Option<String> =
        leases::table.filter(leases::name.eq(name)).select(leases::done).first(db).optional()?;
    Ok(found.unwrap_or_default())
}

/// Notes what the job finished.
pub fn finish(db: &mut Db, name: &str, done: &str) -> QueryResult<()> {
    diesel::update(leases::table)
        .filter(leases::name.eq(name))
        .set(leases::done.eq(done))
        .execute(db)
        .map(drop)
}
