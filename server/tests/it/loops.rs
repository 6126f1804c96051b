//! The loops of the workflow, on days of the test's own: what waits, what is
//! urged, and what comes back after it was closed.

mod aftercare;
mod bent;
mod call_back;
mod category;
mod consequence;
mod contact;
mod heard;
mod interim;
mod invited;
mod joint;
mod left;
mod merged;
mod overtaken;
mod own_clock;
mod passed;
mod referred;
mod replies;
mod reviewers;
mod rounds;
mod told;
mod turn;
mod unreached;
mod urgent;
mod waiting;
mod year;

use std::{collections::HashMap, sync::Mutex};

use diesel::{RunQueryDsl, sql_query};
use qiyema_server::{
    actions::issue::step,
    clock::{Clock, Timestamp},
    domain::urging::Due,
    store::issues,
};
use serde_json::{Value, json};

use crate::{console::Browser, harness::Town};

/// A Monday morning in Huzhou.
const MONDAY: &str = "2026-11-23T02:00:00Z";

/// A town in which the test says what time it is.
struct Story {
    town: Town,
    clock: Clock,
    /// Who is signed in; a day later nobody is.
    signed_in: Mutex<HashMap<String, String>>,
    number: String,
    version: i64,
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Story {
    /// An issue about power (5 working days), accepted and assigned on a Monday.
    async fn assigned(database: &str) -> Self {
        let mut story = Self::registered(database, MONDAY).await;
        story.must("intake_officer", "acceptance", json!({})).await;
        story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        story
    }

    /// The same, closed after it was handed from qianfeng to sunyue, with lijianguo of another unit assisting.
    async fn by_many_hands(database: &str) -> Self {
        let mut story = Self::assigned(database).await;
        story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        story.must("dispatcher", "assisting-unit", json!({ "unit": "jxj" })).await;
        story.must("lijianguo", "assistance", json!({ "reply": "已核对" })).await;
        story.must("hanxue", "handover", json!({ "handler": "sunyue" })).await;
        story.close().await;
        story
    }

    /// An issue that was only sent in, at some moment.
    async fn registered(database: &str, at: &str) -> Self {
        Self::ruled(database, at, &[]).await
    }

    /// The same under other settings.
    async fn ruled(database: &str, at: &str, settings: &[(&str, &str)]) -> Self {
        Self::about("power", database, at, settings).await
    }

    /// The same, of any category.
    async fn about(category: &str, database: &str, at: &str, settings: &[(&str, &str)]) -> Self {
        let clock = Clock::fixed(moment(at));
        let town = Town::at(database, settings, &clock);
        let mut story = Self { town, clock, signed_in: Mutex::default(), number: String::new(), version: 1 };
        let enterprise = story.enterprise().await;
        let new =
            json!({ "subject": "用电增容", "body": "需增容", "category": category, "channel": "window" });
        let path = format!("enterprises/{enterprise}/issues");
        let (status, issue) = story.post("intake_officer", &path, new).await;
        assert_eq!(status, 201, "{issue}");
        issue["number"].as_str().unwrap().clone_into(&mut story.number);
        story
    }

    /// The same, and taken up.
    async fn taken_up(database: &str) -> Self {
        let mut story = Self::assigned(database).await;
        story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        story
    }

    /// The same, closed as solved.
    async fn closed(database: &str) -> Self {
        let mut story = Self::taken_up(database).await;
        story.close().await;
        story
    }

    async fn close(&mut self) -> Value {
        self.must("qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        self.must("closure_reviewer", "closure", json!({})).await
    }

    /// The enterprise whose code the town's seal carries.
    async fn enterprise(&self) -> String {
        let token = self.token("dispatcher").await;
        let url = self.town.url("/api/v1/staff/enterprises");
        let list: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        let mine = |one: &&Value| one["name"] == self.town.seeded.enterprise.as_str();
        list["enterprises"].as_array().unwrap().iter().find(mine).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// One more role for somebody.
    fn gives(&self, username: &str, role: &str) {
        let mut db = self.town.shared.store.connection().unwrap();
        let give = format!(
            "INSERT INTO staff_roles (staff_id, role) SELECT id, '{role}' FROM staff WHERE username = '{username}'"
        );
        sql_query(give).execute(&mut **db).unwrap();
    }

    /// Somebody's account is disabled.
    fn disables(&self, username: &str) {
        let mut db = self.town.shared.store.connection().unwrap();
        let end =
            format!("UPDATE staff SET disabled_at = '2026-11-23 02:00:00' WHERE username = '{username}'");
        sql_query(end).execute(&mut **db).unwrap();
    }

    fn it_is(&self, at: &str) {
        self.clock.set(moment(at));
        self.signed_in.lock().unwrap().clear();
    }

    async fn token(&self, who: &str) -> String {
        let known = self.signed_in.lock().unwrap().get(who).cloned();
        if let Some(token) = known {
            return token;
        }
        let token = self.town.token(who).await;
        self.signed_in.lock().unwrap().insert(who.to_owned(), token.clone());
        token
    }

    async fn post(&self, who: &str, path: &str, body: Value) -> (u16, Value) {
        let token = self.token(who).await;
        let url = self.town.url(&format!("/api/v1/staff/{path}"));
        let answer = crate::harness::client().post(url).bearer_auth(token).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Tries a verb at the version that was seen last.
    async fn tries(&self, who: &str, verb: &str, more: Value) -> (u16, Value) {
        let mut body = json!({ "version": self.version });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(who, &format!("issues/{}/{verb}", self.number), body).await
    }

    /// Does it.
    async fn must(&mut self, who: &str, verb: &str, more: Value) -> Value {
        let (status, issue) = self.tries(who, verb, more).await;
        assert_eq!(status, 201, "{verb}: {issue}");
        self.version = issue["version"].as_i64().unwrap();
        issue
    }

    /// Is refused.
    async fn may_not(&self, who: &str, verb: &str, more: Value, status: u16, code: &str) -> Value {
        let (answered, problem) = self.tries(who, verb, more).await;
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{verb}: {problem}");
        problem
    }

    /// The issue as staff read it.
    async fn read(&mut self) -> Value {
        let token = self.token("dispatcher").await;
        let url = self.town.url(&format!("/api/v1/staff/issues/{}", self.number));
        let issue: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        self.version = issue["version"].as_i64().unwrap();
        issue
    }

    /// The issue as the list has it.
    async fn listed(&self) -> Value {
        let token = self.token("dispatcher").await;
        let url = self.town.url(&format!("/api/v1/staff/issues?q={}", self.number));
        let list: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        let mine = |one: &&Value| one["number"] == self.number.as_str();
        list["issues"].as_array().unwrap().iter().find(mine).unwrap().clone()
    }

    /// By what lists order and filter it, written as JSON has it.
    fn limit(&self) -> String {
        let at = self.stored().limit_at.unwrap().and_utc();
        at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
    }

    fn stored(&self) -> issues::IssueRow {
        let mut db = self.town.shared.store.connection().unwrap();
        issues::by_number(&mut db, &self.number).unwrap().unwrap().0
    }

    /// What the clock does next.
    fn next(&self) -> Option<Due> {
        let mut db = self.town.shared.store.connection().unwrap();
        step::next(&mut db, &self.stored(), &self.town.shared.rules()).unwrap()
    }

    /// The page of the issue in the console.
    async fn console(&self, who: &str) -> String {
        let browser = Browser::signed_in(&self.town, who).await;
        browser.page(&format!("/console/issues/{}", self.number)).await
    }

    /// The phone page of the issue, as a reader of this language sees it.
    async fn phone(&self, lang: &str) -> String {
        let url = self.town.url(&format!("/c/{}?lang={lang}", self.town.seal));
        let page = crate::harness::get(url).await.unwrap().text().await.unwrap();
        let mine = page.split("<article").find(|card| card.contains(&self.number)).unwrap();
        mine.split("</article>").next().unwrap().to_owned()
    }

    /// Who did what: kind, author, facts.
    async fn events(&self) -> Vec<(String, String, Value)> {
        let token = self.token("auditor").await;
        let url = self.town.url(&format!("/api/v1/staff/issues/{}/events", self.number));
        let all: Value =
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        let text = |one: &Value| one.as_str().unwrap().to_owned();
        let told = all["events"].as_array().unwrap();
        told.iter().map(|one| (text(&one["kind"]), text(&one["by"]), one["detail"].clone())).collect()
    }

    /// A device that proved the PIN.
    async fn device(&self) -> String {
        let url = self.town.url(&format!("/api/v1/scans/{}/devices", self.town.seal));
        let asked = crate::harness::client().post(url).json(&json!({ "pin": self.town.seeded.pin }));
        let device: Value = asked.send().await.unwrap().json().await.unwrap();
        device["token"].as_str().unwrap().to_owned()
    }

    /// The card as a reader at this tier sees it.
    async fn card(&self, device: Option<&str>) -> Value {
        let url = self.town.url(&format!("/api/v1/scans/{}/issues/{}", self.town.seal, self.number));
        let mut asked = crate::harness::client().get(url);
        if let Some(token) = device {
            asked = asked.bearer_auth(token);
        }
        asked.send().await.unwrap().json().await.unwrap()
    }

    /// Rates as the owner, or as a passer-by.
    async fn rate(&self, device: Option<&str>, body: Value) -> (u16, Value) {
        let url = self.town.url(&format!("/api/v1/scans/{}/issues/{}/ratings", self.town.seal, self.number));
        let mut asked = crate::harness::client().post(url).json(&body);
        if let Some(token) = device {
            asked = asked.bearer_auth(token);
        }
        let answer = asked.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}
