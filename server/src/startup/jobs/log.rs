//! The tamper-evident log: what was done is entered, as long as the database holds
//! what was signed of it.

use std::sync::atomic::Ordering;

use super::Runner;
use crate::actions::{
    Refused,
    ledger::{self, Behind},
};

impl Runner {
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
        let Ok(ledger::Entered { added, refused, note }) = entered else { return Ok(false) };
        if self.refused.swap(refused, Ordering::Relaxed) != refused && refused > 0 {
            tracing::warn!(
                refused,
                "rows do not enter the log, for they were not made by this server; `ledger verify` names them"
            );
        }
        let Some(note) = note else { return Ok(false) };
        if let Err(error) = self.shared.trust.log.keep(&note) {
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
