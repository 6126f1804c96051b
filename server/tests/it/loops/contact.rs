//! The first contact: the enterprise hears from the unit that was given its issue.

use serde_json::{Value, json};

use super::{MONDAY, Story};
use crate::harness::BOTH;

/// The limit of this kind, as the page of the issue has it.
fn clock<'a>(issue: &'a Value, kind: &str) -> Option<&'a Value> {
    issue["clocks"].as_array().unwrap().iter().find(|one| one["kind"] == kind)
}

/// How the unit that leads now was assigned.
fn lead(issue: &Value) -> Value {
    let all = issue["records"]["assignments"].as_array().unwrap();
    all.iter().rfind(|one| one["part"] == "lead").unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_enterprise_hears_from_its_unit_within_a_working_hour() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        let issue = story.read().await;
        let waited = clock(&issue, "first_contact").unwrap();
        assert_eq!((&waited["due_at"], &waited["lamp"]), (&json!("2026-11-23T03:00:00Z"), &json!("red")));
        assert_eq!(issue["lamp"], "red", "{database}: the first limit to pass gives the lamp");
        let card = story.card(None).await;
        assert_eq!(card["first_contact"], json!({ "until": "2026-11-23T03:00:00Z" }), "{database}: {card}");
        assert_eq!(card["lamp"], "green", "the owner's lamp is the promise's");
        assert!(card["responsible"]["phone"].is_string(), "and whom to call is shown at once: {card}");

        // Two hours over are two hours, not a working day.
        story.it_is("2026-11-23T05:10:00Z");
        let issue = story.read().await;
        let late = clock(&issue, "first_contact").unwrap();
        assert_eq!((&late["hours_over"], &late["lamp"]), (&json!(2), &json!("overdue")), "{database}");
        let note = json!({ "note": "已电话告知由能源科钱工承办" });
        story.may_not("lijianguo", "contact", note.clone(), 404, "issue_unknown").await;
        story.may_not("dispatcher", "contact", note.clone(), 403, "forbidden").await;

        let issue = story.must("qianfeng", "contact", note.clone()).await;
        assert_eq!(issue["state"], "assigned", "{database}: it is not signed for by that");
        assert!(clock(&issue, "first_contact").is_none(), "{database}: {issue}");
        assert_eq!(lead(&issue)["replied_at"], "2026-11-23T05:10:00Z", "{database}");
        let card = story.card(None).await;
        assert_eq!(card["first_contact"]["at"], "2026-11-23T05:10:00Z", "{database}");
        assert!(!card.to_string().contains("钱工"), "a scan shows nothing that somebody typed: {card}");
        let device = story.device().await;
        assert!(story.card(Some(&device)).await.to_string().contains("由能源科钱工承办"), "{database}");

        // The first one is the first one.
        story.it_is("2026-11-23T06:00:00Z");
        let issue = story.must("qianfeng", "contact", note).await;
        assert_eq!(lead(&issue)["replied_at"], "2026-11-23T05:10:00Z", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interim_reply_is_a_contact_and_another_unit_begins_anew() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let issue = story.read().await;
        assert_eq!(lead(&issue)["replied_at"], MONDAY, "{database}");
        assert!(clock(&issue, "first_contact").is_none(), "{database}");
        // Given to another unit at ten past five: twenty minutes today, forty tomorrow.
        story.it_is("2026-11-23T09:10:00Z");
        story.must("qianfeng", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        let ruling = json!({ "decision": "granted", "unit": "jxj", "note": "由经信局办理" });
        let issue = story.must("dispatcher", "return-ruling", ruling).await;
        let waited = clock(&issue, "first_contact").unwrap();
        assert_eq!(waited["due_at"], "2026-11-24T01:10:00Z", "{database}");
        let card = story.card(None).await;
        assert_eq!(card["first_contact"], json!({ "until": "2026-11-24T01:10:00Z" }), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_did_it_is_told_why_somebody_else_reviews() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.gives("qianfeng", "closure_reviewer");
        story.must("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        for (verb, body) in [("closure", json!({})), ("sending-back", json!({ "reason": "请补充佐证" }))]
        {
            let refused = story.may_not("qianfeng", verb, body, 403, "another_officer").await;
            assert!(refused["detail"]["zh"].as_str().unwrap().contains("审核人不能是承办人"), "{refused}");
        }
    }
}
