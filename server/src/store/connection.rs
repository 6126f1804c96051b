//! One connection type for two databases. The URL's scheme decides; the derived
//! `establish` is never used, because it tries each variant in turn and would
//! turn a failed PostgreSQL URL into a SQLite file.

#![expect(missing_docs, reason = "derived code has no comments")]

use std::{
    ops::{Deref, DerefMut},
    time::{Duration, Instant},
};

use diesel::{
    BoxableExpression, Connection, PgConnection, RunQueryDsl, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    r2d2::{ManageConnection, R2D2Connection},
    sql_types::{Bool, Text},
};

use super::{QueryResult, StoreError};

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub enum Db {
    /// Embedded.
    Sqlite(SqliteConnection),
    /// Server.
    Postgres(PgConnection),
}

/// `column = a OR column = b …` instead of `column IN (a, b, …)`: of IN diesel keeps no prepared statement, so it is
/// parsed and planned at every call, and PostgreSQL is asked twice.
pub type AnyOf<T> = Box<dyn BoxableExpression<T, MultiBackend, SqlType = Bool>>;

/// One statement that waits for ever would hold the one writer, and with it everybody. SQLite has its busy timeout.
const PATIENCE: &str = "SET lock_timeout = '3s'; SET statement_timeout = '60s'; \
                        SET idle_in_transaction_session_timeout = '120s';";
/// For migrations, which may take as long as they need.
pub const ENDLESS_PATIENCE: &str = "SET lock_timeout = 0; SET statement_timeout = 0;";

/// Lets statements of this connection take as long as they need: for whoever reads everything there is.
pub fn be_patient(db: &mut Db) -> QueryResult<()> {
    match db {
        Db::Sqlite(_) => Ok(()),
        Db::Postgres(db) => db.batch_execute(ENDLESS_PATIENCE),
    }
}

/// Where to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Path of a file.
    Sqlite(String),
    /// libpq URL.
    Postgres(String),
}

impl Target {
    /// Reads `sqlite:PATH` or `postgres://…`.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Ok(Self::Sqlite(path.trim_start_matches("//").to_owned()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(StoreError::Url)
    }

    /// Opens a connection and sets what durability needs.
    pub fn connect(&self) -> Result<Db, StoreError> {
        match self {
            Self::Postgres(url) => {
                let mut connection = PgConnection::establish(&impatient(url))?;
                connection.batch_execute(PATIENCE)?;
                Ok(Db::Postgres(connection))
            }
            Self::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                refuse_old_sqlite(&mut connection)?;
                // FULL, not NORMAL: in WAL mode NORMAL loses acknowledged commits at power loss. Without recursive
                // triggers, REPLACE deletes what no trigger sees.
                connection.batch_execute(
                    "PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL; \
                     PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                     PRAGMA recursive_triggers = ON;",
                )?;
                Ok(Db::Sqlite(connection))
            }
        }
    }
}

/// A host that does not answer would hold the one writer for minutes.
fn impatient(url: &str) -> String {
    if url.contains("connect_timeout=") {
        return url.to_owned();
    }
    let sign = if url.contains('?') { '&' } else { '?' };
    format!("{url}{sign}connect_timeout=5")
}

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

fn refuse_old_sqlite(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let row: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(connection)?;
    let mut parts = row.version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next(), parts.next(), parts.next());
    if found < (Some(3), Some(51), Some(3)) {
        return Err(StoreError::OldSqlite(row.version));
    }
    Ok(())
}

/// Begins a transaction that will write. SQLite takes its lock now: a read that
/// turns into a write later fails when another process wrote in between.
pub fn begin_write(db: &mut Db) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
        }
        Db::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection),
    }
}

/// Begins a transaction that only reads, all of it as of one moment: SQLite's always do.
pub fn begin_snapshot(db: &mut Db) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection),
        Db::Postgres(connection) => {
            let begin = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
            AnsiTransactionManager::begin_transaction_sql(connection, begin)
        }
    }
}

/// Commits what [`begin_write`] began.
pub fn commit(db: &mut Db) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection),
        Db::Postgres(connection) => AnsiTransactionManager::commit_transaction(connection),
    }
}

/// Rolls back what [`begin_write`] began.
pub fn rollback(db: &mut Db) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(connection) => AnsiTransactionManager::rollback_transaction(connection),
        Db::Postgres(connection) => AnsiTransactionManager::rollback_transaction(connection),
    }
}

/// Lets only one transaction at a time, of all processes on this database, go past
/// this point for `what`, until it ends. SQLite has but one writer anyway.
pub fn one_at_a_time(db: &mut Db, what: &str) -> diesel::QueryResult<()> {
    match db {
        Db::Sqlite(_) => Ok(()),
        Db::Postgres(connection) => {
            diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<Text, _>(what)
                .execute(connection)
                .map(drop)
        }
    }
}

/// A connection kept in the pool, and when it was last known to be sound.
pub struct Kept {
    db: Db,
    sound: Instant,
}

/// How long a connection is believed to be sound; then it is asked before it is used.
const BELIEVED: Duration = Duration::from_secs(2);

impl Deref for Kept {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl DerefMut for Kept {
    fn deref_mut(&mut self) -> &mut Db {
        &mut self.db
    }
}

/// Makes pooled connections.
pub struct Manager(Target);

impl Manager {
    /// For one database.
    #[must_use]
    pub const fn new(target: Target) -> Self {
        Self(target)
    }
}

impl ManageConnection for Manager {
    type Connection = Kept;
    type Error = StoreError;

    fn connect(&self) -> Result<Kept, StoreError> {
        Ok(Kept { db: self.0.connect()?, sound: Instant::now() })
    }

    // The pool asks before every use. A question to PostgreSQL is a whole round trip, as long as a read itself, so one
    // that was in use a moment ago is believed.
    fn is_valid(&self, kept: &mut Kept) -> Result<(), StoreError> {
        if let Db::Postgres(connection) = &mut kept.db
            && kept.sound.elapsed() > BELIEVED
        {
            connection.ping()?;
        }
        Ok(())
    }

    fn has_broken(&self, kept: &mut Kept) -> bool {
        let broken = match &mut kept.db {
            Db::Sqlite(connection) => connection.is_broken(),
            Db::Postgres(connection) => connection.is_broken(),
        };
        if !broken {
            kept.sound = Instant::now();
        }
        broken
    }
}
