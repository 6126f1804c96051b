//! What is promised within hours has no limit on the way that is later.

use serde_json::{Value, json};

use super::Story;
use crate::harness::BOTH;

/// A Sunday evening, when nobody is in the office.
const SUNDAY: &str = "2026-11-29T11:24:00Z";
/// Two hours later.
const DUE: &str = "2026-11-29T13:24:00Z";

/// Kind and end of what runs.
fn clocks(issue: &Value) -> Vec<(String, String)> {
    let text = |one: &Value| one.as_str().unwrap().to_owned();
    issue["clocks"].as_array().unwrap().iter().map(|one| (text(&one["kind"]), text(&one["due_at"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_power_cut_is_accepted_signed_for_and_answered_within_its_two_hours() {
    for database in BOTH {
        let mut story = Story::about("outage", database, SUNDAY, &[]).await;
        assert_eq!(clocks(&story.read().await), [("accept".to_owned(), DUE.to_owned())], "{database}");
        assert_eq!(story.listed().await["clocks"][0]["due_at"], DUE, "{database}: lists agree");
        story.must("intake_officer", "acceptance", json!({})).await;
        let ask = json!({ "unit": "gdj", "handler": "qianfeng", "assisting": ["jxj"] });
        let issue = story.must("dispatcher", "assignment", ask).await;
        let all = clocks(&issue);
        let kinds: Vec<&str> = all.iter().map(|(kind, _)| &**kind).collect();
        for kind in ["sign", "interim", "close", "first_contact", "assist"] {
            assert!(kinds.contains(&kind), "{database}: {kinds:?}");
        }
        assert!(all.iter().all(|(_, until)| until == DUE), "{database}: {all:?}");
        let card = story.card(None).await;
        assert_eq!(card["first_contact"], json!({ "until": DUE }), "{database}: what the owner is told");

        // Closed too late and reopened on Monday: the first word of that round is within its own promise.
        story.it_is("2026-11-30T01:00:00Z");
        story.must("qianfeng", "progress", json!({ "note": "正在抢修" })).await;
        story.close().await;
        story.must("follow_up_officer", "follow-up", json!({})).await;
        let call = json!({ "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "仍有差额" });
        story.must("follow_up_officer", "reopening", call).await;
        let all = clocks(&story.read().await);
        assert!(all.iter().all(|(_, until)| &**until <= "2026-11-30T03:00:00Z"), "{database}: {all:?}");
    }
}
