//! Not tests of correctness: how long the lists take with very many issues, and by how
//! many statements. `QIYEMA_TEST_ISSUES=1000000 cargo test --workspace --test it -- --ignored
//! --nocapture lists_of`; `QIYEMA_TEST_DATABASE=sqlite` plays it on one database only.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use chrono::NaiveDateTime;
use diesel::{
    Connection, QueryableByName, RunQueryDsl,
    connection::InstrumentationEvent,
    sql_query,
    sql_types::{BigInt, Text, Timestamp},
};
use qiyema_protocol::board::{Lamp, State};
use qiyema_server::{
    actions::desk::{self, Ask},
    store::{
        connection::Db,
        desk::{Key, Order},
    },
};

use crate::harness::{BOTH, Town, actor};

/// A statement that takes longer than this is shown with its plan.
const LONG: Duration = Duration::from_millis(25);
/// One issue in so many is open.
const CLOSED_FOR_EACH_OPEN: usize = 10;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = Timestamp)]
    at: NaiveDateTime,
    #[diesel(sql_type = Text)]
    id: String,
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

fn count(db: &mut Db, what: &str) -> usize {
    let n = sql_query(format!("SELECT count(*) AS n FROM issues WHERE {what}"))
        .get_result::<Count>(db)
        .unwrap()
        .n;
    usize::try_from(n).unwrap()
}

/// The demo's issues again and again under other ids, spread over the years before and the weeks to come,
/// in one statement.
fn grow(db: &mut Db, database: &str, many: usize) {
    let (open, closed) = (count(db, "is_open"), count(db, "NOT is_open"));
    let times = many * CLOSED_FOR_EACH_OPEN / (open + closed * CLOSED_FOR_EACH_OPEN);
    let columns = "enterprise_id, body, category_id, channel_id, level, state, is_open, version, submitted_by, \
        lead_unit_id, office_id, handler_id, first_due_on, due_on, provisional, last_kind, closure_id, state_at, \
        replied_at, review_on, supervision, next_at, merged_into, round, last_at, accepted_at";
    if database == "postgres" {
        // Filling a whole city takes longer than a statement of the server may.
        sql_query("SET statement_timeout = 0").execute(db).unwrap();
    }
    let earlier = |column: &str, hours: &str| match database {
        "sqlite" => format!("strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || ({hours}) || ' hours')"),
        _ => format!("{column} - ({hours}) * interval '1 hour'"),
    };
    let (submitted, due) = (earlier("submitted_at", "x"), earlier("due_at", "x"));
    let limit = earlier("limit_at", "x % 480 - 240");
    sql_query(format!(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {times}) \
         INSERT INTO issues (id, number, subject, submitted_at, due_at, limit_at, {columns}) \
         SELECT id || '-' || x, number || '-' || x, subject || '(' || x || ')', {submitted}, {due}, {limit}, {columns} \
         FROM n, issues WHERE NOT is_open OR x % {CLOSED_FOR_EACH_OPEN} = 0"
    ))
    .execute(db)
    .unwrap();
    sql_query("ANALYZE").execute(db).unwrap();
}

/// Statements that a deed sends, each with how long it took.
type Heard = Arc<Mutex<Vec<(String, Duration)>>>;

fn listen(db: &mut Db) -> Heard {
    let heard = Heard::default();
    let (listener, began) = (Arc::clone(&heard), Arc::new(Mutex::new(Instant::now())));
    let instrument = move |event: InstrumentationEvent<'_>| match event {
        InstrumentationEvent::StartQuery { .. } => *began.lock().unwrap() = Instant::now(),
        InstrumentationEvent::FinishQuery { query, .. } => {
            let took = began.lock().unwrap().elapsed();
            listener.lock().unwrap().push((query.to_string(), took));
        }
        _ => {}
    };
    match db {
        Db::Sqlite(connection) => connection.set_instrumentation(instrument),
        Db::Postgres(connection) => connection.set_instrumentation(instrument),
    }
    heard
}

/// How the database goes about a statement; PostgreSQL says it by itself, on the standard error.
fn plan(db: &mut Db, statement: &str) -> String {
    let Db::Sqlite(connection) = db else { return String::new() };
    let text = statement.split(" -- binds").next().unwrap();
    let steps: Vec<Step> = sql_query(format!("EXPLAIN QUERY PLAN {text}")).load(connection).unwrap();
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; ")
}

fn place(db: &mut Db, column: &str, of: &str) -> Option<Key> {
    let all = count(db, of);
    let text = format!(
        "SELECT {column} AS at, id FROM issues WHERE {of} AND {column} IS NOT NULL ORDER BY {column}, id LIMIT 1 OFFSET {}",
        all / 2
    );
    sql_query(text).get_result::<Place>(db).ok().map(|place| Key { at: Some(place.at), id: place.id })
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "fills a database with hundreds of thousands of issues; run it by hand"]
async fn lists_of_very_many_issues_come_at_once() {
    let many: usize =
        std::env::var("QIYEMA_TEST_ISSUES").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    let only = std::env::var("QIYEMA_TEST_DATABASE").ok();
    for database in BOTH.into_iter().filter(|one| only.as_deref().is_none_or(|only| only == *one)) {
        let town = Town::on(database);
        let mut connection = town.shared.store.connection().unwrap();
        let db: &mut Db = &mut connection;
        let began = Instant::now();
        grow(db, database, many);
        println!(
            "{database}: {} issues, {} open, made in {:.0?}",
            count(db, "1 = 1"),
            count(db, "is_open"),
            began.elapsed()
        );
        if let Db::Postgres(connection) = db {
            let told = [
                "LOAD 'auto_explain'",
                "SET auto_explain.log_min_duration = 25",
                "SET client_min_messages = log",
            ];
            for statement in told {
                sql_query(statement).execute(connection).unwrap();
            }
        }
        let (due, newest) = (place(db, "limit_at", "is_open"), place(db, "submitted_at", "1 = 1"));
        let lamp = |lamp| Ask { lamp: Some(lamp), ..Ask::default() };
        let text = |text: &str| Ask { text: Some(text.to_owned()), ..Ask::default() };
        let all = || Ask { open: None, order: Order::Newest, ..Ask::default() };
        let asks = [
            ("open, by limit", Ask::default()),
            ("open, by limit, a deep page", Ask { after: due.clone(), ..Ask::default() }),
            ("all, newest", all()),
            ("all, newest, a deep page", Ask { after: newest, ..all() }),
            ("red lamp", lamp(Lamp::Red)),
            ("overdue", lamp(Lamp::Overdue)),
            ("overdue, a deep page", Ask { after: due, ..lamp(Lamp::Overdue) }),
            ("unit", Ask { unit: Some("gdj".into()), ..Ask::default() }),
            ("unit, red lamp", Ask { unit: Some("gdj".into()), ..lamp(Lamp::Red) }),
            ("state", Ask { states: vec![State::PendingReview], ..Ask::default() }),
            ("waiting for a ruling", Ask { waiting: true, ..Ask::default() }),
            ("category, all", Ask { category: Some("power".into()), ..all() }),
            ("text, in many", text("用电")),
            ("text, in few", text("(4321)")),
            ("text, in few of all", Ask { open: None, ..text("(4321)") }),
            ("text, in none", text("Q20991231")),
            ("text, a whole number", Ask { open: None, ..text(&number(db)) }),
        ];
        let (rules, at) = (town.shared.rules(), town.shared.clock.now());
        let who = actor(db, "dispatcher");
        for (name, ask) in &asks {
            measured(db, database, name, |db| desk::list(db, &who, ask, 50, &rules, at).unwrap().rows.len());
        }
        let tiles = [
            Ask { states: vec![State::Accepted], ..Ask::default() },
            Ask { waiting: true, ..Ask::default() },
            lamp(Lamp::Red),
            lamp(Lamp::Overdue),
            lamp(Lamp::Yellow),
            Ask::default(),
        ];
        measured(db, database, "home", |db| {
            let counts = desk::counts(db, &who, &tiles, 100, &rules, at).unwrap();
            desk::list(db, &who, &tiles[0], 8, &rules, at).unwrap();
            desk::list(db, &who, &all(), 8, &rules, at).unwrap();
            counts.into_iter().sum()
        });
        let browser = crate::console::Browser::signed_in(&town, "dispatcher").await;
        for path in ["", "/issues", "/issues?lamp=red", "/issues?q=%E7%94%A8%E7%94%B5"] {
            browser.page(&format!("/console{path}")).await;
            let began = Instant::now();
            browser.page(&format!("/console{path}")).await;
            println!("{database}: page /console{path:30} {:>8.1?}", began.elapsed());
        }
    }
}

/// The number of an issue of the demo: those that were made have another form.
fn number(db: &mut Db) -> String {
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = Text)]
        number: String,
    }
    sql_query("SELECT number FROM issues WHERE number NOT LIKE '%-%-%' LIMIT 1")
        .get_result::<Number>(db)
        .unwrap()
        .number
}

/// The second of two goes: the first one warms up what a server has warm.
fn measured(db: &mut Db, database: &str, name: &str, deed: impl Fn(&mut Db) -> usize) {
    deed(db);
    let heard = listen(db);
    let began = Instant::now();
    let rows = deed(db);
    let took = began.elapsed();
    let told = std::mem::take(&mut *heard.lock().unwrap());
    println!("{database}: {name:28} {:>8.1?} {:>3} statements {rows:>5} rows", took, told.len());
    for (statement, took) in told.iter().filter(|(_, took)| *took > LONG) {
        println!("    {took:.0?} {}\n    {statement}", plan(db, statement));
    }
}
