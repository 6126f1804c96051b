//! The inbox at the console and over JSON, and who may set webhooks.

use qiyema_server::store::notices;
use serde_json::{Value, json};

use crate::{
    console::Browser,
    harness::{BOTH, Town},
};

/// Registers an issue as the window does.
async fn register(town: &Town) -> String {
    let (client, token) = (crate::harness::client(), town.token("intake_officer").await);
    let found = client.get(town.url("/api/v1/staff/enterprises?q=9133")).bearer_auth(&token);
    let found: Value = found.send().await.unwrap().json().await.unwrap();
    let enterprise = found["enterprises"][0]["id"].as_str().unwrap();
    let new = json!({ "subject": "道路封闭影响送货", "body": "已封三日", "category": "power", "channel": "window" });
    let path = town.url(&format!("/api/v1/staff/enterprises/{enterprise}/issues"));
    let made: Value =
        client.post(path).bearer_auth(&token).json(&new).send().await.unwrap().json().await.unwrap();
    made["number"].as_str().unwrap().to_owned()
}

async fn accept(town: &Town, number: &str) {
    let token = town.token("dispatcher").await;
    let path = town.url(&format!("/api/v1/staff/issues/{number}/acceptance"));
    let answer =
        crate::harness::client().post(path).bearer_auth(token).json(&json!({ "version": 1 })).send().await;
    assert_eq!(answer.unwrap().status(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_it_is_not_told_and_who_must_act_is_until_he_has_read_it() {
    for database in BOTH {
        let town = Town::on(database);
        let number = register(&town).await;
        let token = town.token("intake_officer").await;
        let own: Value = crate::harness::client()
            .get(town.url("/api/v1/staff/inbox"))
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(own["notices"], json!([]), "{database}: he registered it himself");
        // The dispatcher accepts it, so nobody else has to be told; the next accepting is the window's.
        accept(&town, &number).await;
        let unit =
            qiyema_server::store::directory::handlers(&mut town.shared.store.connection().unwrap()).unwrap();
        let (handler, _, unit) = unit[0].clone();
        let token = town.token("dispatcher").await;
        let assigned = crate::harness::client()
            .post(town.url(&format!("/api/v1/staff/issues/{number}/assignment")))
            .bearer_auth(token)
            .json(&json!({ "version": 2, "unit": unit, "handler": handler }))
            .send()
            .await
            .unwrap();
        assert_eq!(assigned.status(), 201, "{database}");

        let browser = Browser::signed_in(&town, &handler).await;
        let page = browser.page("/console/inbox?lang=zh").await;
        assert!(
            page.contains("新交办的问题，请尽快联系企业并签收") && page.contains(&number),
            "{database}: {page}"
        );
        assert!(page.contains("class=\"badge on num\">1<"), "{database}: the header counts: {page}");
        let again = browser.page("/console/inbox").await;
        assert!(again.contains("class=\"badge on num\">1<"), "{database}: looking changes nothing");
        let reading = page
            .split("action=\"")
            .find(|rest| rest.starts_with("/console/inbox/") && rest.contains("/reading"))
            .unwrap();
        let reading = reading.split('"').next().unwrap().to_owned();
        let other = Browser::signed_in(&town, "auditor").await;
        let refused = other.post("/console", &reading, &[]).await;
        assert_eq!(refused.status(), 404, "{database}: somebody else's notice is unknown");
        let opened = browser.post("/console/inbox", &reading, &[]).await;
        assert_eq!(opened.headers()["location"], format!("/console/issues/{number}").as_str());
        let page = browser.page("/console/inbox").await;
        assert!(!page.contains("badge on num"), "{database}: {page}");
        let mut db = town.shared.store.connection().unwrap();
        let staff = qiyema_server::store::staff::by_username(&mut db, &handler).unwrap().unwrap().row.id;
        assert_eq!(notices::unread(&mut db, &staff).unwrap(), 0);
        drop(db);

        // What told the unit that it has the issue is there when another one has it, and says so.
        let step = |verb: &str| format!("/api/v1/staff/issues/{number}/{verb}");
        let version = |was: &Value| was["version"].clone();
        let seen = town.send(&handler, "GET", &format!("/api/v1/staff/issues/{number}"), Value::Null).await.1;
        let to = if unit == "gdj" { "sjj" } else { "gdj" };
        let ask = json!({ "version": version(&seen), "reason": "应由其他部门负责", "unit": to });
        let (status, asked) = town.send(&handler, "POST", &step("return"), ask).await;
        assert_eq!(status, 201, "{database}: {asked}");
        let ruling = json!({ "version": version(&asked), "decision": "granted", "unit": to, "note": "按三定方案改派" });
        let (status, ruled) = town.send("dispatcher", "POST", &step("return-ruling"), ruling).await;
        assert_eq!(status, 201, "{database}: {ruled}");
        let opened = browser.post("/console/inbox", &reading, &[]).await;
        assert_eq!(opened.headers()["location"], "/console/inbox?gone=1", "{database}");
        let page = browser.page("/console/inbox?gone=1").await;
        assert!(page.contains("该问题已转由其他单位办理"), "{database}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_sees_the_webhooks_and_nobody_but_an_administrator_sets_one() {
    let town = Town::on("sqlite");
    let client = crate::harness::client();
    let hooks = town.url("/api/v1/admin/webhooks");
    let new = json!({ "name": "市级平台", "url": "https://hooks.example.cn/in" });
    let auditor = town.token("auditor").await;
    let seen: Value = client.get(&hooks).bearer_auth(&auditor).send().await.unwrap().json().await.unwrap();
    assert_eq!(seen, json!({ "webhooks": [] }));
    for who in ["auditor", "dispatcher", "supervisor"] {
        let token = town.token(who).await;
        let refused = client.post(&hooks).bearer_auth(token).json(&new).send().await.unwrap();
        assert_eq!(refused.status(), 403, "{who}");
    }
}
