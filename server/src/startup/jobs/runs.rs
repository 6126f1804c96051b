//! Runs that issue codes, some enterprises a transaction until one is over.

use std::sync::atomic::Ordering;

use super::{Job, Runner};
use crate::{
    actions::{Refused, code::runs},
    store::{code_runs::Codeless, code_runs::RunRow},
};

impl Runner {
    /// Carries the oldest run on until it is over or the server stops.
    pub(super) async fn issuing(&self) -> Result<bool, Refused> {
        let run: Result<Option<RunRow>, Refused> = self.shared.store.watch(runs::due).await;
        let Some(mut run) = run? else { return Ok(false) };
        loop {
            let (from, rules) = (run.clone(), self.shared.rules());
            let some: Result<Vec<Codeless>, Refused> =
                self.shared.store.watch(move |db| runs::next(db, &from, &rules)).await;
            let (from, some, at) = (run, some?, self.shared.clock.now());
            if some.is_empty() {
                return self.over(from).await;
            }
            let (kid, key) = (self.shared.trust.keys.now().signer.kid(), self.shared.trust.pin_key.clone());
            let went: Result<RunRow, Refused> =
                self.shared.store.write(move |db| runs::take(db, &from, &some, kid, &key, at)).await;
            run = match went {
                Ok(run) => run,
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
