//! What the row of an issue said after each step, only ever added. The row itself changes with every step, so that the
//! log cannot hold it; it holds these, and whoever changes the row beside them is found by comparing.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    issues::IssueRow,
    schema::{issue_facts, issues},
};
use crate::{clock::Ids, domain::ledger::words};

/// A fact as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = issue_facts, treat_none_as_default_value = false)]
struct FactRow {
    id: String,
    enterprise_id: String,
    issue_id: String,
    version: i32,
    fits: bool,
    words: String,
    category_id: String,
    channel_id: String,
    level: String,
    state: String,
    is_open: bool,
    submitted_at: NaiveDateTime,
    submitted_by: String,
    accepted_at: Option<NaiveDateTime>,
    lead_unit_id: Option<String>,
    office_id: Option<String>,
    handler_id: Option<String>,
    first_due_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    due_at: Option<NaiveDateTime>,
    provisional: bool,
    last_kind: String,
    last_at: NaiveDateTime,
    closure_id: Option<String>,
    state_at: NaiveDateTime,
    replied_at: Option<NaiveDateTime>,
    review_on: Option<NaiveDate>,
    supervision: String,
    merged_into: Option<String>,
    round: i32,
}

impl FactRow {
    fn of(row: &IssueRow, fits: bool) -> Self {
        let row = row.clone();
        Self {
            id: Ids.row(),
            words: words(&row.number, &row.subject, &row.body),
            enterprise_id: row.enterprise_id,
            issue_id: row.id,
            version: row.version,
            fits,
            category_id: row.category_id,
            channel_id: row.channel_id,
            level: row.level,
            state: row.state,
            is_open: row.is_open,
            submitted_at: row.submitted_at,
            submitted_by: row.submitted_by,
            accepted_at: row.accepted_at,
            lead_unit_id: row.lead_unit_id,
            office_id: row.office_id,
            handler_id: row.handler_id,
            first_due_on: row.first_due_on,
            due_on: row.due_on,
            due_at: row.due_at,
            provisional: row.provisional,
            last_kind: row.last_kind,
            last_at: row.last_at,
            closure_id: row.closure_id,
            state_at: row.state_at,
            replied_at: row.replied_at,
            review_on: row.review_on,
            supervision: row.supervision,
            merged_into: row.merged_into,
            round: row.round,
        }
    }
}

/// Whether the row of an issue still is as its newest fact has it. Asked before a step is written, so that a step does
/// not make a change its own that somebody made beside it.
pub(super) fn fit(db: &mut Db, issue: &str) -> QueryResult<bool> {
    let stored: Option<IssueRow> =
        issues::table.filter(issues::id.eq(issue)).select(IssueRow::as_select()).first(db).optional()?;
    let newest: Option<FactRow> = issue_facts::table
        .filter(issue_facts::issue_id.eq(issue))
        .order(issue_facts::version.desc())
        .first(db)
        .optional()?;
    Ok(stored.zip(newest).is_some_and(|(stored, fact)| {
        let mut now = FactRow::of(&stored, fact.fits);
        now.id.clone_from(&fact.id);
        if fact.words.is_empty() && fact.id == fact.issue_id {
            now.words.clear();
        }
        now == fact
    }))
}

/// Writes down what the row of an issue says after a step.
pub(super) fn add(db: &mut Db, row: &IssueRow, fits: bool) -> QueryResult<()> {
    diesel::insert_into(issue_facts::table).values(FactRow::of(row, fits)).execute(db).map(drop)
}
