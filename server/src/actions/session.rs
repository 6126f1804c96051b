//! Staff sessions: sign in, renew, authenticate, end. Passwords are judged
//! between two transactions, like PINs.

use chrono::Duration;
use qiyema_protocol::staff::Me;

use super::{Refused, Rules, device, rights::Actor};
use crate::{
    clock::{Ids, Timestamp},
    store::{
        columns::{column, moment, unword},
        connection::Db,
        owners,
        staff::{self, Person, SessionRow},
    },
};

/// Hours a session lasts, however often it is renewed.
pub const SESSION_HOURS: i64 = 12;

/// A sign-in that may now be judged.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Id of the attempt.
    pub attempt: String,
    /// Person and hash; absent for an unknown name, which must cost the same time.
    pub person: Option<(String, String)>,
}

/// Notes a sign-in, if the limits allow another one.
pub fn sign_in(
    db: &mut Db,
    username: &str,
    who: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<SignIn, Refused> {
    let asker = device::Asker { who, known: false };
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

/// Opens a session after a right password.
pub fn open(
    db: &mut Db,
    attempt: &str,
    staff_id: &str,
    refresh_hash: &str,
    at: Timestamp,
) -> Result<Opened, Refused> {
    owners::attempt_succeeded(db, attempt)?;
    let expires_at = at + Duration::hours(SESSION_HOURS);
    let row = SessionRow {
        id: Ids.row(),
        staff_id: staff_id.to_owned(),
        refresh_hash: refresh_hash.to_owned(),
        created_at: column(at),
        expires_at: column(expires_at),
        ended_at: None,
        stage: "full".to_owned(),
        place: String::new(),
    };
    staff::open_session(db, &row)?;
    Ok(Opened { actor: authenticate(db, &row.id, at)?, expires_at })
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
