//! Nobody moves, stops or ends the limit he is measured by, whatever other role he holds.

use serde_json::{Value, json};

use super::{MONDAY, Story};
use crate::harness::BOTH;

fn days(days: u32) -> Value {
    json!({ "working_days": days, "reason": "field_work" })
}

fn later(review_on: &str) -> Value {
    json!({ "reason": "需等待上级电网改造", "review_on": review_on })
}

impl Story {
    /// What this person is offered.
    async fn verbs(&self, who: &str) -> Vec<String> {
        let token = self.token(who).await;
        let url = self.town.url(&format!("/api/v1/staff/issues/{}", self.number));
        let issue: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        issue["verbs"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_with_a_second_role_does_not_stop_the_clock_that_he_is_measured_by() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        for who in ["qianfeng", "sunyue", "hewei"] {
            for role in ["supervisor", "intake_officer"] {
                story.gives(who, role);
            }
        }
        // Nobody asked for anything; the handler, and a colleague of his.
        let ending = json!({ "note": "不再办理" });
        let merging = json!({ "parent": "Q20261123-00000", "note": "同一事项" });
        for who in ["qianfeng", "sunyue"] {
            for (noun, body) in [
                ("extension", days(3)),
                ("deferral", later("2026-12-20")),
                ("withdrawal", ending.clone()),
                ("merger", merging.clone()),
            ] {
                let refused = story.may_not(who, noun, body, 403, "another_officer").await;
                let said = refused["detail"]["zh"].as_str().unwrap();
                assert!(said.contains("承办人和牵头单位"), "{database} {who} {noun}: {said}");
            }
            let offered = story.verbs(who).await;
            for verb in ["extend", "defer", "withdraw", "merge"] {
                assert!(!offered.contains(&verb.to_owned()), "{database} {who} {verb}: {offered:?}");
            }
        }
        // Somebody of another unit, and of the centre, may.
        let offered = story.verbs("hewei").await;
        for verb in ["extend", "defer", "withdraw", "merge"] {
            assert!(offered.contains(&verb.to_owned()), "{database} {verb}: {offered:?}");
        }
        assert_eq!(story.must("hewei", "extension", days(2)).await["promise"], "2026-12-02", "{database}");
        story.must("dispatcher", "deferral", later("2026-12-20")).await;
        story.may_not("qianfeng", "deferral-review", later("2027-01-08"), 403, "another_officer").await;
        assert!(!story.verbs("qianfeng").await.contains(&"review_deferral".to_owned()), "{database}");
        // Taking it up again lets the clock run.
        story.must("qianfeng", "resumption", json!({})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_centre_has_nobody_else_a_colleague_does_and_never_the_handler() {
    let alone = [("workflow.own_unit_reviews", "true")];
    let mut story = Story::ruled("sqlite", MONDAY, &alone).await;
    story.must("intake_officer", "acceptance", json!({})).await;
    story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
    story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
    for who in ["qianfeng", "sunyue"] {
        story.gives(who, "supervisor");
    }
    story.may_not("qianfeng", "extension", days(3), 403, "another_officer").await;
    story.may_not("qianfeng", "deferral", later("2026-12-20"), 403, "another_officer").await;
    assert!(!story.verbs("qianfeng").await.contains(&"extend".to_owned()));
    assert!(story.verbs("sunyue").await.contains(&"extend".to_owned()));
    assert_eq!(story.must("sunyue", "extension", days(2)).await["promise"], "2026-12-02");
}
