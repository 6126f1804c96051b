//! What happened on some days, and what was promised for them: closures, open
//! promises, acceptances, assignments. A fixed number of statements each.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    super::{
        connection::Db,
        frozen::Frozen,
        schema::{
            assignment_facts, assignments, closure_facts, closures, issues, rating_invitations, requests,
        },
    },
    IssueFacts, Span,
};

/// A closure with what its issue is.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ClosureRow {
    pub id: String,
    pub issue_id: String,
    pub at: NaiveDateTime,
    pub result: String,
    pub unit_id: String,
    pub handler_id: String,
    pub first_due_on: NaiveDate,
    pub due_on: NaiveDate,
    pub rate_until: NaiveDate,
    pub issue: IssueFacts,
    pub accepted_at: Option<NaiveDateTime>,
    /// The closure that stands now.
    pub current: Option<String>,
    pub state: String,
    pub frozen: Option<Frozen>,
    /// The invitation to rate it.
    pub invitation: Option<String>,
}

impl ClosureRow {
    /// An issue that was taken up again and then withdrawn or merged stays one that was taken up again.
    #[must_use]
    pub fn taken_up_again(&self) -> bool {
        again(&self.id, self.current.as_deref(), &self.state)
    }
}

/// Whether the issue of a closure was taken up again, by the closure and the state that it has now.
#[must_use]
pub fn again(closure: &str, current: Option<&str>, state: &str) -> bool {
    current != Some(closure) || !matches!(state, "closed" | "rectifying" | "follow_up" | "archived")
}

/// An issue that was not closed, and its promises.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct UnclosedRow {
    pub id: String,
    pub issue: IssueFacts,
    pub first_due_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub state: String,
    pub state_at: NaiveDateTime,
}

/// An issue that was accepted.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AcceptedRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue: IssueFacts,
    pub accepted_at: Option<NaiveDateTime>,
    pub is_open: bool,
    pub lead_unit_id: Option<String>,
    pub handler_id: Option<String>,
    /// The closure that stands now, its unit and person.
    pub closure: Option<(String, String, String)>,
    /// What is frozen with it.
    pub frozen: Option<Frozen>,
}

/// A lead assignment.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AssignedRow {
    pub issue_id: String,
    pub unit_id: String,
    pub handler_id: Option<String>,
    pub at: NaiveDateTime,
    pub issue: IssueFacts,
    pub frozen: Option<Frozen>,
}

/// Closures made in a span, or whose promise was for its days.
pub fn closed(db: &mut Db, span: &Span, made: bool) -> QueryResult<Vec<ClosureRow>> {
    let query = closures::table
        .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
        .left_join(closure_facts::table.on(closure_facts::closure_id.eq(closures::id)))
        .left_join(rating_invitations::table.on(rating_invitations::closure_id.eq(closures::id)))
        .select((
            closures::id,
            closures::issue_id,
            closures::at,
            closures::result,
            closures::unit_id,
            closures::handler_id,
            closures::first_due_on,
            closures::due_on,
            closures::rate_until,
            (issues::category_id, issues::channel_id, issues::level),
            issues::accepted_at,
            issues::closure_id,
            issues::state,
            (closure_facts::grade, closure_facts::leader_id).nullable(),
            rating_invitations::id.nullable(),
        ));
    if made {
        return query.filter(closures::at.ge(span.start)).filter(closures::at.lt(span.end)).load(db);
    }
    let due = closures::due_on.ge(span.from).and(closures::due_on.le(span.to));
    let first_due = closures::first_due_on.ge(span.from).and(closures::first_due_on.le(span.to));
    query.filter(due.or(first_due)).load(db)
}

/// Issues whose promise was for the days of a span and which are open, or ended
/// without a closure after work had begun.
pub fn unclosed(db: &mut Db, span: &Span) -> QueryResult<Vec<UnclosedRow>> {
    let due = issues::due_on.ge(span.from).and(issues::due_on.le(span.to));
    let first_due = issues::first_due_on.ge(span.from).and(issues::first_due_on.le(span.to));
    issues::table
        .filter(issues::is_open.eq(true).or(issues::state.eq_any(["withdrawn", "merged"])))
        .filter(due.or(first_due))
        .select((
            issues::id,
            (issues::category_id, issues::channel_id, issues::level),
            issues::first_due_on,
            issues::due_on,
            issues::state,
            issues::state_at,
        ))
        .load(db)
}

/// Issues accepted in a span.
pub fn accepted(db: &mut Db, span: &Span) -> QueryResult<Vec<AcceptedRow>> {
    issues::table
        .left_join(closures::table.on(issues::closure_id.eq(closures::id.nullable())))
        .left_join(closure_facts::table.on(issues::closure_id.eq(closure_facts::closure_id.nullable())))
        .filter(issues::accepted_at.ge(span.start))
        .filter(issues::accepted_at.lt(span.end))
        .select((
            issues::id,
            issues::enterprise_id,
            (issues::category_id, issues::channel_id, issues::level),
            issues::accepted_at,
            issues::is_open,
            issues::lead_unit_id,
            issues::handler_id,
            (closures::id, closures::unit_id, closures::handler_id).nullable(),
            (closure_facts::grade, closure_facts::leader_id).nullable(),
        ))
        .load(db)
}

/// Lead assignments made in a span.
pub fn assigned(db: &mut Db, span: &Span) -> QueryResult<Vec<AssignedRow>> {
    assignments::table
        .inner_join(issues::table.on(issues::id.eq(assignments::issue_id)))
        .left_join(assignment_facts::table.on(assignment_facts::assignment_id.eq(assignments::id)))
        .filter(assignments::part.eq("lead"))
        .filter(assignments::at.ge(span.start))
        .filter(assignments::at.lt(span.end))
        .select((
            assignments::issue_id,
            assignments::unit_id,
            assignments::handler_id,
            assignments::at,
            (issues::category_id, issues::channel_id, issues::level),
            (assignment_facts::grade, assignment_facts::leader_id).nullable(),
        ))
        .load(db)
}

/// Returns asked for about issues assigned in a span: issue, unit, when.
pub fn returns(db: &mut Db, span: &Span) -> QueryResult<Vec<(String, String, NaiveDateTime)>> {
    assignments::table
        .inner_join(
            requests::table.on(requests::enterprise_id
                .eq(assignments::enterprise_id)
                .and(requests::issue_id.eq(assignments::issue_id))
                .and(requests::unit_id.eq(assignments::unit_id))),
        )
        .filter(assignments::part.eq("lead"))
        .filter(assignments::at.ge(span.start))
        .filter(assignments::at.lt(span.end))
        .filter(requests::kind.eq("return"))
        .select((requests::issue_id, requests::unit_id, requests::at))
        .load(db)
}

/// Lead assignments, of any time, of issues that were assigned in a span: issue, unit, when.
pub fn assigned_again(db: &mut Db, span: &Span) -> QueryResult<Vec<(String, String, NaiveDateTime)>> {
    let then = diesel::alias!(assignments as then);
    let of_span = then
        .filter(then.field(assignments::part).eq("lead"))
        .filter(then.field(assignments::at).ge(span.start))
        .filter(then.field(assignments::at).lt(span.end))
        .select(then.field(assignments::issue_id));
    assignments::table
        .filter(assignments::part.eq("lead"))
        .filter(assignments::at.ge(span.start))
        .filter(assignments::issue_id.eq_any(of_span))
        .select((assignments::issue_id, assignments::unit_id, assignments::at))
        .load(db)
}

/// The last day on which a closure made in a span can be rated.
pub fn rateable_until(db: &mut Db, span: &Span) -> QueryResult<Option<NaiveDate>> {
    closures::table
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .select(diesel::dsl::max(closures::rate_until))
        .first(db)
}

/// When the first issue came, and the last day that anything was promised for.
pub fn reach(db: &mut Db) -> QueryResult<(Option<NaiveDateTime>, Option<NaiveDate>)> {
    use diesel::dsl::{max, min};
    let first: Option<NaiveDateTime> = issues::table.select(min(issues::submitted_at)).first(db)?;
    let due: Option<NaiveDate> = issues::table.select(max(issues::due_on)).first(db)?;
    let first_due: Option<NaiveDate> = issues::table.select(max(issues::first_due_on)).first(db)?;
    let closed: Option<NaiveDate> = closures::table.select(max(closures::due_on)).first(db)?;
    Ok((first, due.into_iter().chain(first_due).chain(closed).max()))
}
