//! Administration: who may do what, what is refused to everybody, and a calendar
//! that arrives.

use qiyema_protocol::{
    administration::{EditPerson, NewPerson},
    directory::CalendarFile,
    staff::Role,
};
use qiyema_server::{
    actions::{
        Rules,
        admin::people,
        calendar::import::{self, Reach},
        issue::promise,
        rights::Actor,
        timed::recompute,
    },
    domain::{calendar::Calendar, roles},
    store::{columns::word, connection::Db, issues, people as rows, timed},
};
use serde_json::{Value, json};

use crate::console::Browser;
use crate::harness::{BOTH, Town};

/// A person of one role, with the demo's password.
fn person(town: &Town, role: Role) -> String {
    person_of(town, role, &[])
}

/// The same, who works for these units besides that of the desk.
pub fn person_of(town: &Town, role: Role, units: &[&str]) -> String {
    let mut db = town.shared.store.connection().unwrap();
    let word = word(role).unwrap();
    let office = roles::needs_unit(role).then(|| "gdj-1".to_owned());
    let new = NewPerson {
        username: format!("one.{word}"),
        person: EditPerson {
            name: "某人".into(),
            post: "科员".into(),
            roles: vec![role],
            office,
            units: units.iter().map(|unit| (*unit).to_owned()).collect(),
        },
    };
    let (rules, now) = (town.shared.rules(), town.shared.clock.now());
    let made = people::create(&mut db, &Actor::at_the_machine(), &new, &rules, now).unwrap();
    let known = rows::by_username(&mut db, "auditor").unwrap().unwrap().row.password_hash;
    rows::set_password(&mut db, &made.id, &known).unwrap();
    made.username
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_roles_and_deeds_is_as_declared() {
    let town = Town::on("sqlite");
    let unit = json!({ "name_zh": "某局" });
    let looks = ["staff", "directory", "calendar", "settings", "tokens", "events"];
    let file = json!({ "text": "nothing" });
    let new = json!({ "username": "x", "person": { "name": "", "post": "", "roles": [] } });
    let category = json!({ "name_zh": "x", "grade": "general" });
    let token = json!({ "name": "x", "scopes": [], "days": 1 });
    let office = json!({ "name_zh": "x", "phone": "1" });
    let deeds = [
        ("POST", "staff", &new),
        ("PUT", "staff/nobody", &new["person"]),
        ("POST", "staff/nobody/disabling", &unit),
        ("DELETE", "staff/nobody/disabling", &unit),
        ("POST", "staff/nobody/password-links", &unit),
        ("DELETE", "staff/nobody/second-factor", &unit),
        ("POST", "units", &unit),
        ("PUT", "units/nowhere", &unit),
        ("POST", "units/nowhere/closing", &unit),
        ("DELETE", "units/nowhere/closing", &unit),
        ("POST", "units/nowhere/offices", &office),
        ("PUT", "offices/nowhere", &office),
        ("POST", "offices/nowhere/closing", &unit),
        ("POST", "categories", &category),
        ("PUT", "categories/none", &category),
        ("POST", "categories/none/retirement", &unit),
        ("DELETE", "categories/none/retirement", &unit),
        ("POST", "channels", &unit),
        ("PUT", "channels/none", &unit),
        ("POST", "channels/none/retirement", &unit),
        ("DELETE", "channels/none/retirement", &unit),
        ("POST", "calendar/preview", &file),
        ("POST", "calendar/imports", &file),
        ("PUT", "settings/centre_phone", &json!({ "value": "0572" })),
        ("DELETE", "settings/centre_phone", &unit),
        ("POST", "tokens", &token),
        ("DELETE", "tokens/none", &unit),
    ];
    for role in roles::ALL {
        let who = person(&town, role);
        let token = town.token(&who).await;
        let client = crate::harness::client();
        let ask = async |method: &str, path: &str, body: &Value| {
            let url = town.url(&format!("/api/v1/admin/{path}"));
            let asked = client.request(method.parse().unwrap(), url).bearer_auth(&token);
            asked.json(body).send().await.unwrap().status().as_u16()
        };
        for look in looks {
            let expected = matches!(role, Role::Administrator | Role::Auditor);
            assert_eq!(ask("GET", look, &Value::Null).await == 200, expected, "{role:?} looks at {look}");
        }
        for (method, path, body) in deeds {
            let status = ask(method, path, body).await;
            assert_ne!(status, 500, "{role:?} {method} {path}");
            assert_eq!(status != 403, role == Role::Administrator, "{role:?} {method} {path}: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_himself_a_role_and_the_last_administrator_stays() {
    for database in BOTH {
        let town = Town::on(database);
        let (_, list) = town.send("administrator", "GET", "/api/v1/admin/staff", Value::Null).await;
        let all = list["people"].as_array().unwrap().clone();
        let id = |username: &str| {
            all.iter().find(|one| one["username"] == username).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let roles = |roles: &[&str]| json!({ "name": "沈立", "post": "系统管理员", "roles": roles });
        let own = format!("/api/v1/admin/staff/{}", id("administrator"));
        let put = async |who: &str, path: &str, body: Value| town.send(who, "PUT", path, body).await;
        let code = |answer: (u16, Value)| answer.1["code"].as_str().unwrap_or_default().to_owned();
        let own_roles = put("administrator", &own, roles(&["administrator", "code_issuer"])).await;
        assert_eq!(code(own_roles), "own_account", "{database}");
        assert_eq!(
            put("administrator", &own, roles(&["administrator"])).await.0,
            200,
            "a name is nobody's harm"
        );
        for bad in
            [&["administrator", "auditor"][..], &["administrator", "handler"], &["auditor", "leader"], &[]]
        {
            let other = format!("/api/v1/admin/staff/{}", id("supervisor"));
            assert_eq!(put("administrator", &other, roles(bad)).await.0, 422, "{bad:?}");
        }
        let (in_force, now) = (town.shared.rules(), town.shared.clock.now());
        let mut db = town.shared.store.connection().unwrap();
        let machine = Actor::at_the_machine();
        let refused = qiyema_server::store::transaction(&mut db, |db| {
            people::disable(db, &machine, &id("administrator"), &in_force, now)
        });
        assert!(matches!(refused, Err(qiyema_server::actions::Refused::LastAdministrator)), "{refused:?}");
        drop(db);
        let second = format!("/api/v1/admin/staff/{}", id("supervisor"));
        assert_eq!(put("administrator", &second, roles(&["administrator"])).await.0, 200);
        // The second one can now relieve the first; then the second is the last.
        assert_eq!(town.send("supervisor", "POST", &format!("{own}/disabling"), json!({})).await.0, 201);
        let (_, trail) = town.send("supervisor", "GET", "/api/v1/admin/events", Value::Null).await;
        let kinds: Vec<&str> =
            trail["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds[..3], ["person_disabled", "person_edited", "person_edited"], "{database}");
        assert_eq!(trail["events"][0]["by"], "supervisor");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_use_is_not_closed_and_what_is_closed_is_not_chosen() {
    for database in BOTH {
        let town = Town::on(database);
        let send = async |method: &str, path: &str, body: Value| {
            town.send("administrator", method, &format!("/api/v1/admin/{path}"), body).await
        };
        let (status, said) = send("POST", "units/gdj/closing", json!({})).await;
        assert_eq!((status, &said["code"]), (409, &json!("in_use")), "{database}");
        let (_, unit) = send("POST", "units", json!({ "name_zh": "市测试局" })).await;
        let unit = unit["id"].as_str().unwrap();
        assert_eq!(send("POST", &format!("units/{unit}/closing"), json!({})).await.0, 204);
        let (_, choices) = town.send("dispatcher", "GET", "/api/v1/staff/choices", Value::Null).await;
        assert!(!choices["units"].to_string().contains(unit));
        let (status, said) = send("POST", "channels/code/retirement", json!({})).await;
        assert_eq!(
            (status, &said["code"]),
            (409, &json!("rule_unmet")),
            "{database}: owners raise issues by it"
        );
        // An English name that is only the Chinese one follows it.
        let named = async |english: &str| {
            let body = json!({ "name_zh": "市检测局", "name_en": english });
            assert_eq!(send("PUT", &format!("units/{unit}"), body).await.0, 204, "{database}");
            let (_, all) = send("GET", "directory", Value::Null).await;
            let one = all["units"].as_array().unwrap().iter().find(|one| one["id"] == unit).unwrap();
            one["name"]["en"].clone()
        };
        assert_eq!(named("市测试局").await, "市检测局", "{database}");
        assert_eq!(named("Testing Bureau").await, "Testing Bureau", "{database}");
        // Two units that swapped their names would have swapped their past: no name is given to another one.
        let (_, all) = send("GET", "directory", Value::Null).await;
        let other = all["units"].as_array().unwrap().iter().find(|one| one["id"] == "gdj").unwrap();
        let other = other["name"]["zh"].as_str().unwrap().to_owned();
        let renamed = json!({ "name_zh": "暂用名称" });
        assert_eq!(send("PUT", "units/gdj", renamed).await.0, 204, "{database}");
        for taken in [&*other, "暂用名称"] {
            let (status, said) = send("PUT", &format!("units/{unit}"), json!({ "name_zh": taken })).await;
            assert_eq!(
                (status, &said["errors"][0]["field"]),
                (422, &json!("name_zh")),
                "{database}: {taken}"
            );
            assert_eq!(
                send("POST", "units", json!({ "name_zh": taken })).await.0,
                422,
                "{database}: {taken}"
            );
        }
        assert_eq!(send("PUT", "units/gdj", json!({ "name_zh": other })).await.0, 204, "{database}: its own");
        let retire = send("POST", "categories/power/retirement", json!({})).await;
        assert_eq!(retire.0, 204);
        let (_, directory) = send("GET", "directory", Value::Null).await;
        assert!(directory["categories"].to_string().contains("\"power\""), "it is still there");
        let (status, deep) =
            send("POST", "categories", json!({ "name_zh": "子类", "grade": "urgent2h", "working_days": 3 }))
                .await;
        assert_eq!((status, &deep["errors"][0]["field"]), (422, &json!("working_days")));
        let (status, made) =
            send("POST", "categories", json!({ "name_zh": "子类", "grade": "complex" })).await;
        assert_eq!((status, &made["working_days"]), (201, &json!(15)), "the grade's own limit");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_setting_is_in_force_at_once_and_a_bad_one_is_refused() {
    let town = Town::on("sqlite");
    let put = async |key: &str, value: &str| {
        let path = format!("/api/v1/admin/settings/{key}");
        town.send("administrator", "PUT", &path, json!({ "value": value })).await.0
    };
    assert_eq!(put("centre_name_zh", "湖州市企业服务中心").await, 204);
    let home = crate::harness::get(town.url("/")).await.unwrap().text().await.unwrap();
    assert!(home.contains("湖州市企业服务中心"));
    for (key, bad) in [
        ("session_hours", "0"),
        ("show_full_names", "yes"),
        ("second_factor_roles", "king"),
        ("centre_name_zh", ""),
    ] {
        assert_eq!(put(key, bad).await, 422, "{key}");
    }
    assert_eq!(put("nothing", "x").await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_says_it_in_its_own_words_and_takes_them_back() {
    for database in BOTH {
        let town = Town::on(database);
        let admin = Browser::signed_in(&town, "administrator").await;
        let (place, pin) = ("/console/admin/settings", "输入随信寄达的企业口令");
        let shipped = crate::harness::get(town.url(&format!("/c/{}", town.seal))).await.unwrap();
        let shipped = shipped.text().await.unwrap();
        assert!(shipped.contains("您的评价将计入统计") && !shipped.contains(pin));
        let said = [
            ("group", "wording"),
            ("home_lead_zh", "一码通办"),
            ("home_lead_en", "One code <b>"),
            ("pin_why_zh", pin),
            ("mail_closing_zh", "请在系统中办理,勿直接回复本邮件。"),
        ];
        assert_eq!(admin.post(place, place, &said).await.status(), 303, "{database}");
        let page = |path: String| async { crate::harness::get(path).await.unwrap().text().await.unwrap() };
        assert!(page(town.url("/?lang=zh")).await.contains("一码通办"), "{database}");
        assert!(page(town.url("/?lang=en")).await.contains("One code &#60;b&#62;"), "{database}: no markup");
        assert!(page(town.url(&format!("/c/{}", town.seal))).await.contains(pin), "{database}");
        assert!(admin.page(place).await.contains(&format!("value=\"{pin}\"")), "{database}");

        let long = "长".repeat(201);
        let again = [("group", "wording"), ("home_lead_zh", "x"), ("thanks_zh", &*long)];
        let refused = admin.post(place, place, &again).await;
        assert_eq!(refused.status(), 422, "{database}");
        let refused = refused.text().await.unwrap();
        assert!(refused.contains("文字过短、过长") && refused.contains("home_lead_zh-error"), "{refused}");

        // What is left empty is the settings file's again.
        assert_eq!(admin.post(place, place, &[("group", "wording")]).await.status(), 303, "{database}");
        let back = page(town.url(&format!("/c/{}", town.seal))).await;
        assert!(back.contains("您的评价将计入统计") && !back.contains(pin), "{database}");
        let trail = admin.page("/console/admin/trail").await;
        assert!(trail.contains("企业口令的用途（中文）"), "{database}: in the trail, by its name");
        let dispatcher = Browser::signed_in(&town, "dispatcher").await;
        assert_ne!(dispatcher.post("/console", place, &said).await.status(), 303, "{database}");
    }
}

const NOTICE: &str = r#"{"year":2027,"days":[
    {"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-04","isOffDay":true},
    {"name":"元旦","date":"2027-01-05","isOffDay":true},{"name":"元旦","date":"2027-01-09","isOffDay":false}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_arrives_moves_provisional_promises_with_one_event_each() {
    for database in BOTH {
        let town = Town::on(database);
        let mut db = town.shared.store.connection().unwrap();
        let (rules, admin) = (town.shared.rules(), Actor::at_the_machine());
        let at: qiyema_server::clock::Timestamp = "2026-12-21T02:00:00Z".parse().unwrap();
        let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
        // Three open issues: two promised for 5 January by the weekly rule, one for a day that is settled.
        let open = timed::watched(&mut db, "", 500).unwrap();
        let open = open.iter().filter_map(|id| timed::issue(&mut db, id).unwrap());
        let promised =
            |issue: &issues::IssueRow| issue.is_open && issue.due_on.is_some() && !issue.provisional;
        let with_promise: Vec<_> = open.filter(promised).take(3).collect();
        for (index, issue) in with_promise.iter().enumerate() {
            let mut row = issue.clone();
            row.version += 1;
            row.accepted_at = Some(day("2026-12-18").and_hms_opt(2, 0, 0).unwrap());
            row.provisional = index < 2;
            let due = if index < 2 { "2027-01-05" } else { "2026-12-25" };
            (row.first_due_on, row.due_on) = (Some(day(due)), Some(day(due)));
            assert!(issues::advance(&mut db, &row, issue.version).unwrap());
            promise::count(&mut db, &row, &rules, "2026-12-18T02:00:00Z".parse().unwrap()).unwrap();
        }
        let file = CalendarFile { text: NOTICE.into() };
        let shown = import::preview(&mut db, &admin, &file, Reach::From(day("2026-12-21"))).unwrap();
        assert!(shown.provisional_issues >= 2 && shown.changed.len() == 4, "{shown:?}");
        let known = |db: &mut Db| Calendar::new(qiyema_server::store::directory::workdays(db).unwrap());
        assert!(!known(&mut db).is_official(2027), "a preview saves nothing");
        while let Some(page) = recompute::page(&mut db, &rules, 40).unwrap() {
            recompute::turn(&mut db, &page).unwrap();
        }
        qiyema_server::store::transaction(&mut db, |db| {
            import::take(db, &admin, &file, Reach::From(day("2026-12-21")), at)
        })
        .unwrap();
        let new = Rules { calendar: known(&mut db), ..(*rules).clone() };
        assert!(new.calendar.is_official(2027));
        let moved = |db: &mut Db, issue: &issues::IssueRow| {
            let events = qiyema_server::store::events::of_issues(
                db,
                &issue.enterprise_id,
                std::slice::from_ref(&issue.id),
            );
            events.unwrap().iter().filter(|event| event.kind == "due_recomputed").count()
        };
        // A pass that stops after its first issue, before it notes how far it came; then the whole, twice.
        let first = recompute::page(&mut db, &new, 40).unwrap().unwrap();
        assert!(!first.issues.is_empty());
        for id in [&with_promise[0].id, &first.issues[0]] {
            recompute::one(&mut db, id, &first, &new, at).unwrap();
        }
        assert_eq!(
            (moved(&mut db, &with_promise[0]), moved(&mut db, &with_promise[1])),
            (1, 0),
            "{database}"
        );
        for _ in 0..2 {
            while let Some(page) = recompute::page(&mut db, &new, 40).unwrap() {
                for id in &page.issues {
                    recompute::one(&mut db, id, &page, &new, at).unwrap();
                }
                recompute::turn(&mut db, &page).unwrap();
            }
            qiyema_server::store::transaction(&mut db, |db| {
                import::take(db, &admin, &file, Reach::From(day("2026-12-21")), at)
            })
            .unwrap();
        }
        for (index, before) in with_promise.iter().enumerate() {
            let (now, ..) = issues::by_number(&mut db, &before.number).unwrap().unwrap();
            // 1, 4 and 5 January were three working days; now they are 6, 7 and 8 January.
            let due = if index < 2 { "2027-01-08" } else { "2026-12-25" };
            assert_eq!((now.due_on, now.provisional), (Some(day(due)), false), "{database} {index}");
            assert_eq!(moved(&mut db, before), usize::from(index < 2), "{database} {index}: once");
        }
        let again = import::preview(&mut db, &admin, &file, Reach::From(day("2026-12-21"))).unwrap();
        assert!(again.changed.is_empty() && again.removed.is_empty());
        drop(db);
        town.shared.refresh().await.unwrap();
        assert!(town.shared.rules().calendar.is_official(2027));
    }
}
