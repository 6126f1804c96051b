//! A call-back that reaches nobody, and one whose answers everybody concerned can read.

use qiyema_server::actions::ledger::verify::Fault;
use serde_json::{Value, json};

use super::Story;
use crate::{
    console::Browser,
    harness::BOTH,
    ledger::{as_superuser, checked, enter},
};

const UNREACHED: &str = "三次未接通";

impl Story {
    /// The owner's bad word, put right: the call-back has begun.
    async fn put_right(database: &str) -> Self {
        let mut story = Self::closed(database).await;
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad" })).await.0, 201);
        story.read().await;
        story.must("qianfeng", "rectification-contact", json!({ "note": "已电话致歉" })).await;
        story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        story
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_rated_bad_is_archived_when_its_owner_was_reached_or_called_on_three_days() {
    for database in BOTH {
        let mut story = Story::put_right(database).await;
        let nobody = || json!({ "reached": false, "note": UNREACHED });
        let refused = story.may_not("follow_up_officer", "archiving", nobody(), 422, "invalid_input").await;
        let said = &refused["errors"][0];
        assert_eq!(said["field"], "reached", "{database}: {refused}");
        assert!(said["detail"]["zh"].as_str().unwrap().contains("3个不同的工作日"), "{database}: {said}");
        assert!(said["detail"]["zh"].as_str().unwrap().contains("目前1个"), "{database}: {said}");

        let called = |note: &str| json!({ "note": note });
        story.gives("qianfeng", "follow_up_officer");
        story.may_not("qianfeng", "call-attempt", called("无人接听"), 403, "another_officer").await;
        story.may_not("dispatcher", "call-attempt", called("无人接听"), 403, "forbidden").await;
        // Twice on one day is one day.
        for _ in 0..2 {
            let noted = story.must("follow_up_officer", "call-attempt", called("座机无人接听")).await;
            assert_eq!(
                (&noted["state"], &noted["clocks"][0]["kind"]),
                (&json!("follow_up"), &json!("recheck"))
            );
        }
        let device = story.device().await;
        let card = story.card(Some(&device)).await;
        assert_eq!(card["last_action"]["zh"], "已电话回访，未接通，将再次联系", "{database}");
        assert!(!card.to_string().contains("座机"), "the note is for staff: {card}");
        story.it_is("2026-11-24T02:00:00Z");
        story.must("follow_up_officer", "call-attempt", called("手机关机")).await;
        story.may_not("follow_up_officer", "archiving", nobody(), 422, "invalid_input").await;
        story.it_is("2026-11-25T02:00:00Z");
        let archived = story.must("follow_up_officer", "archiving", nobody()).await;
        assert_eq!(archived["state"], "archived", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_reached_ends_it_at_once_and_a_new_round_is_always_possible() {
    let mut story = Story::put_right("sqlite").await;
    let again = json!({ "reached": false, "note": "企业书面表示仍未解决" });
    let reopened = story.must("follow_up_officer", "reopening", again).await;
    assert_eq!(reopened["state"], "reopened");
    let mut story = Story::put_right("sqlite").await;
    let well = json!({ "reached": true, "contacted": true, "solved": "yes", "satisfaction": "satisfied" });
    assert_eq!(story.must("follow_up_officer", "archiving", well).await["state"], "archived");
}

/// With a new start nobody can rate the result any more: a bad word would be forestalled by it.
#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_rated_is_handled_again_when_its_owner_was_reached_or_called_on_three_days() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let unheard = || json!({ "reached": false, "note": "办理结果不实" });
        let refused = story.may_not("follow_up_officer", "reopening", unheard(), 422, "invalid_input").await;
        let said = &refused["errors"][0];
        assert_eq!(said["field"], "reached", "{database}: {refused}");
        assert!(said["detail"]["zh"].as_str().unwrap().contains("尚未评价"), "{database}: {said}");
        // Whoever only holds the code has not spoken for the owner.
        assert_eq!(story.rate(None, json!({ "verdict": "good" })).await.0, 201);
        story.may_not("follow_up_officer", "reopening", unheard(), 422, "invalid_input").await;
        for day in ["2026-11-23T03:00:00Z", "2026-11-24T02:00:00Z"] {
            story.it_is(day);
            story.must("follow_up_officer", "call-attempt", json!({ "note": "无人接听" })).await;
        }
        story.may_not("follow_up_officer", "reopening", unheard(), 422, "invalid_input").await;
        story.it_is("2026-11-25T02:00:00Z");
        assert_eq!(story.must("follow_up_officer", "reopening", unheard()).await["state"], "reopened");

        // Whoever is reached, or has rated, is heard.
        let mut story = Story::closed(database).await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "good" })).await.0, 201);
        assert_eq!(story.must("follow_up_officer", "reopening", unheard()).await["state"], "reopened");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_of_a_call_back_can_be_read_with_the_name_of_who_called() {
    for database in BOTH {
        let mut story = Story::put_right(database).await;
        let said = json!({ "reached": true, "contacted": false, "solved": "partly",
            "satisfaction": "dissatisfied", "note": "电压仍不稳" });
        let reopened = story.must("follow_up_officer", "reopening", said).await;
        let expected = json!([{ "round": 1, "reached": true, "contacted": false, "solved": "partly",
            "satisfaction": "dissatisfied", "note": "电压仍不稳", "outcome": "reopened",
            "at": "2026-11-23T02:00:00Z", "by": "许静" }]);
        assert_eq!(reopened["records"]["call_backs"], expected, "{database}");
        let (kind, _, facts) = story.events().await.pop().unwrap();
        assert_eq!(
            (&*kind, &facts["solved"], &facts["contacted"]),
            ("reopened", &json!("partly"), &json!(false))
        );
        // The unit reads it on the page of the issue; nobody there reads who rated.
        let page = story.console("qianfeng").await;
        for shown in [
            "回访（第1次办理）",
            "许静",
            "承办单位联系过企业",
            "部分解决",
            "不满意",
            "电压仍不稳",
            "二次交办",
        ] {
            assert!(page.contains(shown), "{database}: {shown} not in {page}");
        }
        let auditor = Browser::signed_in(&story.town, "auditor").await;
        let trail = auditor.page(&format!("/console/audit?number={}&kind=reopened", story.number)).await;
        for shown in ["已接通：是", "是否解决：部分解决", "满意度：不满意", "承办单位联系过企业：否"]
        {
            assert!(trail.contains(shown), "{database}: {shown} not in {trail}");
        }
        let path = format!("/api/v1/scans/{}/issues/{}", story.town.seal, story.number);
        let open: Value = crate::harness::get(story.town.url(&path)).await.unwrap().json().await.unwrap();
        assert!(!open.to_string().contains("许静"), "the phone names no officer: {open}");

        // What was answered is in the log: whoever makes it sound better is found out.
        enter(&story.town).await;
        assert!(checked(&story.town).is_sound(), "{database}");
        let better =
            "UPDATE follow_ups SET satisfaction = 'very_satisfied' WHERE satisfaction = 'dissatisfied'";
        as_superuser(&mut story.town.shared.store.connection().unwrap(), &[better.to_owned()]);
        let found = checked(&story.town).rows;
        let named: Vec<_> = found.iter().map(|one| (&*one.table, one.fault)).collect();
        assert_eq!(named, [("follow_ups", Fault::Altered)], "{database}: {found:?}");
    }
}
