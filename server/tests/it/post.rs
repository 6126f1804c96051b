//! Messages on their way: a receiver that fails for a while, a mail server that
//! is down, a process that dies between sending and noting it. Nothing is lost,
//! and what comes twice comes under the same id.

pub mod sinks;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use qiyema_server::{
    actions::{delivery, job::Job, notice},
    clock::Clock,
    secrets::hook::HookSecret,
    startup::jobs::Runner,
    store::{columns::column, notices, outbox, webhooks},
};
use serde_json::{Value, json};
use sinks::{Mailbox, Receiver};

use crate::harness::{BOTH, Town};

/// A town on a clock of its own with a webhook and a mail server.
pub struct Office {
    pub town: Town,
    pub clock: Clock,
}

impl Office {
    pub fn on(database: &str, settings: &[(&str, &str)]) -> Self {
        let clock = Clock::fixed("2026-11-25T01:00:00Z".parse().unwrap());
        let mut all = vec![("webhooks.allowed_networks", "127.0.0.0/8"), ("delivery.timeout_seconds", "2")];
        all.extend(settings);
        Self { town: Town::at(database, &all, &clock), clock }
    }

    pub fn hook(&self, id: &str, url: &str, kinds: &str) {
        let row = webhooks::WebhookRow {
            id: id.to_owned(),
            name: id.to_owned(),
            url: url.to_owned(),
            kinds: kinds.to_owned(),
            turn: 1,
            made_at: column(self.clock.now()),
            made_by: "test".to_owned(),
            paused_at: None,
            removed_at: None,
        };
        webhooks::insert(&mut self.town.shared.store.connection().unwrap(), &row).unwrap();
    }

    pub async fn register(&self, subject: &str) -> String {
        let token = self.town.token("intake_officer").await;
        let client = crate::harness::client();
        let found = client.get(self.town.url("/api/v1/staff/enterprises?q=9133")).bearer_auth(&token);
        let found: Value = found.send().await.unwrap().json().await.unwrap();
        let enterprise = found["enterprises"][0]["id"].as_str().unwrap();
        let new = json!({ "subject": subject, "body": "绝密正文", "category": "power", "channel": "window" });
        let path = self.town.url(&format!("/api/v1/staff/enterprises/{enterprise}/issues"));
        let made: Value =
            client.post(path).bearer_auth(&token).json(&new).send().await.unwrap().json().await.unwrap();
        made["number"].as_str().unwrap().to_owned()
    }

    pub async fn accept(&self, number: &str) {
        let token = self.town.token("dispatcher").await;
        let path = self.town.url(&format!("/api/v1/staff/issues/{number}/acceptance"));
        let answer = crate::harness::client()
            .post(path)
            .bearer_auth(&token)
            .json(&json!({ "version": 1 }))
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), 201);
    }

    /// Looks until nothing is due now.
    pub async fn send(&self, runner: &Runner) {
        for _ in 0..50 {
            if !runner.look(Job::Post).await.unwrap() {
                return;
            }
        }
    }

    pub fn later(&self, by: TimeDelta) {
        self.clock.set(self.clock.now() + by);
    }

    pub fn staff(&self, username: &str) -> String {
        let mut db = self.town.shared.store.connection().unwrap();
        qiyema_server::store::staff::by_username(&mut db, username).unwrap().unwrap().row.id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_fails_for_a_while_loses_nothing_and_knows_what_it_had() {
    for database in BOTH {
        let office = Office::on(database, &[]);
        let receiver = Receiver::start();
        office.hook("w1", &receiver.url("/in"), "submitted accepted");
        receiver.answer(500);
        let mut numbers = Vec::new();
        for turn in 0..3 {
            numbers.push(office.register(&format!("问题{turn}")).await);
        }
        office.accept(&numbers[0]).await;
        let runner = Runner::new(&office.town.shared).unwrap();
        office.send(&runner).await;
        assert!(receiver.seen().len() >= 4, "{database}: all were tried");
        office.later(TimeDelta::minutes(2));
        office.send(&runner).await;
        // The receiver takes it and the connection breaks before we hear of it.
        receiver.hang_up();
        office.later(TimeDelta::minutes(5));
        office.send(&runner).await;
        // Another process, after the first one died.
        receiver.answer(204);
        let heir = Runner::new(&office.town.shared).unwrap();
        for _ in 0..4 {
            office.later(TimeDelta::minutes(30));
            office.send(&heir).await;
        }
        let seen = receiver.seen();
        let mut bodies: BTreeMap<String, String> = BTreeMap::new();
        for call in &seen {
            let before = bodies.insert(call.header("webhook-id"), call.body.clone());
            assert!(before.is_none_or(|before| before == call.body), "one id, one message");
            let secret = HookSecret::derive(&office.town.shared.trust.secret, "w1", 1);
            let seconds = call.header("webhook-timestamp").parse().unwrap();
            let expected = secret.sign(&call.header("webhook-id"), seconds, &call.body);
            assert_eq!(call.header("webhook-signature"), expected);
            assert!(
                !call.body.contains("绝密") && !call.body.contains("问题"),
                "no free text: {}",
                call.body
            );
        }
        let taken: Vec<Value> = seen
            .iter()
            .filter(|call| call.answered == 204)
            .map(|call| serde_json::from_str(&call.body).unwrap())
            .collect();
        let mut told: Vec<(String, String)> = taken
            .iter()
            .map(|body| {
                (body["data"]["number"].as_str().unwrap().into(), body["type"].as_str().unwrap().into())
            })
            .collect();
        told.sort();
        let mut expected: Vec<(String, String)> =
            numbers.iter().map(|number| (number.clone(), "issue.submitted".to_owned())).collect();
        expected.push((numbers[0].clone(), "issue.accepted".into()));
        expected.sort();
        assert_eq!(told, expected, "{database}: each once after all");
        assert_eq!(bodies.len(), 4, "{database}");
        let mut db = office.town.shared.store.connection().unwrap();
        assert_eq!(outbox::waiting(&mut db).unwrap(), 0, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_claimed_by_a_process_that_died_is_sent_by_the_next() {
    for database in BOTH {
        let office = Office::on(database, &[]);
        let receiver = Receiver::start();
        office.hook("w1", &receiver.url("/"), "*");
        office.register("停电").await;
        let (now, until) = (office.clock.now(), office.clock.now() + TimeDelta::seconds(6));
        {
            let mut db = office.town.shared.store.connection().unwrap();
            let claimed = delivery::claim(&mut db, now, until, 10).unwrap();
            assert_eq!(claimed.len(), 1, "{database}");
            assert!(delivery::claim(&mut db, now, until, 10).unwrap().is_empty(), "{database}: claimed once");
        }
        let runner = Runner::new(&office.town.shared).unwrap();
        office.send(&runner).await;
        assert!(receiver.seen().is_empty(), "{database}: the first process may still be at it");
        office.later(TimeDelta::seconds(7));
        office.send(&runner).await;
        assert_eq!(receiver.seen().len(), 1, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_arrives_is_given_up_and_says_so() {
    let office = Office::on("sqlite", &[]);
    let receiver = Receiver::start();
    office.hook("w1", &receiver.url("/"), "*");
    receiver.answer(404);
    office.register("停水").await;
    let runner = Runner::new(&office.town.shared).unwrap();
    for _ in 0..40 {
        office.send(&runner).await;
        office.later(TimeDelta::hours(3));
    }
    let mut db = office.town.shared.store.connection().unwrap();
    let messages = outbox::of_target(&mut db, notice::WEBHOOK, "w1", 10).unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0].failed_at.is_some() && messages[0].next_try_at.is_none());
    assert_eq!(messages[0].last_error.as_deref(), Some("answered_404"));
    let tries = receiver.seen().len();
    assert!((10..40).contains(&tries), "{tries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_private_address_is_called_and_no_redirect_followed() {
    let office = Office::on("sqlite", &[("webhooks.allowed_networks", "127.0.0.1")]);
    let (receiver, secret) = (Receiver::start(), Receiver::start());
    for (id, url) in [
        ("linked", "http://169.254.169.254/latest/meta-data".to_owned()),
        ("other", receiver.url("/").replace("127.0.0.1", "127.0.0.2")),
        ("six", "https://[::1]:1/".to_owned()),
        ("moved", receiver.url("/")),
    ] {
        office.hook(id, &url, "*");
    }
    receiver.redirect(&secret.url("/"));
    office.register("停气").await;
    office.send(&Runner::new(&office.town.shared).unwrap()).await;
    let mut db = office.town.shared.store.connection().unwrap();
    let mut why =
        |id: &str| outbox::of_target(&mut db, "webhook", id, 1).unwrap()[0].last_error.clone().unwrap();
    assert_eq!(why("linked"), "forbidden_address");
    assert_eq!(why("other"), "forbidden_address");
    assert_eq!(why("six"), "forbidden_address");
    assert_eq!(why("moved"), "answered_307");
    assert_eq!((receiver.seen().len(), secret.seen().len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_down_gets_every_letter_later() {
    for database in BOTH {
        let mailbox = Mailbox::start();
        let port = mailbox.port.to_string();
        let office = Office::on(
            database,
            &[
                ("mail.host", "127.0.0.1"),
                ("mail.port", &port),
                ("mail.tls", "none"),
                ("mail.from", "企业码 <qiyema@example.cn>"),
            ],
        );
        let reviewer = office.staff("closure_reviewer");
        {
            let mut db = office.town.shared.store.connection().unwrap();
            let address = Some("sun@example.cn");
            notices::set_address(&mut db, &reviewer, address, column(office.clock.now()), "test").unwrap();
        }
        mailbox.refuse(true);
        let number = office.register("工资拖欠").await;
        office.accept(&number).await;
        office.handle_and_report(&number).await;
        let runner = Runner::new(&office.town.shared).unwrap();
        office.send(&runner).await;
        assert!(mailbox.letters().is_empty(), "{database}");
        mailbox.refuse(false);
        office.later(TimeDelta::minutes(2));
        office.send(&Runner::new(&office.town.shared).unwrap()).await;
        office.later(TimeDelta::minutes(60));
        office.send(&runner).await;
        let letters = mailbox.letters();
        assert_eq!(letters.len(), 1, "{database}: {letters:?}");
        assert!(
            letters[0].contains("To: sun@example.cn") && letters[0].contains("Message-ID: <"),
            "{letters:?}"
        );
        assert!(!letters[0].contains("工资"), "nothing that an owner wrote");
        let mut db = office.town.shared.store.connection().unwrap();
        let inbox = notices::of_person(&mut db, &reviewer, None, 10).unwrap();
        assert_eq!(inbox.len(), 1, "{database}");
        assert_eq!((inbox[0].0.kind.as_str(), inbox[0].0.number.as_str()), ("reported", number.as_str()));
        assert_eq!(notices::unread(&mut db, &reviewer).unwrap(), 1);
    }
}

impl Office {
    pub async fn handle_and_report(&self, number: &str) {
        let unit =
            qiyema_server::store::directory::handlers(&mut self.town.shared.store.connection().unwrap())
                .unwrap()[0]
                .clone();
        let assign = json!({ "version": 2, "unit": unit.2, "handler": unit.0 });
        self.call("dispatcher", number, "assignment", assign).await;
        self.call(&unit.0, number, "progress", json!({ "version": 3, "note": "正在办理" })).await;
        let result = json!({ "version": 4, "result": "resolved", "reply": "已经办好" });
        self.call(&unit.0, number, "result", result).await;
    }

    async fn call(&self, who: &str, number: &str, noun: &str, body: Value) {
        let token = self.town.token(who).await;
        let path = self.town.url(&format!("/api/v1/staff/issues/{number}/{noun}"));
        let answer =
            crate::harness::client().post(path).bearer_auth(&token).json(&body).send().await.unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{noun}: {}", answer.text().await.unwrap());
    }
}
