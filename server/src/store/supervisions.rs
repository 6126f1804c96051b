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
    /// The limit that was missed, where the clock does it: each is pressed once.
    pub limit_at: Option<NaiveDateTime>,
}

/// Adds a step of the chain.
pub fn insert(db: &mut Db, row: &SupervisionRow) -> QueryResult<()> {
    diesel::insert_into(supervisions::table).values(row).execute(db).map(drop)
}

/// When the owner urged last.
pub fn last_urged(db: &mut Db, enterprise: &str, issue: &str) -> QueryResult<Option<NaiveDateTime>> {
    supervisions::table
        .filter(supervisions::enterprise_id.eq(enterprise))
        .filter(supervisions::issue_id.eq(issue))
        .filter(supervisions::kind.eq("urged"))
        .select(diesel::dsl::max(supervisions::at))
        .first(db)
}

/// An issue, the limit that was late, the unit that has it.
pub type Urged = (String, Option<String>, Option<String>);

/// Steps of the chain that people or the clock made for several issues of one enterprise, the latest first.
pub fn latest(db: &mut Db, enterprise: &str, issues: &[String]) -> QueryResult<Vec<Urged>> {
    supervisions::table
        .filter(supervisions::enterprise_id.eq(enterprise))
        .filter(supervisions::issue_id.eq_any(issues.to_vec()))
        .filter(supervisions::kind.ne("urged"))
        .order((supervisions::at.desc(), supervisions::id.desc()))
        .select((supervisions::issue_id, supervisions::clock, supervisions::unit_id))
        .load(db)
}
