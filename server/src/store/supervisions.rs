//! Every reminder, supervision, escalation and notice: added and read.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{connection::Db, schema::supervisions};

/// A step of the urging chain as stored.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = supervisions)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct SupervisionRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub kind: String,
    pub clock: Option<String>,
    pub unit_id: Option<String>,
    pub note: Option<String>,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Adds a step of the chain.
pub fn insert(db: &mut Db, row: &SupervisionRow) -> QueryResult<()> {
    diesel::insert_into(supervisions::table).values(row).execute(db).map(drop)
}
