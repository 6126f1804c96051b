//! What was merged into another enterprise's issue: nobody ends a stranger's issue.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

impl Story {
    /// Another enterprise than the one whose code the town shows.
    async fn stranger(&self) -> String {
        let token = self.token("dispatcher").await;
        let url = self.town.url("/api/v1/staff/enterprises");
        let list: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        let other = |one: &&Value| one["name"] != self.town.seeded.enterprise.as_str();
        list["enterprises"].as_array().unwrap().iter().find(other).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// An issue that this enterprise sent in: its number.
    async fn sent_in(&self, enterprise: &str) -> String {
        let new = json!({ "subject": "厂房停电", "body": "停电", "category": "power", "channel": "window" });
        let (status, issue) =
            self.post("intake_officer", &format!("enterprises/{enterprise}/issues"), new).await;
        assert_eq!(status, 201, "{issue}");
        issue["number"].as_str().unwrap().to_owned()
    }

    /// A verb on any issue, at the version that stands.
    async fn on(&self, number: &str, who: &str, verb: &str, mut body: Value) -> Value {
        body["version"] = self.seen(number).await["version"].clone();
        let (status, issue) = self.post(who, &format!("issues/{number}/{verb}"), body).await;
        assert_eq!(status, 201, "{verb}: {issue}");
        issue
    }

    async fn seen(&self, number: &str) -> Value {
        let token = self.token("dispatcher").await;
        let url = self.town.url(&format!("/api/v1/staff/issues/{number}"));
        crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap()
    }
}

fn kinds(issue: &Value) -> Vec<&str> {
    issue["clocks"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_goes_on_by_itself_when_the_stranger_it_followed_is_withdrawn() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        story.must("qianfeng", "assisting-unit", json!({ "unit": "jxj" })).await;
        let stranger = story.stranger().await;
        let parent = story.sent_in(&stranger).await;
        let kin = story.sent_in(&stranger).await;
        let fresh = story.sent_in(&story.enterprise().await).await;
        let into = json!({ "parent": parent, "note": "同一事项" });
        story.must("intake_officer", "merger", into.clone()).await;
        for number in [&kin, &fresh] {
            story.on(number, "intake_officer", "merger", into.clone()).await;
        }
        story.it_is("2026-12-02T02:00:00Z");
        story.on(&parent, "intake_officer", "withdrawal", json!({ "note": "已自行解决" })).await;

        // It had been accepted: the dispatcher decides, with the five working days that were left when it was merged.
        let issue = story.read().await;
        assert_eq!(
            (&issue["state"], &issue["unit"]),
            (&json!("accepted"), &Value::Null),
            "{database}: {issue}"
        );
        assert_eq!(kinds(&issue), ["close"], "{database}: no unit owes anything");
        assert_eq!(
            (&issue["first_promise"], &issue["promise"]),
            (&json!("2026-11-30"), &json!("2026-12-09"))
        );
        assert_eq!(issue["records"]["parent"], Value::Null, "{database}");
        let (kind, by, facts) = story.events().await.pop().unwrap();
        assert_eq!((&*kind, &*by, &facts["parent"]), ("revived", "系统", &json!(parent)), "{database}");
        let device = story.device().await;
        let card = story.card(Some(&device)).await;
        assert_eq!((&card["state_text"]["zh"], &card["follows"]), (&json!("已受理"), &Value::Null), "{card}");
        assert_eq!(card["last_action"]["zh"], "原并入的问题不再办理，本问题恢复单独办理", "{database}");
        let moved = &card["promise"]["changes"][0];
        assert_eq!((&moved["from"], &moved["to"]), (&json!("2026-11-30"), &json!("2026-12-09")), "{card}");
        assert_eq!(moved["reason_text"]["zh"], "并案期间不计时，现已恢复单独办理", "{database}");
        assert!(!card.to_string().contains(&parent) && !card.to_string().contains("企业已撤回"), "{card}");
        // One that had only been sent in waits to be accepted, like any other.
        let sent = story.seen(&fresh).await;
        assert_eq!((&sent["state"], kinds(&sent)), (&json!("submitted"), vec!["accept"]), "{database}");
        // What the same enterprise merged into its own issue goes with that.
        assert_eq!(story.seen(&kin).await["state"], "merged", "{database}");

        story.on(&fresh, "intake_officer", "acceptance", json!({})).await;
        let again =
            story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        assert_eq!(kinds(&again)[0], "first_contact", "{database}: {again}");
        story.must("qianfeng", "progress", json!({ "note": "单独办理" })).await;
        assert_eq!(story.close().await["state"], "closed", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_withdraws_for_the_own_enterprise_only_and_a_rejection_ends_no_other() {
    for database in BOTH {
        let story = Story::registered(database, super::MONDAY).await;
        let stranger = story.stranger().await;
        let followed = |number: &str| json!({ "parent": number, "note": "同一事项" });
        let child = story.sent_in(&stranger).await;
        story.on(&child, "dispatcher", "merger", followed(&story.number)).await;
        let device = story.device().await;
        let path = format!("/api/v1/scans/{}/issues/{}/withdrawal", story.town.seal, story.number);
        let asked = crate::harness::client().post(story.town.url(&path)).bearer_auth(&device);
        assert_eq!(asked.json(&json!({})).send().await.unwrap().status(), 201, "{database}");
        assert_eq!(story.seen(&story.number).await["state"], "withdrawn");
        let revived = story.seen(&child).await;
        assert_eq!((&revived["state"], kinds(&revived)), (&json!("submitted"), vec!["accept"]), "{database}");

        let home = story.enterprise().await;
        let (parent, child) = (story.sent_in(&home).await, story.sent_in(&stranger).await);
        story.on(&child, "dispatcher", "merger", followed(&parent)).await;
        let no = json!({ "reason": "unclear", "right_channel": "12345热线", "note": "内容不清" });
        story.on(&parent, "intake_officer", "rejection", no).await;
        assert_eq!(story.seen(&child).await["state"], "submitted", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deferred_when_it_was_merged_has_the_days_that_were_left_when_it_was_deferred() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        let parent = story.sent_in(&story.stranger().await).await;
        story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        // Five working days are left; it waits two weeks, is merged, and its main issue is withdrawn.
        story.must("dispatcher", "deferral", json!({ "reason": "待政策", "review_on": "2026-12-20" })).await;
        story.it_is("2026-12-07T02:00:00Z");
        story.must("intake_officer", "merger", json!({ "parent": parent, "note": "同一事项" })).await;
        story.it_is("2026-12-09T02:00:00Z");
        story.on(&parent, "intake_officer", "withdrawal", json!({ "note": "已自行解决" })).await;
        let issue = story.read().await;
        assert_eq!(
            (&issue["state"], &issue["first_promise"], &issue["promise"]),
            (&json!("accepted"), &json!("2026-11-30"), &json!("2026-12-16")),
            "{database}: what stood still cost nothing: {issue}"
        );
    }
}
