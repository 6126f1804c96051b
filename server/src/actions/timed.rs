//! What the clock does by itself. Each deed goes through the same step as
//! everybody's, in a transaction of its own, at the version of the issue that was
//! seen: two runners that both believe it is their turn do it once.

pub mod fill;
pub mod lapse;
mod limits;
pub mod recompute;
pub mod sign;
pub mod urge;

use qiyema_protocol::verb::Verb;

use super::{
    Refused, Rules,
    issue::step::{self, wind},
};
use crate::{
    clock::Timestamp,
    store::{columns::column, connection::Db, timed},
};

/// What one look at an issue led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The clock did this.
    Deed(Verb),
    /// It was not time yet; the next moment was set anew.
    Rewound,
    /// Somebody had been there before.
    Nothing,
}

/// Issues at which the clock has something to do, the longest waiting first.
pub fn due(db: &mut Db, at: Timestamp, limit: i64) -> Result<Vec<String>, Refused> {
    Ok(timed::due(db, column(at), limit)?)
}

/// Does the next thing the clock has to do about one issue, if its time has come.
pub fn act(db: &mut Db, id: &str, rules: &Rules, at: Timestamp) -> Result<Done, Refused> {
    let Some(mut issue) = timed::issue(db, id)? else { return Ok(Done::Nothing) };
    if issue.next_at.is_none_or(|next| next > column(at)) {
        return Ok(Done::Nothing);
    }
    let Some(due) = step::next(db, &issue, rules)?.filter(|due| due.at <= at) else {
        wind(db, &mut issue, rules)?;
        timed::rewind(db, &issue)?;
        return Ok(Done::Rewound);
    };
    match due.verb {
        Verb::LapseSupplement => lapse::supplement(db, issue, rules, at).map(Done::Deed),
        Verb::Lapse => lapse::rating(db, issue, rules, at).map(Done::Deed),
        Verb::SignFor => sign::sign(db, issue, &due, rules, at),
        _ => urge::urge(db, issue, &due, rules, at).map(Done::Deed),
    }
}

/// Puts off an issue that could not be moved, so that it holds up no other.
pub fn put_off(db: &mut Db, id: &str, at: Timestamp, until: Timestamp) -> Result<(), Refused> {
    Ok(timed::put_off(db, id, column(at), column(until))?)
}
