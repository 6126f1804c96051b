//! Two who issue for one enterprise at the same moment, on different servers: one code
//! stands in the end, whoever comes second.

use std::{sync::mpsc, thread, time::Duration};

use qiyema_protocol::seal::CodeId;
use qiyema_server::{
    actions::{Refused, code, code::runs, rights::Actor},
    store::{
        Store,
        code_runs::{Codeless, RunRow},
        codes,
        connection::Db,
        transaction,
    },
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    code_runs::grow,
    harness::{BOTH, Town, actor},
};

/// Another server on the same database.
fn elsewhere(town: &Town) -> Store {
    let config = &town.shared.config;
    Store::open(config.database.url_or_default(&config.paths).expose_secret(), 2).unwrap()
}

/// Does the first deed, and begins the second while the first is not committed yet.
fn one_in_the_other<F, S>(town: &Town, first: F, second: S) -> (Result<(), Refused>, Result<(), Refused>)
where
    F: Fn(&mut Db) -> Result<(), Refused> + Send,
    S: Fn(&mut Db) -> Result<(), Refused> + Send,
{
    let other = elsewhere(town);
    let (begun, told) = mpsc::channel();
    thread::scope(|scope| {
        let one = scope.spawn(move || {
            let mut db = town.shared.store.connection().unwrap();
            transaction::<_, Refused>(&mut db, |db| {
                first(db)?;
                begun.send(()).unwrap();
                thread::sleep(Duration::from_millis(600));
                Ok(())
            })
        });
        told.recv().unwrap();
        let mut db = other.connection().unwrap();
        let two = transaction::<_, Refused>(&mut db, second);
        (one.join().unwrap(), two)
    })
}

fn by_hand(
    town: &Town,
    who: &Actor,
    enterprise: &str,
    id: u8,
) -> impl Fn(&mut Db) -> Result<(), Refused> + Send {
    let (who, enterprise, key, at) =
        (who.clone(), enterprise.to_owned(), town.shared.trust.pin_key.clone(), town.shared.clock.now());
    move |db| code::issue(db, &who, &enterprise, (CodeId([id; 10]), 1), &key, at).map(drop)
}

fn by_run(town: &Town, run: &RunRow, some: &[Codeless]) -> impl Fn(&mut Db) -> Result<(), Refused> + Send {
    let (run, some, key, at) =
        (run.clone(), some.to_vec(), town.shared.trust.pin_key.clone(), town.shared.clock.now());
    move |db| runs::take(db, &run, &some, 1, (&key, &[]), at).map(drop)
}

/// Codes of an enterprise: all, and those that stand.
fn codes_of(town: &Town, enterprise: &str) -> (usize, usize) {
    let mut db = town.shared.store.connection().unwrap();
    let found = codes::of_enterprises(&mut db, &[enterprise.to_owned()]).unwrap();
    (found.len(), found.iter().filter(|(_, ending)| ending.is_none()).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_of_an_enterprise_stands_however_many_issue_at_once() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        let who = actor(&mut town.shared.store.connection().unwrap(), "code_issuer");
        let hands =
            one_in_the_other(&town, by_hand(&town, &who, &ids[0], 1), by_hand(&town, &who, &ids[0], 2));
        assert!(hands.0.is_ok() && hands.1.is_ok(), "{database}: {hands:?}");
        assert_eq!(codes_of(&town, &ids[0]), (2, 1), "{database}: the second replaced the first");

        let begun = town
            .send("code_issuer", "POST", "/api/v1/staff/code-runs", json!({ "confirm": ids.len() - 1 }))
            .await;
        assert_eq!(begun.0, 202, "{}", begun.1);
        let mut db = town.shared.store.connection().unwrap();
        let run = runs::due(&mut db).unwrap().unwrap();
        let some = runs::next(&mut db, &run, &town.shared.rules()).unwrap();
        drop(db);
        let (early, late) = (some[3].id.clone(), some[7].id.clone());
        // Somebody is at it by hand when the run comes: the run passes this one over.
        let hand = by_hand(&town, &who, &early, 3);
        let went = one_in_the_other(&town, hand, by_run(&town, &run, &some));
        assert!(went.0.is_ok() && went.1.is_ok(), "{database}: {went:?}");
        assert_eq!(codes_of(&town, &early), (1, 1), "{database}: the run passed it over");
        assert_eq!(codes_of(&town, &late), (1, 1), "{database}");
        // The run is at it when somebody comes by hand: whoever comes by hand wants a new one.
        let mut db = town.shared.store.connection().unwrap();
        let run = runs::due(&mut db).unwrap().unwrap();
        let some = runs::next(&mut db, &run, &town.shared.rules()).unwrap();
        drop(db);
        let one = some[5].id.clone();
        let went = one_in_the_other(&town, by_run(&town, &run, &some), by_hand(&town, &who, &one, 4));
        assert!(went.0.is_ok() && went.1.is_ok(), "{database}: {went:?}");
        assert_eq!(codes_of(&town, &one), (2, 1), "{database}: the code of the run is replaced");
    }
}
