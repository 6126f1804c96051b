//! The demo: whatever waits in it can be ruled on, and every state can be carried
//! on by its legal verbs.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};
use qiyema_protocol::{board::State, verb::Verb};
use qiyema_server::{
    actions::rights::{Actor, Object},
    domain::workflow,
    store::{columns::unword, connection::Db, issues},
};

use crate::{
    harness::{BOTH, Town, actor},
    walks::deeds::{Asked, perform},
};

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn words(db: &mut Db, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}

fn count(db: &mut Db, sql: &str) -> i64 {
    sql_query(sql).get_result::<Count>(db).unwrap().n
}

/// Whether somebody did it, with some body or other.
fn done(town: &Town, db: &mut Db, people: &[Actor], number: &str, verb: Verb, other: &str) -> bool {
    let rules = town.shared.rules();
    let (issue, ..) = issues::by_number(db, number).unwrap().unwrap();
    let assisting = issues::assisting(db, &issue.enterprise_id, &issue.id).unwrap();
    let object = Object::of(&issue, &assisting);
    for person in people.iter().filter(|person| person.decide(verb, &object).is_ok()) {
        for with in 0..35 {
            let at = town.shared.clock.now();
            let version = issue.version;
            let ask = Asked { actor: person, number, other, version, with, rules: &rules, at };
            if perform(db, verb, &ask).is_some_and(|result| result.is_ok()) {
                return true;
            }
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_waits_can_be_ruled_on_and_every_state_moves_on() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let db = &mut db;
        let people: Vec<Actor> = words(db, "SELECT username AS word FROM staff ORDER BY username")
            .iter()
            .map(|name| actor(db, name))
            .collect();
        let waiting = |kind: &str| {
            format!(
                "SELECT i.number AS word FROM issues i JOIN requests q ON q.issue_id = i.id \
                 LEFT JOIN rulings r ON r.request_id = q.id \
                 WHERE q.kind = '{kind}' AND r.request_id IS NULL ORDER BY i.number"
            )
        };
        let numbers = |state: &str, db: &mut Db| {
            words(db, &format!("SELECT number AS word FROM issues WHERE state = '{state}' ORDER BY number"))
        };
        let returns = numbers("return_requested", db);
        assert_eq!(words(db, &waiting("return")), returns, "{database}: each says why, and to whom");
        let parent = numbers("submitted", db).pop().unwrap();

        for (kind, verb) in [
            ("return", Verb::RuleReturn),
            ("extension", Verb::RefuseExtension),
            ("deferral", Verb::RefuseDeferral),
        ] {
            let mut asked = words(db, &waiting(kind));
            assert!(asked.len() > 1, "{database}: {kind} {asked:?}");
            if kind == "return" {
                // Two are left to what else can be done with them.
                asked.truncate(asked.len() - 2);
            }
            for number in asked {
                assert!(done(&town, db, &people, &number, verb, &parent), "{database}: {verb:?} of {number}");
            }
        }
        let states = words(db, "SELECT DISTINCT state AS word FROM issues ORDER BY state");
        assert_eq!(states.len(), 17, "{database}: {states:?}");
        for name in states {
            let state: State = unword(&name).unwrap();
            let mut left = numbers(&name, db);
            left.retain(|number| *number != parent);
            assert!(!left.is_empty(), "{database}: the demo has {state:?}");
            for verb in workflow::legal(state) {
                let rule = workflow::rule(state, verb).unwrap();
                let ruled = verb == Verb::RuleReturn;
                if rule.roles.is_empty() || rule.to.is_empty() || ruled {
                    continue;
                }
                let did = left.iter().position(|number| {
                    // Nothing is put right before the enterprise was called.
                    (verb != Verb::Fix || done(&town, db, &people, number, Verb::Contact, &parent))
                        && done(&town, db, &people, number, verb, &parent)
                });
                let did = did.unwrap_or_else(|| panic!("{database}: nothing in {state:?} takes {verb:?}"));
                let (issue, ..) = issues::by_number(db, &left.remove(did)).unwrap().unwrap();
                assert!(rule.leads(state, unword(&issue.state).unwrap()), "{database}: {state:?} {verb:?}");
            }
        }
        let lost =
            count(db, "SELECT count(*) AS n FROM issues WHERE state = 'merged' AND merged_into IS NULL");
        assert_eq!(lost, 0, "{database}: merged into something");
        let asked = "SELECT count(*) AS n FROM events WHERE kind = 'supplement_asked' AND note IS NULL";
        assert_eq!(count(db, asked), 0, "{database}: what is missing is said");
    }
}
