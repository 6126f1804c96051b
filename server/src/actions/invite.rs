//! Inviting an owner to rate a closure, and reminding him once. Both are events: who
//! listens by webhook sends the link on, and a contact who gave an address gets a letter.

use chrono::{NaiveDateTime, TimeDelta};

use super::{Deed, Refused, Rules, issue::step::Doer, job::Job, rate::invited, record};
use crate::{
    clock::{Ids, Timestamp},
    domain::event::Kind,
    store::{
        columns::{column, moment},
        connection::Db,
        invitations::{self, InvitationRow, ReminderRow},
        issues::ClosureRow,
        leases,
    },
};

/// How the last invitation looked at is written down.
const FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6f";

/// Invites to rate a closure that was just made.
pub fn invite(db: &mut Db, closure: &ClosureRow, at: Timestamp) -> Result<(), Refused> {
    let row = InvitationRow {
        id: Ids.row(),
        enterprise_id: closure.enterprise_id.clone(),
        issue_id: closure.issue_id.clone(),
        closure_id: closure.id.clone(),
        until: closure.rate_until,
        at: column(at),
    };
    invitations::insert(db, &row)?;
    tell(db, &row, Kind::RatingInvited, at)
}

/// Invites to rate how a closure was put right, by the link that its invitation had: whoever rated by it has no PIN, and
/// would have no way to say whether the bad word was heard.
pub fn invite_again(db: &mut Db, closure: &str, at: Timestamp) -> Result<(), Refused> {
    match invitations::of_closure(db, closure)? {
        Some(row) => tell(db, &row, Kind::RectificationInvited, at),
        None => Ok(()),
    }
}

/// Reminds of invitations whose time has come; true while there may be more. How far
/// this came is kept with the lease, and a reminder is unique: each is sent once.
pub fn remind(db: &mut Db, rules: &Rules, at: Timestamp, batch: i64) -> Result<bool, Refused> {
    let Some(days) = rules.reminder_days else { return Ok(false) };
    let name = Job::Invitations.name();
    let due = at - TimeDelta::days(days.get().into());
    let done = leases::done(db, name)?;
    // What is older than the time to rate needs no reminder.
    let oldest = at - TimeDelta::days(i64::from(rules.rating_days) + 1);
    let (from, id) = position(&done).unwrap_or((column(oldest), ""));
    let found = invitations::after(db, (from, id), column(due), batch)?;
    let Some(last) = found.last() else { return Ok(false) };
    for row in &found {
        match invited::standing(db, &row.id, rules, at) {
            Ok(stands) if stands.round.is_first() && !invitations::reminded(db, &row.id)? => {
                let (invitation_id, enterprise_id) = (row.id.clone(), row.enterprise_id.clone());
                invitations::remind(db, &ReminderRow { invitation_id, enterprise_id, at: column(at) })?;
                tell(db, row, Kind::RatingReminded, at)?;
            }
            Err(Refused::Store(error)) => return Err(Refused::Store(error)),
            // Reminded, rated, too late, or closed again: this one needs nothing.
            Ok(_) | Err(_) => {}
        }
    }
    leases::finish(db, name, &format!("{} {}", moment(last.at).format(FORMAT), last.id))?;
    Ok(i64::try_from(found.len()).is_ok_and(|found| found >= batch))
}

fn position(done: &str) -> Option<(NaiveDateTime, &str)> {
    let (at, id) = done.split_once(' ')?;
    Some((NaiveDateTime::parse_from_str(at, FORMAT).ok()?, id))
}

fn tell(db: &mut Db, row: &InvitationRow, kind: Kind, at: Timestamp) -> Result<(), Refused> {
    let deed = Deed {
        enterprise: &row.enterprise_id,
        subject: &row.issue_id,
        kind,
        state: None,
        note: None,
        detail: serde_json::json!({ "invitation": row.id, "closure": row.closure_id }),
        by: Doer::Timer.by(),
        at,
    };
    record(db, &deed)
}
