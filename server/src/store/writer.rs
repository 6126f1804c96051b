//! One writer per process, committing in groups: many requests' deeds share one
//! transaction, each in its own savepoint, and each is acknowledged only after
//! the commit. A pool of writers would have them wait for the lock instead.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use diesel::Connection;
use tokio::sync::oneshot;

use super::{
    StoreError,
    connection::{Db, Target, begin_write, commit, rollback},
};

/// Deeds that may share one commit.
const GROUP: usize = 64;
/// Deeds that may wait; the next one is told that the server is busy.
const QUEUE: usize = 1024;

/// Hands deeds to the writing thread. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    queue: SyncSender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the writing thread; it ends when the last handle is dropped.
    #[must_use]
    pub fn start(target: Target) -> Self {
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(QUEUE);
        std::thread::spawn(move || run(&target, &jobs));
        Self { queue }
    }

    /// Waits until the deed is committed, or tells why it is not.
    pub async fn submit<T, E, F>(&self, deed: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<diesel::result::Error> + Send + 'static,
        F: FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(Task { deed, result: None, reply });
        match self.queue.try_send(task) {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(StoreError::Stopped.into())),
            Err(TrySendError::Full(_)) => Err(StoreError::Busy.into()),
            Err(TrySendError::Disconnected(_)) => Err(StoreError::Stopped.into()),
        }
    }
}

trait Job: Send {
    fn run(&mut self, db: &mut Db);
    fn acknowledge(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Task<T, E, F> {
    deed: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Job for Task<T, E, F>
where
    T: Send,
    E: From<StoreError> + From<diesel::result::Error> + Send,
    F: FnMut(&mut Db) -> Result<T, E> + Send,
{
    fn run(&mut self, db: &mut Db) {
        self.result = Some(db.transaction(|db| (self.deed)(db)));
    }

    fn acknowledge(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.result, committed) {
            // A refusal was rolled back to its savepoint; it holds whatever became of the others.
            (Some(Err(refusal)), _) => Err(refusal),
            (Some(Ok(done)), Ok(())) => Ok(done),
            (_, Err(failure)) => Err(failure.into()),
            (None, Ok(())) => Err(StoreError::Stopped.into()),
        };
        // The asker may have gone; the deed stands all the same.
        let _ = self.reply.send(answer);
    }
}

fn run(target: &Target, jobs: &Receiver<Box<dyn Job>>) {
    let mut kept: Option<Db> = None;
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        let outcome = match kept.take().map_or_else(|| target.connect(), Ok) {
            Ok(mut db) => match commit_group(&mut db, &mut group) {
                Ok(()) => {
                    kept = Some(db);
                    Ok(())
                }
                Err(error) => Err(StoreError::from(error)),
            },
            Err(error) => Err(error),
        };
        if let Err(error) = &outcome {
            tracing::error!(%error, "a group of writes was not committed");
        }
        let committed = outcome.is_ok();
        for job in group {
            job.acknowledge(if committed { Ok(()) } else { Err(StoreError::Stopped) });
        }
    }
}

fn commit_group(db: &mut Db, group: &mut [Box<dyn Job>]) -> diesel::QueryResult<()> {
    begin_write(db)?;
    for job in group.iter_mut() {
        job.run(db);
    }
    commit(db).inspect_err(|_| drop(rollback(db)))
}
