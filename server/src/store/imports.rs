//! Imports of enterprises, and what became of their rows.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{enterprise_import_rows as rows, enterprise_imports as imports},
};

/// An import as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = imports)]
#[diesel(treat_none_as_null = true)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ImportRow {
    pub id: String,
    pub file_name: String,
    pub file_hash: String,
    pub at: NaiveDateTime,
    pub by: String,
    pub state: String,
    pub confirmed: bool,
    pub total: i32,
    pub through: i32,
    pub fresh: i32,
    pub changed: i32,
    pub same: i32,
    pub held: i32,
    pub bad: i32,
    pub failure: Option<String>,
    pub moved_at: NaiveDateTime,
}

/// What became of one row.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = rows)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct LineRow {
    pub import_id: String,
    pub line: i32,
    pub verdict: String,
    pub finding: String,
    pub detail: String,
    pub uscc: String,
    pub name: String,
}

/// Adds an import.
pub fn insert(db: &mut Db, row: &ImportRow) -> QueryResult<()> {
    diesel::insert_into(imports::table).values(row).execute(db).map(drop)
}

/// One import.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<ImportRow>> {
    imports::table.filter(imports::id.eq(id)).select(ImportRow::as_select()).first(db).optional()
}

/// The newest imports.
pub fn newest(db: &mut Db, limit: i64) -> QueryResult<Vec<ImportRow>> {
    imports::table
        .order((imports::at.desc(), imports::id.desc()))
        .limit(limit)
        .select(ImportRow::as_select())
        .load(db)
}

/// The oldest import in one of these states, with this file if one is named.
pub fn oldest_in(db: &mut Db, states: &[&str], hash: Option<&str>) -> QueryResult<Option<ImportRow>> {
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    let mut found = imports::table
        .filter(imports::state.eq_any(states))
        .order((imports::at, imports::id))
        .select(ImportRow::as_select())
        .into_boxed();
    if let Some(hash) = hash {
        found = found.filter(imports::file_hash.eq(hash.to_owned()));
    }
    found.first(db).optional()
}

/// Writes an import as it stands now, if it stood where the writer believed: of
/// two who move it one does.
pub fn move_on(db: &mut Db, row: &ImportRow, state: &str, through: i32) -> QueryResult<bool> {
    diesel::update(imports::table)
        .filter(imports::id.eq(&row.id))
        .filter(imports::state.eq(state))
        .filter(imports::through.eq(through))
        .set(row)
        .execute(db)
        .map(|changed| changed == 1)
}

/// Adds what became of a row.
pub fn insert_line(db: &mut Db, row: &LineRow) -> QueryResult<()> {
    diesel::insert_into(rows::table).values(row).execute(db).map(drop)
}

/// Forgets what became of the rows after this one, up to that one.
pub fn drop_lines(db: &mut Db, id: &str, after: i32, through: i32) -> QueryResult<usize> {
    let some = rows::table
        .filter(rows::import_id.eq(id))
        .filter(rows::line.gt(after))
        .filter(rows::line.le(through));
    diesel::delete(some).execute(db)
}

/// Forgets what became of the first rows, so many at most.
pub fn drop_first(db: &mut Db, id: &str, most: i64) -> QueryResult<usize> {
    let last: Option<i32> = rows::table
        .filter(rows::import_id.eq(id))
        .order(rows::line)
        .offset(most - 1)
        .select(rows::line)
        .first(db)
        .optional()?;
    drop_lines(db, id, i32::MIN, last.unwrap_or(i32::MAX))
}

/// Those of these ids whose import may still need its file: it runs, or waits to be confirmed.
pub fn open_among(db: &mut Db, ids: Vec<String>) -> QueryResult<Vec<String>> {
    imports::table
        .filter(imports::id.eq_any(ids))
        .filter(imports::state.eq_any(["checking", "checked", "importing"].map(ToOwned::to_owned).to_vec()))
        .select(imports::id)
        .load(db)
}

/// Rows after this one, up to that one, of these verdicts.
pub fn lines(
    db: &mut Db,
    id: &str,
    verdicts: &[String],
    (after, through): (i32, i32),
    limit: i64,
) -> QueryResult<Vec<LineRow>> {
    let mut found = rows::table
        .filter(rows::import_id.eq(id))
        .filter(rows::line.gt(after))
        .filter(rows::line.le(through))
        .order(rows::line)
        .limit(limit)
        .select(LineRow::as_select())
        .into_boxed();
    if !verdicts.is_empty() {
        found = found.filter(rows::verdict.eq_any(verdicts.to_vec()));
    }
    found.load(db)
}

/// The oldest import that ended before this moment and still has its report.
pub fn reported_before(db: &mut Db, moment: NaiveDateTime) -> QueryResult<Option<String>> {
    let has_rows =
        diesel::dsl::exists(rows::table.filter(rows::import_id.eq(imports::id)).select(rows::line));
    imports::table
        .filter(imports::moved_at.lt(moment))
        .filter(imports::state.eq_any(["done", "failed", "cancelled"].map(ToOwned::to_owned).to_vec()))
        .filter(has_rows)
        .order(imports::at)
        .select(imports::id)
        .first(db)
        .optional()
}

/// The user name of whoever sent it.
pub fn sender(db: &mut Db, by: &str) -> QueryResult<Option<String>> {
    use super::schema::staff;
    staff::table.filter(staff::id.eq(by)).select(staff::username).first(db).optional()
}
