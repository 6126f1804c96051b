//! Links that set a password once: for a new person, and for who forgot his.
//! An administrator hands one over and never learns the password.

use chrono::Duration;
use qiyema_protocol::administration::PersonView;

use crate::{
    actions::{
        Refused, Rules,
        admin::{Subject, people as admin, record},
        rights::{Actor, Area, Deed},
    },
    clock::Timestamp,
    domain::password,
    store::{
        columns::column,
        connection::Db,
        links::{self, LinkRow},
        people,
        staff::StaffRow,
    },
};

const PURPOSE: &str = "password";

/// Makes a link for a person; earlier ones work no more. Until it is used the
/// old password stays: a forgotten one cannot be used against the person.
pub fn make(
    db: &mut Db,
    actor: &Actor,
    staff: &str,
    token_hash: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(PersonView, Timestamp), Refused> {
    actor.may(Deed::Administer(Area::Staff))?;
    let person = people::find(db, staff)?.ok_or(Refused::NotThere)?;
    if person.row.disabled_at.is_some() {
        return Err(Refused::NotThere);
    }
    let expires_at = at + Duration::hours(i64::from(rules.sessions.link_hours.get()));
    links::put(
        db,
        &LinkRow {
            token_hash: token_hash.to_owned(),
            purpose: PURPOSE.to_owned(),
            staff_id: Some(staff.to_owned()),
            made_at: column(at),
            made_by: actor.id.clone(),
            expires_at: column(expires_at),
            used_at: None,
        },
    )?;
    let detail = serde_json::json!({ "expires_at": expires_at });
    record(db, Subject { kind: "staff", id: staff }, "password_link_made", &detail, &actor.id, at)?;
    Ok((admin::show(db, actor, staff, rules)?, expires_at))
}

/// Whom a link is for, if it works.
pub fn look(db: &mut Db, token_hash: &str, at: Timestamp) -> Result<StaffRow, Refused> {
    let link = links::standing(db, token_hash, PURPOSE, column(at))?.ok_or(Refused::LinkDead)?;
    let person = people::find(db, link.staff_id.as_deref().unwrap_or_default())?.ok_or(Refused::LinkDead)?;
    if person.row.disabled_at.is_some() { Err(Refused::LinkDead) } else { Ok(person.row) }
}

/// Checks a password that somebody wants to set by a link.
pub fn check(db: &mut Db, token_hash: &str, new: &str, at: Timestamp) -> Result<(), Refused> {
    let row = look(db, token_hash, at)?;
    password::check("new", new, &row.username).map_err(|fault| Refused::Invalid(vec![fault]))
}

/// Sets the password by a link; every session of the person ends.
pub fn redeem(db: &mut Db, token_hash: &str, hash: &str, at: Timestamp) -> Result<StaffRow, Refused> {
    let row = look(db, token_hash, at)?;
    if !links::take(db, token_hash, column(at))? {
        return Err(Refused::LinkDead);
    }
    people::set_password(db, &row.id, hash)?;
    people::end_sessions(db, &row.id, None, column(at))?;
    let detail = serde_json::json!({});
    record(db, Subject { kind: "staff", id: &row.id }, "password_set_by_link", &detail, &row.id, at)?;
    Ok(row)
}
