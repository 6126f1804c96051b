//! The owner after the PIN: raises, supplements, adds, urges, withdraws, objects,
//! appeals; from JSON and from the forms of the phone page.

use diesel::{RunQueryDsl, sql_query};
use qiyema_protocol::device::Device;
use reqwest::{Client, StatusCode, header, multipart};
use serde_json::{Value, json};

use crate::{
    harness::{BOTH, Town},
    intake::{get, photo, post, with_file},
};

/// The device of somebody who knows the PIN.
async fn device(town: &Town) -> String {
    let url = town.url(&format!("/api/v1/scans/{}/devices", town.seal));
    let answer =
        crate::harness::client().post(url).json(&json!({ "pin": town.seeded.pin })).send().await.unwrap();
    answer.json::<Device>().await.unwrap().token
}

async fn raise(town: &Town, device: &str) -> String {
    let new = json!({ "category": "power", "subject": "厂区用电增容", "body": "需增容500千伏安",
        "contact": { "name": "李四", "phone": "13900001111" } });
    let (status, done) = post(town, device, &format!("/api/v1/scans/{}/issues", town.seal), &new).await;
    assert_eq!(status, 201, "{done}");
    assert!(done["message"]["zh"].as_str().unwrap().contains(done["number"].as_str().unwrap()));
    done["number"].as_str().unwrap().to_owned()
}

/// Puts an issue where the story begins; the window's own verbs are told elsewhere.
fn put(town: &Town, number: &str, state: &str) {
    let open = !["rejected", "closed", "archived", "withdrawn"].contains(&state);
    let set = format!("UPDATE issues SET state = '{state}', is_open = {open} WHERE number = '{number}'");
    assert_eq!(sql_query(set).execute(&mut **town.shared.store.connection().unwrap()).unwrap(), 1);
}

async fn deed(town: &Town, device: &str, number: &str, noun: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/scans/{}/issues/{number}/{noun}", town.seal);
    let (status, answer) = post(town, device, &path, &body).await;
    (status.as_u16(), answer)
}

async fn card(town: &Town, device: &str, number: &str) -> Value {
    get(town, device, &format!("/api/v1/scans/{}/issues/{number}", town.seal)).await.1
}

/// A town where nobody is throttled by the tests' haste.
fn town(database: &str) -> Town {
    Town::with(database, &[("limits.ratings_per_minute", "1000"), ("limits.scans_per_minute", "1000")])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_raises_adds_urges_and_withdraws() {
    for database in BOTH {
        let town = town(database);
        let device = device(&town).await;
        let number = raise(&town, &device).await;
        let shown = card(&town, &device, &number).await;
        assert_eq!(shown["owner"]["deeds"], json!(["withdraw", "add_facts", "urge"]), "{database}");
        let scanned =
            crate::harness::get(town.url(&format!("/api/v1/scans/{}/issues/{number}", town.seal))).await;
        let text = scanned.unwrap().text().await.unwrap();
        for private in ["增容", "李四", "13900001111", "deeds"] {
            assert!(!text.contains(private), "{database}: the scan tier shows {private}");
        }
        let staff = town.token("intake_officer").await;
        let (_, issue) = get(&town, &staff, &format!("/api/v1/staff/issues/{number}")).await;
        assert_eq!((&issue["contact"]["phone"], &issue["channel"]), (&json!("13900001111"), &json!("code")));

        let (status, done) = deed(&town, &device, &number, "facts", json!({ "text": "变压器已到货" })).await;
        assert_eq!((status, &done["state"]), (201, &json!("submitted")), "{database}");
        assert_eq!(deed(&town, &device, &number, "facts", json!({ "text": "" })).await.0, 422);
        assert!(card(&town, &device, &number).await["owner"]["asked"].is_null(), "nothing is asked");
        assert_eq!(deed(&town, &device, &number, "supplement", json!({ "text": "没有人要" })).await.0, 409);
        assert_eq!(deed(&town, &device, &number, "objection", json!({ "text": "还没办" })).await.0, 409);

        let offered = |card: Value, verb: &str| {
            card["owner"]["deeds"].as_array().unwrap().iter().any(|deed| deed == verb)
        };
        assert!(offered(card(&town, &device, &number).await, "urge"), "{database}");
        let urge = || deed(&town, &device, &number, "urging", json!({ "text": "请尽快" }));
        let (one, other) = tokio::join!(urge(), urge());
        let mut statuses = [one.0, other.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{database}: once a working day: {one:?} {other:?}");
        assert!([&one, &other].iter().any(|answer| answer.1["code"] == "urged_already"));

        let after = card(&town, &device, &number).await;
        assert!(!offered(after.clone(), "urge"), "{database}: what would be refused today is not offered");
        assert!(offered(after, "add_facts"), "{database}");

        let (status, done) = deed(&town, &device, &number, "withdrawal", json!({})).await;
        assert_eq!((status, &done["state"]), (201, &json!("withdrawn")), "{database}");
        assert_eq!(deed(&town, &device, &number, "withdrawal", json!({})).await.0, 409);
        assert_eq!(deed(&town, &device, &number, "urging", json!({})).await.0, 409);
        let shown = card(&town, &device, &number).await;
        assert_eq!(shown["owner"]["deeds"], json!([]));
        let notes: Vec<&str> =
            shown["owner"]["history"].as_array().unwrap().iter().filter_map(|h| h["note"].as_str()).collect();
        assert_eq!(notes, ["变压器已到货", "请尽快"], "{database}: what the owner said stands in the record");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_supplements_objects_and_appeals_once() {
    for database in BOTH {
        let town = town(database);
        let device = device(&town).await;
        let number = raise(&town, &device).await;
        let window = town.token("intake_officer").await;
        let path = format!("/api/v1/staff/issues/{number}/supplement-request");
        let (status, asked) =
            post(&town, &window, &path, &json!({ "version": 1, "note": "请提供营业执照" })).await;
        assert_eq!(status, 201, "{database}: {asked}");
        let shown = card(&town, &device, &number).await;
        assert_eq!(shown["owner"]["deeds"][0], json!("supplement"), "{database}");
        assert_eq!(shown["owner"]["asked"], json!("请提供营业执照"), "{database}: what is asked is shown");
        let form =
            browser(&town).await.get(town.url(&format!("/c/{}/issues/{number}/supplement", town.seal)));
        assert!(form.send().await.unwrap().text().await.unwrap().contains("请提供营业执照"), "{database}");
        let (status, done) =
            deed(&town, &device, &number, "supplement", json!({ "text": "营业执照附后" })).await;
        assert_eq!((status, &done["state"]), (201, &json!("submitted")), "{database}");

        put(&town, &number, "rejected");
        let appeal = || deed(&town, &device, &number, "appeal", json!({ "text": "属于供电范围" }));
        assert_eq!(appeal().await.0, 201);
        put(&town, &number, "rejected");
        let deeds = card(&town, &device, &number).await["owner"]["deeds"].clone();
        assert_eq!(deeds, json!([]), "{database}: a second appeal is not offered");
        let (status, refused) = appeal().await;
        assert_eq!((status, &refused["code"]), (409, &json!("appealed_already")), "{database}");

        let mut closed = None;
        for page in 1..=2 {
            let board = get(&town, &device, &format!("/api/v1/scans/{}?page={page}", town.seal)).await.1;
            let all = board["issues"].as_array().unwrap().iter();
            let number = |card: &Value| card["number"].as_str().unwrap().to_owned();
            closed = closed.or_else(|| all.filter(|card| card["state"] == "closed").map(number).next());
        }
        let closed = &*closed.expect("the demo closed some");
        let (status, done) =
            deed(&town, &device, closed, "objection", json!({ "text": "路灯还是不亮" })).await;
        assert_eq!((status, &done["state"]), (201, &json!("rectifying")), "{database}: {done}");
        assert_eq!(deed(&town, &device, closed, "objection", json!({ "text": "再说一次" })).await.0, 409);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_pin_or_for_another_enterprise_nothing_is_done() {
    for database in BOTH {
        let town = town(database);
        let owner = device(&town).await;
        let new = json!({ "category": "power", "subject": "用电", "body": "增容" });
        let issues = format!("/api/v1/scans/{}/issues", town.seal);
        for stranger in ["nobody", &town.token("intake_officer").await] {
            let (status, refused) = post(&town, stranger, &issues, &new).await;
            assert_eq!((status.as_u16(), &refused["code"]), (401, &json!("device_unknown")), "{database}");
        }
        let staff = town.token("intake_officer").await;
        let list = get(&town, &staff, "/api/v1/staff/issues").await.1;
        let board = get(&town, &owner, &format!("/api/v1/scans/{}", town.seal)).await.1;
        let own = board["enterprise"]["name"].as_str().unwrap();
        let foreign =
            list["issues"].as_array().unwrap().iter().find(|one| one["enterprise_name"] != own).unwrap();
        let foreign = foreign["number"].as_str().unwrap();
        for noun in ["facts", "urging", "withdrawal", "objection", "supplement", "appeal"] {
            let body =
                if matches!(noun, "urging" | "withdrawal") { json!({}) } else { json!({ "text": "你好" }) };
            let (status, refused) = deed(&town, &owner, foreign, noun, body).await;
            assert_eq!((status, &refused["code"]), (404, &json!("issue_unknown")), "{database}: {noun}");
        }
        for (field, bad) in
            [("category", json!("moon")), ("subject", json!("x")), ("body", json!("\u{202e}钓鱼"))]
        {
            let mut body = new.clone();
            body[field] = bad;
            assert_eq!(post(&town, &owner, &issues, &body).await.0, 422, "{database}: {field}");
        }
        for _ in 0..10 {
            raise(&town, &owner).await;
        }
        let (status, refused) = post(&town, &owner, &issues, &new).await;
        assert_eq!((status.as_u16(), &refused["code"]), (429, &json!("too_many_attempts")), "ten a day");
        assert!(refused["retry_after"].as_u64().unwrap() <= 24 * 3600);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_whom_it_was_meant() {
    for database in BOTH {
        let town = town(database);
        let owner = device(&town).await;
        let number = raise(&town, &owner).await;
        let staff = town.token("intake_officer").await;
        let upload = async |token: &str, path: String, name: &str, bytes: Vec<u8>| -> Value {
            let ask = crate::harness::client()
                .post(town.url(&path))
                .bearer_auth(token)
                .multipart(with_file(name, bytes));
            let answer = ask.send().await.unwrap();
            assert_eq!(answer.status(), 201, "{database}: {path}");
            answer.json::<Value>().await.unwrap()["attachments"][0]["id"].clone()
        };
        let (to_staff, to_owner) = (
            format!("/api/v1/staff/issues/{number}/attachments"),
            format!("/api/v1/scans/{}/issues/{number}/attachments", town.seal),
        );
        let own = upload(&owner, to_owner.clone(), "现场.jpg", photo()).await;
        let inside = upload(&staff, to_staff.clone(), "内部.pdf", b"%PDF-1.7 inside".to_vec()).await;
        let meant =
            upload(&staff, format!("{to_staff}?for_owner=true"), "答复.pdf", b"%PDF-1.7 reply".to_vec())
                .await;
        let shown = card(&town, &owner, &number).await;
        let ids: Vec<&Value> =
            shown["owner"]["attachments"].as_array().unwrap().iter().map(|file| &file["id"]).collect();
        assert_eq!(ids, [&own, &meant], "{database}");
        let fetch = async |token: &str, path: &str, id: &Value| {
            let url = town.url(&format!("{path}/{}", id.as_str().unwrap()));
            crate::harness::client().get(url).bearer_auth(token).send().await.unwrap().status()
        };
        assert_eq!(fetch(&owner, &to_owner, &own).await, 200);
        assert_eq!(fetch(&owner, &to_owner, &meant).await, 200);
        assert_eq!(fetch(&owner, &to_owner, &inside).await, 404, "{database}: it is not for the owner");
        assert_eq!(fetch("nobody", &to_owner, &own).await, 401);
        assert_eq!(fetch(&staff, &to_staff, &own).await, 200);
        let other = raise(&town, &owner).await;
        let elsewhere = format!("/api/v1/scans/{}/issues/{other}/attachments", town.seal);
        assert_eq!(fetch(&owner, &elsewhere, &own).await, 404, "{database}: a file belongs to its issue");
    }
}

/// A browser that proved the PIN: its cookie, our own page as origin, no redirects followed.
async fn browser(town: &Town) -> Client {
    let code = town.shared.trust.open(&town.seal).unwrap().code();
    let cookie = format!("qiyema_device_{code}={}", device(town).await);
    let mut headers = header::HeaderMap::new();
    headers.insert(header::COOKIE, cookie.parse().unwrap());
    headers.insert("sec-fetch-site", "same-origin".parse().unwrap());
    crate::harness::plain()
        .default_headers(headers)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_the_phone_page_work_without_scripts() {
    for database in BOTH {
        let town = town(database);
        let browser = browser(&town).await;
        let url = |below: &str| town.url(&format!("/c/{}{below}", town.seal));
        let page = async |below: &str| {
            let answer = browser.get(url(below)).send().await.unwrap();
            (answer.status(), answer.text().await.unwrap())
        };
        let (status, form) = page("/issues/new").await;
        assert_eq!(status, 200, "{database}");
        assert!(
            form.contains("multipart/form-data")
                && form.contains("我要反映问题")
                && !form.contains("<script")
        );
        assert!(page("").await.1.contains("/issues/new?"), "the board leads there");

        let sent = |subject: &str| {
            let text = |name: &'static str, value: &str| (name, value.to_owned());
            let fields = [
                text("category", if subject == "x" { "" } else { "power" }),
                text("subject", subject),
                text("body", "厂区<b>用电</b>"),
                text("contact_name", ""),
                text("contact_phone", ""),
            ];
            let form = with_file("现场.jpg", photo());
            fields.into_iter().fold(form, |form, (name, value)| form.text(name, value))
        };
        let answer = browser.post(url("/issues")).multipart(sent("x")).send().await.unwrap();
        assert_eq!(answer.status(), 422);
        let again = answer.text().await.unwrap();
        assert!(
            again.contains("厂区&#60;b&#62;用电")
                && again.contains("subject-fault")
                && again.contains("category-fault"),
            "{database}: nothing is lost"
        );
        let answer =
            browser.post(url("/issues?lang=en&care=1")).multipart(sent("用电增容")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{database}");
        let place = answer.headers()[header::LOCATION].to_str().unwrap().to_owned();
        let number = place.split('/').nth(4).unwrap().to_owned();
        let receipt = browser.get(town.url(&place)).send().await.unwrap().text().await.unwrap();
        assert!(
            receipt.contains(&number) && receipt.contains("Submitted") && receipt.contains("class=\"care\"")
        );

        let (status, urging) = page(&format!("/issues/{number}/urging")).await;
        assert!(status == 200 && urging.contains("我要催办") && urging.contains("用电增容"), "{database}");
        let urge = || {
            browser
                .post(url(&format!("/issues/{number}/urging")))
                .header("content-type", "application/x-www-form-urlencoded")
                .body("text=")
                .send()
        };
        let answer = urge().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let place = answer.headers()[header::LOCATION].to_str().unwrap();
        // Only to the browser that did it, by a cookie; an address alone says nothing.
        let told = answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap();
        let alone = browser.get(town.url(place)).send().await.unwrap().text().await.unwrap();
        assert!(!alone.contains("催办已发出"), "{database}");
        let code = town.shared.trust.open(&town.seal).unwrap().code();
        let both = format!("qiyema_device_{code}={}; {told}", device(&town).await);
        let after = browser.get(town.url(place)).header(header::COOKIE, both).send().await.unwrap();
        assert!(after.text().await.unwrap().contains("催办已发出"), "{database}");
        let again = urge().await.unwrap();
        assert_eq!(again.status(), 409);
        assert!(again.text().await.unwrap().contains("今天已催办"));

        let facts = |text: &str| multipart::Form::new().text("text", text.to_owned());
        let to_facts = url(&format!("/issues/{number}/facts"));
        assert_eq!(browser.post(&to_facts).multipart(facts("")).send().await.unwrap().status(), 422);
        assert_eq!(
            browser.post(&to_facts).multipart(facts("变压器到货")).send().await.unwrap().status(),
            303
        );
        let evil = crate::harness::client().post(&to_facts).header("sec-fetch-site", "cross-site");
        assert_eq!(
            evil.multipart(facts("x y")).send().await.unwrap().status(),
            403,
            "{database}: another site"
        );
        let board = page(&format!("?lang=zh#{number}")).await.1;
        assert!(board.contains("变压器到货") && board.contains("现场.jpg"), "{database}");

        assert_eq!(page(&format!("/issues/{number}/objection")).await.0, 409, "not closed yet");
        assert_eq!(page(&format!("/issues/{number}/moon")).await.0, 404);
        assert_eq!(page("/issues/Q20000101-00000/urging").await.0, 404);
        let stranger = crate::harness::get(url("/issues/new")).await.unwrap();
        assert_eq!(stranger.status(), 401, "{database}: the PIN first");
    }
}
