//! Who was asked to act on an issue, who answered, who asked for what: read with
//! the rulings, and what the guards of the verbs need to know.

use chrono::NaiveDateTime;
use diesel::{dsl::exists, prelude::*};

use super::{
    connection::Db,
    follow_ups::is_of_this_round,
    issues::{AssignmentRow, IssueRow},
    requests::RequestRow,
    schema::{
        assignments, assist_endings, assist_replies, issues, offices, provisional_limits, recounted_limits,
        requests, rulings, staff, units,
    },
    standing,
};

/// An assisting unit's answer as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = assist_replies)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AssistReplyRow {
    pub assignment_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub reply: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// The end of what a unit was asked to assist with.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = assist_endings)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AssistEndingRow {
    pub assignment_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// An assignment, and what came of it.
#[derive(Debug, Clone, Queryable)]
pub struct Asked {
    /// The assignment.
    pub row: AssignmentRow,
    /// An assisting unit's answer.
    pub reply: Option<AssistReplyRow>,
    /// When it ended without one.
    pub ended_at: Option<NaiveDateTime>,
    /// Until when, as counted again.
    pub recounted: Option<NaiveDateTime>,
    /// The assignment again, if its limit was provisional.
    pub noted: Option<String>,
}

/// A request with its details and its ruling: decision, note, moment.
pub type Ruled = (RequestRow, Option<String>, Option<(String, Option<String>, NaiveDateTime)>);

/// Requests of an issue, oldest first.
pub fn requests(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<Ruled>> {
    requests::table
        .left_join(rulings::table)
        .filter(requests::enterprise_id.eq(enterprise))
        .filter(requests::issue_id.eq(issue))
        .order((requests::at, requests::id))
        .select((
            RequestRow::as_select(),
            requests::note,
            (rulings::decision, rulings::note, rulings::at).nullable(),
        ))
        .load(db)
}

/// Adds a request with details.
pub fn ask(db: &mut Db, row: &RequestRow, note: Option<&str>) -> QueryResult<()> {
    diesel::insert_into(requests::table).values((row, requests::note.eq(note))).execute(db)?;
    standing::waits(db, row)
}

/// Whether a unit, or with `None` any unit, asked for this before: in a round, or ever.
pub fn asked(
    db: &mut Db,
    enterprise: &str,
    issue: &str,
    kind: &str,
    unit: Option<&str>,
    round: Option<i32>,
) -> QueryResult<bool> {
    let mut query = requests::table
        .filter(requests::enterprise_id.eq(enterprise))
        .filter(requests::issue_id.eq(issue))
        .filter(requests::kind.eq(kind))
        .select(requests::id)
        .into_boxed();
    if let Some(unit) = unit {
        query = query.filter(requests::unit_id.eq(unit.to_owned()));
    }
    if let Some(round) = round {
        query = query.filter(requests::round.eq(round));
    }
    Ok(query.first::<String>(db).optional()?.is_some())
}

/// When a unit was last given the lead.
pub fn led_since(
    db: &mut Db,
    enterprise: &str,
    issue: &str,
    unit: &str,
) -> QueryResult<Option<NaiveDateTime>> {
    assignments::table
        .filter(assignments::enterprise_id.eq(enterprise))
        .filter(assignments::issue_id.eq(issue))
        .filter(assignments::part.eq("lead"))
        .filter(assignments::unit_id.eq(unit))
        .order((assignments::at.desc(), assignments::id.desc()))
        .select(assignments::at)
        .first(db)
        .optional()
}

/// Assignments of an issue with the answers of assisting units, oldest first.
pub fn assignments(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Vec<Asked>> {
    assignments::table
        .left_join(assist_replies::table.on(assist_replies::assignment_id.eq(assignments::id)))
        .left_join(assist_endings::table.on(assist_endings::assignment_id.eq(assignments::id)))
        .left_join(recounted_limits::table.on(recounted_limits::assignment_id.eq(assignments::id)))
        .left_join(provisional_limits::table.on(provisional_limits::assignment_id.eq(assignments::id)))
        .filter(assignments::enterprise_id.eq(enterprise))
        .filter(assignments::issue_id.eq(issue))
        .order((assignments::at, assignments::part.desc(), assignments::id))
        .select((
            assignments::all_columns,
            Option::<AssistReplyRow>::as_select(),
            assist_endings::at.nullable(),
            recounted_limits::due_at.nullable(),
            provisional_limits::assignment_id.nullable(),
        ))
        .load(db)
}

/// What the first of these units was asked for in the present round and still owes: the
/// assignment's id, and the unit.
pub fn unanswered(
    db: &mut Db,
    enterprise: &str,
    issue: &str,
    units: &[String],
) -> QueryResult<Option<(String, String)>> {
    assignments::table
        .left_join(assist_replies::table.on(assist_replies::assignment_id.eq(assignments::id)))
        .left_join(assist_endings::table.on(assist_endings::assignment_id.eq(assignments::id)))
        .filter(assignments::enterprise_id.eq(enterprise))
        .filter(assignments::issue_id.eq(issue))
        .filter(assignments::part.eq("assisting"))
        .filter(assignments::unit_id.eq_any(units.to_vec()))
        .filter(assist_replies::assignment_id.nullable().is_null())
        .filter(assist_endings::assignment_id.nullable().is_null())
        .filter(is_of_this_round())
        .order((assignments::at, assignments::id))
        .select((assignments::id, assignments::unit_id))
        .first(db)
        .optional()
}

/// Whether the first of these units answered what it was last asked for in the present round; none if
/// nobody asked it in this round.
pub fn answered(db: &mut Db, enterprise: &str, issue: &str, units: &[String]) -> QueryResult<Option<bool>> {
    let reply: Option<Option<String>> = assignments::table
        .left_join(assist_replies::table.on(assist_replies::assignment_id.eq(assignments::id)))
        .filter(assignments::enterprise_id.eq(enterprise))
        .filter(assignments::issue_id.eq(issue))
        .filter(assignments::part.eq("assisting"))
        .filter(assignments::unit_id.eq_any(units.to_vec()))
        .filter(is_of_this_round())
        .order((assignments::at.desc(), assignments::id.desc()))
        .select(assist_replies::assignment_id.nullable())
        .first(db)
        .optional()?;
    Ok(reply.map(|reply| reply.is_some()))
}

/// Adds an assisting unit's answer; a second one is a unique violation.
pub fn answer(db: &mut Db, row: &AssistReplyRow) -> QueryResult<()> {
    diesel::insert_into(assist_replies::table).values(row).execute(db).map(drop)
}

/// Ends what a unit was asked to assist with; a second end is a unique violation.
pub fn end_assisting(db: &mut Db, row: &AssistEndingRow) -> QueryResult<()> {
    diesel::insert_into(assist_endings::table).values(row).execute(db)?;
    standing::ended(db, &row.assignment_id)
}

/// Numbers of the issues that were merged into one.
pub fn children(db: &mut Db, parent: &str) -> QueryResult<Vec<String>> {
    issues::table.filter(issues::merged_into.eq(parent)).order(issues::number).select(issues::number).load(db)
}

/// The issues that were merged into one.
pub fn followers(db: &mut Db, parent: &str) -> QueryResult<Vec<IssueRow>> {
    issues::table
        .filter(issues::merged_into.eq(parent))
        .filter(issues::state.eq("merged"))
        .order(issues::number)
        .select(IssueRow::as_select())
        .load(db)
}

/// The number of an issue that another one follows.
pub fn number(db: &mut Db, issue: &str) -> QueryResult<Option<String>> {
    issues::table.filter(issues::id.eq(issue)).select(issues::number).first(db).optional()
}

/// Whether a unit exists and was not closed.
pub fn unit_stands(db: &mut Db, unit: &str) -> QueryResult<bool> {
    diesel::select(exists(units::table.filter(units::id.eq(unit)).filter(units::closed_at.is_null())))
        .get_result(db)
}

/// The office that answers the telephone for a unit.
pub fn first_office(db: &mut Db, unit: &str) -> QueryResult<Option<String>> {
    offices::table
        .filter(offices::unit_id.eq(unit))
        .filter(offices::closed_at.is_null())
        .order((offices::position, offices::id))
        .select(offices::id)
        .first(db)
        .optional()
}

/// Names of people, by id.
pub fn names(db: &mut Db, ids: Vec<String>) -> QueryResult<Vec<(String, String)>> {
    staff::table.filter(staff::id.eq_any(ids)).select((staff::id, staff::name)).load(db)
}
