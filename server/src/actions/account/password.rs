//! Changing one's own password; every other session ends. The present password
//! is judged between two transactions, like at the door, and guesses at it count.

use crate::{
    actions::{
        Refused, Rules,
        admin::{Subject, record},
        rights::Actor,
        session,
    },
    clock::Timestamp,
    domain::password,
    store::{columns::column, connection::Db, owners, people, staff},
};

/// Notes an attempt at the present password; gives the attempt and the hash.
pub fn ask(
    db: &mut Db,
    actor: &Actor,
    new: &str,
    asker: (&str, Option<&str>),
    rules: &Rules,
    at: Timestamp,
) -> Result<(String, String), Refused> {
    password::check("new", new, &actor.username).map_err(|fault| Refused::Invalid(vec![fault]))?;
    let attempt = session::note(db, &actor.username, asker, rules, at)?;
    let person = staff::by_username(db, &actor.username)?.ok_or(Refused::Unauthenticated)?;
    Ok((attempt, person.row.password_hash))
}

/// Sets the new password after a right guess.
pub fn change(db: &mut Db, actor: &Actor, attempt: &str, hash: &str, at: Timestamp) -> Result<(), Refused> {
    owners::attempt_succeeded(db, attempt)?;
    people::set_password(db, &actor.id, hash)?;
    let ended = people::end_sessions(db, &actor.id, Some(&actor.session), column(at))?;
    let detail = serde_json::json!({ "sessions_ended": ended });
    record(db, Subject { kind: "staff", id: &actor.id }, "password_changed", &detail, &actor.id, at)
}
