//! Guessing at PINs and passwords is slowed down; the owner is not locked out.

use reqwest::Response;
use serde_json::json;

use crate::harness::{BOTH, Town};

#[tokio::test(flavor = "multi_thread")]
async fn guessing_pins_is_stopped_even_in_parallel() {
    for database in BOTH {
        let town = Town::on(database);
        let url = town.url(&format!("/api/v1/scans/{}/devices", town.seal));
        let wrong = if town.seeded.pin == "135792" { "246813" } else { "135792" };
        let mut guesses = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let asked = crate::harness::client().post(&url).json(&json!({ "pin": wrong }));
            guesses.spawn(async move { asked.send().await.unwrap().status().as_u16() });
        }
        let answers = guesses.join_all().await;
        assert_eq!(answers.iter().filter(|status| **status == 403).count(), 5, "{database}: {answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 429).count(), 15, "{database}: {answers:?}");
    }
}

/// Behind a proxy that is believed, so that a test can be many addresses.
const BEHIND_A_PROXY: [(&str, &str); 1] = [("http.trusted_proxies", "127.0.0.1")];

/// Tries a PIN from an address, with a device token perhaps.
async fn prove(town: &Town, pin: &str, from: &str, device: Option<&str>) -> Response {
    let url = town.url(&format!("/api/v1/scans/{}/devices", town.seal));
    let ask = crate::harness::client().post(url).header("X-Forwarded-For", from).json(&json!({ "pin": pin }));
    let ask = if let Some(token) = device { ask.bearer_auth(token) } else { ask };
    ask.send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_slow_each_other_down_and_not_the_owner() {
    for database in BOTH {
        let town = Town::with(database, &BEHIND_A_PROXY);
        let right = town.seeded.pin.clone();
        let wrong = if right == "135792" { "246813" } else { "135792" };
        let device = prove(&town, &right, "192.0.2.1", None).await;
        assert_eq!(device.status(), 201, "{database}");
        let device: serde_json::Value = device.json().await.unwrap();
        let token = device["token"].as_str().unwrap();
        for stranger in 0..10 {
            let answer = prove(&town, wrong, &format!("198.51.100.{stranger}"), None).await;
            assert_eq!(answer.status(), 403, "{database}: stranger {stranger}");
        }
        let answer = prove(&town, &right, "198.51.100.99", None).await;
        assert_eq!(answer.status(), 429, "{database}: a stranger waits, whatever the PIN");
        let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=61).contains(&wait), "{database}: a minute at first, not {wait} s");
        assert_eq!(prove(&town, &right, "192.0.2.1", None).await.status(), 201, "{database}: known address");
        let travelling = prove(&town, &right, "203.0.113.7", Some(token)).await;
        assert_eq!(travelling.status(), 201, "{database}: known device at a new address");
        let forged = prove(&town, &right, "203.0.113.8", Some("forged")).await;
        assert_eq!(forged.status(), 429, "{database}: a token of nobody makes nobody known");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neighbours_in_one_ipv6_network_are_one_caller() {
    let town = Town::with("sqlite", &BEHIND_A_PROXY);
    let wrong = if town.seeded.pin == "135792" { "246813" } else { "135792" };
    for neighbour in 0..5 {
        assert_eq!(prove(&town, wrong, &format!("2001:db8::{neighbour}"), None).await.status(), 403);
    }
    assert_eq!(prove(&town, wrong, "2001:db8::99", None).await.status(), 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_guessed_slowly_and_its_person_still_signs_in() {
    for database in BOTH {
        let town = Town::with(database, &BEHIND_A_PROXY);
        let sign_in = async |password: &str, from: &str| {
            let body = json!({ "username": "dispatcher", "password": password });
            let ask = crate::harness::client().post(town.url("/api/v1/staff/sessions")).json(&body);
            ask.header("X-Forwarded-For", from).send().await.unwrap().status().as_u16()
        };
        assert_eq!(sign_in(&town.seeded.password, "192.0.2.1").await, 201, "{database}");
        for stranger in 0..10 {
            assert_eq!(sign_in("wrong", &format!("198.51.100.{stranger}")).await, 401, "{database}");
        }
        assert_eq!(sign_in("wrong", "198.51.100.99").await, 429, "{database}");
        assert_eq!(sign_in(&town.seeded.password, "192.0.2.1").await, 201, "{database}: the person's desk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_database_count_together() {
    use qiyema_server::{actions::device, store::Store};
    use secrecy::ExposeSecret;
    let town = Town::on("postgres");
    let second = Store::open(town.shared.config.database.url.expose_secret(), 2).unwrap();
    let seal = town.shared.trust.open(&town.seal).unwrap();
    let mut guesses = tokio::task::JoinSet::new();
    for turn in 0..20 {
        let (rules, at) = (town.shared.rules(), town.shared.clock.now());
        let store = if turn % 2 == 0 { town.shared.store.clone() } else { second.clone() };
        guesses.spawn(async move {
            store.write(move |db| device::guess(db, seal, "someone", None, &rules, at)).await.is_ok()
        });
    }
    let judged = guesses.join_all().await.into_iter().filter(|judged| *judged).count();
    assert_eq!(judged, 5);
}
