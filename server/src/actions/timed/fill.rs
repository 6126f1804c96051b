//! When the first running limit of an issue ends is an index of what is computed. After an
//! upgrade that brings it, it is filled in before the first list is asked for; afterwards every
//! step keeps it. Nothing is left to fill at an ordinary start, which an index says at once.

use qiyema_protocol::board::State;

use super::super::{Refused, Rules, issue::running};
use crate::{
    domain::{clocks, workflow},
    store::{
        self,
        columns::{column, word},
        connection::Db,
        timed,
    },
};

/// Issues in one transaction.
const BATCH: i64 = 500;

/// Fills in what is missing; gives how many issues that were.
pub fn fill(db: &mut Db, rules: &Rules) -> Result<usize, Refused> {
    let mut filled = 0;
    // Whatever is owed to the owner, or put right and checked, has a limit that somebody keeps.
    for state in workflow::OPEN.iter().chain(&[State::Rectifying, State::FollowUp]) {
        let (state, mut after) = (word(*state)?, String::new());
        loop {
            let done = store::transaction(db, |db| batch(db, (&state, &after), rules))?;
            let Some((last, some)) = done else { break };
            (after, filled) = (last, filled + some);
        }
    }
    Ok(filled)
}

/// The last issue that was looked at, and how many were filled in.
fn batch(
    db: &mut Db,
    (state, after): (&str, &str),
    rules: &Rules,
) -> Result<Option<(String, usize)>, Refused> {
    let found = timed::unlimited(db, state, after, BATCH)?;
    let Some(last) = found.last().map(|row| row.id.clone()) else { return Ok(None) };
    let mut some = 0;
    for (id, limits) in running::of(db, &found, rules)? {
        if let Some(first) = clocks::hurrying(&limits) {
            some += timed::limit(db, &id, column(first.until.due_at))?;
        }
    }
    Ok(Some((last, some)))
}
