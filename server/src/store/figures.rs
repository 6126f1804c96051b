//! What the figures are read from ([`sums`]) and what they are counted from
//! ([`facts`], [`after`]), and the names of what they are grouped by.

pub mod after;
pub mod exchange;
pub mod facts;
pub mod history;
pub mod late;
pub mod lines;
pub mod sums;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::{
    connection::Db,
    schema::{categories, channels, staff, units},
};

/// Local days, first and last, and the moments at which they begin and end.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Beginning of the first.
    pub start: NaiveDateTime,
    /// End of the last: the beginning of the next.
    pub end: NaiveDateTime,
}

/// How issues are grouped.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct IssueFacts {
    pub category_id: String,
    pub channel_id: String,
    pub level: String,
}

/// Id, Chinese and English name.
pub type Named = (String, String, String);

/// All units, closed ones too.
pub fn units(db: &mut Db) -> QueryResult<Vec<Named>> {
    units::table.select((units::id, units::name_zh, units::name_en)).load(db)
}

/// All categories.
pub fn categories(db: &mut Db) -> QueryResult<Vec<Named>> {
    categories::table.select((categories::id, categories::name_zh, categories::name_en)).load(db)
}

/// All channels.
pub fn channels(db: &mut Db) -> QueryResult<Vec<Named>> {
    channels::table.select((channels::id, channels::name_zh, channels::name_en)).load(db)
}

/// All people.
pub fn people(db: &mut Db) -> QueryResult<Vec<Named>> {
    staff::table.select((staff::id, staff::name, staff::name)).load(db)
}
