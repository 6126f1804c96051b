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
pub fn sent(db: &mut Db, deed: impl FnOnce(&mut Db)) -> Vec<String> {
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

/// How SQLite goes about a statement.
pub fn plan(db: &mut Db, statement: &str) -> Vec<String> {
    let Db::Sqlite(connection) = db else { panic!("SQLite explains") };
    let rows: Vec<Step> =
        diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(connection).unwrap();
    rows.into_iter().map(|row| row.detail).collect()
}

/// Which issues, in which order, and what the plan has to say: the index that each statement enters by.
type Case = (&'static str, Wanted, Order, &'static [&'static str]);

/// Every pick of the list, open and all, in both orders.
fn picks() -> Vec<Case> {
    use Order::{Due, Newest};
    let some = |text: &str| Some(text.to_owned());
    let open = || Wanted { open: Some(true), ..Wanted::default() };
    let moment = chrono::DateTime::UNIX_EPOCH.naive_utc();
    let lamp = || Wanted { limit: (Some(moment), Some(moment)), ..Wanted::default() };
    let late = || Wanted { limit: (None, Some(moment)), ..Wanted::default() };
    let state = |state: &str| Wanted { states: vec![state.into()], ..Wanted::default() };
    let unit = |of: Wanted| Wanted { units: Some(vec!["gdj".into()]), ..of };
    let mine = |of: Wanted| Wanted { handler: some("h"), ..of };
    let category = |of: Wanted| Wanted { categories: Some(vec!["power".into()]), ..of };
    let channel = |of: Wanted| Wanted { channel: some("window"), ..of };
    let level = |of: Wanted| Wanted { level: some("city"), ..of };
    let all = Wanted::default;
    vec![
        ("open", open(), Due, &["issues_by_limit (is_open=?"]),
        ("open, newest", open(), Newest, &["issues_by_open_newest (is_open=?"]),
        ("all", all(), Newest, &["issues_by_newest"]),
        ("all, by limit", all(), Due, &["issues_by_limit (is_open=?"]),
        (
            "in hand",
            Wanted { not_states: vec!["deferred".into()], ..open() },
            Due,
            &["issues_by_limit (is_open=?"],
        ),
        ("lamp", lamp(), Due, &["issues_running (limit_at"]),
        ("late", late(), Due, &["issues_running (limit_at"]),
        ("lamp of a unit", unit(lamp()), Due, &["issues_running_of_unit (lead_unit_id=? AND limit_at"]),
        ("late of a unit", unit(late()), Due, &["issues_running_of_unit (lead_unit_id=? AND limit_at"]),
        ("late of mine", mine(late()), Due, &["issues_running_of_handler (handler_id=? AND limit_at"]),
        (
            "late of a category",
            category(late()),
            Due,
            &[
                "issues_of_category_due (category_id=? AND is_open=? AND limit_at",
                "issues_by_limit (is_open=? AND limit_at>? AND limit_at<?",
            ],
        ),
        (
            "late of a channel",
            channel(late()),
            Due,
            &[
                "issues_of_channel_due (channel_id=? AND is_open=? AND limit_at",
                "issues_by_limit (is_open=? AND limit_at>? AND limit_at<?",
            ],
        ),
        (
            "late of a level",
            level(late()),
            Due,
            &[
                "issues_of_level (level=? AND is_open=? AND limit_at",
                "issues_by_limit (is_open=? AND limit_at>? AND limit_at<?",
            ],
        ),
        (
            "lamp of a state",
            Wanted { states: vec!["submitted".into()], ..lamp() },
            Due,
            &["issues_by_state_limit (state=? AND limit_at"],
        ),
        ("submitted", state("submitted"), Due, &["issues_by_state_limit (state=?"]),
        ("closed", state("closed"), Newest, &["issues_by_state_newest (state=?"]),
        ("unit", unit(open()), Due, &["issues_of_unit (lead_unit_id=? AND is_open=?"]),
        ("unit, newest", unit(all()), Newest, &["issues_of_unit_newest (lead_unit_id=?"]),
        ("unit, all by limit", unit(all()), Due, &["issues_of_unit (lead_unit_id=? AND is_open=?"]),
        ("mine", mine(open()), Due, &["issues_of_handler (handler_id=? AND is_open=?"]),
        ("mine, newest", mine(all()), Newest, &["issues_of_handler_newest (handler_id=?"]),
        ("mine, all by limit", mine(all()), Due, &["issues_of_handler (handler_id=? AND is_open=?"]),
        ("category", category(all()), Newest, &["issues_of_category (category_id=?"]),
        ("category, open", category(open()), Due, &["issues_of_category_due (category_id=? AND is_open=?"]),
        (
            "category, all by limit",
            category(all()),
            Due,
            &["issues_of_category_due (category_id=? AND is_open=?"],
        ),
        ("channel", channel(all()), Newest, &["issues_of_channel (channel_id=?"]),
        ("channel, open", channel(open()), Due, &["issues_of_channel_due (channel_id=? AND is_open=?"]),
        (
            "channel, all by limit",
            channel(all()),
            Due,
            &["issues_of_channel_due (channel_id=? AND is_open=?"],
        ),
        ("level", level(all()), Newest, &["issues_of_level_newest (level=?"]),
        ("level, open", level(open()), Due, &["issues_of_level (level=? AND is_open=?"]),
        ("level, all by limit", level(all()), Due, &["issues_of_level (level=? AND is_open=?"]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_saved_filter_is_one_range_of_an_index_in_its_order() {
    let town = Town::on("sqlite");
    let mut db = town.shared.store.connection().unwrap();
    let moment = chrono::DateTime::UNIX_EPOCH.naive_utc();
    for (name, wanted, order, by) in picks() {
        for key in
            [None, Some(Key { at: Some(moment), id: "k".into() }), Some(Key { at: None, id: "k".into() })]
        {
            let statements = sent(&mut db, |db| {
                desk::page(db, &wanted, order, key.as_ref(), 51).unwrap();
            });
            assert!(statements.len() <= 4, "{name}: {statements:?}");
            for statement in &statements {
                let steps = plan(&mut db, statement).join("; ");
                assert!(by.iter().any(|by| steps.contains(by)), "{name}: {steps}\n{statement}");
                assert!(!steps.contains("TEMP B-TREE"), "{name}: sorted anew: {steps}\n{statement}");
            }
        }
    }
}

/// What few issues have is read from where only those stand, and then put in order.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_and_what_a_unit_assists_with_is_found_without_what_is_over() {
    let town = Town::on("sqlite");
    let mut db = town.shared.store.connection().unwrap();
    let open = || Wanted { open: Some(true), ..Wanted::default() };
    let units = || Some(vec!["gdj".to_owned()]);
    let cases = [
        ("waiting", Wanted { asked: true, ..open() }, "waiting_requests"),
        (
            "assisting",
            Wanted { assisted_by: units(), ..open() },
            "assisting_units USING COVERING INDEX assisting_units_by_unit (unit_id=? AND is_open=?",
        ),
        (
            "enterprise",
            Wanted { enterprise: Some("e".into()), ..open() },
            "issues_of_enterprise (enterprise_id=?",
        ),
    ];
    for (name, wanted, by) in cases {
        for order in [Order::Due, Order::Newest] {
            let statements = sent(&mut db, |db| {
                desk::page(db, &wanted, order, None, 51).unwrap();
                desk::count(db, &wanted, 100).unwrap();
            });
            for statement in &statements {
                let steps = plan(&mut db, statement).join("; ");
                assert!(steps.contains(by), "{name}: {steps}\n{statement}");
                let whole = [
                    "SCAN issues",
                    "issues_by_limit",
                    "issues_by_newest",
                    "issues_by_open_newest",
                    "issues_running",
                ];
                assert!(!whole.iter().any(|all| steps.contains(all)), "{name}: {steps}\n{statement}");
            }
        }
    }
}
