//! The audit trail leaves the house: whole, as asked for, and as no formula.

use qiyema_server::domain::sheet;
use serde_json::{Value, json};

use crate::{
    console::Browser,
    harness::{BOTH, Town},
};

/// Records of a file: the lines below the heading, as cells.
fn records(text: &str) -> Vec<Vec<String>> {
    assert!(text.starts_with('\u{FEFF}'), "Excel is not told that this is UTF-8");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    reader.records().map(|line| line.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}

async fn bytes(town: &Town, path: &str) -> (u16, Vec<u8>) {
    let asked = crate::harness::client().get(town.url(path)).bearer_auth(town.token("auditor").await);
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.bytes().await.unwrap().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_holds_every_record_of_the_filter_and_the_pages_lead_through_the_same() {
    for database in BOTH {
        let town = Town::on(database);
        // Page by page.
        let mut paged = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/api/v1/staff/audit?after={after}");
            let (status, page) = town.send("auditor", "GET", &path, Value::Null).await;
            assert_eq!(status, 200, "{page}");
            paged.extend(page["records"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => break,
            }
        }
        assert!(paged.len() > 1_000, "{database}: more than one piece: {}", paged.len());
        let ids: Vec<&str> = paged.iter().map(|one| one["id"].as_str().unwrap()).collect();
        let (status, file) = bytes(&town, "/api/v1/staff/audit.csv").await;
        let lines = records(std::str::from_utf8(&file).unwrap());
        assert_eq!(status, 200);
        assert_eq!(lines.iter().map(|line| line[0].as_str()).collect::<Vec<_>>(), ids, "{database}");
        // One filter, three ways to have it.
        let auditor = Browser::signed_in(&town, "auditor").await;
        let csv = auditor.page("/console/audit.csv?kind=closed").await;
        let closed = records(&csv);
        let wanted = paged.iter().filter(|one| one["kind"] == "closed").count();
        assert!(wanted > 5 && closed.len() == wanted, "{database}: {wanted}");
        assert!(closed.iter().all(|line| line[4] == "closed" && line[3] == "问题已办结"), "{database}");
        assert!(closed.iter().all(|line| line[1].ends_with(" +08:00")), "{database}: {:?}", closed[0]);
        assert!(closed.iter().all(|line| line[7] == "已办结" && line[10] == "closed"), "{:?}", closed[0]);
        assert!(
            closed.iter().all(|line| line[9].contains("结果：") && line[12].starts_with('{')),
            "{:?}",
            closed[0]
        );
        // From one day to the same one is that day, to its end.
        let day = closed[0][1][..10].to_owned();
        let of_day: Vec<_> = closed.iter().filter(|line| line[1].starts_with(&day)).cloned().collect();
        for days in [format!("day={day}"), format!("from={day}&to={day}")] {
            let csv = auditor.page(&format!("/console/audit.csv?kind=closed&{days}")).await;
            assert_eq!(records(&csv), of_day, "{database}: {days}");
        }
        let later = auditor.page(&format!("/console/audit.csv?kind=closed&to={day}")).await;
        assert_eq!(records(&later), closed, "{database}: the latest of all is included");
        let turned = format!("/api/v1/staff/audit?from={day}&to=2020-01-01");
        let (status, refused) = town.send("auditor", "GET", &turned, Value::Null).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("from")), "{database}");
        let (_, book) = bytes(&town, "/api/v1/staff/audit.xlsx?kind=closed").await;
        let table = sheet::read(&book, sheet::ANY).unwrap();
        assert_eq!(table.rows.len(), wanted, "{database}");
        assert_eq!(table.heading[..3], ["记录编号", "时间", "经手人"], "{database}");
        let number = closed[0][5].clone();
        let (_, file) = bytes(&town, &format!("/api/v1/staff/audit.csv?number={number}&lang=en")).await;
        let text = String::from_utf8(file).unwrap();
        let heading = text.lines().next().unwrap();
        assert!(
            heading.starts_with("\u{FEFF}Record,When,Who,") && heading.chars().skip(1).all(|c| c.is_ascii()),
            "{heading}"
        );
        assert!(records(&text).iter().all(|line| line[5] == number), "{database}");
        let (status, refused) = town.send("auditor", "GET", "/api/v1/staff/audit?kind=x", Value::Null).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("kind")), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_typed_is_no_formula_in_the_file() {
    for database in BOTH {
        let town = Town::on(database);
        let list =
            town.send("dispatcher", "GET", "/api/v1/staff/issues?state=in_progress", Value::Null).await.1;
        let issue = &list["issues"][0];
        let (number, handler) = (issue["number"].as_str().unwrap(), issue["handler"].as_str().unwrap());
        let body = json!({ "version": issue["version"], "note": "=HYPERLINK(\"http://x\")" });
        let path = format!("/api/v1/staff/issues/{number}/progress");
        let (status, said) = town.send(handler, "POST", &path, body).await;
        assert_eq!(status, 201, "{said}");
        let asked = format!("/api/v1/staff/audit.csv?number={number}");
        let lines = records(std::str::from_utf8(&bytes(&town, &asked).await.1).unwrap());
        assert_eq!(lines[0][8], "'=HYPERLINK(\"http://x\")", "{database}");
        let book = bytes(&town, &format!("/api/v1/staff/audit.xlsx?number={number}")).await.1;
        let table = sheet::read(&book, sheet::ANY).unwrap();
        assert_eq!(table.rows[0].cells[8], "'=HYPERLINK(\"http://x\")", "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_of_administration_is_a_file_as_well() {
    for database in BOTH {
        let town = Town::on(database);
        let phone = json!({ "value": "0572-2398600" });
        let path = "/api/v1/admin/settings/centre_phone";
        assert_eq!(town.send("administrator", "PUT", path, phone).await.0, 204);
        let auditor = Browser::signed_in(&town, "auditor").await;
        let lines = records(&auditor.page("/console/admin/trail.csv").await);
        assert_eq!((lines[0][2].as_str(), lines[0][4].as_str()), ("administrator", "setting_changed"));
        assert_eq!(
            (lines[0][3].as_str(), lines[0][5].as_str()),
            ("修改设置", "设置"),
            "{database}: in words"
        );
        assert!(lines[0][1].ends_with(" +08:00"), "{database}: by the town's clock: {}", lines[0][1]);
        let english = auditor.page("/console/admin/trail.csv?lang=en").await;
        let heading = english.lines().next().unwrap();
        assert!(
            heading.chars().skip(1).all(|c| c.is_ascii()) && english.contains("Setting changed"),
            "{heading}"
        );
        let book = bytes(&town, "/api/v1/admin/events.xlsx").await.1;
        let table = sheet::read(&book, sheet::ANY).unwrap();
        assert_eq!(table.rows.len(), lines.len(), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_cannot_be_read_is_named_and_never_means_everything() {
    for database in BOTH {
        let town = Town::on(database);
        let auditor = Browser::signed_in(&town, "auditor").await;
        for (query, field, zh, en) in [
            ("kind=nonsense", "kind", "没有这种事项", "no such kind"),
            ("day=yesterday", "day", "没有这一天", "no such day"),
            ("day=2026-02-30", "day", "没有这一天", "no such day"),
            ("after=nonsense", "after", "页码无法识别", "page cannot be found"),
        ] {
            for (lang, words) in [("zh", zh), ("en", en)] {
                let page = auditor.get(&format!("/console/audit?{query}&lang={lang}")).await;
                assert_eq!(page.status(), 422, "{database} {query}");
                let page = page.text().await.unwrap();
                assert!(page.contains(words) && !page.contains("<tbody>"), "{database} {query}: {page}");
                for file in ["csv", "xlsx"] {
                    let refused = auditor.get(&format!("/console/audit.{file}?{query}&lang={lang}")).await;
                    assert_eq!(refused.status(), 422, "{database} {query} {file}");
                    let refused = refused.text().await.unwrap();
                    assert!(refused.contains(words) && refused.contains("<h1>"), "{database}: {refused}");
                }
            }
            for path in ["audit", "audit.csv", "audit.xlsx"] {
                let path = format!("/api/v1/staff/{path}?{query}");
                let (status, refused) = town.send("auditor", "GET", &path, Value::Null).await;
                assert_eq!(
                    (status, &refused["errors"][0]["field"]),
                    (422, &json!(field)),
                    "{database} {path}"
                );
            }
        }
        // Nobody who may not read the trail learns what its filter takes.
        let dispatcher = Browser::signed_in(&town, "dispatcher").await;
        assert_eq!(dispatcher.get("/console/audit?day=yesterday").await.status(), 403, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_is_offered_and_the_page_speaks_of_names_and_links_where_the_reader_may_go() {
    use qiyema_server::domain::event::Kind;
    for database in BOTH {
        let town = Town::on(database);
        // Administrators keep the house: what enterprises wrote is none of their business.
        let administrator = Browser::signed_in(&town, "administrator").await;
        assert_eq!(administrator.get("/console/audit").await.status(), 403, "{database}");
        let auditor = Browser::signed_in(&town, "auditor").await;
        let page = auditor.page("/console/audit").await;
        for kind in Kind::ALL {
            let word = serde_json::to_value(kind).unwrap();
            let choice = format!("<option value=\"{}\"", word.as_str().unwrap());
            assert!(page.contains(&choice), "{database}: {choice}");
        }
        let page = auditor.page("/console/audit?kind=assigned").await;
        assert!(page.contains("href=\"/console/issues/"), "{database}");
        assert!(page.contains("（gdj）"), "{database}: the name beside the id: {page}");
        let english = auditor.page("/console/audit?kind=assigned&lang=en").await;
        assert!(english.contains("handler: "), "{english}");
    }
}
