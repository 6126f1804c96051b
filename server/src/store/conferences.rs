//! Conferences of departments, and their minutes.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    directory::UnitRow,
    schema::{conference_minutes, conferences, units},
};

/// A conference as stored; `units` is a JSON list of unit ids.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = conferences)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct ConferenceRow {
    pub id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub subject: String,
    pub units: String,
    pub planned_on: NaiveDate,
    pub at: NaiveDateTime,
    pub by: String,
}

/// Minutes as stored.
#[derive(Debug, Clone, Queryable, Insertable, Selectable)]
#[diesel(table_name = conference_minutes)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct MinutesRow {
    pub conference_id: String,
    pub enterprise_id: String,
    pub issue_id: String,
    pub held_on: NaiveDate,
    pub minutes: String,
    pub unit_id: String,
    pub due_on: NaiveDate,
    pub at: NaiveDateTime,
    pub by: String,
}

/// A conference with its minutes, if it was held.
pub type Held = (ConferenceRow, Option<MinutesRow>);

/// Adds a conference.
pub fn open(db: &mut Db, row: &ConferenceRow) -> QueryResult<()> {
    diesel::insert_into(conferences::table).values(row).execute(db).map(drop)
}

/// Adds the minutes; second ones of the same conference are a unique violation.
pub fn hold(db: &mut Db, row: &MinutesRow) -> QueryResult<()> {
    diesel::insert_into(conference_minutes::table).values(row).execute(db).map(drop)
}

/// Conferences of several issues of one enterprise, oldest first.
pub fn of_issues(db: &mut Db, enterprise: &str, issues: &[String]) -> QueryResult<Vec<Held>> {
    conferences::table
        .left_join(conference_minutes::table)
        .filter(conferences::enterprise_id.eq(enterprise))
        .filter(conferences::issue_id.eq_any(issues.to_vec()))
        .order((conferences::at, conferences::id))
        .select((ConferenceRow::as_select(), Option::<MinutesRow>::as_select()))
        .load(db)
}

/// The units of these ids that exist.
pub fn units(db: &mut Db, ids: &[String]) -> QueryResult<Vec<UnitRow>> {
    units::table.filter(units::id.eq_any(ids.to_vec())).order((units::position, units::id)).load(db)
}
