//! The lists behind the figures stay fast however many closures and ratings there are: each statement is a range of
//! an index. Asked of SQLite's planner with the very statements that the store sends.

use qiyema_server::store::{
    appeals::order::{self, Key, Order},
    figures::{
        late::{self, Promised},
        lines::Group,
        sums,
    },
};

use crate::{
    desk_plans::{plan, sent},
    harness::Town,
};

#[tokio::test(flavor = "multi_thread")]
async fn ratings_are_read_in_the_order_of_an_index() {
    let town = Town::on("sqlite");
    let mut db = town.shared.store.connection().unwrap();
    let moment = chrono::DateTime::UNIX_EPOCH.naive_utc();
    let closed = |units: Option<&str>, days: bool| Order::Closed {
        units: units.map(|unit| vec![unit.to_owned()]),
        from: days.then_some(moment),
        to: days.then_some(moment),
    };
    for (order, by) in [
        (Order::Given, "ratings USING INDEX ratings_by_time"),
        (closed(None, true), "closures USING INDEX closures_by_time (at"),
        (closed(Some("gdj"), false), "closures_of_unit (unit_id=?"),
        (closed(Some("gdj"), true), "closures_of_unit (unit_id=? AND at>? AND at<?"),
        (Order::Appealed, "rating_appeals USING INDEX rating_appeals_by_time"),
        (Order::Flagged, "rating_flags USING INDEX rating_flags_by_time"),
        (Order::Carried, "rating_proofs USING INDEX rating_proofs_carried"),
    ] {
        for key in [None, Some(Key { at: moment, id: "k".into(), rating: "r".into() })] {
            let statements = sent(&mut db, |db| {
                order::places(db, &order, key.as_ref(), 51).unwrap();
            });
            for statement in &statements {
                let steps = plan(&mut db, statement).join("; ");
                assert!(steps.contains(by), "{order:?}: {steps}\n{statement}");
                // Only what was made at the same moment is put in order.
                assert!(!steps.contains("TEMP B-TREE FOR ORDER BY"), "{order:?}: {steps}\n{statement}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_late_promises_costs_what_was_late_on_it() {
    let town = Town::on("sqlite");
    let mut db = town.shared.store.connection().unwrap();
    let day = "2026-10-05".parse().unwrap();
    let over = chrono::DateTime::UNIX_EPOCH.naive_utc();
    for first in [false, true] {
        let promised = Promised { first, day, over };
        let (closures, issues) = if first {
            (
                "closures_by_first_due_closed (first_due_on=? AND at>?",
                "issues_by_first_due_state (first_due_on=? AND state=?",
            )
        } else {
            ("closures_by_due_closed (due_on=? AND at>?", "issues_by_due_state (due_on=? AND state=?")
        };
        for group in [
            Group::Unit,
            Group::Handler,
            Group::Leader,
            Group::Category,
            Group::Channel,
            Group::Level,
            Group::Grade,
        ] {
            for (member, after) in [("m", None), ("m", Some(("i", None))), ("", Some(("i", Some(over))))] {
                let statements = sent(&mut db, |db| {
                    late::closed(db, promised, (group, member), after, 200).unwrap();
                });
                for statement in &statements {
                    let steps = plan(&mut db, statement).join("; ");
                    assert!(steps.contains(closures), "{group:?}: {steps}\n{statement}");
                    assert!(!steps.contains("SCAN"), "{group:?}: {steps}\n{statement}");
                }
            }
        }
        let statements = sent(&mut db, |db| {
            late::unclosed(db, promised, &["assigned".to_owned(), "merged".to_owned()]).unwrap();
        });
        for statement in &statements {
            let steps = plan(&mut db, statement).join("; ");
            assert!(steps.contains(issues), "{steps}\n{statement}");
        }
    }
    let statements = sent(&mut db, |db| {
        use qiyema_server::domain::figures::book::Dimension;
        sums::of_member(db, (Dimension::Unit, "gdj"), (day, day)).unwrap();
        sums::marked_between(db, (day, day)).unwrap();
    });
    for statement in &statements {
        let steps = plan(&mut db, statement).join("; ");
        assert!(!steps.contains("SCAN"), "{steps}\n{statement}");
    }
}
