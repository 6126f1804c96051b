//! Who acts next, in words: who rules, whose acceptance was late, and why a step is not the reader's.

use qiyema_server::actions::timed;
use serde_json::json;

use super::{MONDAY, Story, moment};
use crate::harness::BOTH;

/// What the page says is next.
async fn next(story: &Story, who: &str) -> String {
    let page = story.console(who).await;
    page.split("class=\"panel next\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_acceptance_is_the_windows_and_no_units() {
    for database in BOTH {
        let story = Story::registered(database, MONDAY).await;
        story.it_is("2026-11-25T02:00:00Z");
        let id = story.stored().id;
        let rules = story.town.shared.rules();
        let mut db = story.town.shared.store.connection().unwrap();
        timed::act(&mut db, &id, &rules, moment("2026-11-25T02:00:00Z")).unwrap();
        drop(db);
        let said = "受理超期，已提醒受理窗口";
        let card = story.card(None).await;
        assert_eq!(card["last_action"]["zh"], said, "{database}");
        let device = story.device().await;
        let card = story.card(Some(&device)).await.to_string();
        assert!(card.contains(said) && !card.contains("已催办承办单位"), "{database}: {card}");
        let page = story.console("supervisor").await;
        assert!(page.contains(said) && !page.contains("已催办承办单位"), "{database}");
        let inbox = crate::console::Browser::signed_in(&story.town, "intake_officer").await;
        assert!(inbox.page("/console/inbox").await.contains("请尽快办理（受理）"), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_request_waits_whoever_rules_is_named_and_he_who_asked_is_told_why_it_is_not_he() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.gives("qianfeng", "supervisor");
        let ask = json!({ "working_days": 2, "reason": "field_work" });
        story.must("qianfeng", "extension-request", ask).await;
        for who in ["dispatcher", "qianfeng"] {
            let said = next(&story, who).await;
            assert!(said.contains("分派员或督办员 审定延期申请"), "{database} {who}: {said}");
        }
        let said = next(&story, "qianfeng").await;
        assert!(said.contains("申请人不能审定自己的申请"), "{database}: {said}");
        assert!(!next(&story, "dispatcher").await.contains("申请人不能审定"), "{database}");
        story.must("dispatcher", "extension-refusal", json!({ "note": "可按期办结" })).await;
        assert!(next(&story, "dispatcher").await.contains("办理，完成后提交结果"), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_did_not_accept_it_is_told_why_the_appeal_is_anothers() {
    for database in BOTH {
        let mut story = Story::registered(database, MONDAY).await;
        let no = json!({ "reason": "out_of_scope", "right_channel": "12345热线", "note": "属个人用电" });
        story.must("intake_officer", "rejection", no).await;
        let page = next(&story, "intake_officer").await;
        assert!(page.contains("代企业对不予受理提出异议"), "{database}: {page}");
        story.must("intake_officer", "appeal", json!({ "note": "属于企业用电" })).await;
        let page = next(&story, "intake_officer").await;
        assert!(page.contains("您作出过不予受理的决定"), "{database}: {page}");
        assert!(page.contains("代企业补充说明") && page.contains("代企业催办"), "{database}: {page}");
        assert!(
            !next(&story, "dispatcher").await.contains("您作出过"),
            "{database}: whoever did not decides"
        );
    }
}
