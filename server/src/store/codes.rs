//! Codes, and how they ended.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{code_endings, code_resumptions, code_suspensions, codes, enterprises},
};

/// A code as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = codes)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct CodeRow {
    pub id: String,
    pub enterprise_id: String,
    pub kid: i32,
    pub issued_at: NaiveDateTime,
    pub issued_by: String,
}

/// How a code ended.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = code_endings)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct EndingRow {
    pub code_id: String,
    pub enterprise_id: String,
    pub kind: String,
    pub at: NaiveDateTime,
    pub by: String,
    pub reason: String,
    pub replaced_by: Option<String>,
    pub reason_code: String,
}

/// What a scan needs to know of a code, in one statement.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The code.
    pub code: CodeRow,
    /// Name of its enterprise.
    pub enterprise_name: String,
    /// USCC of its enterprise.
    pub uscc: String,
    /// `replaced` or `revoked`, if it ended; `suspended`, if it is.
    pub ending: Option<String>,
}

/// Looks a verified code up.
pub fn open(db: &mut Db, id: &str) -> QueryResult<Option<Opened>> {
    codes::table
        .inner_join(enterprises::table)
        .left_join(code_endings::table.on(code_endings::code_id.eq(codes::id)))
        .filter(codes::id.eq(id))
        .select((
            (codes::id, codes::enterprise_id, codes::kid, codes::issued_at, codes::issued_by),
            enterprises::name,
            enterprises::uscc,
            code_endings::kind.nullable(),
            suspended(),
        ))
        .first::<(CodeRow, String, String, Option<String>, bool)>(db)
        .optional()
        .map(|found| {
            found.map(|(code, enterprise_name, uscc, ending, suspended)| Opened {
                code,
                enterprise_name,
                uscc,
                ending: ending.or(suspended.then(|| SUSPENDED.to_owned())),
            })
        })
}

/// The word for a code whose suspension lasts.
pub(super) const SUSPENDED: &str = "suspended";

/// Whether a suspension of the code lasts; part of a statement over `codes`.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn suspended() -> _ {
    let lasting = code_suspensions::table
        .left_join(code_resumptions::table)
        .filter(code_suspensions::code_id.eq(codes::id))
        .filter(code_resumptions::suspension_id.nullable().is_null());
    diesel::dsl::exists(lasting)
}

/// Codes of an enterprise with their endings, newest first.
pub fn of_enterprises(db: &mut Db, enterprise_ids: &[String]) -> QueryResult<Vec<(CodeRow, Option<String>)>> {
    codes::table
        .left_join(code_endings::table.on(code_endings::code_id.eq(codes::id)))
        .filter(codes::enterprise_id.eq_any(enterprise_ids.to_vec()))
        .order(codes::issued_at.desc())
        .select((
            (codes::id, codes::enterprise_id, codes::kid, codes::issued_at, codes::issued_by),
            code_endings::kind.nullable(),
            suspended(),
        ))
        .load::<(CodeRow, Option<String>, bool)>(db)
        .map(|rows| {
            let seen = |(code, ending, suspended): (CodeRow, Option<String>, bool)| {
                (code, ending.or(suspended.then(|| SUSPENDED.to_owned())))
            };
            rows.into_iter().map(seen).collect()
        })
}

/// Adds a code.
pub fn insert(db: &mut Db, row: &CodeRow) -> QueryResult<()> {
    diesel::insert_into(codes::table).values(row).execute(db).map(drop)
}

/// Ends a code; a second ending of the same code is a unique violation.
pub fn end(db: &mut Db, row: &EndingRow) -> QueryResult<()> {
    diesel::insert_into(code_endings::table).values(row).execute(db).map(drop)
}

/// How many codes a key signed that still stand.
pub fn count_standing(db: &mut Db, kid: i32) -> QueryResult<i64> {
    codes::table
        .left_join(code_endings::table.on(code_endings::code_id.eq(codes::id)))
        .filter(codes::kid.eq(kid))
        .filter(code_endings::code_id.nullable().is_null())
        .count()
        .get_result(db)
}
