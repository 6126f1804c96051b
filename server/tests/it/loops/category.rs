//! A wrong category is corrected as long as no unit has the issue.

use serde_json::{Value, json};

use super::{MONDAY, Story};
use crate::harness::BOTH;

fn to(category: &str) -> Value {
    json!({ "category": category, "reason": "企业反映的是用电报装，不是停电抢修" })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_corrects_a_category_and_the_promise_is_counted_from_the_acceptance() {
    for database in BOTH {
        let mut story = Story::about("outage", database, MONDAY, &[]).await;
        story.may_not("qianfeng", "reclassification", to("power"), 404, "issue_unknown").await;
        story.may_not("supervisor", "reclassification", to("power"), 403, "forbidden").await;
        story.may_not("dispatcher", "reclassification", to("outage"), 409, "rule_unmet").await;
        story.may_not("dispatcher", "reclassification", to("none"), 422, "unknown_reference").await;
        let none = json!({ "category": "power", "reason": "" });
        story.may_not("dispatcher", "reclassification", none, 422, "invalid_input").await;
        // Before it is accepted only the time to accept it changes.
        let issue = story.must("intake_officer", "reclassification", to("land")).await;
        assert_eq!((&issue["category"], &issue["promise"]), (&json!("land"), &Value::Null), "{database}");
        assert_eq!(issue["clocks"][0]["due_on"], "2026-11-24", "{database}: and no longer two hours");
        story.must("intake_officer", "acceptance", json!({})).await;
        assert_eq!(story.read().await["promise"], "2026-12-14", "{database}");

        story.it_is("2026-11-24T02:00:00Z");
        let issue = story.must("dispatcher", "reclassification", to("power")).await;
        assert_eq!(
            (&issue["promise"], &issue["first_promise"]),
            (&json!("2026-11-30"), &json!("2026-11-30"))
        );
        let (kind, _, facts) = story.events().await.pop().unwrap();
        assert_eq!(kind, "reclassified", "{database}");
        assert_eq!((&facts["category_from"], &facts["category_to"]), (&json!("land"), &json!("power")));
        assert_eq!((&facts["from"], &facts["to"]), (&json!("2026-12-14"), &json!("2026-11-30")));
        let device = story.device().await;
        let card = story.card(Some(&device)).await;
        let told = card["owner"]["history"].to_string();
        assert!(told.contains("问题类别已更正") && told.contains("不是停电抢修"), "{database}: {told}");
        assert_eq!(card["category"]["zh"], "用电报装", "{database}");
        let page = story.console("dispatcher").await;
        assert!(page.contains("原类别 用地规划") && page.contains("更正为 用电报装"), "{database}: {page}");
        // The figures count it on the days of what is promised now.
        story.town.count().await;
        assert_eq!(story.town.unbalanced(), Vec::<String>::new(), "{database}");

        story.must("dispatcher", "assignment", json!({ "unit": "gdj" })).await;
        story.may_not("dispatcher", "reclassification", to("land"), 409, "transition_refused").await;
    }
}

/// A correction is no extension in disguise.
#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_was_broken_or_moved_is_not_made_longer_by_another_category() {
    for database in BOTH {
        let mut story = Story::about("outage", database, MONDAY, &[]).await;
        story.must("intake_officer", "acceptance", json!({})).await;
        story.it_is("2026-11-23T05:00:00Z");
        let late = story.may_not("dispatcher", "reclassification", to("power"), 409, "rule_unmet").await;
        assert!(late["detail"]["zh"].as_str().unwrap().contains("承诺时限已过"), "{database}: {late}");

        let mut story = Story::registered(database, MONDAY).await;
        story.must("intake_officer", "acceptance", json!({})).await;
        story.must("dispatcher", "extension", json!({ "working_days": 2, "reason": "field_work" })).await;
        let moved = story.may_not("dispatcher", "reclassification", to("land"), 409, "rule_unmet").await;
        assert!(moved["detail"]["zh"].as_str().unwrap().contains("已变更过"), "{database}: {moved}");
        // Of the same limit it may be.
        let issue = story.must("dispatcher", "reclassification", to("support")).await;
        assert_eq!(issue["promise"], "2026-12-02", "{database}: the promise stays as it was extended");
    }
}

/// Nor does it hide that somebody is late, or promise what has passed.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_hides_no_lateness_and_promises_no_past() {
    for database in BOTH {
        let refused = async |story: &mut Story, category: &str, why: &str| {
            let said =
                story.may_not("dispatcher", "reclassification", to(category), 422, "invalid_input").await;
            let text = said["errors"][0]["zh"].to_string() + &said["errors"][0].to_string();
            assert!(text.contains(why), "{database}: {said}");
        };
        // Two hours to accept it have passed: another category would give the window a day.
        let mut story = Story::about("outage", database, MONDAY, &[]).await;
        story.it_is("2026-11-23T06:00:00Z");
        refused(&mut story, "land", "受理已超期").await;

        let mut story = Story::registered(database, MONDAY).await;
        story.must("intake_officer", "acceptance", json!({})).await;
        story.it_is("2026-11-24T02:00:00Z");
        refused(&mut story, "land", "受理当日之后不能延长时限").await;
        refused(&mut story, "outage", "按这一类别承诺时限已过").await;
    }
}
