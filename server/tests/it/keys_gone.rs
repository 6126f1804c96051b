//! Keys that are gone: retired, and their codes are void; in wrong hands, and their codes
//! are issued again. In both cases every enterprise comes to one code that opens its board.

use std::{cell::Cell, collections::BTreeSet, time::Duration};

use qiyema_protocol::{
    algorithm::Algorithm,
    code_runs::CodeRunState,
    codes::CodeReason,
    seal::{CodeId, Seal},
};
use qiyema_server::{
    actions::{
        code::{
            self,
            runs::{self, again},
        },
        rights::Actor,
    },
    command::compromise::{self, CompromiseArgs},
    secrets::keystore::KeyStore,
    store::{codes, connection::Db, events, transaction},
    web::press,
};
use serde_json::{Value, json};

use crate::{
    code_runs::{grow, issued, settle},
    console::Browser,
    harness::{BOTH, Town, actor},
};

async fn issuer(town: &Town, method: &str, path: &str, body: Value) -> (u16, Value) {
    town.send("code_issuer", method, &format!("/api/v1/staff/{path}"), body).await
}

async fn scan(town: &Town, seal: &str) -> (u16, Value) {
    let answer = crate::harness::get(town.url(&format!("/api/v1/scans/{seal}"))).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Ids of the enterprises of the demo; the one of the first code comes first.
async fn enterprises(town: &Town) -> Vec<String> {
    let code = town.seeded.code.to_string();
    let (_, list) = issuer(town, "GET", "enterprises", Value::Null).await;
    let mut all: Vec<&Value> = list["enterprises"].as_array().unwrap().iter().collect();
    all.retain(|one| !one["codes"].as_array().unwrap().is_empty());
    all.sort_by_key(|one| one["codes"].as_array().unwrap().iter().all(|c| c["id"] != code.as_str()));
    all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

/// Codes of an enterprise, newest first: id, key, what became of it.
async fn codes_of(town: &Town, enterprise: &str) -> Vec<(String, u64, String)> {
    let (_, one) = issuer(town, "GET", &format!("enterprises/{enterprise}"), Value::Null).await;
    let code = |code: &Value| {
        let text = |name: &str| code[name].as_str().unwrap().to_owned();
        (text("id"), code["kid"].as_u64().unwrap(), text("status"))
    };
    one["codes"].as_array().unwrap().iter().map(code).collect()
}

/// The path segment of a code's seal.
fn segment(town: &Town, code: &str, kid: i32) -> String {
    let text = press::text(&town.shared.trust.keys.now(), &town.shared.trust.host, code, kid).unwrap();
    text.rsplit('/').next().unwrap().to_owned()
}

fn folder(town: &Town) -> KeyStore {
    KeyStore::open(&town.shared.config.paths.keys_dir()).unwrap()
}

fn said(town: &Town, enterprise: &str, kind: &str) -> Vec<Value> {
    let mut db = town.shared.store.connection().unwrap();
    let found = events::details(&mut db, enterprise, enterprise, kind).unwrap();
    found.iter().map(|detail| serde_json::from_str(detail).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_of_a_retired_key_are_void_everywhere_and_a_run_replaces_them_but_lifts_no_suspension() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = enterprises(&town).await;
        let (first, held) = (&ids[0], &ids[1]);
        let suspended = codes_of(&town, held).await[0].0.clone();
        let because = json!({ "reason_code": "lost", "reason": "标牌遗失" });
        let place = format!("codes/{suspended}/suspension");
        assert_eq!(issuer(&town, "POST", &place, because).await.0, 201, "{database}");

        let (mut keys, now) = (folder(&town), town.shared.clock.now());
        keys.rotate(Algorithm::Ed25519, now).unwrap();
        keys.retire(1, now).unwrap();
        town.shared.trust.keys.refresh().unwrap();

        let old = codes_of(&town, first).await[0].clone();
        assert_eq!(old.2, "key_retired", "{database}");
        assert_eq!(codes_of(&town, held).await[0].2, "suspended", "{database}");
        let page = Browser::signed_in(&town, "code_issuer").await;
        let page = page.page(&format!("/console/enterprises/{first}")).await;
        assert!(
            page.contains("密钥已停用，须换发") && !page.contains(&format!("{}/symbol", old.0)),
            "{page}"
        );
        let scans = issuer(&town, "GET", "code-scans", Value::Null).await.1;
        assert_eq!(scans["codes"], json!([]), "{database}: a void code wants no call");
        let print = json!({ "paper": { "format": "a4-3x8" }, "of": [old.0], "trial": true });
        assert_eq!(issuer(&town, "POST", "code-print-previews", print).await.0, 422, "{database}");

        let run = issued(&town, json!({})).await;
        assert_eq!(run["issued"], json!(ids.len() - 1), "{database}: {run}");
        let now = codes_of(&town, first).await;
        let states: Vec<_> = now.iter().take(2).map(|(_, kid, state)| (*kid, &**state)).collect();
        assert_eq!(states, [(2, "live"), (1, "replaced")], "{database}");
        let seal = segment(&town, &now[0].0, 2);
        assert_eq!(scan(&town, &seal).await.0, 200, "{database}");
        let url = town.url(&format!("/api/v1/scans/{seal}/devices"));
        let pin = json!({ "pin": town.seeded.pin });
        let proved = crate::harness::client().post(url).json(&pin).send().await.unwrap();
        assert_eq!(proved.status(), 201, "{database}: the PIN stays");
        let trail = said(&town, first, "code_replaced");
        let last = trail.iter().find(|one| one["code"] == now[0].0.as_str()).unwrap();
        assert_eq!((&last["replaces"], &last["run"]), (&json!(old.0), &run["id"]), "{database}");
        let left = issuer(&town, "POST", "code-runs", json!({})).await.1;
        assert_eq!(left["count"], json!(0), "{database}: whoever is suspended stays suspended");

        let place = format!("codes/{suspended}/resumption");
        let back = issuer(&town, "POST", &place, Value::Null).await;
        assert_eq!((back.0, &back.1["status"]), (201, &json!("key_retired")), "{database}");
        let left = issuer(&town, "POST", "code-runs", json!({})).await.1;
        assert_eq!(left["count"], json!(1), "{database}: resumed, it needs a new one");
    }
}

fn stolen(town: &Town, wait: &dyn Fn(Duration)) {
    let mut db = town.shared.store.connection().unwrap();
    let keys = town.shared.config.paths.keys_dir();
    let args = CompromiseArgs { kid: 1, yes: true };
    compromise::run(&args, true, &(&keys).into(), &mut db, &town.shared.clock, wait).unwrap();
    drop(db);
    town.shared.trust.keys.refresh().unwrap();
}

fn who(db: &mut Db) -> Actor {
    actor(db, "code_issuer")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_key_takes_no_suspension_with_it_and_what_was_signed_meanwhile_is_not_born_dead() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = enterprises(&town).await;
        let (late, held) = (ids[0].clone(), &ids[1]);
        let suspended = codes_of(&town, held).await[0].0.clone();
        let because = json!({ "reason_code": "mistaken", "reason": "挂错了门" });
        let place = format!("codes/{suspended}/suspension");
        assert_eq!(issuer(&town, "POST", &place, because).await.0, 201, "{database}");

        // The server has not seen yet that another key signs; what it issues still bears the old one.
        let seen = Cell::new(0);
        stolen(&town, &|_| {
            let mut db = town.shared.store.connection().unwrap();
            let who = who(&mut db);
            let run = runs::list(&mut db, &who).unwrap().remove(0);
            let half = (run.state, run.parts) == (CodeRunState::Issuing, 0) && run.compromised == Some(1);
            assert!(half, "{database}: no part of a run that grows is handed out: {run:?}");
            seen.set(seen.get() + 1);
            if seen.get() == 2 {
                let (key, at) = (&town.shared.trust.pin_key, town.shared.clock.now());
                transaction(&mut db, |db| code::issue(db, &who, &late, (CodeId([9; 10]), 1), key, at))
                    .unwrap();
            }
        });
        assert!(seen.get() > 2, "{database}: it waited for the server, and looked again");
        let newest = codes_of(&town, &late).await[0].clone();
        assert_eq!((newest.1, &*newest.2), (2, "live"), "{database}");
        assert_eq!(scan(&town, &segment(&town, &newest.0, 2)).await.0, 200, "{database}");

        let still = codes_of(&town, held).await[0].clone();
        assert_eq!((still.1, &*still.2), (2, "suspended"), "{database}");
        assert_ne!(still.0, suspended);
        let answer = scan(&town, &segment(&town, &still.0, 2)).await;
        assert_eq!((answer.0, &answer.1["code"]), (410, &json!("code_suspended")), "{database}");
        let told = said(&town, held, "code_suspended");
        let told = told.iter().find(|one| one["code"] == still.0.as_str()).unwrap();
        assert_eq!(
            (&told["reason_code"], &told["as_was"]),
            (&json!("mistaken"), &json!(suspended)),
            "{database}"
        );
        let runs = issuer(&town, "GET", "code-runs", Value::Null).await.1;
        let run = &runs["runs"][0];
        assert_eq!(
            json!([run["state"], run["parts"], run["issued"] == run["total"]]),
            json!(["done", 1, true]),
            "{database}: {run}"
        );
        // Resumed, the new one opens.
        let place = format!("codes/{}/resumption", still.0);
        assert_eq!(issuer(&town, "POST", &place, Value::Null).await.1["status"], "live", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_key_of_many_codes_is_left_batch_by_batch_each_once_also_when_it_is_broken_off() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        issued(&town, json!({})).await;
        let (keys, now) = (&mut folder(&town), town.shared.clock.now());
        keys.rotate(Algorithm::Ed25519, now).unwrap();
        // Broken off after the first batch; of what was looked at, one ended meanwhile.
        let run = {
            let mut db = town.shared.store.connection().unwrap();
            let who = who(&mut db);
            let found = again::next(&mut db, 1, None).unwrap();
            assert_eq!(found.len(), 200, "{database}");
            let gone = found[150].code.id.clone();
            transaction(&mut db, |db| code::revoke(db, &who, &gone, (CodeReason::Lost, "遗失"), now))
                .unwrap();
            let run = transaction(&mut db, |db| again::begin(db, &who, 1, 999, now)).unwrap();
            transaction(&mut db, |db| again::some(db, &who, &run, &found, 2, now)).unwrap()
        };
        assert_eq!(run.issued, 199, "{database}: what ended is not brought back");
        town.shared.trust.keys.refresh().unwrap();
        // No job takes it up, and whoever asks for codes for everybody does not get this run.
        assert!(runs::due(&mut town.shared.store.connection().unwrap()).unwrap().is_none(), "{database}");

        let pauses = Cell::new(0);
        stolen(&town, &|_| pauses.set(pauses.get() + 1));
        assert!(pauses.get() >= 2, "{database}: others get their turn: {pauses:?}");
        let runs = issuer(&town, "GET", "code-runs", Value::Null).await.1;
        let again: Vec<&Value> =
            runs["runs"].as_array().unwrap().iter().filter(|run| run["compromised"] == 1).collect();
        assert_eq!((again.len(), &again[0]["id"]), (1, &json!(run.id)), "{database}: it went on");
        assert_eq!(again[0]["state"], "done", "{database}");
        let mut db = town.shared.store.connection().unwrap();
        let mut without = 0;
        for some in ids.chunks(100) {
            let found = codes::of_enterprises(&mut db, some).unwrap();
            let standing: Vec<_> = found.iter().filter(|(_, ending)| ending.is_none()).collect();
            assert!(standing.iter().all(|(code, _)| code.kid == 2), "{database}");
            let served: BTreeSet<_> = standing.iter().map(|(code, _)| &code.enterprise_id).collect();
            assert_eq!(served.len(), standing.len(), "{database}: none twice");
            without += some.len() - served.len();
        }
        assert!(without <= 1, "{database}: none missing but the one that was lost: {without}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_rotated_while_a_run_issues_spoils_no_code_and_costs_none() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        let begun = issuer(&town, "POST", "code-runs", json!({ "confirm": ids.len() })).await;
        assert_eq!(begun.0, 202, "{database}: {}", begun.1);
        // The job has served some, when the key is rotated under it; it goes on while the server
        // follows, and people issue by hand.
        let first = {
            let mut db = town.shared.store.connection().unwrap();
            let run = runs::due(&mut db).unwrap().unwrap();
            let some = runs::next(&mut db, &run, &town.shared.rules()).unwrap();
            let (key, at) = (&town.shared.trust.pin_key, town.shared.clock.now());
            transaction(&mut db, |db| runs::take(db, &run, &some, 1, (key, &[]), at)).unwrap();
            codes::of_enterprises(&mut db, &[some[0].id.clone()]).unwrap()[0].0.id.clone()
        };
        let before = segment(&town, &first, 1);
        assert_eq!(scan(&town, &before).await.0, 200, "{database}");
        folder(&town).rotate(Algorithm::Ed25519, town.shared.clock.now()).unwrap();
        town.shared.trust.keys.refresh().unwrap();
        let hand = format!("enterprises/{}/codes", ids[ids.len() - 1]);
        let ((), by_hand) = tokio::join!(settle(&town), issuer(&town, "POST", &hand, Value::Null));
        assert_eq!(by_hand.0, 201, "{database}");
        let mut kids = BTreeSet::new();
        let mut db = town.shared.store.connection().unwrap();
        for some in ids.chunks(100) {
            let found = codes::of_enterprises(&mut db, some).unwrap();
            let standing: Vec<_> = found.iter().filter(|(_, ending)| ending.is_none()).collect();
            let served: BTreeSet<_> = standing.iter().map(|(code, _)| &code.enterprise_id).collect();
            assert_eq!((standing.len(), served.len()), (some.len(), some.len()), "{database}: one each");
            for (code, _) in standing {
                kids.insert(code.kid);
                let seal = segment(&town, &code.id, code.kid);
                let opened = town.shared.trust.open(&seal).map(|seal| seal.code().to_string());
                assert_eq!(opened.ok().as_ref(), Some(&code.id), "{database}");
                assert!(Seal::from_segment(&seal).is_ok());
            }
        }
        assert_eq!(kids, BTreeSet::from([1, 2]), "{database}: before and after");
        assert_eq!(segment(&town, &first, 1), before, "{database}: the symbol on paper is the same");
        assert_eq!(scan(&town, &before).await.0, 200, "{database}");
    }
}
