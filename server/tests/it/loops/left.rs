//! Whoever left has no issues any more: who disables an account is told how many there are, nobody is told to wait
//! for him, and each can be handed to a colleague wherever it stands.

use serde_json::{Value, json};

use super::Story;
use crate::{console::Browser, harness::BOTH};

/// Whether this person is offered to name another handler.
async fn may_hand_over(story: &mut Story) -> bool {
    story.read().await["verbs"].as_array().unwrap().contains(&json!("hand_over"))
}

fn to(username: &str) -> Value {
    json!({ "handler": username, "note": "原承办人已调离" })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_of_somebody_who_left_is_handed_over_wherever_it_stands() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let id = story.stored().handler_id.unwrap();
        let place = format!("/console/admin/staff/{id}");
        let administrator = Browser::signed_in(&story.town, "administrator").await;
        let page = administrator.page(&place).await;
        assert!(page.contains("个在办问题，不会自动转交"), "{database}: who disables is told: {page}");
        story.disables("qianfeng");
        assert!(administrator.page(&place).await.contains("个在办问题，不会自动转交"), "{database}");

        let page = story.console("dispatcher").await;
        let next = page.split("class=\"panel next\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(next.contains("原承办人账号已停用") && next.contains("更换承办人"), "{database}: {next}");
        assert!(
            next.contains("<details class=\"primary\"><summary class=\"button big\">更换承办人"),
            "{next}"
        );
        let turn = next.split("<p>").nth(1).unwrap().split("</p>").next().unwrap();
        assert!(!turn.contains("钱峰"), "{database}: nobody waits for him: {turn}");

        assert!(may_hand_over(&mut story).await, "{database}");
        story.may_not("lijianguo", "handover", to("sunyue"), 404, "issue_unknown").await;
        story.may_not("sunyue", "handover", to("sunyue"), 403, "forbidden").await;
        story.may_not("dispatcher", "handover", to("lijianguo"), 422, "unknown_reference").await;
        story.may_not("dispatcher", "handover", to("qianfeng"), 422, "unknown_reference").await;
        let handed = story.must("dispatcher", "handover", to("sunyue")).await;
        assert_eq!(handed["handler"], "sunyue", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_centre_and_the_units_administrator_hand_over_also_while_somebody_else_decides() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let mut names = ["sunyue", "qianfeng"].into_iter().cycle();
        let mut hand = async |story: &mut Story, who: &str, state: &str| {
            let name = names.next().unwrap();
            let handed = story.must(who, "handover", to(name)).await;
            assert_eq!((&handed["state"], &handed["handler"]), (&json!(state), &json!(name)), "{database}");
        };
        story.must("qianfeng", "return", json!({ "reason": "不属本单位" })).await;
        hand(&mut story, "dispatcher", "return_requested").await;
        let stays = json!({ "decision": "refused", "note": "由你单位办理" });
        story.must("dispatcher", "return-ruling", stays).await;
        hand(&mut story, "hanxue", "in_progress").await;
        story.must("dispatcher", "deferral", json!({ "reason": "待政策", "review_on": "2026-12-20" })).await;
        hand(&mut story, "dispatcher", "deferred").await;
        story.must("dispatcher", "resumption", json!({})).await;
        story.must("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        // Whose result is judged is who is judged.
        story.may_not("hanxue", "handover", to("qianfeng"), 409, "rule_unmet").await;
        assert!(!may_hand_over(&mut story).await, "{database}");
        story.disables("sunyue");
        hand(&mut story, "hanxue", "pending_review").await;
        story.must("closure_reviewer", "closure", json!({})).await;
        story.may_not("dispatcher", "handover", to("sunyue"), 409, "transition_refused").await;
    }
}
