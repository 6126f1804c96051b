//! Ratings of a closure with what came of appeals against them, for whoever holds a receipt.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{
    connection::Db,
    ratings::RatingRow,
    schema::{appeal_decisions, appeal_outcomes, rating_appeals, ratings},
};

/// A rating with what came of an appeal against it.
#[derive(Debug, Clone, Queryable)]
pub struct StandingRow {
    /// The rating.
    pub rating: RatingRow,
    /// Id and ground of the appeal, and when it was filed.
    pub appeal: Option<(String, String, NaiveDateTime)>,
    /// Judgement, and when.
    pub outcome: Option<(String, NaiveDateTime)>,
}

/// All ratings of a closure.
pub fn of_closure(db: &mut Db, closure: &str) -> QueryResult<Vec<StandingRow>> {
    ratings::table
        .left_join(rating_appeals::table.on(rating_appeals::rating_id.eq(ratings::id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::rating_id.eq(ratings::id)))
        .filter(ratings::closure_id.eq(closure))
        .select((
            RatingRow::as_select(),
            (rating_appeals::id, rating_appeals::ground, rating_appeals::at).nullable(),
            (appeal_outcomes::judgement, appeal_outcomes::at).nullable(),
        ))
        .load(db)
}

/// Who accepted an appeal, and when.
pub fn agreed(db: &mut Db, appeal: &str) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    appeal_decisions::table
        .filter(appeal_decisions::appeal_id.eq(appeal))
        .filter(appeal_decisions::judgement.eq("accepted"))
        .order(appeal_decisions::place)
        .select((appeal_decisions::by, appeal_decisions::at))
        .load(db)
}
