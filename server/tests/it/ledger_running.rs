//! The log of a server that runs: it begins, goes on, and stops when the database
//! is not what was signed. Whatever happens, no honest row is ever named.

use std::collections::BTreeMap;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_server::{
    actions::{
        job::Job,
        ledger::{
            self, Behind,
            verify::{Fault, Found},
        },
        rights::Actor,
    },
    domain::ledger::{
        Kind,
        columns::{Form, columns},
    },
    startup::jobs::Runner,
    store::{connection::Db, issues},
};

use crate::{
    harness::{BOTH, Town},
    ledger::{as_superuser, checked, enter},
};

async fn ready(town: &Town) -> (u16, String) {
    let answer = reqwest::get(town.url("/readyz")).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_broken_off_while_it_begins_names_nothing() {
    for database in BOTH {
        let town = Town::on(database);
        let before = checked(&town);
        assert!(before.is_sound() && before.waiting > 1500, "{database}: {before:?}");
        let mut last = 0;
        for turn in 0.. {
            // Another process goes on each time, and meanwhile people go on as well.
            let runner = Runner::new(&town.shared).unwrap();
            let more = runner.look(Job::Ledger).await.unwrap();
            let mut db = town.shared.store.connection().unwrap();
            sql_query("UPDATE leases SET until = '2000-01-01 00:00:00'").execute(&mut **db).unwrap();
            drop(db);
            if turn % 16 == 3 {
                let found = checked(&town);
                assert!(found.is_sound() && found.entries >= last, "{database} {turn}: {found:?}");
                last = found.entries;
                town.token("auditor").await;
            }
            if !more {
                break;
            }
        }
        enter(&town).await;
        let found = checked(&town);
        assert!(found.is_sound() && found.waiting == 0, "{database}: {found:?}");
        assert!(found.entries > before.waiting, "{database}: kinds are opened in the log itself");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_turned_back_under_a_running_server_stops_it() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        assert_eq!(ready(&town).await.0, 200, "{database}");
        let (size, _) = town.shared.trust.log.kept().unwrap().unwrap();
        let mut db = town.shared.store.connection().unwrap();
        let back = size - 10;
        // As a copy of before the last ten entries has it.
        let own = "kind || row_id";
        as_superuser(
            &mut db,
            &[
                format!("DELETE FROM ledger_entries WHERE position >= {back}"),
                format!("DELETE FROM ledger_heads WHERE size > {back}"),
                format!("DELETE FROM ledger_nodes WHERE place >= {}", tlog_tiles::stored_hash_index(0, back)),
                format!("DELETE FROM ledger_salts WHERE {own} NOT IN (SELECT {own} FROM ledger_entries)"),
            ],
        );
        drop(db);
        enter(&town).await;
        let (status, said) = ready(&town).await;
        assert!(status == 503 && said.contains("log_broken"), "{database}: {status} {said}");
        assert_eq!(checked(&town).entries, back, "{database}: nothing more is entered");

        let mut db = town.shared.store.connection().unwrap();
        let (actor, at) = (Actor::at_the_machine(), town.shared.clock.now());
        ledger::accept(&mut db, &actor, &town.shared.trust.log, at).unwrap();
        drop(db);
        enter(&town).await;
        assert_eq!(ready(&town).await.0, 200, "{database}: somebody answers for it");
        assert!(checked(&town).entries > back, "{database}: the log goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_that_nobody_signed_are_named_and_stop_the_log() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let (size, _) = town.shared.trust.log.kept().unwrap().unwrap();
        let mut db = town.shared.store.connection().unwrap();
        let forged = "01900000-0000-7000-8000-000000000001";
        let columns = "enterprise_id, subject_id, seq + 2000000, kind, state, note, detail, at, \"by\"";
        let slipped = [
            format!("INSERT INTO events SELECT '{forged}', {columns} FROM events WHERE seq = 1 LIMIT 1"),
            format!("INSERT INTO ledger_entries VALUES ({size}, 'events', '{forged}', '{}')", "7".repeat(64)),
            format!("INSERT INTO ledger_heads SELECT {}, root, note, at FROM ledger_heads LIMIT 1", size + 1),
        ];
        as_superuser(&mut db, &slipped);
        let stands = ledger::stands(&mut db, &town.shared.trust.log).unwrap();
        assert_eq!(stands, Err(Behind::Beyond { have: size + 1 }), "{database}");
        drop(db);
        enter(&town).await;
        assert_eq!(ready(&town).await.0, 503, "{database}");
        let found = checked(&town);
        let unsigned = Found { table: "events".to_owned(), row: forged.to_owned(), fault: Fault::Unsigned };
        assert!(found.rows.contains(&unsigned), "{database}: {:?}", found.rows);
        assert!(found.rows.iter().all(|one| one.row == forged), "{database}: {:?}", found.rows);
        assert_eq!(found.heads, [size + 1], "{database}: nobody can sign for it");
    }
}

/// What is behind the first entry is covered by no head, so that it says nothing for a row.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_before_the_first_one_passes_for_none() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let mut db = town.shared.store.connection().unwrap();
        let forged = "01900000-0000-7000-8000-000000000002";
        let columns = "enterprise_id, subject_id, seq + 2000000, kind, state, note, detail, at, \"by\"";
        let slipped = [
            format!("INSERT INTO events SELECT '{forged}', {columns} FROM events WHERE seq = 1 LIMIT 1"),
            format!("INSERT INTO ledger_entries VALUES (-1, 'events', '{forged}', '{}')", "7".repeat(64)),
        ];
        as_superuser(&mut db, &slipped);
        let stands = ledger::stands(&mut db, &town.shared.trust.log).unwrap();
        assert!(matches!(stands, Err(Behind::Beyond { .. })), "{database}: {stands:?}");
        drop(db);
        enter(&town).await;
        assert_eq!(ready(&town).await.0, 503, "{database}");
        let unsigned = Found { table: "events".to_owned(), row: forged.to_owned(), fault: Fault::Unsigned };
        assert!(checked(&town).rows.contains(&unsigned), "{database}");
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sort: String,
}

fn schema(db: &mut Db, table: &str) -> BTreeMap<String, String> {
    let sql = match db {
        Db::Sqlite(_) => format!("SELECT name, type AS sort FROM pragma_table_info('{table}')"),
        Db::Postgres(_) => format!(
            "SELECT column_name::text AS name, data_type::text AS sort FROM information_schema.columns \
             WHERE table_name = '{table}'"
        ),
    };
    let rows: Vec<Column> = sql_query(sql).load(db).unwrap();
    rows.into_iter().map(|row| (row.name, row.sort.to_uppercase())).collect()
}

#[test]
fn the_log_covers_every_column_of_its_tables() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        for kind in Kind::ALL {
            let own = columns(kind).iter().map(|(name, form)| {
                let sorts: &[&str] = match form {
                    Form::Text => &["TEXT"],
                    Form::Number => &["INTEGER", "BIGINT"],
                    Form::Flag => &["BOOLEAN"],
                    Form::Moment => &["TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE"],
                    Form::Day => &["DATE"],
                };
                ((*name).to_owned(), sorts)
            });
            let own: BTreeMap<_, _> = own.collect();
            let there = schema(&mut db, kind.table());
            assert_eq!(
                own.keys().collect::<Vec<_>>(),
                there.keys().collect::<Vec<_>>(),
                "{database}: {kind:?}; what is new about its rows gets a table of its own (docs/ledger.md)"
            );
            for (name, sort) in &there {
                assert!(own[name].contains(&&**sort), "{database}: {kind:?}.{name} is {sort}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_does_not_make_its_own_what_somebody_changed_before() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let numbers = words(&mut db, "SELECT number AS name, '' AS sort FROM issues ORDER BY number");
        let step = |db: &mut Db, number: &str| {
            let (mut row, ..) = issues::by_number(db, number).unwrap().unwrap();
            let seen = row.version;
            row.version += 1;
            assert!(issues::advance(db, &row, seen).unwrap());
            row.id
        };
        step(&mut db, &numbers[0]);
        assert!(checked(&town).is_sound(), "{database}: an honest step");
        let other = "CASE level WHEN 'city' THEN 'county' ELSE 'city' END";
        as_superuser(
            &mut db,
            &[format!("UPDATE issues SET level = {other} WHERE number = '{}'", numbers[1])],
        );
        let id = step(&mut db, &numbers[1]);
        step(&mut db, &numbers[1]);
        drop(db);
        enter(&town).await;
        let altered = Found { table: "issues".to_owned(), row: id, fault: Fault::Altered };
        assert_eq!(checked(&town).rows, [altered], "{database}");
    }
}

fn words(db: &mut Db, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Column>(db).unwrap().into_iter().map(|row| row.name).collect()
}
