//! Sessions of the API: a refresh token that comes twice, and one that nobody used.

use chrono::TimeDelta;
use qiyema_server::clock::{Clock, Timestamp};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

struct Api {
    town: Town,
    clock: Clock,
    now: Timestamp,
}

impl Api {
    fn on(database: &str) -> Self {
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        let clock = Clock::fixed(now);
        Self { town: Town::at(database, &[], &clock), clock, now }
    }

    fn later(&mut self, minutes: i64) {
        self.now += TimeDelta::minutes(minutes);
        self.clock.set(self.now);
    }

    async fn sign_in(&self) -> Value {
        let body = json!({ "username": "dispatcher", "password": self.town.seeded.password });
        let (status, session) = self.post("/api/v1/staff/sessions", body).await;
        assert_eq!(status, 201, "{session}");
        session
    }

    async fn renew(&self, session: &Value) -> (u16, Value) {
        self.post("/api/v1/staff/sessions/renewal", json!({ "refresh_token": session["refresh_token"] }))
            .await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let answer = crate::harness::client().post(self.town.url(path)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn me(&self, session: &Value) -> u16 {
        let token = session["access_token"].as_str().unwrap();
        let asked = crate::harness::client().get(self.town.url("/api/v1/staff/me")).bearer_auth(token);
        asked.send().await.unwrap().status().as_u16()
    }

    async fn told(&self) -> Vec<Value> {
        let (_, trail) = self.town.send("auditor", "GET", "/api/v1/admin/events", Value::Null).await;
        let events = trail["events"].as_array().unwrap().clone();
        events.into_iter().filter(|event| event["kind"] == "refresh_token_reused").collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_comes_a_second_time_ends_its_session_and_is_told() {
    for database in BOTH {
        let api = Api::on(database);
        let (first, other) = (api.sign_in().await, api.sign_in().await);
        let (status, second) = api.renew(&first).await;
        assert_eq!(status, 201, "{database}: {second}");
        let (status, third) = api.renew(&second).await;
        assert_eq!((status, api.me(&third).await), (201, 200), "{database}");
        assert!(api.told().await.is_empty(), "{database}");
        // The oldest one, twice: whoever comes second or last, the session is over for all of them.
        for _ in 0..2 {
            let (status, refused) = api.renew(&first).await;
            assert_eq!((status, &refused["code"]), (401, &json!("unauthenticated")), "{database}");
        }
        assert_eq!((api.me(&third).await, api.renew(&third).await.0), (401, 401), "{database}");
        assert_eq!(api.me(&other).await, 200, "{database}: another session of the same person goes on");
        let told = api.told().await;
        assert_eq!(told.len(), 1, "{database}: told once: {told:?}");
        assert!(!told[0].to_string().contains(first["refresh_token"].as_str().unwrap()));
        // What was never a token says nothing about anybody.
        assert_eq!(api.renew(&json!({ "refresh_token": "nothing" })).await.0, 401);
        assert_eq!(api.told().await.len(), 1, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_the_api_that_nobody_used_ends_like_one_at_the_console() {
    for database in BOTH {
        let mut api = Api::on(database);
        let path = "/api/v1/admin/settings/idle_minutes";
        assert_eq!(api.town.send("administrator", "PUT", path, json!({ "value": "10" })).await.0, 204);
        let (used, left) = (api.sign_in().await, api.sign_in().await);
        api.later(9);
        assert_eq!(api.me(&used).await, 200, "{database}");
        api.later(2);
        assert_eq!((api.me(&used).await, api.me(&left).await), (200, 401), "{database}");
        assert_eq!(api.renew(&left).await.0, 401, "{database}: nor does its refresh token");
        let (status, renewed) = api.renew(&used).await;
        assert_eq!(status, 201, "{database}");
        api.later(9);
        assert_eq!(api.me(&renewed).await, 200, "{database}");
        api.later(11);
        assert_eq!(api.renew(&renewed).await.0, 401, "{database}");
    }
}
