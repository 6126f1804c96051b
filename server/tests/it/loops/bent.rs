//! Ways to bend a rating: what is proved by staff's own hands is flagged, what stands
//! against nobody is not appealed against, and whoever had a part does not decide.

use std::sync::Mutex;

use qiyema_server::{
    actions::job::Job,
    clock::Clock,
    startup::jobs::Runner,
    store::{columns::column, notices, people},
};
use serde_json::{Value, json};

use super::{MONDAY, Story, moment};
use crate::{
    console::Browser,
    harness::{BOTH, Town},
    ledger::{as_superuser, enter},
    post::sinks::Mailbox,
};

const FLAGGED: &str = "/api/v1/staff/ratings?show=flagged";

impl Story {
    /// Another PIN, as the code issuer sees it on the screen.
    async fn reset(&self) -> String {
        let path = format!("enterprises/{}/pin", self.enterprise().await);
        let (status, said) = self.post("code_issuer", &path, json!({})).await;
        assert_eq!(status, 201, "{said}");
        said["pin"].as_str().unwrap().to_owned()
    }

    /// A device that proves this PIN.
    async fn binds(&self, pin: &str) -> String {
        let url = self.town.url(&format!("/api/v1/scans/{}/devices", self.town.seal));
        let device: Value = crate::harness::client()
            .post(url)
            .json(&json!({ "pin": pin }))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        device["token"].as_str().unwrap_or_else(|| panic!("{device}")).to_owned()
    }

    async fn good(&self, device: &str) -> String {
        self.rated(device, json!({ "verdict": "good" })).await
    }

    async fn rated(&self, device: &str, body: Value) -> String {
        let (status, said) = self.rate(Some(device), body).await;
        assert_eq!((status, &said["tier"]), (201, &json!("owner")), "{said}");
        said["rating"].as_str().unwrap().to_owned()
    }

    async fn flags(&self, rating: &str) -> Value {
        let path = format!("/api/v1/staff/ratings/{rating}");
        let (status, said) = self.town.send("performance_reviewer", "GET", &path, Value::Null).await;
        assert_eq!(status, 200, "{said}");
        said.get("flags").cloned().unwrap_or(json!([]))
    }

    async fn appeals(&self, who: &str, rating: &str, ground: &str) -> (u16, Value) {
        let path = format!("/api/v1/staff/ratings/{rating}/appeal");
        let body = json!({ "ground": ground, "reason": "请核实这条评价是否企业本人所评。" });
        self.town.send(who, "POST", &path, body).await
    }

    async fn decides(&self, who: &str, rating: &str) -> (u16, Value) {
        let path = format!("/api/v1/staff/ratings/{rating}/decisions");
        let body = json!({ "judgement": "rejected", "reason": "已核对录音" });
        self.town.send(who, "POST", &path, body).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_by_a_pin_that_staff_just_saw_is_flagged_and_says_who_reset_it() {
    for database in BOTH {
        // What a code issuer does who wants a good one.
        let story = Story::closed(database).await;
        let pin = story.reset().await;
        let rating = story.good(&story.binds(&pin).await).await;
        assert_eq!(story.flags(&rating).await, json!(["fresh_pin"]), "{database}");
        let (_, list) = story.town.send("performance_reviewer", "GET", FLAGGED, Value::Null).await;
        let deed = &list["ratings"][0]["pin_deed"];
        assert_eq!((&deed["kind"], &deed["at"]), (&json!("reset"), &json!(MONDAY)), "{database}: {list}");
        let by = deed["by"].as_str().unwrap().to_owned();
        let page = format!("/console/ratings/{rating}");
        let shown = Browser::signed_in(&story.town, "performance_reviewer").await.page(&page).await;
        assert!(shown.contains("重置口令") && shown.contains(&by), "{database}: {shown}");
        assert!(shown.contains("工作人员刚设置或打印过该企业的口令"), "{database}: {shown}");
        let unit = Browser::signed_in(&story.town, "hanxue").await.page(&page).await;
        assert!(!unit.contains("重置口令") && !unit.contains(&by), "{database}: {unit}");

        // Waiting with the rating does not help, when the device was bound at once.
        let story = Story::closed(database).await;
        let device = story.binds(&story.reset().await).await;
        story.it_is("2026-12-10T02:00:00Z");
        assert_eq!(story.flags(&story.good(&device).await).await, json!(["fresh_pin"]), "{database}");

        // An enterprise that got its letter by post, and one whose PIN nobody touched.
        let story = Story::closed(database).await;
        let pin = story.reset().await;
        story.it_is("2026-11-27T02:00:00Z");
        let device = story.binds(&pin).await;
        assert_eq!(story.flags(&story.good(&device).await).await, json!([]), "{database}");
        let story = Story::closed(database).await;
        assert_eq!(story.flags(&story.good(&story.device().await).await).await, json!([]), "{database}");
    }
}

/// Rates by the link of the letter to this contact, with staff reached at another address.
async fn invited(database: &str, contact: &str, staff: &str) -> (Story, String) {
    let (clock, mailbox) = (Clock::fixed(moment(MONDAY)), Mailbox::start());
    let port = mailbox.port.to_string();
    let settings = [
        ("mail.host", "127.0.0.1"),
        ("mail.port", &port),
        ("mail.tls", "none"),
        ("mail.from", "企业码 <qiyema@example.cn>"),
    ];
    let town = Town::at(database, &settings, &clock);
    {
        let mut db = town.shared.store.connection().unwrap();
        let person = people::by_username(&mut db, "intake_officer").unwrap().unwrap().row.id;
        notices::set_address(&mut db, &person, Some(staff), column(clock.now()), "test").unwrap();
    }
    let mut story = Story { town, clock, signed_in: Mutex::default(), number: String::new(), version: 1 };
    let path = format!("enterprises/{}/issues", story.enterprise().await);
    let new = json!({
        "subject": "用电增容", "body": "需增容", "category": "power", "channel": "window",
        "contact": { "name": "张三", "phone": "13812345678", "email": contact },
    });
    let (status, issue) = story.post("intake_officer", &path, new).await;
    assert_eq!(status, 201, "{issue}");
    issue["number"].as_str().unwrap().clone_into(&mut story.number);
    story.must("intake_officer", "acceptance", json!({})).await;
    story.must("dispatcher", "assignment", json!({ "unit": "gdj", "handler": "qianfeng" })).await;
    story.must("qianfeng", "progress", json!({ "note": "已现场勘查" })).await;
    story.close().await;
    let runner = Runner::new(&story.town.shared).unwrap();
    for _ in 0..50 {
        if !runner.look(Job::Post).await.unwrap() {
            break;
        }
    }
    let origin = format!("{}/r/", story.town.shared.trust.host.origin());
    let link = mailbox.letters().into_iter().find_map(|letter| {
        let (_, body) = letter.split_once("\n\n")?;
        let body = data_encoding::BASE64.decode(body.replace(['\n', '\r'], "").as_bytes()).ok()?;
        let body = String::from_utf8(body).ok()?;
        Some(body.split_once(&origin)?.1.split_whitespace().next()?.to_owned())
    });
    let url = story.town.url(&format!("/api/v1/rating-invitations/{}/rating", link.unwrap()));
    let answer = crate::harness::client().post(url).json(&json!({ "verdict": "good" })).send().await.unwrap();
    let said: Value = answer.json().await.unwrap();
    let rating = said["rating"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();
    (story, rating)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_mailbox_of_staff_or_of_their_house_is_flagged() {
    for database in BOTH {
        for (contact, staff, flags) in [
            ("xuli@qq.com", "XuLi@qq.com", json!(["staff_address"])),
            ("anybody@gdj.example.cn", "xuli@gdj.example.cn", json!(["staff_address"])),
            ("zhang@qq.com", "xuli@qq.com", json!([])),
            ("zhang@factory.example.cn", "xuli@gdj.example.cn", json!([])),
        ] {
            let (story, rating) = invited(database, contact, staff).await;
            assert_eq!(story.flags(&rating).await, flags, "{database}: {contact} {staff}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_appeals_against_a_bad_rating_that_counts_and_in_time() {
    for database in BOTH {
        // A good one that is flagged stays open to the reviewer.
        let story = Story::closed(database).await;
        let rating = story.good(&story.binds(&story.reset().await).await).await;
        let (status, said) = story.appeals("hanxue", &rating, "mistaken").await;
        assert_eq!((status, &said["code"]), (409, &json!("rule_unmet")), "{database}: {said}");
        assert!(said["detail"]["zh"].as_str().unwrap().contains("只能对计入考核的差评"), "{said}");
        assert_eq!(story.appeals("performance_reviewer", &rating, "suspect").await.0, 201, "{database}");

        // Nor against what does not count.
        let story = Story::closed(database).await;
        let (_, said) = story.rate(None, json!({ "verdict": "bad" })).await;
        let unverified = said["rating"].as_str().unwrap().to_owned();
        let (status, said) = story.appeals("hanxue", &unverified, "malicious").await;
        assert_eq!((status, &said["code"]), (409, &json!("rule_unmet")), "{database}: {said}");

        // Ten working days after the Monday; the page names the last.
        let rating = story.rated(&story.device().await, json!({ "verdict": "bad" })).await;
        let path = format!("/api/v1/staff/ratings/{rating}");
        let (_, one) = story.town.send("hanxue", "GET", &path, Value::Null).await;
        assert_eq!((&one["appeal_until"], &one["may_appeal"]), (&json!("2026-12-07"), &json!(true)), "{one}");
        let page = format!("/console/ratings/{rating}");
        let shown = Browser::signed_in(&story.town, "hanxue").await.page(&page).await;
        assert!(shown.contains("申诉最后一天：2026-12-07"), "{database}: {shown}");
        story.it_is("2026-12-07T16:30:00Z");
        let (status, said) = story.appeals("hanxue", &rating, "mistaken").await;
        assert_eq!((status, &said["code"]), (409, &json!("rule_unmet")), "{database}: {said}");
        assert!(said["detail"]["zh"].as_str().unwrap().contains("2026-12-07"), "{said}");
        let shown = Browser::signed_in(&story.town, "hanxue").await.page(&page).await;
        assert!(shown.contains("申诉期限已过") && !shown.contains("name=\"ground\""), "{database}: {shown}");
        story.it_is("2026-12-07T15:30:00Z");
        assert_eq!(story.appeals("hanxue", &rating, "mistaken").await.0, 201, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_on_an_appeal_who_had_a_part_in_the_issue() {
    for database in BOTH {
        let story = Story::by_many_hands(database).await;
        let rating = story.rated(&story.device().await, json!({ "verdict": "bad" })).await;
        assert_eq!(story.appeals("hanxue", &rating, "mistaken").await.0, 201, "{database}");
        // Who moves to another office meanwhile was of the unit all the same: the trail tells.
        story.it_is("2026-11-23T06:00:00Z");
        let (_, list) = story.town.send("administrator", "GET", "/api/v1/admin/staff", Value::Null).await;
        let people = list["people"].as_array().unwrap();
        let known = ["qianfeng", "sunyue", "hanxue"];
        let colleague = people
            .iter()
            .find(|one| one["units"][0] == "gdj" && !known.contains(&one["username"].as_str().unwrap()));
        let mut concerned = vec!["qianfeng", "lijianguo", "closure_reviewer"];
        if let Some(colleague) = colleague {
            concerned.push(colleague["username"].as_str().unwrap());
        }
        for person in &concerned {
            story.gives(person, "supervisor");
        }
        // Today's desks are elsewhere.
        for person in concerned.iter().filter(|one| **one != "closure_reviewer") {
            let id = people.iter().find(|one| one["username"] == **person).unwrap();
            let ask = json!({
                "name": id["name"], "post": id["post"], "roles": ["supervisor"], "office": null, "units": [],
            });
            let path = format!("/api/v1/admin/staff/{}", id["id"].as_str().unwrap());
            let (status, said) = story.town.send("administrator", "PUT", &path, ask).await;
            assert!(status < 300, "{database} {person}: {status} {said}");
        }
        story.it_is("2026-11-24T02:00:00Z");
        for person in &concerned {
            let (status, said) = story.decides(person, &rating).await;
            assert_eq!((status, &said["code"]), (403, &json!("forbidden")), "{database} {person}: {said}");
        }
        assert_eq!(story.decides("performance_reviewer", &rating).await.0, 201, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_reads_what_was_entered_in_his_name_and_holds_its_receipt() {
    for database in BOTH {
        let story = Story::closed(database).await;
        let path = format!("issues/{}/call-back-rating", story.number);
        let said =
            json!({ "verdict": "good", "level": "satisfied", "solved": "yes", "comment": "电话中表示满意" });
        assert_eq!(story.post("follow_up_officer", &path, said).await.0, 201, "{database}");
        let own = format!("/api/v1/scans/{}/issues/{}/call-back-rating", story.town.seal, story.number);
        let read = crate::harness::get(story.town.url(&own)).await.unwrap();
        assert_eq!(read.status(), 401, "{database}: not without the PIN");
        assert!(story.card(None).await["closure"].get("call_back_verdict").is_none(), "{database}");
        let device = story.device().await;
        assert_eq!(story.card(Some(&device)).await["closure"]["call_back_verdict"], "good", "{database}");
        let asked = crate::harness::client().get(story.town.url(&own)).bearer_auth(&device);
        let read: Value = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(
            (&read["level"], &read["comment"]),
            (&json!("satisfied"), &json!("电话中表示满意")),
            "{read}"
        );
        let receipt = read["receipt"].as_str().unwrap();
        let held = crate::harness::get(story.town.url(&format!("/api/v1/receipts/{receipt}"))).await.unwrap();
        let held: Value = held.json().await.unwrap();
        assert_eq!(
            (&held["standing"], &held["receipt"]["tier"]),
            (&json!("unverified"), &json!("call_back"))
        );
        // The phone says it, and leads there.
        let cookie = format!("qiyema_device_{}={device}", story.town.seeded.code);
        let page = async |path: &str| {
            let asked = crate::harness::client().get(story.town.url(path)).header("Accept", "text/html");
            asked.header("Cookie", &cookie).send().await.unwrap().text().await.unwrap()
        };
        let board = page(&format!("/c/{}?lang=zh", story.town.seal)).await;
        let place = format!("/c/{}/issues/{}/call-back-rating", story.town.seal, story.number);
        assert!(board.contains("电话回访登记的评价") && board.contains(&place), "{database}: {board}");
        let shown = page(&format!("{place}?lang=zh")).await;
        assert!(shown.contains("电话中表示满意") && shown.contains(receipt), "{database}: {shown}");
        assert!(shown.contains("回访员通话后以贵企业名义登记"), "{database}: {shown}");
        assert!(page(&format!("{place}?lang=en")).await.contains("entered this in your name"), "{database}");
        // Nobody gets a receipt signed for what somebody made of it afterwards.
        enter(&story.town).await;
        let bent = "UPDATE ratings SET verdict = 'bad' WHERE tier = 'call_back'".to_owned();
        as_superuser(&mut story.town.shared.store.connection().unwrap(), &[bent]);
        let asked = crate::harness::client().get(story.town.url(&own)).bearer_auth(&device);
        let said: Value = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(said["code"], "rule_unmet", "{database}: {said}");
        let shown = page(&format!("{place}?lang=zh")).await;
        assert!(shown.contains("与登记时不符") && !shown.contains(receipt), "{database}: {shown}");
    }
}
