//! What an enterprise says on the telephone: entered by the officer who called, marked
//! as such, beside the owner's own and never in its place.

use serde_json::{Value, json};

use super::Story;
use crate::{console::Browser, harness::BOTH};

async fn ratings(story: &mut Story) -> Vec<Value> {
    story.read().await["records"]["ratings"].as_array().cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_back_is_entered_by_the_officer_and_the_owners_own_stands_beside_it() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let path = format!("issues/{}/call-back-rating", story.number);
        let good =
            json!({ "verdict": "good", "level": "satisfied", "solved": "yes", "comment": "电话中表示满意" });
        // Whom it is not for: other roles, and an officer who is of the rated unit.
        assert_eq!(story.post("performance_reviewer", &path, good.clone()).await.0, 403, "{database}");
        story.gives("qianfeng", "follow_up_officer");
        let (status, said) = story.post("qianfeng", &path, good.clone()).await;
        assert_eq!((status, &said["code"]), (403, &json!("another_officer")), "{database}: {said}");
        let second = json!({ "verdict": "good", "round": "second" });
        assert_eq!(story.post("follow_up_officer", &path, second).await.0, 422);

        let (status, said) = story.post("follow_up_officer", &path, good.clone()).await;
        assert_eq!(status, 201, "{database}: {said}");
        let officer = story.read().await;
        let given = &officer["records"]["ratings"][0];
        assert_eq!(
            (&given["tier"], &given["proof"]),
            (&json!("call_back"), &json!("call_back")),
            "{officer}"
        );
        assert!(given["officer"].as_str().is_some_and(|name| !name.is_empty()), "{officer}");
        assert_eq!((&said["tier"], &said["officer"]), (&given["tier"], &given["officer"]), "{said}");
        let (status, said) = story.post("follow_up_officer", &path, good).await;
        assert_eq!((status, &said["code"]), (409, &json!("already_rated")), "{database}: once a closure");

        // The owner may still rate, and the list shows both.
        let device = story.device().await;
        assert_eq!(story.card(Some(&device)).await["closure"]["rateable"], true, "{database}");
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad" })).await.0, 201);
        let all = ratings(&mut story).await;
        let tiers: Vec<&str> = all.iter().map(|one| one["tier"].as_str().unwrap()).collect();
        assert_eq!(tiers, ["call_back", "owner"], "{database}");

        // Once the owner has spoken nobody speaks for him.
        let spoken = Story::closed(database).await;
        let device = spoken.device().await;
        assert_eq!(spoken.rate(Some(&device), json!({ "verdict": "good" })).await.0, 201);
        let path = format!("issues/{}/call-back-rating", spoken.number);
        let (status, said) = spoken.post("follow_up_officer", &path, json!({ "verdict": "bad" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("already_rated")), "{database}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_chooses_nothing_and_what_was_bad_opens_the_rectification() {
    for database in BOTH {
        let mut story = Story::closed(database).await;
        let officer = Browser::signed_in(&story.town, "follow_up_officer").await;
        let issue = format!("/console/issues/{}", story.number);
        let form = format!("{issue}/call-back-rating");
        assert!(officer.page(&issue).await.contains(&form), "{database}: the issue offers it");
        let page = officer.page(&form).await;
        assert!(!page.contains(" checked") && page.contains("name=\"verdict\""), "{page}");
        let again = officer.post(&form, &form, &[("comment", "<b>还是停电")]).await;
        assert_eq!(again.status(), 422);
        assert!(again.text().await.unwrap().contains("&#60;b&#62;还是停电"), "what was typed stays");
        let fields =
            [("verdict", "bad"), ("level", "dissatisfied"), ("solved", "no"), ("tags", "vague_answer")];
        let done = officer.post(&form, &form, &fields).await;
        assert_eq!(done.status(), 303, "{database}");
        let shown = officer.follow(&done).await.text().await.unwrap();
        assert!(shown.contains("电话回访"), "{shown}");
        assert_eq!(story.read().await["state"], "rectifying", "{database}");
        // Whoever entered it is the author of both events, and the record of the rectification says the same.
        let officer_name = story.read().await["records"]["ratings"][0]["officer"].clone();
        for kind in ["rated", "rectification_started"] {
            let told = story.events().await;
            let (_, by, facts) = told.iter().find(|(one, ..)| one == kind).unwrap();
            assert_eq!(officer_name, by.as_str(), "{database}: {kind}");
            assert_eq!(facts["proof"], "call_back", "{database}: {kind}");
        }
        let shown = officer.page(&issue).await;
        assert!(!shown.contains("经手 企业"), "{database}: the owner did nothing here: {shown}");
        assert!(!officer.page(&issue).await.contains(&form), "it is not offered again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_handled_it_before_or_is_of_a_unit_that_assisted_does_not_call() {
    for database in BOTH {
        // Of the lead unit once, and of the office for call-backs now: what one did stays.
        let mut story = Story::by_many_hands(database).await;
        for person in ["sunyue", "qianfeng", "lijianguo"] {
            story.gives(person, "follow_up_officer");
        }
        let moved = ["sunyue", "qianfeng"];
        {
            let mut db = story.town.shared.store.connection().unwrap();
            for person in moved {
                let leave = format!(
                    "DELETE FROM staff_units WHERE staff_id = (SELECT id FROM staff WHERE username = '{person}')"
                );
                diesel::RunQueryDsl::execute(diesel::sql_query(leave), &mut **db).unwrap();
            }
        }
        let path = format!("issues/{}/call-back-rating", story.number);
        for person in ["sunyue", "qianfeng", "lijianguo"] {
            let (status, said) = story.post(person, &path, json!({ "verdict": "good" })).await;
            assert_eq!(
                (status, &said["code"]),
                (403, &json!("another_officer")),
                "{database} {person}: {said}"
            );
            assert!(said["detail"]["zh"].as_str().unwrap().contains("参与过"), "{said}");
            assert!(said["detail"]["en"].as_str().unwrap().contains("had a part"), "{said}");
            story.may_not(person, "follow-up", json!({}), 403, "another_officer").await;
            let browser = Browser::signed_in(&story.town, person).await;
            let form = format!("/console/issues/{}/call-back-rating", story.number);
            let page = browser.get(&form).await;
            assert_eq!(page.status(), 403, "{database} {person}");
            assert!(page.text().await.unwrap().contains("参与过"), "the reason is on the page");
            let issue = browser.page(&format!("/console/issues/{}", story.number)).await;
            assert!(!issue.contains(&form), "{database} {person}: nor is it offered");
        }
        assert!(ratings(&mut story).await.is_empty());
        let (status, said) = story.post("follow_up_officer", &path, json!({ "verdict": "good" })).await;
        assert_eq!(status, 201, "{database}: {said}");
    }
}

/// Who is named as the author of a rating, and of the rectification that it opens.
#[tokio::test(flavor = "multi_thread")]
async fn the_author_is_the_owner_only_where_the_pin_was_proved() {
    for database in BOTH {
        let story = Story::closed(database).await;
        assert_eq!(story.rate(None, json!({ "verdict": "bad" })).await.0, 201);
        let device = story.device().await;
        assert_eq!(story.rate(Some(&device), json!({ "verdict": "bad" })).await.0, 201);
        let told = story.events().await;
        let of = |kind: &str| -> Vec<String> {
            told.iter().filter(|(one, ..)| one == kind).map(|(_, by, _)| by.clone()).collect()
        };
        assert_eq!(of("rated"), ["扫码人（未验证）", "企业"], "{database}: {told:?}");
        assert_eq!(of("rectification_started"), ["企业"], "{database}");
    }
}
