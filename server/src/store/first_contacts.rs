//! The first time an enterprise heard from the unit that was given its issue.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    follow_ups::is_of_this_round,
    schema::{assignments, first_contacts, provisional_limits, recounted_limits},
};

/// A first contact as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = first_contacts)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct FirstContactRow {
    pub assignment_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub unit_id: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// An assignment of a lead unit with a limit for the first contact.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Waiting {
    pub issue_id: String,
    pub assignment_id: String,
    pub unit_id: String,
    pub assigned_at: NaiveDateTime,
    /// Until when; as counted again, if it was.
    pub due_at: Option<NaiveDateTime>,
    /// It reaches into a year without a published calendar.
    pub provisional: bool,
    /// When it came, if it did.
    pub at: Option<NaiveDateTime>,
}

type Found = (
    (String, String, String, NaiveDateTime),
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
    Option<String>,
    Option<NaiveDateTime>,
);

impl From<Found> for Waiting {
    fn from(((issue_id, assignment_id, unit_id, assigned_at), due_at, recounted, noted, at): Found) -> Self {
        let provisional = noted.is_some() && recounted.is_none();
        Self { issue_id, assignment_id, unit_id, assigned_at, due_at: recounted.or(due_at), provisional, at }
    }
}

impl Waiting {
    /// Until when it is waited for, as long as it is.
    #[must_use]
    pub fn until(&self) -> Option<NaiveDateTime> {
        self.due_at.filter(|_| self.at.is_none())
    }
}

/// The latest assignment of the lead of each of these issues in its present round: what
/// was waited for before an issue was reopened is waited for no more.
pub fn of_issues(db: &mut Db, enterprises: &[String], issues: &[String]) -> QueryResult<Vec<Waiting>> {
    let mut rows: Vec<Found> = assignments::table
        .left_join(first_contacts::table)
        .left_join(recounted_limits::table)
        .left_join(provisional_limits::table)
        .filter(assignments::enterprise_id.eq_any(enterprises.to_vec()))
        .filter(assignments::issue_id.eq_any(issues.to_vec()))
        .filter(assignments::part.eq("lead"))
        .filter(is_of_this_round())
        .order((assignments::issue_id, assignments::at.desc(), assignments::id.desc()))
        .select((
            (assignments::issue_id, assignments::id, assignments::unit_id, assignments::at),
            assignments::due_at,
            recounted_limits::due_at.nullable(),
            provisional_limits::assignment_id.nullable(),
            first_contacts::at.nullable(),
        ))
        .load(db)?;
    rows.dedup_by(|later, kept| later.0.0 == kept.0.0);
    Ok(rows.into_iter().map(Waiting::from).collect())
}

/// The one that an issue waits for now.
pub fn waiting(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<Waiting>> {
    let latest = of_issues(db, &[enterprise.to_owned()], &[issue.to_owned()])?.pop();
    Ok(latest.filter(|one| one.until().is_some()))
}

/// When each assignment of an issue led to its first contact.
pub fn made(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    first_contacts::table
        .filter(first_contacts::enterprise_id.eq(enterprise))
        .filter(first_contacts::issue_id.eq(issue))
        .select((first_contacts::assignment_id, first_contacts::at))
        .load(db)
}

/// Adds one; a second one of the same assignment is a unique violation.
pub fn insert(db: &mut Db, row: &FirstContactRow) -> QueryResult<()> {
    diesel::insert_into(first_contacts::table).values(row).execute(db).map(drop)
}
