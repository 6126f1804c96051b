//! The only room that knows diesel: connecting, the schema, and one file a noun.
//! Reads take a pooled connection; writes go through one writer that commits in
//! groups (see [`writer`]). Nothing here updates or deletes a rating or an event.

pub mod admin_events;
pub mod api_tokens;
pub mod appeals;
pub mod attachments;
pub mod audit;
pub mod backup;
pub mod closures;
pub mod code_life;
pub mod code_runs;
pub mod codes;
pub mod columns;
pub mod conferences;
pub mod connection;
pub mod console;
pub mod counts;
pub mod deferrals;
pub mod desk;
pub mod directory;
pub mod enterprises;
pub mod events;
pub mod figures;
pub mod first_contacts;
pub mod flow;
pub mod follow_ups;
pub mod frozen;
pub mod guard;
pub mod imports;
pub mod intake;
pub mod invitations;
mod issue_facts;
pub mod issues;
pub mod leases;
pub mod ledger;
pub mod line;
pub mod links;
pub mod migrate;
pub mod notices;
pub mod outbox;
pub mod owners;
pub mod people;
pub mod ratings;
pub mod receipts;
pub mod rectifications;
pub mod requests;
pub mod schema;
pub mod second_factor;
pub mod settings;
pub mod staff;
pub mod standing;
mod state_facts;
pub mod supervisions;
pub mod sweep;
pub mod tags;
pub mod timed;
pub mod vault;
pub mod webhooks;
pub mod writer;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use connection::{Db, Manager, Target};
use diesel::r2d2::Pool;
use tokio::sync::Semaphore;
use writer::Writer;

/// How long a read waits for a connection before it is told that the server is busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the store could not do its work. Never shown to a user in detail.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is neither `sqlite:PATH` nor `postgres://…`.
    #[error("database url must start with sqlite: or postgres://")]
    Url,
    /// The bundled SQLite is one with a known corruption bug.
    #[error("SQLite {0} is too old; 3.51.3 or newer is needed")]
    OldSqlite(String),
    /// There is no database to copy, or its copy is not sound.
    #[error("the database cannot be copied: {0}")]
    Copy(String),
    /// Connecting or taking a pooled connection failed.
    #[error("no database connection: {0}")]
    Pool(#[from] diesel::r2d2::PoolError),
    /// Connecting failed.
    #[error("cannot connect to the database: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// A statement failed.
    #[error("the database refused: {0}")]
    Query(#[from] diesel::result::Error),
    /// Migrations failed or are behind.
    #[error("{0}")]
    Migration(String),
    /// The queue of the writer is full.
    #[error("too many writes are waiting")]
    Busy,
    /// The writer stopped.
    #[error("the writer has stopped")]
    Stopped,
    /// The database could not be reached, or kept failing; nothing was stored.
    #[error("the database cannot be reached")]
    Unreachable,
    /// The connection broke while committing: it may be stored or not.
    #[error("the answer to a commit was lost")]
    Unsure,
    /// The deed panicked; nothing of it was stored.
    #[error("a write panicked")]
    Panicked,
}

impl StoreError {
    /// The database cannot be reached just now; another time it may.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy | Self::Unreachable | Self::Connect(_) | Self::Pool(_) => true,
            Self::Query(error) => line::is_lost(error) || line::is_held_up(error),
            _ => false,
        }
    }

    /// It is the deed that fails, not the way to the database.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(self, Self::Query(_) | Self::Panicked) && !self.is_passing()
    }
}

/// The refusals of a deed: among them, what the store itself failed with, so that
/// the writer knows which failures are worth another try.
pub trait Fallible: From<StoreError> + From<QueryError> {
    /// The store's failure, if that is what it is.
    fn failure(&self) -> Option<&StoreError>;
}

impl Fallible for StoreError {
    fn failure(&self) -> Option<&StoreError> {
        Some(self)
    }
}

/// Why a statement failed.
pub type QueryError = diesel::result::Error;
/// What a statement gives.
pub type QueryResult<T> = diesel::QueryResult<T>;

/// True for the one database error that is a named outcome: somebody was first. In SQLite a row of history says so
/// itself, before the constraint can (see the migration `no_replace`).
#[must_use]
pub fn is_duplicate(error: &QueryError) -> bool {
    use diesel::result::DatabaseErrorKind::UniqueViolation;
    match error {
        QueryError::DatabaseError(UniqueViolation, _) => true,
        QueryError::DatabaseError(_, said) => said.message().ends_with("this one is there already"),
        _ => false,
    }
}

/// A value that could not be read from or written to a column.
pub fn unfit(cause: impl std::error::Error + Send + Sync + 'static) -> QueryError {
    QueryError::SerializationError(Box::new(cause))
}

/// All of it or nothing, for wiring and commands; requests use [`Store::write`].
/// Waits its turn behind a server that writes to the same file (see [`connection::begin_write`]).
pub fn transaction<T, E: From<QueryError>>(
    db: &mut Db,
    deed: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    connection::begin_write(db)?;
    match deed(db) {
        Ok(done) => {
            connection::commit(db)?;
            Ok(done)
        }
        Err(refusal) => {
            // What refused is the answer; a connection that cannot even roll back is of no more use anyway.
            drop(connection::rollback(db));
            Err(refusal)
        }
    }
}

/// Many reads of one moment, however long they take and whoever writes meanwhile. Nothing is written.
pub fn snapshot<T, E: From<QueryError>>(
    db: &mut Db,
    reads: impl FnOnce(&mut Db) -> Result<T, E>,
) -> Result<T, E> {
    connection::begin_snapshot(db)?;
    let read = reads(db);
    connection::rollback(db)?;
    read
}

/// Reads and writes of one database.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Manager>,
    /// As many as the pool has connections: a read waits here, where waiting costs no thread.
    readers: Arc<Semaphore>,
    writer: Writer,
    checkouts: Arc<AtomicU64>,
}

impl Store {
    /// Connects; `size` is how many reads may run at once.
    pub fn open(url: &str, size: u32) -> Result<Self, StoreError> {
        let target = Target::parse(url)?;
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(PATIENCE)
            .build(Manager::new(target.clone()))?;
        let readers = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        let writer = Writer::start(target);
        Ok(Self { pool, readers, writer, checkouts: Arc::default() })
    }

    /// Runs a read on a pooled connection, off the async threads.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    {
        let store = self.clone();
        let turn = self.readers.clone().acquire_owned().await.map_err(|_| E::from(StoreError::Stopped))?;
        let read = move || {
            // Given back here, also when the asker went away meanwhile.
            let _turn = turn;
            query(&mut *store.connection()?)
        };
        tokio::task::spawn_blocking(read).await.map_err(|_| E::from(StoreError::Stopped))?
    }

    /// [`Store::read`] for this process's own looking, which is nobody's request
    /// and so is not counted.
    pub async fn watch<T, E, F>(&self, query: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&mut Db) -> Result<T, E> + Send + 'static,
    {
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || query(&mut *pool.get().map_err(StoreError::from)?))
            .await
            .map_err(|_| E::from(StoreError::Stopped))?
    }

    /// A connection for wiring and tests; requests use [`Store::read`] and [`Store::write`].
    pub fn connection(&self) -> Result<diesel::r2d2::PooledConnection<Manager>, StoreError> {
        self.checkouts.fetch_add(1, Ordering::Relaxed);
        Ok(self.pool.get()?)
    }

    /// Runs a deed in a transaction of its own; returns after the commit. A deed may
    /// run more than once before it is committed, never after.
    pub async fn write<T, E, F>(&self, deed: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Fallible + Send + 'static,
        F: FnMut(&mut Db) -> Result<T, E> + Send + 'static,
    {
        self.checkouts.fetch_add(1, Ordering::Relaxed);
        self.writer.submit(deed).await
    }

    /// How often the database was asked since the start; a refused seal must not move it.
    #[must_use]
    pub fn checkouts(&self) -> u64 {
        self.checkouts.load(Ordering::Relaxed)
    }
}
