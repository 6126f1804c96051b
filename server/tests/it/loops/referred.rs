//! What a channel's own system reads of its issue on the way: what the owner is told, and nothing that is over.

use qiyema_server::store::intake::{self, ReferenceRow};
use serde_json::{Value, json};

use super::Story;
use crate::{harness::BOTH, intake as channel};

impl Story {
    /// Gives the issue a number of its channel's own, and a token that may ask for it.
    fn referred(&self) -> String {
        let issue = self.stored();
        let row = ReferenceRow {
            channel_id: "window".into(),
            reference: "W-1".into(),
            enterprise_id: issue.enterprise_id,
            issue_id: issue.id,
        };
        intake::add_reference(&mut self.town.shared.store.connection().unwrap(), &row).unwrap();
        channel::token(&self.town, "window", "issues:read")
    }

    async fn channel_reads(&self, token: &str) -> Value {
        let (status, read) = channel::get(&self.town, token, "/api/v1/channels/window/issues/W-1").await;
        assert_eq!(status, 200, "{read}");
        read
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_channel_reads_what_is_asked_and_why_it_was_not_accepted() {
    for database in BOTH {
        let mut story = Story::registered(database, super::MONDAY).await;
        let token = story.referred();
        assert!(story.channel_reads(&token).await["note"].is_null(), "{database}");
        story.must("intake_officer", "supplement-request", json!({ "note": "请补充用电合同" })).await;
        let asked = story.channel_reads(&token).await;
        assert_eq!((&asked["state"], &asked["note"]), (&json!("need_info"), &json!("请补充用电合同")));
        story.must("intake_officer", "supplement", json!({ "note": "合同已补" })).await;
        assert!(story.channel_reads(&token).await["note"].is_null(), "{database}: nothing is asked any more");
        let no = json!({ "reason": "out_of_scope", "right_channel": "12345热线", "note": "属个人用电" });
        story.must("intake_officer", "rejection", no).await;
        let rejected = story.channel_reads(&token).await;
        assert_eq!(rejected["right_channel"], "12345热线", "{database}: {rejected}");
        assert!(rejected["note"].as_str().unwrap().contains("属个人用电"), "{database}: {rejected}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_channel_reads_no_promise_of_a_deferred_issue_and_no_result_of_one_that_is_handled_again() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let token = story.referred();
        assert_eq!(story.channel_reads(&token).await["promise"], "2026-11-30", "{database}");
        story.must("dispatcher", "deferral", json!({ "reason": "待政策", "review_on": "2026-12-20" })).await;
        let waits = story.channel_reads(&token).await;
        assert!(waits["promise"].is_null(), "{database}: {waits}");
        assert_eq!((&waits["review_on"], &waits["note"]), (&json!("2026-12-20"), &json!("待政策")));
        story.must("dispatcher", "resumption", json!({})).await;
        let goes_on = story.channel_reads(&token).await;
        assert!(goes_on["promise"].is_string() && goes_on["review_on"].is_null(), "{database}: {goes_on}");
        story.close().await;
        let closed = story.channel_reads(&token).await;
        assert_eq!(
            (&closed["result"], &closed["reply"]),
            (&json!("resolved"), &json!("已送电")),
            "{database}"
        );
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let call = json!({ "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "仍不稳定" });
        story.must("follow_up_officer", "reopening", call).await;
        let again = story.channel_reads(&token).await;
        assert_eq!(again["state"], "reopened", "{database}");
        for over in ["result", "reply", "closed_at"] {
            assert!(again[over].is_null(), "{database}: {over} of the round before: {again}");
        }
    }
}
