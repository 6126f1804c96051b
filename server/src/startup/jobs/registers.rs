//! Imports of enterprises. A thread reads the file, this side takes the rows in
//! batches; between the two there is room for two batches, so memory is bounded.

use std::{
    io::BufReader,
    ops::ControlFlow,
    sync::{Mutex, PoisonError, atomic::Ordering},
};

use tokio::sync::mpsc;

use super::{Job, Runner};
use crate::{
    actions::{Refused, registers::import},
    domain::register::{self, Entry},
    store::imports::ImportRow,
    web::uploads,
};

/// Looks at one place of an import that may fail, one after another, before it is given up: others wait.
const MOST_LOOKS: u32 = 5;

/// Where an import does not get on, and how often it was tried.
#[derive(Default)]
pub(super) struct Stuck(Mutex<(String, i32, u32)>);

impl Stuck {
    /// Notes another failure after this row; true when it was tried often enough.
    fn again(&self, run: &ImportRow) -> bool {
        let mut stuck = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if (&*stuck.0, stuck.1) != (&*run.id, run.through) {
            *stuck = (run.id.clone(), run.through, 0);
        }
        stuck.2 += 1;
        stuck.2 >= MOST_LOOKS
    }
}

impl Runner {
    /// Carries the oldest import on until it is over or the server stops.
    pub(super) async fn registers(&self) -> Result<bool, Refused> {
        let run: Result<Option<ImportRow>, Refused> = self.shared.store.watch(import::due).await;
        let Some(run) = run? else { return self.tidy().await };
        let mut taken = run.clone();
        let Ok(file) = uploads::aside(&self.shared.files, &run.id) else {
            self.end(taken, Some("file_lost")).await?;
            return Ok(true);
        };
        let (batches, mut ready) = mpsc::channel::<Vec<Entry>>(2);
        let through = u32::try_from(run.through).unwrap_or_default();
        let reading = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::with_capacity(import::BATCH);
            let read = register::each(BufReader::new(file), &mut |entry| {
                // Rows that were taken are read again: later ones may repeat them.
                if entry.row > through {
                    batch.push(entry);
                }
                if batch.len() < import::BATCH {
                    return ControlFlow::Continue(());
                }
                let full = std::mem::replace(&mut batch, Vec::with_capacity(import::BATCH));
                if batches.blocking_send(full).is_err() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            if !batch.is_empty() {
                drop(batches.blocking_send(batch));
            }
            read
        });
        while let Some(batch) = ready.recv().await {
            let (from, at) = (taken.clone(), self.shared.clock.now());
            let went: Result<ImportRow, Refused> =
                self.shared.store.write(move |db| import::take(db, &from, &batch, at)).await;
            taken = match went {
                Ok(taken) => taken,
                // Cancelled, or in another process's hands.
                Err(Refused::ImportOver) => return Ok(true),
                Err(Refused::Store(error)) if error.is_lasting() && self.stuck.again(&taken) => {
                    tracing::error!(import = taken.id, %error, "the rows of an import are not taken; it is given up");
                    self.end(taken, Some("refused")).await?;
                    return Ok(true);
                }
                Err(error) => return Err(error),
            };
            metrics::counter!("qiyema_register_batches_total").increment(1);
            if self.stopping.load(Ordering::Relaxed) || !self.take(Job::Registers).await? {
                return Ok(false);
            }
        }
        let read = reading.await.map_err(|_| crate::store::StoreError::Stopped)?;
        self.end(taken, read.err().map(|_| "unreadable")).await?;
        Ok(true)
    }

    async fn end(&self, run: ImportRow, failure: Option<&'static str>) -> Result<(), Refused> {
        let (id, at) = (run.id.clone(), self.shared.clock.now());
        let ended: Result<_, Refused> = self
            .shared
            .store
            .write(move |db| match failure {
                None => import::finish(db, &run, at),
                Some(why) => import::fail(db, &run, why, at),
            })
            .await;
        match ended {
            Ok(ended) => {
                tracing::info!(import = id, state = ?ended.state, rows = ended.handled, "an import is over");
                // A dry run may still be confirmed.
                if ended.state != qiyema_protocol::registers::ImportState::Checked {
                    uploads::forget(&self.shared.files, &id);
                }
                Ok(())
            }
            Err(Refused::ImportOver) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn tidy(&self) -> Result<bool, Refused> {
        let at = self.shared.clock.now();
        let due: Result<bool, Refused> = self.shared.store.watch(move |db| import::overdue(db, at)).await;
        if !due? {
            return Ok(false);
        }
        let swept: Result<Option<String>, Refused> =
            self.shared.store.write(move |db| import::sweep(db, at)).await;
        if let Some(id) = swept? {
            uploads::forget(&self.shared.files, &id);
        }
        Ok(true)
    }
}
