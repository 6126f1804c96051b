//! Staff sessions: sign in, renew, authenticate, end. Passwords are judged
//! between two transactions, like PINs.

use chrono::Duration;
use qiyema_protocol::staff::Me;

use super::{
    Refused, Rules,
    account::second_factor::{self, Owed},
    device,
    rights::Actor,
};
use crate::{
    clock::{Ids, Timestamp},
    secrets::vault::Vault,
    store::{
        columns::{column, moment, unword},
        connection::Db,
        owners, people,
        staff::{self, Person, SessionRow},
    },
};

/// A sign-in that may now be judged.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Id of the attempt.
    pub attempt: String,
    /// Person and hash; absent for an unknown name, which must cost the same time.
    pub person: Option<(String, String)>,
}

/// Notes a sign-in, if the ladders allow another one. `desk` is the fingerprint of
/// what a browser was given when it signed in before.
pub fn sign_in(
    db: &mut Db,
    username: &str,
    who: &str,
    desk: Option<&str>,
    rules: &Rules,
    at: Timestamp,
) -> Result<SignIn, Refused> {
    // A browser that was right before is not made to wait for what strangers guess.
    let asker = match desk {
        Some(hash) if people::device_known(db, username, hash, column(at))? => {
            device::Asker { who: hash, known: true }
        }
        _ => device::Asker { who, known: false },
    };
    let attempt = device::note(db, "sign_in", username, asker, rules.sign_in, at)?;
    let person = staff::by_username(db, username)?.map(|person| (person.row.id, person.row.password_hash));
    Ok(SignIn { attempt, person })
}

/// A session just opened or renewed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The person.
    pub actor: Actor,
    /// When the session ends for good.
    pub expires_at: Timestamp,
}

/// A sign-in whose password was right.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id of the attempt.
    pub attempt: String,
    /// Who.
    pub staff: String,
    /// Hash of the refresh token.
    pub refresh_hash: String,
    /// Masked address.
    pub place: String,
    /// Code of the second factor, if one came along.
    pub code: Option<String>,
}

/// Where a right password leads.
#[derive(Debug, Clone)]
pub enum Entered {
    /// In.
    In(Box<Opened>),
    /// No session yet: something is owed first.
    Owes(Owed),
}

/// Opens a session after a right password, and a right code where one is owed. A
/// missing code is no guess and does not count as one.
pub fn open(
    db: &mut Db,
    entry: &Entry,
    rules: &Rules,
    vault: &Vault,
    at: Timestamp,
) -> Result<Entered, Refused> {
    owners::attempt_succeeded(db, &entry.attempt)?;
    let person = people::find(db, &entry.staff)?.ok_or(Refused::Unauthenticated)?;
    match (second_factor::owed(db, &person, rules)?, &entry.code) {
        (Owed::Nothing, _) => {}
        (Owed::Code, Some(code)) => second_factor::prove(db, &entry.staff, code, vault, at)?,
        (owed, _) => return Ok(Entered::Owes(owed)),
    }
    let expires_at = at + Duration::hours(i64::from(rules.sessions.hours.get()));
    let row = SessionRow {
        id: Ids.row(),
        staff_id: entry.staff.clone(),
        refresh_hash: entry.refresh_hash.clone(),
        created_at: column(at),
        expires_at: column(expires_at),
        ended_at: None,
        stage: Owed::Nothing.stage().to_owned(),
        place: entry.place.clone(),
    };
    staff::open_session(db, &row)?;
    Ok(Entered::In(Box::new(Opened { actor: authenticate(db, &row.id, at)?, expires_at })))
}

/// Exchanges a refresh token, each of which works once.
pub fn renew(db: &mut Db, old_hash: &str, new_hash: &str, at: Timestamp) -> Result<Opened, Refused> {
    let row = staff::session_by_refresh(db, old_hash, column(at))?.ok_or(Refused::Unauthenticated)?;
    if !staff::rotate_refresh(db, &row.id, old_hash, new_hash)? {
        return Err(Refused::Unauthenticated);
    }
    Ok(Opened { actor: authenticate(db, &row.id, at)?, expires_at: moment(row.expires_at) })
}

/// The person of a session that stands: asked at every request, so that ending one works at once.
pub fn authenticate(db: &mut Db, session: &str, at: Timestamp) -> Result<Actor, Refused> {
    let Person { row, units, roles, .. } =
        staff::of_session(db, session, column(at))?.ok_or(Refused::Unauthenticated)?;
    let roles = roles.iter().map(|role| unword(role)).collect::<crate::store::QueryResult<_>>()?;
    Ok(Actor {
        id: row.id,
        username: row.username,
        name: row.name,
        roles,
        units,
        session: session.to_owned(),
        scopes: Vec::new(),
        channel: None,
    })
}

/// Ends the session of a person.
pub fn end(db: &mut Db, actor: &Actor, at: Timestamp) -> Result<(), Refused> {
    Ok(staff::end_session(db, &actor.session, column(at))?)
}

/// Who is signed in, as shown.
pub fn me(actor: &Actor) -> Me {
    Me {
        id: actor.id.clone(),
        username: actor.username.clone(),
        name: actor.name.clone(),
        roles: actor.roles.clone(),
        unit: actor.units.first().cloned(),
        units: actor.units.clone(),
    }
}
