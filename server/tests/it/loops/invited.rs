//! The invitation to rate: it goes out with the closing, its link rates one closure
//! once without the PIN, and who has not rated is reminded once.

use std::sync::Mutex;

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_server::{
    actions::job::Job,
    clock::Clock,
    startup::jobs::Runner,
    store::{columns::column, webhooks},
};
use serde_json::{Value, json};

use super::{MONDAY, Story, moment};
use crate::{
    console::{Browser, encoded},
    harness::{BOTH, Town},
    post::sinks::{Mailbox, Receiver},
};

#[derive(QueryableByName)]
struct Payload {
    #[diesel(sql_type = Text)]
    payload: String,
}

/// The webhook that sends invitations on.
const SMS: &str = "019ab1c2-7d3e-7f00-8a11-5b6c7d8e9f01";

/// A closed issue whose contact gave an address, and who is written to.
pub(super) struct Invited {
    pub(super) story: Story,
    hook: Receiver,
    pub(super) mailbox: Mailbox,
    runner: Runner,
}

impl Invited {
    pub(super) async fn on(database: &str) -> Self {
        let (clock, hook, mailbox) = (Clock::fixed(moment(MONDAY)), Receiver::start(), Mailbox::start());
        let port = mailbox.port.to_string();
        let settings = [
            ("webhooks.allowed_networks", "127.0.0.0/8"),
            ("mail.host", "127.0.0.1"),
            ("mail.port", &port),
            ("mail.tls", "none"),
            ("mail.from", "企业码 <qiyema@example.cn>"),
        ];
        let town = Town::at(database, &settings, &clock);
        let row = webhooks::WebhookRow {
            id: SMS.to_owned(),
            name: "短信平台".to_owned(),
            url: hook.url("/sms"),
            kinds: "rating_invited rating_reminded rectification_invited".to_owned(),
            turn: 1,
            made_at: column(clock.now()),
            made_by: "test".to_owned(),
            paused_at: None,
            removed_at: None,
        };
        webhooks::insert(&mut town.shared.store.connection().unwrap(), &row).unwrap();
        let allowed = json!({ "allowed": true });
        let links = format!("/api/v1/admin/webhooks/{SMS}/links");
        assert_eq!(town.send("supervisor", "POST", &links, allowed).await.0, 201);
        let runner = Runner::new(&town.shared).unwrap();
        let mut story = Story { town, clock, signed_in: Mutex::default(), number: String::new(), version: 1 };
        let path = format!("enterprises/{}/issues", story.enterprise().await);
        let new = json!({
            "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window",
            "contact": { "name": "张三", "phone": "13812345678", "email": "zhang@example.cn" },
        });
        let (status, issue) = story.post("intake_officer", &path, new).await;
        assert_eq!(status, 201, "{issue}");
        story.number = issue["number"].as_str().unwrap().to_owned();
        story.must("intake_officer", "acceptance", json!({})).await;
        story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
        story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
        story.close().await;
        Self { story, hook, mailbox, runner }
    }

    pub(super) async fn run(&self, job: Job) {
        for _ in 0..50 {
            if !self.runner.look(job).await.unwrap() {
                return;
            }
        }
    }

    /// What the system was told about this issue: others of the town are invited and reminded as well.
    fn told(&self) -> Vec<crate::post::sinks::Call> {
        let mut calls = self.hook.seen();
        calls.retain(|call| call.body.contains(&self.story.number));
        calls
    }

    /// The path of the link in the latest message.
    pub(super) async fn link(&self) -> String {
        self.run(Job::Post).await;
        let calls = self.told();
        let said: Value = serde_json::from_str(&calls.last().unwrap().body).unwrap();
        let link = said["data"]["rating_link"].as_str().unwrap_or_else(|| panic!("{said}"));
        let origin = self.story.town.shared.trust.host.origin();
        link.strip_prefix(&origin).unwrap().to_owned()
    }

    /// Reads the page of a link.
    pub(super) async fn page(&self, path: &str) -> (u16, reqwest::header::HeaderMap, String) {
        let answer =
            client().get(self.story.town.url(path)).header("Accept", "text/html").send().await.unwrap();
        (answer.status().as_u16(), answer.headers().clone(), answer.text().await.unwrap())
    }

    /// Sends its form as a browser does that says nothing of where it comes from.
    pub(super) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let body: Vec<_> = fields.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let sent = client().post(self.story.town.url(path)).header("Origin", "null");
        let sent = sent.header("Content-Type", "application/x-www-form-urlencoded").body(body.join("&"));
        let answer = sent.send().await.unwrap();
        let place = answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned());
        (answer.status().as_u16(), place.unwrap_or_default())
    }

    pub(super) async fn by_json(&self, path: &str, body: Value) -> (u16, Value) {
        let token = path.strip_prefix("/r/").unwrap();
        let url = self.story.town.url(&format!("/api/v1/rating-invitations/{token}/rating"));
        let answer = client().post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub(super) async fn ratings(&mut self) -> Vec<Value> {
        self.story.read().await["records"]["ratings"].as_array().cloned().unwrap_or_default()
    }
}

fn client() -> reqwest::Client {
    crate::harness::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_rates_one_closure_once_without_the_pin_and_the_record_says_how() {
    for database in BOTH {
        let mut invited = Invited::on(database).await;
        let link = invited.link().await;
        // The letter carries a link of its own, and nothing that is meant for staff.
        let letters = invited.mailbox.letters();
        let letter = letters.iter().find(|letter| letter.contains("zhang@example.cn")).unwrap();
        let (_, body) = letter.split_once("\n\n").unwrap();
        let body = data_encoding::BASE64.decode(body.replace(['\n', '\r'], "").as_bytes()).unwrap();
        let body = String::from_utf8(body).unwrap();
        let origin = invited.story.town.shared.trust.host.origin();
        let (_, own) = body.split_once(&format!("{origin}/r/")).unwrap();
        let own = format!("/r/{}", own.split_whitespace().next().unwrap());
        assert!(own != link && !body.contains("/console/"), "{database}: {body}");
        assert_eq!(invited.page(&own).await.0, 200, "{database}");
        // No table holds the token.
        {
            let mut db = invited.story.town.shared.store.connection().unwrap();
            let kept: Vec<Payload> = sql_query("SELECT payload FROM outbox").load(&mut **db).unwrap();
            let token = link.strip_prefix("/r/").unwrap();
            assert!(!kept.is_empty() && kept.iter().all(|one| !one.payload.contains(token)), "{database}");
        }
        // Nothing is chosen beforehand, in either language, and no other page learns the address.
        for (lang, word) in [("zh", "好评"), ("en", "Good")] {
            let (status, headers, page) = invited.page(&format!("{link}?lang={lang}")).await;
            assert_eq!(status, 200, "{database}: {page}");
            assert!(page.contains(word) && !page.contains(" checked") && !page.contains("<script"), "{page}");
            assert_eq!(headers["referrer-policy"], "no-referrer");
            assert!(!page.contains("需增容"), "the text is the owner's: {page}");
        }
        assert!(invited.ratings().await.is_empty(), "looking rates nothing");
        let wrong = format!("{}A", &link[..link.len() - 1]);
        let wrong = if wrong == link { format!("{}B", &link[..link.len() - 1]) } else { wrong };
        assert_eq!(invited.page(&wrong).await.0, 410, "{database}");
        assert_eq!(invited.send(&link, &[("level", "satisfied")]).await.0, 422, "no verdict, no rating");
        assert!(invited.ratings().await.is_empty());

        // A passer-by's rating of the same closure is superseded, not in the way.
        assert_eq!(invited.story.rate(None, json!({ "verdict": "good" })).await.0, 201);
        let (status, place) = invited.send(&link, &[("verdict", "bad"), ("solved", "no")]).await;
        assert_eq!((status, place.ends_with("&done=bad")), (303, true), "{database}: {place}");
        let given = invited.ratings().await;
        assert_eq!(given.len(), 2, "{database}: {given:?}");
        assert_eq!((&given[1]["tier"], &given[1]["proof"]), (&json!("owner"), &json!("invitation")));
        assert_eq!((&given[1]["webhook"], &given[0]["webhook"]), (&json!("短信平台"), &Value::Null));
        assert_eq!(invited.story.read().await["state"], "rectifying", "a bad one opens the rectification");
        let told = invited.story.events().await;
        let (_, by, facts) = told.iter().rfind(|(kind, ..)| kind == "rectification_started").unwrap();
        assert_eq!((by.as_str(), &facts["proof"]), ("企业", &json!("invitation")), "{database}: {told:?}");

        // It is used up, by every way.
        assert_eq!(invited.page(&link).await.0, 409, "{database}");
        assert_eq!(invited.page(&own).await.0, 409, "{database}");
        assert_eq!(invited.send(&link, &[("verdict", "good")]).await.0, 409);
        let (status, said) = invited.by_json(&link, json!({ "verdict": "good" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("already_rated")), "{said}");
        assert_eq!(invited.ratings().await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_dies_with_the_pins_rating_with_time_and_with_another_closure() {
    for database in BOTH {
        let invited = Invited::on(database).await;
        let link = invited.link().await;
        let device = invited.story.device().await;
        assert_eq!(invited.story.rate(Some(&device), json!({ "verdict": "good" })).await.0, 201);
        let (status, said) = invited.by_json(&link, json!({ "verdict": "bad" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("already_rated")), "{database}: {said}");

        let late = Invited::on(database).await;
        let link = late.link().await;
        // Thirty days after the Monday it still works; the day after it does not.
        late.story.it_is("2026-12-23T15:59:00Z");
        assert_eq!(late.page(&link).await.0, 200, "{database}");
        late.story.it_is("2026-12-23T16:01:00Z");
        let (status, said) = late.by_json(&link, json!({ "verdict": "good" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("rating_closed")), "{database}: {said}");

        let mut twice = Invited::on(database).await;
        let first = twice.link().await;
        twice.story.it_is("2026-11-23T06:00:00Z");
        twice.story.must("intake_officer", "objection", json!({ "reason": "电压仍不稳定" })).await;
        twice.story.must("qianfeng", "rectification-contact", json!({ "note": "已致歉" })).await;
        twice.story.must("qianfeng", "rectification-result", json!({ "note": "已调整" })).await;
        assert_eq!(twice.link().await, first, "{database}: the same one, to rate what was put right");
        let unsolved = json!({
            "reached": true, "contacted": true, "solved": "no", "satisfaction": "dissatisfied", "note": "仍不稳定",
        });
        twice.story.must("follow_up_officer", "reopening", unsolved).await;
        let (status, said) = twice.by_json(&first, json!({ "verdict": "good" })).await;
        assert!(status >= 400, "{database}: nothing is closed: {said}");
        twice.story.must("qianfeng", "progress", json!({ "note": "已重新勘查" })).await;
        twice.story.close().await;
        let (status, said) = twice.by_json(&first, json!({ "verdict": "good" })).await;
        assert_eq!((status, &said["code"]), (410, &json!("link_dead")), "{database}: {said}");
        let second = twice.link().await;
        assert_ne!(first, second);
        let (status, said) = twice.by_json(&second, json!({ "verdict": "good", "round": "second" })).await;
        assert_eq!((status, &said["code"]), (409, &json!("nothing_to_add")), "{database}: {said}");
        assert_eq!(twice.by_json(&second, json!({ "verdict": "good" })).await.0, 201, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_rated_is_reminded_once_by_however_many_processes() {
    for database in BOTH {
        let invited = Invited::on(database).await;
        let other = Runner::new(&invited.story.town.shared).unwrap();
        let first = invited.link().await;
        let reminders = |calls: Vec<crate::post::sinks::Call>| {
            calls.iter().filter(|call| call.body.contains("issue.rating_reminded")).count()
        };
        invited.story.it_is("2026-11-26T01:59:00Z");
        invited.run(Job::Invitations).await;
        invited.run(Job::Post).await;
        assert_eq!(reminders(invited.told()), 0, "{database}: three days are not over");
        invited.story.it_is("2026-11-26T02:01:00Z");
        for _ in 0..3 {
            invited.run(Job::Invitations).await;
            // Another process, once the lease has ended.
            invited.story.clock.set(invited.story.clock.now() + chrono::TimeDelta::hours(1));
            other.look(Job::Invitations).await.unwrap();
            invited.story.clock.set(invited.story.clock.now() + chrono::TimeDelta::hours(1));
        }
        assert_eq!(invited.link().await, first, "{database}: the same link");
        assert_eq!(reminders(invited.told()), 1, "{database}");
        let letters = invited.mailbox.letters();
        assert_eq!(letters.iter().filter(|one| one.contains("zhang@example.cn")).count(), 2, "{database}");

        let rated = Invited::on(database).await;
        assert_eq!(rated.by_json(&rated.link().await, json!({ "verdict": "good" })).await.0, 201);
        rated.story.it_is("2026-11-27T02:00:00Z");
        rated.run(Job::Invitations).await;
        rated.run(Job::Post).await;
        assert_eq!(reminders(rated.told()), 0, "{database}: who has rated is left in peace");
    }
}

/// Another issue from the window to its closure, and what waits is sent.
async fn one_more(story: &mut Story, runner: &Runner) {
    let path = format!("enterprises/{}/issues", story.enterprise().await);
    let new = json!({ "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window" });
    let (status, issue) = story.post("intake_officer", &path, new).await;
    assert_eq!(status, 201, "{issue}");
    issue["number"].as_str().unwrap().clone_into(&mut story.number);
    story.version = 1;
    story.must("intake_officer", "acceptance", json!({})).await;
    story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
    story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
    story.close().await;
    for _ in 0..50 {
        if !runner.look(Job::Post).await.unwrap() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrators_webhook_gets_no_link_unless_who_answers_for_ratings_lets_it() {
    for database in BOTH {
        let (clock, all, named) = (Clock::fixed(moment(MONDAY)), Receiver::start(), Receiver::start());
        let town = Town::at(database, &[("webhooks.allowed_networks", "127.0.0.0/8")], &clock);
        let hooks = "/api/v1/admin/webhooks";
        let add = async |name: &str, url: String, kinds: &[&str]| {
            let new = json!({ "name": name, "url": url, "kinds": kinds });
            let (status, made) = town.send("administrator", "POST", hooks, new).await;
            assert_eq!(status, 201, "{database}: {made}");
            made["webhook"]["id"].as_str().unwrap().to_owned()
        };
        let every = add("统计平台", all.url("/in"), &[]).await;
        let sms = add("短信平台", named.url("/in"), &["closed", "rating_invited", "rating_reminded"]).await;
        let runner = Runner::new(&town.shared).unwrap();
        let mut story = Story { town, clock, signed_in: Mutex::default(), number: String::new(), version: 1 };
        let invitations = |receiver: &Receiver| -> Vec<Value> {
            let seen =
                receiver.seen().into_iter().map(|call| serde_json::from_str::<Value>(&call.body).unwrap());
            seen.filter(|said| said["type"] == "issue.rating_invited").collect()
        };
        one_more(&mut story, &runner).await;
        let told =
            |receiver: &Receiver| receiver.seen().iter().any(|call| call.body.contains("issue.closed"));
        assert!(told(&all) && told(&named), "{database}: both are told that it closed");
        let links = all.seen().iter().chain(&named.seen()).filter(|call| call.body.contains("/r/")).count();
        assert_eq!((links, invitations(&all).len(), invitations(&named).len()), (0, 0, 0), "{database}");

        // Who sets webhooks up cannot say yes, nor who works on issues, nor whoever added this
        // one, whatever he is by now.
        let place = format!("{hooks}/{sms}/links");
        let yes = json!({ "allowed": true });
        let Story { town, .. } = &story;
        for nobody in ["administrator", "auditor", "dispatcher", "qianfeng", "closure_reviewer"] {
            assert_eq!(town.send(nobody, "POST", &place, yes.clone()).await.0, 403, "{database}: {nobody}");
        }
        story.gives("qianfeng", "supervisor");
        let Story { town, .. } = &story;
        let (status, said) = town.send("qianfeng", "POST", &place, yes.clone()).await;
        assert_eq!((status, &said["code"]), (403, &json!("another_officer")), "{database}: {said}");
        let unasked = format!("{hooks}/{every}/links");
        let (status, said) = town.send("supervisor", "POST", &unasked, yes.clone()).await;
        assert_eq!((status, &said["code"]), (409, &json!("rule_unmet")), "{database}: {said}");
        let page = format!("/console/webhooks/{sms}");
        let administrator = Browser::signed_in(town, "administrator").await;
        let shown = administrator.page(&page).await;
        assert!(shown.contains("待批准") && !shown.contains("/links\""), "{database}: {shown}");
        let supervisor = Browser::signed_in(town, "supervisor").await;
        let shown = supervisor.page(&page).await;
        assert!(shown.contains("批准发送评价链接") && !shown.contains("/secret\""), "{database}: {shown}");
        assert_eq!(
            supervisor.post(&page, &format!("{page}/links"), &[("allowed", "yes")]).await.status(),
            303
        );
        let (_, list) = town.send("administrator", "GET", hooks, Value::Null).await;
        let hook = list["webhooks"].as_array().unwrap().iter().find(|one| one["id"] == *sms).unwrap();
        assert_eq!((&hook["wants_links"], &hook["links"]["allowed"]), (&json!(true), &json!(true)), "{hook}");
        let by = hook["links"]["by"].as_str().unwrap().to_owned();
        assert!(administrator.page(&page).await.contains(&by), "{database}: who said so is shown");
        assert!(administrator.page("/console/admin/trail").await.contains("批准推送评价链接"), "{database}");

        // Now it does, and what is rated so says how.
        one_more(&mut story, &runner).await;
        assert!(invitations(&all).is_empty(), "{database}: wanting everything is not naming it");
        let link = invitations(&named)[0]["data"]["rating_link"].as_str().unwrap().to_owned();
        let token = link.rsplit('/').next().unwrap();
        let root = story.town.url("/api/v1/rating-invitations");
        let by_json = |token: &str| format!("{root}/{token}/rating");
        let rated = client().post(by_json(token)).json(&json!({ "verdict": "good" })).send().await.unwrap();
        assert_eq!(rated.status(), 201, "{database}");
        let reviewer = Browser::signed_in(&story.town, "performance_reviewer").await;
        let listed = reviewer.page("/console/ratings?show=by_webhook").await;
        assert!(listed.contains(&story.number) && listed.contains("经推送系统“短信平台”发出"), "{listed}");
        let issue = reviewer.page(&format!("/console/issues/{}", story.number)).await;
        assert!(issue.contains("经推送系统“短信平台”发出"), "{database}: {issue}");
        let english = reviewer.page("/console/ratings?show=by_webhook&lang=en").await;
        assert!(english.contains("sent through the webhook “短信平台”"), "{english}");

        // Taken back, nothing leaves and what left is dead; the row of yes and no stays.
        named.answer(503);
        one_more(&mut story, &runner).await;
        let link = invitations(&named).pop().unwrap()["data"]["rating_link"].as_str().unwrap().to_owned();
        let no = json!({ "allowed": false });
        assert_eq!(story.town.send("performance_reviewer", "POST", &place, no).await.0, 201, "{database}");
        let token = link.rsplit('/').next().unwrap();
        let rated = client().post(by_json(token)).json(&json!({ "verdict": "good" })).send().await.unwrap();
        let said: Value = rated.json().await.unwrap();
        assert_eq!(said["code"], "link_dead", "{database}: {said}");
        named.answer(204);
        let before = invitations(&named).len();
        story.it_is("2026-11-23T04:00:00Z");
        one_more(&mut story, &runner).await;
        assert_eq!(invitations(&named).len(), before, "{database}: neither a new one nor a second try");
        let stood = Browser::signed_in(&story.town, "auditor").await.page(&page).await;
        assert!(stood.contains("未获准发送评价链接") && stood.contains("已撤回"), "{database}: {stood}");
    }
}
