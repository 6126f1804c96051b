//! A browser's session at the console: opened after a right password, found by
//! the hash of its cookie, ended by idleness, by age, or by the person.

use chrono::Duration;

use super::{
    Refused,
    rights::Actor,
    session::{self, Opened},
};
use crate::{
    clock::Timestamp,
    store::{
        columns::{column, moment},
        connection::Db,
        console::{self, ConsoleSessionRow},
        owners, staff,
    },
};

/// A use is noted when the last noted one is older than this: not every page writes.
const NOTE_EVERY: Duration = Duration::minutes(1);

/// A sign-in that was judged right.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Id of the attempt.
    pub attempt: String,
    /// Who.
    pub staff: String,
    /// Hash of the new cookie.
    pub token_hash: String,
    /// A hash nobody knows the token of: a browser renews nothing.
    pub refresh_hash: String,
    /// What the browser says it is, shortened.
    pub label: String,
    /// How long the session lasts at most.
    pub lasts: Duration,
}

/// Opens a session; every sign-in has a new token.
pub fn open(db: &mut Db, entry: &Entry, at: Timestamp) -> Result<Opened, Refused> {
    owners::attempt_succeeded(db, &entry.attempt)?;
    let id = crate::clock::Ids.row();
    let expires_at = at + entry.lasts;
    staff::open_session(
        db,
        &staff::SessionRow {
            id: id.clone(),
            staff_id: entry.staff.clone(),
            refresh_hash: entry.refresh_hash.clone(),
            created_at: column(at),
            expires_at: column(expires_at),
            ended_at: None,
            stage: "full".to_owned(),
            place: String::new(),
        },
    )?;
    let row = ConsoleSessionRow {
        session_id: id.clone(),
        token_hash: entry.token_hash.clone(),
        seen_at: column(at),
        label: entry.label.clone(),
    };
    console::insert(db, &row)?;
    Ok(Opened { actor: session::authenticate(db, &id, at)?, expires_at })
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
