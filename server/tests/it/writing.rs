//! The writer under misfortune: lost connections, panics, a neighbour that cannot
//! be committed. What is acknowledged is stored, and the others get through.

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use qiyema_server::{
    actions::Refused,
    store::{Store, StoreError, connection::Db},
};

use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Rows of the test's own table.
fn rows(town: &Town) -> i64 {
    let mut db = town.shared.store.connection().unwrap();
    sql_query("SELECT count(*) AS n FROM child").get_result::<Count>(&mut **db).unwrap().n
}

/// A town with two tables in which a row without its parent fails at the commit.
fn town(database: &str) -> Town {
    let town = Town::on(database);
    let mut db = town.shared.store.connection().unwrap();
    sql_query("CREATE TABLE parent (id INTEGER PRIMARY KEY)").execute(&mut **db).unwrap();
    let child = "CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)";
    sql_query(child).execute(&mut **db).unwrap();
    sql_query("INSERT INTO parent (id) VALUES (1)").execute(&mut **db).unwrap();
    drop(db);
    town
}

fn insert(db: &mut Db, parent: i32) -> Result<(), Refused> {
    sql_query(format!("INSERT INTO child (parent) VALUES ({parent})")).execute(db)?;
    Ok(())
}

/// Holds the writer for a moment, so that what follows falls into one group.
fn hold(store: &Store) -> tokio::task::JoinHandle<Result<(), Refused>> {
    let store = store.clone();
    tokio::spawn(async move {
        store
            .write(|_| {
                std::thread::sleep(Duration::from_millis(300));
                Ok(())
            })
            .await
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deed_that_cannot_be_committed_spoils_no_other() {
    for database in BOTH {
        let town = town(database);
        let held = hold(&town.shared.store);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut asked = tokio::task::JoinSet::new();
        for turn in 0..10 {
            let store = town.shared.store.clone();
            let parent = if turn == 4 { 99 } else { 1 };
            asked.spawn(async move { store.write(move |db| insert(db, parent)).await.is_ok() });
        }
        let stored = asked.join_all().await.into_iter().filter(|ok| *ok).count();
        held.await.unwrap().unwrap();
        assert_eq!((stored, rows(&town)), (9, 9), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deed_that_panics_is_answered_and_the_writer_goes_on() {
    for database in BOTH {
        let town = town(database);
        let held = hold(&town.shared.store);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let before = town.shared.store.write(|db| insert(db, 1));
        let panics = town.shared.store.write(|db| -> Result<(), Refused> {
            insert(db, 1)?;
            panic!("on purpose")
        });
        let after = town.shared.store.write(|db| insert(db, 1));
        let (before, panics, after) = tokio::join!(before, panics, after);
        held.await.unwrap().unwrap();
        assert!(before.is_ok() && after.is_ok(), "{database}");
        assert!(matches!(panics, Err(Refused::Store(StoreError::Panicked))), "{database}: {panics:?}");
        assert_eq!(rows(&town), 2, "{database}: nothing of the one that panicked, the others once");
        town.shared.store.write(|db| insert(db, 1)).await.unwrap();
        assert_eq!(rows(&town), 3, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_killed_between_two_writes_is_opened_again() {
    let town = town("postgres");
    town.shared.store.write(|db| insert(db, 1)).await.unwrap();
    {
        let mut db = town.shared.store.connection().unwrap();
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sql_query(others).execute(&mut **db).unwrap();
    }
    town.shared.store.write(|db| insert(db, 1)).await.unwrap();
    assert_eq!(rows(&town), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_killed_in_the_middle_loses_nothing_and_doubles_nothing() {
    let town = town("postgres");
    let held = hold(&town.shared.store);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let before = town.shared.store.write(|db| insert(db, 1));
    let killed = town.shared.store.write(move |db| {
        insert(db, 1)?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            sql_query("SELECT pg_terminate_backend(pg_backend_pid())").execute(db)?;
        }
        Ok::<_, Refused>(())
    });
    let after = town.shared.store.write(|db| insert(db, 1));
    let (before, killed, after) = tokio::join!(before, killed, after);
    held.await.unwrap().unwrap();
    assert!(before.is_ok() && killed.is_ok() && after.is_ok(), "{before:?} {killed:?} {after:?}");
    assert_eq!((runs.load(Ordering::SeqCst), rows(&town)), (2, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_in_a_deadlock_the_loser_is_tried_again() {
    let town = town("postgres");
    {
        let mut db = town.shared.store.connection().unwrap();
        sql_query("INSERT INTO parent (id) VALUES (2)").execute(&mut **db).unwrap();
    }
    let lock = |id: i32| format!("SELECT id FROM parent WHERE id = {id} FOR UPDATE");
    // Each has its first row before either asks for its second.
    let (both, first) = (Arc::new(Barrier::new(2)), lock(1));
    // Another process: takes row 1, then wants row 2, and insists longer than the writer.
    let (store, met) = (town.shared.store.clone(), both.clone());
    let other = std::thread::spawn(move || {
        let mut db = store.connection().unwrap();
        for statement in ["SET deadlock_timeout = '30s'", "BEGIN", &first] {
            sql_query(statement).execute(&mut **db).unwrap();
        }
        met.wait();
        sql_query(lock(2)).execute(&mut **db).unwrap();
        sql_query("COMMIT").execute(&mut **db).unwrap();
    });
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let done = town.shared.store.write(move |db| {
        let again = counted.fetch_add(1, Ordering::SeqCst) > 0;
        sql_query("SELECT id FROM parent WHERE id = 2 FOR UPDATE").execute(db)?;
        if !again {
            both.wait();
        }
        sql_query("SELECT id FROM parent WHERE id = 1 FOR UPDATE").execute(db)?;
        insert(db, 1)
    });
    done.await.unwrap();
    other.join().unwrap();
    assert!(runs.load(Ordering::SeqCst) >= 2, "there was a deadlock");
    assert_eq!(rows(&town), 1);
}

/// Somebody at the database holds a table, as a careless superuser does.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_a_lock_is_told_in_time_and_served_when_it_is_free() {
    let town = Town::on("postgres");
    let client = crate::harness::client();
    let token = town.token("intake_officer").await;
    let scan = || crate::harness::get(town.url(&format!("/api/v1/scans/{}", town.seal)));
    let (_, found) = town.send("intake_officer", "GET", "/api/v1/staff/enterprises", Value::Null).await;
    let enterprise = found["enterprises"][0]["id"].as_str().unwrap();
    let register = || {
        let new = json!({ "channel": "window", "category": "power", "subject": "用电增容",
            "body": "需要增容" });
        let path = format!("/api/v1/staff/enterprises/{enterprise}/issues");
        client.post(town.url(&path)).bearer_auth(&token).json(&new).send()
    };
    let mut held = town.shared.store.connection().unwrap();
    for statement in ["BEGIN", "LOCK TABLE issues IN ACCESS EXCLUSIVE MODE"] {
        sql_query(statement).execute(&mut **held).unwrap();
    }
    let (read, written) = tokio::join!(scan(), register());
    for answer in [read.unwrap(), written.unwrap()] {
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"), "{:?}", answer.headers());
    }
    sql_query("ROLLBACK").execute(&mut **held).unwrap();
    assert_eq!(scan().await.unwrap().status(), 200);
    let answer = register().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_reached_is_told_at_once_and_used_when_it_is_back() {
    let town = town("sqlite");
    let path = town.shared.config.paths.data.join("qiyema.db");
    let hidden = path.with_extension("hidden");
    // The writer connects at its first deed.
    town.shared.store.write(|_| Ok::<_, Refused>(())).await.unwrap();
    // A deed that leaves the connection broken makes the writer open a new one, in vain.
    std::fs::rename(&path, &hidden).unwrap();
    std::fs::create_dir(&path).unwrap();
    let store = town.shared.store.clone();
    let broken = store.write(|_| -> Result<(), Refused> { panic!("on purpose") }).await;
    assert!(matches!(broken, Err(Refused::Store(StoreError::Panicked))), "{broken:?}");
    let away = store.write(|db| insert(db, 1)).await;
    assert!(matches!(away, Err(Refused::Store(StoreError::Unreachable))), "{away:?}");
    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(&hidden, &path).unwrap();
    store.write(|db| insert(db, 1)).await.unwrap();
    assert_eq!(rows(&town), 1);
}
