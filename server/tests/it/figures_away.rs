//! Figures looked at from elsewhere: the way down to single closures, files of a
//! month that is over, other systems' codings.

use qiyema_server::{
    actions::job::Job, clock::Clock, startup::jobs::Runner, store::figures::sums, web::words::lang::Lang,
};
use serde_json::{Value, json};

use crate::{
    figures::YEAR,
    figures_files::same_workbook,
    harness::{BOTH, Town},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_leads_down_to_single_closures_and_hides_what_few_rated() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        let board =
            town.send("leader", "GET", &YEAR.replace("figures?", "figures/dashboard?"), Value::Null).await.1;
        let (figures, funnel) = (&board["figures"], &board["funnel"]);
        assert_eq!(funnel["closed"], figures["all"]["closed"], "{database}");
        assert_eq!(funnel["bad"], figures["all"]["bad"]["part"], "{database}");
        assert_eq!(board["trend"].as_array().unwrap().len(), 12);
        let cells = board["heat"]["cells"].as_array().unwrap();
        assert!(cells.iter().all(|cell| cell["good"]["whole"].as_u64().unwrap() >= 5), "{database}");
        let complaints = board["complaints"].as_array().unwrap();
        let counts: Vec<u64> = complaints.iter().map(|one| one["count"].as_u64().unwrap()).collect();
        assert!(!counts.is_empty() && counts.is_sorted_by(|a, b| a >= b), "{database}: {complaints:?}");

        let down = YEAR.replace("figures?", "figures/closures?");
        for group in figures["groups"].as_array().unwrap() {
            let id = group["id"].as_str().unwrap();
            let closed = group["figures"]["closed"].as_u64().unwrap();
            let (mut seen, mut after) = (Vec::new(), String::new());
            loop {
                let page =
                    town.send("leader", "GET", &format!("{down}&member={id}{after}"), Value::Null).await.1;
                seen.extend(page["closures"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else { break };
                after = format!("&after={next}");
            }
            assert_eq!(
                u64::try_from(seen.len()).unwrap(),
                closed,
                "{database} {id}: each closure is behind the figure"
            );
            let bad = town.send("leader", "GET", &format!("{down}&member={id}&which=bad"), Value::Null).await;
            let shown = group["figures"].get("bad").is_some();
            assert_eq!(bad.0, if shown { 200 } else { 403 }, "{database} {id}: {}", bad.1);
            if shown {
                let parts = &group["figures"]["bad"]["part"];
                assert_eq!(json!(bad.1["closures"].as_array().unwrap().len()), *parts, "{database} {id}");
            } else {
                assert!(seen.iter().all(|line| line.get("verdict").is_none()), "{database} {id}");
            }
        }
        let handler = &town.seeded.staff.iter().find(|(role, _)| *role == "handler").unwrap().1;
        assert_eq!(town.send(handler, "GET", &down, Value::Null).await.0, 403);
        let nobody = town.send("leader", "GET", &format!("{down}&member=nobody"), Value::Null).await;
        assert_eq!(nobody.0, 404, "{database}");
    }
}

/// Reads it with a token: status and answer.
pub async fn get(town: &Town, token: &str, path: &str) -> (u16, Value) {
    let answer = crate::harness::client().get(town.url(path)).bearer_auth(token).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The lines of a list, over all its pages.
pub async fn lines(town: &Town, token: &str, path: &str) -> Vec<Value> {
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (status, page) = get(town, token, &format!("{path}{after}")).await;
        assert_eq!(status, 200, "{path}: {page}");
        seen.extend(page["closures"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return seen };
        after = format!("&after={next}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_list_is_as_long_as_its_figure_says() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        town.count().await;
        let today = town.shared.rules().day(town.shared.clock.now());
        let month = format!("from={}&to={today}", today.format("%Y-%m-01"));
        let token = town.token("leader").await;
        let (mut open, mut long) = (0, 0);
        for (period, by) in [
            ("from=2025-01-01&to=2027-06-30", "unit"),
            ("from=2025-01-01&to=2027-06-30", "handler"),
            ("from=2025-01-01&to=2027-06-30", "level"),
            (&*month, "unit"),
            (&*month, "category"),
            ("period=last12", "leader"),
        ] {
            let of = format!("{period}&by={by}");
            let view = get(&town, &token, &format!("/api/v1/staff/figures?{of}")).await.1;
            for group in view["groups"].as_array().unwrap() {
                let id = group["id"].as_str().unwrap();
                for (which, figure) in
                    [("late", "on_time"), ("late_first", "on_time_first"), ("reopened", "reopened")]
                {
                    let path = format!("/api/v1/staff/figures/closures?{of}&member={id}&which={which}");
                    let found = lines(&town, &token, &path).await;
                    let of = |key: &str| group["figures"][figure][key].as_u64().unwrap();
                    let wanted = if which == "reopened" { of("part") } else { of("whole") - of("part") };
                    assert_eq!(
                        u64::try_from(found.len()).unwrap(),
                        wanted,
                        "{database} {period} {by} {id} {which}"
                    );
                    if which != "reopened" {
                        let days = |line: &Value, key: &str| line[key].as_str().map(ToOwned::to_owned);
                        assert!(found.iter().all(|one| {
                            days(one, "closed_on").is_none_or(|day| Some(day) > days(one, "due_on"))
                        }));
                        open += found.iter().filter(|one| one.get("closed_on").is_none()).count();
                        long += found.len();
                    }
                }
            }
        }
        assert!(open > 10 && long > open, "{database}: {open} {long}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_owners_complain_about_leads_to_the_ratings_that_say_so() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        town.count().await;
        let token = town.token("leader").await;
        let board = get(&town, &token, &YEAR.replace("figures?", "figures/dashboard?")).await.1;
        let days = "from=2025-01-01&to=2027-06-30";
        let list = async |find: &str| {
            let (mut seen, mut before) = (Vec::new(), String::new());
            loop {
                let path = format!("/api/v1/staff/ratings?{days}&{find}{before}");
                let (status, page) = get(&town, &token, &path).await;
                assert_eq!(status, 200, "{path}: {page}");
                seen.extend(page["ratings"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else { return seen };
                before = format!("&before={next}");
            }
        };
        for one in board["complaints"].as_array().unwrap() {
            let tag = format!("{}/{}", one["version"], one["tag"].as_str().unwrap());
            let found = list(&format!("show=counted&verdict=bad&tag={tag}")).await;
            assert_eq!(json!(found.len()), one["count"], "{database} {one}");
            assert!(found.iter().all(|rating| rating["tags"].as_array().unwrap().contains(&one["text"])));
        }
        let group = &board["figures"]["groups"][0];
        let unit = group["id"].as_str().unwrap();
        for (verdict, key) in [("bad", "bad"), ("good", "good")] {
            let found = list(&format!("show=counted&verdict={verdict}&unit={unit}")).await;
            assert_eq!(json!(found.len()), group["figures"][key]["part"], "{database} {unit} {verdict}");
        }
        assert_eq!(list("tag=nothing%25").await.len(), 0, "{database}");
        let page = crate::console::Browser::signed_in(&town, "performance_reviewer").await;
        let page = page.page(&format!("/console/ratings?show=counted&verdict=bad&{days}&unit={unit}")).await;
        assert!(page.contains("value=\"bad\" selected"), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_over_is_exported_once_and_old_ones_go() {
    for database in BOTH {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let settings = [("figures.export_folder", &*out.display().to_string()), ("figures.export_kept", "2")]
            .map(|(k, v)| (k, v.to_owned()));
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, &**value)).collect();
        let clock = Clock::fixed("2026-11-10T02:00:00Z".parse().unwrap());
        let town = Town::at(database, &settings, &clock);
        town.count().await;
        for month in ["2026-07", "2026-08"] {
            for ending in ["xlsx", "json"] {
                std::fs::create_dir_all(&out).unwrap();
                std::fs::write(out.join(format!("figures-{month}.{ending}")), "old").unwrap();
            }
        }
        std::fs::write(out.join("notes.json"), "somebody else's").unwrap();
        let runner = Runner::new(&town.shared).unwrap();
        runner.look(Job::Exports).await.unwrap();
        let names = |folder: &std::path::Path| {
            let mut names: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|one| one.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            names
        };
        let kept = [
            "figures-2026-08.json",
            "figures-2026-08.xlsx",
            "figures-2026-10.json",
            "figures-2026-10.xlsx",
            "notes.json",
        ];
        assert_eq!(names(&out), kept, "{database}");
        let read = |name: &str| -> Value {
            serde_json::from_str(&std::fs::read_to_string(out.join(name)).unwrap()).unwrap()
        };
        assert_eq!(read("figures-2026-10.json")[0]["as_of"], "2026-11-10", "{database}");
        let text = std::fs::read_to_string(out.join("figures-2026-10.json")).unwrap();
        let views: Value = serde_json::from_str(&text).unwrap();
        let said = town.send("auditor", "GET", "/api/v1/staff/figures?period=2026-10", Value::Null).await.1;
        assert_eq!((views.as_array().unwrap().len(), &views[0]), (7, &said), "{database}");
        let book = std::fs::read(out.join("figures-2026-10.xlsx")).unwrap();
        let numbers = same_workbook(book, views.as_array().unwrap(), Lang::Zh, database);
        assert!(numbers > 1000, "{database}: {numbers}");
        std::fs::remove_file(out.join("figures-2026-10.json")).unwrap();
        while runner.look(Job::Exports).await.unwrap() {}
        assert!(!out.join("figures-2026-10.json").exists(), "{database}: once when it is over");
        assert_eq!(read("figures-2026-09.json")[0]["as_of"], "2026-11-10", "{database}: it is settled");

        // Once more when nobody can rate its closures any more; not while days wait.
        let settled = "2026-12-06T02:00:00Z";
        clock.set(settled.parse().unwrap());
        {
            let mut db = town.shared.store.connection().unwrap();
            sums::mark(&mut db, "2026-10-15".parse().unwrap()).unwrap();
        }
        let runner = Runner::new(&town.shared).unwrap();
        while runner.look(Job::Exports).await.unwrap() {}
        assert!(!out.join("figures-2026-10.json").exists(), "{database}: a day waits");
        town.count().await;
        while runner.look(Job::Exports).await.unwrap() {}
        assert_eq!(read("figures-2026-10.json")[0]["as_of"], "2026-12-06", "{database}");
        assert_eq!(read("figures-2026-11.json")[0]["as_of"], "2026-12-06", "{database}");
    }
}

/// Where the window was shortened, a month may be settled before the one that came before it.
#[test]
fn a_month_that_is_settled_later_than_the_next_one_is_not_passed_over() {
    use diesel::{RunQueryDsl, sql_query};
    use qiyema_server::actions::figures::export::{Done, next};
    for database in BOTH {
        let clock = Clock::fixed("2026-11-10T02:00:00Z".parse().unwrap());
        let town = Town::at(database, &[], &clock);
        let mut db = town.shared.store.connection().unwrap();
        sql_query(
            "INSERT INTO closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, \
             first_due_on, due_on, rate_until) \
             SELECT 'long', enterprise_id, issue_id, result, reply, '2026-09-15 02:00:00', by, unit_id, handler_id, \
             first_due_on, due_on, '2026-12-20' FROM closures ORDER BY id LIMIT 1",
        )
        .execute(&mut **db)
        .unwrap();
        let rules = town.shared.rules();
        let mut due = |done: &str, today: &str| {
            let next = next(&mut db, &Done::read(done), &rules, today.parse().unwrap()).unwrap();
            next.map(|(done, month)| (month, done.text()))
        };
        let found = |month: &str, done: &str| Some((month.to_owned(), done.to_owned()));
        assert_eq!(due("2026-11 2026-08", "2026-12-06"), None, "{database}: September is still rated");
        assert_eq!(due("2026-11 2026-08", "2026-12-21"), found("2026-09", "2026-11 2026-09"), "{database}");
        assert_eq!(due("2026-11 2026-09", "2026-12-21"), found("2026-10", "2026-11 2026-10"), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_systems_get_ratings_in_the_coding_they_ask_for() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        let get = async |coding: &str| {
            let path =
                format!("/api/v1/staff/ratings/exchange?from=2025-01-01&to=2027-06-30&coding={coding}");
            town.send("performance_reviewer", "GET", &path, Value::Null).await.1
        };
        let (one, other) = (get("interface").await, get("gbt39046").await);
        let pairs = one["ratings"].as_array().unwrap().iter().zip(other["ratings"].as_array().unwrap());
        let mut levels = 0;
        for (here, there) in pairs {
            assert_eq!(here["id"], there["id"], "{database}");
            let (Some(five), Some(best_is_one)) =
                (here["satisfaction"].as_u64(), there["satisfaction"].as_u64())
            else {
                continue;
            };
            levels += 1;
            assert_eq!(five + best_is_one, 6, "{database}");
            // The last two levels are bad, whatever their numbers.
            assert_eq!(here["verdict"], if five >= 3 { "good" } else { "bad" }, "{database}");
            let meaning =
                |of: &Value, code: u64| of["meaning"][usize::try_from(code).unwrap() - 1]["level"].clone();
            assert_eq!(meaning(&one, five), meaning(&other, best_is_one), "{database}");
        }
        assert!(levels > 50, "{database}: {levels}");
        assert_eq!(get("five_is_best").await["code"], "invalid_input", "{database}");
    }
}
