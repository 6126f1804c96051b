//! Ratings: once per closure and tier, never overwritten, never lost.

use qiyema_protocol::{
    board::{Board, Card, State},
    device::Device,
    rating::{Rated, Tier, Verdict},
};
use serde_json::{Value, json};

use crate::{
    console::encoded,
    harness::{BOTH, Town},
};

/// A closed issue that nobody has rated, in state `closed`.
pub async fn unrated(town: &Town) -> String {
    for page in 1..=2 {
        let url = town.url(&format!("/api/v1/scans/{}?page={page}", town.seal));
        let board: Board = crate::harness::get(url).await.unwrap().json().await.unwrap();
        let fresh =
            |card: &&Card| card.state == State::Closed && card.closure.as_ref().is_some_and(|c| c.rateable);
        if let Some(card) = board.issues.iter().find(fresh) {
            return card.number.clone();
        }
    }
    panic!("the demo holds no closed issue that can be rated");
}

/// The token of a device that proved the PIN of the first enterprise.
pub async fn device(town: &Town) -> String {
    let url = town.url(&format!("/api/v1/scans/{}/devices", town.seal));
    let asked = crate::harness::client().post(url).json(&json!({ "pin": town.seeded.pin }));
    asked.send().await.unwrap().json::<Device>().await.unwrap().token
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_counts_in_each_tier() {
    for database in BOTH {
        let town = Town::on(database);
        let (number, token) = (unrated(&town).await, device(&town).await);
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
        let mut asked = tokio::task::JoinSet::new();
        for turn in 0..100 {
            let mut request = crate::harness::client().post(&url).json(&json!({ "verdict": "good" }));
            if turn % 2 == 0 {
                request = request.bearer_auth(&token);
            }
            asked.spawn(async move {
                let answer = request.send().await.unwrap();
                (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
            });
        }
        let answers = asked.join_all().await;
        let accepted: Vec<_> =
            answers.iter().filter(|answer| answer.0 == 201).map(|a| a.1["tier"].clone()).collect();
        assert_eq!(accepted.len(), 2, "{database}: {answers:?}");
        assert!(accepted.contains(&json!("owner")) && accepted.contains(&json!("unverified")));
        assert!(answers.iter().filter(|a| a.0 != 201).all(|a| a.0 == 409 && a.1["code"] == "already_rated"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gets_the_same_answer_and_another_body_is_refused() {
    for database in BOTH {
        let town = Town::on(database);
        let number = unrated(&town).await;
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
        let rate = |verdict: &str| {
            let asked = crate::harness::client().post(&url).header("Idempotency-Key", "k-1");
            asked.json(&json!({ "verdict": verdict })).send()
        };
        let first: Rated = rate("good").await.unwrap().json().await.unwrap();
        let again = rate("good").await.unwrap();
        assert_eq!(again.status(), 201);
        assert_eq!(again.json::<Rated>().await.unwrap(), first, "{database}");
        assert_eq!(rate("bad").await.unwrap().status(), 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owners_bad_rating_opens_rectification_by_itself() {
    for database in BOTH {
        let town = Town::on(database);
        let (number, token) = (unrated(&town).await, device(&town).await);
        let issue = town.url(&format!("/api/v1/scans/{}/issues/{number}", town.seal));
        let asked = crate::harness::client().post(format!("{issue}/ratings")).bearer_auth(token);
        let body =
            json!({ "verdict": "bad", "level": "dissatisfied", "tags": ["vague_answer"], "solved": "no" });
        let rated: Rated = asked.json(&body).send().await.unwrap().json().await.unwrap();
        assert_eq!((rated.tier, rated.verdict), (Tier::Owner, Verdict::Bad));
        let card: Card = crate::harness::get(&issue).await.unwrap().json().await.unwrap();
        assert_eq!(card.state, State::Rectifying, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_named_and_changes_nothing() {
    let town = Town::on("sqlite");
    let number = unrated(&town).await;
    let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
    for (body, status) in [
        (json!({}), 422),
        (json!({ "verdict": "great" }), 422),
        (json!({ "verdict": "good", "score": 5 }), 422),
        (json!({ "verdict": "good", "level": "dissatisfied" }), 422),
        (json!({ "verdict": "good", "tags": ["nonsense"] }), 422),
        (json!({ "verdict": "good", "comment": "评".repeat(501) }), 422),
    ] {
        let answer = crate::harness::client().post(&url).json(&body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{body}");
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["errors"][0]["detail"]["zh"].is_string(), "{problem}");
    }
    let foreign = town.url(&format!("/api/v1/scans/{}/issues/Q20260101-99999/ratings", town.seal));
    let answer =
        crate::harness::client().post(foreign).json(&json!({ "verdict": "good" })).send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(unrated(&town).await, number, "nothing changed");
}

/// The whole form of a rating, as a browser without scripts sends it: a fault
/// loses nothing, the second rating has its own form, and then there is none.
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_form_rates_once_and_adds_once() {
    for database in BOTH {
        let town = Town::on(database);
        let number = unrated(&town).await;
        let url = town.url(&format!("/c/{}/issues/{number}/ratings?lang=zh&care=0", town.seal));
        let client = crate::harness::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let read = async || {
            let answer = client.get(&url).header("Accept", "text/html").send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let send = async |fields: &[(&str, &str)]| {
            let body: Vec<_> =
                fields.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
            let sent = client.post(&url).header("Sec-Fetch-Site", "same-origin");
            let sent = sent.header("Content-Type", "application/x-www-form-urlencoded").body(body.join("&"));
            let answer = sent.send().await.unwrap();
            let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
            (answer.status().as_u16(), place.unwrap_or_default(), answer.text().await.unwrap())
        };
        let (status, form) = read().await;
        assert_eq!(status, 200, "{database}: {form}");
        assert!(!form.contains(" checked") && !form.contains("name=\"round\""), "{form}");
        for (verdict, kept) in [("bad", 1), ("great", 0)] {
            let chosen = client.get(format!("{url}&verdict={verdict}")).send().await.unwrap();
            let page = chosen.text().await.unwrap();
            assert_eq!(
                page.matches(" checked").count(),
                kept,
                "what was chosen on the board is kept: {page}"
            );
        }

        let against = [("verdict", "good"), ("level", "dissatisfied"), ("comment", "<b>已解决")];
        let (status, _, again) = send(&against).await;
        assert_eq!(status, 422, "a level that contradicts the verdict");
        assert!(again.contains("role=\"alert\"") && again.contains("&#60;b&#62;已解决"), "{again}");
        assert_eq!(again.matches(" checked").count(), 2);

        let (status, place, _) =
            send(&[("verdict", "good"), ("level", "satisfied"), ("solved", "yes")]).await;
        assert_eq!((status, place.ends_with("&done=good")), (303, true), "{place}");
        assert!(read().await.1.contains("name=\"round\" value=\"second\""), "the second rating is offered");
        let (status, place, _) =
            send(&[("round", "second"), ("verdict", "bad"), ("comment", "又坏了")]).await;
        assert_eq!((status, place.ends_with("&done=bad")), (303, true), "{place}");
        let (status, place, _) = send(&[("round", "second"), ("verdict", "good")]).await;
        assert_eq!((status, place.ends_with("&done=rated-before")), (303, true), "{place}");
        assert_eq!(read().await.0, 303, "nothing is left to rate: back to the board");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_made_up_does_not_say_that_something_was_done() {
    let town = Town::on("sqlite");
    let client = crate::harness::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for done in ["good", "bad", "pin", "forgotten", "rated-before"] {
        let place = format!("/c/{}?lang=zh&care=0&done={done}", town.seal);
        let answer = client.get(town.url(&place)).header("Accept", "text/html").send().await.unwrap();
        assert_eq!(answer.status(), 303, "{done}");
        let plain = answer.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(plain, format!("/c/{}?lang=zh&care=0", town.seal), "{done}");
    }
    // A deed of this browser says it once.
    let wrong = client
        .post(town.url(&format!("/c/{}/device", town.seal)))
        .header("Sec-Fetch-Site", "same-origin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("pin=000000")
        .send()
        .await
        .unwrap();
    let place = wrong.headers()["location"].to_str().unwrap().to_owned();
    assert!(place.ends_with("&done=pin-wrong"), "{place}");
    let proof = wrong.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let read = async || {
        let asked = client.get(town.url(&place)).header("Accept", "text/html").header("Cookie", &proof);
        asked.send().await.unwrap()
    };
    let told = read().await;
    assert_eq!(told.status(), 200);
    let taken_back = told.headers().get_all("set-cookie").iter().any(|set| {
        let set = set.to_str().unwrap();
        set.starts_with(proof.split('=').next().unwrap()) && set.contains("Max-Age=0")
    });
    assert!(taken_back, "the proof is taken back once it was shown");
}
