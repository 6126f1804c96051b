//! One writer per process, committing in groups: many requests' deeds share one
//! transaction, each in its own savepoint, and each is acknowledged only after
//! the commit. A pool of writers would have them wait for the lock instead.
//! What a group leaves undecided is done again, each deed in a transaction of
//! its own (see [`line`](super::line)), so that one deed spoils no other's.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
};

use diesel::Connection;
use tokio::sync::oneshot;

use super::{
    Fallible, StoreError,
    connection::{Db, Target},
    line::{Line, is_lost, is_passing},
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
        std::thread::spawn(move || run(Line::new(target), &jobs));
        Self { queue }
    }

    /// Waits until the deed is committed, or tells why it is not.
    pub async fn submit<T, E, F>(&self, deed: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Fallible + Send + 'static,
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

fn run(mut line: Line, jobs: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        for undecided in line.together(group) {
            line.alone(undecided);
        }
    }
}

/// How a deed went, before anything is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// It was done.
    Well,
    /// It refused, and was rolled back to its savepoint.
    Refused,
    /// The database failed in a way that may pass: a deadlock, a lock held by another.
    Passing,
    /// The connection broke; whatever ran on it is gone.
    Lost,
    /// It panicked; the connection is in a state nobody knows.
    Panicked,
}

/// A deed that waits to be done.
pub trait Job: Send {
    /// Does it, in a savepoint of the transaction that runs; perhaps not for the first time.
    fn run(&mut self, db: &mut Db) -> Went;
    /// Answers whoever asked: with the result, or with what kept it from being committed.
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
    E: Fallible + Send,
    F: FnMut(&mut Db) -> Result<T, E> + Send,
{
    fn run(&mut self, db: &mut Db) -> Went {
        self.result = None;
        let deed = &mut self.deed;
        let Ok(result) = catch_unwind(AssertUnwindSafe(|| db.transaction(deed))) else {
            return Went::Panicked;
        };
        let went = match &result {
            Ok(_) => Went::Well,
            Err(refusal) => match refusal.failure() {
                Some(StoreError::Query(error)) if is_lost(error) => Went::Lost,
                Some(StoreError::Query(error)) if is_passing(error) => Went::Passing,
                _ => Went::Refused,
            },
        };
        self.result = Some(result);
        went
    }

    fn acknowledge(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (committed, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(StoreError::Stopped.into()),
            (Err(failure), _) => Err(failure.into()),
        };
        // The asker may have gone; the deed stands all the same.
        let _ = self.reply.send(answer);
    }
}
