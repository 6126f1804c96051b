//! A form that came after the session had ended: what was typed is not lost, is shown to
//! the same person only, and is sent by that person's own hand and by nothing else.

use chrono::TimeDelta;
use qiyema_server::clock::Clock;
use serde_json::{Value, json};

use crate::{
    console::{Browser, hidden, place},
    harness::{BOTH, Town},
};

const TEXT: &str = "已与企业法定代表人当面沟通,约定下周一进场施工,材料已备齐。";

/// So much later that sessions have ended.
fn later(town: &Town, clock: &Clock) {
    let minutes = i64::from(town.shared.rules().sessions.idle_minutes.get());
    clock.set(clock.now() + TimeDelta::minutes(minutes + 1));
}

/// Number and version of an issue in hand, and who handles it.
async fn issue(town: &Town) -> (String, String, String) {
    let path = "/api/v1/staff/issues?state=in_progress";
    let list = town.send("dispatcher", "GET", path, Value::Null).await.1;
    let issue = &list["issues"][0];
    let text = |key: &str| issue[key].as_str().unwrap().to_owned();
    (text("number"), issue["version"].to_string(), text("handler"))
}

async fn events(town: &Town, number: &str) -> usize {
    let (status, page) =
        town.send("auditor", "GET", &format!("/api/v1/staff/audit?number={number}"), Value::Null).await;
    assert_eq!(status, 200, "{page}");
    page["records"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_comes_back_after_signing_in_and_nothing_is_sent_by_itself() {
    for database in BOTH {
        let clock = Clock::fixed("2026-11-25T01:00:00Z".parse().unwrap());
        let town = Town::at(database, &[], &clock);
        let (number, version, who) = issue(&town).await;
        let handler = Browser::signed_in(&town, &who).await;
        let page = format!("/console/issues/{number}");
        let csrf = hidden(&handler.page(&page).await, "csrf");
        later(&town, &clock);
        let before = events(&town, &number).await;
        let (action, place_of) = (format!("{page}/progress"), page);
        let fields = [("csrf", &*csrf), ("version", &*version), ("note", TEXT)];
        let turned = handler.knock(&action, &fields).await;
        assert_eq!(turned.status(), 401, "{database}");
        let policy = turned.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("style-src 'self'"), "{database}: it looks like a page: {policy}");
        let page = turned.text().await.unwrap();
        assert!(page.contains("登录已过期") && page.contains("您填写的内容会再次显示"), "{database}: {page}");
        assert!(!page.contains(TEXT), "{database}: whoever sits there now does not read it: {page}");
        let kept = hidden(&page, "kept");

        // A wrong password keeps it as well.
        let wrong = [("username", &*who), ("password", "wrong"), ("kept", &*kept)];
        let wrong = handler.knock("/console/sign-in", &wrong).await;
        assert_eq!(hidden(&wrong.text().await.unwrap(), "kept"), kept, "{database}");
        // Somebody else sees nothing of it.
        let password = &*town.seeded.password;
        let other = [("username", "dispatcher"), ("password", password), ("kept", &*kept)];
        let other = handler.knock("/console/sign-in", &other).await;
        assert_eq!(other.status(), 200, "{database}");
        let other = other.text().await.unwrap();
        assert!(!other.contains(TEXT) && other.contains("不是您填写的"), "{database}: {other}");

        // The same person sees it, and it is not sent before the button is pressed.
        let mut again = Browser::stranger(&town.base);
        let own = [("username", &*who), ("password", password), ("kept", &*kept)];
        let shown = again.knock("/console/sign-in?lang=zh", &own).await;
        assert_eq!(shown.status(), 200, "{database}");
        again.keep(&shown);
        let shown = shown.text().await.unwrap();
        assert!(
            shown.contains(TEXT) && shown.contains(&format!("action=\"{action}\"")),
            "{database}: {shown}"
        );
        assert!(shown.contains("核对无误，提交") && shown.contains(&number), "{database}: {shown}");
        assert_eq!(events(&town, &number).await, before, "{database}: nothing was done");
        let fresh = hidden(&shown, "csrf");
        assert_ne!(fresh, csrf, "{database}");
        let fields = [("csrf", &*fresh), ("version", &*hidden(&shown, "version")), ("note", TEXT)];
        let done = again.knock(&action, &fields).await;
        assert_eq!(done.status(), 303, "{database}: {}", done.text().await.unwrap());
        assert_eq!(events(&town, &number).await, before + 1, "{database}");
        assert!(again.page(&place_of).await.contains(TEXT), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_form_with_a_file_keeps_its_text_and_what_carries_none_says_that_nothing_was_done() {
    for database in BOTH {
        let clock = Clock::fixed("2026-11-25T01:00:00Z".parse().unwrap());
        let town = Town::at(database, &[], &clock);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let found = intake.page("/console/intake?q=91330500MA2TEXT16M").await;
        let id = found.split("/console/intake?enterprise=").nth(1).unwrap().split('"').next().unwrap();
        let long = TEXT.repeat(60);
        later(&town, &clock);
        let fields = [
            ("enterprise", id),
            ("channel", "window"),
            ("category", "power"),
            ("subject", "厂房用电增容"),
            ("body", &*long),
        ];
        let turned = intake.in_parts("/console/intake", &fields, ("现场.png", vec![1; 5000])).await;
        assert_eq!(turned.status(), 401, "{database}");
        let kept = hidden(&turned.text().await.unwrap(), "kept");
        let own = [("username", "intake_officer"), ("password", &*town.seeded.password), ("kept", &*kept)];
        for (lang, words) in [("zh", "请重新添加"), ("en", "add them again")] {
            let shown = intake.knock(&format!("/console/sign-in?lang={lang}"), &own).await;
            let shown = shown.text().await.unwrap();
            assert!(shown.contains(&long) && shown.contains("厂房用电增容"), "{database}: {shown}");
            assert!(shown.contains(words), "{database}: the file was not kept, and that is said: {shown}");
            assert!(!shown.contains(&format!(">{id}<")), "{database}: a name, not an id: {shown}");
        }
        // A mere button, a password and a form of nobody's: the sentence promises nothing.
        for (path, fields) in [
            ("/console/sign-out", vec![]),
            ("/console/account/password", vec![("present", "x"), ("new", "geheim-geheim-1"), ("note", TEXT)]),
        ] {
            let turned = intake.knock(path, &fields).await;
            assert_eq!(turned.status(), 303, "{database} {path}");
            let page = intake.get(place(&turned)).await.text().await.unwrap();
            assert!(page.contains("没有执行") && !page.contains("刚才的页面"), "{database} {path}: {page}");
            assert!(!page.contains("name=\"kept\""), "{database} {path}");
        }
        let nobody = Browser::stranger(&town.base);
        assert_eq!(nobody.knock("/console/intake", &fields).await.status(), 303, "{database}");
        // What nobody sealed opens nothing, and neither does what is too old.
        let forged =
            [("username", "intake_officer"), ("password", &*town.seeded.password), ("kept", "Zm9yZ2Vk")];
        assert_eq!(place(&nobody.knock("/console/sign-in", &forged).await), "/console", "{database}");
        clock.set(clock.now() + TimeDelta::hours(13));
        assert_eq!(place(&nobody.knock("/console/sign-in", &own).await), "/console", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_the_second_factor_as_well() {
    let clock = Clock::fixed("2026-11-25T01:00:00Z".parse().unwrap());
    let town = Town::at("sqlite", &[], &clock);
    let (number, version, who) = issue(&town).await;
    let handler = Browser::signed_in(&town, &who).await;
    let roles = json!({ "value": "handler" });
    let path = "/api/v1/admin/settings/second_factor_roles";
    assert_eq!(town.send("administrator", "PUT", path, roles).await.0, 204);
    later(&town, &clock);
    let fields = [("version", &*version), ("note", TEXT)];
    let turned = handler.knock(&format!("/console/issues/{number}/progress"), &fields).await;
    let kept = hidden(&turned.text().await.unwrap(), "kept");
    let own = [("username", &*who), ("password", &*town.seeded.password), ("kept", &*kept)];
    let owing = handler.knock("/console/sign-in", &own).await.text().await.unwrap();
    assert!(owing.contains("两步验证") && !owing.contains(TEXT), "{owing}");
    assert_eq!(hidden(&owing, "kept"), kept, "it travels on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_rows_comes_back_with_its_words_and_goes_on_where_it_was() {
    let clock = Clock::fixed("2026-11-25T01:00:00Z".parse().unwrap());
    let town = Town::at("sqlite", &[], &clock);
    let administrator = Browser::signed_in(&town, "administrator").await;
    later(&town, &clock);
    let fields = [
        ("version", "1"),
        ("id-0", "vague_answer"),
        ("known-0", "yes"),
        ("zh-0", "答复含糊"),
        ("en-0", "Vague"),
        ("score-0", "2"),
        ("place-0", "37"),
    ];
    let turned = administrator.knock("/console/tags/preview", &fields).await;
    assert_eq!(turned.status(), 401);
    let kept = hidden(&turned.text().await.unwrap(), "kept");
    let own = [("username", "administrator"), ("password", &*town.seeded.password), ("kept", &*kept)];
    let shown = administrator.knock("/console/sign-in?lang=zh", &own).await.text().await.unwrap();
    for said in
        ["答复含糊", "Vague", "评价标签", "action=\"/console/tags/preview\"", "name=\"place-0\" value=\"37\""]
    {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    assert!(!shown.contains("<dd>37</dd>"), "a bare number says nothing: {shown}");
}
