//! Invitations to rate a closure, the one reminder of each, and what stood behind
//! a rating. They are added and read; nothing here changes one.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{rating_invitations, rating_proofs, rating_reminders, staff, webhooks},
};

/// An invitation as stored. The token of its link is not among it.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = rating_invitations)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct InvitationRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub closure_id: String,
    pub until: NaiveDate,
    pub at: NaiveDateTime,
}

/// A reminder as stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = rating_reminders)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ReminderRow {
    pub invitation_id: String,
    pub enterprise_id: String,
    pub at: NaiveDateTime,
}

/// What stood behind a rating where it was neither the code alone nor the PIN.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = rating_proofs)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ProofRow {
    pub rating_id: String,
    pub enterprise_id: String,
    pub proof: String,
    pub invitation_id: Option<String>,
    pub officer_id: Option<String>,
    pub at: NaiveDateTime,
    pub webhook_id: Option<String>,
}

/// Adds an invitation; a second one of the same closure is a unique violation.
pub fn insert(db: &mut Db, row: &InvitationRow) -> QueryResult<()> {
    diesel::insert_into(rating_invitations::table).values(row).execute(db).map(drop)
}

/// One invitation.
pub fn find(db: &mut Db, id: &str) -> QueryResult<Option<InvitationRow>> {
    rating_invitations::table
        .filter(rating_invitations::id.eq(id))
        .select(InvitationRow::as_select())
        .first(db)
        .optional()
}

/// The invitation to rate a closure.
pub fn of_closure(db: &mut Db, closure: &str) -> QueryResult<Option<InvitationRow>> {
    rating_invitations::table
        .filter(rating_invitations::closure_id.eq(closure))
        .select(InvitationRow::as_select())
        .first(db)
        .optional()
}

/// Invitations made after this one (moment and id) and not after `until`, the oldest first.
pub fn after(
    db: &mut Db,
    (at, id): (NaiveDateTime, &str),
    until: NaiveDateTime,
    limit: i64,
) -> QueryResult<Vec<InvitationRow>> {
    let later = rating_invitations::at
        .gt(at)
        .or(rating_invitations::at.eq(at).and(rating_invitations::id.gt(id.to_owned())));
    rating_invitations::table
        .filter(later)
        .filter(rating_invitations::at.ge(at))
        .filter(rating_invitations::at.le(until))
        .order((rating_invitations::at, rating_invitations::id))
        .limit(limit)
        .select(InvitationRow::as_select())
        .load(db)
}

/// Whether a reminder of this invitation was sent.
pub fn reminded(db: &mut Db, invitation: &str) -> QueryResult<bool> {
    let found: Option<String> = rating_reminders::table
        .filter(rating_reminders::invitation_id.eq(invitation))
        .select(rating_reminders::invitation_id)
        .first(db)
        .optional()?;
    Ok(found.is_some())
}

/// Adds a reminder; a second one of the same invitation is a unique violation.
pub fn remind(db: &mut Db, row: &ReminderRow) -> QueryResult<()> {
    diesel::insert_into(rating_reminders::table).values(row).execute(db).map(drop)
}

/// Adds what stood behind a rating.
pub fn prove(db: &mut Db, row: &ProofRow) -> QueryResult<()> {
    diesel::insert_into(rating_proofs::table).values(row).execute(db).map(drop)
}

/// Of several ratings: id, what stood behind it, the full name of the officer who
/// called, and the name of the webhook by which the link went out.
pub fn proofs(db: &mut Db, ratings: &[String]) -> QueryResult<Vec<StoodBehind>> {
    if ratings.is_empty() {
        return Ok(Vec::new());
    }
    rating_proofs::table
        .left_join(staff::table.on(rating_proofs::officer_id.eq(staff::id.nullable())))
        .left_join(webhooks::table.on(rating_proofs::webhook_id.eq(webhooks::id.nullable())))
        .filter(rating_proofs::rating_id.eq_any(ratings.to_vec()))
        .select((
            rating_proofs::rating_id,
            rating_proofs::proof,
            staff::name.nullable(),
            webhooks::name.nullable(),
        ))
        .load(db)
}

/// A rating, what stood behind it, the officer's name, the webhook's name.
pub type StoodBehind = (String, String, Option<String>, Option<String>);
