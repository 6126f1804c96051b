//! What comes in with an issue: whom to call, and the name that the channel's
//! own system has for it; and what else the enterprise asked about.

use chrono::NaiveDateTime;
use diesel::{
    prelude::*,
    sql_types::{Nullable, Text},
};

use super::{
    connection::Db,
    issues::IssueRow,
    schema::{issue_contacts, issue_references, issues},
    state_facts::changing,
};
use crate::domain::ledger::State;

diesel::define_sql_function! {
    /// Small letters.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// Whom to call.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = issue_contacts)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ContactRow {
    pub issue_id: String,
    pub enterprise_id: String,
    pub name: String,
    pub phone: String,
    pub email: Option<String>,
}

/// The name that a channel has for an issue.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = issue_references)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ReferenceRow {
    pub channel_id: String,
    pub reference: String,
    pub enterprise_id: String,
    pub issue_id: String,
}

/// Adds the contact of an issue.
pub fn add_contact(db: &mut Db, row: &ContactRow) -> QueryResult<()> {
    changing(db, State::IssueContacts, &[&row.issue_id], |db| {
        diesel::insert_into(issue_contacts::table).values(row).execute(db).map(drop)
    })
}

/// The contact of an issue.
pub fn contact(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<ContactRow>> {
    issue_contacts::table
        .filter(issue_contacts::enterprise_id.eq(enterprise))
        .filter(issue_contacts::issue_id.eq(issue))
        .first(db)
        .optional()
}

/// Where the contact of an issue is written to, if he wants it.
pub fn contact_mail(db: &mut Db, issue: &str) -> QueryResult<Option<String>> {
    let found: Option<Option<String>> = issue_contacts::table
        .filter(issue_contacts::issue_id.eq(issue))
        .select(issue_contacts::email)
        .first(db)
        .optional()?;
    Ok(found.flatten())
}

/// Whether an address, in small letters, is named as contact by so many enterprises.
pub fn is_contact_of(db: &mut Db, address: &str, enterprises: i64) -> QueryResult<bool> {
    let some: Vec<String> = issue_contacts::table
        .filter(lower(issue_contacts::email).eq(address))
        .select(issue_contacts::enterprise_id)
        .distinct()
        .limit(enterprises)
        .load(db)?;
    Ok(i64::try_from(some.len()) == Ok(enterprises))
}

/// Adds a reference; a known one of the same channel is a unique violation.
pub fn add_reference(db: &mut Db, row: &ReferenceRow) -> QueryResult<()> {
    diesel::insert_into(issue_references::table).values(row).execute(db).map(drop)
}

/// The issue that a channel knows by this reference.
pub fn by_reference(db: &mut Db, channel: &str, reference: &str) -> QueryResult<Option<IssueRow>> {
    issue_references::table
        .inner_join(issues::table)
        .filter(issue_references::channel_id.eq(channel))
        .filter(issue_references::reference.eq(reference))
        .select(IssueRow::as_select())
        .first(db)
        .optional()
}

/// The reference of an issue.
pub fn reference(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<ReferenceRow>> {
    issue_references::table
        .filter(issue_references::enterprise_id.eq(enterprise))
        .filter(issue_references::issue_id.eq(issue))
        .first(db)
        .optional()
}

/// Issues of an enterprise that are open or were moved since a moment, the latest first.
pub fn recent(db: &mut Db, enterprise: &str, since: NaiveDateTime, limit: i64) -> QueryResult<Vec<IssueRow>> {
    issues::table
        .filter(issues::enterprise_id.eq(enterprise))
        .filter(issues::is_open.eq(true).or(issues::last_at.ge(since)))
        .order((issues::submitted_at.desc(), issues::id.desc()))
        .select(IssueRow::as_select())
        .limit(limit)
        .load(db)
}

/// How many issues somebody submitted for an enterprise since a moment.
pub fn submitted(db: &mut Db, enterprise: &str, by: &str, since: NaiveDateTime) -> QueryResult<i64> {
    issues::table
        .filter(issues::enterprise_id.eq(enterprise))
        .filter(issues::submitted_by.eq(by))
        .filter(issues::submitted_at.ge(since))
        .count()
        .get_result(db)
}
