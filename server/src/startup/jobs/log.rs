//! The tamper-evident log: what was done is entered, as long as the database holds
//! what was signed of it.

use std::sync::{Mutex, PoisonError, atomic::Ordering};

use chrono::TimeDelta;

use super::Runner;
use crate::{
    actions::{
        Refused,
        ledger::{self, Behind},
    },
    clock::Timestamp,
};

/// Between two looks whether the log goes on.
const LOOK: TimeDelta = TimeDelta::minutes(1);
/// Rows that wait longer, while nothing at all is entered, are told of.
const STALLED: TimeDelta = TimeDelta::minutes(10);

/// How far the log was when it was last looked at whether it goes on.
#[derive(Debug, Default)]
pub(super) struct Progress(Mutex<Option<Seen>>);

#[derive(Debug, Clone, Copy)]
struct Seen {
    at: Timestamp,
    size: i64,
    /// Since when rows wait and nothing is entered.
    since: Option<Timestamp>,
}

impl Progress {
    fn seen(&self) -> Option<Seen> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note; gives how long rows have waited now while nothing was entered.
    fn note(&self, at: Timestamp, (size, waits): (i64, bool)) -> TimeDelta {
        let before = self.seen().filter(|seen| waits && seen.size == size);
        let since = waits.then(|| before.and_then(|seen| seen.since).unwrap_or(at));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Seen { at, size, since });
        since.map_or(TimeDelta::zero(), |since| at - since)
    }
}

impl Runner {
    /// Whether the log goes on, looked at by each process for itself, once a minute: one that is held up by a row put in
    /// its way, or by a lease that somebody took for years, would protect nothing, and nobody would notice.
    pub(super) async fn log_goes_on(&self) {
        let at = self.shared.clock.now();
        let seen = self.progress.seen();
        if seen.is_some_and(|seen| seen.at <= at && at - seen.at < LOOK) {
            return;
        }
        let key = self.shared.trust.log.clone();
        let looked: Result<(i64, bool), Refused> =
            self.shared.store.watch(move |db| ledger::waits(db, &key, at)).await;
        // A log that cannot even be looked at does not go on.
        let state = looked.unwrap_or_else(|_| (seen.map_or(-1, |seen| seen.size), true));
        let waited = self.progress.note(at, state);
        let stalled = waited >= STALLED;
        self.shared.log.stall(stalled);
        metrics::gauge!("qiyema_ledger_stalled").set(if stalled { 1.0 } else { 0.0 });
        if stalled {
            tracing::error!(
                minutes = waited.num_minutes(),
                "rows wait and nothing is entered in the log; what is written now is not protected"
            );
        }
    }

    /// Whether the database still holds what was signed. One that was turned back, replaced or added to under a running
    /// server is noticed here: nothing more is signed, and `/readyz` says so, until somebody answers for it.
    pub(super) async fn log_stands(&self) -> Result<bool, Refused> {
        let key = self.shared.trust.log.clone();
        let stands: Result<Result<(), Behind>, Refused> =
            self.shared.store.watch(move |db| ledger::stands(db, &key)).await;
        Ok(self.told(stands?))
    }

    /// The head is kept outside the database only after its entries are committed there.
    pub(super) async fn ledger(&self) -> Result<bool, Refused> {
        let (key, at) = (self.shared.trust.log.clone(), self.shared.clock.now());
        let entered: Result<Result<ledger::Entered, Behind>, Refused> =
            self.shared.store.write(move |db| ledger::enter(db, &key, at)).await;
        let entered = entered?;
        if !self.told(entered.as_ref().map(drop).map_err(|behind| *behind)) {
            return Ok(false);
        }
        let Ok(ledger::Entered { added, refused, note, newest }) = entered else { return Ok(false) };
        if self.refused.swap(refused, Ordering::Relaxed) != refused && refused > 0 {
            tracing::warn!(
                refused,
                "rows do not enter the log, for they were not made by this server; `ledger verify` names them"
            );
        }
        let Some(note) = note else { return Ok(false) };
        if let Err(error) = self.shared.trust.log.keep(&note, newest) {
            tracing::error!(%error, "the head of the log could not be kept beside its key");
        }
        metrics::counter!("qiyema_ledger_entries_total").increment(added.try_into().unwrap_or(0));
        Ok(true)
    }

    /// Tells `/readyz`, and the operator once.
    fn told(&self, stands: Result<(), Behind>) -> bool {
        let news = self.shared.log.set(stands.err());
        match stands {
            Err(behind) if news => tracing::error!(%behind, "nothing more is entered in the log"),
            Ok(()) if news => tracing::info!("the database holds what was signed of it; the log goes on"),
            _ => {}
        }
        stands.is_ok()
    }
}
