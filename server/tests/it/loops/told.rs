//! Who is told: no notice reaches nobody, and whose it was until now learns of it.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

impl Story {
    /// Kinds of the notices that this person got about the issue, the oldest first.
    async fn told(&self, who: &str) -> Vec<String> {
        let token = self.token(who).await;
        let url = self.town.url("/api/v1/staff/inbox");
        let inbox: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        let mine = |one: &&Value| one["number"] == self.number.as_str();
        let all = inbox["notices"].as_array().unwrap().iter().filter(mine).rev();
        all.map(|one| one["kind"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_for_a_handler_that_nobody_named_reaches_the_handlers_of_the_unit() {
    for database in BOTH {
        let mut story = Story::registered(database, super::MONDAY).await;
        story.must("intake_officer", "acceptance", json!({})).await;
        story.must("dispatcher", "assignment", json!({ "unit": "gdj" })).await;
        story.must("intake_officer", "urging", json!({ "note": "急" })).await;
        for who in ["qianfeng", "sunyue", "hanxue"] {
            assert_eq!(story.told(who).await, ["assigned", "urged"], "{database} {who}");
        }
        assert!(story.told("lijianguo").await.is_empty(), "{database}: it is no other unit's");
        // Once somebody is named, the others are left in peace.
        story.must("hanxue", "signature", json!({ "handler": "sunyue" })).await;
        story.must("dispatcher", "extension", json!({ "working_days": 1, "reason": "field_work" })).await;
        let told = ["assigned", "urged", "signed_for", "extended"];
        assert_eq!(story.told("sunyue").await, told, "{database}");
        assert_eq!(story.told("qianfeng").await, ["assigned", "urged"], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_it_was_until_now_learns_that_it_is_no_more() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        story.must("qianfeng", "signature", json!({})).await;
        story.must("hanxue", "handover", json!({ "handler": "sunyue", "note": "休假" })).await;
        assert_eq!(story.told("qianfeng").await.last().unwrap(), "handed_over", "{database}: he had it");
        assert_eq!(story.told("sunyue").await.last().unwrap(), "handed_over", "{database}: he has it");

        story.must("sunyue", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        let yes = json!({ "decision": "granted", "unit": "jxj", "note": "由经信局办理" });
        story.must("dispatcher", "return-ruling", yes).await;
        for who in ["sunyue", "hanxue"] {
            assert_eq!(story.told(who).await.last().unwrap(), "return_ruled", "{database} {who}: they asked");
        }
        // Nobody is named in the unit that has it now, and its handlers know of it all the same.
        assert_eq!(story.told("lijianguo").await, ["return_ruled"], "{database}");
        assert!(!story.told("qianfeng").await.contains(&"return_ruled".to_owned()), "{database}");
    }
}
