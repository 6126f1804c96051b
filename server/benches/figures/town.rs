//! A town of any size, made by the database itself: fifty units, a thousand people and enterprises, five leaders,
//! thirty categories, twelve channels, a year of issues. What makes figures differ is all in it (`met.rs` asks): whatever
//! one number has, it has by what remains of it, so that every run fills in the same.

mod after;
mod closures;
mod dialect;
mod filling;
mod handled;
mod issues;
mod people;
mod ratings;
mod steps;

use anyhow::Result;
use diesel::{
    QueryResult, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use qiyema_server::store::connection::Db;

use self::{dialect::Dialect, filling::Filling};

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

/// Whether there are no issues yet.
pub(crate) fn is_empty(db: &mut Db) -> Result<bool> {
    let found: Vec<Id> = sql_query("SELECT id FROM issues LIMIT 1").load(&mut *db)?;
    Ok(found.into_iter().all(|one| one.id.is_empty()))
}

/// Fills an empty database with so many closed issues, and one in fifty more that are not.
pub(crate) fn fill(db: &mut Db, issues: u32) -> Result<()> {
    match db {
        Db::Sqlite(db) => {
            // Without a journal: of ten million issues it would be larger than the database. One that breaks off is thrown away.
            db.batch_execute(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; \
                 PRAGMA cache_size = -4000000; BEGIN;",
            )?;
            // Indexes are made at the end, triggers put back: one by one with every row they take most of the time.
            let aside = aside(db)?;
            for Made { kind, name, .. } in &aside {
                db.batch_execute(&format!("DROP {kind} \"{name}\""))?;
            }
            for statement in statements(Dialect::Sqlite, issues) {
                db.batch_execute(&statement)?;
            }
            for Made { sql, .. } in &aside {
                db.batch_execute(sql)?;
            }
            db.batch_execute(
                "COMMIT; ANALYZE; PRAGMA cache_size = -2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON;",
            )?;
        }
        Db::Postgres(db) => {
            // Without the checks of every foreign key: the rows are made to fit.
            db.batch_execute("SET statement_timeout = 0; SET session_replication_role = replica; BEGIN;")?;
            for statement in statements(Dialect::Postgres, issues) {
                db.batch_execute(&statement)?;
            }
            db.batch_execute("COMMIT; ANALYZE; SET session_replication_role = origin;")?;
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// The indexes and triggers that migrations made.
fn aside(db: &mut SqliteConnection) -> QueryResult<Vec<Made>> {
    let made = "SELECT type AS kind, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL";
    sql_query(made).load(db)
}

/// In what order tables are filled: what others name comes first.
fn statements(d: Dialect, closed: u32) -> Vec<String> {
    let mut filling = Filling { d, closed, statements: people::statements(d) };
    issues::fill(&mut filling);
    handled::fill(&mut filling);
    closures::fill(&mut filling);
    ratings::fill(&mut filling);
    after::fill(&mut filling);
    steps::fill(&mut filling);
    filling.statements
}
