//! What a unit asks the centre for, and how it was ruled.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{requests, rulings},
    standing,
};

/// A request as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = requests)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RequestRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub kind: String,
    pub unit_id: String,
    pub reason: String,
    pub working_days: Option<i32>,
    pub review_on: Option<NaiveDate>,
    pub suggested_unit_id: Option<String>,
    pub from_state: String,
    pub at: NaiveDateTime,
    pub by: String,
    pub round: i32,
}

/// A ruling as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = rulings)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct RulingRow {
    pub request_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub decision: String,
    pub note: Option<String>,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a request.
pub fn ask(db: &mut Db, row: &RequestRow) -> QueryResult<()> {
    diesel::insert_into(requests::table).values(row).execute(db)?;
    standing::waits(db, row)
}

/// Adds a ruling; a second one of the same request is a unique violation.
pub fn rule(db: &mut Db, row: &RulingRow) -> QueryResult<()> {
    diesel::insert_into(rulings::table).values(row).execute(db)?;
    standing::ruled(db, &row.request_id)
}

/// The request of this kind that waits for a ruling.
pub fn open(db: &mut Db, enterprise: &str, issue: &str, kind: &str) -> QueryResult<Option<RequestRow>> {
    requests::table
        .left_join(rulings::table)
        .filter(requests::enterprise_id.eq(enterprise))
        .filter(requests::issue_id.eq(issue))
        .filter(requests::kind.eq(kind))
        .filter(rulings::request_id.nullable().is_null())
        .order((requests::at.desc(), requests::id.desc()))
        .select(RequestRow::as_select())
        .first(db)
        .optional()
}
