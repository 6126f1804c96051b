//! One's own sessions: where one is signed in, and ending that.

use qiyema_protocol::administration::OwnSession;

use crate::{
    actions::{
        Refused,
        admin::{Subject, record},
        rights::Actor,
    },
    clock::Timestamp,
    store::{
        columns::{column, moment},
        connection::Db,
        people, staff,
    },
};

/// Sessions that stand, latest first.
pub fn list(db: &mut Db, actor: &Actor, at: Timestamp) -> Result<Vec<OwnSession>, Refused> {
    let rows = people::sessions(db, &actor.id, column(at))?;
    Ok(rows
        .into_iter()
        .map(|(row, browser)| {
            let (label, seen) = browser.unwrap_or_else(|| ("API".to_owned(), row.created_at));
            OwnSession {
                current: row.id == actor.session,
                id: row.id,
                device: label,
                place: row.place,
                created_at: moment(row.created_at),
                seen_at: moment(seen),
            }
        })
        .collect())
}

/// Ends one of one's own sessions.
pub fn end(db: &mut Db, actor: &Actor, session: &str, at: Timestamp) -> Result<(), Refused> {
    let own = people::sessions(db, &actor.id, column(at))?.iter().any(|(row, _)| row.id == session);
    if !own {
        return Err(Refused::NotThere);
    }
    staff::end_session(db, session, column(at))?;
    let detail = serde_json::json!({ "session": session });
    record(db, Subject { kind: "staff", id: &actor.id }, "session_ended", &detail, &actor.id, at)
}

/// Ends all of them but this one.
pub fn end_others(db: &mut Db, actor: &Actor, at: Timestamp) -> Result<usize, Refused> {
    let ended = people::end_sessions(db, &actor.id, Some(&actor.session), column(at))?;
    let detail = serde_json::json!({ "sessions_ended": ended });
    record(db, Subject { kind: "staff", id: &actor.id }, "sessions_ended", &detail, &actor.id, at)?;
    Ok(ended)
}
