//! Who reviews a result: neither who did it, nor anybody of the unit that did.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

/// Reported, and to be reviewed.
async fn reported(story: &mut Story) {
    story.must("intake_officer", "acceptance", json!({})).await;
    story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
    story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
    story.must("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
    for reviewer in ["qianfeng", "sunyue", "hewei"] {
        story.gives(reviewer, "closure_reviewer");
    }
}

async fn offered(story: &Story, who: &str) -> bool {
    let token = story.token(who).await;
    let url = story.town.url(&format!("/api/v1/staff/issues/{}", story.number));
    let issue: Value =
        crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
    issue["verbs"].as_array().unwrap().contains(&json!("close"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_does_not_review_its_own_result_and_another_unit_may() {
    for database in BOTH {
        let mut story = Story::registered(database, super::MONDAY).await;
        reported(&mut story).await;
        // A colleague of the handler's, who had no part in it himself.
        for (noun, body) in [("closure", json!({})), ("sending-back", json!({ "reason": "请补充佐证" }))]
        {
            let refused = story.may_not("sunyue", noun, body, 403, "another_officer").await;
            let said = refused["detail"]["zh"].as_str().unwrap();
            assert!(said.contains("不能属于牵头单位"), "{database}: {said}");
        }
        assert!(!offered(&story, "sunyue").await && offered(&story, "hewei").await, "{database}");
        assert_eq!(story.must("hewei", "closure", json!({})).await["state"], "closed", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_centre_has_nobody_else_a_colleague_reviews_and_never_who_did_it() {
    let alone = [("workflow.own_unit_reviews", "true")];
    let mut story = Story::ruled("sqlite", super::MONDAY, &alone).await;
    reported(&mut story).await;
    story.may_not("qianfeng", "closure", json!({}), 403, "another_officer").await;
    assert!(offered(&story, "sunyue").await);
    assert_eq!(story.must("sunyue", "closure", json!({})).await["state"], "closed");
}
