//! A browser's session at the console: opened after a right password, found by
//! the hash of its cookie, ended by idleness, by age, or by the person.

use chrono::Duration;

use super::{
    Refused, Rules,
    account::second_factor::{self, Owed},
    rights::Actor,
    session::{self, NOTE_EVERY},
};
use crate::{
    clock::{Ids, Timestamp},
    secrets::{totp, vault::Vault},
    store::{
        columns::{column, moment},
        connection::Db,
        console::{self, ConsoleSessionRow},
        owners, people, staff,
    },
};

/// How long somebody may take for the second factor.
const OWING: Duration = Duration::minutes(15);

/// A sign-in that was judged right.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id of the attempt; none after a set-up.
    pub attempt: Option<String>,
    /// Who.
    pub staff: String,
    /// Hash of the new cookie.
    pub token_hash: String,
    /// A hash nobody knows the token of: a browser renews nothing.
    pub refresh_hash: String,
    /// What the browser says it is, shortened.
    pub label: String,
    /// Masked address.
    pub place: String,
}

/// Opens a session; every sign-in has a new token. What is still owed decides what
/// the session may do: nothing but paying it, within a few minutes.
pub fn open(
    db: &mut Db,
    entry: &Entry,
    rules: &Rules,
    vault: &Vault,
    at: Timestamp,
) -> Result<Owed, Refused> {
    if let Some(attempt) = &entry.attempt {
        owners::attempt_succeeded(db, attempt)?;
    }
    let person = people::find(db, &entry.staff)?.ok_or(Refused::Unauthenticated)?;
    let owed = second_factor::owed(db, &person, rules)?;
    let id = Ids.row();
    let until = if owed == Owed::Nothing { lasting(rules, at) } else { at + OWING };
    if owed == Owed::Enrolment {
        let key = totp::key(Ids).map_err(crate::store::unfit)?;
        second_factor::begin(db, &entry.staff, key, vault, at)?;
    }
    staff::open_session(
        db,
        &staff::SessionRow {
            id: id.clone(),
            staff_id: entry.staff.clone(),
            refresh_hash: entry.refresh_hash.clone(),
            created_at: column(at),
            expires_at: column(until),
            ended_at: None,
            stage: owed.stage().to_owned(),
            place: entry.place.clone(),
            seen_at: None,
        },
    )?;
    let row = ConsoleSessionRow {
        session_id: id,
        token_hash: entry.token_hash.clone(),
        seen_at: column(at),
        label: entry.label.clone(),
    };
    console::insert(db, &row)?;
    Ok(owed)
}

/// Somebody whose password was right and who still owes something.
#[derive(Debug, Clone)]
pub struct Owing {
    /// Session.
    pub session: String,
    /// Staff id.
    pub staff: String,
    /// User name.
    pub username: String,
    /// What is owed.
    pub owed: Owed,
}

/// Who that is, by the cookie.
pub fn owing(db: &mut Db, token_hash: &str, at: Timestamp) -> Result<Owing, Refused> {
    let row =
        console::find(db, token_hash, column(at), column(at - OWING))?.ok_or(Refused::Unauthenticated)?;
    let (person, stage) = people::staged(db, &row.session_id, column(at))?.ok_or(Refused::Unauthenticated)?;
    let owed = [Owed::Code, Owed::Enrolment].into_iter().find(|owed| owed.stage() == stage);
    Ok(Owing {
        session: row.session_id,
        staff: person.id,
        username: person.username,
        owed: owed.ok_or(Refused::Unauthenticated)?,
    })
}

/// Notes a guess at a code; it counts like one at the password.
pub fn guess(
    db: &mut Db,
    owing: &Owing,
    asker: (&str, Option<&str>),
    rules: &Rules,
    at: Timestamp,
) -> Result<String, Refused> {
    session::note(db, &owing.username, asker, rules, at)
}

/// Pays with a code: the session is a full one from now on, under a new token.
pub fn pay(
    db: &mut Db,
    owing: &Owing,
    (attempt, code): (&str, &str),
    token_hash: &str,
    rules: &Rules,
    vault: &Vault,
    at: Timestamp,
) -> Result<Vec<String>, Refused> {
    let recovery = match owing.owed {
        Owed::Enrolment => second_factor::finish(db, &owing.staff, code, vault, at)?,
        _ => second_factor::prove(db, &owing.staff, code, vault, at).map(|()| Vec::new())?,
    };
    owners::attempt_succeeded(db, attempt)?;
    if !people::promote(db, &owing.session, owing.owed.stage(), column(lasting(rules, at)))? {
        return Err(Refused::Unauthenticated);
    }
    console::rotate(db, &owing.session, token_hash, column(at))?;
    Ok(recovery)
}

/// Remembers a browser, so that guesses of strangers do not lock its person out.
pub fn remember(
    db: &mut Db,
    token_hash: &str,
    staff: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<(), Refused> {
    let until = at + Duration::days(i64::from(rules.device_days));
    Ok(people::remember_device(db, token_hash, staff, column(at), column(until))?)
}

fn lasting(rules: &Rules, at: Timestamp) -> Timestamp {
    at + Duration::hours(i64::from(rules.sessions.hours.get()))
}

/// The person of a cookie, and whether its use should be noted.
pub fn authenticate(
    db: &mut Db,
    token_hash: &str,
    idle: Duration,
    at: Timestamp,
) -> Result<(Actor, bool), Refused> {
    let row =
        console::find(db, token_hash, column(at), column(at - idle))?.ok_or(Refused::Unauthenticated)?;
    let actor = session::authenticate(db, &row.session_id, at)?;
    Ok((actor, at - moment(row.seen_at) >= NOTE_EVERY))
}

/// Notes that a session was used.
pub fn seen(db: &mut Db, session: &str, at: Timestamp) -> Result<(), Refused> {
    Ok(console::seen(db, session, column(at))?)
}
