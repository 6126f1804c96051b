//! Sweeping: rows that only had to last a while. Nothing that happened to an
//! issue, a rating or a code is among them; those stay for ever.

use chrono::TimeDelta;

use super::{Refused, Rules};
use crate::{
    clock::Timestamp,
    store::{attachments, columns::column, connection::Db, sweep as dust},
};

/// Rows of one table in one go, so that nobody waits long behind a sweep.
const BATCH: i64 = 500;

/// How long what has served its time is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Answers for a repeated `Idempotency-Key`.
    pub answers: TimeDelta,
    /// Guesses at PINs and passwords; as long, an address that was right is known.
    pub attempts: TimeDelta,
    /// Sessions after their end.
    pub sessions: TimeDelta,
    /// Remembered devices after their end; as long, an old token is known.
    pub devices: TimeDelta,
    /// Where ratings came from.
    pub traces: TimeDelta,
}

/// What one sweep took away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Kept answers.
    pub answers: usize,
    /// Guesses.
    pub attempts: usize,
    /// Ended sessions.
    pub sessions: usize,
    /// Ended devices.
    pub devices: usize,
    /// Where ratings came from.
    pub traces: usize,
    /// A batch was full: sweep again soon.
    pub more: bool,
}

/// Which of these kept files nothing is attached to: they came with a form that was refused.
pub fn loose(db: &mut Db, mut hashes: Vec<String>) -> Result<Vec<String>, Refused> {
    let held = attachments::held(db, &hashes)?;
    hashes.retain(|hash| !held.contains(hash));
    Ok(hashes)
}

/// Takes away one batch of each; call it again while there is more.
pub fn sweep(db: &mut Db, rules: &Rules, at: Timestamp) -> Result<Swept, Refused> {
    let Kept { answers, attempts, sessions, devices, traces } = rules.kept;
    let before = |kept: TimeDelta| column(at - kept);
    let answers = dust::answers(db, before(answers), BATCH)?;
    let attempts = dust::attempts(db, before(attempts), BATCH)?;
    let sessions = dust::sessions(db, before(sessions), BATCH)?;
    let devices = dust::devices(db, before(devices), BATCH)?;
    let traces = dust::traces(db, before(traces), BATCH)?;
    let full = |rows: usize| i64::try_from(rows).is_ok_and(|rows| rows >= BATCH);
    let more = [answers, attempts, sessions, devices, traces].into_iter().any(full);
    Ok(Swept { answers, attempts, sessions, devices, traces, more })
}
