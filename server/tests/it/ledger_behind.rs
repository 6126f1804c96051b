//! A database that fell behind what was signed: a server that runs takes nothing
//! any more and is still read, and at a start it does not serve at all.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};
use qiyema_server::{
    actions::{job::Job, ledger, rights::Actor},
    clock::Clock,
    startup::{assemble, jobs::Runner},
    store::connection::Db,
    web::tally,
};
use serde_json::{Value, json};
use tlog_tiles::Hash;

use crate::{
    console::Browser,
    harness::{BOTH, Town},
    ledger::{as_superuser, enter},
    ratings::{device, unrated},
};

/// The demo's ratings are older than the time to appeal.
const LONG: (&str, &str) = ("workflow.file_appeal", "1000");

/// The head that is kept outside has more entries than the database, as after an older copy was put in its place.
fn fall_behind(town: &Town) {
    let key = &town.shared.trust.log;
    let (size, _) = key.kept().unwrap().unwrap();
    key.keep(&key.sign(size + 10, Hash([7; 32])).unwrap(), None).unwrap();
}

/// The same on a server that runs: the job of the log looks, as it does every few seconds.
async fn fall_behind_running(town: &Town) {
    fall_behind(town);
    assert!(!Runner::new(&town.shared).unwrap().look(Job::Ledger).await.unwrap());
    assert!(town.shared.log.behind().is_some());
}

/// Somebody answers for what the database holds, and the job of the log finds it so.
async fn put_right(town: &Town) {
    {
        let mut db = town.shared.store.connection().unwrap();
        let (actor, at) = (Actor::at_the_machine(), town.shared.clock.now());
        ledger::accept(&mut db, &actor, &town.shared.trust.log, at).unwrap();
    }
    enter(town).await;
    assert!(town.shared.log.behind().is_none());
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn number(db: &mut Db, sql: &str) -> i64 {
    sql_query(sql).get_result::<Number>(db).unwrap().n
}

/// How many rows each table has, how many scans were counted, and who holds which lease.
fn holds(town: &Town) -> Vec<(String, i64)> {
    let mut kept = town.shared.store.connection().unwrap();
    let db: &mut Db = &mut kept;
    let tables = match db {
        Db::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Db::Postgres(_) => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
    };
    let names: Vec<Name> = sql_query(tables).load(db).unwrap();
    let mut all: Vec<(String, i64)> = names
        .into_iter()
        .map(|table| {
            let rows = number(db, &format!("SELECT count(*) AS n FROM {}", table.name));
            (table.name, rows)
        })
        .collect();
    all.push(("scans".to_owned(), scans(db)));
    let holders = "SELECT name || ' of ' || holder AS name FROM leases";
    let holders: Vec<Name> = sql_query(holders).load(db).unwrap();
    all.extend(holders.into_iter().map(|one| (one.name, 1)));
    all.sort();
    assert!(all.len() > 50, "{all:?}");
    all
}

fn scans(db: &mut Db) -> i64 {
    number(db, "SELECT CAST(COALESCE(SUM(scans), 0) AS BIGINT) AS n FROM code_scans")
}

/// Method, path, token and body.
type Ask = (&'static str, String, Option<String>, Value);

async fn sent(town: &Town, (method, path, token, body): &Ask) -> (u16, Value) {
    let mut asked = crate::harness::client().request(method.parse().unwrap(), town.url(path));
    if let Some(token) = token {
        asked = asked.bearer_auth(token);
    }
    if !body.is_null() {
        asked = asked.json(body);
    }
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// What an owner, a unit, and somebody who comes to work would send. All of it is taken by a server that stands.
async fn deeds(town: &Town, owner: &str, unit: &str) -> Vec<Ask> {
    let list: Ask = ("GET", "/api/v1/staff/ratings".to_owned(), Some(unit.to_owned()), Value::Null);
    let list = sent(town, &list).await.1;
    let open = |one: &&Value| one["may_appeal"] == true && one["round"] == "first";
    let against = list["ratings"].as_array().unwrap().iter().find(open).unwrap();
    let against = against["id"].as_str().unwrap();
    let scan = format!("/api/v1/scans/{}", town.seal);
    let rating = format!("{scan}/issues/{}/ratings", unrated(town).await);
    let appeal = format!("/api/v1/staff/ratings/{against}/appeal");
    let why = json!({ "ground": "mistaken", "reason": "企业来电说明按错了,应为好评。" });
    let (who, owner) = (Some(unit.to_owned()), Some(owner.to_owned()));
    let sign_in = json!({ "username": "auditor", "password": town.seeded.password });
    let sessions = "/api/v1/staff/sessions";
    vec![
        ("POST", rating, owner.clone(), json!({ "verdict": "bad" })),
        ("POST", appeal, who.clone(), why),
        ("POST", sessions.to_owned(), None, sign_in),
        ("DELETE", format!("{scan}/devices/current"), owner, Value::Null),
        ("DELETE", format!("{sessions}/current"), who, Value::Null),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_fell_behind_takes_nothing_and_is_still_read() {
    for database in BOTH {
        let town = Town::with(database, &[LONG]);
        let (owner, unit) = (device(&town).await, town.token("hanxue").await);
        let deeds = deeds(&town, &owner, &unit).await;
        enter(&town).await;
        fall_behind_running(&town).await;
        let (before, asked) = (holds(&town), town.shared.store.checkouts());
        for deed in &deeds {
            let (status, said) = sent(&town, deed).await;
            assert_eq!((status, &said["code"]), (503, &json!("read_only")), "{database}: {deed:?}: {said}");
            let (zh, en) = (&said["detail"]["zh"], &said["detail"]["en"]);
            for (text, parts) in [
                (zh, ["没有保存", "服务中心", "系统管理员"]),
                (en, ["not saved", "service centre", "administrator"]),
            ] {
                let text = text.as_str().unwrap();
                assert!(parts.iter().all(|part| text.contains(part)), "{database}: {text}");
            }
        }
        assert_eq!(town.shared.store.checkouts(), asked, "{database}: nobody asked the database");
        assert_eq!(holds(&town), before, "{database}");

        let scan = format!("/api/v1/scans/{}", town.seal);
        let page = format!("/c/{}", town.seal);
        for (path, token) in [
            ("/healthz", None),
            ("/metrics", None),
            ("/version", None),
            ("/ledger/checkpoint", None),
            (scan.as_str(), None),
            (scan.as_str(), Some(&owner)),
            (page.as_str(), None),
            ("/api/v1/staff/ratings", Some(&unit)),
        ] {
            for method in ["GET", "HEAD"] {
                let ask = (method, path.to_owned(), token.cloned(), Value::Null);
                assert_eq!(sent(&town, &ask).await.0, 200, "{database}: {method} {path}");
            }
        }
        let ready: Ask = ("GET", "/readyz".to_owned(), None, Value::Null);
        let (status, said) = sent(&town, &ready).await;
        assert_eq!((status, &said["code"]), (503, &json!("log_broken")), "{database}: {said}");
        assert_eq!(holds(&town), before, "{database}: who reads changes nothing");

        put_right(&town).await;
        assert_eq!(sent(&town, &ready).await.0, 200, "{database}");
        for deed in &deeds {
            let (status, said) = sent(&town, deed).await;
            assert!((200..300).contains(&status), "{database}: {deed:?}: {status} {said}");
        }
        assert_ne!(holds(&town), before, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_at_a_browser_is_told_so_by_a_page_in_the_own_language() {
    for database in BOTH {
        let town = Town::on(database);
        let officer = Browser::signed_in(&town, "intake_officer").await;
        let form = town.url(&format!("/c/{}/issues/{}/ratings", town.seal, unrated(&town).await));
        enter(&town).await;
        fall_behind_running(&town).await;
        let before = holds(&town);
        let words =
            [("zh", "暂停提交，只能查看", "服务中心"), ("en", "Reading only for now", "service centre")];
        for (lang, heading, whom) in words {
            let rated = crate::harness::client().post(&form).header("Sec-Fetch-Site", "same-origin");
            let rated = rated.header("Accept", "text/html").header("Accept-Language", lang);
            let rated = rated.header("Content-Type", "application/x-www-form-urlencoded");
            let stranger = Browser::stranger(&town.base);
            let name = [("username", "intake_officer"), ("password", town.seeded.password.as_str())];
            for (what, answer) in [
                ("a rating", rated.body("verdict=good").send().await.unwrap()),
                ("a sign-in", stranger.knock(&format!("/console/sign-in?lang={lang}"), &name).await),
                ("a form", officer.post("/console", &format!("/console/sign-out?lang={lang}"), &[]).await),
            ] {
                assert_eq!(answer.status(), 503, "{database}: {what}");
                assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8", "{what}");
                let page = answer.text().await.unwrap();
                assert!(page.contains(heading) && page.contains(whom), "{database}: {what}: {page}");
            }
        }
        assert_eq!(holds(&town), before, "{database}");
        assert_eq!(officer.get("/console").await.status(), 200, "{database}: the session goes on");
        put_right(&town).await;
        assert_eq!(officer.post("/console", "/console/sign-out", &[]).await.status(), 303, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_job_writes_to_a_database_that_fell_behind_and_scans_wait() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        fall_behind_running(&town).await;
        let before = holds(&town);
        let scan = town.url(&format!("/api/v1/scans/{}", town.seal));
        assert_eq!(crate::harness::get(scan).await.unwrap().status(), 200, "{database}");
        tally::flush(&town.shared).await.unwrap();
        let runner = Runner::new(&town.shared).unwrap();
        for job in Job::ALL {
            assert!(!runner.look(job).await.unwrap(), "{database}: {job:?}");
        }
        assert_eq!(holds(&town), before, "{database}");

        put_right(&town).await;
        let counted = |town: &Town| scans(&mut town.shared.store.connection().unwrap());
        let old = counted(&town);
        tally::flush(&town.shared).await.unwrap();
        assert!(counted(&town) > old, "{database}: the scan is counted now");
        runner.look(Job::Sweep).await.unwrap();
        let holders = |all: Vec<(String, i64)>| all.into_iter().filter(|one| one.0.contains(" of "));
        let were: Vec<_> = holders(before).collect();
        assert!(holders(holds(&town)).any(|one| !were.contains(&one)), "{database}: a job took its lease");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_database_that_is_behind_is_refused_before_anything_is_written() {
    for database in BOTH {
        let town = Town::on(database);
        enter(&town).await;
        let (shared, key) = (&town.shared, &town.shared.trust.log);
        let start = || {
            let (config, host) = ((*shared.config).clone(), shared.trust.host.clone());
            assemble::assemble(config, &Clock::System, host, true).map(drop)
        };
        start().unwrap();

        let mut db = shared.store.connection().unwrap();
        // A start puts the published years there, if there are none.
        as_superuser(&mut db, &["DELETE FROM workdays".to_owned()]);
        let (have, _) = key.kept().unwrap().unwrap();
        fall_behind(&town);
        let refused = start().err().map(|error| format!("{error:#}")).unwrap_or_default();
        let said = format!("holds {have} entries, and a head of {} was signed", have + 10);
        assert!(refused.contains(&said) && refused.contains("ledger accept"), "{database}: {refused}");
        assert_eq!(number(&mut db, "SELECT count(*) AS n FROM workdays"), 0, "{database}");
        assert_eq!(key.kept().unwrap().unwrap().0, have + 10, "{database}: the head stays");

        let (actor, at) = (Actor::at_the_machine(), shared.clock.now());
        ledger::accept(&mut db, &actor, key, at).unwrap();
        start().unwrap();
        assert!(number(&mut db, "SELECT count(*) AS n FROM workdays") > 0, "{database}");
    }
}
