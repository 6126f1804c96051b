//! What is attached to issues. The files themselves lie in the [`super::vault`].

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::attachments};

/// An attachment as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = attachments)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AttachmentRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub hash: String,
    pub name: String,
    pub kind: String,
    pub size: i32,
    pub for_owner: bool,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds an attachment; the same file twice on one issue is a unique violation.
pub fn insert(db: &mut Db, row: &AttachmentRow) -> QueryResult<()> {
    diesel::insert_into(attachments::table).values(row).execute(db).map(drop)
}

/// Attachments of several issues of one enterprise, oldest first.
pub fn of_issues(db: &mut Db, enterprise: &str, issues: &[String]) -> QueryResult<Vec<AttachmentRow>> {
    attachments::table
        .filter(attachments::enterprise_id.eq(enterprise))
        .filter(attachments::issue_id.eq_any(issues.to_vec()))
        .order((attachments::issue_id, attachments::at, attachments::id))
        .load(db)
}

/// One attachment of an issue.
pub fn find(db: &mut Db, enterprise: &str, issue: &str, id: &str) -> QueryResult<Option<AttachmentRow>> {
    attachments::table
        .filter(attachments::enterprise_id.eq(enterprise))
        .filter(attachments::issue_id.eq(issue))
        .filter(attachments::id.eq(id))
        .first(db)
        .optional()
}

/// The attachment of an issue that holds this file.
pub fn holding(db: &mut Db, issue: &str, hash: &str) -> QueryResult<Option<AttachmentRow>> {
    attachments::table
        .filter(attachments::issue_id.eq(issue))
        .filter(attachments::hash.eq(hash))
        .first(db)
        .optional()
}

/// Which of these files are attached to anything.
pub fn held(db: &mut Db, hashes: &[String]) -> QueryResult<Vec<String>> {
    attachments::table
        .filter(attachments::hash.eq_any(hashes.to_vec()))
        .select(attachments::hash)
        .distinct()
        .load(db)
}

/// How many an issue has.
pub fn count(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<i64> {
    attachments::table
        .filter(attachments::enterprise_id.eq(enterprise))
        .filter(attachments::issue_id.eq(issue))
        .count()
        .get_result(db)
}
