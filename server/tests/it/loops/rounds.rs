//! What is asked for once: by which unit, in which round, and how late.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

fn days(days: u32) -> Value {
    json!({ "working_days": days, "reason": "field_work" })
}

/// A call-back that somebody answered.
fn call(solved: &str, satisfaction: &str, note: Option<&str>) -> Value {
    json!({ "reached": true, "contacted": true, "solved": solved, "satisfaction": satisfaction, "note": note })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_unit_before_asked_for_ends_when_the_issue_is_another_ones() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.must("qianfeng", "extension-request", days(3)).await;
        let later = json!({ "reason": "需等待", "review_on": "2026-12-20" });
        story.must("qianfeng", "deferral-request", later).await;
        story.must("qianfeng", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        let granted = json!({ "decision": "granted", "unit": "jxj", "handler": "lijianguo", "note": "同意" });
        let moved = story.must("dispatcher", "return-ruling", granted).await;
        let requests = moved["records"]["requests"].as_array().unwrap();
        let decided: Vec<&str> = requests.iter().map(|one| one["decision"].as_str().unwrap()).collect();
        assert_eq!(decided, ["refused", "refused", "granted"], "{database}: nothing waits: {requests:?}");
        assert_eq!(moved["promise"], "2026-11-30", "{database}: the promise stands");
        story.must("lijianguo", "progress", json!({ "note": "已接手" })).await;
        let none = json!({ "note": "不同意" });
        story.may_not("dispatcher", "extension-refusal", none, 409, "rule_unmet").await;
        // The new unit has not asked yet, so it may.
        story.must("lijianguo", "extension-request", days(2)).await;
        story.may_not("lijianguo", "extension-request", days(2), 422, "invalid_input").await;
        let extended = story.must("dispatcher", "extension", days(2)).await;
        assert_eq!(extended["promise"], "2026-12-02", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_round_may_be_extended_again_once() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.must("qianfeng", "extension-request", days(3)).await;
        story.must("dispatcher", "extension", days(3)).await;
        story.may_not("dispatcher", "extension", days(3), 422, "invalid_input").await;
        story.may_not("qianfeng", "extension-request", days(3), 422, "invalid_input").await;
        story.close().await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let again = call("no", "dissatisfied", Some("仍不稳定"));
        let reopened = story.must("follow_up_officer", "reopening", again).await;
        assert_eq!((&reopened["round"], &reopened["promise"]), (&json!(2), &json!("2026-11-30")));
        story.must("qianfeng", "progress", json!({ "note": "重新办理" })).await;
        story.must("qianfeng", "extension-request", days(2)).await;
        let extended = story.must("supervisor", "extension", days(2)).await;
        assert_eq!(extended["promise"], "2026-12-02", "{database}");
        story.may_not("supervisor", "extension", days(2), 422, "invalid_input").await;
        story.may_not("qianfeng", "extension-request", days(2), 422, "invalid_input").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_ruled_before_closing_does_not_wait_in_the_next_round() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.must("qianfeng", "extension-request", days(9)).await;
        story.close().await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        story.must("follow_up_officer", "reopening", call("no", "dissatisfied", Some("仍不稳定"))).await;
        story.must("qianfeng", "progress", json!({ "note": "重新办理" })).await;
        let none = json!({ "note": "不同意" });
        story.may_not("dispatcher", "extension-refusal", none, 409, "rule_unmet").await;
        story.must("qianfeng", "extension-request", days(1)).await;
        let issue = story.must("dispatcher", "extension-refusal", json!({ "note": "不同意" })).await;
        assert_eq!(issue["records"]["requests"].as_array().unwrap().len(), 2, "{database}");
    }
}

/// Whoever says that it is done asks for no more time: nothing waits for the centre that it has no verb for.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_asked_for_ends_with_the_result_that_it_hands_in_and_with_the_issue() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let later = json!({ "reason": "需等待", "review_on": "2026-12-20" });
        story.must("qianfeng", "extension-request", days(3)).await;
        story.must("qianfeng", "deferral-request", later.clone()).await;
        let waits = async |story: &Story| {
            let browser = crate::console::Browser::signed_in(&story.town, "supervisor").await;
            browser.page("/console/issues?waiting=yes").await.contains(&story.number)
        };
        assert!(waits(&story).await, "{database}");
        let reported =
            story.must("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        let requests = reported["records"]["requests"].as_array().unwrap();
        assert!(requests.iter().all(|one| one["decision"] == "refused"), "{database}: {requests:?}");
        assert!(requests.iter().all(|one| one["ruling_note"].as_str().unwrap().contains("办理结果已提交")));
        assert!(!waits(&story).await, "{database}: nothing waits for the centre");
        let (kind, _, facts) = story.events().await.pop().unwrap();
        assert_eq!((&*kind, facts["ended"].as_array().unwrap().len()), ("reported", 2), "{database}");

        // Sent back, it may ask to defer again; withdrawn, nothing waits either.
        story.must("closure_reviewer", "sending-back", json!({ "reason": "缺少现场照片" })).await;
        story.must("qianfeng", "deferral-request", later).await;
        assert!(waits(&story).await, "{database}");
        story.must("intake_officer", "withdrawal", json!({ "note": "已自行解决" })).await;
        assert!(!waits(&story).await, "{database}");
    }
}

/// What is offered is what is taken: a unit that closed an issue cannot give it back in the next round.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_closed_an_issue_is_not_offered_to_return_it() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let offered = |issue: &Value| issue["verbs"].as_array().unwrap().contains(&json!("request_return"));
        let first = story.must("qianfeng", "progress", json!({ "note": "已报价" })).await;
        assert!(offered(&first), "{database}: {first}");
        story.close().await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        story.must("follow_up_officer", "reopening", call("no", "dissatisfied", Some("仍不稳定"))).await;
        let again = story.must("qianfeng", "progress", json!({ "note": "重新办理" })).await;
        assert!(!offered(&again), "{database}: {again}");
        let ask = json!({ "reason": "不属本单位", "unit": "jxj" });
        story.may_not("qianfeng", "return", ask, 409, "rule_unmet").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rectification_that_the_owner_rated_bad_is_not_archived_without_a_word() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad", "solved": "no" })).await.0, 201);
        story.read().await;
        story.must("qianfeng", "rectification-contact", json!({ "note": "已电话致歉" })).await;
        story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        let rating = json!({ "verdict": "bad", "round": "rectification", "comment": "没有变化" });
        let (status, rated) = story.rate(Some(&device), rating).await;
        assert_eq!(status, 201, "{database}: {rated}");
        story.read().await;
        // On the telephone all is well; the rating says otherwise.
        let well = |note| call("yes", "satisfied", note);
        let stopped = story.may_not("follow_up_officer", "archiving", well(None), 422, "invalid_input").await;
        assert_eq!(stopped["errors"][0]["field"], "note", "{database}");
        let archived = story.must("follow_up_officer", "archiving", well(Some("企业改口,已核实"))).await;
        assert_eq!(archived["state"], "archived", "{database}");
    }
}

/// It went round once and was archived as well; then the owner says what became of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_bad_word_about_what_was_put_right_and_archived_brings_it_back_to_the_call_back() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad", "solved": "no" })).await.0, 201);
        story.read().await;
        story.must("qianfeng", "rectification-contact", json!({ "note": "已电话致歉" })).await;
        story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        story.must("follow_up_officer", "archiving", call("yes", "satisfied", None)).await;
        story.it_is("2026-11-25T02:00:00Z");
        // A stranger with the code moves nothing.
        let stranger = json!({ "verdict": "bad", "round": "rectification" });
        story.rate(None, stranger).await;
        assert_eq!(story.read().await["state"], "archived", "{database}");
        let rating = json!({ "verdict": "bad", "round": "rectification", "comment": "没有变化" });
        let (status, rated) = story.rate(Some(&device), rating).await;
        assert_eq!(status, 201, "{database}: {rated}");
        let issue = story.read().await;
        assert_eq!((&issue["state"], kinds(&issue)), (&json!("follow_up"), vec!["recheck"]), "{database}");
        let told = story.events().await;
        let (kind, _, facts) = told.iter().find(|(kind, ..)| kind == "recheck_started").unwrap();
        assert!(kind == "recheck_started" && facts["rating"].is_string(), "{database}: {facts}");
        assert_eq!(story.card(Some(&device)).await["state"], "follow_up", "{database}");
        let reopened = story
            .must("follow_up_officer", "reopening", call("no", "dissatisfied", Some("电压仍不稳定")))
            .await;
        assert_eq!(reopened["state"], "reopened", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_asked_for_within_a_working_day_of_the_assignment() {
    for database in BOTH {
        let ask = json!({ "reason": "不属本单位", "unit": "jxj" });
        let mut story = Story::taken_up(database).await;
        // Assigned on Monday: the last moment is the end of Tuesday in Huzhou.
        story.it_is("2026-11-24T16:00:00Z");
        let refused = story.may_not("qianfeng", "return", ask.clone(), 409, "rule_unmet").await;
        assert!(refused["detail"]["zh"].as_str().unwrap().contains("已过退单期限"), "{database}: {refused}");
        assert!(refused["detail"]["en"].as_str().unwrap().contains("too late"), "{database}: {refused}");
        assert_eq!(story.read().await["state"], "in_progress");
        story.it_is("2026-11-24T15:59:00Z");
        let asked = story.must("qianfeng", "return", ask).await;
        assert_eq!(asked["state"], "return_requested", "{database}");
    }
}

fn kinds(issue: &Value) -> Vec<&str> {
    issue["clocks"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

/// Nobody told the enterprise anything, and an assisting unit never answered, in the first round.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_round_has_a_first_contact_and_assistants_of_its_own() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        story.must("qianfeng", "signature", json!({})).await;
        story.must("qianfeng", "assisting-unit", json!({ "unit": "jxj" })).await;
        story.close().await;
        story.it_is("2026-12-03T02:00:00Z");
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let reopened =
            story.must("follow_up_officer", "reopening", call("no", "dissatisfied", Some("仍不稳定"))).await;
        // The unit that goes on owes a first word of this round; nothing of the one before runs.
        assert_eq!(kinds(&reopened), ["first_contact", "sign", "interim", "close"], "{database}");
        assert_eq!(reopened["clocks"][0]["due_at"], "2026-12-03T03:00:00Z", "{database}");
        assert_eq!(reopened["lamp"], "red", "{database}: within an hour");
        let listed = story.listed().await;
        assert_eq!((&listed["lamp"], &listed["clocks"]), (&reopened["lamp"], &reopened["clocks"]));
        assert_eq!(story.limit(), listed["clocks"][0]["due_at"], "{database}: the list's index");
        let card = story.card(None).await;
        assert_eq!(card["first_contact"], json!({ "until": "2026-12-03T03:00:00Z" }), "{database}");
        let page = story.console("dispatcher").await;
        assert!(page.contains("首次联系企业") && page.contains("尚未联系"), "{database}: {page}");
        // The clock urges for the first word, and for nothing that the round before owed.
        let next = story.next().unwrap();
        let first = qiyema_protocol::clocks::ClockKind::FirstContact;
        assert_eq!((next.clock, next.unit), (first, None), "{database}");

        // The same unit goes on: a contact counts for this round.
        let contacted = story.must("qianfeng", "contact", json!({ "note": "已再次致电" })).await;
        assert_eq!(kinds(&contacted), ["sign", "interim", "close"], "{database}");
        assert_eq!(story.card(None).await["first_contact"]["at"], "2026-12-03T02:00:00Z", "{database}");
        story.must("qianfeng", "progress", json!({ "note": "重新勘查" })).await;
        let issue = story.read().await;
        let leads: Vec<Value> = issue["records"]["assignments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["part"] == "lead")
            .map(|one| json!([one["round"], one["unit"], one["replied_at"]]))
            .collect();
        let told = "2026-12-03T02:00:00Z";
        assert_eq!(leads, [json!([1, "gdj", null]), json!([2, "gdj", told])], "{database}");
        let owes =
            story.may_not("lijianguo", "assistance", json!({ "reply": "产能属实" }), 409, "rule_unmet").await;
        let said = owes["detail"]["zh"].as_str().unwrap();
        assert!(said.contains("本轮办理没有请本单位协办") && !said.contains("已答复"), "{database}: {said}");
        let again = story.must("qianfeng", "assisting-unit", json!({ "unit": "jxj" })).await;
        assert!(kinds(&again).contains(&"assist"), "{database}: it can be asked again: {again}");
        let answered = story.must("lijianguo", "assistance", json!({ "reply": "产能属实" })).await;
        let asked: Vec<Value> = answered["records"]["assignments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["part"] == "assisting")
            .map(|one| json!([one["round"], one["reply"]]))
            .collect();
        assert_eq!(asked, [json!([1, null]), json!([2, "产能属实"])], "{database}");
        let twice =
            story.may_not("lijianguo", "assistance", json!({ "reply": "再答" }), 409, "rule_unmet").await;
        assert_eq!(twice["detail"]["zh"], "本单位已答复。", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_assignment_in_a_new_round_has_its_own_first_contact() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        story.must("qianfeng", "signature", json!({})).await;
        story.close().await;
        story.it_is("2026-12-03T02:00:00Z");
        story.must("follow_up_officer", "follow-up", json!({})).await;
        story.must("follow_up_officer", "reopening", call("no", "dissatisfied", Some("仍不稳定"))).await;
        let issue =
            story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        assert_eq!(issue["clocks"][0]["kind"], "first_contact", "{database}: {issue}");
        assert_eq!(issue["clocks"][0]["due_at"], "2026-12-03T03:00:00Z", "{database}");
        assert_eq!(story.limit(), "2026-12-03T03:00:00Z", "{database}");
        let card = story.card(None).await;
        assert_eq!(card["first_contact"], json!({ "until": "2026-12-03T03:00:00Z" }), "{database}");
        let page = story.console("dispatcher").await;
        assert!(page.contains("首次联系企业") && page.contains("尚未联系"), "{database}");
        story.must("qianfeng", "contact", json!({ "note": "已电话联系" })).await;
        assert_eq!(story.card(None).await["first_contact"]["at"], "2026-12-03T02:00:00Z", "{database}");
    }
}
