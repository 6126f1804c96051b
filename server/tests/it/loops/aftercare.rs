//! After closing: a bad rating goes all the way round, and nothing of it is lost.

use diesel::{RunQueryDsl, sql_query};
use qiyema_server::store::{closures, issues, rectifications};
use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

const ASKED: &str = r#"{ "reached": true, "contacted": true }"#;

/// What a call-back came to.
fn call(solved: &str, satisfaction: &str, note: Option<&str>) -> Value {
    let mut body: Value = serde_json::from_str(ASKED).unwrap();
    body["solved"] = json!(solved);
    body["satisfaction"] = json!(satisfaction);
    if let Some(note) = note {
        body["note"] = json!(note);
    }
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_rating_goes_all_the_way_round() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        let rated = story.rate(Some(&device), json!({ "verdict": "bad", "solved": "no" })).await;
        assert_eq!(rated.0, 201, "{database}: {}", rated.1);
        let rectifying = story.read().await;
        assert_eq!(rectifying["state"], "rectifying");
        assert_eq!(rectifying["clocks"][0]["kind"], "contact");
        let card = story.card(None).await;
        assert_eq!(card["rectification"]["contacted"], false);
        assert_eq!(card["rectification"]["contact_until"], "2026-11-24");
        assert_eq!(card["rectification"]["fix_until"], "2026-11-30");

        // The unit that was rated: contact first, then the fix.
        let note = |text: &str| json!({ "note": text });
        story.may_not("qianfeng", "rectification-result", note("已更换"), 409, "not_contacted").await;
        story.may_not("lijianguo", "rectification-contact", note("你好"), 404, "issue_unknown").await;
        let contacted = story.must("qianfeng", "rectification-contact", note("已电话致歉")).await;
        assert_eq!(contacted["clocks"][0]["kind"], "fix", "the contact's clock has stopped");
        story.it_is("2026-11-24T02:00:00Z");
        let fixed = story.must("qianfeng", "rectification-result", note("已重新布线")).await;
        assert_eq!((&fixed["state"], &fixed["clocks"][0]["kind"]), (&json!("follow_up"), &json!("recheck")));

        // Somebody else checks; whoever handled may not, whatever roles he holds.
        story.gives("qianfeng", "follow_up_officer");
        story.may_not("qianfeng", "archiving", call("yes", "satisfied", None), 403, "another_officer").await;
        story
            .may_not("follow_up_officer", "archiving", call("no", "dissatisfied", None), 422, "invalid_input")
            .await;
        let half = json!({ "reached": true, "note": "未问" });
        story.may_not("follow_up_officer", "archiving", half, 422, "invalid_input").await;
        story
            .may_not("follow_up_officer", "reopening", call("no", "dissatisfied", None), 422, "invalid_input")
            .await;
        story.it_is("2026-11-27T02:00:00Z");
        let again = call("no", "dissatisfied", Some("电压仍不稳定"));
        let reopened = story.must("follow_up_officer", "reopening", again).await;
        assert_eq!((&reopened["state"], &reopened["round"]), (&json!("reopened"), &json!(2)));
        assert_eq!(reopened["first_promise"], "2026-12-04", "{database}: five working days from Friday");
        assert_eq!((&reopened["unit"], &reopened["supervision"]), (&json!("gdj"), &json!("none")));
        let card = story.card(Some(&device)).await;
        assert_eq!(card["round"], 2);
        assert_eq!(card["promise"]["first"], "2026-12-04");
        assert!(card["closure"].is_null(), "it is open again: {card}");
        assert!(!card.to_string().contains("电压仍不稳定"), "what was noted of the call stays with staff");
        let (status, refused) = story.rate(Some(&device), json!({ "verdict": "good" })).await;
        assert_eq!((status, &refused["code"]), (409, &json!("rating_not_open")));

        // Another unit this time: what was frozen stays.
        story.must("dispatcher", "assignment", json!({ "unit": "jxj", "handler": "lijianguo" })).await;
        story.must("lijianguo", "progress", json!({ "note": "接手办理" })).await;
        story.it_is("2026-11-30T02:00:00Z");
        story.must("lijianguo", "result", json!({ "result": "resolved", "reply": "更换变压器" })).await;
        story.must("closure_reviewer", "closure", json!({})).await;
        let card = story.card(Some(&device)).await;
        assert_eq!(card["closure"]["rateable"], true, "a second closure has a rating of its own");
        let good = story.rate(Some(&device), json!({ "verdict": "good", "solved": "yes" })).await;
        assert_eq!(good.0, 201, "{}", good.1);
        assert_eq!(story.read().await["state"], "closed");
        attribution(&story, database);
    }
}

/// Unit and handler of the first closure and of its rectification are the first ones.
fn attribution(story: &Story, database: &str) {
    let mut db = story.town.shared.store.connection().unwrap();
    let issue = issues::by_number(&mut db, &story.number).unwrap().unwrap().0;
    let all = closures::of_issue(&mut db, &issue.enterprise_id, &issue.id).unwrap();
    let units: Vec<&str> = all.iter().map(|closure| closure.unit_id.as_str()).collect();
    assert_eq!(units, ["gdj", "jxj"], "{database}: attribution never moves");
    assert_ne!(all[0].handler_id, all[1].handler_id);
    let opened = rectifications::of_closure(&mut db, &issue.enterprise_id, &all[0].id).unwrap().unwrap();
    assert_eq!((opened.unit_id.as_str(), &opened.handler_id), ("gdj", &all[0].handler_id));
    assert_eq!(all[0].due_on.to_string(), "2026-11-30");
    assert_eq!(all[1].first_due_on.to_string(), "2026-12-04");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_rating_is_kept_beside_the_first() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        let second = json!({ "verdict": "bad", "round": "second", "comment": "又断电了" });
        let (status, early) = story.rate(Some(&device), second.clone()).await;
        assert_eq!((status, &early["code"]), (409, &json!("nothing_to_add")), "there is no first one");
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "good" })).await.0, 201);
        let card = story.card(Some(&device)).await;
        assert_eq!(card["closure"]["second_until"], "2026-12-23");
        assert!(story.card(None).await["closure"]["second_until"].is_null(), "nothing to add at that tier");
        story.it_is("2026-12-10T02:00:00Z");
        let device = story.device().await;
        let (status, rated) = story.rate(Some(&device), second.clone()).await;
        assert_eq!((status, &rated["round"]), (201, &json!("second")), "{database}: {rated}");
        let claims = rated["receipt"].as_str().unwrap().split('.').nth(1).unwrap();
        let claims = data_encoding::BASE64URL_NOPAD.decode(claims.as_bytes()).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&claims).unwrap()["round"], "second");
        let (status, again) = story.rate(Some(&device), second).await;
        assert_eq!((status, &again["code"]), (409, &json!("already_rated")));
        let card = story.card(Some(&device)).await;
        assert_eq!(card["closure"]["owner_verdict"], "good", "nothing is overwritten");
        assert_eq!(card["closure"]["owner_second"], "bad");
        assert!(card["closure"]["second_until"].is_null());
        assert_eq!(
            story.read().await["state"],
            "rectifying",
            "a bad one opens rectification, late as it comes"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_rating_comes_within_thirty_days() {
    let story = Story::closed("sqlite").await;
    assert_eq!(story.rate(None, json!({ "verdict": "good" })).await.0, 201);
    let second = json!({ "verdict": "good", "round": "second" });
    story.it_is("2026-12-24T02:00:00Z");
    let (status, late) = story.rate(None, second.clone()).await;
    assert_eq!((status, &late["code"]), (409, &json!("rating_closed")));
    story.it_is("2026-12-23T15:00:00Z");
    assert_eq!(story.rate(None, second).await.0, 201, "the last evening still counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_rates_the_rectification() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        let of_it = json!({ "verdict": "good", "round": "rectification", "solved": "yes" });
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad" })).await.0, 201);
        story.read().await;
        let (status, early) = story.rate(Some(&device), of_it.clone()).await;
        assert_eq!((status, &early["code"]), (409, &json!("nothing_to_add")), "not put right yet");
        story.must("qianfeng", "rectification-contact", json!({ "note": "已电话致歉" })).await;
        story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        assert_eq!(story.card(Some(&device)).await["closure"]["rectification_rateable"], true);
        let (status, stranger) = story.rate(None, of_it.clone()).await;
        assert_eq!((status, &stranger["code"]), (401, &json!("device_unknown")), "the owner's only");
        let (status, rated) = story.rate(Some(&device), of_it).await;
        assert_eq!(status, 201, "{database}: {rated}");
        let card = story.card(Some(&device)).await;
        assert_eq!(card["closure"]["owner_rectification"], "good");
        assert_eq!(card["closure"]["owner_verdict"], "bad");
        assert_eq!(card["closure"]["rectification_rateable"], false);
        let archived = story.must("follow_up_officer", "archiving", call("yes", "satisfied", None)).await;
        assert_eq!(archived["state"], "archived");
        story
            .may_not(
                "follow_up_officer",
                "reopening",
                call("no", "dissatisfied", Some("不行")),
                409,
                "transition_refused",
            )
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_objection_comes_in_time_and_once() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let reason = json!({ "reason": "未解决就办结" });
        story.it_is("2026-12-24T02:00:00Z");
        story.may_not("intake_officer", "objection", reason.clone(), 409, "rating_closed").await;
        story.it_is("2026-12-23T02:00:00Z");
        story.may_not("dispatcher", "objection", reason.clone(), 403, "forbidden").await;
        let objected = story.must("intake_officer", "objection", reason.clone()).await;
        assert_eq!(objected["state"], "rectifying", "{database}");
        story.may_not("intake_officer", "objection", reason, 409, "transition_refused").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_back_about_what_nobody_rated() {
    let mut story = Story::closed("sqlite").await;
    story.gives("qianfeng", "follow_up_officer");
    story.may_not("qianfeng", "follow-up", json!({}), 403, "another_officer").await;
    story.must("follow_up_officer", "follow-up", json!({})).await;
    story.may_not("follow_up_officer", "archiving", json!({ "reached": false }), 422, "invalid_input").await;
    let tried = json!({ "reached": false, "note": "三次未接通" });
    assert_eq!(story.must("follow_up_officer", "archiving", tried).await["state"], "archived");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_that_is_graded_anew_moves_no_rectification_that_runs() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        let rated = story.rate(Some(&device), json!({ "verdict": "bad", "solved": "no" })).await;
        assert_eq!(rated.0, 201, "{database}: {}", rated.1);
        let regrade = sql_query("UPDATE categories SET grade = 'complex'");
        regrade.execute(&mut **story.town.shared.store.connection().unwrap()).unwrap();

        // Five working days from Monday, as the figures count them; fifteen are for what was complex when it was closed.
        let fix = |issue: &Value| {
            let clocks = issue["clocks"].as_array().unwrap().clone();
            clocks.iter().find(|one| one["kind"] == "fix").unwrap()["due_on"].clone()
        };
        let card = story.card(None).await;
        assert_eq!(
            (fix(&story.read().await), fix(&story.listed().await), &card["rectification"]["fix_until"]),
            (json!("2026-11-30"), json!("2026-11-30"), &json!("2026-11-30")),
            "{database}"
        );
    }
}
