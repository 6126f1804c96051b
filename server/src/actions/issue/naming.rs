//! Which unit, and who in it: the names in a body become rows that exist.

use super::super::Refused;
use crate::store::{
    connection::Db,
    flow,
    issues::IssueRow,
    staff::{self, Person},
};

/// A unit that stands.
pub fn unit(db: &mut Db, id: &str) -> Result<(), Refused> {
    // PostgreSQL takes no NUL, not even to look it up.
    if id.contains('\0') || !flow::unit_stands(db, id)? {
        return Err(Refused::ReferenceUnknown("unit"));
    }
    Ok(())
}

/// A handler of a unit, by user name.
pub fn handler(db: &mut Db, unit: &str, username: &str) -> Result<Person, Refused> {
    let unknown = || Refused::ReferenceUnknown("handler");
    if username.contains('\0') {
        return Err(unknown());
    }
    let person = staff::by_username(db, username)?.ok_or_else(unknown)?;
    let fits =
        person.units.iter().any(|own| own == unit) && person.roles.iter().any(|role| role == "handler");
    if fits { Ok(person) } else { Err(unknown()) }
}

/// Puts the issue on somebody's desk, or on that of the unit. The desk belongs to
/// one unit; for another one, and without a person, the unit's first office answers.
pub fn place(db: &mut Db, issue: &mut IssueRow, unit: &str, person: Option<&Person>) -> Result<(), Refused> {
    let desk = person
        .filter(|person| person.unit_id.as_deref() == Some(unit))
        .and_then(|person| person.row.office_id.clone());
    issue.lead_unit_id = Some(unit.to_owned());
    issue.office_id = match desk {
        Some(desk) => Some(desk),
        None => flow::first_office(db, unit)?,
    };
    issue.handler_id = person.map(|person| person.row.id.clone());
    Ok(())
}
