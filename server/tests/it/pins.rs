//! PINs are derived from a key outside the database until they are first typed
//! right; letters with them are printed once, and again only on the record.

use diesel::{OptionalExtension as _, QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text};
use qiyema_protocol::seal::CodeId;
use qiyema_server::{
    actions::{
        Refused,
        code::{
            self,
            pins::{Letter, for_letters},
        },
        rights::Actor,
    },
    clock::Ids,
    secrets::{password::Expected, pin::PinKey},
    store::{Store, codes, connection::Db, owners},
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{BOTH, Town, actor};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    it: String,
}

fn ask(db: &mut Db, statement: &str) -> Option<String> {
    sql_query(statement).get_result::<Found>(db).optional().unwrap().map(|found| found.it)
}

fn enterprise(town: &Town, db: &mut Db) -> String {
    codes::open(db, &town.seeded.code.to_string()).unwrap().unwrap().code.enterprise_id
}

async fn prove(town: &Town, pin: &str) -> u16 {
    let url = town.url(&format!("/api/v1/scans/{}/devices", town.seal));
    crate::harness::client().post(url).json(&json!({ "pin": pin })).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_pin_is_in_the_database_until_it_is_first_typed_right() {
    for database in BOTH {
        let town = Town::on(database);
        let right = town.seeded.pin.clone();
        let wrong = if right == "135792" { "246813" } else { "135792" };
        let mut db = town.shared.store.connection().unwrap();
        let enterprise = enterprise(&town, &mut db);
        let of = format!("FROM pins WHERE enterprise_id = '{enterprise}'");
        assert_eq!(
            ask(&mut db, &format!("SELECT hash AS it {of}")).as_deref(),
            Some(town.shared.trust.pin_key.mark()),
            "{database}"
        );
        assert_eq!(prove(&town, wrong).await, 403, "{database}");
        let kept = format!("SELECT hash AS it FROM pin_activations WHERE enterprise_id = '{enterprise}'");
        assert_eq!(ask(&mut db, &kept), None, "{database}: a wrong guess keeps nothing");

        let (one, other) = tokio::join!(prove(&town, &right), prove(&town, &right));
        assert_eq!((one, other), (201, 201), "{database}: two phones at once");
        let hash = ask(&mut db, &kept).unwrap();
        assert!(hash.starts_with("$argon2id$"), "{database}: {hash}");
        assert_eq!(prove(&town, &right).await, 201, "{database}: by the hash now");
        assert_eq!(prove(&town, wrong).await, 403, "{database}");
        assert_eq!(ask(&mut db, &kept).unwrap(), hash, "{database}: kept once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_key_a_pin_opens_nothing_but_one_that_was_typed_right_goes_on() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let (enterprise, mark) = (enterprise(&town, &mut db), town.shared.trust.pin_key.mark());
        let lost = PinKey::from_bytes(&[9; 32]);
        assert!(!owners::orphans(&mut db, mark).unwrap(), "{database}");
        assert!(
            owners::orphans(&mut db, lost.mark()).unwrap(),
            "{database}: a start with another key says so"
        );
        let row = owners::current_pin(&mut db, &enterprise).unwrap().unwrap();
        assert!(matches!(lost.expected(&enterprise, &row.id, &row.hash), Expected::Nothing));
        let issuer = actor(&mut db, "code_issuer");
        let letter = Letter { again: true, run: None, letters: 1 };
        let at = town.shared.clock.now();
        let refused = for_letters(&mut db, &issuer, &lost, std::slice::from_ref(&enterprise), letter, at);
        assert!(matches!(refused, Err(Refused::PinNotPrintable)), "{database}");

        assert_eq!(prove(&town, &town.seeded.pin).await, 201, "{database}");
        let hash = owners::activation(&mut db, &row.id).unwrap().unwrap();
        assert!(matches!(lost.expected(&enterprise, &row.id, &hash), Expected::Hash(_)), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_printed_once_and_again_only_on_the_record() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let (enterprise, key) = (enterprise(&town, &mut db), &town.shared.trust.pin_key);
        let (issuer, auditor) = (actor(&mut db, "code_issuer"), actor(&mut db, "auditor"));
        let of = [enterprise.clone()];
        let at = town.shared.clock.now();
        let print = |db: &mut Db, who: &Actor, again| {
            for_letters(db, who, key, &of, Letter { again, run: None, letters: 1 }, at)
        };
        assert!(matches!(print(&mut db, &auditor, true), Err(Refused::Forbidden)), "{database}");
        let first = print(&mut db, &issuer, false).unwrap();
        assert_eq!(first, [(enterprise.clone(), town.seeded.pin.clone())], "{database}");
        assert!(matches!(print(&mut db, &issuer, false), Err(Refused::LetterPrinted)), "{database}");
        assert_eq!(print(&mut db, &issuer, true).unwrap(), first, "{database}");
        let (status, reset) = town
            .send("code_issuer", "POST", &format!("/api/v1/staff/enterprises/{enterprise}/pin"), Value::Null)
            .await;
        assert_eq!(status, 201, "{database}: {reset}");
        let third = print(&mut db, &issuer, false).unwrap();
        assert_eq!(third[0].1, reset["pin"].as_str().unwrap(), "{database}: a new PIN, its first letter");
        let trail = format!(
            "SELECT CAST(count(*) AS TEXT) AS it FROM events WHERE kind = 'pin_printed' AND enterprise_id = '{enterprise}'"
        );
        assert_eq!(ask(&mut db, &trail).as_deref(), Some("3"), "{database}: each print is an event");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_issue_for_one_enterprise_at_once_leave_one_code_standing() {
    for database in BOTH {
        let town = Town::on(database);
        let config = &town.shared.config;
        let url = config.database.url_or_default(&config.paths);
        let second = Store::open(url.expose_secret(), 2).unwrap();
        let (enterprise, issuer) = {
            let mut db = town.shared.store.connection().unwrap();
            (enterprise(&town, &mut db), actor(&mut db, "code_issuer"))
        };
        let mut all = tokio::task::JoinSet::new();
        for turn in 0..24 {
            let store = if turn % 2 == 0 { town.shared.store.clone() } else { second.clone() };
            let (enterprise, issuer) = (enterprise.clone(), issuer.clone());
            let (key, at) = (town.shared.trust.pin_key.clone(), town.shared.clock.now());
            all.spawn(async move {
                let new = (CodeId(Ids.bytes().unwrap()), 1);
                let done: Result<_, Refused> =
                    store.write(move |db| code::issue(db, &issuer, &enterprise, new, &key, at)).await;
                done.unwrap().replaces.is_some()
            });
        }
        assert!(all.join_all().await.into_iter().all(|replaced| replaced), "{database}");
        let mut db = town.shared.store.connection().unwrap();
        let found = codes::of_enterprises(&mut db, &[enterprise]).unwrap();
        let standing = found.iter().filter(|(_, ending)| ending.is_none()).count();
        assert_eq!((found.len(), standing), (25, 1), "{database}");
    }
}
