//! The tamper-evident log: whatever a superuser does to the database is named,
//! an older copy is noticed, and anybody can follow a row to a signed head.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use diesel::{QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text};
use qiyema_protocol::ledger::Inclusion;
use qiyema_server::{
    actions::{
        job::{self, Job},
        ledger::{
            self, Behind,
            verify::{Fault, Verified, verify},
        },
        rights::Actor,
    },
    startup::jobs::Runner,
    store::connection::Db,
};
use tlog_tiles::{Hash, TileHashReader, TileReader, check_record, check_tree, prove_tree};

use crate::{
    console::Browser,
    harness::{BOTH, Town},
};

/// A town whose past is in the log.
async fn entered(database: &str) -> Town {
    let town = Town::on(database);
    enter(&town).await;
    town
}

pub async fn enter(town: &Town) {
    // A runner of its own has not the lease of the one before.
    let later = town.shared.clock.now() + chrono::TimeDelta::hours(1);
    let runner = Runner::new(&town.shared).unwrap();
    while runner.look(Job::Ledger).await.unwrap() {}
    let mut db = town.shared.store.connection().unwrap();
    job::take(&mut db, Job::Ledger, "", later, chrono::TimeDelta::hours(-2)).unwrap();
}

pub fn checked(town: &Town) -> Verified {
    let mut db = town.shared.store.connection().unwrap();
    let key = &town.shared.trust.log;
    let outside: Vec<_> = key.kept().unwrap().into_iter().collect();
    verify(&mut db, key, &outside, town.shared.clock.now()).unwrap()
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

fn ids(db: &mut Db, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Id>(db).unwrap().into_iter().map(|row| row.id).collect()
}

/// As a superuser: without triggers, foreign keys and checks.
pub fn as_superuser(db: &mut Db, statements: &[String]) {
    match db {
        Db::Sqlite(db) => {
            let triggers = "SELECT name AS id FROM sqlite_master WHERE type = 'trigger'";
            let names: Vec<Id> = sql_query(triggers).load(db).unwrap();
            for one in names {
                db.batch_execute(&format!("DROP TRIGGER {}", one.id)).unwrap();
            }
            db.batch_execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").unwrap();
            for statement in statements {
                db.batch_execute(statement).unwrap();
            }
        }
        Db::Postgres(db) => {
            db.batch_execute("SET session_replication_role = replica").unwrap();
            let checks = "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS id \
                          FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0";
            let checks: Vec<Id> = sql_query(checks).load(db).unwrap();
            for one in checks {
                db.batch_execute(&one.id).unwrap();
            }
            for statement in statements {
                db.batch_execute(statement).unwrap();
            }
            db.batch_execute("SET session_replication_role = DEFAULT").unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_superuser_is_named_and_nothing_else() {
    for database in BOTH {
        let town = entered(database).await;
        let sound = checked(&town);
        assert!(sound.is_sound() && sound.entries > 1500 && sound.waiting == 0, "{database}: {sound:?}");

        let mut expected = BTreeSet::new();
        let mut done = Vec::new();
        {
            let mut db = town.shared.store.connection().unwrap();
            for (table, changes) in [
                ("ratings", &["verdict = 'bad'", "comment = 'x'", "code_id = 'x'", "tags = 'x'"][..]),
                ("events", &["note = 'x'", "at = '2026-01-01 00:00:00'", "\"by\" = 'x'", "detail = '{}'"]),
                ("closures", &["handler_id = 'x'", "due_on = '2027-01-01'", "reply = 'x'"]),
                ("assignments", &["unit_id = 'x'", "handler_id = NULL"]),
                ("extensions", &["to_on = '2027-01-01'", "reason = 'expert_review'"]),
            ] {
                let all = ids(&mut db, &format!("SELECT id FROM {table} ORDER BY id"));
                for (index, id) in all.iter().enumerate().filter(|(index, _)| index % 4 == 1) {
                    if index % 12 == 1 {
                        done.push(format!("DELETE FROM {table} WHERE id = '{id}'"));
                        expected.insert((table.to_owned(), id.clone(), Fault::Missing));
                    } else {
                        let change = changes[index / 4 % changes.len()];
                        let (column, value) = change.split_once(" = ").unwrap();
                        // What stays the same is no change.
                        let differs = if value == "NULL" {
                            format!("{column} IS NOT NULL")
                        } else {
                            format!("({column} IS NULL OR {column} <> {value})")
                        };
                        let of = format!("SELECT id FROM {table} WHERE id = '{id}' AND {differs}");
                        if !ids(&mut db, &of).is_empty() {
                            done.push(format!("UPDATE {table} SET {change} WHERE id = '{id}'"));
                            expected.insert((table.to_owned(), id.clone(), Fault::Altered));
                        }
                    }
                }
            }
            let old = ids(&mut db, "SELECT id FROM ratings ORDER BY id").remove(0);
            // As if it had been given long ago: what is younger than a few minutes is only late.
            let added = format!("01900000{}", &old[8..]);
            done.push(format!(
                "INSERT INTO ratings SELECT '{added}', enterprise_id, issue_id, 'x', tier, round, 'good', level, solved, comment, tags, tags_version, code_id, at FROM ratings WHERE id = '{old}'"
            ));
            expected.insert(("ratings".to_owned(), added, Fault::Added));
            as_superuser(&mut db, &done);
        }
        // What is entered afterwards hides nothing.
        enter(&town).await;
        let found = checked(&town);
        let named: BTreeSet<_> =
            found.rows.iter().map(|one| (one.table.clone(), one.row.clone(), one.fault)).collect();
        assert!(expected.len() > 300, "{database}: {}", expected.len());
        let differ: Vec<_> = named.symmetric_difference(&expected).collect();
        assert!(differ.is_empty(), "{database}: {differ:?}");
        assert!(found.heads.is_empty(), "{database}: the log itself stands");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_rewritten_does_not_lead_to_its_heads() {
    for database in BOTH {
        let town = entered(database).await;
        let (size, _) = town.shared.trust.log.kept().unwrap().unwrap();
        {
            let mut db = town.shared.store.connection().unwrap();
            let one = "UPDATE ledger_entries SET leaf = (SELECT leaf FROM ledger_entries WHERE position = 8) \
                       WHERE position = 7";
            as_superuser(&mut db, &[one.to_owned()]);
        }
        let found = checked(&town);
        assert_eq!(found.rows.len(), 1, "{database}: {:?}", found.rows);
        assert!(found.heads.contains(&size), "{database}: {:?}", found.heads);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_is_refused_until_somebody_answers_for_it() {
    for database in BOTH {
        let town = entered(database).await;
        let key = &town.shared.trust.log;
        let mut db = town.shared.store.connection().unwrap();
        assert_eq!(ledger::stands(&mut db, key).unwrap(), Ok(()), "{database}");
        let (size, _) = key.kept().unwrap().unwrap();
        // The copy of an hour ago: the last ten entries are not in it.
        let cut = format!("DELETE FROM ledger_entries WHERE position >= {}", size - 10);
        as_superuser(&mut db, &[cut]);
        let behind = Behind::Short { have: size - 10, size };
        assert_eq!(ledger::stands(&mut db, key).unwrap(), Err(behind), "{database}");
        assert!(behind.to_string().contains("ledger accept"));

        let (actor, at) = (Actor::at_the_machine(), town.shared.clock.now());
        ledger::accept(&mut db, &actor, key, at).unwrap();
        assert_eq!(ledger::stands(&mut db, key).unwrap(), Ok(()), "{database}");
        let trail = ids(&mut db, "SELECT kind AS id FROM admin_events WHERE kind = 'ledger_accepted'");
        assert_eq!(trail.len(), 1, "{database}: the trail says so");
        key.forget().unwrap();
        let unknown = ledger::stands(&mut db, key).unwrap();
        assert_eq!(unknown, Err(Behind::Unknown { have: size - 10 }), "{database}");
    }
}

/// Tiles as anybody fetches them.
struct Tiles {
    base: String,
    runtime: tokio::runtime::Handle,
}

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let fetch = |tile: &tlog_tiles::Tile| {
            let url = format!("{}/ledger/{}", self.base, tile.path().replacen("tile/8/", "tile/", 1));
            let fetched = async { crate::harness::get(url).await.unwrap().bytes().await.unwrap().to_vec() };
            self.runtime.block_on(fetched)
        };
        Ok(tiles.iter().map(fetch).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_is_followed_to_a_signed_head_and_heads_to_one_another() {
    for database in BOTH {
        let town = entered(database).await;
        let read = async |path: &str| {
            let answer = crate::harness::get(town.url(path)).await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let first = read("/ledger/checkpoint").await.1;
        let number = crate::ratings::unrated(&town).await;
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
        let client = crate::harness::client();
        let rated =
            client.post(url).header("Idempotency-Key", "k").json(&serde_json::json!({ "verdict": "bad" }));
        let rated: serde_json::Value = rated.send().await.unwrap().json().await.unwrap();
        let receipt = rated["receipt"].as_str().unwrap();
        let claims =
            data_encoding::BASE64URL_NOPAD.decode(receipt.split('.').nth(1).unwrap().as_bytes()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        let path = format!("/api/v1/ledger/ratings/{}", claims["sub"].as_str().unwrap());
        assert_eq!(read(&path).await.0, 404, "{database}: not yet entered");
        enter(&town).await;

        let proof: Inclusion = serde_json::from_str(&read(&path).await.1).unwrap();
        let hash = |text: &str| Hash(HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap());
        let (size, root) = town.shared.trust.log.read(&proof.checkpoint).unwrap();
        let way = proof.proof.iter().map(|one| hash(one)).collect();
        check_record(&way, size, root, proof.position, hash(&proof.leaf)).unwrap();

        // The older head is a part of the newer one, by tiles alone.
        let (old, old_root) = town.shared.trust.log.read(&first).unwrap();
        assert!(old < size, "{database}");
        let (base, runtime) = (town.base.clone(), tokio::runtime::Handle::current());
        tokio::task::spawn_blocking(move || {
            let tiles = Tiles { base, runtime };
            let reader = TileHashReader::new(size, root, &tiles);
            let way = prove_tree(size, old, &reader).unwrap();
            check_tree(&way, size, root, old, old_root).unwrap();
        })
        .await
        .unwrap();
        for nothing in [
            "/ledger/tile/63/000",
            "/ledger/tile/7/000",
            "/ledger/tile/0/000.p/0",
            "/ledger/tile/0/x999/x999/x999/x999/999",
            "/ledger/tile/0/999",
            "/ledger/tile/data/000",
            "/ledger/tile/x",
            "/api/v1/ledger/staff/1",
        ] {
            assert_eq!(read(nothing).await.0, 404, "{database}: {nothing}");
        }
        let key = read("/ledger/key").await.1;
        assert_eq!(key.trim(), town.shared.trust.log.public(), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_sees_what_was_signed_and_that_the_database_no_longer_holds_it() {
    for database in BOTH {
        let town = entered(database).await;
        let auditor = Browser::signed_in(&town, "auditor").await;
        let page = auditor.page("/console/ledger").await;
        let (size, root) = town.shared.trust.log.kept().unwrap().unwrap();
        for shown in [size.to_string(), HEXLOWER.encode(&root.0), town.shared.trust.log.public().to_owned()] {
            assert!(page.contains(&shown), "{database}: {shown}: {page}");
        }
        assert!(page.contains("一致") && !page.contains("不一致"), "{database}");
        assert!(!auditor.page("/console/ledger?lang=en").await.contains('录'), "{database}");
        let reviewer = Browser::signed_in(&town, "performance_reviewer").await;
        assert_eq!(reviewer.get("/console/ledger").await.status(), 403, "{database}");

        let mut db = town.shared.store.connection().unwrap();
        let rewritten = format!("UPDATE ledger_nodes SET hash = '{}'", "7".repeat(64));
        as_superuser(&mut db, &[rewritten]);
        drop(db);
        let page = auditor.page("/console/ledger").await;
        assert!(page.contains("日志被改写") && page.contains("不一致"), "{database}: {page}");
    }
}
