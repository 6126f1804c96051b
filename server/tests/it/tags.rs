//! The tags that ratings carry, changed at the console and from outside: a version is looked at, published, and never
//! taken back; what was rated before keeps its words; whoever was slower learns of it.

use std::time::Duration;

use qiyema_protocol::{
    rating::{Rated, RatingTag, RatingTags},
    staff::Role,
    text::Text,
};
use qiyema_server::{
    actions::{Refused, admin::tags, rights::Actor},
    store,
};
use serde_json::{Value, json};

use crate::{
    administration::person_of,
    console::{Browser, place},
    harness::{BOTH, Town},
    ratings::{device, unrated},
};

const PLACE: &str = "/console/tags";
const API: &str = "/api/v1/admin/tags";

type Fields = Vec<(String, String)>;

/// What a browser would send of a page's form: hidden, text and number fields, and what is selected.
fn filled(page: &str) -> Fields {
    let mut fields = Fields::new();
    for piece in page.split('<').skip(1) {
        let of = |name: &str| {
            let (_, rest) = piece.split_once(&format!(" {name}=\""))?;
            rest.split('"').next().map(ToOwned::to_owned)
        };
        let kind = of("type").unwrap_or_default();
        if piece.starts_with("select") {
            fields.push((of("name").unwrap(), String::new()));
        } else if piece.starts_with("option") && piece.contains(" selected") {
            fields.last_mut().unwrap().1 = of("value").unwrap();
        } else if piece.starts_with("input") && ["hidden", "text", "number"].contains(&&*kind) {
            fields.push((of("name").unwrap(), of("value").unwrap()));
        }
    }
    fields
}

/// The number of the row in which this stands.
fn row(fields: &Fields, field: &str, value: &str) -> String {
    let found = fields.iter().find(|(name, typed)| name.starts_with(&format!("{field}-")) && typed == value);
    found.unwrap_or_else(|| panic!("{value} in {fields:?}")).0.split_once('-').unwrap().1.to_owned()
}

fn set(fields: &mut Fields, name: &str, value: &str) {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
}

async fn post(browser: &Browser, path: &str, fields: &Fields) -> reqwest::Response {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.knock(path, &fields).await
}

/// Status, and the page or where it leads.
async fn send(browser: &Browser, path: &str, fields: &Fields) -> (u16, String) {
    let answer = post(browser, path, fields).await;
    let status = answer.status().as_u16();
    if status == 303 {
        return (status, place(&answer).to_owned());
    }
    (status, answer.text().await.unwrap())
}

async fn offered(town: &Town) -> RatingTags {
    crate::harness::get(town.url("/api/v1/rating-tags")).await.unwrap().json().await.unwrap()
}

fn tag(score: u8, id: &str, zh: &str) -> RatingTag {
    RatingTag { id: id.to_owned(), score, text: Text::new(zh, id) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_looked_at_and_published_owners_are_offered_it_and_an_old_rating_keeps_its_words() {
    for database in BOTH {
        let town = Town::on(database);
        let (number, token) = (unrated(&town).await, device(&town).await);
        let rate = async |number: &str, tags: Value| {
            let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
            let asked = crate::harness::client().post(url).bearer_auth(&token);
            asked.json(&json!({ "verdict": "bad", "tags": tags })).send().await.unwrap()
        };
        let old: Rated = rate(&number, json!(["vague_answer"])).await.json().await.unwrap();

        let administrator = Browser::signed_in(&town, "administrator").await;
        let page = administrator.page(PLACE).await;
        for said in [
            "第1版",
            "系统自带",
            "还没有以前的版本",
            "答复笼统不明确",
            "Vague answer",
            "vague_answer",
            "5/4 非常满意、满意",
        ] {
            assert!(page.contains(said), "{database}: {said} in {page}");
        }
        assert!(
            page.contains(&format!("href=\"{PLACE}\" aria-current=\"page\">评价标签")),
            "{database}: {page}"
        );

        let mut fields = filled(&administrator.page(&format!("{PLACE}/edit")).await);
        let n = row(&fields, "id", "vague_answer");
        set(&mut fields, &format!("zh-{n}"), "答复含糊");
        set(&mut fields, &format!("place-{n}"), "1");
        let n = row(&fields, "id", "stiff_manner");
        set(&mut fields, &format!("out-{n}"), "yes");
        let n = row(&fields, "zh", "");
        for (field, text) in [("zh", "只给了格式答复"), ("en", "A form letter only"), ("score", "2")] {
            set(&mut fields, &format!("{field}-{n}"), text);
        }
        let (status, preview) = send(&administrator, &format!("{PLACE}/preview"), &fields).await;
        assert_eq!(status, 200, "{database}: {preview}");
        for said in [
            "新增1个，停用1个，修改1个，不变20个",
            "先后顺序有调整",
            "答复含糊",
            "答复笼统不明确",
            "v2_1",
            "不能撤回",
            "发布第2版",
        ] {
            assert!(preview.contains(said), "{database}: {said} in {preview}");
        }
        assert_eq!(offered(&town).await.version, 1, "{database}: looking publishes nothing");

        // Back to the form: all is as it was typed.
        let confirm = filled(&preview);
        let mut back = confirm.clone();
        set(&mut back, "back", "yes");
        let (status, form) = send(&administrator, PLACE, &back).await;
        assert_eq!(status, 200, "{database}");
        let typed = filled(&form);
        let n = row(&typed, "id", "stiff_manner");
        assert!(form.contains(&format!("name=\"out-{n}\" value=\"yes\" checked")), "{database}: {form}");
        row(&typed, "zh", "只给了格式答复");

        let done = (303, format!("{PLACE}?done=published"));
        assert_eq!(send(&administrator, PLACE, &confirm).await, done, "{database}");
        let twice = post(&administrator, PLACE, &confirm).await;
        assert_eq!(place(&twice), done.1, "{database}: pressed twice is published once");
        let page = administrator.follow(&twice).await.text().await.unwrap();
        for said in [
            "已发布，企业现在看到的就是新版本",
            "第2版",
            "沈立",
            "<summary>第1版 · 系统自带 · 22</summary>",
            "服务态度生硬",
        ] {
            assert!(page.contains(said), "{database}: {said} in {page}");
        }
        let now = offered(&town).await;
        let bad: Vec<&str> = now.tags.iter().filter(|tag| tag.score == 2).map(|tag| &*tag.text.zh).collect();
        assert_eq!(now.version, 2, "{database}");
        assert_eq!(bad[0], "答复含糊", "{database}: its place is the first of its score");
        assert_eq!(bad[bad.len() - 1], "只给了格式答复", "{database}: {bad:?}");
        assert!(!bad.contains(&"服务态度生硬"), "{database}");

        let number = unrated(&town).await;
        let form = town.url(&format!("/c/{}/issues/{number}/ratings", town.seal));
        let form = crate::harness::get(form).await.unwrap().text().await.unwrap();
        assert!(form.contains("答复含糊") && form.contains("只给了格式答复"), "{database}: {form}");
        assert!(!form.contains("答复笼统不明确") && !form.contains("服务态度生硬"), "{database}: {form}");
        let new: Rated = rate(&number, json!(["v2_1", "vague_answer"])).await.json().await.unwrap();
        for (rated, words) in [(&old, "答复笼统不明确"), (&new, "答复含糊")] {
            let path = format!("/api/v1/staff/ratings/{}", rated.rating);
            let view = town.send("performance_reviewer", "GET", &path, Value::Null).await.1;
            assert!(view["tags"].to_string().contains(words), "{database}: {view}");
        }
        let trail = town.send("auditor", "GET", "/api/v1/admin/events", Value::Null).await.1;
        assert_eq!(
            (&trail["events"][0]["kind"], &trail["events"][0]["by"]),
            (&json!("tags_published"), &json!("administrator"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_outside_versions_are_read_and_published_and_what_is_wrong_is_named() {
    for database in BOTH {
        let town = Town::on(database);
        let (status, list) = town.send("auditor", "GET", API, Value::Null).await;
        assert_eq!((status, list["versions"].as_array().unwrap().len()), (200, 1), "{database}: {list}");
        assert_eq!(list["versions"][0].get("at"), None, "{database}: it came with the system");
        let first = json!({ "version": 1, "tags": list["versions"][0]["tags"] });
        let publish = async |body: &Value| town.send("administrator", "POST", API, body.clone()).await;
        let named = |answer: &Value| -> Vec<String> {
            let errors = answer["errors"].as_array().unwrap();
            errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
        };
        let with = |change: &dyn Fn(&mut Value)| {
            let mut body = first.clone();
            change(&mut body);
            body
        };
        for (body, fields) in [
            (first.clone(), &["tags"][..]),
            (with(&|body| body["version"] = json!(7)), &["version"]),
            (with(&|body| body["tags"][2]["id"] = json!("Good!")), &["tags.2.id"]),
            (with(&|body| body["tags"][3]["text"]["en"] = json!("  ")), &["tags.3.text.en"]),
            (with(&|body| body["tags"][0]["text"]["zh"] = json!("没有人联系我")), &["tags.12.text.zh"]),
            (with(&|body| body["tags"][1]["score"] = json!(4)), &["tags.1.score"]),
            (json!({ "version": 1, "tags": [tag(5, "good", "好")] }), &["tags"]),
            (json!({ "version": 1 }), &["tags"]),
        ] {
            let (status, answer) = publish(&body).await;
            assert_eq!((status, &answer["code"]), (422, &json!("invalid_input")), "{database}: {answer}");
            assert_eq!(named(&answer), fields, "{database}: {answer}");
        }
        assert_eq!(offered(&town).await.version, 1, "{database}: nothing of it was published");

        let edited = with(&|body| body["tags"][0]["text"] = json!({ "zh": " 很快 ", "en": "Quick" }));
        let (status, answer) = publish(&edited).await;
        assert_eq!((status, &answer["version"]), (201, &json!(2)), "{database}: {answer}");
        let now = offered(&town).await;
        assert_eq!(json!(now), answer, "{database}: the answer is what is offered");
        assert_eq!(now.tags[0].text, Text::new("很快", "Quick"), "{database}");
        let (status, late) = publish(&with(&|body| body["tags"][1]["score"] = json!(3))).await;
        assert_eq!(
            (status, &late["code"], &late["version"]),
            (409, &json!("version_conflict"), &json!(2)),
            "{database}: {late}"
        );
        assert_eq!(late["changes"][0]["by"], "沈立", "{database}: {late}");
        assert!(
            late["detail"]["zh"].as_str().unwrap().contains("沈立：发布评价标签第2版"),
            "{database}: {late}"
        );
        let list = town.send("performance_reviewer", "GET", API, Value::Null).await.1;
        let told = |n: usize| (list["versions"][n]["version"].clone(), list["versions"][n]["by"].clone());
        assert_eq!((told(0), told(1)), ((json!(2), json!("沈立")), (json!(1), Value::Null)), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_one_learns_of_the_other_and_keeps_what_he_typed() {
    for database in BOTH {
        let town = Town::on(database);
        let slower = Browser::signed_in(&town, "administrator").await;
        let faster = person_of(&town, Role::Administrator, &[]);
        let mut fields = filled(&slower.page(&format!("{PLACE}/edit")).await);
        let n = row(&fields, "id", "late_updates");
        set(&mut fields, &format!("zh-{n}"), "进度更新太慢");
        let preview = send(&slower, &format!("{PLACE}/preview"), &fields).await.1;

        let mut theirs = offered(&town).await;
        theirs.tags[0].text.zh = "响应很快".to_owned();
        theirs.tags.push(tag(1, "their_own", "他人新增"));
        assert_eq!(town.send(&faster, "POST", API, json!(theirs)).await.0, 201, "{database}");

        let (status, page) = send(&slower, PLACE, &filled(&preview)).await;
        assert_eq!(status, 409, "{database}: {page}");
        for said in ["某人：发布评价标签第2版", "没有发布", "第2版", "进度更新太慢", "响应很快", "他人新增"]
        {
            assert!(page.contains(said), "{database}: {said} in {page}");
        }
        assert!(!page.contains("响应及时"), "{database}: what he left alone follows the newer version");
        let (status, stale) = send(&slower, &format!("{PLACE}/preview"), &fields).await;
        assert_eq!(status, 409, "{database}: the preview says it too: {stale}");

        let (status, preview) = send(&slower, &format!("{PLACE}/preview"), &filled(&page)).await;
        assert_eq!(status, 200, "{database}: {preview}");
        assert!(preview.contains("新增0个，停用0个，修改1个，不变22个"), "{database}: {preview}");
        assert_eq!(send(&slower, PLACE, &filled(&preview)).await.0, 303, "{database}");
        let now = offered(&town).await;
        let words: Vec<&str> = now.tags.iter().map(|tag| &*tag.text.zh).collect();
        assert_eq!(now.version, 3, "{database}");
        assert!(
            ["响应很快", "进度更新太慢", "他人新增"].iter().all(|one| words.contains(one)),
            "{database}: {words:?}"
        );
    }
}

/// Two servers on one database: neither sees what the other has not committed, and their tags share no id.
#[tokio::test(flavor = "multi_thread")]
async fn two_that_publish_at_once_never_become_one_version() {
    for database in BOTH {
        let town = Town::on(database);
        let publish = |good: &str, bad: &str, wait: u64, hold: u64| {
            let (store, at) = (town.shared.store.clone(), town.shared.clock.now());
            let edited = RatingTags { version: 1, tags: vec![tag(5, good, good), tag(1, bad, bad)] };
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(wait));
                let mut db = store.connection().unwrap();
                store::transaction(&mut db, |db| {
                    let done = tags::publish(db, &Actor::at_the_machine(), &edited, at);
                    std::thread::sleep(Duration::from_millis(hold));
                    done
                })
            })
        };
        let (first, second) = (publish("one", "two", 0, 600), publish("three", "four", 200, 0));
        let (first, second) = (first.join().unwrap(), second.join().unwrap());
        assert_eq!(first.unwrap().version, 2, "{database}");
        assert!(matches!(second, Err(Refused::VersionConflict { current: 2, .. })), "{database}: {second:?}");
        town.shared.refresh().await.unwrap();
        assert_eq!(offered(&town).await.tags, [tag(5, "one", "one"), tag(1, "two", "two")], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
    let town = Town::on("sqlite");
    let administrator = Browser::signed_in(&town, "administrator").await;
    let clean = filled(&administrator.page(&format!("{PLACE}/edit")).await);
    let look = async |fields: &Fields| send(&administrator, &format!("{PLACE}/preview"), fields).await;
    let (status, page) = look(&clean).await;
    assert_eq!(status, 422, "{page}");
    assert!(page.contains("没有任何改动"), "{page}");

    let mut fields = clean.clone();
    let n = row(&fields, "id", "came_to_us");
    set(&mut fields, &format!("en-{n}"), "");
    let new = row(&fields, "zh", "");
    for (field, text) in [("zh", "太慢"), ("id", "Too Slow")] {
        set(&mut fields, &format!("{field}-{new}"), text);
    }
    for path in [format!("{PLACE}/preview"), PLACE.to_owned()] {
        let (status, page) = send(&administrator, &path, &fields).await;
        assert_eq!(status, 422, "{path}: {page}");
        let typed = filled(&page);
        let new = row(&typed, "zh", "太慢");
        for (field, said) in [
            (format!("en-{n}"), "应为1至40个字符，现为0个"),
            (format!("en-{new}"), "应为1至40个字符，现为0个"),
            (format!("id-{new}"), "编号为2至40个小写字母、数字或下划线"),
            (format!("score-{new}"), "请选择分值"),
        ] {
            let fault = format!("id=\"{field}-error\">{said}");
            assert!(
                page.contains(&fault) && page.contains(&format!("aria-describedby=\"{field}-error\"")),
                "{fault} in {page}"
            );
        }
        row(&typed, "id", "Too Slow");
    }
    let mut fields = clean.clone();
    set(&mut fields, "place-0", "first");
    let (status, page) = look(&fields).await;
    assert!(status == 422 && page.contains("id=\"place-0-error\">请填0至9999的整数"), "{page}");
    let mut fields = clean;
    for (name, value) in fields.clone() {
        if let Some(n) = name.strip_prefix("score-").filter(|_| matches!(&*value, "1" | "2")) {
            set(&mut fields, &format!("out-{n}"), "yes");
        }
    }
    let (status, page) = look(&fields).await;
    assert!(status == 422 && page.contains("差评没有标签"), "{page}");
    assert_eq!(offered(&town).await.version, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn auditors_and_reviewers_read_administrators_publish_and_nobody_else_finds_the_page() {
    let town = Town::on("sqlite");
    for (who, reads, changes) in [
        ("administrator", true, true),
        ("auditor", true, false),
        ("performance_reviewer", true, false),
        ("supervisor", false, false),
        ("dispatcher", false, false),
        ("qianfeng", false, false),
    ] {
        let browser = Browser::signed_in(&town, who).await;
        let home = browser.page("/console").await;
        assert_eq!(home.contains(&format!("href=\"{PLACE}\"")), reads, "{who}: the link");
        let page = browser.get(PLACE).await;
        assert_eq!(page.status(), if reads { 200 } else { 403 }, "{who}");
        let page = page.text().await.unwrap();
        assert_eq!(page.contains(&format!("href=\"{PLACE}/edit\"")), changes, "{who}: the button");
        let edit = browser.get(&format!("{PLACE}/edit")).await.status();
        assert_eq!(edit, if changes { 200 } else { 403 }, "{who}");
        for path in [format!("{PLACE}/preview"), PLACE.to_owned()] {
            let status = browser.post("/console", &path, &[("version", "1")]).await.status();
            assert_eq!(status, if changes { 422 } else { 403 }, "{who} {path}");
        }
    }
    let english = Browser::signed_in(&town, "auditor").await.page(&format!("{PLACE}?lang=en")).await;
    for said in ["Tags of ratings", "Version 1", "came with the system", "There is no earlier version yet"] {
        assert!(english.contains(said), "{said} in {english}");
    }
}
