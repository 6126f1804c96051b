//! What was acknowledged stays, and what may happen once happens once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::town::{BOTH, Town, rateable};

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_ratings_at_once_exactly_one_is_taken() {
    for database in BOTH {
        let town = Town::on(database);
        let number = rateable(&town.person(), town.text("png")).into_iter().next().unwrap();
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal()));
        let client = reqwest::Client::new();
        let mut asked = tokio::task::JoinSet::new();
        for turn in 0..50 {
            let (client, url) = (client.clone(), url.clone());
            asked.spawn(async move {
                let verdict = if turn % 2 == 0 { "good" } else { "bad" };
                let answer = client.post(url).json(&json!({ "verdict": verdict })).send().await.unwrap();
                let status = answer.status().as_u16();
                (status, answer.json::<Value>().await.unwrap())
            });
        }
        let answers = asked.join_all().await;
        let taken = answers.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(taken, 1, "{database:?}: {answers:?}");
        for (status, body) in answers.iter().filter(|(status, _)| *status != 201) {
            let refused = (*status, body["code"].as_str().unwrap());
            assert!(matches!(refused, (409, "already_rated") | (429, "rate_limited")), "{refused:?}");
        }
        let told = answers.iter().filter(|(_, body)| body["code"] == "already_rated").count();
        assert!(told > 0, "nobody was told why: {answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_loses_no_acknowledged_rating() {
    for database in BOTH {
        let mut town = Town::on(database);
        let open = rateable(&town.person(), town.text("png"));
        assert!(!open.is_empty());
        let mut acknowledged = BTreeSet::new();
        // One kill after each acknowledgement: the very next instant is the dangerous one.
        for number in open.iter().take(4) {
            let path = format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal());
            let answer =
                reqwest::Client::new().post(town.url(&path)).json(&json!({"verdict": "good"})).send();
            let answer = answer.await.unwrap();
            assert_eq!(answer.status(), 201, "{database:?}");
            acknowledged.insert(number.clone());
            town.fall_and_rise();
        }
        let left: BTreeSet<String> = rateable(&town.person(), town.text("png")).into_iter().collect();
        let lost: Vec<&String> = acknowledged.intersection(&left).collect();
        assert!(lost.is_empty(), "{database:?}: lost {lost:?}");
    }
}
