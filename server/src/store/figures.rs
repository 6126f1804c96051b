//! What the figures are computed from: closures as they were made, the promises
//! that fell due, and ratings. Read in three statements whatever the number.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{appeal_outcomes, categories, channels, closures, issues, ratings, staff, units},
};

/// A closure with what its issue is.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ClosureRow {
    pub id: String,
    pub at: NaiveDateTime,
    pub unit_id: String,
    pub handler_id: String,
    pub first_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub rate_until: NaiveDate,
    pub issue: IssueFacts,
    /// The closure that stands now.
    pub current: Option<String>,
    pub state: String,
}

/// How issues are grouped.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct IssueFacts {
    pub category_id: String,
    pub channel_id: String,
    pub level: String,
}

/// An issue that was not closed, and its promises.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct UnclosedRow {
    pub unit_id: Option<String>,
    pub handler_id: Option<String>,
    pub issue: IssueFacts,
    pub first_due_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub state: String,
    pub state_at: NaiveDateTime,
}

/// A rating as the figures see it; never who gave it.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RatedRow {
    pub closure_id: String,
    pub tier: String,
    pub round: String,
    pub verdict: String,
    /// What came of an appeal against it.
    pub outcome: Option<String>,
}

/// Local days, first and last, and the moments at which they begin and end.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Beginning of the first.
    pub start: NaiveDateTime,
    /// End of the last: the beginning of the next.
    pub end: NaiveDateTime,
}

/// Closures made in a span, or whose promise fell due in it.
pub fn closed(db: &mut Db, span: &Span) -> QueryResult<Vec<ClosureRow>> {
    let made = closures::at.ge(span.start).and(closures::at.lt(span.end));
    let due = closures::due_on.ge(span.from).and(closures::due_on.le(span.to));
    let first_due = closures::first_due_on.ge(span.from).and(closures::first_due_on.le(span.to));
    closures::table
        .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
        .filter(made.or(due).or(first_due))
        .select((
            closures::id,
            closures::at,
            closures::unit_id,
            closures::handler_id,
            closures::first_due_on,
            closures::due_on,
            closures::rate_until,
            (issues::category_id, issues::channel_id, issues::level),
            issues::closure_id,
            issues::state,
        ))
        .load(db)
}

/// Issues whose promise fell due in a span and which are open, or ended without
/// a closure after work had begun.
pub fn unclosed(db: &mut Db, span: &Span) -> QueryResult<Vec<UnclosedRow>> {
    let due = issues::due_on.ge(span.from).and(issues::due_on.le(span.to));
    let first_due = issues::first_due_on.ge(span.from).and(issues::first_due_on.le(span.to));
    issues::table
        .filter(issues::is_open.eq(true).or(issues::state.eq_any(["withdrawn", "merged"])))
        .filter(due.or(first_due))
        .select((
            issues::lead_unit_id,
            issues::handler_id,
            (issues::category_id, issues::channel_id, issues::level),
            issues::first_due_on,
            issues::due_on,
            issues::state,
            issues::state_at,
        ))
        .load(db)
}

/// Ratings of the closures made in a span, whenever they were given.
pub fn rated(db: &mut Db, span: &Span) -> QueryResult<Vec<RatedRow>> {
    ratings::table
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::rating_id.eq(ratings::id)))
        .filter(closures::at.ge(span.start).and(closures::at.lt(span.end)))
        .select((
            ratings::closure_id,
            ratings::tier,
            ratings::round,
            ratings::verdict,
            appeal_outcomes::judgement.nullable(),
        ))
        .load(db)
}

/// Id, Chinese and English name.
pub type Named = (String, String, String);

/// All units, closed ones too.
pub fn units(db: &mut Db) -> QueryResult<Vec<Named>> {
    units::table.select((units::id, units::name_zh, units::name_en)).load(db)
}

/// All categories.
pub fn categories(db: &mut Db) -> QueryResult<Vec<Named>> {
    categories::table.select((categories::id, categories::name_zh, categories::name_en)).load(db)
}

/// All channels.
pub fn channels(db: &mut Db) -> QueryResult<Vec<Named>> {
    channels::table.select((channels::id, channels::name_zh, channels::name_en)).load(db)
}

/// All people.
pub fn people(db: &mut Db) -> QueryResult<Vec<Named>> {
    staff::table.select((staff::id, staff::name, staff::name)).load(db)
}
