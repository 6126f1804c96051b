//! Taking a call at the console: what the category brings is seen while it is
//! written down, what was asked before is offered before it is sent, and nothing of
//! what the enterprise has open is hidden.

use serde_json::{Value, json};

use crate::{
    console::{Browser, encoded, hidden, place},
    harness::{BOTH, Town},
};

const SUBJECT: &str = "厂区用电增容申请迟迟未批复";

async fn enterprise(town: &Town) -> String {
    let new = json!({ "uscc": "91330100799655058B", "name": "杭州示例有限公司" });
    let (status, made) = town.send("code_issuer", "POST", "/api/v1/staff/enterprises", new).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

async fn registered(town: &Town, enterprise: &str, subject: &str) -> String {
    let new = json!({ "subject": subject, "body": "请尽快", "category": "power", "channel": "window" });
    let path = format!("/api/v1/staff/enterprises/{enterprise}/issues");
    let (status, made) = town.send("intake_officer", "POST", &path, new).await;
    assert_eq!(status, 201, "{made}");
    made["number"].as_str().unwrap().to_owned()
}

async fn advice(who: &Browser, enterprise: &str, category: &str, subject: &str) -> String {
    let subject = encoded(subject);
    let ask = format!("enterprise={enterprise}&category={category}&subject={subject}");
    who.page(&format!("/console/intake/advice?{ask}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_brings_its_grade_its_limit_and_its_unit_and_they_are_adopted() {
    for database in BOTH {
        let clock = qiyema_server::clock::Clock::fixed("2026-11-23T01:00:00Z".parse().unwrap());
        let town = Town::at(database, &[], &clock);
        let (intake, dispatcher) = (
            Browser::signed_in(&town, "intake_officer").await,
            Browser::signed_in(&town, "dispatcher").await,
        );
        let id = enterprise(&town).await;
        let piece = advice(&intake, &id, "power", "").await;
        for said in ["一般件", "5 个工作日", "市供电公司", "2026年11月30日（周一）"] {
            assert!(piece.contains(said), "{database}: {said} is not in {piece}");
        }
        assert!(!piece.contains("（预计）"), "{database}: {piece}");
        let later = advice(&intake, &id, "cross", "").await;
        assert!(later.contains("（预计）"), "{database}: it reaches into a year without a calendar: {later}");
        assert!(!advice(&intake, &id, "none", "").await.contains("办理等级"), "{database}");
        assert!(!advice(&intake, &id, "", "").await.contains("办理等级"), "{database}");
        // What was shown is what happens.
        let number = registered(&town, &id, SUBJECT).await;
        let path = format!("/console/issues/{number}");
        let accepted = [("version", "1")];
        assert_eq!(intake.post(&path, &format!("{path}/acceptance"), &accepted).await.status(), 303);
        let page = dispatcher.page(&path).await;
        assert!(page.contains("value=\"gdj\" selected"), "{database}: the unit is chosen already: {page}");
        let (_, issue) =
            town.send("dispatcher", "GET", &format!("/api/v1/staff/issues/{number}"), Value::Null).await;
        assert_eq!(issue["promise"], json!("2026-11-30"), "{database}: {issue}");
        // A piece of a page is nobody else's.
        let auditor = Browser::signed_in(&town, "auditor").await;
        assert_eq!(auditor.get("/console/intake/advice?category=power").await.status(), 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_before_is_offered_before_it_is_sent_and_asked_about_once() {
    for database in BOTH {
        let town = Town::on(database);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let id = enterprise(&town).await;
        let first = registered(&town, &id, SUBJECT).await;
        let piece = advice(&intake, &id, "power", "厂区用电增容未批复").await;
        assert!(piece.contains(&first) && piece.contains("可能已经反映过"), "{database}: {piece}");
        assert!(!advice(&intake, &id, "power", "出口退税到账慢").await.contains(&first), "{database}");
        assert!(!advice(&intake, &id, "power", "厂").await.contains(&first), "{database}: too short to say");
        let (from, to) = (format!("/console/intake?enterprise={id}"), "/console/intake");
        let fields = |seen: &'static str| {
            [
                ("enterprise", id.clone()),
                ("channel", "window".to_owned()),
                ("category", "power".to_owned()),
                ("subject", "厂区用电增容未批复".to_owned()),
                ("body", "需要增容".to_owned()),
                ("seen", seen.to_owned()),
            ]
        };
        let borrowed = |all: &[(&'static str, String)]| -> Vec<(&'static str, String)> { all.to_vec() };
        let send = async |all: Vec<(&'static str, String)>| {
            let pairs: Vec<(&str, &str)> = all.iter().map(|(key, value)| (*key, value.as_str())).collect();
            intake.post(&from, to, &pairs).await
        };
        // The second button looks and registers nothing.
        let mut looking = borrowed(&fields(""));
        looking.push(("look", "yes".to_owned()));
        let looked = send(looking).await;
        assert_eq!(looked.status(), 200, "{database}");
        let page = looked.text().await.unwrap();
        assert!(page.contains(&first) && page.contains("通常的牵头单位"), "{database}: {page}");
        assert!(page.contains("value=\"厂区用电增容未批复\"") && page.contains("需要增容"), "{page}");
        let none = send(vec![
            ("enterprise", id.clone()),
            ("subject", "出口退税到账慢".to_owned()),
            ("look", "yes".to_owned()),
        ]);
        let said = none.await.text().await.unwrap();
        assert!(said.contains("没有发现重复的问题"), "{database}: {said}");
        // Whoever did not see it is asked, and what the page shows counts as seen.
        let asked = send(borrowed(&fields("")).into_iter().collect()).await;
        assert_eq!(asked.status(), 422, "{database}");
        let page = asked.text().await.unwrap();
        assert!(page.contains("都不是同一事项") && page.contains("role=\"alert\""), "{page}");
        assert_eq!(hidden(&page, "seen"), first, "{database}");
        let mut again = borrowed(&fields(""));
        again.retain(|(key, _)| *key != "seen");
        again.push(("seen", first.clone()));
        let done = send(again.clone()).await;
        assert_eq!(done.status(), 303, "{database}: {}", done.text().await.unwrap());
        let second =
            place(&done).trim_start_matches("/console/issues/").split('?').next().unwrap().to_owned();
        // The one just made is news again: nobody saw it yet.
        let twice = send(again).await;
        assert_eq!(twice.status(), 422, "{database}: pressed twice");
        assert!(twice.text().await.unwrap().contains(&second), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_an_enterprise_has_open_is_counted_and_one_click_away() {
    for database in BOTH {
        let town = Town::on(database);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let id = enterprise(&town).await;
        let page = intake.page(&format!("/console/intake?enterprise={id}")).await;
        assert!(page.contains("没有正在办理的问题"), "{database}");
        let mut numbers = Vec::new();
        for nth in 0..13 {
            numbers.push(registered(&town, &id, &format!("事项{nth}")).await);
        }
        let page = intake.page(&format!("/console/intake?enterprise={id}")).await;
        let beside = numbers.iter().filter(|number| page.contains(*number)).count();
        assert_eq!(beside, 10, "{database}");
        let all = format!("/console/issues?enterprise={id}");
        assert!(page.contains("共13件") && page.contains(&all), "{database}: {page}");
        let list = intake.page(&all).await;
        assert_eq!(numbers.iter().filter(|number| list.contains(*number)).count(), 13, "{database}");
        assert!(list.contains("只看企业：") && list.contains("杭州示例有限公司"), "{database}");
        assert!(list.contains(&format!("name=\"enterprise\" value=\"{id}\"")), "another filter keeps it");
        let csv = intake.page(&format!("/console/issues.csv?enterprise={id}")).await;
        assert_eq!(csv.lines().count(), 14, "{database}: {csv}");
        assert_eq!(intake.get("/console/issues?enterprise=nobody").await.status(), 404, "{database}");
        // The unit of a handler has none of them.
        let handler = Browser::signed_in(&town, "qianfeng").await;
        let own = handler.page(&all).await;
        assert!(numbers.iter().all(|number| !own.contains(number)), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_of_categories_is_offered_as_a_tree() {
    for database in BOTH {
        let town = Town::on(database);
        let below = |name: &str, parent: &str| json!({ "name_zh": name, "name_en": name, "grade": "simple", "parent": parent, "position": 1 });
        let path = "/api/v1/admin/categories";
        let (status, made) = town.send("administrator", "POST", path, below("增容", "power")).await;
        assert_eq!(status, 201, "{made}");
        let child = made["id"].as_str().unwrap();
        let (status, made) = town.send("administrator", "POST", path, below("高压", child)).await;
        assert_eq!(status, 201, "{made}");
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let id = enterprise(&town).await;
        let page = intake.page(&format!("/console/intake?enterprise={id}")).await;
        let (_, group) = page.split_once("<optgroup label=\"用电").unwrap_or_else(|| panic!("{page}"));
        let group = group.split("</optgroup>").next().unwrap();
        let places: Vec<Option<usize>> = ["value=\"power\"", ">增容 · 3 ", ">增容 › 高压 · 3 "]
            .iter()
            .map(|one| group.find(one))
            .collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{database}: {group}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_november_on_who_keeps_the_calendar_is_told_that_next_years_is_missing() {
    const MISSING: &str = "2027年放假安排尚未导入";
    // One minute before November in Shanghai.
    let clock = qiyema_server::clock::Clock::fixed("2026-10-31T15:59:00Z".parse().unwrap());
    let town = Town::at("sqlite", &[], &clock);
    let page = async |who: &str, place: &str| Browser::signed_in(&town, who).await.page(place).await;
    assert!(!page("administrator", "/console").await.contains(MISSING));
    clock.set("2026-10-31T16:00:00Z".parse().unwrap());
    for place in ["/console", "/console/enterprises", "/console/admin/calendar"] {
        let said = page("administrator", place).await;
        assert!(said.contains(MISSING) && said.contains("href=\"/console/admin/calendar\""), "{place}");
    }
    assert!(!page("lijianguo", "/console").await.contains(MISSING), "who can do nothing about it");
    let notice = "date,kind,status\n2027-01-01,holiday,official\n2027-01-02,holiday,official\n\
                  2027-01-03,holiday,official\n2027-02-05,holiday,official\n";
    let file = json!({ "text": notice });
    let (status, said) = town.send("administrator", "POST", "/api/v1/admin/calendar/imports", file).await;
    assert_eq!(status, 201, "{said}");
    assert!(!page("administrator", "/console").await.contains(MISSING), "it is there");
}
