//! Each entry belongs to one row and each row to one entry: whoever renames entries, or writes a row down twice, is named,
//! and gets nothing old into the log by it. And a log that stands still is noticed.

use chrono::TimeDelta;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_server::{
    actions::{
        job::Job,
        ledger::verify::{Fault, Found},
    },
    clock::Clock,
    startup::jobs::Runner,
};

use crate::{
    console::Browser,
    harness::{BOTH, Town},
    ledger::{as_superuser, checked, enter},
};

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

fn ids(town: &Town, sql: &str) -> Vec<String> {
    let mut db = town.shared.store.connection().unwrap();
    sql_query(sql).load::<Id>(&mut **db).unwrap().into_iter().map(|row| row.id).collect()
}

fn change(town: &Town, statements: &[String]) {
    let mut db = town.shared.store.connection().unwrap();
    as_superuser(&mut db, statements);
}

fn found(table: &str, row: &str, fault: Fault) -> Found {
    Found { table: table.to_owned(), row: row.to_owned(), fault }
}

/// A rating under a name of long ago.
fn forged(old: &str) -> (String, String) {
    let name = format!("01900000{}", &old[8..]);
    let columns = "enterprise_id, issue_id, closure_id || 'y', tier, round, 'good', level, solved, comment, tags, tags_version, code_id, at";
    let statement = format!("INSERT INTO ratings SELECT '{name}', {columns} FROM ratings WHERE id = '{old}'");
    (name, statement)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_took_the_name_of_another_row_has_lost_its_own() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let ratings = ids(&town, "SELECT id FROM ratings WHERE id <> upper(id) ORDER BY id");
        let (gone, other) = (&ratings[0], ratings[1].to_uppercase());
        let mut statements = vec![
            format!("DELETE FROM ratings WHERE id = '{gone}'"),
            format!(
                "UPDATE ledger_entries SET row_id = '{other}' WHERE kind = 'ratings' AND row_id = '{gone}'"
            ),
        ];
        if database == "sqlite" {
            // For the table's own names, but not for the log's: the one is taken for the other only one way round.
            statements.extend([
                "PRAGMA writable_schema = ON".to_owned(),
                "UPDATE sqlite_master SET sql = replace(sql, 'id TEXT NOT NULL PRIMARY KEY', \
                 'id TEXT COLLATE NOCASE NOT NULL PRIMARY KEY') WHERE name = 'ratings'"
                    .to_owned(),
                "PRAGMA writable_schema = RESET".to_owned(),
                "REINDEX ratings".to_owned(),
            ]);
        }
        change(&town, &statements);
        assert_eq!(checked(&town).rows, [found("ratings", &other, Fault::Missing)], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_there_twice_is_named_for_the_second_time() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let one = ids(&town, "SELECT id FROM ratings ORDER BY id").remove(3);
        let own = if database == "sqlite" {
            vec![
                "CREATE TABLE free AS SELECT * FROM ratings".to_owned(),
                "DROP TABLE ratings".to_owned(),
                "ALTER TABLE free RENAME TO ratings".to_owned(),
            ]
        } else {
            vec![
                "DO $$ DECLARE one text; BEGIN FOR one IN SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u') \
                 AND conrelid = 'ratings'::regclass LOOP \
                 EXECUTE format('ALTER TABLE ratings DROP CONSTRAINT %I CASCADE', one); END LOOP; END $$"
                    .to_owned(),
            ]
        };
        let twice = format!("INSERT INTO ratings SELECT * FROM ratings WHERE id = '{one}'");
        change(&town, &[own, vec![twice]].concat());
        assert_eq!(checked(&town).rows, [found("ratings", &one, Fault::Added)], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_is_not_taken_in_again_with_what_was_slipped_into_it() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let (name, slip) = forged(&ids(&town, "SELECT id FROM ratings ORDER BY id")[0]);
        let renamed = |from: &str, to: &str| {
            format!(
                "UPDATE ledger_entries SET row_id = '{to}' WHERE kind = 'ledger_openings' AND row_id = '{from}'"
            )
        };
        change(&town, &[renamed("ratings", "other"), slip]);
        enter(&town).await;
        change(&town, &[renamed("other", "ratings")]);
        assert_eq!(checked(&town).rows, [found("ratings", &name, Fault::Added)], "{database}");

        // Whoever removes the opening's row as well gets the kind taken in again, and cannot undo that.
        let town = Town::on(database);
        enter(&town).await;
        let (_, slip) = forged(&ids(&town, "SELECT id FROM ratings ORDER BY id")[0]);
        let old =
            ids(&town, "SELECT CAST(at AS TEXT) AS id FROM ledger_openings WHERE kind = 'ratings'").remove(0);
        let opening = "DELETE FROM ledger_openings WHERE kind = 'ratings'".to_owned();
        let salt = "DELETE FROM ledger_salts WHERE kind = 'ledger_openings'".to_owned();
        change(&town, &[renamed("ratings", "other"), opening.clone(), salt, slip]);
        enter(&town).await;
        let back = [
            "DELETE FROM ledger_entries WHERE kind = 'ledger_openings' AND row_id = 'ratings'".to_owned(),
            renamed("other", "ratings"),
            opening,
            format!("INSERT INTO ledger_openings VALUES ('ratings', '{old}')"),
        ];
        change(&town, &back);
        let verified = checked(&town);
        assert!(!verified.heads.is_empty(), "{database}: its entry cannot be taken out again: {verified:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_under_old_names_let_nothing_old_in() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let (name, slip) = forged(&ids(&town, "SELECT id FROM ratings ORDER BY id")[0]);
        let (size, _) = town.shared.trust.log.kept().unwrap().unwrap();
        // As if nothing had been entered for long: whoever renames the newest entries seems to move the bounds back.
        let renamed = |table: &str| {
            format!("UPDATE {table} SET row_id = '~' || row_id WHERE kind <> 'ledger_openings'")
        };
        change(&town, &[renamed("ledger_entries"), renamed("ledger_salts"), slip]);
        enter(&town).await;
        assert!(
            town.shared.trust.log.kept().unwrap().unwrap().0 > size,
            "{database}: what is of today is entered"
        );
        let entered = format!("SELECT row_id AS id FROM ledger_entries WHERE row_id = '{name}'");
        assert!(ids(&town, &entered).is_empty(), "{database}: what is of long ago is not");
        assert!(checked(&town).rows.contains(&found("ratings", &name, Fault::Added)), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_stands_still_is_told_of_until_it_goes_on() {
    for database in BOTH {
        let clock = Clock::fixed(Clock::System.now());
        let town = Town::at(database, &[], &clock);
        enter(&town).await;
        let (size, _) = town.shared.trust.log.kept().unwrap().unwrap();
        // A node where the next one will be: what is entered next hits it.
        let place = tlog_tiles::stored_hash_index(0, size);
        change(&town, &[format!("INSERT INTO ledger_nodes VALUES ({place}, '{}')", "7".repeat(64))]);
        let code = ids(&town, "SELECT id FROM codes ORDER BY id").remove(0);
        let why = serde_json::json!({ "reason_code": "lost", "reason": "铭牌遗失" });
        let path = format!("/api/v1/staff/codes/{code}/suspension");
        assert_eq!(town.send("code_issuer", "POST", &path, why).await.0, 201, "{database}");
        let browser = Browser::signed_in(&town, "auditor").await;
        let runner = Runner::new(&town.shared).unwrap();
        for minutes in 0..12 {
            clock.set(clock.now() + TimeDelta::minutes(1));
            assert!(runner.look(Job::Ledger).await.is_err(), "{database}: it cannot go on");
            assert_eq!(town.shared.log.stalled(), minutes >= 10, "{database}: after {minutes} minutes");
        }
        let page = browser.page("/console/ledger").await;
        assert!(page.contains("仍未进入日志"), "{database}: {page}");
        assert!(checked(&town).waiting > 0, "{database}");

        change(&town, &[format!("DELETE FROM ledger_nodes WHERE place = {place}")]);
        clock.set(clock.now() + TimeDelta::minutes(1));
        while runner.look(Job::Ledger).await.unwrap() {}
        clock.set(clock.now() + TimeDelta::minutes(1));
        while runner.look(Job::Ledger).await.unwrap() {}
        assert!(!town.shared.log.stalled(), "{database}");
        assert!(!browser.page("/console/ledger").await.contains("仍未进入日志"), "{database}");
        assert!(checked(&town).is_sound(), "{database}");
    }
}
