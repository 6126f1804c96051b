//! The writer's line to the database: one connection, kept while it is sound and
//! opened again when it is not. Nothing is acknowledged that is not committed,
//! and a commit whose answer was lost is not tried again: it may stand.

use std::time::Duration;

use diesel::result::{DatabaseErrorKind, Error};

use super::{
    StoreError,
    connection::{Db, Target, begin_write, commit, rollback},
    writer::{Job, Went},
};

/// How often a deed is tried alone.
const TRIES: u32 = 3;
/// Before a deed is tried again, so that whoever is in its way can pass.
const PAUSE: Duration = Duration::from_millis(20);

/// A connection that is kept, or not yet there.
pub struct Line {
    target: Target,
    kept: Option<Db>,
    /// Connecting failed while the present group was done.
    is_down: bool,
}

impl Line {
    /// Connects when first needed.
    pub const fn new(target: Target) -> Self {
        Self { target, kept: None, is_down: false }
    }

    /// Does a group in one transaction and acknowledges what that decided. What
    /// it left undecided comes back: all of it, if the group was not committed,
    /// for then even a refusal may have rested on a neighbour that is gone.
    pub fn together(&mut self, mut group: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
        self.is_down = false;
        let Some(mut db) = self.take() else {
            answer_all(group, || Err(StoreError::Unreachable));
            return Vec::new();
        };
        match begin_write(&mut db) {
            Ok(()) => {}
            Err(error) if is_lost(&error) => {
                tracing::warn!(%error, "the connection was lost; it is opened again");
                return group;
            }
            Err(error) => {
                // Another process holds the lock for longer than one waits for it.
                tracing::error!(%error, "a group of writes could not begin");
                answer_all(group, || Err(StoreError::Busy));
                return Vec::new();
            }
        }
        let mut passing = Vec::new();
        let mut decided = Vec::new();
        while !group.is_empty() {
            let mut job = group.remove(0);
            match job.run(&mut db) {
                Went::Well | Went::Refused => decided.push(job),
                Went::Passing => passing.push(job),
                went @ (Went::Lost | Went::Panicked) => {
                    // The connection is dropped, and with it what ran before.
                    if went == Went::Panicked {
                        job.acknowledge(Err(StoreError::Panicked));
                    } else {
                        decided.push(job);
                    }
                    decided.extend(passing);
                    decided.extend(group);
                    return decided;
                }
            }
        }
        match commit(&mut db) {
            Ok(()) => {
                self.kept = Some(db);
                answer_all(decided, || Ok(()));
                passing
            }
            Err(error) if is_lost(&error) => {
                tracing::error!(%error, "the answer to a commit was lost");
                answer_all(decided, || Err(StoreError::Unsure));
                passing
            }
            Err(error) => {
                tracing::warn!(%error, "a group of writes was not committed; each is tried alone");
                drop(rollback(&mut db));
                decided.extend(passing);
                decided
            }
        }
    }

    /// Does one deed in a transaction of its own, again if what failed may pass.
    pub fn alone(&mut self, mut job: Box<dyn Job>) {
        if self.is_down {
            // It was tried just now, for a neighbour.
            return job.acknowledge(Err(StoreError::Unreachable));
        }
        for attempt in 1..=TRIES {
            match self.attempt(&mut *job) {
                Err(Failed::Again(_) | Failed::Itself) if attempt < TRIES => {
                    tracing::warn!(attempt, "a write is tried again");
                    std::thread::sleep(PAUSE * attempt);
                }
                // What the deed itself was told is its answer.
                Ok(()) | Err(Failed::Itself) => return job.acknowledge(Ok(())),
                Err(Failed::Again(error) | Failed::Final(error)) => {
                    tracing::error!(%error, "a write was not committed");
                    return job.acknowledge(Err(error));
                }
            }
        }
    }

    fn attempt(&mut self, job: &mut dyn Job) -> Result<(), Failed> {
        let mut db = self.take().ok_or(Failed::Final(StoreError::Unreachable))?;
        begin_write(&mut db).map_err(|error| {
            if is_lost(&error) {
                Failed::Again(StoreError::Unreachable)
            } else {
                Failed::Final(StoreError::Busy)
            }
        })?;
        match job.run(&mut db) {
            Went::Well => match commit(&mut db) {
                Ok(()) => self.kept = Some(db),
                Err(error) if is_lost(&error) => return Err(Failed::Final(StoreError::Unsure)),
                Err(error) => return Err(Failed::Again(error.into())),
            },
            Went::Refused => {
                if rollback(&mut db).is_ok() {
                    self.kept = Some(db);
                }
            }
            Went::Passing => return Err(Failed::Itself),
            Went::Lost => return Err(Failed::Again(StoreError::Unreachable)),
            Went::Panicked => return Err(Failed::Final(StoreError::Panicked)),
        }
        Ok(())
    }

    /// The kept connection, or a new one.
    fn take(&mut self) -> Option<Db> {
        if let Some(db) = self.kept.take() {
            return Some(db);
        }
        let opened = self.target.connect();
        if let Err(error) = &opened {
            tracing::error!(%error, "no connection to write on");
        }
        self.is_down = opened.is_err();
        opened.ok()
    }
}

enum Failed {
    /// It may go well the next time.
    Again(StoreError),
    /// The same, and the deed holds why.
    Itself,
    /// Trying again would be wrong.
    Final(StoreError),
}

fn answer_all(jobs: Vec<Box<dyn Job>>, with: impl Fn() -> Result<(), StoreError>) {
    for job in jobs {
        job.acknowledge(with());
    }
}

/// The connection is gone, or its transactions are in a state nobody knows.
pub fn is_lost(error: &Error) -> bool {
    use DatabaseErrorKind::{ClosedConnection, UnableToSendCommand};
    matches!(
        error,
        Error::DatabaseError(ClosedConnection | UnableToSendCommand, _)
            | Error::BrokenTransactionManager
            | Error::RollbackErrorOnCommit { .. }
    )
}

/// It waited longer than one waits for a lock, or took too long. diesel keeps no SQLSTATE, so the message has to say it.
pub fn is_held_up(error: &Error) -> bool {
    let says = |told: &str| {
        ["lock timeout", "statement timeout", "deadlock detected", "database is locked"]
            .iter()
            .any(|held| told.contains(held))
    };
    matches!(error, Error::DatabaseError(DatabaseErrorKind::Unknown, told) if says(told.message()))
}

/// It may go well the next time. A deadlock and a lock held by another process
/// have no kind of their own, so every unknown one is given another try.
pub fn is_passing(error: &Error) -> bool {
    use DatabaseErrorKind::{SerializationFailure, Unknown};
    matches!(error, Error::DatabaseError(SerializationFailure | Unknown, _))
}
