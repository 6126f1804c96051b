//! Call-backs (回访): what the enterprise said, and what came of it.

use chrono::NaiveDateTime;
use diesel::{dsl::max, prelude::*};

use super::{
    connection::Db,
    schema::{assignments, follow_ups},
};

/// A call-back as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = follow_ups)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct FollowUpRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub closure_id: String,
    pub reached: bool,
    pub contacted: Option<String>,
    pub solved: Option<String>,
    pub satisfaction: Option<String>,
    pub note: Option<String>,
    pub decision: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a call-back.
pub fn insert(db: &mut Db, row: &FollowUpRow) -> QueryResult<()> {
    diesel::insert_into(follow_ups::table).values(row).execute(db).map(drop)
}

/// Call-backs of an issue, oldest first.
pub fn of_issue(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<FollowUpRow>> {
    follow_ups::table
        .filter(follow_ups::enterprise_id.eq(enterprise))
        .filter(follow_ups::issue_id.eq(issue))
        .order((follow_ups::at, follow_ups::id))
        .load(db)
}

/// Whether an assignment is of the issue's present round: it was not reopened since.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn is_of_this_round() -> _ {
    let since = follow_ups::table
        .filter(follow_ups::enterprise_id.eq(assignments::enterprise_id))
        .filter(follow_ups::issue_id.eq(assignments::issue_id))
        .filter(follow_ups::decision.eq("reopened"))
        .filter(follow_ups::at.gt(assignments::at));
    diesel::dsl::not(diesel::dsl::exists(since))
}

/// When several issues of one enterprise were last reopened.
pub fn reopened(
    db: &mut Db,
    enterprise: &str,
    issues: &[String],
) -> QueryResult<Vec<(String, Option<NaiveDateTime>)>> {
    follow_ups::table
        .filter(follow_ups::enterprise_id.eq(enterprise))
        .filter(follow_ups::issue_id.eq_any(issues.to_vec()))
        .filter(follow_ups::decision.eq("reopened"))
        .group_by(follow_ups::issue_id)
        .select((follow_ups::issue_id, max(follow_ups::at)))
        .load(db)
}
