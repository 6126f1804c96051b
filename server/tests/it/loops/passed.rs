//! What should have happened and has not is said so on the phone, in both languages:
//! no day that is over is spoken of as one to come.

use serde_json::json;

use super::Story;
use crate::harness::BOTH;

/// Each of these texts is on the phone page, and none of those.
async fn says(story: &Story, lang: &str, here: &[&str], gone: &[&str]) {
    let card = story.phone(lang).await;
    for text in here {
        assert!(card.contains(text), "{text} is missing: {card}");
    }
    for text in gone {
        assert!(!card.contains(text), "{text} is still there: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_contact_that_did_not_come_is_no_promise() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        says(&story, "zh", &["承办单位应在2026年11月23日（周一） 11:00前联系您"], &["尚未联系"]).await;
        says(&story, "en", &["the unit is to be in touch by Mon 23 Nov 2026 11:00"], &["should have"]).await;
        story.it_is("2026-11-23T03:00:00.001Z");
        says(&story, "zh", &["承办单位本应在2026年11月23日（周一） 11:00前联系您，尚未联系"], &[]).await;
        let late = "the unit should have been in touch by Mon 23 Nov 2026 11:00; it has not been yet";
        says(&story, "en", &[late], &["is to be in touch"]).await;
        story.must("qianfeng", "contact", json!({ "note": "已电话联系" })).await;
        says(&story, "zh", &["承办单位已于2026年11月23日（周一） 11:00联系您"], &["本应"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_an_issue_is_deferred_only_its_review_is_due() {
    for database in BOTH {
        let mut story = Story::assigned(database).await;
        story.must("qianfeng", "signature", json!({})).await;
        let defer = json!({ "reason": "需等待上级电网改造", "review_on": "2026-12-20" });
        story.must("dispatcher", "deferral", defer).await;
        says(&story, "zh", &["下次复核 2026年12月20日（周日）"], &["首次联系", "复核，尚未"]).await;
        assert_eq!(story.card(None).await["first_contact"], serde_json::Value::Null, "{database}");
        story.it_is("2026-12-21T02:00:00Z");
        says(&story, "zh", &["本应在2026年12月20日（周日）复核，尚未复核"], &["首次联系"]).await;
        says(&story, "en", &["should have been on Sun 20 Dec 2026; it has not taken place yet"], &[]).await;
        let seen = story.console("dispatcher").await;
        assert!(seen.contains("挂账，复核期限2026-12-20"), "{database}: {seen}");
        // Once it is handled again the unit is held to what it had not done.
        story.must("dispatcher", "resumption", json!({})).await;
        says(&story, "zh", &["本应在2026年11月23日（周一） 11:00前联系您"], &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conference_that_brought_nothing_and_what_it_settled_for_a_day_that_is_over() {
    for database in BOTH {
        let mut story = Story::taken_up(database).await;
        let call = json!({ "subject": "增容方案", "units": ["jxj"], "planned_on": "2026-11-25" });
        story.must("dispatcher", "conference", call).await;
        says(&story, "zh", &["拟于2026年11月25日（周三）召开"], &["原定"]).await;
        story.it_is("2026-11-26T02:00:00Z");
        says(&story, "zh", &["原定于2026年11月25日（周三）召开，尚无会商结果"], &["拟于"]).await;
        says(&story, "en", &["was planned for Wed 25 Nov 2026; no outcome is recorded yet"], &[]).await;
        let minutes = json!({ "held_on": "2026-11-26", "minutes": "由供电局牵头改造", "unit": "jxj", "due_on": "2026-12-01" });
        story.must("leader", "conference-minutes", minutes).await;
        says(&story, "zh", &["于2026年12月1日（周二）前落实"], &[]).await;
        story.it_is("2026-12-02T02:00:00Z");
        says(&story, "zh", &["落实，落实期限2026年12月1日（周二）已过"], &["前落实"]).await;
        says(&story, "en", &["was to act on it by Tue 1 Dec 2026"], &["acts on it"]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rectification_that_is_late_says_what_was_done_and_what_was_not() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad" })).await.0, 201);
        says(&story, "zh", &["2026年11月24日（周二）前联系您，2026年11月30日（周一）前完成整改"], &["本应"])
            .await;
        story.it_is("2026-12-01T02:00:00Z");
        let both = "本应在2026年11月24日（周二）前联系您，尚未联系，本应在2026年11月30日（周一）前完成整改，尚未完成";
        says(&story, "zh", &[both], &[]).await;
        says(&story, "en", &["we should have contacted you by Tue 24 Nov 2026; we have not yet"], &[]).await;
        story.read().await;
        story.must("qianfeng", "rectification-contact", json!({ "note": "已电话致歉" })).await;
        let half = "已于2026年12月1日（周二）与您联系，本应在2026年11月30日（周一）前完成整改，尚未完成";
        says(&story, "zh", &[half], &[]).await;
        story.it_is("2026-12-02T02:00:00Z");
        story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        story.it_is("2026-12-14T02:00:00Z");
        let late = "已于2026年12月1日（周二）与您联系，已于2026年12月2日（周三）完成整改，本应在2026年12月9日（周三）前回访核实，尚未核实";
        says(&story, "zh", &[late], &[]).await;
        let late =
            "put right on Wed 2 Dec 2026, should have been checked by Wed 9 Dec 2026; it has not been yet";
        says(&story, "en", &[late], &["we check by"]).await;
    }
}
