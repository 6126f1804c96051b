//! The lists of issues over the API: the filters of the console under the same names, pages by key, files of
//! all of it, and one deed for several.

use std::{collections::BTreeSet, io::Cursor};

use actix_web::body::to_bytes;
use calamine::{Reader, Xlsx};
use qiyema_server::{
    actions::desk::{self, Ask},
    store::{connection::Db, desk::Order},
    web::{api::desk as files, words::lang::Lang},
};
use serde_json::{Value, json};

use crate::harness::{BOTH, Town, actor};

/// Every page of a list.
async fn all(town: &Town, token: &str, query: &str) -> Vec<Value> {
    let (mut issues, mut after) = (Vec::new(), String::new());
    for _ in 0..50 {
        let path = format!("/api/v1/staff/issues?{query}{after}");
        let (status, page) = crate::intake::get(town, token, &path).await;
        assert_eq!(status, 200, "{path}: {page}");
        issues.extend(page["issues"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return issues,
        }
    }
    panic!("the pages do not end");
}

fn numbers(issues: &[Value]) -> Vec<String> {
    issues.iter().map(|one| one["number"].as_str().unwrap().to_owned()).collect()
}

/// What the console's list holds.
fn shown(town: &Town, db: &mut Db, who: &str, ask: &Ask) -> Vec<String> {
    let (rules, now) = (town.shared.rules(), town.shared.clock.now());
    let who = actor(db, who);
    let page = desk::list(db, &who, ask, 1000, &rules, now).unwrap();
    page.rows.into_iter().map(|row| row.number).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_lists_what_the_console_lists_under_the_same_names() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        for who in ["dispatcher", "qianfeng", "hanxue"] {
            let token = town.token(who).await;
            for query in [
                "",
                "open=all",
                "open=all&sort=newest",
                "mine=1",
                "assisting=1",
                "assisting=1&open=all",
                "waiting=1",
                "state=closed&sort=newest",
                "state=deferred",
                "lamp=overdue",
                "lamp=red&category=power",
                "unit=gdj",
                "handler=qianfeng",
                "category=power&open=all",
                "channel=window",
                "grade=complex",
                "grade=general&sort=newest&open=all",
                "level=county",
                "level=city&open=all",
                "q=%E7%94%A8%E7%94%B5",
            ] {
                let ask = qiyema_server::web::console::home::asked(query);
                let listed = numbers(&all(&town, &token, query).await);
                assert_eq!(listed, shown(&town, &mut db, who, &ask), "{database} {who} {query}");
            }
        }
        let token = town.token("dispatcher").await;
        let everything = all(&town, &token, "open=all").await;
        assert_eq!(everything.len(), 300, "{database}");
        for one in &everything {
            assert!(one["level"].is_string() && one["grade"].is_string() && one["body"].is_string(), "{one}");
        }
        let open = all(&town, &token, "").await;
        assert!(open.iter().all(|one| one["lamp"].is_string()) && open.len() < 300, "{database}");
        for wrong in
            ["after=x", "mine=perhaps", "state=asleep", "open=some", "colour=red", "unit=%00", "q=%00"]
        {
            let (status, refused) =
                crate::intake::get(&town, &token, &format!("/api/v1/staff/issues?{wrong}")).await;
            assert!(matches!(status.as_u16(), 400 | 422), "{database} {wrong}: {status} {refused}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_every_issue_however_few_are_read_at_once() {
    for database in BOTH {
        let town = Town::on(database);
        let (shared, who) = (&town.shared, actor(&mut town.shared.store.connection().unwrap(), "dispatcher"));
        for order in [Order::Due, Order::Newest] {
            let ask = Ask { open: None, order, ..Ask::default() };
            let whole = shown(&town, &mut shared.store.connection().unwrap(), "dispatcher", &ask);
            let sent = files::exported_csv(shared, who.clone(), ask.clone(), Lang::Zh, 7).unwrap();
            let text = String::from_utf8(to_bytes(sent.into_body()).await.unwrap().to_vec()).unwrap();
            let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            assert_eq!(&lines.headers().unwrap()[0], "编号");
            let kept: Vec<String> = lines.records().map(|line| line.unwrap()[0].to_owned()).collect();
            assert_eq!(kept, whole, "{database} {order:?}: CSV");

            let sent = files::exported_xlsx(shared, who.clone(), ask, Lang::En, 7).await.unwrap();
            let bytes = to_bytes(sent.into_body()).await.unwrap().to_vec();
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            let mut rows = sheet.rows().map(|row| row[0].to_string());
            assert_eq!(rows.next().as_deref(), Some("Number"));
            assert_eq!(rows.collect::<Vec<_>>(), whole, "{database} {order:?}: XLSX");
        }
        let token = town.token("qianfeng").await;
        let url = town.url("/api/v1/staff/issues.csv?open=all&lang=en");
        let text =
            crate::harness::client().get(url).bearer_auth(&token).send().await.unwrap().text().await.unwrap();
        assert!(text.starts_with("\u{feff}Number,Subject,"), "{text}");
        assert_eq!(text.lines().count(), all(&town, &token, "open=all").await.len() + 1, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_counts_what_its_lists_hold() {
    for database in BOTH {
        let town = Town::on(database);
        for (who, own) in [("dispatcher", "waiting=1"), ("qianfeng", "assisting=1"), ("auditor", "")] {
            let token = town.token(who).await;
            let (status, desk) = crate::intake::get(&town, &token, "/api/v1/staff/desk").await;
            assert_eq!(status, 200, "{desk}");
            let (lists, most) = (desk["lists"].as_array().unwrap(), desk["most"].as_u64().unwrap());
            for list in lists {
                let query = list["query"].as_str().unwrap();
                let held = all(&town, &token, query).await.len().min(usize::try_from(most).unwrap());
                assert_eq!(list["count"], held, "{database} {who} {query}");
                assert!(!list["name"]["en"].as_str().unwrap().is_empty(), "{database} {who} {query}");
            }
            let listed = lists.iter().find(|list| list["query"] == own).unwrap();
            assert_eq!(listed["own"], !own.is_empty(), "{database} {who}");
        }
        let token = town.token("code_issuer").await;
        assert_eq!(crate::intake::get(&town, &token, "/api/v1/staff/desk").await.0, 403, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_are_assigned_and_reminded_and_one_refusal_stops_no_other() {
    for database in BOTH {
        let town = Town::on(database);
        let token = town.token("dispatcher").await;
        let accepted = all(&town, &token, "state=accepted").await;
        let seen = |one: &Value| json!({ "number": one["number"], "version": one["version"] });
        let mut issues: Vec<Value> = accepted.iter().take(2).map(seen).collect();
        assert_eq!(issues.len(), 2, "{database}: the demo has some to assign");
        let mut stale = issues[0].clone();
        stale["version"] = json!(99);
        issues.splice(1..1, [stale, json!({ "number": "Q20000101-0001", "version": 1 })]);
        let path = "/api/v1/staff/issues/assignments";
        let body = json!({ "issues": issues, "unit": "gdj", "handler": "qianfeng" });
        let (status, done) = crate::intake::post(&town, &token, path, &body).await;
        assert_eq!((status.as_u16(), &done["done"], &done["refused"]), (201, &json!(2), &json!(2)), "{done}");
        let results = done["results"].as_array().unwrap();
        let codes: Vec<&Value> = results.iter().map(|one| &one["problem"]["code"]).collect();
        assert_eq!(codes, [&Value::Null, &json!("version_conflict"), &json!("issue_unknown"), &Value::Null]);
        for number in [&results[0]["number"], &results[3]["number"]] {
            let path = format!("/api/v1/staff/issues/{}", number.as_str().unwrap());
            let (_, one) = crate::intake::get(&town, &token, &path).await;
            assert_eq!(
                (&one["state"], &one["handler"]),
                (&json!("assigned"), &json!("qianfeng")),
                "{database}"
            );
        }
        let issues: Vec<Value> = [0, 3]
            .into_iter()
            .map(|at| json!({ "number": results[at]["number"], "version": results[at]["version"] }))
            .collect();
        let reminders = "/api/v1/staff/issues/reminders";
        let body = json!({ "issues": issues, "note": "请今日答复" });
        let (status, done) = crate::intake::post(&town, &token, reminders, &body).await;
        assert_eq!((status.as_u16(), &done["done"]), (201, &json!(2)), "{database}: {done}");
        let (_, one) = crate::intake::get(
            &town,
            &token,
            &format!("/api/v1/staff/issues/{}", issues[0]["number"].as_str().unwrap()),
        )
        .await;
        assert_eq!(one["supervision"], "reminded", "{database}");
        let none = json!({ "issues": [], "unit": "gdj" });
        assert_eq!(crate::intake::post(&town, &token, path, &none).await.0, 422, "{database}");
        let many = json!({ "issues": vec![issues[0].clone(); 201] });
        assert_eq!(crate::intake::post(&town, &token, reminders, &many).await.0, 422, "{database}");
        let handler = town.token("qianfeng").await;
        let body = json!({ "issues": [issues[0]], "unit": "gdj" });
        assert_eq!(crate::intake::post(&town, &handler, path, &body).await.0, 403, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_assists_with_and_what_waits_is_what_the_records_say() {
    #[derive(diesel::QueryableByName)]
    struct Found {
        #[diesel(sql_type = diesel::sql_types::Text)]
        id: String,
    }
    for database in BOTH {
        let town = Town::on(database);
        let accepted = all(&town, &town.token("dispatcher").await, "state=accepted").await;
        let body = json!({ "version": accepted[0]["version"], "unit": "gdj", "assisting": ["jxj"] });
        let path = format!("/api/v1/staff/issues/{}/assignment", accepted[0]["number"].as_str().unwrap());
        let (status, done) = town.send("dispatcher", "POST", &path, body).await;
        assert_eq!(status, 201, "{database}: {done}");
        let mut db = town.shared.store.connection().unwrap();
        let mut ids = |text: &str| -> BTreeSet<String> {
            let rows: Vec<Found> = diesel::RunQueryDsl::load(diesel::sql_query(text), &mut **db).unwrap();
            rows.into_iter().map(|row| row.id).collect()
        };
        let records = "SELECT a.id || ':' || CASE WHEN i.is_open THEN 'open' ELSE 'over' END AS id \
            FROM assignments a JOIN issues i ON i.id = a.issue_id WHERE a.part = 'assisting' \
            AND NOT EXISTS (SELECT 1 FROM assist_endings e WHERE e.assignment_id = a.id)";
        let standing = "SELECT assignment_id || ':' || CASE WHEN is_open THEN 'open' ELSE 'over' END AS id \
            FROM assisting_units";
        let assisting = ids(records);
        assert_eq!(ids(standing), assisting, "{database}");
        assert!(assisting.iter().any(|one| one.ends_with("open")), "{database}: one was just asked");
        let asked = "SELECT r.id FROM requests r \
            WHERE NOT EXISTS (SELECT 1 FROM rulings u WHERE u.request_id = r.id)";
        let waiting = ids(asked);
        assert_eq!(ids("SELECT request_id AS id FROM waiting_requests"), waiting, "{database}");
        assert!(!waiting.is_empty(), "{database}: the demo has some");
    }
}
