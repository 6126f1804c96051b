//! Reports and closures: what was handed in, and how it ended.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{connection::Db, issues::ClosureRow, schema::closures};

/// Last day on which a closure can be rated.
pub fn rate_until(db: &mut Db, closure: &str) -> QueryResult<Option<NaiveDate>> {
    closures::table.filter(closures::id.eq(closure)).select(closures::rate_until).first(db).optional()
}

/// Closures of an issue, oldest first.
pub fn of_issue(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<ClosureRow>> {
    closures::table
        .filter(closures::enterprise_id.eq(enterprise))
        .filter(closures::issue_id.eq(issue))
        .order((closures::at, closures::id))
        .select(ClosureRow::as_select())
        .load(db)
}

/// What several issues of one enterprise were closed with, oldest first: the issue, the reply.
pub fn replies(db: &mut Db, enterprise: &str, issues: &[String]) -> QueryResult<Vec<(String, String)>> {
    closures::table
        .filter(closures::enterprise_id.eq(enterprise))
        .filter(closures::issue_id.eq_any(issues.to_vec()))
        .order((closures::at, closures::id))
        .select((closures::issue_id, closures::reply))
        .load(db)
}

/// One closure of an enterprise.
pub fn find(db: &mut Db, enterprise: &str, closure: &str) -> QueryResult<Option<ClosureRow>> {
    closures::table
        .filter(closures::enterprise_id.eq(enterprise))
        .filter(closures::id.eq(closure))
        .select(ClosureRow::as_select())
        .first(db)
        .optional()
}
