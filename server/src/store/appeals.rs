//! Ratings as staff list them, and appeals against them. Appeals, decisions and
//! outcomes are added and read; there is no function that changes one.

pub mod order;

use chrono::NaiveDateTime;
use diesel::{dsl::exists, prelude::*};
use qiyema_protocol::appeal::Show;

use super::{
    connection::Db,
    ratings::RatingRow,
    schema::{
        appeal_decisions, appeal_outcomes, appeal_urgings, closures, issues, rating_appeals, rating_flags,
        rating_proofs, ratings, units,
    },
};

/// An appeal as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = rating_appeals)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct AppealRow {
    pub id: String,
    pub enterprise_id: String,
    pub rating_id: String,
    pub ground: String,
    pub reason: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// A decision as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = appeal_decisions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct DecisionRow {
    pub id: String,
    pub enterprise_id: String,
    pub appeal_id: String,
    pub place: i32,
    pub judgement: String,
    pub reason: String,
    pub at: NaiveDateTime,
    pub by: String,
}

/// An outcome as stored; an accepted one leaves the rating out of the figures.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = appeal_outcomes)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct OutcomeRow {
    pub rating_id: String,
    pub enterprise_id: String,
    pub appeal_id: String,
    pub judgement: String,
    pub at: NaiveDateTime,
}

/// A rating with what stands beside it: number of the issue, the closure's unit
/// (id and names) and handler, the appeal, its outcome.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct Listed {
    pub rating: RatingRow,
    pub number: String,
    pub unit: (String, String, String),
    pub handler_id: String,
    pub closed_at: NaiveDateTime,
    pub appeal: Option<AppealRow>,
    pub outcome: Option<String>,
}

/// Which ratings.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Of these.
    pub ids: Vec<String>,
    /// Those of closures of these units only.
    pub units: Option<Vec<String>>,
    /// With or without an appeal.
    pub show: Show,
    /// Whether one given with the code alone counts, where the owner gave none.
    pub unverified: bool,
}

/// Those of a few ratings that are wanted, in no order; which ratings there are, and in which order, says [`order`].
pub fn ratings(db: &mut Db, wanted: &Wanted) -> QueryResult<Vec<Listed>> {
    let mut query = ratings::table
        .inner_join(closures::table.on(closures::id.eq(ratings::closure_id)))
        .inner_join(issues::table.on(issues::id.eq(ratings::issue_id)))
        .inner_join(units::table.on(units::id.eq(closures::unit_id)))
        .left_join(rating_appeals::table.on(rating_appeals::rating_id.eq(ratings::id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::rating_id.eq(ratings::id)))
        .filter(ratings::id.eq_any(wanted.ids.clone()))
        .into_boxed();
    if let Some(units) = &wanted.units {
        query = query.filter(closures::unit_id.eq_any(units.clone()));
    }
    match wanted.show {
        Show::All => {}
        Show::Counted => {
            query = query.filter(ratings::round.eq("first"));
            let left_out = appeal_outcomes::judgement.nullable().eq("accepted");
            query =
                query.filter(appeal_outcomes::rating_id.nullable().is_null().or(diesel::dsl::not(left_out)));
            let owners = diesel::alias!(ratings as owners);
            let by_owner = owners
                .filter(owners.field(ratings::closure_id).eq(ratings::closure_id))
                .filter(owners.field(ratings::tier).eq("owner"))
                .filter(owners.field(ratings::round).eq("first"));
            let by_code = ratings::tier.eq("unverified").and(diesel::dsl::not(exists(by_owner)));
            query = if wanted.unverified {
                query.filter(ratings::tier.eq("owner").or(by_code))
            } else {
                query.filter(ratings::tier.eq("owner"))
            };
        }
        Show::Appealed => query = query.filter(rating_appeals::id.is_not_null()),
        Show::Waiting => {
            let waits = rating_appeals::id.is_not_null().and(appeal_outcomes::rating_id.is_null());
            query = query.filter(waits);
        }
        Show::Flagged => {
            let flagged = rating_flags::table.filter(rating_flags::rating_id.eq(ratings::id));
            query = query.filter(exists(flagged));
        }
        Show::ByWebhook => {
            let by_webhook = rating_proofs::table
                .filter(rating_proofs::webhook_id.is_not_null())
                .filter(rating_proofs::rating_id.eq(ratings::id));
            query = query.filter(exists(by_webhook));
        }
    }
    query
        .select((
            RatingRow::as_select(),
            issues::number,
            (units::id, units::name_zh, units::name_en),
            closures::handler_id,
            closures::at,
            Option::<AppealRow>::as_select(),
            appeal_outcomes::judgement.nullable(),
        ))
        .load(db)
}

/// Appeals nobody concluded and of which nobody was urged yet, filed before a moment, oldest first: with the
/// issue of the rating.
pub fn not_urged(db: &mut Db, before: NaiveDateTime, limit: i64) -> QueryResult<Vec<(AppealRow, String)>> {
    rating_appeals::table
        .inner_join(ratings::table.on(ratings::id.eq(rating_appeals::rating_id)))
        .left_join(appeal_outcomes::table.on(appeal_outcomes::appeal_id.eq(rating_appeals::id)))
        .left_join(appeal_urgings::table.on(appeal_urgings::appeal_id.eq(rating_appeals::id)))
        .filter(appeal_outcomes::appeal_id.nullable().is_null())
        .filter(appeal_urgings::appeal_id.nullable().is_null())
        .filter(rating_appeals::at.lt(before))
        .order((rating_appeals::at, rating_appeals::id))
        .limit(limit)
        .select((AppealRow::as_select(), ratings::issue_id))
        .load(db)
}

/// Notes that people were urged to decide; false if that was noted before.
pub fn urged(db: &mut Db, appeal: &AppealRow, at: NaiveDateTime) -> QueryResult<bool> {
    let row = (
        appeal_urgings::appeal_id.eq(&appeal.id),
        appeal_urgings::enterprise_id.eq(&appeal.enterprise_id),
        appeal_urgings::at.eq(at),
    );
    let known: i64 =
        appeal_urgings::table.filter(appeal_urgings::appeal_id.eq(&appeal.id)).count().get_result(db)?;
    if known > 0 {
        return Ok(false);
    }
    diesel::insert_into(appeal_urgings::table).values(row).execute(db)?;
    Ok(true)
}

/// Decisions on several appeals, oldest first.
pub fn decisions(db: &mut Db, appeals: &[String]) -> QueryResult<Vec<DecisionRow>> {
    appeal_decisions::table
        .filter(appeal_decisions::appeal_id.eq_any(appeals.to_vec()))
        .order((appeal_decisions::appeal_id, appeal_decisions::place))
        .select(DecisionRow::as_select())
        .load(db)
}

/// Adds an appeal; a second one against the same rating is a unique violation.
pub fn insert(db: &mut Db, row: &AppealRow) -> QueryResult<()> {
    diesel::insert_into(rating_appeals::table).values(row).execute(db).map(drop)
}

/// Adds a decision; a second one of the same person is a unique violation.
pub fn decide(db: &mut Db, row: &DecisionRow) -> QueryResult<()> {
    diesel::insert_into(appeal_decisions::table).values(row).execute(db).map(drop)
}

/// Adds what came of an appeal.
pub fn conclude(db: &mut Db, row: &OutcomeRow) -> QueryResult<()> {
    diesel::insert_into(appeal_outcomes::table).values(row).execute(db).map(drop)
}
