//! Bringing the schema up to date, under a lock where several may try at once.

use diesel::{RunQueryDsl, connection::SimpleConnection, pg::Pg, sqlite::Sqlite};
use diesel_migrations::MigrationHarness;

use super::{
    StoreError,
    connection::{Db, ENDLESS_PATIENCE, Target},
    state_facts,
};

/// Any number; the same in every instance.
const ADVISORY_LOCK: i64 = 0x0051_1E0A;

/// Runs what is missing and returns the names of what ran. Tables that are new to what is written down of state are taken
/// over then: their rows stand as hashes in part, which SQL alone does not make on both databases.
pub fn run(target: &Target) -> Result<Vec<String>, StoreError> {
    let ran = pending(target)?;
    let mut db = target.connect()?;
    // Asked first: a command must not wait for a server that writes to the same file.
    if !state_facts::new(&mut db)?.is_empty() {
        super::transaction(&mut db, |db| state_facts::adopt(db).map_err(StoreError::from))?;
    }
    Ok(ran)
}

fn pending(target: &Target) -> Result<Vec<String>, StoreError> {
    let failed = |error: &dyn std::fmt::Display| StoreError::Migration(format!("migrating failed: {error}"));
    match &mut target.connect()? {
        Db::Sqlite(connection) => {
            let ran = connection.run_pending_migrations(qiyema_migrations::SQLITE).map_err(|e| failed(&e))?;
            Ok(ran.iter().map(ToString::to_string).collect())
        }
        Db::Postgres(connection) => {
            connection.batch_execute(ENDLESS_PATIENCE)?;
            diesel::sql_query(format!("SELECT pg_advisory_lock({ADVISORY_LOCK})")).execute(connection)?;
            let ran = connection.run_pending_migrations(qiyema_migrations::POSTGRES);
            let names = ran.map(|ran| ran.iter().map(ToString::to_string).collect()).map_err(|e| failed(&e));
            connection.batch_execute(&format!("SELECT pg_advisory_unlock({ADVISORY_LOCK})"))?;
            names
        }
    }
}

/// Refuses a schema that is behind (run `migrate`) or newer than this program.
pub fn check(target: &Target) -> Result<(), StoreError> {
    let (behind, newer) = match &mut target.connect()? {
        Db::Sqlite(connection) => state::<Sqlite, _>(connection, &qiyema_migrations::SQLITE)?,
        Db::Postgres(connection) => state::<Pg, _>(connection, &qiyema_migrations::POSTGRES)?,
    };
    if newer {
        return Err(StoreError::Migration(
            "the database is newer than this program; use the newer program".into(),
        ));
    }
    if behind {
        return Err(StoreError::Migration(
            "the database is behind; run `qiyema-server migrate` once, then start again".into(),
        ));
    }
    Ok(())
}

fn state<B, C>(
    connection: &mut C,
    source: &diesel_migrations::EmbeddedMigrations,
) -> Result<(bool, bool), StoreError>
where
    B: diesel::backend::Backend,
    C: MigrationHarness<B>,
    diesel_migrations::EmbeddedMigrations: diesel::migration::MigrationSource<B>,
{
    use diesel::migration::MigrationSource;
    let failed = |error| StoreError::Migration(format!("reading migrations failed: {error}"));
    let known = source.migrations().map_err(failed)?;
    let applied = connection.applied_migrations().map_err(failed)?;
    let behind = known.len() > applied.len();
    let newer = applied.iter().any(|version| !known.iter().any(|m| m.name().version() == *version));
    Ok((behind, newer))
}
