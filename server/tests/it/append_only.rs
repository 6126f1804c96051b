//! What happened stays: the database itself refuses to change what is only ever added.

use std::collections::BTreeSet;

use diesel::{
    Connection, QueryableByName, RunQueryDsl, SqliteConnection, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use qiyema_server::{
    domain::ledger::{
        Kind,
        columns::{Form, columns},
    },
    store::connection::Db,
};

use crate::harness::{BOTH, Town};

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(db: &mut Db, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}

/// Tables with a trigger that refuses.
fn guarded(db: &mut Db) -> Vec<String> {
    let sql = match db {
        Db::Sqlite(_) => {
            "SELECT DISTINCT tbl_name AS word FROM sqlite_schema \
             WHERE type = 'trigger' AND sql LIKE '%are append-only%' ORDER BY 1"
        }
        Db::Postgres(_) => {
            "SELECT DISTINCT c.relname::text AS word FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
             JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'refuse_change' ORDER BY 1"
        }
    };
    words(db, sql)
}

fn batch(db: &mut Db, sql: &str) {
    match db {
        Db::Sqlite(db) => db.batch_execute(sql).unwrap(),
        Db::Postgres(db) => db.batch_execute(sql).unwrap(),
    }
}

fn is_empty(db: &mut Db, table: &str) -> bool {
    words(db, &format!("SELECT CAST(count(*) AS TEXT) AS word FROM {table}")) == ["0"]
}

/// A guard of rows speaks where there is a row: each table of the log gets one, whatever it says and points to.
fn fill(db: &mut Db) {
    match db {
        Db::Sqlite(_) => batch(db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON"),
        Db::Postgres(_) => {
            let checks = "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS word \
                          FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0";
            for one in words(db, checks) {
                batch(db, &one);
            }
            batch(db, "SET session_replication_role = replica");
        }
    }
    for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Openings) {
        if is_empty(db, kind.table()) {
            let value = |form: &Form| match form {
                Form::Text => "'x'",
                Form::Number => "1",
                Form::Flag => "true",
                Form::Moment => "'2026-01-01 00:00:00'",
                Form::Day => "'2026-01-01'",
            };
            let names = columns(kind).iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>();
            let values = columns(kind).iter().map(|(_, form)| value(form)).collect::<Vec<_>>();
            let (table, names, values) = (kind.table(), names.join(", "), values.join(", "));
            batch(db, &format!("INSERT INTO {table} ({names}) VALUES ({values})"));
        }
    }
    if matches!(db, Db::Postgres(_)) {
        batch(db, "SET session_replication_role = DEFAULT");
    }
}

/// What the database lets somebody do with rows that are only ever added, of these tables; tried, not read from its catalogue.
fn allowed(db: &mut Db, tables: &BTreeSet<String>) -> Vec<String> {
    let mut allowed = Vec::new();
    for table in tables {
        let list = match db {
            Db::Sqlite(_) => format!("SELECT name AS word FROM pragma_table_info('{table}') ORDER BY cid"),
            Db::Postgres(_) => format!(
                "SELECT column_name::text AS word FROM information_schema.columns \
                 WHERE table_name = '{table}' ORDER BY ordinal_position"
            ),
        };
        let mut statements = Vec::new();
        // PostgreSQL also guards the table as a whole.
        if matches!(db, Db::Postgres(_)) {
            statements.push(format!("TRUNCATE {table} CASCADE"));
        }
        if !is_empty(db, table) {
            let columns = words(db, &list);
            statements
                .extend(columns.iter().map(|name| format!("UPDATE {table} SET \"{name}\" = \"{name}\"")));
            statements.push(format!("DELETE FROM {table}"));
        }
        for statement in statements {
            // Taken back, so that one guard that is missing hides no other.
            batch(db, "BEGIN");
            let done = sql_query(&statement).execute(db);
            batch(db, "ROLLBACK");
            match done {
                Err(refused) if refused.to_string().contains("append-only") => {}
                other => allowed.push(format!("{statement}: {other:?}")),
            }
        }
    }
    allowed
}

/// The same of SQLite's REPLACE: it deletes without a trigger of deletion, unless the connection asks for it, and a
/// superuser's does not.
fn replaced(town: &Town, db: &mut Db, tables: &BTreeSet<String>) -> Vec<String> {
    let file = town.database.strip_prefix("sqlite:").unwrap();
    let mut plain = SqliteConnection::establish(file).unwrap();
    let mut allowed = Vec::new();
    for table in tables {
        if is_empty(db, table) {
            continue;
        }
        let list =
            format!("SELECT group_concat('\"' || name || '\"') AS word FROM pragma_table_info('{table}')");
        let columns = words(db, &list).remove(0);
        for statement in [
            format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"),
            format!(
                "INSERT OR REPLACE INTO {table} (rowid, {columns}) SELECT rowid, {columns} FROM {table} LIMIT 1"
            ),
        ] {
            match sql_query(&statement).execute(&mut plain) {
                Err(refused) if refused.to_string().contains("append-only") => {}
                other => allowed.push(format!("{statement}: {other:?}")),
            }
        }
    }
    allowed
}

#[tokio::test(flavor = "multi_thread")]
async fn no_row_of_history_can_be_changed_or_deleted_whatever_the_table() {
    for database in BOTH {
        let town = Town::on(database);
        town.count().await;
        let mut db = town.shared.store.connection().unwrap();
        fill(&mut db);
        // Not those that have a guard alone: one of the log that lost all of its own would not be missed.
        let logged = Kind::ALL.into_iter().map(|kind| kind.table().to_owned());
        let tables: BTreeSet<String> = logged.chain(guarded(&mut db)).collect();
        for kind in Kind::ALL {
            assert!(!is_empty(&mut db, kind.table()), "{database}: {kind:?} cannot be tried");
        }
        assert_eq!(allowed(&mut db, &tables), [""; 0], "{database}");
        if database == "sqlite" {
            assert_eq!(replaced(&town, &mut db, &tables), [""; 0]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_that_is_lost_is_noticed_whichever_it_is() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        fill(&mut db);
        let tables: BTreeSet<String> = ["supervisions".to_owned(), "deferrals".to_owned()].into();
        assert_eq!(allowed(&mut db, &tables), [""; 0], "{database}");
        let lost: &[(&str, usize)] = match database {
            "sqlite" => &[("supervisions_no_update", 10), ("supervisions_no_delete", 11)],
            _ => &[
                ("supervisions_no_truncate ON supervisions", 1),
                ("supervisions_append_only ON supervisions", 12),
            ],
        };
        for (trigger, expected) in lost {
            batch(&mut db, &format!("DROP TRIGGER {trigger}"));
            let found = allowed(&mut db, &tables);
            assert_eq!(found.len(), *expected, "{database}: {trigger}: {found:?}");
            assert!(found.iter().all(|one| one.contains("supervisions")), "{database}: {found:?}");
        }
    }
}
