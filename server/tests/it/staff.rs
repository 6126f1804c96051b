//! The staff loop: from a registered enterprise to a closed issue, and what is refused on the way.

use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

async fn send(town: &Town, who: &str, path: &str, body: Value) -> (u16, Value) {
    let token = town.token(who).await;
    let asked = crate::harness::client().post(town.url(&format!("/api/v1/staff/{path}"))).bearer_auth(token);
    let answer = asked.json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_goes_from_the_window_to_its_closure() {
    for database in BOTH {
        let town = Town::on(database);
        let new = json!({ "uscc": "91330100799655058B", "name": "杭州示例有限公司" });
        let (status, enterprise) = send(&town, "intake_officer", "enterprises", new.clone()).await;
        assert_eq!(status, 201, "{enterprise}");
        assert_eq!(send(&town, "intake_officer", "enterprises", new).await.1["code"], "enterprise_exists");
        let id = enterprise["id"].as_str().unwrap();
        let issue =
            json!({ "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window" });
        let (status, issue) = send(&town, "intake_officer", &format!("enterprises/{id}/issues"), issue).await;
        assert_eq!(status, 201, "{issue}");
        let number = issue["number"].as_str().unwrap();
        let verb = async |who: &str, verb: &str, version: i32, more: Value| {
            let mut body = json!({ "version": version });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            send(&town, who, &format!("issues/{number}/{verb}"), body).await
        };
        assert_eq!(verb("intake_officer", "acceptance", 1, json!({})).await.0, 201);
        let again = verb("intake_officer", "acceptance", 2, json!({})).await;
        assert_eq!(
            (again.0, &again.1["code"]),
            (409, &json!("transition_refused")),
            "the clock cannot be restarted"
        );
        let to = json!({ "unit": "gdj", "handler": "qianfeng" });
        assert_eq!(verb("auditor", "assignment", 2, to.clone()).await.0, 403);
        assert_eq!(verb("dispatcher", "assignment", 1, to.clone()).await.1["code"], "version_conflict");
        assert_eq!(verb("dispatcher", "assignment", 2, to).await.0, 201);
        assert_eq!(
            verb("lijianguo", "progress", 3, json!({ "note": "不归我管" })).await.0,
            404,
            "a neighbour"
        );
        assert_eq!(verb("qianfeng", "progress", 3, json!({ "note": "已现场勘查" })).await.0, 201);
        let longer = json!({ "working_days": 3, "reason": "field_work" });
        let (status, extended) = verb("dispatcher", "extension", 4, longer.clone()).await;
        assert_eq!(status, 201, "{extended}");
        assert!(extended["promise"].as_str() > extended["first_promise"].as_str());
        assert_eq!(verb("dispatcher", "extension", 5, longer).await.0, 422, "once only");
        let result = json!({ "result": "resolved", "reply": "已完成增容送电" });
        assert_eq!(verb("qianfeng", "result", 5, result).await.0, 201);
        assert_eq!(verb("qianfeng", "closure", 6, json!({})).await.0, 403, "nobody closes his own");
        let (status, closed) = verb("closure_reviewer", "closure", 6, json!({})).await;
        assert_eq!((status, &closed["state"]), (201, &json!("closed")), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_opens_nothing() {
    let town = Town::on("sqlite");
    let token = town.token("auditor").await;
    let client = crate::harness::client();
    let me = || client.get(town.url("/api/v1/staff/me")).bearer_auth(&token).send();
    assert_eq!(me().await.unwrap().status(), 200);
    let leave = client.delete(town.url("/api/v1/staff/sessions/current")).bearer_auth(&token);
    assert_eq!(leave.send().await.unwrap().status(), 204);
    assert_eq!(me().await.unwrap().status(), 401);
}
