//! Staff sessions: sign in, renew, authenticate, end. Passwords are judged
//! between two transactions, like PINs.

use chrono::Duration;
use qiyema_protocol::staff::Me;

use super::{
    Refused, Rules,
    account::second_factor::{self, Owed},
    admin::{self, Subject},
    device,
    rights::Actor,
};
use crate::{
    clock::{Ids, Timestamp},
    secrets::{totp::KEY_LEN, vault::Vault},
    store::{
        columns::{column, moment, unword},
        connection::Db,
        owners, people,
        staff::{self, Person, SessionRow},
    },
};

/// A use is noted when the last noted one is older than this: not every request writes.
pub(super) const NOTE_EVERY: Duration = Duration::minutes(1);

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
    let attempt = note(db, username, (who, desk), rules, at)?;
    let person = staff::by_username(db, username)?.map(|person| (person.row.id, person.row.password_hash));
    Ok(SignIn { attempt, person })
}

/// Notes a guess at what signs somebody in. A browser that was right before is not made to wait for what
/// strangers guess: neither at the door, nor at the second factor, nor when its person changes the password.
pub(super) fn note(
    db: &mut Db,
    username: &str,
    (who, desk): (&str, Option<&str>),
    rules: &Rules,
    at: Timestamp,
) -> Result<String, Refused> {
    let asker = match desk {
        Some(hash) if people::device_known(db, username, hash, column(at))? => {
            device::Asker { who: hash, known: true }
        }
        _ => device::Asker { who, known: false },
    };
    device::note(db, "sign_in", username, asker, rules.sign_in, at)
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
    Ok(Entered::In(Box::new(opened(db, entry, rules, at)?)))
}

/// Begins to enrol an authenticator app under a fresh key, after a right password.
pub fn begin_factor(
    db: &mut Db,
    (attempt, staff): (&str, &str),
    key: [u8; KEY_LEN],
    vault: &Vault,
    at: Timestamp,
) -> Result<(), Refused> {
    owners::attempt_succeeded(db, attempt)?;
    second_factor::begin(db, staff, key, vault, at)
}

/// Finishes it by a first right code, and opens a session; gives the recovery codes, which are shown once.
pub fn prove_factor(
    db: &mut Db,
    entry: &Entry,
    rules: &Rules,
    vault: &Vault,
    at: Timestamp,
) -> Result<(Vec<String>, Opened), Refused> {
    owners::attempt_succeeded(db, &entry.attempt)?;
    let code = entry.code.as_deref().unwrap_or_default();
    let recovery = second_factor::finish(db, &entry.staff, code, vault, at)?;
    Ok((recovery, opened(db, entry, rules, at)?))
}

fn opened(db: &mut Db, entry: &Entry, rules: &Rules, at: Timestamp) -> Result<Opened, Refused> {
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
        seen_at: Some(column(at)),
    };
    staff::open_session(db, &row)?;
    Ok(Opened { actor: authenticate(db, &row.id, at)?, expires_at })
}

/// What a refresh token came to.
#[derive(Debug, Clone)]
pub enum Renewed {
    /// A new one, and the session goes on.
    Goes(Box<Opened>),
    /// It was exchanged before: somebody has a copy, so its session ended.
    Stolen,
}

/// Exchanges a refresh token, each of which works once. A second coming is no
/// refusal, which would undo the end of the session: it is an outcome.
pub fn renew(
    db: &mut Db,
    old_hash: &str,
    new_hash: &str,
    rules: &Rules,
    at: Timestamp,
) -> Result<Renewed, Refused> {
    let Some(row) = staff::session_by_refresh(db, old_hash, column(at))? else {
        let spent = staff::session_of_spent(db, old_hash)?.ok_or(Refused::Unauthenticated)?;
        return stolen(db, &spent, at).map(|()| Renewed::Stolen);
    };
    awake(&row, rules, at)?;
    if !staff::rotate_refresh(db, &row.id, old_hash, new_hash, column(at))? {
        return Err(Refused::Unauthenticated);
    }
    let opened = Opened { actor: authenticate(db, &row.id, at)?, expires_at: moment(row.expires_at) };
    Ok(Renewed::Goes(Box::new(opened)))
}

/// Whoever holds the other copy is out as well. Told once, however often it comes.
fn stolen(db: &mut Db, spent: &SessionRow, at: Timestamp) -> Result<(), Refused> {
    if spent.ended_at.is_some() || moment(spent.expires_at) <= at {
        return Ok(());
    }
    staff::end_session(db, &spent.id, column(at))?;
    let detail = serde_json::json!({ "session": spent.id, "place": spent.place });
    let subject = Subject { kind: "staff", id: &spent.staff_id };
    admin::record(db, subject, "refresh_token_reused", &detail, &spent.staff_id, at)
}

/// Refuses a session that nobody used for as long as one at the console may rest.
fn awake(row: &SessionRow, rules: &Rules, at: Timestamp) -> Result<(), Refused> {
    let idle = Duration::minutes(i64::from(rules.sessions.idle_minutes.get()));
    let seen = moment(row.seen_at.unwrap_or(row.created_at));
    if at - seen >= idle { Err(Refused::Unauthenticated) } else { Ok(()) }
}

/// The person of an access token, and whether its use should be noted.
pub fn of_token(db: &mut Db, session: &str, rules: &Rules, at: Timestamp) -> Result<(Actor, bool), Refused> {
    let row = staff::session(db, session, column(at))?.ok_or(Refused::Unauthenticated)?;
    awake(&row, rules, at)?;
    let seen = moment(row.seen_at.unwrap_or(row.created_at));
    Ok((authenticate(db, session, at)?, at - seen >= NOTE_EVERY))
}

/// Notes that a session was used.
pub fn seen(db: &mut Db, session: &str, at: Timestamp) -> Result<(), Refused> {
    Ok(staff::seen(db, session, column(at))?)
}

/// The person of a session that stands: asked at every request, so that ending one works at once.
pub fn authenticate(db: &mut Db, session: &str, at: Timestamp) -> Result<Actor, Refused> {
    let person = staff::of_session(db, session, column(at))?.ok_or(Refused::Unauthenticated)?;
    Ok(acting(person, session)?)
}

/// A person as somebody who acts, in a session or in none.
pub(super) fn acting(person: Person, session: &str) -> crate::store::QueryResult<Actor> {
    let Person { row, units, roles, .. } = person;
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
