//! Who has rated without a PIN hears what became of it, and says by the same link whether it was put right.

use serde_json::{Value, json};

use super::invited::Invited;
use crate::harness::BOTH;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_right_is_rated_once_by_the_link_that_called_it_bad() {
    for database in BOTH {
        let mut invited = Invited::on(database).await;
        let link = invited.link().await;
        let (status, place) = invited.send(&link, &[("verdict", "bad")]).await;
        assert_eq!((status, place.ends_with("&done=bad")), (303, true), "{database}: {place}");
        let early = json!({ "verdict": "good", "round": "rectification" });
        let (status, said) = invited.by_json(&link, early.clone()).await;
        assert_eq!((status, &said["code"]), (409, &json!("already_rated")), "{database}: {said}");

        invited.story.read().await;
        invited.story.must("qianfeng", "rectification-contact", json!({ "note": "已致歉" })).await;
        invited.story.must("qianfeng", "rectification-result", json!({ "note": "已重新布线" })).await;
        // The system that sends links on is told, and so is the contact, with the words for it.
        let again = invited.link().await;
        assert_eq!(again, link, "{database}: it is the same link");
        let letters = invited.mailbox.letters();
        let bodies: Vec<String> = letters
            .iter()
            .filter_map(|letter| {
                let (_, body) = letter.split_once("\n\n")?;
                let body = data_encoding::BASE64.decode(body.replace(['\n', '\r'], "").as_bytes()).ok()?;
                String::from_utf8(body).ok()
            })
            .collect();
        assert!(
            bodies.iter().any(|body| body.contains("请评价整改结果") && body.contains("/r/")),
            "{database}: {bodies:?}"
        );

        let (status, _, page) = invited.page(&link).await;
        assert_eq!(status, 200, "{database}: {page}");
        assert!(page.contains("value=\"rectification\"") && !page.contains(" checked"), "{database}: {page}");
        // The first rating was given; it is not given again under another name.
        let (status, said) = invited.by_json(&link, json!({ "verdict": "good" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("already_rated")), "{database}: {said}");
        let (status, said) = invited.by_json(&link, json!({ "verdict": "good", "round": "second" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("nothing_to_add")), "{database}: {said}");
        let (status, place) = invited.send(&link, &[("verdict", "good"), ("round", "rectification")]).await;
        assert_eq!((status, place.ends_with("&done=good")), (303, true), "{database}: {place}");
        let given = invited.ratings().await;
        let said: Vec<(&Value, &Value, &Value)> =
            given.iter().map(|one| (&one["round"], &one["tier"], &one["proof"])).collect();
        let by_link = json!("invitation");
        assert_eq!(
            said,
            [
                (&json!("first"), &json!("owner"), &by_link),
                (&json!("rectification"), &json!("owner"), &by_link)
            ],
            "{database}"
        );
        assert_eq!(invited.page(&link).await.0, 409, "{database}: it is used up");
        assert_eq!(invited.by_json(&link, early).await.0, 409, "{database}");
    }
}
