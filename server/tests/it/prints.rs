//! Codes on paper: chosen, previewed, printed, and in the trail of who printed what.

use qiyema_server::{
    domain::event::Kind,
    store::{codes, enterprises, events},
};
use serde_json::{Value, json};

use crate::{
    code_runs::{grow, issued},
    harness::{BOTH, Town},
};

const REAL: &[(&str, &str)] = &[("http.public_url", "https://qy.example.cn")];

fn wish(town: &Town, format: &str) -> Value {
    json!({ "paper": { "format": format }, "of": [town.seeded.code.to_string()] })
}

async fn print(town: &Town, who: &str, wish: &Value) -> (u16, Vec<u8>) {
    let url = town.url("/api/v1/staff/code-prints");
    let asked = crate::harness::client().post(url).bearer_auth(town.token(who).await).json(wish);
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

/// How often the enterprise of the seeded code was printed, as the trail has it.
fn printed(town: &Town) -> Vec<Value> {
    let mut db = town.shared.store.connection().unwrap();
    let code = codes::open(&mut db, &town.seeded.code.to_string()).unwrap().unwrap().code;
    let all = qiyema_server::store::events::of_issues(
        &mut db,
        &code.enterprise_id,
        std::slice::from_ref(&code.enterprise_id),
    )
    .unwrap();
    let word = serde_json::to_value(Kind::CodePrinted).unwrap();
    let of = all.into_iter().filter(|event| word == event.kind);
    of.map(|event| serde_json::from_str(&event.detail).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn live_codes_are_printed_by_issuers_and_the_trail_says_who_printed_what() {
    for database in BOTH {
        let town = Town::with(database, REAL);
        let asked = wish(&town, "a4-3x8");
        let (status, preview) =
            town.send("code_issuer", "POST", "/api/v1/staff/code-print-previews", asked.clone()).await;
        assert_eq!((status, &preview["codes"], &preview["pages"]), (200, &json!(1), &json!(1)), "{preview}");
        assert!(printed(&town).is_empty(), "looking is not printing");

        let (status, file) = print(&town, "code_issuer", &asked).await;
        assert_eq!((status, &file[..5]), (200, &b"%PDF-"[..]));
        let trail = printed(&town);
        assert_eq!((trail.len(), &trail[0]["format"]), (1, &json!("a4-3x8")), "{trail:?}");
        assert_eq!(trail[0]["code"], town.seeded.code.to_string());
        assert_eq!(print(&town, "dispatcher", &asked).await.0, 403);
        assert_eq!(printed(&town).len(), 1);

        // Everything that was found by words, in sheets; what is named in vain is told.
        let find = json!({ "paper": { "format": "plaque-a6" }, "find": "湖州" });
        let (_, found) = town.send("code_issuer", "POST", "/api/v1/staff/code-print-previews", find).await;
        assert!(found["codes"].as_u64().unwrap() >= 2 && found["pages"] == found["codes"], "{found}");
        let vain =
            json!({ "paper": { "format": "a4-3x8" }, "of": [town.seeded.code.to_string(), "NOSUCHCODE"] });
        let (_, found) = town.send("code_issuer", "POST", "/api/v1/staff/code-print-previews", vain).await;
        assert_eq!((&found["codes"], &found["unknown"]), (&json!(1), &json!(["NOSUCHCODE"])));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_not_scan_or_fit_is_refused_with_the_field_and_the_remedy() {
    let town = Town::with("sqlite", REAL);
    let code = town.seeded.code.to_string();
    for (paper, field, remedy) in [
        (json!({ "format": "a4-3x8", "symbol": 19 }), "symbol", "19.6 mm or more"),
        (json!({ "format": "a4-3x8", "left": 4 }), "left", "0.0 mm at most"),
        (json!({ "format": "a4-٣x٨" }), "format", "a4-CxR"),
        (json!({ "format": "a4-3x8", "skip": 24 }), "skip", "less than 24"),
    ] {
        let asked = json!({ "paper": paper, "of": [code] });
        let (status, problem) =
            town.send("code_issuer", "POST", "/api/v1/staff/code-print-previews", asked).await;
        assert_eq!((status, &problem["code"]), (422, &json!("invalid_input")), "{problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        assert!(problem["errors"][0]["detail"]["en"].as_str().unwrap().contains(remedy), "{problem}");
    }
    for nothing in [json!([]), json!(["NOSUCHCODE"])] {
        let asked = json!({ "paper": { "format": "a4-3x8" }, "of": nothing });
        let (status, problem) = town.send("code_issuer", "POST", "/api/v1/staff/code-prints", asked).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("of")), "{problem}");
    }
    let trial = Town::on("sqlite");
    let refused = print(&trial, "code_issuer", &wish(&trial, "a4-3x8")).await;
    assert_eq!(refused.0, 409, "a trial address is not printed unless told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_that_the_font_lacks_is_named_and_dead_codes_are_not_printed() {
    let town = Town::with("sqlite", REAL);
    let code = town.seeded.code.to_string();
    let mut db = town.shared.store.connection().unwrap();
    let opened = codes::open(&mut db, &code).unwrap().unwrap();
    enterprises::rename(&mut db, &opened.code.enterprise_id, "湖州𬭎光😀有限公司", &opened.uscc).unwrap();
    drop(db);
    let previews = "/api/v1/staff/code-print-previews";
    let (_, preview) = town.send("code_issuer", "POST", previews, wish(&town, "a4-3x8")).await;
    assert_eq!(preview["missing"][0]["characters"], "😀", "{preview}");
    let suspension = format!("/api/v1/staff/codes/{code}/suspension");
    assert_eq!(town.send("code_issuer", "POST", &suspension, json!({ "reason_code": "lost" })).await.0, 201);
    let (status, problem) = town.send("code_issuer", "POST", previews, wish(&town, "a4-3x8")).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("of")), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_brings_the_pin_once_and_again_only_when_told_so() {
    for database in BOTH {
        let town = Town::with(database, REAL);
        // Its PIN is typed in the town's story, so it gets one that only a letter knows.
        let enterprise = {
            let mut db = town.shared.store.connection().unwrap();
            codes::open(&mut db, &town.seeded.code.to_string()).unwrap().unwrap().code.enterprise_id
        };
        let reset = format!("/api/v1/staff/enterprises/{enterprise}/pin");
        assert_eq!(town.send("code_issuer", "POST", &reset, json!({})).await.0, 201);
        let mut asked = wish(&town, "letter-a4");
        assert_eq!(
            town.send("code_issuer", "POST", "/api/v1/staff/code-print-previews", asked.clone()).await.0,
            200,
            "a preview shows no PIN and uses nothing up"
        );
        let (status, file) = print(&town, "code_issuer", &asked).await;
        assert_eq!((status, &file[..5]), (200, &b"%PDF-"[..]));
        assert_eq!(print(&town, "code_issuer", &asked).await.0, 409, "printed already");
        asked["again"] = json!(true);
        assert_eq!(print(&town, "code_issuer", &asked).await.0, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_recorded_some_at_a_time_as_one_file_and_letters_all_or_none() {
    for database in BOTH {
        let town = Town::with(database, REAL);
        let ids = grow(&town);
        issued(&town, json!({})).await;
        let said = |enterprise: &str, kind: &str| -> Vec<Value> {
            let mut db = town.shared.store.connection().unwrap();
            let found = events::details(&mut db, enterprise, enterprise, kind).unwrap();
            found.iter().map(|detail| serde_json::from_str(detail).unwrap()).collect()
        };
        let letters = |find: &str, again: bool| json!({ "paper": { "format": "letter-a4" }, "find": find, "again": again });
        // One of the last was printed before.
        assert_eq!(print(&town, "code_issuer", &letters("第449号", false)).await.0, 200, "{database}");
        let refused = print(&town, "code_issuer", &letters("机械厂", false)).await;
        assert_eq!(refused.0, 409, "{database}: {}", String::from_utf8_lossy(&refused.1));
        let recorded = ids.iter().filter(|id| !said(id, "pin_printed").is_empty()).count();
        assert_eq!(recorded, 1, "{database}: no letter, no record");

        let done = print(&town, "code_issuer", &letters("机械厂", true)).await;
        assert_eq!((done.0, &done.1[..5]), (200, &b"%PDF-"[..]), "{database}");
        let (mut files, mut pins) = (std::collections::BTreeSet::new(), 0);
        for id in &ids[2..449] {
            let printed = said(id, "code_printed");
            assert_eq!(printed.len(), 1, "{database}");
            files.insert(printed[0]["file"].as_str().unwrap().to_owned());
            pins += said(id, "pin_printed").len();
        }
        assert_eq!((files.len(), pins), (1, 447), "{database}: one file, each PIN once");
    }
}
