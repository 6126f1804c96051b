//! What an enterprise was answered stays readable: after it was closed, sent back, and reopened.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

const FIRST: &str = "首批补贴已拨付";
const WHY: &str = "请写明兑现金额";
const SECOND: &str = "补贴12万元已于11月29日全部拨付";
const THIRD: &str = "差额3万元已补发";

fn reported(reply: &str) -> Value {
    json!({ "result": "resolved", "reply": reply })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_stays_readable_and_what_was_sent_back_is_mended() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        story.must("qianfeng", "result", reported(FIRST)).await;
        story.must("closure_reviewer", "sending-back", json!({ "reason": WHY })).await;
        let page = story.console("qianfeng").await;
        let next = page.split("class=\"panel next\"").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(next.contains(&format!("审核退回理由：{WHY}")), "{database}: {next}");
        assert!(next.contains(&format!(">{FIRST}</textarea>")), "{database}: mended, not typed anew: {next}");
        assert!(next.contains("value=\"resolved\" checked"), "{database}: {next}");
        story.must("qianfeng", "result", reported(SECOND)).await;
        let closed = story.must("closure_reviewer", "closure", json!({})).await;
        let reports = closed["records"]["reports"].as_array().unwrap();
        let said: Vec<_> =
            reports.iter().map(|one| (&one["reply"], &one["round"], &one["review"]["closed"])).collect();
        let (no, yes, one) = (json!(false), json!(true), json!(1));
        assert_eq!(said, [(&json!(FIRST), &one, &no), (&json!(SECOND), &one, &yes)], "{database}");
        assert_eq!(reports[0]["review"]["reason"], WHY, "{database}");
        assert_eq!(closed["records"]["report"]["reply"], SECOND, "{database}: the latest one as before");
        let page = story.console("follow_up_officer").await;
        for text in [FIRST, SECOND, WHY, "审核办结", "审核退回"] {
            assert!(page.contains(text), "{database}: whoever calls back reads {text}");
        }

        story.must("follow_up_officer", "follow-up", json!({})).await;
        let call = json!({ "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "仍有差额" });
        story.must("follow_up_officer", "reopening", call).await;
        for who in ["qianfeng", "closure_reviewer", "auditor"] {
            let page = story.console(who).await;
            assert!(page.contains(SECOND) && page.contains("办理结果（第1次办理）"), "{database} {who}");
        }
        let device = story.device().await;
        let history = |card: &Value| card["owner"]["history"].to_string();
        let card = story.card(Some(&device)).await;
        assert!(history(&card).contains(SECOND), "{database}: the owner keeps what he was answered: {card}");
        assert!(!card.to_string().contains(FIRST), "{database}: nor what was never said to him: {card}");
        assert!(!story.card(None).await.to_string().contains(SECOND), "{database}: a scan reads no reply");

        story.it_is("2026-11-24T02:00:00Z");
        story.must("qianfeng", "progress", json!({ "note": "重新核对" })).await;
        story.must("qianfeng", "result", reported(THIRD)).await;
        let issue = story.must("closure_reviewer", "closure", json!({})).await;
        assert_eq!(issue["records"]["reports"][2]["round"], 2, "{database}");
        let card = story.card(Some(&device)).await;
        assert_eq!(card["owner"]["reply"], THIRD, "{database}");
        assert!(history(&card).contains(SECOND) && !history(&card).contains(THIRD), "{database}: {card}");
    }
}
