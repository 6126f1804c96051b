//! The closures of one group, a page at a time.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    prelude::*,
    sql_types::{Nullable, Text},
};

use super::{
    super::{
        connection::Db,
        schema::{appeal_outcomes, closure_facts, closures, issue_facts, issues, ratings},
    },
    Span,
};

diesel::define_sql_function! {
    /// The first of the two that is something.
    fn coalesce(first: Nullable<Text>, second: Text) -> Text;
}

/// What the closures have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Group {
    Unit,
    Handler,
    Leader,
    Category,
    Channel,
    Level,
    Grade,
}

/// A closure of the list.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct LineRow {
    pub id: String,
    pub at: NaiveDateTime,
    pub unit_id: String,
    pub handler_id: String,
    pub due_on: NaiveDate,
    pub number: String,
    pub category_id: String,
    pub current: Option<String>,
    pub state: String,
    /// The owner's first rating: verdict, and what came of an appeal.
    pub rating: Option<(String, Option<String>)>,
    /// The same of the first one given with the code alone.
    pub by_code: Option<(String, Option<String>)>,
}

/// When a closure was made.
pub fn made(db: &mut Db, closure: &str) -> QueryResult<Option<NaiveDateTime>> {
    closures::table.filter(closures::id.eq(closure)).select(closures::at).first(db).optional()
}

/// Closures of a group made in a span, newest first; after a closure and its moment, where one is named.
pub fn of(
    db: &mut Db,
    span: &Span,
    (group, member): (Group, &str),
    after: Option<(NaiveDateTime, &str)>,
    most: i64,
) -> QueryResult<Vec<LineRow>> {
    let (code, judged) = diesel::alias!(ratings as code, appeal_outcomes as judged);
    // What the issue was when the closure was made: what it says now may have come later.
    let then = issue_facts::table
        .filter(issue_facts::issue_id.eq(closures::issue_id))
        .filter(issue_facts::closure_id.eq(closures::id.nullable()))
        .order(issue_facts::version)
        .limit(1);
    let category =
        coalesce(then.select(issue_facts::category_id.nullable()).single_value(), issues::category_id);
    let mut query =
        closures::table
            .inner_join(issues::table.on(issues::id.eq(closures::issue_id)))
            .left_join(closure_facts::table.on(closure_facts::closure_id.eq(closures::id)))
            .left_join(
                ratings::table.on(ratings::closure_id
                    .eq(closures::id)
                    .and(ratings::tier.eq("owner"))
                    .and(ratings::round.eq("first"))),
            )
            .left_join(
                appeal_outcomes::table.on(appeal_outcomes::rating_id.nullable().eq(ratings::id.nullable())),
            )
            .left_join(
                code.on(code
                    .field(ratings::closure_id)
                    .eq(closures::id)
                    .and(code.field(ratings::tier).eq("unverified"))
                    .and(code.field(ratings::round).eq("first"))),
            )
            .left_join(judged.on(
                judged.field(appeal_outcomes::rating_id).nullable().eq(code.field(ratings::id).nullable()),
            ))
            .filter(closures::at.ge(span.start))
            .filter(closures::at.lt(span.end))
            .order((closures::at.desc(), closures::id.desc()))
            .limit(most)
            .select((
                closures::id,
                closures::at,
                closures::unit_id,
                closures::handler_id,
                closures::due_on,
                issues::number,
                category,
                issues::closure_id,
                issues::state,
                (ratings::verdict, appeal_outcomes::judgement.nullable()).nullable(),
                (code.field(ratings::verdict), judged.field(appeal_outcomes::judgement).nullable())
                    .nullable(),
            ))
            .into_boxed();
    let member = member.to_owned();
    query = match group {
        Group::Unit => query.filter(closures::unit_id.eq(member)),
        Group::Handler => query.filter(closures::handler_id.eq(member)),
        Group::Category => query.filter(category.eq(member)),
        Group::Channel => {
            let was = then.select(issue_facts::channel_id.nullable()).single_value();
            query.filter(coalesce(was, issues::channel_id).eq(member))
        }
        Group::Level => {
            let was = then.select(issue_facts::level.nullable()).single_value();
            query.filter(coalesce(was, issues::level).eq(member))
        }
        Group::Leader if member.is_empty() => query.filter(closure_facts::leader_id.is_null()),
        Group::Leader => query.filter(closure_facts::leader_id.eq(member)),
        Group::Grade => query.filter(closure_facts::grade.eq(member)),
    };
    if let Some((at, id)) = after {
        // The first bound is what the index is entered by.
        query =
            query.filter(closures::at.le(at)).filter(closures::at.lt(at).or(closures::id.lt(id.to_owned())));
    }
    query.load(db)
}

/// Numbers of these issues.
pub fn numbers(db: &mut Db, ids: &[String]) -> QueryResult<HashMap<String, String>> {
    let found: Vec<(String, String)> =
        issues::table.filter(issues::id.eq_any(ids)).select((issues::id, issues::number)).load(db)?;
    Ok(found.into_iter().collect())
}
