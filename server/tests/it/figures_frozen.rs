//! Category, channel and level of what is counted are those of the day it happened: what an issue is called or lifted to
//! afterwards moves no closure, no rating and no broken promise to another group.

use std::{collections::BTreeMap, sync::Mutex};

use qiyema_server::{
    actions::figures::keep,
    clock::{Clock, Timestamp},
    store::issues,
};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town, client};

const MONDAY: &str = "2026-11-23T02:00:00Z";
const TUESDAY: &str = "2026-11-24T02:00:00Z";
const WEDNESDAY: &str = "2026-11-25T02:00:00Z";
/// The day on which power issues of that Monday are promised, and the morning after it.
const DUE: &str = "2026-11-30";
const AFTER: &str = "2026-12-01T02:00:00Z";

/// By what an issue can be grouped that is written on itself.
const BY: [&str; 3] = ["level", "category", "channel"];

/// Groups of one day, by id.
type Groups = BTreeMap<String, Value>;

/// A town in which the test says what time it is.
struct Tale {
    town: Town,
    clock: Clock,
    signed_in: Mutex<BTreeMap<String, String>>,
}

impl Tale {
    fn on(database: &str) -> Self {
        let clock = Clock::fixed(MONDAY.parse().unwrap());
        Self { town: Town::at(database, &[], &clock), clock, signed_in: Mutex::default() }
    }

    /// Sessions end in a day.
    fn it_is(&self, at: &str) {
        let at: Timestamp = at.parse().unwrap();
        self.clock.set(at);
        self.signed_in.lock().unwrap().clear();
    }

    async fn ask(&self, who: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
        let known = self.signed_in.lock().unwrap().get(who).cloned();
        let token = match known {
            Some(token) => token,
            None => self.town.token(who).await,
        };
        self.signed_in.lock().unwrap().insert(who.to_owned(), token.clone());
        let url = self.town.url(&format!("/api/v1/staff/{path}"));
        let asked = client().request(method.parse().unwrap(), url).bearer_auth(token).json(&body);
        let answer = asked.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// An enterprise: the one whose code the town shows, or another.
    async fn enterprise(&self, own: bool) -> String {
        let (_, list) = self.ask("dispatcher", "GET", "enterprises", Value::Null).await;
        let fits = |one: &&Value| (one["name"] == self.town.seeded.enterprise.as_str()) == own;
        list["enterprises"].as_array().unwrap().iter().find(fits).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// An issue of the lowest level that this enterprise sent in.
    async fn sent_in(&self, own: bool) -> String {
        let new = json!({
            "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window", "level": "town",
        });
        let path = format!("enterprises/{}/issues", self.enterprise(own).await);
        let (status, issue) = self.ask("intake_officer", "POST", &path, new).await;
        assert_eq!(status, 201, "{issue}");
        issue["number"].as_str().unwrap().to_owned()
    }

    /// A step, at the version that stands.
    async fn step(&self, number: &str, who: &str, verb: &str, mut body: Value) -> Value {
        let (_, seen) = self.ask("dispatcher", "GET", &format!("issues/{number}"), Value::Null).await;
        body["version"] = seen["version"].clone();
        let (status, issue) = self.ask(who, "POST", &format!("issues/{number}/{verb}"), body).await;
        assert_eq!(status, 201, "{who} {verb}: {issue}");
        issue
    }

    /// Sent in, accepted and taken up on Monday.
    async fn taken_up(&self) -> String {
        let number = self.sent_in(true).await;
        self.step(&number, "intake_officer", "acceptance", json!({})).await;
        self.step(&number, "dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        self.step(&number, "qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        number
    }

    async fn close(&self, number: &str) {
        self.step(number, "qianfeng", "result", json!({ "result": "resolved", "reply": "已送电" })).await;
        let closed = self.step(number, "closure_reviewer", "closure", json!({})).await;
        assert_eq!(closed["state"], "closed");
    }

    async fn rates(&self, number: &str, verdict: &str) {
        let scan = format!("/api/v1/scans/{}", self.town.seal);
        let pin = json!({ "pin": self.town.seeded.pin });
        let device =
            client().post(self.town.url(&format!("{scan}/devices"))).json(&pin).send().await.unwrap();
        let device: Value = device.json().await.unwrap();
        let url = self.town.url(&format!("{scan}/issues/{number}/ratings"));
        let rate = client().post(url).bearer_auth(device["token"].as_str().unwrap());
        assert_eq!(rate.json(&json!({ "verdict": verdict })).send().await.unwrap().status(), 201);
    }

    /// Of which level and category the issue is now.
    fn now(&self, number: &str) -> (String, String) {
        let mut db = self.town.shared.store.connection().unwrap();
        let row = issues::by_number(&mut db, number).unwrap().unwrap().0;
        (row.level, row.category_id)
    }

    /// The groups of a day, after the jobs have looked.
    async fn groups(&self, day: &str, by: &str) -> Groups {
        let path = format!("figures?from={day}&to={day}&by={by}");
        let (status, view) = self.ask("leader", "GET", &path, Value::Null).await;
        assert_eq!(status, 200, "{view}");
        let groups = view["groups"].as_array().unwrap().iter();
        groups.map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())).collect()
    }

    /// The same by everything that is written on an issue.
    async fn all(&self, day: &str) -> Vec<Groups> {
        self.town.count().await;
        let mut all = Vec::new();
        for by in BY {
            all.push(self.groups(day, by).await);
        }
        all
    }

    /// The same, every day counted from what happened.
    async fn all_anew(&self, day: &str) -> Vec<Groups> {
        assert_eq!(self.town.recount().differences, [], "kept, and counted again");
        {
            let mut db = self.town.shared.store.connection().unwrap();
            keep::rebuild(&mut db, &self.town.shared.rules(), self.town.shared.clock.now()).unwrap();
        }
        self.all(day).await
    }
}

/// A number in the figures of a group; 0 where the group is not there.
fn n(groups: &Groups, id: &str, path: &str) -> u64 {
    groups.get(id).and_then(|one| one["figures"].pointer(path)).and_then(Value::as_u64).unwrap_or(0)
}

/// Promises of a group that were not kept.
fn broken(groups: &Groups, id: &str) -> u64 {
    n(groups, id, "/on_time/whole") - n(groups, id, "/on_time/part")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_stays_with_the_level_that_it_was_closed_at() {
    for database in BOTH {
        let tale = Tale::on(database);
        let number = tale.taken_up().await;
        tale.it_is(TUESDAY);
        tale.close(&number).await;
        tale.rates(&number, "bad").await;
        let day = &TUESDAY[..10];
        let before = tale.all(day).await;
        assert!(n(&before[0], "town", "/closed") > 0, "{database}: {:?}", before[0].keys());
        assert!(
            n(&before[1], "power", "/closed") > 0 && n(&before[2], "window", "/closed") > 0,
            "{database}"
        );
        let lifted = tale.step(&number, "supervisor", "escalation", json!({ "note": "限期整改" })).await;
        assert_eq!(lifted["state"], "rectifying", "{database}");
        assert_eq!(tale.now(&number).0, "county", "{database}: the issue is of the next level");
        let after = tale.all(day).await;
        for (by, (was, is)) in BY.iter().zip(before.iter().zip(&after)) {
            assert_eq!(was, is, "{database} by {by}");
        }
        assert_eq!(tale.all_anew(day).await, before, "{database}: counted anew");
        tale.step(&number, "supervisor", "escalation", json!({})).await;
        assert_eq!(tale.now(&number).0, "city", "{database}");
        assert_eq!(tale.all(day).await, before, "{database}: lifted once more");
        assert_eq!(tale.all_anew(day).await, before, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_promise_stays_with_the_level_of_its_day() {
    for database in BOTH {
        let tale = Tale::on(database);
        let number = tale.taken_up().await;
        tale.it_is(AFTER);
        let before = tale.all(DUE).await;
        let (town, county) = (broken(&before[0], "town"), broken(&before[0], "county"));
        assert!(town > 0, "{database}: it is promised for {DUE}: {:?}", before[0]);
        tale.step(&number, "supervisor", "escalation", json!({ "note": "限期办结" })).await;
        assert_eq!(tale.now(&number).0, "county", "{database}");
        let after = tale.all(DUE).await;
        assert_eq!((broken(&after[0], "town"), broken(&after[0], "county")), (town, county), "{database}");
        assert_eq!(after, before, "{database}");
        assert_eq!(tale.all_anew(DUE).await, before, "{database}: counted anew");
        // Closed at its new level: this closure is of that level, the promise is still broken at the old one.
        tale.close(&number).await;
        let closed = &AFTER[..10];
        for groups in [tale.all(DUE).await, tale.all_anew(DUE).await] {
            assert_eq!(
                (broken(&groups[0], "town"), broken(&groups[0], "county")),
                (town, county),
                "{database}"
            );
        }
        assert!(n(&tale.groups(closed, "level").await, "county", "/closed") > 0, "{database}");
        assert_eq!(n(&tale.groups(closed, "level").await, "town", "/closed"), 0, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_stays_with_the_category_that_it_was_closed_in() {
    // What happened is counted where it happened; that it was taken up again is told of it as well, so not every
    // figure stays.
    let told = |all: &[Groups]| -> Vec<(String, [u64; 3])> {
        let paths = ["/closed", "/ratings/received", "/ratings/counted"];
        let line =
            |(id, _): (&String, &Value), groups: &Groups| (id.clone(), paths.map(|path| n(groups, id, path)));
        let lines =
            all.iter().flat_map(|groups| groups.iter().map(|one| line(one, groups)).collect::<Vec<_>>());
        lines.filter(|(_, counts)| counts.iter().any(|count| *count > 0)).collect()
    };
    for database in BOTH {
        let tale = Tale::on(database);
        let (number, parent) = (tale.taken_up().await, tale.sent_in(false).await);
        tale.it_is(TUESDAY);
        tale.close(&number).await;
        tale.rates(&number, "good").await;
        let day = &TUESDAY[..10];
        let before = tale.all(day).await;
        assert!(n(&before[1], "power", "/ratings/received") > 0, "{database}");
        tale.it_is(WEDNESDAY);
        tale.step(&number, "follow_up_officer", "follow-up", json!({})).await;
        let again = json!({
            "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "仍不稳定",
        });
        tale.step(&number, "follow_up_officer", "reopening", again).await;
        let into = json!({ "parent": parent, "note": "同一事项" });
        tale.step(&number, "dispatcher", "merger", into).await;
        tale.step(&parent, "intake_officer", "withdrawal", json!({ "note": "已自行解决" })).await;
        let revived = tale.ask("dispatcher", "GET", &format!("issues/{number}"), Value::Null).await.1;
        assert_eq!(revived["state"], "accepted", "{database}: {revived}");
        let other = json!({ "category": "support", "reason": "企业反映的是惠企政策" });
        tale.step(&number, "dispatcher", "reclassification", other).await;
        assert_eq!(tale.now(&number).1, "support", "{database}");
        assert_eq!(told(&tale.all(day).await), told(&before), "{database}");
        assert_eq!(told(&tale.all_anew(day).await), told(&before), "{database}: counted anew");
    }
}
