//! The console's lists: each filter finds what it should, pages by key without a
//! gap, sees no neighbour, and is read by an index on both databases.

use std::collections::BTreeSet;

use qiyema_protocol::board::{Lamp, State};
use qiyema_server::{
    actions::{
        desk::{self, Ask, Row},
        rights::Actor,
        session,
    },
    store::{connection::Db, desk::Order, staff},
};

use crate::harness::{BOTH, Town};

/// Somebody of the demo, as a session would make them.
fn actor(town: &Town, db: &mut Db, username: &str) -> Actor {
    use qiyema_server::store::{columns::column, staff::SessionRow};
    let now = town.shared.clock.now();
    let person = staff::by_username(db, username).unwrap().unwrap();
    let row = SessionRow {
        seen_at: None,
        id: format!("session-{username}"),
        staff_id: person.row.id,
        refresh_hash: format!("none-{username}"),
        created_at: column(now),
        expires_at: column(now + chrono::TimeDelta::hours(1)),
        ended_at: None,
        stage: "full".to_owned(),
        place: String::new(),
    };
    staff::open_session(db, &row).unwrap();
    session::authenticate(db, &row.id, now).unwrap()
}

/// All rows of a list, page by page.
fn all(town: &Town, db: &mut Db, actor: &Actor, ask: &Ask, size: usize) -> Vec<Row> {
    let (rules, now) = (town.shared.rules(), town.shared.clock.now());
    let (mut rows, mut ask) = (Vec::new(), ask.clone());
    for _ in 0..500 {
        let page = desk::list(db, actor, &ask, size, &rules, now).unwrap();
        assert!(page.rows.len() <= size);
        rows.extend(page.rows);
        match page.next {
            Some(key) => ask.after = Some(key),
            None => return rows,
        }
    }
    panic!("the pages do not end");
}

fn numbers(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.number.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_by_key_give_every_issue_once_in_either_order() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let dispatcher = actor(&town, &mut db, "dispatcher");
        for order in [Order::Due, Order::Newest] {
            let ask = Ask { open: None, order, ..Ask::default() };
            let paged = all(&town, &mut db, &dispatcher, &ask, 7);
            let whole = all(&town, &mut db, &dispatcher, &ask, 1000);
            assert_eq!(numbers(&paged), numbers(&whole), "{database} {order:?}");
            assert_eq!(paged.len(), 300, "{database}");
            assert_eq!(numbers(&paged).into_iter().collect::<BTreeSet<_>>().len(), 300, "{database}");
            if order == Order::Newest {
                assert!(whole.windows(2).all(|two| two[0].submitted_at >= two[1].submitted_at));
            } else {
                // By the limit that runs: a deferred issue stands where its review is due.
                let dates: Vec<_> = whole.iter().map(|row| row.clock.map(|clock| clock.due_on)).collect();
                let until = dates.iter().take_while(|date| date.is_some()).count();
                assert!(dates[..until].windows(2).all(|two| two[0] <= two[1]), "{database}");
                assert!(dates[until..].iter().all(Option::is_none), "{database}: what has none comes last");
                for row in whole.iter().filter(|row| row.state == State::Deferred) {
                    assert_eq!(row.clock.map(|clock| clock.due_on), row.review_on, "{database}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_filter_gives_exactly_what_it_names() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let someone = actor(&town, &mut db, "supervisor");
        let everything = all(&town, &mut db, &someone, &Ask { open: None, ..Ask::default() }, 1000);
        let mut check = |ask: Ask, fits: &dyn Fn(&Row) -> bool| {
            let found: BTreeSet<String> =
                all(&town, &mut db, &someone, &ask, 50).into_iter().map(|row| row.number).collect();
            let wanted: BTreeSet<String> =
                everything.iter().filter(|row| fits(row)).map(|row| row.number.clone()).collect();
            assert_eq!(found, wanted, "{database}: {ask:?}");
            wanted.len()
        };
        let open_any = || Ask { open: None, ..Ask::default() };
        for lamp in [Lamp::Green, Lamp::Yellow, Lamp::Red, Lamp::Overdue] {
            check(Ask { lamp: Some(lamp), ..Ask::default() }, &|row| row.lamp == lamp);
            let put_right = Ask { lamp: Some(lamp), states: vec![State::Rectifying], ..Ask::default() };
            check(put_right, &|row| row.lamp == lamp && row.state == State::Rectifying);
        }
        for state in [State::Submitted, State::InProgress, State::PendingReview, State::Closed] {
            let found = check(Ask { states: vec![state], ..open_any() }, &|row| row.state == state);
            assert!(found > 0, "the demo has {state:?}");
        }
        let first = everything.iter().find(|row| row.handler.is_some()).unwrap();
        let text = first.subject.chars().take(3).collect::<String>();
        check(Ask { text: Some(first.number.clone()), ..open_any() }, &|row| row.number == first.number);
        let by_enterprise = Ask { text: Some(first.enterprise.clone()), ..open_any() };
        assert!(check(by_enterprise, &|row| row.enterprise == first.enterprise) > 0);
        check(Ask { text: Some(text.clone()), ..open_any() }, &|row| {
            row.subject.contains(&text) || row.enterprise.contains(&text)
        });
        check(Ask { text: Some("100%_".into()), ..open_any() }, &|_| false);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_unit_see_no_neighbours_whatever_they_ask() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let handler = actor(&town, &mut db, "lijianguo");
        let own = handler.units[0].clone();
        let ask = Ask { open: None, ..Ask::default() };
        let rows = all(&town, &mut db, &handler, &ask, 50);
        assert!(!rows.is_empty() && rows.len() < 300);
        let units: BTreeSet<_> = rows.iter().map(|row| row.unit.as_ref().unwrap().zh.clone()).collect();
        assert_eq!(units.len(), 1, "{database}: {units:?}");
        let neighbours = Ask { unit: Some("gdj".into()), ..ask.clone() };
        if own != "gdj" {
            assert!(all(&town, &mut db, &handler, &neighbours, 50).is_empty(), "{database}");
        }
        let mine = all(&town, &mut db, &handler, &Ask { mine: true, ..ask }, 50);
        assert!(mine.iter().all(|row| row.handler.as_deref() == Some(&*handler.name)), "{database}");
    }
}
