//! The interim reply: a dated one every so many working days until the issue is closed, wherever it stands.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

/// The day on which a limit of this kind ends.
fn due<'a>(issue: &'a Value, kind: &str) -> Option<&'a str> {
    let all = issue["clocks"].as_array().unwrap();
    all.iter().find(|one| one["kind"] == kind).map(|one| one["due_on"].as_str().unwrap())
}

impl Story {
    /// When the next reply is due; the list says the same as the page.
    async fn reply_due(&mut self) -> Option<String> {
        let (issue, listed) = (self.read().await, self.listed().await);
        assert_eq!(issue["clocks"], listed["clocks"], "{issue}");
        assert_eq!(self.limit(), issue["clocks"][0]["due_at"], "the list's index");
        due(&issue, "interim").map(ToOwned::to_owned)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_step_but_a_reply_puts_the_next_reply_off() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        // Given to the unit on Monday: three working days.
        assert_eq!(
            story.reply_due().await.as_deref(),
            Some("2026-11-26"),
            "{database}: before it is signed for"
        );
        story.it_is("2026-11-24T02:00:00Z");
        story.must("qianfeng", "signature", json!({})).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-11-26"), "{database}: signing is no reply");
        story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-11-27"), "{database}: a reply is");
        story.it_is("2026-11-26T02:00:00Z");
        let call = json!({ "subject": "增容方案", "units": ["jxj"], "planned_on": "2026-11-26" });
        story.must("dispatcher", "conference", call).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-11-27"), "{database}: nor is a conference");
        let held = json!({
            "held_on": "2026-11-26", "minutes": "由供电局牵头改造", "unit": "gdj", "due_on": "2026-12-15",
        });
        story.must("leader", "conference-minutes", held).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-11-27"), "{database}: nor what it settled");
        story.must("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        assert_eq!(
            story.reply_due().await.as_deref(),
            Some("2026-11-27"),
            "{database}: it is not closed yet"
        );
        story.must("closure_reviewer", "sending-back", json!({ "reason": "缺少现场照片" })).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-11-27"), "{database}: nor a review");
        story.must("qianfeng", "contact", json!({ "note": "已电话告知进展" })).await;
        assert_eq!(
            story.reply_due().await.as_deref(),
            Some("2026-11-30"),
            "{database}: a call is one, and no later than the promise"
        );
        // The clock stands still, and the unit is given three days when it goes on.
        let later = json!({ "reason": "待政策", "review_on": "2026-12-20" });
        story.must("dispatcher", "deferral", later).await;
        assert_eq!(story.reply_due().await, None, "{database}: deferred");
        story.it_is("2026-12-09T02:00:00Z");
        story.must("dispatcher", "resumption", json!({})).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-12-11"), "{database}: with the promise");
        story.close().await;
        assert_eq!(due(&story.read().await, "interim"), None, "{database}: closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_is_refused_gives_no_time_and_one_that_is_granted_gives_it_to_the_other_unit() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        story.it_is("2026-11-24T02:00:00Z");
        story.must("qianfeng", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        assert_eq!(story.reply_due().await.as_deref(), Some("2026-11-26"), "{database}: it runs meanwhile");
        let no = json!({ "decision": "refused", "note": "按职责属供电" });
        let back = story.must("dispatcher", "return-ruling", no).await;
        assert_eq!(back["state"], "assigned", "{database}");
        assert_eq!((due(&back, "sign"), due(&back, "interim")), (Some("2026-11-24"), Some("2026-11-26")));

        let mut story = Story::assigned(database).await;
        story.it_is("2026-11-24T02:00:00Z");
        story.must("qianfeng", "return", json!({ "reason": "不属本单位", "unit": "jxj" })).await;
        let yes =
            json!({ "decision": "granted", "unit": "jxj", "handler": "lijianguo", "note": "由经信局办理" });
        let moved = story.must("dispatcher", "return-ruling", yes).await;
        assert_eq!((due(&moved, "sign"), due(&moved, "interim")), (Some("2026-11-25"), Some("2026-11-27")));
    }
}
