//! What the window may ask for, and what it may end.

use serde_json::json;

use super::Case;
use crate::harness::{BOTH, Town};

/// 一次性告知: what is missing is told all at once, so that the clock of acceptance is not set back without end.
#[tokio::test(flavor = "multi_thread")]
async fn the_enterprise_is_asked_for_what_is_missing_once_a_round_of_the_acceptance() {
    for database in BOTH {
        let town = Town::on(database);
        let case = Case::new(&town).await;
        let ask = json!({ "note": "请补充供电方案" });
        let offered = async || {
            let verbs = case.read("intake_officer").await["verbs"].clone();
            verbs.as_array().unwrap().contains(&json!("ask_supplement"))
        };
        assert!(offered().await, "{database}");
        case.does("intake_officer", "supplement-request", ask.clone()).await;
        case.does("intake_officer", "supplement", json!({ "note": "方案已发到邮箱" })).await;
        assert!(!offered().await, "{database}");
        let (status, refused) = case.verb("intake_officer", "supplement-request", ask.clone()).await;
        assert_eq!((status, &refused["code"]), (409, &json!("rule_unmet")), "{database}: {refused}");
        assert!(refused["detail"]["zh"].as_str().unwrap().contains("一次性告知"), "{database}: {refused}");
        assert!(refused["detail"]["en"].as_str().unwrap().contains("all at once"), "{database}: {refused}");
        // An appeal is a new look at it.
        let no =
            json!({ "reason": "out_of_scope", "right_channel": "95598供电热线", "note": "属于日常报修。" });
        case.does("intake_officer", "rejection", no).await;
        case.does("intake_officer", "appeal", json!({ "note": "不是报修,是增容" })).await;
        assert!(!offered().await, "{database}: whoever rejected it does not put off its appeal");
        let (status, refused) = case.verb("intake_officer", "supplement-request", ask.clone()).await;
        assert_eq!((status, &refused["code"]), (403, &json!("another_officer")), "{database}: {refused}");
        assert_eq!(case.does("dispatcher", "supplement-request", ask).await["state"], "need_info");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_an_issue_says_why_and_whoever_rejected_it_does_not_end_its_appeal() {
    for database in BOTH {
        let town = Town::on(database);
        let (case, other) = (Case::new(&town).await, Case::new(&town).await);
        let into = |note: &str| json!({ "parent": other.number, "note": note });
        for (noun, body) in [
            ("withdrawal", json!({})),
            ("withdrawal", json!({ "note": " " })),
            ("merger", json!({ "parent": other.number })),
            ("merger", into("")),
        ] {
            let (status, refused) = case.verb("intake_officer", noun, body).await;
            assert_eq!((status, &refused["code"]), (422, &json!("invalid_input")), "{database} {noun}");
            assert_eq!(refused["errors"][0]["field"], "note", "{database} {noun}: {refused}");
        }
        let no =
            json!({ "reason": "out_of_scope", "right_channel": "95598供电热线", "note": "属于日常报修。" });
        case.does("intake_officer", "rejection", no).await;
        case.does("intake_officer", "appeal", json!({ "note": "不是报修,是增容" })).await;
        let verbs = case.read("intake_officer").await["verbs"].clone();
        for (noun, verb, body) in
            [("merger", "merge", into("同一事项")), ("withdrawal", "withdraw", json!({ "note": "不办了" }))]
        {
            assert_eq!(case.refused("intake_officer", noun, body).await, "403 another_officer", "{database}");
            assert!(!verbs.as_array().unwrap().contains(&json!(verb)), "{database}: {verbs}");
        }
        let merged = case.does("dispatcher", "merger", into("同一事项")).await;
        assert_eq!(merged["state"], "merged", "{database}");
        assert_eq!(case.events().await.pop().unwrap()["note"], "同一事项", "{database}");
    }
}
