//! Enterprises.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::enterprises};
use crate::domain::search;

/// An enterprise as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = enterprises)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct EnterpriseRow {
    pub id: String,
    pub uscc: String,
    pub name: String,
    pub search_key: String,
    pub registered_at: NaiveDateTime,
    pub registered_by: String,
}

/// Adds an enterprise, its key made by the present rule; a known USCC is a unique violation.
pub fn insert(db: &mut Db, row: &EnterpriseRow) -> QueryResult<()> {
    diesel::insert_into(enterprises::table)
        .values((row, enterprises::key_version.eq(search::VERSION)))
        .execute(db)
        .map(drop)
}

/// One enterprise.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<EnterpriseRow>> {
    enterprises::table.filter(enterprises::id.eq(id)).select(EnterpriseRow::as_select()).first(db).optional()
}

/// One enterprise by its USCC, cleaned.
pub fn by_uscc(db: &mut Db, uscc: &str) -> QueryResult<Option<EnterpriseRow>> {
    enterprises::table
        .filter(enterprises::uscc.eq(uscc))
        .select(EnterpriseRow::as_select())
        .first(db)
        .optional()
}

/// Enterprises by their USCCs, cleaned.
pub fn by_usccs(db: &mut Db, usccs: Vec<String>) -> QueryResult<Vec<EnterpriseRow>> {
    enterprises::table.filter(enterprises::uscc.eq_any(usccs)).select(EnterpriseRow::as_select()).load(db)
}

/// Gives an enterprise another name, and the key that goes with it.
pub fn rename(db: &mut Db, id: &str, name: &str, uscc: &str) -> QueryResult<()> {
    diesel::update(enterprises::table.filter(enterprises::id.eq(id)))
        .set((
            enterprises::name.eq(name),
            enterprises::search_key.eq(search::key(name, uscc)),
            enterprises::key_version.eq(search::VERSION),
        ))
        .execute(db)
        .map(drop)
}

/// The register page by page, in the order of USCCs, after this one.
pub fn after(db: &mut Db, uscc: &str, limit: i64) -> QueryResult<Vec<EnterpriseRow>> {
    enterprises::table
        .filter(enterprises::uscc.gt(uscc))
        .order(enterprises::uscc)
        .limit(limit)
        .select(EnterpriseRow::as_select())
        .load(db)
}

/// Enterprises whose key holds the text (as [`search::query`] makes it): those
/// whose name begins with it, then those with a reading, initials or USCC that
/// does, then the others; by name.
pub fn search(db: &mut Db, text: &str, limit: i64) -> QueryResult<Vec<EnterpriseRow>> {
    let rows = enterprises::table.select(EnterpriseRow::as_select()).limit(limit);
    if text.is_empty() {
        return rows.order((enterprises::name, enterprises::id)).load(db);
    }
    // Letters and digits only, so nothing in it is a wildcard.
    rows.filter(enterprises::search_key.like(format!("%{text}%")))
        .order((
            enterprises::search_key.like(format!("{text}%")).desc(),
            enterprises::search_key.like(format!("% {text}%")).desc(),
            enterprises::name,
            enterprises::id,
        ))
        .load(db)
}

/// Makes keys of an older rule again, so many at a time; says how many there were.
pub fn renew_keys(db: &mut Db, limit: i64) -> QueryResult<usize> {
    let old: Vec<(String, String, String)> = enterprises::table
        .filter(enterprises::key_version.lt(search::VERSION))
        .order((enterprises::key_version, enterprises::id))
        .select((enterprises::id, enterprises::name, enterprises::uscc))
        .limit(limit)
        .load(db)?;
    for (id, name, uscc) in &old {
        diesel::update(enterprises::table.filter(enterprises::id.eq(id)))
            .set((
                enterprises::search_key.eq(search::key(name, uscc)),
                enterprises::key_version.eq(search::VERSION),
            ))
            .execute(db)?;
    }
    Ok(old.len())
}
