//! What the figures are counted by: the calendar, the limits, what a centre set; and what stands beside them.

use diesel::{
    QueryableByName, RunQueryDsl, sql_query,
    sql_types::{BigInt, Text},
};
use qiyema_protocol::{
    directory::CalendarFile,
    rating::{RatingTag, RatingTags},
    text,
};
use qiyema_server::{
    actions::{
        admin::tags,
        calendar::import::{self, Reach},
        figures::keep,
        rights::Actor,
    },
    clock::Clock,
    store::{self, figures::sums},
};
use serde_json::{Value, json};

use crate::{
    console::Browser,
    figures::YEAR,
    figures_recounted::{recounted, said},
    harness::{BOTH, Town},
};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = Text)]
    id: String,
}

fn n(town: &Town, sql: &str) -> i64 {
    let mut db = town.shared.store.connection().unwrap();
    sql_query(sql).get_result::<Count>(&mut **db).unwrap().n
}

async fn all(town: &Town) -> Value {
    town.send("auditor", "GET", YEAR, Value::Null).await.1["all"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_calendar_is_noticed_and_what_it_touches_is_counted_anew() {
    for database in BOTH {
        let clock = Clock::fixed("2026-11-25T02:00:00Z".parse().unwrap());
        let town = Town::at(database, &[], &clock);
        town.count().await;
        let before = all(&town).await;
        // Every day of November but the weekends is a holiday: what was closed then took no working days of it.
        let days = (1..=30).map(|day| format!("2026-11-{day:02},holiday,official\n"));
        let file = json!({ "text": format!("date,kind,status\n{}", days.collect::<String>()) });
        // No administrator moves clocks that have run; whoever holds the machine may put a mistake right.
        for path in ["preview", "imports"] {
            let path = format!("/api/v1/admin/calendar/{path}");
            let (status, said) = town.send("administrator", "POST", &path, file.clone()).await;
            assert_eq!((status, &said["errors"][0]["field"]), (422, &json!("text")), "{database}: {said}");
            let why = said["errors"][0]["detail"]["zh"].as_str().unwrap();
            assert!(why.contains("42个已经过去的日子") && why.contains("2026-01-01"), "{database}: {why}");
        }
        assert_eq!(all(&town).await, before, "{database}");
        let coming = json!({ "text": "date,kind,status\n2026-11-25,holiday,official\n" });
        let (status, _) = town.send("administrator", "POST", "/api/v1/admin/calendar/preview", coming).await;
        assert_ne!(status, 500, "{database}: today is not over");
        let notice = CalendarFile { text: file["text"].as_str().unwrap().to_owned() };
        let mut db = town.shared.store.connection().unwrap();
        store::transaction(&mut db, |db| {
            import::take(db, &Actor::at_the_machine(), &notice, Reach::All, clock.now())
        })
        .unwrap();
        drop(db);
        town.shared.refresh().await.unwrap();
        town.count().await;
        let after = all(&town).await;
        assert!(after["days"]["value"].as_f64() < before["days"]["value"].as_f64(), "{database}: {after}");
        assert_eq!(town.recount().differences, [], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rectification_keeps_the_limit_that_was_in_force_when_it_was_opened() {
    for database in BOTH {
        let town = Town::on(database);
        town.count().await;
        let opened = n(&town, "SELECT count(*) AS n FROM rectifications");
        assert!(opened > 0, "{database}");
        assert_eq!(
            n(&town, "SELECT count(*) AS n FROM rectification_limits"),
            opened,
            "{database}: each has one"
        );
        // Whoever shortens the limit makes nothing late that was in time.
        let mut rules = (*town.shared.rules()).clone();
        (rules.limits.fix, rules.limits.fix_complex) = (0, 0);
        let mut db = town.shared.store.connection().unwrap();
        let found = keep::recount(&mut db, None, &rules, town.shared.clock.now()).unwrap();
        assert_eq!(found.differences, [], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_group_stands_beside_itself_in_the_period_before() {
    for database in BOTH {
        let town = Town::with_past(database, 300);
        let today = town.shared.rules().day(town.shared.clock.now());
        let half = today - chrono::Days::new(120);
        let of = async |from: chrono::NaiveDate, to: chrono::NaiveDate, by: &str| {
            let path = format!("/api/v1/staff/figures?from={from}&to={to}&by={by}");
            town.send("auditor", "GET", &path, Value::Null).await.1
        };
        for by in ["unit", "category", "handler"] {
            let view = of(half, today, by).await;
            let day = |key: &str| view[key].as_str().unwrap().parse().unwrap();
            let then = of(day("before_from"), day("before_to"), by).await;
            let then = then["groups"].as_array().unwrap();
            let mut compared = 0;
            for group in view["groups"].as_array().unwrap() {
                let own = then.iter().find(|one| one["id"] == group["id"]).map(|one| &one["figures"]);
                assert_eq!(group.get("before"), own, "{database} {by} {}", group["id"]);
                compared += usize::from(own.is_some());
            }
            assert!(compared > 2, "{database} {by}: {compared}");
        }
        // Page, CSV and XLSX show it too; every rate has its interval and n.
        let view = of(half, today, "unit").await;
        let groups = view["groups"].as_array().unwrap();
        let group = groups.iter().find(|one| one["before"]["good"]["rate"].is_number()).unwrap();
        let whole = |share: &Value| {
            let of = |key: &str| share[key].as_f64().unwrap() * 100.0;
            let (rate, low, high) = (of("rate"), of("low"), of("high"));
            format!("{rate:.1}\u{a0}% ({low:.0}\u{2060}–\u{2060}{high:.0}) n={}", share["whole"])
        };
        let reader = Browser::signed_in(&town, "auditor").await;
        let page = reader.page(&format!("/console/figures?from={half}&to={today}&lang=en")).await;
        for share in [&group["before"]["good"], &group["figures"]["on_time"], &group["figures"]["rated"]] {
            assert!(page.contains(&whole(share)), "{database}: {}", whole(share));
        }
        let sheet = reader.page(&format!("/console/figures.csv?from={half}&to={today}&lang=en")).await;
        let name = group["name"]["en"].as_str().unwrap();
        let line = sheet.lines().find(|line| line.contains(name)).unwrap();
        let good = &group["before"]["good"];
        // As numbers: what reads JSON may differ from what wrote it in the last digit.
        let wanted = ["rate", "whole", "low", "high"].map(|key| good[key].as_f64().unwrap());
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap_or(f64::NAN)).collect();
        let same = |cells: &[f64]| cells.iter().zip(wanted).all(|(one, other)| (one - other).abs() < 1e-12);
        assert!(cells.windows(4).any(same), "{database}: {wanted:?} in {line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_the_code_alone_counts_is_a_setting_and_its_change_counts_all_anew() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        town.count().await;
        let before = all(&town).await;
        let key = "/api/v1/admin/settings/count_unverified";
        let set = town.send("administrator", "PUT", key, json!({ "value": "true" })).await;
        assert_eq!(set.0, 204, "{database}: {}", set.1);
        town.count().await;
        let view = town.send("auditor", "GET", YEAR, Value::Null).await.1;
        let (after, of) = (&view["all"], |view: &Value, key: &str| view["ratings"][key].as_u64().unwrap());
        let by_code = before["how"]["code"].as_u64().unwrap();
        assert!(by_code > 5, "{database}");
        assert_eq!(of(after, "counted"), of(&before, "counted") + by_code, "{database}");
        assert_eq!(of(after, "received"), of(&before, "received"), "{database}");
        assert_eq!((&after["how"], &view["unverified_count"]), (&before["how"], &json!(true)), "{database}");
        assert_eq!(town.recount().differences, [], "{database}");
        assert_eq!(town.unbalanced(), Vec::<String>::new(), "{database}");
        let found = recounted(&town, &said(&town, "from=2025-01-01&to=2027-06-30").await);
        assert_eq!(found["different"], json!([]), "{database}");
        // The way down shows them, and the page says which is in force.
        for group in view["groups"].as_array().unwrap() {
            let Some(bad) = group["figures"]["bad"]["part"].as_u64() else { continue };
            let path = YEAR.replace("figures?", "figures/closures?");
            let path = format!("{path}&which=bad&member={}", group["id"].as_str().unwrap());
            let list = town.send("auditor", "GET", &path, Value::Null).await.1;
            assert_eq!(json!(list["closures"].as_array().unwrap().len()), json!(bad), "{database} {group}");
        }
        let reader = Browser::signed_in(&town, "auditor").await;
        let page = reader.page("/console/figures?from=2025-01-01&to=2027-06-30").await;
        assert!(page.contains("企业没有评价的，仅凭码的评价计入"), "{database}");
        assert!(
            reader.page("/console/admin/trail").await.contains("仅凭码"),
            "{database}: the trail says who"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn months_that_begin_on_another_day_are_added_up_like_others() {
    for database in BOTH {
        let town = Town::with(database, &[("figures.month_first_day", "26")]);
        town.count().await;
        let first_days = "SELECT count(*) AS n FROM figure_sums WHERE span = 'month' AND ";
        let on =
            if database == "sqlite" { "strftime('%d', day) = '26'" } else { "extract(day FROM day) = 26" };
        assert!(n(&town, &format!("{first_days}{on}")) > 50, "{database}");
        assert_eq!(n(&town, &format!("{first_days}NOT ({on})")), 0, "{database}");
        let mut answers = said(&town, "period=2026").await;
        answers.extend(said(&town, "from=2025-12-26&to=2026-12-25").await);
        let found = recounted(&town, &answers);
        assert_eq!(found["different"], json!([]), "{database}");
        let as_of = |answer: &String| serde_json::from_str::<Value>(answer).unwrap()["all"].clone();
        assert_eq!(as_of(&answers[0]), as_of(&answers[8]), "{database}: by name and by its days");

        // Where the day changes, the days are read until the months are added up again.
        let mut rules = (*town.shared.rules()).clone();
        rules.figures.month_first_day = 1;
        let before = all(&town).await;
        let mut db = town.shared.store.connection().unwrap();
        let touched = keep::follow(&mut db, &rules).unwrap().unwrap();
        store::transaction(&mut db, |db| keep::mark(db, &touched)).unwrap();
        assert_eq!(all(&town).await, before, "{database}: nothing is missing meanwhile");
        while let Some(counted) = keep::count_marked(&mut db, &rules).unwrap() {
            store::transaction(&mut db, |db| keep::keep(db, &counted)).unwrap();
        }
        assert_eq!(n(&town, &format!("{first_days}{on}")), 0, "{database}");
        let found = keep::recount(&mut db, None, &rules, town.shared.clock.now()).unwrap();
        assert_eq!((found.differences, sums::waiting(&mut db).unwrap()), (vec![], 0), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_of_the_tags_rewrites_no_rating() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        town.count().await;
        let path = YEAR.replace("figures?", "figures/dashboard?");
        let before = town.send("auditor", "GET", &path, Value::Null).await.1["complaints"].clone();
        let one = {
            let sql = "SELECT id FROM ratings WHERE tags LIKE '%not_really_solved%' ORDER BY id LIMIT 1";
            let mut db = town.shared.store.connection().unwrap();
            sql_query(sql).get_result::<Id>(&mut **db).unwrap().id
        };
        let one = format!("/api/v1/staff/ratings/{one}");
        let said_then = town.send("performance_reviewer", "GET", &one, Value::Null).await.1["tags"].clone();
        assert!(said_then.to_string().contains("问题未真正解决"), "{database}: {said_then}");
        let mut tags = RatingTags { version: 1, tags: Vec::new() };
        for (id, score, zh) in [("fully_solved", 5, "解决了"), ("not_really_solved", 2, "换了说法")] {
            tags.tags.push(RatingTag { id: id.to_owned(), score, text: text::Text::new(zh, zh) });
        }
        {
            let (mut db, at) = (town.shared.store.connection().unwrap(), town.shared.clock.now());
            let mut publish = |edited: &RatingTags| {
                let actor = Actor::at_the_machine();
                store::transaction(&mut db, |db| tags::publish(db, &actor, edited, at))
            };
            let only_praise = RatingTags { version: 1, tags: vec![tags.tags[0].clone()] };
            assert!(publish(&only_praise).is_err(), "{database}: praise and complaint alike");
            assert_eq!(publish(&tags).unwrap().version, 2, "{database}");
            assert!(publish(&tags).is_err(), "{database}: made from an older one");
            tags.version = 2;
        }
        town.shared.refresh().await.unwrap();
        let offered: RatingTags =
            crate::harness::get(town.url("/api/v1/rating-tags")).await.unwrap().json().await.unwrap();
        assert_eq!(offered, tags, "{database}: the new one is offered");
        let after = town.send("auditor", "GET", &path, Value::Null).await.1["complaints"].clone();
        assert_eq!(after, before, "{database}: what was said stays as it was said");
        let again = town.send("performance_reviewer", "GET", &one, Value::Null).await.1["tags"].clone();
        assert_eq!(again, said_then, "{database}");

        // Another rating is of the new version, and what no version ever offered is refused.
        let number = crate::ratings::unrated(&town).await;
        let token = crate::ratings::device(&town).await;
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
        let rate = async |tag: &str| {
            let body = json!({ "verdict": "bad", "tags": [tag] });
            let sent = crate::harness::client().post(&url).bearer_auth(&token).json(&body).send();
            sent.await.unwrap().status().as_u16()
        };
        assert_eq!(rate("never_offered").await, 422, "{database}");
        assert_eq!(rate("not_really_solved").await, 201, "{database}");
        town.count().await;
        let found = recounted(&town, &said(&town, "from=2025-01-01&to=2027-06-30").await);
        assert_eq!(found["different"], json!([]), "{database}");
        let latest = town.send("auditor", "GET", &path, Value::Null).await.1["complaints"].clone();
        let lines = latest.as_array().unwrap().iter().filter(|one| one["tag"] == "not_really_solved");
        let mut told = Vec::new();
        for line in lines {
            // Each leads to those who said it in these words.
            let days = "from=2025-01-01&to=2027-06-30&show=counted&verdict=bad";
            let list = format!("/api/v1/staff/ratings?{days}&tag={}/not_really_solved", line["version"]);
            let (mut n, mut next) = (0, String::new());
            loop {
                let page = town.send("auditor", "GET", &format!("{list}{next}"), Value::Null).await.1;
                for rating in page["ratings"].as_array().unwrap() {
                    assert!(
                        rating["tags"].as_array().unwrap().contains(&line["text"]),
                        "{database}: {rating}"
                    );
                    n += 1;
                }
                let Some(after) = page["next"].as_str() else { break };
                next = format!("&before={after}");
            }
            assert_eq!(json!(n), line["count"], "{database}: {line}");
            told.push(line["text"]["zh"].as_str().unwrap().to_owned());
        }
        told.sort();
        assert_eq!(told, ["换了说法", "问题未真正解决"], "{database}: {latest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_report_draws_what_the_page_draws_and_says_as_of_when() {
    let town = Town::with_past("sqlite", 300);
    let reader = Browser::signed_in(&town, "auditor").await;
    let page = reader.page("/console/figures/report?from=2025-01-01&to=2027-06-30&lang=en").await;
    for drawn in
        ["class=\"forest\"", "class=\"trend\"", "class=\"heat\"", "Slowest categories", "as received"]
    {
        assert!(page.contains(drawn), "{drawn}");
    }
    let today = town.shared.rules().day(town.shared.clock.now());
    assert!(page.contains(&format!("as of {today}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuilding_leaves_no_mark_and_forgets_what_nothing_stands_behind() {
    for database in BOTH {
        let town = Town::on(database);
        let before = all(&town).await;
        let mut db = town.shared.store.connection().unwrap();
        let stray = "INSERT INTO figure_sums (span, dimension, day, member, sums) VALUES \
                     ('day', 'unit', '2026-01-03', 'stray', '{\"n\":{\"closed\":7}}'), \
                     ('month', 'unit', '2026-01-13', 'stray', '{\"n\":{\"closed\":7}}')";
        sql_query(stray).execute(&mut **db).unwrap();
        sums::mark(&mut db, "2026-01-03".parse().unwrap()).unwrap();
        keep::rebuild(&mut db, &town.shared.rules(), town.shared.clock.now()).unwrap();
        assert_eq!(sums::waiting(&mut db).unwrap(), 0, "{database}");
        drop(db);
        assert_eq!(n(&town, "SELECT count(*) AS n FROM figure_sums WHERE member = 'stray'"), 0, "{database}");
        assert_eq!((all(&town).await, town.recount().differences), (before, vec![]), "{database}");
    }
}
