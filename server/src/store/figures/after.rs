//! What came after: ratings, rectifications and call-backs of closures, and what
//! became of issues that were accepted. Never who rated.

use chrono::NaiveDateTime;
use diesel::{
    dsl::{max, min},
    prelude::*,
};

use super::{
    super::{
        connection::Db,
        schema::{
            appeal_outcomes, closures, deferrals, events, extensions, follow_ups, issues, rating_flags,
            rating_proofs, ratings, rectification_limits, rectification_steps, rectifications,
        },
    },
    Span,
};

/// A rating as the figures see it.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RatedRow {
    pub id: String,
    pub closure_id: String,
    pub tier: String,
    pub round: String,
    pub verdict: String,
    pub tags: String,
    pub tags_version: i32,
    pub at: NaiveDateTime,
    /// What came of an appeal against it.
    pub outcome: Option<String>,
    /// What stood behind it, if neither the code alone nor the PIN.
    pub proof: Option<String>,
}

/// A call-back.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct CallRow {
    pub closure_id: String,
    pub at: NaiveDateTime,
    pub contacted: Option<String>,
    pub solved: Option<String>,
    pub satisfaction: Option<String>,
    pub decision: String,
}

/// Ratings of the closures made in a span, whenever they were given.
pub fn rated(db: &mut Db, span: &Span) -> QueryResult<Vec<RatedRow>> {
    ratings::table
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::rating_id.eq(ratings::id)))
        .left_join(rating_proofs::table.on(rating_proofs::rating_id.eq(ratings::id)))
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .select((
            ratings::id,
            ratings::closure_id,
            ratings::tier,
            ratings::round,
            ratings::verdict,
            ratings::tags,
            ratings::tags_version,
            ratings::at,
            appeal_outcomes::judgement.nullable(),
            rating_proofs::proof.nullable(),
        ))
        .load(db)
}

/// Ratings of the closures made in a span that are flagged.
pub fn flagged(db: &mut Db, span: &Span) -> QueryResult<Vec<String>> {
    rating_flags::table
        .inner_join(ratings::table.on(ratings::id.eq(rating_flags::rating_id)))
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .select(rating_flags::rating_id)
        .distinct()
        .load(db)
}

/// A rectification.
#[derive(Debug, Clone)]
pub struct RectifiedRow {
    /// The closure that was rated.
    pub closure_id: String,
    /// When it was opened.
    pub at: NaiveDateTime,
    /// Working days it had by what was set then; none of before that was kept.
    pub working_days: Option<i32>,
    /// When it was put right.
    pub fixed: Option<NaiveDateTime>,
}

/// Rectifications of the closures made in a span.
pub fn rectified(db: &mut Db, span: &Span) -> QueryResult<Vec<RectifiedRow>> {
    let opened: Vec<(String, String, NaiveDateTime, Option<i32>)> = rectifications::table
        .inner_join(closures::table.on(closures::id.eq(rectifications::closure_id)))
        .left_join(
            rectification_limits::table.on(rectification_limits::rectification_id.eq(rectifications::id)),
        )
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .select((
            rectifications::id,
            rectifications::closure_id,
            rectifications::at,
            rectification_limits::working_days.nullable(),
        ))
        .load(db)?;
    let fixed: Vec<(String, NaiveDateTime)> = rectification_steps::table
        .inner_join(
            rectifications::table.on(rectifications::id
                .eq(rectification_steps::rectification_id)
                .and(rectifications::enterprise_id.eq(rectification_steps::enterprise_id))),
        )
        .inner_join(closures::table.on(closures::id.eq(rectifications::closure_id)))
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .filter(rectification_steps::kind.eq("fixed"))
        .select((rectification_steps::rectification_id, rectification_steps::at))
        .load(db)?;
    let mut first = std::collections::HashMap::new();
    for (id, at) in fixed {
        first.entry(id).and_modify(|known: &mut NaiveDateTime| *known = at.min(*known)).or_insert(at);
    }
    let row = |(id, closure_id, at, working_days)| RectifiedRow {
        closure_id,
        at,
        working_days,
        fixed: first.get::<String>(&id).copied(),
    };
    Ok(opened.into_iter().map(row).collect())
}

/// Extensions, of any time, of issues closed in a span: issue, when.
pub fn extended(db: &mut Db, span: &Span) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    extensions::table
        .inner_join(
            closures::table.on(closures::enterprise_id
                .eq(extensions::enterprise_id)
                .and(closures::issue_id.eq(extensions::issue_id))),
        )
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .select((extensions::issue_id, extensions::at))
        .distinct()
        .load(db)
}

/// Closures, of any time, of issues that were closed in a span and of which another round was handled: issue, when.
pub fn closed_before(db: &mut Db, span: &Span) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    let before = diesel::alias!(closures as before);
    closures::table
        .inner_join(
            before.on(before
                .field(closures::enterprise_id)
                .eq(closures::enterprise_id)
                .and(before.field(closures::issue_id).eq(closures::issue_id))),
        )
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .filter(before.field(closures::at).lt(closures::at))
        .select((before.field(closures::issue_id), before.field(closures::at)))
        .load(db)
}

/// Call-backs about these closures that reached somebody.
pub fn called(db: &mut Db, span: &Span) -> QueryResult<Vec<CallRow>> {
    follow_ups::table
        .inner_join(
            closures::table.on(closures::id
                .eq(follow_ups::closure_id)
                .and(closures::enterprise_id.eq(follow_ups::enterprise_id))
                .and(closures::issue_id.eq(follow_ups::issue_id))),
        )
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .filter(follow_ups::reached.eq(true))
        .select((
            follow_ups::closure_id,
            follow_ups::at,
            follow_ups::contacted,
            follow_ups::solved,
            follow_ups::satisfaction,
            follow_ups::decision,
        ))
        .load(db)
}

/// Issues accepted in a span that were ever deferred.
pub fn deferred(db: &mut Db, span: &Span) -> QueryResult<Vec<String>> {
    issues::table
        .inner_join(
            deferrals::table.on(deferrals::enterprise_id
                .eq(issues::enterprise_id)
                .and(deferrals::issue_id.eq(issues::id))),
        )
        .filter(issues::accepted_at.ge(span.start))
        .filter(issues::accepted_at.lt(span.end))
        .select(issues::id)
        .distinct()
        .load(db)
}

/// When the owner of an issue accepted in a span first heard from a unit that had it, by a contact or by a dated
/// reply; some never did. Read from events, which are in the log and as old as the issue.
pub fn contacted(db: &mut Db, span: &Span) -> QueryResult<Vec<(String, Option<NaiveDateTime>)>> {
    issues::table
        .inner_join(
            events::table
                .on(events::enterprise_id.eq(issues::enterprise_id).and(events::subject_id.eq(issues::id))),
        )
        .filter(events::kind.eq_any(["reached", "progressed"]))
        .filter(issues::accepted_at.ge(span.start))
        .filter(issues::accepted_at.lt(span.end))
        .group_by(issues::id)
        .select((issues::id, min(events::at)))
        .load(db)
}

/// When an issue accepted in a span was first closed.
pub fn first_closed(db: &mut Db, span: &Span) -> QueryResult<Vec<(String, Option<NaiveDateTime>)>> {
    issues::table
        .inner_join(
            closures::table
                .on(closures::enterprise_id.eq(issues::enterprise_id).and(closures::issue_id.eq(issues::id))),
        )
        .filter(issues::accepted_at.ge(span.start))
        .filter(issues::accepted_at.lt(span.end))
        .group_by(issues::id)
        .select((issues::id, min(closures::at)))
        .load(db)
}

/// Enterprise and category of a closure.
pub type Kept = (String, String);

/// The last closure that enterprises with an issue accepted in a span had of its category, before the span and since a
/// moment. One is enough to tell whether a later issue repeats: earlier ones are further away.
pub fn last_before(
    db: &mut Db,
    span: &Span,
    since: NaiveDateTime,
) -> QueryResult<Vec<(Kept, Option<NaiveDateTime>)>> {
    let again = diesel::alias!(issues as again);
    let again = again
        .filter(again.field(issues::accepted_at).ge(span.start))
        .filter(again.field(issues::accepted_at).lt(span.end))
        .select(again.field(issues::enterprise_id));
    closures::table
        .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
        .filter(closures::at.ge(since))
        .filter(closures::at.lt(span.start))
        .filter(closures::enterprise_id.eq_any(again))
        .group_by((issues::enterprise_id, issues::category_id))
        .select(((issues::enterprise_id, issues::category_id), max(closures::at)))
        .load(db)
}

/// Closures made in a span: enterprise and category, issue, when.
pub fn closed_within(db: &mut Db, span: &Span) -> QueryResult<Vec<(Kept, String, NaiveDateTime)>> {
    closures::table
        .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
        .filter(closures::at.ge(span.start))
        .filter(closures::at.lt(span.end))
        .select(((issues::enterprise_id, issues::category_id), closures::issue_id, closures::at))
        .load(db)
}
