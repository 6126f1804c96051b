//! Reports and closures: what was handed in, and how it ended.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{connection::Db, schema::closures};

/// Last day on which a closure can be rated.
pub fn rate_until(db: &mut Db, closure: &str) -> QueryResult<Option<NaiveDate>> {
    closures::table.filter(closures::id.eq(closure)).select(closures::rate_until).first(db).optional()
}
