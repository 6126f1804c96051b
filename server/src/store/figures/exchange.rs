//! Ratings as other systems get them; never who rated.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    super::{
        connection::Db,
        schema::{appeal_outcomes, closures, issues, ratings},
    },
    Span,
};

/// A rating.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct GivenRow {
    pub id: String,
    pub issue: String,
    pub unit: String,
    pub category: String,
    pub at: NaiveDateTime,
    pub tier: String,
    pub verdict: String,
    pub level: Option<String>,
    pub tags: String,
    pub outcome: Option<String>,
}

/// First ratings given in a span, oldest first; after a rating, where one is named.
pub fn given(db: &mut Db, span: &Span, after: Option<&str>, most: i64) -> QueryResult<Vec<GivenRow>> {
    let mut query = ratings::table
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .inner_join(issues::table.on(issues::id.eq(ratings::issue_id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::rating_id.eq(ratings::id)))
        .filter(ratings::round.eq("first"))
        .filter(ratings::at.ge(span.start))
        .filter(ratings::at.lt(span.end))
        .order((ratings::at, ratings::id))
        .limit(most)
        .select((
            ratings::id,
            issues::number,
            closures::unit_id,
            issues::category_id,
            ratings::at,
            ratings::tier,
            ratings::verdict,
            ratings::level,
            ratings::tags,
            appeal_outcomes::judgement.nullable(),
        ))
        .into_boxed();
    if let Some(after) = after {
        let mark: Option<NaiveDateTime> =
            ratings::table.filter(ratings::id.eq(after)).select(ratings::at).first(db).optional()?;
        if let Some(at) = mark {
            let later = ratings::at.gt(at).or(ratings::at.eq(at).and(ratings::id.gt(after.to_owned())));
            query = query.filter(later);
        }
    }
    query.load(db)
}
