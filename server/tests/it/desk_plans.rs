//! The lists stay fast however many issues there are: each is one range of one
//! index, already in the order shown. Asked of SQLite's planner with the very
//! statements that the store sends.

use std::sync::{Arc, Mutex};

use diesel::{Connection, QueryableByName, RunQueryDsl, connection::InstrumentationEvent, sql_types::Text};
use qiyema_server::store::{
    connection::Db,
    desk::{self, Key, Order, Wanted},
};

use crate::harness::Town;

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The statements that a deed sends.
fn sent(db: &mut Db, deed: impl FnOnce(&mut Db)) -> Vec<String> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&heard);
    let listen = move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let text = text.split(" -- binds").next().unwrap().to_owned();
            listener.lock().unwrap().push(text);
        }
    };
    let Db::Sqlite(connection) = db else { panic!("SQLite explains") };
    connection.set_instrumentation(listen);
    deed(db);
    let Db::Sqlite(connection) = db else { panic!("SQLite explains") };
    connection.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    std::mem::take(&mut heard.lock().unwrap())
}

fn plan(db: &mut Db, statement: &str) -> Vec<String> {
    let Db::Sqlite(connection) = db else { panic!("SQLite explains") };
    let rows: Vec<Step> =
        diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(connection).unwrap();
    rows.into_iter().map(|row| row.detail).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_saved_filter_is_one_range_of_an_index_in_its_order() {
    let town = Town::on("sqlite");
    let mut db = town.shared.store.connection().unwrap();
    let some = |text: &str| Some(text.to_owned());
    let open = || Wanted { open: Some(true), ..Wanted::default() };
    let moment = chrono::DateTime::UNIX_EPOCH.naive_utc();
    let lamp = || Wanted { limit: (Some(moment), Some(moment)), ..Wanted::default() };
    let late = || Wanted { limit: (None, Some(moment)), ..Wanted::default() };
    let state = |state: &str| Wanted { states: vec![state.into()], ..Wanted::default() };
    let cases = [
        ("open", open(), Order::Due),
        ("in hand", Wanted { not_states: vec!["deferred".into()], ..open() }, Order::Due),
        ("lamp", lamp(), Order::Due),
        ("late", late(), Order::Due),
        ("lamp of a unit", Wanted { units: Some(vec!["gdj".into()]), ..lamp() }, Order::Due),
        ("late of a unit", Wanted { units: Some(vec!["gdj".into()]), ..late() }, Order::Due),
        ("lamp of mine", Wanted { handler: some("h"), ..late() }, Order::Due),
        ("lamp of a state", Wanted { states: vec!["submitted".into()], ..lamp() }, Order::Due),
        ("submitted", state("submitted"), Order::Due),
        ("closed", state("closed"), Order::Newest),
        ("all", Wanted::default(), Order::Newest),
        ("unit", Wanted { units: Some(vec!["gdj".into()]), ..open() }, Order::Due),
        ("unit, newest", Wanted { units: Some(vec!["gdj".into()]), ..Wanted::default() }, Order::Newest),
        ("mine", Wanted { handler: some("h"), ..open() }, Order::Due),
        ("category", Wanted { categories: Some(vec!["power".into()]), ..Wanted::default() }, Order::Newest),
        ("channel", Wanted { channel: some("window"), ..Wanted::default() }, Order::Newest),
    ];
    for (name, wanted, order) in cases {
        for key in [None, Some(Key { at: Some(moment), id: "k".into() })] {
            let statements = sent(&mut db, |db| {
                desk::page(db, &wanted, order, key.as_ref(), 51).unwrap();
            });
            assert!((1..=2).contains(&statements.len()), "{name}: {statements:?}");
            for statement in &statements {
                let steps = plan(&mut db, statement).join("; ");
                assert!(steps.contains("USING INDEX issues_"), "{name}: {steps}\n{statement}");
                assert!(!steps.contains("TEMP B-TREE"), "{name}: sorted anew: {steps}\n{statement}");
            }
        }
    }
}

/// Not a test of correctness: how long a page takes with many issues.
/// `cargo test --test it -- --ignored --nocapture pages_of`; `QIYEMA_TEST_ISSUES` says how many.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "fills a database with hundreds of thousands of issues; run it by hand"]
async fn pages_of_very_many_issues_come_at_once() {
    use qiyema_server::store::transaction;
    let many: usize =
        std::env::var("QIYEMA_TEST_ISSUES").ok().and_then(|n| n.parse().ok()).unwrap_or(200_000);
    for database in crate::harness::BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let times = many / 200;
        // The demo's issues again and again, under other ids, spread over the years before.
        let copy = |n: usize, db: &mut Db| {
            let columns = "enterprise_id, subject, body, category_id, channel_id, level, state, is_open, version, submitted_by, \
                lead_unit_id, office_id, handler_id, first_due_on, due_on, provisional, last_kind, closure_id, state_at, \
                replied_at, review_on, supervision, next_at, merged_into, round, last_at, accepted_at";
            let earlier = |column: &str| match database {
                "sqlite" => format!("datetime({column}, '-{n} hours')"),
                _ => format!("{column} - interval '{n} hours'"),
            };
            let (submitted, due, limit) = (earlier("submitted_at"), earlier("due_at"), earlier("limit_at"));
            let text = format!(
                "INSERT INTO issues (id, number, submitted_at, due_at, limit_at, {columns}) \
                 SELECT id || '-{n}', number || '-{n}', {submitted}, {due}, {limit}, {columns} FROM issues WHERE length(number) < 16"
            );
            match db {
                Db::Sqlite(connection) => diesel::sql_query(text).execute(connection),
                Db::Postgres(connection) => diesel::sql_query(text).execute(connection),
            }
        };
        transaction(&mut db, |db| (1..times).try_for_each(|n| copy(n, db).map(drop))).unwrap();
        let analyze = "ANALYZE";
        match &mut **db {
            Db::Sqlite(connection) => diesel::sql_query(analyze).execute(connection).unwrap(),
            Db::Postgres(connection) => diesel::sql_query(analyze).execute(connection).unwrap(),
        };
        let browser = crate::console::Browser::signed_in(&town, "dispatcher").await;
        for path in [
            "",
            "?lamp=overdue",
            "?state=accepted",
            "?state=closed&sort=newest",
            "?open=all&sort=newest",
            "?unit=gdj",
            "?channel=window&open=all&sort=newest",
            "?q=%E7%94%A8%E7%94%B5",
            "?q=Q20991231",
        ] {
            let began = std::time::Instant::now();
            let page = browser.page(&format!("/console/issues{path}")).await;
            println!(
                "{database} {many} {path:32} {:?} {} rows",
                began.elapsed(),
                page.matches("class=\"subject\"").count()
            );
        }
        let began = std::time::Instant::now();
        browser.page("/console").await;
        println!("{database} {many} home {:?}", began.elapsed());
    }
}
