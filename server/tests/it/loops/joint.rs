//! Several departments, and whoever urges them.

use serde_json::json;

use super::Story;
use crate::harness::BOTH;

#[tokio::test(flavor = "multi_thread")]
async fn a_conference_brings_its_units_in_and_moves_no_promise() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let call =
            |units: &[&str], day: &str| json!({ "subject": "增容方案", "units": units, "planned_on": day });
        story.may_not("qianfeng", "conference", call(&["jxj"], "2026-11-25"), 403, "forbidden").await;
        for (units, day) in [
            (&["jxj"][..], "2026-11-22"),
            (&["jxj", "jxj"], "2026-11-25"),
            (&["gdj"], "2026-11-25"),
            (&[], "2026-11-25"),
        ] {
            story.may_not("dispatcher", "conference", call(units, day), 422, "invalid_input").await;
        }
        story
            .may_not("dispatcher", "conference", call(&["nobody"], "2026-11-25"), 422, "unknown_reference")
            .await;
        let path = format!("issues/{}/progress", story.number);
        let stranger = story.post("lijianguo", &path, json!({ "version": 1, "note": "旁观" })).await;
        assert_eq!(stranger.0, 404, "not yet theirs");
        let called = story.must("dispatcher", "conference", call(&["jxj", "zgj"], "2026-11-25")).await;
        assert_eq!((&called["state"], &called["lamp"]), (&json!("case_conference"), &json!("green")));
        let card = story.card(None).await;
        assert_eq!(card["conference"]["planned_on"], "2026-11-25");
        assert!(!card.to_string().contains("增容方案"), "the subject is typed, so it stays inside");
        let seen = story.post("lijianguo", &path, json!({ "version": 1, "note": "旁观" })).await;
        assert_eq!(seen.0, 403, "it assists now: it sees the issue and may not answer for the lead unit");

        story.it_is("2026-11-25T08:00:00Z");
        let minutes = |held: &str, unit: &str| json!({ "held_on": held, "minutes": "由供电局牵头改造", "unit": unit, "due_on": "2026-12-15" });
        story
            .may_not("dispatcher", "conference-minutes", minutes("2026-11-25", "jxj"), 403, "forbidden")
            .await;
        for (held, unit) in [("2026-11-26", "jxj"), ("2026-11-22", "jxj"), ("2026-11-25", "rsj")] {
            story.may_not("leader", "conference-minutes", minutes(held, unit), 422, "invalid_input").await;
        }
        let held = story.must("leader", "conference-minutes", minutes("2026-11-25", "jxj")).await;
        assert_eq!((&held["state"], &held["promise"]), (&json!("in_progress"), &json!("2026-11-30")));
        let card = story.card(None).await;
        assert_eq!(card["conference"]["held_on"], "2026-11-25", "{database}");
        assert_eq!(card["conference"]["due_on"], "2026-12-15");
        assert!(!card.to_string().contains("由供电局牵头改造"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn urging_moves_upward_only_and_up_to_the_city() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.may_not("qianfeng", "reminder", json!({}), 403, "forbidden").await;
        story.may_not("dispatcher", "supervision", json!({}), 403, "forbidden").await;
        let so_far = |issue: serde_json::Value| issue["supervision"].as_str().unwrap().to_owned();
        assert_eq!(
            so_far(story.must("dispatcher", "reminder", json!({ "note": "请抓紧" })).await),
            "reminded"
        );
        assert_eq!(so_far(story.must("supervisor", "supervision", json!({})).await), "supervised");
        assert_eq!(so_far(story.must("dispatcher", "reminder", json!({})).await), "supervised");
        assert_eq!(so_far(story.must("supervisor", "escalation", json!({})).await), "escalated");
        assert_eq!(so_far(story.must("supervisor", "escalation", json!({})).await), "escalated");
        assert_eq!(so_far(story.must("leader", "circular-notice", json!({})).await), "reported");
        let card = story.card(None).await;
        assert_eq!(card["supervision"], "reported", "{database}: shown to everybody who scans");
        assert!(!card.to_string().contains("请抓紧"));
        let level = qiyema_server::store::issues::by_number(
            &mut story.town.shared.store.connection().unwrap(),
            &story.number,
        );
        assert_eq!(level.unwrap().unwrap().0.level, "city", "there is nothing above the city");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_is_sent_back_with_a_reason_and_closed_once() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let result = json!({ "result": "resolved", "reply": "已送电" });
        story.must("qianfeng", "result", result.clone()).await;
        story
            .may_not("closure_reviewer", "sending-back", json!({ "reason": "" }), 422, "invalid_input")
            .await;
        story.may_not("qianfeng", "sending-back", json!({ "reason": "再想想" }), 403, "forbidden").await;
        let back = story.must("closure_reviewer", "sending-back", json!({ "reason": "缺少现场照片" })).await;
        assert_eq!(back["state"], "in_progress");
        let device = story.device().await;
        let card = story.card(Some(&device)).await;
        assert_eq!(card["last_action"]["zh"], "审核退回，继续办理");
        assert!(!card.to_string().contains("缺少现场照片"), "{database}: for the handler only");

        story.must("qianfeng", "result", result).await;
        let close = || story.tries("closure_reviewer", "closure", json!({}));
        let (one, two, three, four) = tokio::join!(close(), close(), close(), close());
        let mut answers = [one.0, two.0, three.0, four.0];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409, 409, 409], "{database}: closed once");
    }
}

/// What a unit owes as an assisting one ends when it is given the lead: with the same step, in its event.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_assisted_and_is_given_the_lead_owes_no_answer_of_its_own() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.must("qianfeng", "assisting-unit", json!({ "unit": "jxj" })).await;
        story.must("qianfeng", "assisting-unit", json!({ "unit": "sjj" })).await;
        story.must("qianfeng", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        let ruling =
            json!({ "decision": "granted", "unit": "jxj", "handler": "lijianguo", "note": "由经信局办理" });
        let moved = story.must("dispatcher", "return-ruling", ruling).await;
        assert_eq!(moved["unit"], "jxj");
        let owed: Vec<&str> = moved["clocks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|clock| clock["kind"] == "assist")
            .map(|clock| clock["kind"].as_str().unwrap())
            .collect();
        assert_eq!(owed, ["assist"], "{database}: the other unit's only: {moved}");
        let asked = moved["records"]["assignments"].as_array().unwrap();
        let ended = asked.iter().find(|one| one["part"] == "assisting" && one["unit"] == "jxj").unwrap();
        assert!(ended["ended_at"].is_string() && ended["reply"].is_null(), "{database}: {ended}");
        let told = story.events().await;
        let (kind, _, facts) = told.last().unwrap();
        assert_eq!((kind.as_str(), &facts["assisting_ended"]), ("return_ruled", &json!("jxj")), "{database}");
        story.may_not("lijianguo", "assistance", json!({ "reply": "产能属实" }), 403, "forbidden").await;
        let page = story.console("dispatcher").await;
        assert!(
            page.contains("已改为牵头单位，协办终止") && page.contains("协办终止 市经济和信息化局"),
            "{page}"
        );
        assert!(!moved["verbs"].as_array().unwrap().contains(&json!("assist")));

        // An answer that was given stays an answer; the unit that had it before is only asked anew.
        story.must("lijianguo", "assisting-unit", json!({ "unit": "gdj" })).await;
        let answered = story.must("qianfeng", "assistance", json!({ "reply": "线路无异常" })).await;
        let last = answered["records"]["assignments"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["reply"], &last["ended_at"]), (&json!("线路无异常"), &serde_json::Value::Null));
    }
}
