//! Many codes revoked together: a run that should not have been, a key, a time; previewed,
//! confirmed, done by the job, stopped.

use qiyema_server::store::codes;
use serde_json::{Value, json};

use crate::{
    code_runs::{grow, issued, settle},
    console::{Browser, hidden, place},
    harness::{BOTH, Town},
};

async fn issuer(town: &Town, method: &str, path: &str, body: Value) -> (u16, Value) {
    town.send("code_issuer", method, &format!("/api/v1/staff/{path}"), body).await
}

/// How many of these enterprises have a code that stands.
fn standing(town: &Town, ids: &[String]) -> usize {
    let mut db = town.shared.store.connection().unwrap();
    let chunks = ids.chunks(100).flat_map(|some| codes::of_enterprises(&mut db, some).unwrap());
    chunks.filter(|(_, ending)| ending.is_none()).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_should_not_have_been_is_revoked_as_one_however_large_and_nothing_else_is() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        let few = issued(&town, json!({ "division": "4403" })).await;
        let many = issued(&town, json!({ "division": "3305" })).await;
        let wish = |run: &Value, confirm: Value| json!({ "run": run["id"], "reason_code": "mistaken", "reason": "签发有误", "confirm": confirm });
        let nobodys =
            issuer(&town, "POST", "code-revocations", wish(&json!({ "id": "x" }), Value::Null)).await;
        assert_eq!((nobodys.0, &nobodys.1["errors"][0]["field"]), (422, &json!("run")), "{database}");
        // So few are revoked at once.
        let seen = issuer(&town, "POST", "code-revocations", wish(&few, Value::Null)).await.1;
        assert_eq!((&seen["count"], &seen["done"]), (&json!(150), &json!(false)), "{database}: {seen}");
        let done = issuer(&town, "POST", "code-revocations", wish(&few, json!(150))).await.1;
        assert_eq!((&done["count"], &done["done"]), (&json!(150), &json!(true)), "{database}: {done}");
        assert_eq!(standing(&town, &ids), 300, "{database}");

        // So many are a run.
        let seen = issuer(&town, "POST", "code-revocations", wish(&many, Value::Null)).await.1;
        assert_eq!(seen["count"], json!(300), "{database}: {seen}");
        assert_eq!(seen["first"].as_array().unwrap().len(), 20, "{database}");
        let wrong = issuer(&town, "POST", "code-revocations", wish(&many, json!(299))).await;
        assert_eq!((wrong.0, &wrong.1["code"]), (409, &json!("count_differs")), "{database}");
        let begun = issuer(&town, "POST", "code-revocations", wish(&many, json!(300))).await.1;
        assert_eq!((&begun["done"], standing(&town, &ids)), (&json!(false), 300), "{database}: {begun}");
        let twice = issuer(&town, "POST", "code-revocations", wish(&many, json!(300))).await.1;
        assert_eq!(twice["run"], begun["run"], "{database}: the same wish is the same run");
        let here = format!("code-runs/{}", begun["run"].as_str().unwrap());
        let runs = issuer(&town, "GET", &here, Value::Null).await.1;
        assert_eq!(
            json!([runs["state"], runs["total"], runs["parts"], runs["revokes"]["run"]]),
            json!(["revoking", 300, 0, many["id"]]),
            "{database}: {runs}"
        );
        // An issuing run asked for meanwhile is another one.
        let preview = issuer(&town, "POST", "code-runs", json!({})).await.1;
        let other = issuer(&town, "POST", "code-runs", json!({ "confirm": preview["count"] })).await.1;
        assert_eq!(other["state"], "issuing", "{database}: {other}");
        issuer(
            &town,
            "POST",
            &format!("code-runs/{}/cancellation", other["id"].as_str().unwrap()),
            Value::Null,
        )
        .await;
        settle(&town).await;
        let over = issuer(&town, "GET", &here, Value::Null).await.1;
        assert_eq!((&over["state"], &over["issued"]), (&json!("done"), &json!(300)), "{database}: {over}");
        assert_eq!(standing(&town, &ids), 0, "{database}");
        let scan = crate::harness::get(town.url(&format!("/api/v1/scans/{}", town.seal))).await.unwrap();
        assert_eq!(scan.status(), 200, "{database}: what other runs issued stands");
        let (_, trail) = town.send("auditor", "GET", "/api/v1/admin/events", Value::Null).await;
        let kinds: Vec<&Value> = trail["events"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
        assert!(kinds.contains(&&json!("code_run_begun")), "{database}: {trail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_issued_after_a_revocation_was_confirmed_stands_and_it_can_be_stopped() {
    for database in BOTH {
        let town = Town::on(database);
        let ids = grow(&town);
        issued(&town, json!({})).await;
        let wish = json!({ "kid": 1, "reason": "密钥有疑" });
        let count = issuer(&town, "POST", "code-revocations", wish.clone()).await.1["count"].clone();
        assert!(count.as_u64().unwrap() > 450, "{database}: {count}");
        let confirmed = json!({ "kid": 1, "reason": "密钥有疑", "confirm": count });
        let begun = issuer(&town, "POST", "code-revocations", confirmed.clone()).await.1;
        let stop = format!("code-runs/{}/cancellation", begun["run"].as_str().unwrap());
        let stopped = issuer(&town, "POST", &stop, Value::Null).await;
        assert_eq!((stopped.0, &stopped.1["state"]), (201, &json!("cancelled")), "{database}");
        settle(&town).await;
        assert_eq!(standing(&town, &ids), 450, "{database}: nothing was revoked");

        issuer(&town, "POST", "code-revocations", confirmed).await;
        let fresh = issuer(&town, "POST", &format!("enterprises/{}/codes", ids[449]), Value::Null).await;
        assert_eq!(fresh.0, 201, "{database}");
        settle(&town).await;
        assert_eq!(standing(&town, &ids), 1, "{database}: signed by that key, but afterwards");
        assert_eq!(standing(&town, &ids[449..]), 1, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_revokes_the_codes_of_a_run_from_its_page() {
    let town = Town::on("sqlite");
    let ids = grow(&town);
    let run = issued(&town, json!({ "division": "3305" })).await;
    let browser = Browser::signed_in(&town, "code_issuer").await;
    let id = run["id"].as_str().unwrap();
    let page = browser.page(&format!("/console/codes/runs/{id}")).await;
    let form = format!("/console/codes/revocations?run={id}");
    assert!(page.contains(&form), "{page}");
    let asked = browser.page(&form).await;
    assert!(asked.contains(&format!("value=\"{id}\"")), "{asked}");
    let many = "/console/codes/revocations";
    let fields = [("run", id), ("reason_code", "mistaken"), ("reason", "签发有误")];
    let preview = browser.post(&form, many, &fields).await.text().await.unwrap();
    assert!(preview.contains("停用这300个企业码"), "{preview}");
    assert_eq!((hidden(&preview, "run"), hidden(&preview, "confirm")), (id.to_owned(), "300".to_owned()));
    let confirmed = [&fields[..], &[("confirm", "300")]].concat();
    let begun = browser.post(&form, many, &confirmed).await;
    assert_eq!(begun.status(), 303);
    let here = place(&begun).to_owned();
    let waiting = browser.get(&here).await;
    assert_eq!(waiting.headers()["refresh"], "3");
    let waiting = waiting.text().await.unwrap();
    assert!(waiting.contains("正在停用") && !waiting.contains("下载印刷文件"), "{waiting}");
    settle(&town).await;
    let done = browser.page(&here).await;
    assert!(done.contains("停用完成") && done.contains("300 / 300") && done.contains(id), "{done}");
    assert_eq!(standing(&town, &ids), 0);
}
