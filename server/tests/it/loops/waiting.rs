//! What cannot be solved yet: the clock stops, and goes on where it stopped.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

fn ask(review_on: &str) -> Value {
    json!({ "reason": "需等待上级电网改造", "review_on": review_on })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deferral_keeps_the_working_days_that_were_left() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        // Accepted on Monday the 23rd: five working days end on Monday the 30th.
        assert_eq!(story.read().await["promise"], "2026-11-30");
        story.it_is("2026-11-25T02:00:00Z");
        story.must("qianfeng", "deferral-request", ask("2026-12-20")).await;
        story.may_not("qianfeng", "deferral-request", ask("2026-12-20"), 409, "asked_already").await;
        story.may_not("qianfeng", "deferral", ask("2026-12-20"), 403, "forbidden").await;
        let late = story.may_not("dispatcher", "deferral", ask("2027-02-24"), 422, "invalid_input").await;
        assert_eq!(late["errors"][0]["field"], "review_on", "91 days");
        story.may_not("dispatcher", "deferral", ask("2026-11-25"), 422, "invalid_input").await;
        let deferred = story.must("dispatcher", "deferral", ask("2027-02-23")).await;
        // The lamp is that of the review, which is far.
        assert_eq!((&deferred["state"], &deferred["lamp"]), (&json!("deferred"), &json!("green")));
        assert_eq!((&deferred["promise"], &deferred["review_on"]), (&Value::Null, &json!("2027-02-23")));
        assert_eq!(deferred["clocks"][0]["kind"], "deferral_review");
        assert_eq!(deferred["clocks"][0]["due_on"], "2027-02-23");
        assert_eq!(deferred["clocks"].as_array().unwrap().len(), 1, "no promise runs");
        story
            .may_not("dispatcher", "deferral-refusal", json!({ "reason": "不行" }), 409, "transition_refused")
            .await;

        story.it_is("2026-12-11T02:00:00Z");
        let reviewed = story.must("supervisor", "deferral-review", ask("2027-01-08")).await;
        assert_eq!(reviewed["clocks"][0]["due_on"], "2027-01-08");

        // Three days were left on Wednesday; from Friday they end across the weekend, on Wednesday.
        story.it_is("2026-12-18T02:00:00Z");
        let resumed = story.must("dispatcher", "resumption", json!({})).await;
        assert_eq!((&resumed["state"], &resumed["promise"]), (&json!("in_progress"), &json!("2026-12-23")));
        assert_eq!(resumed["first_promise"], "2026-11-30", "{database}: the first promise stays");
        assert_eq!(resumed["lamp"], "green");
        let card = story.card(None).await;
        assert_eq!(card["promise"]["changes"][0]["from"], "2026-11-30");
        assert_eq!(card["promise"]["changes"][0]["to"], "2026-12-23");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_late_is_as_late_after_a_deferral() {
    let mut story = Story::taken_up("sqlite").await;
    story.it_is("2026-12-02T02:00:00Z");
    let late = story.read().await;
    assert_eq!(late["lamp"], "overdue");
    story.must("dispatcher", "deferral", ask("2026-12-20")).await;
    story.it_is("2026-12-14T02:00:00Z");
    let resumed = story.must("dispatcher", "resumption", json!({ "note": "电网已改造" })).await;
    assert_eq!((&resumed["lamp"], &resumed["promise"]), (&json!("overdue"), &json!("2026-12-10")));
    let close = resumed["clocks"].as_array().unwrap().iter().find(|clock| clock["kind"] == "close").unwrap();
    assert_eq!(close["working_days_left"], -2, "two working days late before, two after");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_deferral_leaves_the_clock_running() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let no = json!({ "reason": "具备条件，请继续办理" });
        story.may_not("dispatcher", "deferral-refusal", no.clone(), 409, "nothing_asked").await;
        story.must("qianfeng", "deferral-request", ask("2026-12-20")).await;
        let refused = story.must("dispatcher", "deferral-refusal", no.clone()).await;
        assert_eq!((&refused["state"], &refused["promise"]), (&json!("in_progress"), &json!("2026-11-30")));
        story.may_not("dispatcher", "deferral-refusal", no, 409, "nothing_asked").await;
        story.must("qianfeng", "deferral-request", ask("2026-12-20")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_extension_that_was_granted_is_one_in_the_figures() {
    for database in BOTH {
        for granted in [false, true] {
            let mut story = Story::taken_up(database).await;
            if granted {
                let days = json!({ "working_days": 3, "reason": "field_work" });
                story.must("dispatcher", "extension", days).await;
            }
            story.it_is("2026-11-25T02:00:00Z");
            story.must("dispatcher", "deferral", ask("2026-12-20")).await;
            story.it_is("2026-12-18T02:00:00Z");
            let resumed = story.must("dispatcher", "resumption", json!({})).await;
            assert_ne!(resumed["promise"], resumed["first_promise"], "{database}: it was moved");
            story.close().await;
            story.town.count().await;
            let path = "/api/v1/staff/figures?from=2026-12-18&to=2026-12-18";
            let all = story.town.send("auditor", "GET", path, Value::Null).await.1["all"].clone();
            let found = (&all["extended"]["part"], &all["extended"]["whole"]);
            assert_eq!(found, (&json!(u32::from(granted)), &json!(1)), "{database} {granted}: {all}");
        }
    }
}
