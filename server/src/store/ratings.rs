//! Ratings. They are added and read; there is no function that changes or
//! removes one, and triggers refuse it to anybody else.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::{AnyOf, Db},
    schema::{idempotency_keys, ratings},
};

/// A rating as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
// None as a value, not as DEFAULT: the statement stays the same, so the connection keeps it prepared.
#[diesel(table_name = ratings, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RatingRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub closure_id: String,
    pub tier: String,
    pub round: String,
    pub verdict: String,
    pub level: Option<String>,
    pub solved: Option<String>,
    pub comment: Option<String>,
    pub tags: String,
    pub tags_version: i32,
    pub code_id: Option<String>,
    pub at: NaiveDateTime,
}

/// Adds a rating; a second one of the same closure, tier and round is a unique violation.
pub fn insert(db: &mut Db, row: &RatingRow) -> QueryResult<()> {
    diesel::insert_into(ratings::table).values(row).execute(db).map(drop)
}

/// First-round ratings of several closures: closure, tier, verdict.
pub fn of_closures(
    db: &mut Db,
    enterprise: &str,
    closures: &[String],
) -> QueryResult<Vec<(String, String, String)>> {
    let Some((first, rest)) = closures.split_first() else { return Ok(Vec::new()) };
    let mut these: AnyOf<ratings::table> = Box::new(ratings::closure_id.eq(first.clone()));
    for id in rest {
        these = Box::new(these.or(ratings::closure_id.eq(id.clone())));
    }
    ratings::table
        .filter(ratings::enterprise_id.eq(enterprise))
        .filter(these)
        .filter(ratings::round.eq("first"))
        .select((ratings::closure_id, ratings::tier, ratings::verdict))
        .load(db)
}

/// A rating as a card shows it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = ratings)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct GivenRow {
    pub closure_id: String,
    pub tier: String,
    pub round: String,
    pub verdict: String,
    pub at: NaiveDateTime,
}

/// Ratings of several closures, of every round, oldest first.
pub fn all_of_closures(db: &mut Db, enterprise: &str, closures: &[String]) -> QueryResult<Vec<GivenRow>> {
    ratings::table
        .filter(ratings::enterprise_id.eq(enterprise))
        .filter(ratings::closure_id.eq_any(closures.to_vec()))
        .order(ratings::at)
        .select(GivenRow::as_select())
        .load(db)
}

/// All ratings of an issue, oldest first.
pub fn of_issue(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<RatingRow>> {
    ratings::table
        .filter(ratings::enterprise_id.eq(enterprise))
        .filter(ratings::issue_id.eq(issue))
        .order((ratings::at, ratings::id))
        .select(RatingRow::as_select())
        .load(db)
}

/// Whether the owner rated bad how this closure was put right.
pub fn fix_rated_bad(db: &mut Db, enterprise: &str, closure: &str) -> QueryResult<bool> {
    let found: Option<String> = ratings::table
        .filter(ratings::enterprise_id.eq(enterprise))
        .filter(ratings::closure_id.eq(closure))
        .filter(ratings::round.eq("rectification"))
        .filter(ratings::verdict.eq("bad"))
        .select(ratings::id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// A kept answer: body hash and the answer itself.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct KeptAnswer {
    pub scope: String,
    pub key_hash: String,
    pub body_hash: String,
    pub answer: String,
    pub at: NaiveDateTime,
}

/// The kept answer for a key within a scope.
pub fn kept_answer(db: &mut Db, scope: &str, key_hash: &str) -> QueryResult<Option<KeptAnswer>> {
    idempotency_keys::table
        .filter(idempotency_keys::scope.eq(scope))
        .filter(idempotency_keys::key_hash.eq(key_hash))
        .first(db)
        .optional()
}

/// Keeps an answer.
pub fn keep_answer(db: &mut Db, row: &KeptAnswer) -> QueryResult<()> {
    diesel::insert_into(idempotency_keys::table).values(row).execute(db).map(drop)
}
