//! The jobs that run by themselves, and the lease by which one process of
//! several does a job. A lease that is lost doubles nothing: every deed of a job
//! is guarded once more where it writes.

use chrono::TimeDelta;

use super::Refused;
use crate::{
    clock::Timestamp,
    store::{columns::column, connection::Db, leases},
};

/// A job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// What the clocks of issues do by themselves.
    Clocks,
    /// Promises that were provisional, once the calendar is there.
    Calendar,
    /// Messages of the outbox.
    Post,
    /// What has served its time.
    Sweep,
    /// Entries of the tamper-evident log.
    Ledger,
    /// Imports of enterprises.
    Registers,
    /// Reminders to rate, and to decide on appeals.
    Invitations,
    /// Sums of the figures.
    Figures,
    /// Runs that issue codes.
    Issuing,
    /// Figures of a month that is over.
    Exports,
}

impl Job {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Clocks,
        Self::Calendar,
        Self::Post,
        Self::Sweep,
        Self::Ledger,
        Self::Registers,
        Self::Invitations,
        Self::Figures,
        Self::Issuing,
        Self::Exports,
    ];

    /// Its row in the table of leases.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clocks => "clocks",
            Self::Calendar => "calendar",
            Self::Post => "post",
            Self::Sweep => "sweep",
            Self::Ledger => "ledger",
            Self::Registers => "registers",
            Self::Invitations => "invitations",
            Self::Figures => "figures",
            Self::Issuing => "issuing",
            Self::Exports => "exports",
        }
    }
}

/// Takes or prolongs the lease of a job; false while another process holds it.
pub fn take(db: &mut Db, job: Job, holder: &str, at: Timestamp, lasts: TimeDelta) -> Result<bool, Refused> {
    Ok(leases::take(db, job.name(), holder, column(at), column(at + lasts))?)
}

/// Gives the lease back, so that another process need not wait for its end.
pub fn leave(db: &mut Db, job: Job, holder: &str, at: Timestamp) -> Result<(), Refused> {
    Ok(leases::leave(db, job.name(), holder, column(at))?)
}

/// What the job last finished.
pub fn done(db: &mut Db, job: Job) -> Result<String, Refused> {
    Ok(leases::done(db, job.name())?)
}

/// Notes what the job finished.
pub fn finish(db: &mut Db, job: Job, done: &str) -> Result<(), Refused> {
    Ok(leases::finish(db, job.name(), done)?)
}
