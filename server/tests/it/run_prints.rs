//! A run on paper: label sheets and letters as files, each code where the list says
//! it is, each letter once, and all of it in the trail.

use std::collections::BTreeSet;

use qiyema_protocol::algorithm::Algorithm;
use qiyema_server::{
    secrets::keystore::KeyStore,
    store::{codes, enterprises, events},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    code_runs::{Zip, grow, issued, unpacked},
    console::Browser,
    harness::{BOTH, Town},
};

const PRINTED: &[(&str, &str)] = &[("http.public_url", "https://qy.example.cn")];

async fn asked(town: &Town, who: &str, run: &Value, print: Value) -> reqwest::Response {
    let url = town.url(&format!("/api/v1/staff/code-runs/{}/prints", run["id"].as_str().unwrap()));
    crate::harness::client().post(url).bearer_auth(town.token(who).await).json(&print).send().await.unwrap()
}

async fn printed(town: &Town, run: &Value, print: Value) -> Zip {
    let answer = asked(town, "code_issuer", run, print).await;
    assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    assert_eq!(answer.headers()["content-type"], "application/zip");
    unpacked(answer.bytes().await.unwrap().to_vec())
}

fn said(town: &Town, enterprise: &str, kind: &str) -> Vec<Value> {
    let mut db = town.shared.store.connection().unwrap();
    let found = events::details(&mut db, enterprise, enterprise, kind).unwrap();
    found.iter().map(|detail| serde_json::from_str(detail).unwrap()).collect()
}

fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type/Page/").count() + text.matches("/Type/Page\n").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn label_sheets_of_a_run_hold_each_standing_code_once_where_the_list_says() {
    for database in BOTH {
        let town = Town::with(database, PRINTED);
        let ids = grow(&town);
        let run = issued(&town, json!({ "division": "4403" })).await;
        let mut db = town.shared.store.connection().unwrap();
        let of = |db: &mut _, id: &String| {
            codes::of_enterprises(db, std::slice::from_ref(id)).unwrap()[0].0.clone()
        };
        let gone = of(&mut db, &ids[3]).id;
        for (id, name) in [(&ids[6], "湖州𬭎光😀有限公司"), (&ids[9], "长".repeat(900).as_str())]
        {
            let uscc = enterprises::find(&mut db, id).unwrap().unwrap().uscc;
            enterprises::rename(&mut db, id, name, &uscc).unwrap();
        }
        drop(db);
        let suspension = format!("/api/v1/staff/codes/{gone}/suspension");
        let because = json!({ "reason_code": "lost" });
        assert_eq!(town.send("code_issuer", "POST", &suspension, because).await.0, 201);

        let print = json!({ "part": 1, "paper": { "format": "a4-3x8", "skip": 20 } });
        let zip = printed(&town, &run, print).await;
        assert_eq!((zip.files.len(), zip.table.len()), (1, 150), "{database}");
        let (name, file) = zip.files.iter().next().unwrap();
        assert_eq!((name.as_str(), &file[..5]), ("a4-3x8-001-001.pdf", &b"%PDF-"[..]), "{database}");
        // Four labels on the first sheet, then 24 a sheet.
        assert_eq!(pages(file), 1 + 144_usize.div_ceil(24), "{database}");
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(file));
        let mut spots = BTreeSet::new();
        for row in &zip.table {
            match row["status"].as_str() {
                "live" => {
                    assert_eq!((&row["file"], &row["sha256"]), (name, &hash), "{database}");
                    let number = |column: &str| row[column].parse::<u32>().unwrap();
                    assert!(spots.insert((number("sheet"), number("place"))), "{database}: two on one place");
                }
                "suspended" => {
                    assert_eq!((&row["code"], row["file"].as_str()), (&gone, ""), "{database}");
                }
                other => {
                    assert_eq!((other, row["enterprise"].as_str()), ("name_too_long", &*"长".repeat(900)));
                }
            }
        }
        assert_eq!(
            (spots.len(), spots.first(), spots.last()),
            (148, Some(&(1, 21)), Some(&(7, 24))),
            "{database}"
        );
        let lacking: Vec<_> = zip.table.iter().filter(|row| !row["lacking"].is_empty()).collect();
        assert_eq!((lacking.len(), lacking[0]["lacking"].as_str()), (1, "😀"), "{database}");

        let trail = said(&town, &ids[0], "code_printed");
        assert_eq!((trail.len(), &trail[0]["run"], &trail[0]["format"]), (1, &run["id"], &json!("a4-3x8")));
        assert!(said(&town, &ids[3], "code_printed").is_empty(), "{database}: it was not printed");
        let (_, admin) = town.send("auditor", "GET", "/api/v1/admin/events", Value::Null).await;
        assert_eq!(admin["events"][0]["kind"], "code_run_printed", "{database}: {admin}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_of_a_run_are_printed_once_and_again_only_when_told_so() {
    for database in BOTH {
        let town = Town::with(database, PRINTED);
        let ids = grow(&town);
        let run = issued(&town, json!({ "query": "1号机械厂" })).await;
        let count = usize::try_from(run["issued"].as_u64().unwrap()).unwrap();
        let letters = json!({ "part": 1, "paper": { "format": "letter-a4" } });
        let again = json!({ "part": 1, "paper": { "format": "letter-a4" }, "again": true });
        let first = printed(&town, &run, letters.clone()).await;
        assert_eq!(first.files.values().map(|file| pages(file)).sum::<usize>(), count, "{database}");
        let said_once = said(&town, &ids[11], "pin_printed");
        assert_eq!((said_once.len(), &said_once[0]["run"]), (1, &run["id"]), "{database}");

        // One of them gets another PIN; its letter is the only one left to print.
        let reset = format!("/api/v1/staff/enterprises/{}/pin", ids[11]);
        assert_eq!(town.send("code_issuer", "POST", &reset, json!({})).await.0, 201);
        let second = printed(&town, &run, letters.clone()).await;
        assert_eq!(second.files.values().map(|file| pages(file)).sum::<usize>(), 1, "{database}");
        let held = second.table.iter().filter(|row| row["status"] == "letter_printed").count();
        assert_eq!((held, second.table.len()), (count - 1, count), "{database}");
        let third = printed(&town, &run, letters).await;
        assert!(third.files.is_empty(), "{database}: no page, no file");
        let fourth = printed(&town, &run, again).await;
        assert_eq!(fourth.files.values().map(|file| pages(file)).sum::<usize>(), count, "{database}");
        let trail = said(&town, &ids[21], "pin_printed");
        assert_eq!(
            trail.iter().map(|one| one["again"] == true).collect::<Vec<_>>(),
            [false, true],
            "{database}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_not_drawn_does_not_count_as_printed() {
    for database in BOTH {
        let town = Town::with(database, PRINTED);
        let ids = grow(&town);
        let run = issued(&town, json!({ "query": "1号机械厂" })).await;
        let count = usize::try_from(run["issued"].as_u64().unwrap()).unwrap();
        let mut db = town.shared.store.connection().unwrap();
        let uscc = enterprises::find(&mut db, &ids[21]).unwrap().unwrap().uscc;
        enterprises::rename(&mut db, &ids[21], &"长".repeat(900), &uscc).unwrap();
        drop(db);
        let letters = json!({ "part": 1, "paper": { "format": "letter-a4" } });
        let first = printed(&town, &run, letters.clone()).await;
        let long: Vec<_> = first.table.iter().filter(|row| row["status"] == "name_too_long").collect();
        assert_eq!((long.len(), long[0]["uscc"] == uscc), (1, true), "{database}");
        let drawn = first.table.iter().filter(|row| row["status"] == "live").count();
        assert_eq!(drawn, count - 1, "{database}");
        assert_eq!(said(&town, &ids[11], "pin_printed").len(), 1, "{database}");
        assert!(said(&town, &ids[21], "pin_printed").is_empty(), "{database}: nobody has this letter");

        // With the key their codes are void: no letter, and no record of one.
        let run = issued(&town, json!({ "query": "2号机械厂" })).await;
        let (keys, now) = (town.shared.config.paths.keys_dir(), town.shared.clock.now());
        let mut keys = KeyStore::open(&keys).unwrap();
        keys.rotate(Algorithm::Ed25519, now).unwrap();
        keys.retire(1, now).unwrap();
        town.shared.trust.keys.refresh().unwrap();
        let none = printed(&town, &run, letters).await;
        assert!(none.files.is_empty(), "{database}");
        assert!(none.table.iter().all(|row| row["status"] == "key_retired"), "{database}: {:?}", none.table);
        assert!(said(&town, &ids[2], "pin_printed").is_empty(), "{database}");
        assert!(said(&town, &ids[32], "pin_printed").is_empty(), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_printed_by_issuers_on_paper_that_holds_it_and_takes_its_turn() {
    let town = Town::with("sqlite", PRINTED);
    grow(&town);
    let run = issued(&town, json!({ "query": "𬭎昌" })).await;
    let print = |part: u32, paper: Value| json!({ "part": part, "paper": paper });
    for (who, body, status, code) in [
        ("auditor", print(1, json!({ "format": "a4-3x8" })), 403, "forbidden"),
        ("code_issuer", print(2, json!({ "format": "a4-3x8" })), 404, "not_found"),
        ("code_issuer", print(0, json!({ "format": "a4-3x8" })), 404, "not_found"),
        ("code_issuer", print(1, json!({ "format": "a5-3x8" })), 422, "invalid_input"),
        ("code_issuer", print(1, json!({ "format": "a4-3x8", "symbol": 18 })), 422, "invalid_input"),
    ] {
        let answer = asked(&town, who, &run, body).await;
        let got = answer.status().as_u16();
        let said: Value = answer.json().await.unwrap();
        assert_eq!((got, &said["code"]), (status, &json!(code)), "{said}");
    }
    let places: Vec<_> = std::iter::from_fn(|| town.shared.presses.enter().ok()).collect();
    assert!((1..20).contains(&places.len()), "few are let in");
    let full = asked(&town, "code_issuer", &run, print(1, json!({ "format": "a4-3x8" }))).await;
    assert_eq!((full.status().as_u16(), full.headers().contains_key("retry-after")), (503, true));
    drop(places);
    assert_eq!(printed(&town, &run, print(1, json!({ "format": "plaque-a6" }))).await.files.len(), 1);
    let left: Vec<_> = std::iter::from_fn(|| town.shared.presses.enter().ok()).collect();
    assert!(left.len() > 1, "who is served makes room");

    let trial = Town::on("sqlite");
    grow(&trial);
    let run = issued(&trial, json!({ "query": "𬭎昌" })).await;
    let refused = asked(&trial, "code_issuer", &run, print(1, json!({ "format": "a4-3x8" }))).await;
    assert_eq!(refused.status(), 409, "a trial address is not printed unless told");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_prints_a_part_and_says_what_is_wrong_with_the_paper() {
    let town = Town::on("sqlite");
    grow(&town);
    let run = issued(&town, json!({ "query": "𬭎昌" })).await;
    let browser = Browser::signed_in(&town, "code_issuer").await;
    let here = format!("/console/codes/runs/{}", run["id"].as_str().unwrap());
    let place = format!("{here}/prints");
    let wrong = browser
        .post(&here, &place, &[("part", "1"), ("format", "a4-3x8"), ("left", "60"), ("trial", "true")])
        .await;
    assert_eq!(wrong.status(), 422);
    let wrong = wrong.text().await.unwrap();
    assert!(wrong.contains("标签会超出纸面") && wrong.contains("value=\"60\""), "{wrong}");
    let asked = [("part", "1"), ("format", "letter-a4"), ("trial", "true")];
    let done = browser.post(&here, &place, &asked).await;
    assert_eq!(done.status(), 200);
    assert!(done.headers()["content-disposition"].to_str().unwrap().contains("letter-a4-001.zip"));
    let zip = unpacked(done.bytes().await.unwrap().to_vec());
    assert_eq!((zip.files.len(), zip.table.len()), (1, 1));
    let page = browser.page(&here).await;
    assert!(page.contains("打印记录") && page.contains("企业口令信 A4"), "{page}");
    assert_eq!(browser.post(&here, &place, &asked[..2]).await.status(), 409, "a trial must be said");
}
