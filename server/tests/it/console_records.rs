//! What stands behind an issue is read where it is needed: whom to call, what was
//! asked for, the result before it is reviewed, and why the owner was not content.

use serde_json::{Value, json};

use crate::{
    console::{Browser, hidden},
    harness::{BOTH, Town},
};

async fn verb(who: &Browser, number: &str, noun: &str, fields: &[(&str, &str)]) {
    let place = format!("/console/issues/{number}");
    let version = hidden(&who.page(&place).await, "version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    let answer = who.post(&place, &format!("{place}/{noun}"), &all).await;
    let status = answer.status();
    assert_eq!(status, 303, "{noun}: {}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_to_call_what_is_asked_and_what_was_reported_and_rated_stand_on_the_page() {
    for database in BOTH {
        let town = Town::on(database);
        let (intake, dispatcher) = (
            Browser::signed_in(&town, "intake_officer").await,
            Browser::signed_in(&town, "dispatcher").await,
        );
        let (handler, reviewer) = (
            Browser::signed_in(&town, "qianfeng").await,
            Browser::signed_in(&town, "closure_reviewer").await,
        );
        let list =
            town.send("intake_officer", "GET", "/api/v1/staff/enterprises?q=9133", Value::Null).await.1;
        let own = list["enterprises"].as_array().unwrap().iter();
        let id = own.into_iter().find(|one| one["name"] == *town.seeded.enterprise).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let from = format!("/console/intake?enterprise={id}");
        let seen = intake.alike(&id, "power", "厂区扩建用地").await;
        let fields = [
            ("seen", seen.as_str()),
            ("enterprise", id.as_str()),
            ("channel", "window"),
            ("category", "power"),
            ("subject", "厂区扩建用地"),
            ("body", "需要扩建用地指标"),
            ("contact_name", "张三"),
            ("contact_phone", "13812348000"),
        ];
        let done = intake.post(&from, "/console/intake", &fields).await;
        let place = done.headers()["location"].to_str().unwrap().to_owned();
        let number = place.trim_start_matches("/console/issues/").split('?').next().unwrap().to_owned();
        let place = format!("/console/issues/{number}");
        verb(&intake, &number, "acceptance", &[]).await;
        verb(&dispatcher, &number, "assignment", &[("unit", "gdj"), ("handler", "qianfeng")]).await;
        let page = handler.page(&place).await;
        assert!(
            page.contains("张三") && page.contains("href=\"tel:13812348000\""),
            "{database}: whom to call"
        );
        let auditor = Browser::signed_in(&town, "auditor").await;
        assert!(
            !auditor.page(&place).await.contains("13812348000"),
            "{database}: who only watches calls nobody"
        );
        verb(&handler, &number, "progress", &[("note", "已联系企业")]).await;

        let wish = [("working_days", "2"), ("reason", "field_work"), ("note", "等待勘测报告")];
        verb(&handler, &number, "extension-request", &wish).await;
        let page = dispatcher.page(&place).await;
        assert!(page.contains("申请延期") && page.contains("等待勘测报告"), "{database}: {page}");
        assert!(
            page.contains("name=\"working_days\"") && page.contains("value=\"2\""),
            "{database}: filled in"
        );
        assert!(page.contains("value=\"field_work\" selected"), "{database}: as it was asked for");
        assert!(dispatcher.page("/console/issues?waiting=1").await.contains(&number), "{database}: waits");
        verb(&dispatcher, &number, "extension", &[("working_days", "2"), ("reason", "field_work")]).await;
        assert!(!dispatcher.page("/console/issues?waiting=1").await.contains(&number), "{database}: ruled");

        let reply = "已落实用地指标,请到窗口领取批复。";
        verb(&handler, &number, "result", &[("result", "resolved"), ("reply", reply)]).await;
        let page = reviewer.page(&place).await;
        assert!(page.contains("请审核的办理结果") && page.contains(reply), "{database}: nobody closes blind");
        let path = format!("/api/v1/staff/issues/{number}");
        let issue = town.send("closure_reviewer", "GET", &path, Value::Null).await.1;
        assert_eq!(issue["records"]["report"]["reply"], json!(reply), "{database}");
        verb(&reviewer, &number, "closure", &[]).await;

        let scan = town.url(&format!("/api/v1/scans/{}", town.seal));
        let client = crate::harness::client();
        let proved = client.post(format!("{scan}/devices")).json(&json!({ "pin": town.seeded.pin }));
        let device: Value = proved.send().await.unwrap().json().await.unwrap();
        let bad = json!({ "verdict": "bad", "level": "very_dissatisfied", "solved": "no", "comment": "批复一直没有拿到" });
        let rated = client
            .post(format!("{scan}/issues/{number}/ratings"))
            .bearer_auth(device["token"].as_str().unwrap())
            .header("Idempotency-Key", "k")
            .json(&bad);
        assert_eq!(rated.send().await.unwrap().status(), 201, "{database}");
        let page = handler.page(&place).await;
        for why in ["批复一直没有拿到", "非常不满意", "未解决"] {
            assert!(page.contains(why), "{database}: the unit reads why: {why}");
        }
        let other = Browser::signed_in(&town, "lijianguo").await;
        assert_eq!(other.get(&place).await.status(), 404, "{database}: and no other unit");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_runs_is_seen_also_where_nothing_is_promised_yet() {
    let clock = qiyema_server::clock::Clock::fixed("2026-11-23T01:00:00Z".parse().unwrap());
    let town = Town::at("sqlite", &[], &clock);
    let (intake, dispatcher) =
        (Browser::signed_in(&town, "intake_officer").await, Browser::signed_in(&town, "dispatcher").await);
    let list =
        town.send("intake_officer", "GET", "/api/v1/staff/issues?state=submitted", Value::Null).await.1;
    let number = list["issues"][0]["number"].as_str().unwrap().to_owned();
    clock.set("2026-12-07T02:00:00Z".parse().unwrap());
    let row = Browser::signed_in(&town, "intake_officer").await.page("/console/issues?state=submitted").await;
    assert!(row.contains("已超期") && row.contains("受理 2026-11-"), "{row}");
    let page = Browser::signed_in(&town, "dispatcher").await.page(&format!("/console/issues/{number}")).await;
    assert!(page.contains("受理 已超期"), "{page}");
    drop((intake, dispatcher));
    let scan = town.url(&format!("/c/{}?lang=zh", town.seal));
    let board = crate::harness::get(scan).await.unwrap().text().await.unwrap();
    assert!(
        !board.contains("<p class=\"lamp off\">暂停计时</p>")
            || board.contains("挂账")
            || board.contains("补充")
    );
}
