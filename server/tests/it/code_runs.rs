//! Codes for a whole city: previewed, confirmed, issued by a job that may be
//! interrupted; and their files, each of which says its code.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read as _},
};

use diesel::{RunQueryDsl as _, sql_query};
use qiyema_server::{
    actions::{Refused, code::runs, job::Job},
    domain::search,
    startup::jobs::Runner,
    store::{
        Store, code_runs, codes,
        columns::column,
        enterprises::{self, EnterpriseRow},
        events, owners, transaction,
    },
};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
};

/// Enterprises beside those of the demo, which all have a code.
const MORE: usize = 450;
const PRINTED: &[(&str, &str)] = &[("http.public_url", "https://qy.example.cn")];

/// Adds enterprises without a code, every third of another division; gives their ids.
pub fn grow(town: &Town) -> Vec<String> {
    let at = column(town.shared.clock.now());
    let mut db = town.shared.store.connection().unwrap();
    let made = transaction::<_, Refused>(&mut db, |db| {
        let mut made = Vec::new();
        for n in 0..MORE {
            let name = match n {
                0 => "=1+1有限公司".to_owned(),
                1 => "上海𬭎昌商行".to_owned(),
                n => format!("第{n}号机械厂"),
            };
            // Check characters are the door's business; the store takes any.
            let uscc = format!("91{}MA{n:08}", if n % 3 == 0 { "440300" } else { "330521" });
            let (id, search_key) = (format!("more-{n:05}"), search::key(&name, &uscc));
            let by = "test".to_owned();
            let row = EnterpriseRow { id, uscc, name, search_key, registered_at: at, registered_by: by };
            enterprises::insert(db, &row)?;
            made.push(row.id);
        }
        Ok(made)
    });
    made.unwrap()
}

async fn issuer(town: &Town, method: &str, path: &str, body: Value) -> (u16, Value) {
    town.send("code_issuer", method, &format!("/api/v1/staff/{path}"), body).await
}

/// Lets the job look until nothing is left; whoever held its lease is gone.
pub async fn settle(town: &Town) {
    let mut db = town.shared.store.connection().unwrap();
    sql_query("UPDATE leases SET until = '2000-01-01 00:00:00' WHERE name = 'issuing'")
        .execute(&mut **db)
        .unwrap();
    drop(db);
    let runner = Runner::new(&town.shared).unwrap();
    while runner.look(Job::Issuing).await.unwrap() {}
}

/// Begins a run for this wish and lets the job do all of it.
pub async fn issued(town: &Town, wish: Value) -> Value {
    let (status, preview) = issuer(town, "POST", "code-runs", json!({ "wish": wish })).await;
    assert_eq!(status, 200, "{preview}");
    let (status, run) =
        issuer(town, "POST", "code-runs", json!({ "wish": wish, "confirm": preview["count"] })).await;
    assert_eq!((status, &run["state"]), (202, &json!("issuing")), "{run}");
    settle(town).await;
    issuer(town, "GET", &format!("code-runs/{}", run["id"].as_str().unwrap()), Value::Null).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_serves_everybody_without_a_code_once_and_every_code_has_its_event_and_its_pin() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        let (status, preview) = issuer(&town, "POST", "code-runs", json!({})).await;
        assert_eq!((status, &preview["count"]), (200, &json!(MORE)), "{database}: {preview}");
        let wrong = issuer(&town, "POST", "code-runs", json!({ "confirm": MORE - 1 })).await;
        assert_eq!((wrong.0, &wrong.1["code"]), (409, &json!("count_differs")), "{database}");
        for who in ["auditor", "dispatcher", "administrator"] {
            assert_eq!(town.send(who, "POST", "/api/v1/staff/code-runs", json!({})).await.0, 403, "{who}");
        }
        let run = issued(&town, json!({})).await;
        assert_eq!(
            json!([run["state"], run["issued"], run["total"], run["parts"], run["by"]]),
            json!(["done", MORE, MORE, 1, "code_issuer"]),
            "{database}: {run}"
        );
        let mut db = town.shared.store.connection().unwrap();
        let mut pins = BTreeSet::new();
        for some in ids.chunks(100) {
            let found = codes::of_enterprises(&mut db, some).unwrap();
            let served: BTreeSet<_> = found.iter().map(|(code, _)| &code.enterprise_id).collect();
            assert_eq!((found.len(), served.len()), (some.len(), some.len()), "{database}: one each");
            for row in owners::current_pins(&mut db, some).unwrap() {
                let pin = town.shared.trust.pin_key.reveal(&row.enterprise_id, &row.id, &row.hash);
                pins.insert(pin.unwrap());
            }
        }
        assert!(pins.len() > MORE - 5, "{database}: {} PINs differ", pins.len());
        let detail = events::details(&mut db, &ids[7], &ids[7], "code_issued").unwrap();
        assert!(detail.len() == 1 && detail[0].contains(run["id"].as_str().unwrap()), "{detail:?}");

        let after = issuer(&town, "POST", "code-runs", json!({})).await.1;
        assert_eq!(after["count"], json!(0), "{database}: everybody has one");
        let over = format!("code-runs/{}/cancellation", run["id"].as_str().unwrap());
        assert_eq!(issuer(&town, "POST", &over, Value::Null).await.1["code"], "run_over", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_narrows_a_run_and_who_closed_down_gets_no_code() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        let count = async |wish: Value| {
            let said = issuer(&town, "POST", "code-runs", json!({ "wish": wish })).await;
            if said.0 == 200 { said.1["count"].clone() } else { said.1["errors"][0]["field"].clone() }
        };
        assert_eq!(count(json!({ "division": "4403" })).await, json!(MORE / 3), "{database}");
        assert_eq!(count(json!({ "query": "机械厂" })).await, json!(MORE - 2), "{database}");
        assert_eq!(count(json!({ "query": "𬭎昌" })).await, json!(1), "{database}");
        assert_eq!(count(json!({ "query": "jxc", "division": "330521" })).await, json!(299), "{database}");
        assert_eq!(count(json!({ "registered_before": "2020-01-01" })).await, json!(0), "{database}");
        assert_eq!(count(json!({ "registered_since": "2020-01-01" })).await, json!(MORE), "{database}");
        assert_eq!(count(json!({ "query": "%_!" })).await, json!("query"), "{database}: not everybody");
        assert_eq!(count(json!({ "division": "33%" })).await, json!("division"), "{database}");
        let turned = json!({ "registered_since": "2026-02-01", "registered_before": "2026-02-01" });
        assert_eq!(count(turned).await, json!("registered_before"), "{database}");

        let run = issued(&town, json!({ "division": "4403" })).await;
        assert_eq!(run["issued"], json!(MORE / 3), "{database}");
        // Of the codes of that run one is lost, one enterprise closes down, one code is suspended.
        for (n, noun, because) in
            [(0, "revocation", "lost"), (3, "revocation", "closed"), (6, "suspension", "lost")]
        {
            let view = issuer(&town, "GET", &format!("enterprises/{}", ids[n]), Value::Null).await.1;
            let code = view["codes"][0]["id"].as_str().unwrap();
            let body = json!({ "reason": "登记如此", "reason_code": because });
            let (status, said) = issuer(&town, "POST", &format!("codes/{code}/{noun}"), body).await;
            assert_eq!(status, 201, "{database}: {said}");
        }
        assert_eq!(count(json!({ "division": "4403" })).await, json!(1), "{database}: who lost it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_happens_meanwhile_makes_a_second_code_or_leaves_one_out() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        let begun = issuer(&town, "POST", "code-runs", json!({ "confirm": MORE })).await.1;
        let twice = issuer(&town, "POST", "code-runs", json!({ "confirm": 1 })).await.1;
        assert_eq!(begun["id"], twice["id"], "{database}: the same wish is the same run");
        let mut db = town.shared.store.connection().unwrap();
        let rules = town.shared.rules();
        let at = town.shared.clock.now();
        let key = town.shared.trust.pin_key.clone();
        let run = runs::due(&mut db).unwrap().unwrap();
        let some = runs::next(&mut db, &run, &rules).unwrap();
        // Somebody issues one by hand between looking and taking.
        let by_hand = some[5].id.clone();
        let (status, _) = issuer(&town, "POST", &format!("enterprises/{by_hand}/codes"), Value::Null).await;
        assert_eq!(status, 201, "{database}");
        // Two processes take the same enterprises at once; a third comes late with the same.
        let config = &town.shared.config;
        let url = config.database.url_or_default(&config.paths);
        let other = Store::open(url.expose_secret(), 2).unwrap();
        let take = async |store: &Store| {
            let (run, some, key) = (run.clone(), some.clone(), key.clone());
            let taken: Result<_, Refused> =
                store.write(move |db| runs::take(db, &run, &some, 1, (&key, &[]), at)).await;
            taken
        };
        let both = tokio::join!(take(&town.shared.store), take(&other));
        let went = [&both.0, &both.1].iter().filter(|one| one.is_ok()).count();
        assert_eq!(went, 1, "{database}: {both:?}");
        assert!(matches!(take(&other).await, Err(Refused::RunOver)), "{database}");
        let moved = code_runs::find(&mut db, begun["id"].as_str().unwrap()).unwrap().unwrap();
        assert_eq!(moved.issued, 199, "{database}: all but the one");

        settle(&town).await;
        for some in ids.chunks(100) {
            let found = codes::of_enterprises(&mut db, some).unwrap();
            let standing = found.iter().filter(|(_, ending)| ending.is_none()).count();
            assert_eq!((found.len(), standing), (some.len(), some.len()), "{database}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_keeps_what_it_issued() {
    for database in BOTH {
        let town = Town::on(database);
        grow(&town);
        let begun = issuer(&town, "POST", "code-runs", json!({ "confirm": MORE })).await.1;
        let mut db = town.shared.store.connection().unwrap();
        let run = runs::due(&mut db).unwrap().unwrap();
        let some = runs::next(&mut db, &run, &town.shared.rules()).unwrap();
        let (key, at) = (&town.shared.trust.pin_key, town.shared.clock.now());
        let taken: Result<_, Refused> =
            transaction(&mut db, |db| runs::take(db, &run, &some, 1, (key, &[]), at));
        assert_eq!(taken.unwrap().issued, 200);
        let place = format!("code-runs/{}", begun["id"].as_str().unwrap());
        let (status, said) = issuer(&town, "POST", &format!("{place}/cancellation"), Value::Null).await;
        assert_eq!((status, &said["issued"], &said["parts"]), (201, &json!(200), &json!(1)), "{database}");
        assert_eq!(said["stopped_by"], "code_issuer", "{database}");
        let runner = Runner::new(&town.shared).unwrap();
        assert!(!runner.look(Job::Issuing).await.unwrap(), "{database}: nothing is due");
        let seen = issuer(&town, "GET", &place, Value::Null).await.1;
        assert_eq!((&seen["state"], &seen["issued"]), (&json!("cancelled"), &json!(200)), "{database}");
        assert_eq!(seen["stopped_by"], "code_issuer", "{database}: it stands in the run");
        let browser = Browser::signed_in(&town, "code_issuer").await;
        let page = browser.page(&format!("/console/codes/runs/{}", begun["id"].as_str().unwrap())).await;
        assert!(page.contains("停止人") && page.contains("code_issuer ·"), "{database}: {page}");
        let (_, trail) = town.send("auditor", "GET", "/api/v1/admin/events", Value::Null).await;
        let kinds: Vec<&Value> = trail["events"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert_eq!(kinds[..2], ["code_run_stopped", "code_run_begun"], "{database}: {trail}");
        let left = issuer(&town, "POST", "code-runs", json!({})).await.1;
        assert_eq!(left["count"], json!(MORE - 200), "{database}: another run serves the others");
    }
}

/// A part of a run, unpacked.
pub struct Zip {
    pub files: BTreeMap<String, Vec<u8>>,
    /// Rows of `manifest.csv`.
    pub table: Vec<BTreeMap<String, String>>,
}

async fn zip(town: &Town, path: &str) -> Zip {
    let token = town.token("code_issuer").await;
    let answer = crate::harness::client().get(town.url(path)).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["content-type"], "application/zip");
    unpacked(answer.bytes().await.unwrap().to_vec())
}

/// Every file of a ZIP once, and its table.
pub fn unpacked(bytes: Vec<u8>) -> Zip {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(file.last_modified().is_some_and(|at| at.year() > 2000), "{name}: dated");
        assert!(files.insert(name.clone(), bytes).is_none(), "{name}: twice");
    }
    let table = files.remove("manifest.csv").unwrap();
    let table = csv::Reader::from_reader(table.strip_prefix(b"\xef\xbb\xbf").unwrap())
        .deserialize()
        .map(Result::unwrap)
        .collect();
    Zip { files, table }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_of_a_run_says_the_code_that_its_table_says() {
    for database in BOTH {
        let town = Town::with(database, PRINTED);
        let ids = grow(&town);
        let run = issued(&town, json!({})).await;
        let place = format!("/api/v1/staff/code-runs/{}/symbols", run["id"].as_str().unwrap());
        let gone = codes::of_enterprises(
            &mut town.shared.store.connection().unwrap(),
            std::slice::from_ref(&ids[2]),
        );
        let gone = gone.unwrap()[0].0.id.clone();
        let body = json!({ "reason": "注销", "reason_code": "closed" });
        assert_eq!(issuer(&town, "POST", &format!("codes/{gone}/revocation"), body).await.0, 201);
        for format in ["svg", "png"] {
            let zip = zip(&town, &format!("{place}/1.zip?format={format}&mm=30&dpi=300")).await;
            assert_eq!((zip.files.len(), zip.table.len()), (MORE - 1, MORE), "{database}");
            let mut seen = BTreeSet::new();
            for row in &zip.table {
                assert!(seen.insert(&row["code"]), "{database}: twice");
                if row["code"] == gone {
                    assert_eq!((row["file"].as_str(), row["status"].as_str()), ("", "revoked"));
                    continue;
                }
                let file = &zip.files[&row["file"]];
                assert_eq!(row["sha256"], data_encoding::HEXLOWER.encode(&Sha256::digest(file)));
                assert_eq!(row["status"], "live");
                assert_eq!(row["file"], format!("{}-{}.{format}", row["uscc"], row["code"]));
            }
            let named =
                |uscc: &str| zip.table.iter().find(|row| row["uscc"] == uscc).unwrap()["enterprise"].clone();
            assert_eq!(named("91440300MA00000000"), "'=1+1有限公司", "{database}: no formula");
            assert_eq!(named("91330521MA00000001"), "上海𬭎昌商行", "{database}");
            // Another reader than the one that checked them, from the pixels.
            for (name, file) in zip.files.iter().filter(|_| format == "png").step_by(45) {
                let grey = image::load_from_memory(file).unwrap().to_luma8();
                let said = rqrr::PreparedImage::prepare(grey).detect_grids()[0].decode().unwrap().1;
                let seal = said.strip_prefix("HTTPS://QY.EXAMPLE.CN/C/").unwrap();
                let code = town.shared.trust.open(seal).unwrap().code().to_string();
                assert!(name.contains(&code), "{database}: {name} says {code}");
                let scan = crate::harness::client()
                    .get(town.url(&format!("/api/v1/scans/{seal}")))
                    .send()
                    .await
                    .unwrap();
                assert_eq!(scan.status(), 200, "{database}");
            }
        }
        let least = zip(&town, &format!("{place}/1.zip?mm=19.6")).await;
        let first = String::from_utf8(least.files.values().next().unwrap().clone()).unwrap();
        assert!(first.contains(" width=\"19.6mm\""), "{database}: the least width there is");
        let token = town.token("code_issuer").await;
        for (asked, status, code) in [
            ("1.zip?mm=18", 422, "invalid_input"),
            ("1.zip?mm=19.5", 422, "invalid_input"),
            ("1.zip?format=png&mm=20&dpi=100", 422, "invalid_input"),
            ("2.zip", 404, "not_found"),
            ("0.zip", 404, "not_found"),
        ] {
            let answer = crate::harness::client()
                .get(town.url(&format!("{place}/{asked}")))
                .bearer_auth(&token)
                .send()
                .await
                .unwrap();
            let got = answer.status().as_u16();
            let said: Value = answer.json().await.unwrap();
            assert_eq!((got, &said["code"]), (status, &json!(code)), "{database}: {asked}");
        }
        let auditor = town.send("auditor", "GET", &format!("{place}/1.zip"), Value::Null).await;
        assert_eq!(auditor.0, 403, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_run_is_printed_for_a_trial_address_unless_told() {
    let town = Town::on("sqlite");
    grow(&town);
    let run = issued(&town, json!({ "query": "𬭎昌" })).await;
    let place = format!("/api/v1/staff/code-runs/{}/symbols/1.zip", run["id"].as_str().unwrap());
    let refused = town.send("code_issuer", "GET", &place, Value::Null).await;
    assert_eq!((refused.0, &refused.1["code"]), (409, &json!("public_url_unset")));
    assert_eq!(zip(&town, &format!("{place}?trial=true")).await.files.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_previews_begins_shows_and_hands_over() {
    for database in BOTH {
        let town = Town::on(database);
        grow(&town);
        let browser = Browser::signed_in(&town, "code_issuer").await;
        let shelf = "/console/codes/runs";
        assert!(browser.page(shelf).await.contains("还没有批量签发过"), "{database}");
        let wish = [("query", ""), ("division", "4403"), ("registered_since", ""), ("registered_before", "")];
        let preview = browser.post(shelf, shelf, &wish).await;
        assert_eq!(preview.status(), 200);
        let preview = preview.text().await.unwrap();
        assert!(preview.contains("签发150个企业码") && preview.contains("尚未签发"), "{preview}");
        let wrong = browser.post(shelf, shelf, &[("division", "x")]).await;
        assert_eq!(wrong.status(), 422, "{database}");
        assert!(wrong.text().await.unwrap().contains("行政区划代码"), "{database}");

        let mut sure = wish.to_vec();
        sure.push(("confirm", "150"));
        let begun = browser.post(shelf, shelf, &sure).await;
        assert_eq!(begun.status(), 303, "{database}");
        let here = place(&begun).to_owned();
        let waiting = browser.get(&here).await;
        assert_eq!(waiting.headers()["refresh"], "3");
        assert!(waiting.text().await.unwrap().contains("<progress value=\"0\" max=\"150\""));
        settle(&town).await;
        let done = browser.get(&here).await;
        assert!(done.headers().get("refresh").is_none(), "{database}");
        let done = done.text().await.unwrap();
        assert!(done.contains("签发完成") && done.contains("150 / 150"), "{done}");
        assert!(browser.page(shelf).await.contains("区划 4403"), "{database}");
        assert!(done.contains("试用地址"), "{database}: at a trial address only to try out");
        assert_eq!(browser.get(&format!("{here}/symbols/1.zip")).await.status(), 409, "{database}");
        let file = browser.get(&format!("{here}/symbols/1.zip?trial=true")).await;
        assert_eq!(file.headers()["content-type"], "application/zip", "{database}");
        assert!(file.bytes().await.unwrap().starts_with(b"PK"), "{database}");
    }
}
