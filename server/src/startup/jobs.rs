//! What runs by itself beside the requests: one task a job, looking every few
//! seconds, surviving errors, stopping when the server does. Work is found by
//! its state, so a restart in the middle of anything loses nothing.

mod exports;
mod figures;
mod log;
pub mod post;
mod registers;
mod runs;

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::TimeDelta;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    actions::{
        Refused, appeal, delivery, invite,
        job::{self, Job},
        sweep,
        timed::{
            self,
            recompute::{self, Page},
        },
    },
    clock::Ids,
    courier::mail::Postman,
    web::{Shared, tally},
};

/// How long a lease lasts at least, in seconds.
const SHORTEST_LEASE: u32 = 5;
/// Looks without a pause between them, before others get their turn.
const IN_A_ROW: u32 = 50;
/// Between two writings of counted scans.
const COUNTING: Duration = Duration::from_secs(5);
/// What was found after one look.
type Looked<'a> = Pin<Box<dyn Future<Output = Result<bool, Refused>> + Send + 'a>>;

/// The running jobs.
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Jobs {
    /// Starts all jobs. They also stop by themselves at SIGTERM or SIGINT, so
    /// that they drain while the requests do.
    pub fn start(shared: &Shared) -> Result<Self, String> {
        let (stop, stopped) = watch::channel(false);
        let runner = Runner::new(shared)?;
        let mut tasks = JoinSet::new();
        for job in Job::ALL {
            tasks.spawn(forever(runner.clone(), job, stopped.clone()));
        }
        tasks.spawn(refresh(shared.clone(), stopped.clone()));
        tasks.spawn(count(shared.clone(), stopped.clone()));
        let at_signal = stop.clone();
        let stopping = runner.stopping.clone();
        tasks.spawn(async move {
            signalled(stopped).await;
            stopping.store(true, Ordering::Relaxed);
            at_signal.send_replace(true);
        });
        Ok(Self { stop, tasks })
    }

    /// Lets running deeds finish, for so long at most.
    pub async fn stop(mut self, within: Duration) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(within, all).await.is_err() {
            tracing::warn!("a job did not stop in time; its work is found again at the next start");
        }
    }
}

/// Does one look of a job at a time, if this process holds the lease.
#[derive(Clone)]
pub struct Runner {
    shared: Shared,
    postman: Option<Postman>,
    holder: String,
    /// The folder of files that is looked at next.
    folder: Arc<AtomicU8>,
    /// Set when the server stops; a long look ends early then.
    stopping: Arc<AtomicBool>,
    /// The import whose rows the database does not take.
    stuck: Arc<registers::Stuck>,
    /// Rows that the log does not take in, as many as were last told of.
    refused: Arc<AtomicUsize>,
    /// How far the log was when it was last looked at.
    progress: Arc<log::Progress>,
}

impl Runner {
    /// A runner with a name of its own.
    pub fn new(shared: &Shared) -> Result<Self, String> {
        let patience = Duration::from_secs(shared.config.delivery.timeout_seconds.get().into());
        let postman = Postman::new(&shared.config.mail, patience)?;
        Ok(Self {
            shared: shared.clone(),
            postman,
            holder: Ids.row(),
            folder: Arc::default(),
            stopping: Arc::default(),
            stuck: Arc::default(),
            refused: Arc::default(),
            progress: Arc::default(),
        })
    }

    /// One look; true when there may be more to do at once.
    pub async fn look(&self, job: Job) -> Result<bool, Refused> {
        // Each process looks for itself whether the log stands; one of them adds to it.
        if job == Job::Ledger {
            self.log_goes_on().await;
            if !self.log_stands().await? {
                return Ok(false);
            }
        } else if self.shared.log.behind().is_some() {
            // What it would do on the wrong database is done on the right one, once it is back.
            return Ok(false);
        }
        if !self.take(job).await? {
            return Ok(false);
        }
        let looked: Looked<'_> = match job {
            Job::Clocks => Box::pin(self.clocks()),
            Job::Calendar => Box::pin(self.calendar()),
            Job::Post => Box::pin(post::look(&self.shared, self.postman.as_ref())),
            Job::Sweep => Box::pin(self.sweep()),
            Job::Ledger => Box::pin(self.ledger()),
            Job::Registers => Box::pin(self.registers()),
            Job::Invitations => Box::pin(self.invitations()),
            Job::Figures => Box::pin(self.figures()),
            Job::Issuing => Box::pin(self.issuing()),
            Job::Exports => Box::pin(self.exports()),
        };
        looked.await
    }

    async fn take(&self, job: Job) -> Result<bool, Refused> {
        let config = &self.shared.config;
        let tick = seconds(&self.shared, job).saturating_mul(4).max(SHORTEST_LEASE);
        let trying =
            if job == Job::Post { config.delivery.timeout_seconds.get().saturating_mul(3) } else { 0 };
        let lasts = TimeDelta::seconds(tick.saturating_add(trying).into());
        let (holder, at) = (self.holder.clone(), self.shared.clock.now());
        self.shared.store.write(move |db| job::take(db, job, &holder, at, lasts)).await
    }

    async fn leave(&self, job: Job) -> Result<(), Refused> {
        let (holder, at) = (self.holder.clone(), self.shared.clock.now());
        self.shared.store.write(move |db| job::leave(db, job, &holder, at)).await
    }

    /// Each issue in a transaction of its own: one that fails holds up no other.
    async fn clocks(&self) -> Result<bool, Refused> {
        let (at, batch) = (self.shared.clock.now(), self.batch());
        let due: Result<Vec<String>, Refused> =
            self.shared.store.read(move |db| timed::due(db, at, batch)).await;
        let due = due?;
        let full = i64::try_from(due.len()).is_ok_and(|found| found >= batch);
        let mut moved = false;
        for issue in due {
            let (rules, id) = (self.shared.rules(), issue.clone());
            let done: Result<timed::Done, Refused> =
                self.shared.store.write(move |db| timed::act(db, &id, &rules, at)).await;
            match done {
                Ok(timed::Done::Deed(verb)) => {
                    moved = true;
                    let verb = verb.noun();
                    metrics::counter!("qiyema_timed_deeds_total", "verb" => verb).increment(1);
                    tracing::info!(issue, verb, "the clock acted");
                }
                Ok(timed::Done::Rewound | timed::Done::Nothing) | Err(Refused::VersionConflict { .. }) => {}
                Err(error) => {
                    tracing::error!(issue, %error, "the clock could not act; trying again in an hour");
                    let later = at + TimeDelta::hours(1);
                    let put_off: Result<(), Refused> =
                        self.shared.store.write(move |db| timed::put_off(db, &issue, at, later)).await;
                    put_off?;
                }
            }
        }
        Ok(full || moved)
    }

    /// Looks at every issue once after the calendar changed.
    async fn calendar(&self) -> Result<bool, Refused> {
        let (rules, at, batch) = (self.shared.rules(), self.shared.clock.now(), self.batch());
        let asked = rules.clone();
        let page: Result<Option<Page>, Refused> =
            self.shared.store.read(move |db| recompute::page(db, &asked, batch)).await;
        let Some(page) = page? else { return Ok(false) };
        let page = Arc::new(page);
        for issue in &page.issues {
            let (rules, id, own) = (rules.clone(), issue.clone(), page.clone());
            let counted: Result<bool, Refused> =
                self.shared.store.write(move |db| recompute::one(db, &id, &own, &rules, at)).await;
            match counted {
                Ok(true) => {
                    metrics::counter!("qiyema_promises_recomputed_total").increment(1);
                    tracing::info!(issue, "a promise was counted again");
                }
                Ok(false) => {}
                Err(error) => return Err(error),
            }
        }
        let turned: Result<(), Refused> = self.shared.store.write(move |db| recompute::turn(db, &page)).await;
        turned.map(|()| true)
    }

    async fn sweep(&self) -> Result<bool, Refused> {
        let (rules, at) = (self.shared.rules(), self.shared.clock.now());
        let kept = TimeDelta::days(self.shared.config.jobs.outbox_days.get().into());
        let swept: Result<bool, Refused> = self
            .shared
            .store
            .write(move |db| Ok(sweep::sweep(db, &rules, at)?.more | delivery::sweep(db, kept, at)?))
            .await;
        self.files().await?;
        swept
    }

    /// Files that nothing is attached to, one folder of the vault a look.
    async fn files(&self) -> Result<(), Refused> {
        let folder = self.folder.fetch_add(1, Ordering::Relaxed);
        let vault = self.shared.files.vault().clone();
        let listed = vault.clone();
        let old = tokio::task::spawn_blocking(move || listed.old(folder)).await;
        let old = match old {
            Ok(Ok(old)) if !old.is_empty() => old,
            Ok(Ok(_)) | Err(_) => return Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "a folder of files could not be read; it is looked at again");
                return Ok(());
            }
        };
        let loose: Result<Vec<String>, Refused> =
            self.shared.store.read(move |db| sweep::loose(db, old)).await;
        for hash in loose? {
            if let Err(error) = vault.discard(&hash) {
                tracing::error!(%error, "a file could not be removed; it is tried again");
            }
        }
        Ok(())
    }

    async fn invitations(&self) -> Result<bool, Refused> {
        let (rules, at, batch) = (self.shared.rules(), self.shared.clock.now(), self.batch());
        self.shared
            .store
            .write(move |db| {
                let invited = invite::remind(db, &rules, at, batch)?;
                Ok(appeal::urge::urge(db, &rules, at, batch)? | invited)
            })
            .await
    }

    fn batch(&self) -> i64 {
        self.shared.config.jobs.batch.get().into()
    }
}

/// Between two looks. Somebody waits for an import or a run, or looks at figures; leases are prolonged with every batch.
fn seconds(shared: &Shared, job: Job) -> u32 {
    let tick = shared.config.jobs.tick_seconds.get();
    if matches!(job, Job::Registers | Job::Figures | Job::Issuing) { tick.min(2) } else { tick }
}

async fn forever(runner: Runner, job: Job, mut stopped: watch::Receiver<bool>) {
    let tick = Duration::from_secs(seconds(&runner.shared, job).into());
    while !*stopped.borrow() {
        let mut looks = 0;
        loop {
            looks += 1;
            let more = guarded(&runner, job).await;
            if !more || looks >= IN_A_ROW || *stopped.borrow() {
                break;
            }
        }
        tokio::select! {
            () = sleep(tick) => {}
            _ = stopped.changed() => {}
        }
    }
    if let Err(error) = runner.leave(job).await {
        tracing::warn!(job = job.name(), %error, "a lease was not given back; it ends by itself");
    }
}

/// Every process looks for itself what an administrator has set at another one.
async fn refresh(shared: Shared, mut stopped: watch::Receiver<bool>) {
    let tick = Duration::from_secs(shared.config.jobs.tick_seconds.get().into());
    while !*stopped.borrow() {
        tokio::select! {
            () = sleep(tick) => {}
            _ = stopped.changed() => return,
        }
        if let Err(error) = shared.refresh().await {
            tracing::error!(%error, "the rules in force could not be read; the last ones hold");
        }
    }
}

/// Every process writes the scans that it saw, the last ones when it stops.
async fn count(shared: Shared, mut stopped: watch::Receiver<bool>) {
    loop {
        let over = *stopped.borrow();
        if let Err(error) = tally::flush(&shared).await {
            tracing::error!(%error, "scans could not be counted; they are kept for the next time");
        }
        if over {
            return;
        }
        tokio::select! {
            () = sleep(COUNTING) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// One look in a task of its own, so that even a panic ends no job.
async fn guarded(runner: &Runner, job: Job) -> bool {
    let own = runner.clone();
    let looked = tokio::spawn(async move { own.look(job).await }).await;
    let (more, outcome) = match looked {
        Ok(Ok(more)) => (more, "ok"),
        Ok(Err(error)) => {
            tracing::error!(job = job.name(), %error, "a job failed; it looks again");
            (false, "failed")
        }
        Err(error) => {
            tracing::error!(job = job.name(), %error, "a job broke; it looks again");
            (false, "broke")
        }
    };
    metrics::counter!("qiyema_job_looks_total", "job" => job.name(), "outcome" => outcome).increment(1);
    more
}

async fn signalled(mut stopped: watch::Receiver<bool>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
        _ = stopped.changed() => {}
    }
}
