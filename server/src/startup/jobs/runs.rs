//! Runs that issue or revoke codes, some of them a transaction until one is over.

use std::sync::atomic::Ordering;

use super::{Job, Runner};
use crate::{
    actions::{
        Refused,
        code::runs::{self, revoke},
    },
    store::{code_life::Standing, code_runs::Codeless, code_runs::RunRow},
};

impl Runner {
    /// Carries a run on until it is over or the server stops.
    pub(super) async fn issuing(&self) -> Result<bool, Refused> {
        let run: Result<Option<RunRow>, Refused> = self.shared.store.watch(runs::due).await;
        let Some(mut run) = run? else { return Ok(false) };
        loop {
            let went = match run.revokes {
                None => self.issue_some(run.clone()).await,
                Some(_) => self.revoke_some(run.clone()).await,
            };
            run = match went {
                Ok(Some(moved)) => moved,
                Ok(None) => return self.over(run).await,
                // Cancelled, or in another process's hands.
                Err(Refused::RunOver) => return Ok(true),
                Err(error) => return Err(error),
            };
            metrics::counter!("qiyema_run_batches_total").increment(1);
            if self.stopping.load(Ordering::Relaxed) || !self.take(Job::Issuing).await? {
                return Ok(false);
            }
        }
    }

    /// None, when everybody is served.
    async fn issue_some(&self, run: RunRow) -> Result<Option<RunRow>, Refused> {
        let (from, rules) = (run.clone(), self.shared.rules());
        let some: Result<Vec<Codeless>, Refused> =
            self.shared.store.watch(move |db| runs::next(db, &from, &rules)).await;
        let (some, at) = (some?, self.shared.clock.now());
        if some.is_empty() {
            return Ok(None);
        }
        let keys = self.shared.trust.keys.now();
        let (kid, void, pins) = (keys.signer.kid(), keys.retired(), self.shared.trust.pin_key.clone());
        let went: Result<RunRow, Refused> =
            self.shared.store.write(move |db| runs::take(db, &run, &some, kid, (&pins, &void), at)).await;
        went.map(Some)
    }

    /// None, when no such code stands.
    async fn revoke_some(&self, run: RunRow) -> Result<Option<RunRow>, Refused> {
        let (from, rules) = (run.clone(), self.shared.rules());
        let some: Result<Vec<Standing>, Refused> =
            self.shared.store.watch(move |db| revoke::next(db, &from, &rules)).await;
        let (some, at) = (some?, self.shared.clock.now());
        if some.is_empty() {
            return Ok(None);
        }
        let went: Result<RunRow, Refused> =
            self.shared.store.write(move |db| revoke::take(db, &run, &some, at)).await;
        went.map(Some)
    }

    async fn over(&self, run: RunRow) -> Result<bool, Refused> {
        let at = self.shared.clock.now();
        let ended: Result<_, Refused> = self.shared.store.write(move |db| runs::finish(db, &run, at)).await;
        match ended {
            Ok(ended) => tracing::info!(run = ended.id, codes = ended.issued, "a run is over"),
            Err(Refused::RunOver) => {}
            Err(error) => return Err(error),
        }
        Ok(true)
    }
}
