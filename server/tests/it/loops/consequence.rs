//! What an owner says has its consequence wherever the issue has gone since it closed, nobody ends
//! it in between, and nobody rules on what is his own.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

/// Somebody was reached, and it is solved.
fn well() -> Value {
    json!({ "reached": true, "contacted": true, "solved": "yes", "satisfaction": "satisfied" })
}

async fn is_put_right(story: &mut Story, database: &str) {
    let device = story.device().await;
    let (status, said) = story.rate(Some(&device), json!({ "verdict": "bad", "solved": "no" })).await;
    assert_eq!(status, 201, "{database}: {said}");
    assert_eq!(story.read().await["state"], "rectifying", "{database}");
    let told = story.events().await;
    let opened = told.iter().filter(|(kind, ..)| kind == "rectification_started").count();
    assert_eq!(opened, 1, "{database}: once a closure");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_rating_is_put_right_also_during_a_call_back_and_after_archiving() {
    for database in BOTH {
        let mut called = Story::closed(database).await;
        called.must("follow_up_officer", "follow-up", json!({})).await;
        is_put_right(&mut called, database).await;
        // What the officer hears now changes nothing of it.
        called.may_not("follow_up_officer", "archiving", well(), 409, "transition_refused").await;

        let mut archived = Story::closed(database).await;
        archived.must("follow_up_officer", "follow-up", json!({})).await;
        archived.must("follow_up_officer", "archiving", well()).await;
        is_put_right(&mut archived, database).await;

        // Whoever holds the code alone has proved nothing, and is told so.
        let mut strangers = Story::closed(database).await;
        let (status, said) = strangers.rate(None, json!({ "verdict": "bad" })).await;
        assert_eq!(status, 201, "{database}: {said}");
        assert!(said["message"]["zh"].as_str().unwrap().contains("不启动整改"), "{database}: {said}");
        assert_eq!(strangers.read().await["state"], "closed", "{database}");
    }
}

/// What an owner says against a result is heard while he is called back, by the phone and by the window.
#[tokio::test(flavor = "multi_thread")]
async fn an_objection_is_taken_during_a_call_back_and_once_a_closure() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let device = story.device().await;
        let deeds = story.card(Some(&device)).await["owner"]["deeds"].clone();
        assert!(deeds.as_array().unwrap().contains(&json!("object")), "{database}: {deeds}");
        let path = format!("/api/v1/scans/{}/issues/{}/objection", story.town.seal, story.number);
        let asked = crate::harness::client().post(story.town.url(&path)).bearer_auth(&device);
        let answer = asked.json(&json!({ "text": "仍然停电" })).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{database}");
        // As with a bad rating, the call-back comes after it was put right.
        assert_eq!(story.read().await["state"], "rectifying", "{database}");
        story.may_not("follow_up_officer", "archiving", well(), 409, "transition_refused").await;
        story.must("qianfeng", "rectification-contact", json!({ "note": "已电话致歉" })).await;
        story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        let again = json!({ "reason": "还是不行" });
        let refused = story.may_not("intake_officer", "objection", again, 409, "rule_unmet").await;
        assert!(refused["detail"]["zh"].as_str().unwrap().contains("请评价整改结果"), "{database}");
        let deeds = story.card(Some(&device)).await["owner"]["deeds"].clone();
        assert!(!deeds.as_array().unwrap().contains(&json!("object")), "{database}: {deeds}");
        assert_eq!(story.must("follow_up_officer", "archiving", well()).await["state"], "archived");

        let mut called = Story::closed(database).await;
        called.must("follow_up_officer", "follow-up", json!({})).await;
        called.it_is("2026-12-24T02:00:00Z");
        let late = json!({ "reason": "未解决就办结" });
        called.may_not("intake_officer", "objection", late.clone(), 409, "rating_closed").await;
        called.it_is("2026-12-23T02:00:00Z");
        assert_eq!(called.must("intake_officer", "objection", late).await["state"], "rectifying");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_clock_archives_what_nobody_was_called_about() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let refused =
            story.may_not("follow_up_officer", "archiving", well(), 409, "transition_refused").await;
        let legal = refused["legal"].as_array().unwrap();
        assert!(legal.contains(&json!("follow_up")) && !legal.contains(&json!("archive")), "{refused}");
        assert_eq!(story.read().await["state"], "closed", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_rules_on_what_he_asked_for_himself() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.gives("qianfeng", "dispatcher");
        let wish = json!({ "working_days": 1, "reason": "field_work", "note": "等待设备到货" });
        story.must("qianfeng", "extension-request", wish.clone()).await;
        for (noun, body) in [("extension", wish), ("extension-refusal", json!({ "note": "不同意延期" }))]
        {
            story.may_not("qianfeng", noun, body, 403, "another_officer").await;
        }
        story.must("qianfeng", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        let ruling = json!({ "decision": "granted", "unit": "jxj", "note": "由经信局办理" });
        story.may_not("qianfeng", "return-ruling", ruling.clone(), 403, "another_officer").await;
        story.must("dispatcher", "return-ruling", ruling).await;
    }
}
