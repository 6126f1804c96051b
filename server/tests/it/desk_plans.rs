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
