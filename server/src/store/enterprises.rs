//! Enterprises.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::enterprises};

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

/// Adds an enterprise; a known USCC is a unique violation.
pub fn insert(db: &mut Db, row: &EnterpriseRow) -> QueryResult<()> {
    diesel::insert_into(enterprises::table).values(row).execute(db).map(drop)
}

/// One enterprise.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<EnterpriseRow>> {
    enterprises::table.filter(enterprises::id.eq(id)).first(db).optional()
}

/// Enterprises whose search key holds the text, by name.
pub fn search(db: &mut Db, text: &str, limit: i64) -> QueryResult<Vec<EnterpriseRow>> {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    enterprises::table
        .filter(enterprises::search_key.like(format!("%{escaped}%")).escape('\\'))
        .order((enterprises::name, enterprises::id))
        .limit(limit)
        .load(db)
}
