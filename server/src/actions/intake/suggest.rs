//! What a category suggests: grade, limit, and the unit that usually leads.

use qiyema_protocol::intake::Suggestion;

use super::super::{
    Refused,
    rights::{self, Actor},
};
use crate::store::{connection::Db, directory};

/// The suggestion of a category.
pub fn suggest(db: &mut Db, actor: &Actor, category: &str) -> Result<Suggestion, Refused> {
    actor.may(rights::Deed::ReadIssues)?;
    let row = directory::category(db, category)?.ok_or(Refused::ReferenceUnknown("category"))?;
    let count = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
    Ok(Suggestion {
        category: row.id,
        grade: row.grade,
        working_days: count(row.limit_working_days),
        hours: count(row.limit_hours),
        unit: row.lead_unit_id,
    })
}
