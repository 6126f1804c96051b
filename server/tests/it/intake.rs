//! Intake at the window: finding an enterprise as one types, what it asked
//! before, files, and the channels' own systems.

use chrono::Duration;
use qiyema_server::{
    secrets::token::fingerprint,
    store::{
        api_tokens::{self, ApiTokenRow},
        columns::column,
    },
};
use reqwest::{StatusCode, multipart};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town};

/// A photo of a telephone: EXIF with a place, a comment.
pub fn photo() -> Vec<u8> {
    let plain = include_bytes!("../../../tests/photos/set/jpeg30-000.jpg");
    let mut out = plain[..2].to_vec();
    for (marker, body) in
        [(0xe1, &b"Exif\0\0MM\0*\0\0\0\x08\0\0GPSLatitude 30.8703 Li Si"[..]), (0xfe, b"taken by Li Si")]
    {
        out.extend([0xff, marker]);
        out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        out.extend(body);
    }
    out.extend(&plain[2..]);
    out
}

/// A form with one file.
pub fn with_file(name: &str, bytes: Vec<u8>) -> multipart::Form {
    multipart::Form::new().part("file", multipart::Part::bytes(bytes).file_name(name.to_owned()))
}

pub async fn get(town: &Town, token: &str, path: &str) -> (StatusCode, Value) {
    let answer = crate::harness::client().get(town.url(path)).bearer_auth(token).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

pub async fn post(town: &Town, token: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer =
        crate::harness::client().post(town.url(path)).bearer_auth(token).json(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn upload(town: &Town, token: &str, path: &str, form: multipart::Form) -> (StatusCode, Value) {
    let answer = crate::harness::client()
        .post(town.url(path))
        .bearer_auth(token)
        .multipart(form)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn enterprise(town: &Town, token: &str, uscc: &str, name: &str) -> String {
    let new = json!({ "uscc": uscc, "name": name });
    let (status, made) = post(town, token, "/api/v1/staff/enterprises", &new).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_is_found_as_one_types_the_likeliest_first() {
    for database in BOTH {
        let town = Town::on(database);
        let token = town.token("intake_officer").await;
        enterprise(&town, &token, "91440300192317458F", "重庆长江(湖州)绿能有限公司").await;
        enterprise(&town, &token, "91330100799655058B", "绿能机械厂").await;
        let names = async |typed: &str| -> Vec<String> {
            let url = town.url("/api/v1/staff/enterprises");
            let ask = crate::harness::client().get(url).query(&[("q", typed)]).bearer_auth(&token);
            let found: Value = ask.send().await.unwrap().json().await.unwrap();
            let list = found["enterprises"].as_array().unwrap().iter();
            list.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
        };
        let (long, short) = ("重庆长江(湖州)绿能有限公司", "绿能机械厂");
        for typed in [
            "重庆长江",
            "chongqing",
            "zhongqing changjiang",
            "CQCJ",
            "914403001923",
            "(湖州)绿能",
            "湖州绿能",
        ] {
            assert_eq!(names(typed).await.first().map(String::as_str), Some(long), "{database}: {typed}");
        }
        assert_eq!(names("绿能").await, [short, long], "{database}: a name that begins so comes first");
        assert_eq!(names("lvn").await, [short, long], "{database}: a reading that begins so comes first");
        assert!(names("没有这家").await.is_empty() && names("%").await.len() >= 2, "{database}");
        assert!(names("\u{2019}; DROP TABLE enterprises").await.is_empty(), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_an_older_rule_are_made_again() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let old = "UPDATE enterprises SET search_key = 'old', key_version = 0";
        let rows = diesel::RunQueryDsl::execute(diesel::sql_query(old), &mut **db).unwrap();
        let renewed = qiyema_server::store::enterprises::renew_keys(&mut db, 3).unwrap();
        assert_eq!(renewed, 3, "so many at a time");
        let rest = qiyema_server::store::enterprises::renew_keys(&mut db, 500).unwrap();
        assert_eq!(renewed + rest, rows, "{database}");
        assert_eq!(qiyema_server::store::enterprises::renew_keys(&mut db, 500).unwrap(), 0);
        let found = qiyema_server::store::enterprises::search(&mut db, "hu", 50).unwrap();
        assert!(!found.is_empty(), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_enterprise_asked_before_is_offered_and_the_channels_number_is_its_own() {
    for database in BOTH {
        let town = Town::on(database);
        let token = town.token("intake_officer").await;
        let id = enterprise(&town, &token, "91330100799655058B", "杭州示例有限公司").await;
        let path = format!("/api/v1/staff/enterprises/{id}/issues");
        let new = json!({
            "subject": "厂区用电增容申请迟迟未批复", "body": "需增容", "category": "power", "channel": "hotline12345",
            "reference": "WT-2026/001", "level": "town", "contact": { "name": "张三", "phone": "138 1234 8000" },
        });
        let (status, issue) = post(&town, &token, &path, &new).await;
        assert_eq!(status, 201, "{issue}");
        assert_eq!((&issue["contact"]["name"], &issue["reference"]), (&json!("张三"), &json!("WT-2026/001")));
        let (status, refused) = post(&town, &token, &path, &new).await;
        assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("reference_taken")), "{database}");

        let similar = async |subject: &str, of: &str| {
            let url = town.url(&format!("/api/v1/staff/enterprises/{of}/issues/similar"));
            let ask = crate::harness::client().get(url).query(&[("subject", subject), ("category", "power")]);
            let found: Value = ask.bearer_auth(&token).send().await.unwrap().json().await.unwrap();
            found["issues"].as_array().map_or(0, Vec::len)
        };
        assert_eq!(similar("用电增容未批复", &id).await, 1, "{database}");
        assert_eq!(similar("出口退税到账慢", &id).await, 0);
        let other = enterprise(&town, &token, "914403001922038216", "深圳示例有限公司").await;
        assert_eq!(similar("用电增容未批复", &other).await, 0, "another enterprise's issues are not offered");

        let (status, wrong) = post(
            &town,
            &token,
            &path,
            &json!({ "subject": "x", "body": "", "category": "power", "channel": "window",
                "contact": { "name": "", "phone": "abc" } }),
        )
        .await;
        let fields: Vec<&str> =
            wrong["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
        assert_eq!((status.as_u16(), fields), (422, vec!["subject", "body", "contact.phone"]));
        let auditor = town.token("auditor").await;
        let number = issue["number"].as_str().unwrap();
        let (_, seen) = get(&town, &auditor, &format!("/api/v1/staff/issues/{number}")).await;
        assert!(seen["contact"].is_null(), "who audits does not need to call: {seen}");
        let (_, hint) = get(&town, &token, "/api/v1/staff/categories/power/suggestion").await;
        assert!(hint["working_days"].is_u64() || hint["hours"].is_u64(), "{hint}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_cleaned_kept_once_and_handed_to_those_who_see_the_issue() {
    for database in BOTH {
        let town = Town::on(database);
        let token = town.token("intake_officer").await;
        let id = enterprise(&town, &token, "91330100799655058B", "杭州示例有限公司").await;
        let new =
            json!({ "subject": "道路积水", "body": "厂门口", "category": "power", "channel": "window" });
        let (_, issue) = post(&town, &token, &format!("/api/v1/staff/enterprises/{id}/issues"), &new).await;
        let path = format!("/api/v1/staff/issues/{}/attachments", issue["number"].as_str().unwrap());
        let (status, kept) = upload(&town, &token, &path, with_file("../厂门口.exe", photo())).await;
        assert_eq!(status, 201, "{database}: {kept}");
        let file = &kept["attachments"][0];
        assert_eq!((&file["name"], &file["media_type"]), (&json!("厂门口.jpg"), &json!("image/jpeg")));
        assert_eq!(file["for_owner"], json!(false), "what staff attach is not for the owner unless said so");
        let (_, again) = upload(&town, &token, &path, with_file("b.jpg", photo())).await;
        assert_eq!(again["attachments"][0]["id"], file["id"], "{database}: the same file is one file");

        let place = format!("{path}/{}", file["id"].as_str().unwrap());
        let answer = crate::harness::client().get(town.url(&place)).bearer_auth(&token).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(header("content-disposition").contains("%E5%8E%82%E9%97%A8%E5%8F%A3.jpg"));
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.starts_with(b"\xff\xd8\xff") && bytes.len() < photo().len());
        for secret in ["GPSLatitude", "Li Si"] {
            let left = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!left, "{database}: {secret} stayed");
        }
        let stranger = town.token("lijianguo").await;
        let (status, refused) = get(&town, &stranger, &place).await;
        assert_eq!((status.as_u16(), &refused["code"]), (404, &json!("issue_unknown")), "{database}");
        let (status, refused) = get(&town, &token, &format!("{path}/nothing")).await;
        assert_eq!((status.as_u16(), &refused["code"]), (404, &json!("attachment_unknown")));

        let pdf = b"%PDF-1.7\n%%EOF".to_vec();
        let (_, kept) = upload(&town, &token, &path, with_file("说明.png", pdf.clone())).await;
        let place = format!("{path}/{}", kept["attachments"][0]["id"].as_str().unwrap());
        let answer = crate::harness::client().get(town.url(&place)).bearer_auth(&token).send().await.unwrap();
        assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert_eq!(answer.bytes().await.unwrap(), pdf);

        for (name, bytes, refusal) in [
            ("a.png", b"<html><script>".to_vec(), 422),
            ("a.jpg", b"\xff\xd8\xff\xe0 cut".to_vec(), 422),
            ("a.pdf", [b"%PDF-1.4".to_vec(), vec![b' '; 10 * 1024 * 1024]].concat(), 413),
        ] {
            let (status, refused) = upload(&town, &token, &path, with_file(name, bytes)).await;
            assert_eq!(status, refusal, "{name}: {refused}");
        }
        let six = (0..6).fold(multipart::Form::new(), |form, n| {
            form.part("file", multipart::Part::bytes(format!("%PDF-1.4 {n}").into_bytes()).file_name("a.pdf"))
        });
        assert_eq!(upload(&town, &token, &path, six).await.0, 422, "five at once");
        for round in 0..4 {
            let batch = (0..5).fold(multipart::Form::new(), |form, n| {
                let bytes = format!("%PDF-1.4 {round}/{n}").into_bytes();
                form.part("file", multipart::Part::bytes(bytes).file_name("a.pdf"))
            });
            let (status, answer) = upload(&town, &token, &path, batch).await;
            // Two were there: the fourth five are more than twenty.
            assert_eq!(status.as_u16(), if round < 3 { 201 } else { 409 }, "{round}: {answer}");
        }
        let (_, list) = get(&town, &token, &path).await;
        assert_eq!(list["attachments"].as_array().unwrap().len(), 17, "{database}: all five or none");
        let nobody = crate::harness::client()
            .post(town.url(&path))
            .multipart(with_file("a.pdf", pdf))
            .send()
            .await
            .unwrap();
        assert_eq!(nobody.status(), 401);
    }
}

/// An API token, as an administrator makes one.
pub fn token(town: &Town, channel: &str, scopes: &str) -> String {
    bound(town, Some(channel), scopes)
}

/// The same, bound to a channel or to none.
pub fn bound(town: &Town, channel: Option<&str>, scopes: &str) -> String {
    let name = channel.unwrap_or("none");
    let (text, at) = (format!("qyt_{name}-{scopes}"), town.shared.clock.now());
    let row = ApiTokenRow {
        id: format!("token-{name}-{scopes}"),
        name: "12345 platform".into(),
        token_hash: fingerprint(&text),
        scopes: scopes.into(),
        channel_id: channel.map(Into::into),
        made_at: column(at),
        made_by: "test".into(),
        expires_at: column(at + Duration::days(1)),
        last_used_on: None,
        revoked_at: None,
    };
    api_tokens::insert(&mut town.shared.store.connection().unwrap(), &row).unwrap();
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channels_system_posts_once_however_often_it_asks() {
    for database in BOTH {
        let town = Town::on(database);
        let staff = town.token("intake_officer").await;
        enterprise(&town, &staff, "91330100799655058B", "杭州示例有限公司").await;
        let machine = token(&town, "hotline12345", "issues:write issues:read");
        let path = "/api/v1/channels/hotline12345/issues";
        let new = json!({
            "reference": "HZ-2026-7788", "uscc": "9133 0100 799655058b", "subject": "道路积水",
            "body": "厂门口道路积水", "category": "power", "contact": { "name": "张三", "phone": "13812348000" },
        });
        let ask = async |body: &Value, key: Option<&str>| {
            let mut ask = crate::harness::client().post(town.url(path)).bearer_auth(&machine).json(body);
            if let Some(key) = key {
                ask = ask.header("Idempotency-Key", key);
            }
            let answer = ask.send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        };
        let (one, other) = tokio::join!(ask(&new, Some("k1")), ask(&new, None));
        let mut statuses = [one.0, other.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 201], "{database}: two at once make one: {one:?} {other:?}");
        assert_eq!(one.1["number"], other.1["number"]);
        assert!(one.1["contact"].is_null());
        assert_eq!(ask(&new, Some("k2")).await.0, 200);
        let mut second = new.clone();
        second["reference"] = json!("HZ-2026-7789");
        assert_eq!(ask(&second, Some("k3")).await.0, 201);
        let mut third = second.clone();
        third["reference"] = json!("HZ-2026-7790");
        let (status, refused) = ask(&third, Some("k3")).await;
        assert_eq!((status, &refused["code"]), (422, &json!("idempotency_key_reused")), "{database}");

        let (status, read) = get(&town, &machine, &format!("{path}/HZ-2026-7788")).await;
        assert_eq!((status.as_u16(), &read["state"]), (200, &json!("submitted")));
        assert_eq!(get(&town, &machine, &format!("{path}/nothing")).await.0, 404);
        for (field, value) in
            [("uscc", json!("914403001922038216")), ("uscc", json!("short")), ("subject", json!("x"))]
        {
            let mut bad = new.clone();
            bad["reference"] = json!("HZ-bad");
            bad[field] = value;
            let (status, refused) = ask(&bad, None).await;
            assert_eq!(
                (status, &refused["errors"][0]["field"]),
                (422, &json!(field)),
                "{database}: {refused}"
            );
        }
        let elsewhere = post(&town, &machine, "/api/v1/channels/window/issues", &new).await;
        assert_eq!((elsewhere.0.as_u16(), &elsewhere.1["code"]), (403, &json!("forbidden")));
        let reader = token(&town, "hotline12345", "issues:read");
        assert_eq!(post(&town, &reader, path, &new).await.0, 403);
        assert_eq!(post(&town, &staff, path, &new).await.0, 401, "people are no machines");
        assert_eq!(post(&town, "qyt_unknown", path, &new).await.0, 401);
    }
}

/// The digits that are drawn are few; when they are used up there are more, and after those a refusal, not a wait.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_whose_numbers_are_taken_has_longer_ones_and_an_end() {
    use diesel::{RunQueryDsl, sql_query};
    use qiyema_server::{actions::issue::open, store::connection::Db};
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let day: chrono::NaiveDate = "2026-11-23".parse().unwrap();
        let drawn = |db: &mut Db| {
            let mut draws = 0;
            let number = open::draw(db, day, || {
                draws += 1;
                Ok(123_400_071)
            });
            (number.map_err(|refused| format!("{refused:?}")), draws)
        };
        let take = |db: &mut Db, number: &str| {
            let other = "(SELECT min(id) FROM issues WHERE number NOT LIKE 'Q20261123-%')";
            sql_query(format!("UPDATE issues SET number = '{number}' WHERE id = {other}"))
                .execute(db)
                .unwrap();
        };
        assert_eq!(drawn(&mut db), (Ok("Q20261123-00071".to_owned()), 1), "{database}");
        take(&mut db, "Q20261123-00071");
        let (longer, tries) = drawn(&mut db);
        assert_eq!(longer.as_deref(), Ok("Q20261123-23400071"), "{database}");
        assert!((2..=50).contains(&tries), "{database}: {tries}");
        take(&mut db, "Q20261123-23400071");
        let (none, tries) = drawn(&mut db);
        assert!(none.unwrap_err().contains("今天的问题编号暂时取不到"), "{database}");
        assert!(tries <= 50, "{database}: {tries}");
    }
}

/// Whoever may not attach is told so before a file is taken in.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_somebody_who_may_not_attach_is_not_kept() {
    fn files(folder: &std::path::Path) -> usize {
        let all = std::fs::read_dir(folder).map(|all| all.flatten().collect::<Vec<_>>()).unwrap_or_default();
        all.iter().map(|one| if one.path().is_dir() { files(&one.path()) } else { 1 }).sum()
    }
    for database in BOTH {
        let town = Town::on(database);
        let token = town.token("performance_reviewer").await;
        let (_, list) = get(&town, &token, "/api/v1/staff/issues?state=in_progress").await;
        let path =
            format!("/api/v1/staff/issues/{}/attachments", list["issues"][0]["number"].as_str().unwrap());
        let folder = town.shared.config.paths.data.clone();
        let before = files(&folder);
        let (status, refused) = upload(&town, &token, &path, with_file("现场.jpg", photo())).await;
        assert_eq!((status.as_u16(), &refused["code"]), (403, &json!("forbidden")), "{database}: {refused}");
        assert_eq!(files(&folder), before, "{database}: nothing is left on the disk");
    }
}
