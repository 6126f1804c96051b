//! What happened stays: the database itself refuses to change what is only ever added.

use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types::Text};
use qiyema_server::store::connection::Db;

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

#[tokio::test(flavor = "multi_thread")]
async fn no_row_of_history_can_be_changed_or_deleted_whatever_the_table() {
    for database in BOTH {
        let town = Town::on(database);
        town.count().await;
        let mut db = town.shared.store.connection().unwrap();
        let tables = guarded(&mut db);
        for table in ["ratings", "events", "closures", "rating_appeals", "appeal_outcomes", "rating_flags"] {
            assert!(tables.iter().any(|one| one == table), "{database}: {table} is not guarded");
        }
        let (mut tried, mut replaced) = (Vec::new(), Vec::new());
        for table in tables {
            let column = match &**db {
                Db::Sqlite(_) => {
                    format!("SELECT name AS word FROM pragma_table_info('{table}') ORDER BY cid")
                }
                Db::Postgres(_) => format!(
                    "SELECT column_name::text AS word FROM information_schema.columns \
                     WHERE table_name = '{table}' ORDER BY ordinal_position"
                ),
            };
            let column = words(&mut db, &column).remove(0);
            let some = format!("SELECT CAST(count(*) AS TEXT) AS word FROM {table}");
            let mut statements = Vec::new();
            let written = words(&mut db, &some) != ["0"];
            if database == "sqlite" && written {
                // REPLACE deletes without a trigger of deletion, unless the connection asks for it; a superuser's does not.
                replaced.push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"));
                let rowid = format!(
                    "SELECT group_concat('\"' || name || '\"') AS word FROM pragma_table_info('{table}')"
                );
                let columns = words(&mut db, &rowid).remove(0);
                replaced.push(format!(
                    "INSERT OR REPLACE INTO {table} (rowid, {columns}) SELECT rowid, {columns} FROM {table} LIMIT 1"
                ));
            }
            // A guard of rows speaks where there is a row; PostgreSQL also guards the table as a whole.
            if written {
                statements.push(format!("UPDATE {table} SET {column} = {column}"));
                statements.push(format!("DELETE FROM {table}"));
                tried.push(table.clone());
            }
            if database == "postgres" {
                statements.push(format!("TRUNCATE {table} CASCADE"));
            }
            for statement in statements {
                let refused = sql_query(&statement).execute(&mut **db).unwrap_err().to_string();
                assert!(refused.contains("append-only"), "{database}: {statement}: {refused}");
            }
        }
        drop(db);
        if database == "sqlite" {
            let file = town.database.strip_prefix("sqlite:").unwrap();
            let mut plain = SqliteConnection::establish(file).unwrap();
            assert!(replaced.len() > 30, "{replaced:?}");
            for statement in &replaced {
                let refused = sql_query(statement).execute(&mut plain).unwrap_err().to_string();
                assert!(refused.contains("append-only"), "{statement}: {refused}");
            }
        }
        assert!(tried.len() >= 15, "{database}: {tried:?}");
    }
}
