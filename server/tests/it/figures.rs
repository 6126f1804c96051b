//! Figures for performance review: the same numbers as a recount by other means,
//! for the eyes they are meant for.

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use serde_json::{Value, json};

use qiyema_server::actions::figures::keep;

use crate::{
    console::Browser,
    harness::{BOTH, Town},
    ratings::{device, unrated},
};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn recount(town: &Town, sql: &str) -> i64 {
    let mut db = town.shared.store.connection().unwrap();
    sql_query(sql).get_result::<Count>(&mut **db).unwrap().n
}

/// A period that holds all of the town.
pub const YEAR: &str = "/api/v1/staff/figures?from=2025-01-01&to=2027-06-30";

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_of_a_recount_in_sql() {
    for database in BOTH {
        let town = Town::on(database);
        let (status, found) = town.send("performance_reviewer", "GET", YEAR, Value::Null).await;
        assert_eq!(status, 200, "{found}");
        let n = |sql: &str| recount(&town, sql);
        let all = &found["all"];
        assert_eq!(all["closed"], n("SELECT count(*) AS n FROM closures"), "{database}");
        let of = |tier: &str, verdict: &str| {
            n(&format!(
                "SELECT count(*) AS n FROM ratings WHERE round = 'first' AND tier = '{tier}' AND verdict LIKE '{verdict}'"
            ))
        };
        assert!(of("owner", "%") > 5 && of("unverified", "%") > 5, "the demo has something to count");
        assert_eq!(all["good"]["part"], of("owner", "good"), "{database}");
        assert_eq!(all["good"]["whole"], of("owner", "%"), "{database}");
        let both = n("SELECT count(*) AS n FROM ratings a JOIN ratings b ON a.closure_id = b.closure_id \
             WHERE a.round = 'first' AND b.round = 'first' AND a.tier = 'owner' AND b.tier = 'unverified'");
        let r = &all["ratings"];
        assert_eq!(r["received"], of("owner", "%") + of("unverified", "%"), "{database}");
        assert_eq!(
            (&r["superseded"], &r["unverified"]),
            (&json!(both), &json!(of("unverified", "%") - both))
        );
        let sum = ["counted", "unverified", "not_rated", "open"].map(|key| r[key].as_i64().unwrap());
        assert_eq!(json!(sum.iter().sum::<i64>()), all["closed"], "{database}: each closure in one slice");

        // Local days of Shanghai from UTC moments; SQLite and PostgreSQL say it differently.
        let (day, set_aside, today) = if database == "sqlite" {
            ("date(c.at, '+8 hours')", "date(i.state_at, '+8 hours')", "date('now', '+8 hours')")
        } else {
            (
                "(c.at + interval '8 hours')::date",
                "(i.state_at + interval '8 hours')::date",
                "(now() AT TIME ZONE 'Asia/Shanghai')::date",
            )
        };
        // What is promised for today or later is not due yet, and does not count because it was kept early.
        let early = n(&format!("SELECT count(*) AS n FROM closures c WHERE c.due_on >= {today}"));
        assert!(early > 0, "{database}: the demo has closures of before their day");
        let due = format!("c.due_on < {today}");
        let kept = n(&format!("SELECT count(*) AS n FROM closures c WHERE {day} <= c.due_on AND {due}"));
        let late = n(&format!(
            "SELECT count(*) AS n FROM issues i WHERE (i.is_open OR i.state IN ('withdrawn', 'merged')) AND i.due_on < \
             CASE WHEN i.state IN ('deferred', 'withdrawn', 'merged') THEN {set_aside} ELSE {today} END"
        ));
        assert!(late > 0);
        assert_eq!(all["on_time"]["part"], kept, "{database}");
        let closed = n(&format!("SELECT count(*) AS n FROM closures c WHERE {due}"));
        assert_eq!(all["on_time"]["whole"], closed + late, "{database}");

        let groups = found["groups"].as_array().unwrap();
        let total = |of: fn(&Value) -> i64| groups.iter().map(of).sum::<i64>();
        assert_eq!(json!(total(|g| g["figures"]["closed"].as_i64().unwrap())), all["closed"], "{database}");
        assert_eq!(
            json!(total(|g| g["figures"]["on_time"]["whole"].as_i64().unwrap())),
            all["on_time"]["whole"],
            "{database}"
        );
        // Only where a group stands apart from the rest, there is an order.
        let apart = groups.iter().any(|group| matches!(group["standing"].as_str(), Some("above" | "below")));
        for group in groups {
            let counted = group["figures"]["ratings"]["counted"].as_i64().unwrap();
            let shown = !group["figures"]["good"].is_null();
            assert!(!shown || counted == 0 || counted >= 5, "{group}");
            assert_eq!(!group["rank"].is_null(), apart && shown && counted >= 5, "{group}");
            assert_eq!(!group["standing"].is_null(), shown && counted >= 5, "{group}");
        }
        for by in ["handler", "leader", "category", "channel", "level", "grade"] {
            let path = format!("{YEAR}&by={by}");
            let other = town.send("leader", "GET", &path, Value::Null).await.1;
            assert_eq!(other["all"], found["all"], "{database}: {by}");
            assert!(!other["groups"].as_array().unwrap().is_empty(), "{by}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_assignment_moves_no_figure_and_nobody_judged_reads_them() {
    let town = Town::on("sqlite");
    let before = town.send("supervisor", "GET", YEAR, Value::Null).await.1["groups"].clone();
    {
        let mut db = town.shared.store.connection().unwrap();
        sql_query(
            "UPDATE issues SET lead_unit_id = (SELECT id FROM units WHERE id <> issues.lead_unit_id LIMIT 1) \
             WHERE closure_id IS NOT NULL AND NOT is_open",
        )
        .execute(&mut **db)
        .unwrap();
        keep::rebuild(&mut db, &town.shared.rules(), town.shared.clock.now()).unwrap();
    }
    let after = town.send("supervisor", "GET", YEAR, Value::Null).await.1["groups"].clone();
    assert_eq!(before, after);

    for who in ["handler", "dispatcher", "intake_officer", "closure_reviewer", "administrator", "code_issuer"]
    {
        let username = &town.seeded.staff.iter().find(|(role, _)| *role == who).unwrap().1;
        let (status, said) = town.send(username, "GET", YEAR, Value::Null).await;
        assert_eq!((status, &said["code"]), (403, &json!("forbidden")), "{who}");
    }
    for bad in ["from=2026-02-30", "from=2026-03-01&to=2026-02-01", "from=1999-01-01", "by=rater", "who=x"] {
        let path = format!("/api/v1/staff/figures?{bad}");
        assert_eq!(town.send("auditor", "GET", &path, Value::Null).await.0, 422, "{bad}");
    }
    let changed = town.send("performance_reviewer", "POST", "/api/v1/staff/figures", json!({})).await;
    assert_eq!(changed.0, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn page_and_files_show_the_same_figures() {
    let town = Town::on("sqlite");
    let found = town.send("performance_reviewer", "GET", YEAR, Value::Null).await.1;
    let reviewer = Browser::signed_in(&town, "performance_reviewer").await;
    let page = reviewer.page("/console/figures?from=2025-01-01&to=2027-06-30&lang=en").await;
    let good = &found["all"]["good"];
    let rate = format!("{:.1} %", good["rate"].as_f64().unwrap() * 100.0);
    assert!(page.contains(&rate) && page.contains(&format!("n = {}", good["whole"])), "{rate}");
    let sheet = reviewer.page("/console/figures.csv?from=2025-01-01&to=2027-06-30&lang=en").await;
    let all = sheet.lines().nth(1).unwrap();
    let cells: Vec<&str> = all.split(',').collect();
    assert_eq!(cells[2], found["all"]["closed"].to_string());
    let ends = [&good["rate"], &good["part"], &good["whole"], &good["low"], &good["high"]];
    assert_eq!(cells[7..12], ends.map(ToString::to_string), "to the last digit");
    let book = reviewer.get("/console/figures.xlsx?from=2025-01-01&to=2027-06-30").await;
    assert!(book.bytes().await.unwrap().starts_with(b"PK"));
    let refused = reviewer.get("/console/figures?from=yesterday").await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("class=\"flash wrong\""));
    let empty = reviewer.page("/console/figures?from=2001-01-01&to=2001-01-31").await;
    assert!(empty.contains("class=\"empty\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens_with_twelve_months_and_says_first_who_really_differs() {
    let town = Town::with_past("sqlite", 300);
    town.count().await;
    let path = "/api/v1/staff/figures?period=last12";
    let view = town.send("leader", "GET", path, Value::Null).await.1;
    let page = Browser::signed_in(&town, "leader").await.page("/console/figures").await;
    for key in ["from", "to"] {
        assert!(page.contains(view[key].as_str().unwrap()), "{key}");
    }
    assert!(page.contains("period=last12&by=unit\" aria-current=\"true\""), "the preset is marked");
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}"));
    assert!(at("class=\"said\"") < at("class=\"forest\"") && at("class=\"forest\"") < at("class=\"shares\""));
    // Whoever is named in the sentence stands apart in what the API says, and the other way round.
    let said = &page[at("class=\"said\"")..at("class=\"forest\"")];
    let groups = view["groups"].as_array().unwrap();
    let apart = |group: &Value| {
        ["standing", "standing_on_time"]
            .iter()
            .any(|key| matches!(group[key].as_str(), Some("above" | "below")))
    };
    let mut named_at_all = 0;
    for group in groups {
        let name = format!(">{}</a>", group["name"]["zh"].as_str().unwrap());
        let named = said[..said.find("<section class=\"panel\"").unwrap()].contains(&name);
        // Few stand apart here: fewer than a side names.
        assert_eq!(named, apart(group), "{group}");
        named_at_all += usize::from(named);
    }
    assert!((1..=4).contains(&named_at_all), "{named_at_all}");
    let ranked = groups.iter().any(|group| !group["rank"].is_null());
    assert_eq!(
        ranked,
        groups.iter().any(|group| matches!(group["standing"].as_str(), Some("above" | "below")))
    );
    assert!(view["changes"]["good"].is_string() || view["before"]["good"]["rate"].is_null(), "{view}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted_and_a_bent_sum_is_named() {
    for database in BOTH {
        let town = Town::on(database);
        town.count().await;
        let recounted = town.recount();
        assert!(recounted.days > 60, "{database}: {recounted:?}");
        assert_eq!(recounted.differences, [], "{database}");
        let before = town.send("auditor", "GET", YEAR, Value::Null).await.1;
        assert_eq!(before["waiting"], 0, "{database}");

        // An owner rates; the log has it, the job counts the day of the closure anew.
        let (number, token) = (unrated(&town).await, device(&town).await);
        let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
        let rate = crate::harness::client().post(url).bearer_auth(token).json(&json!({ "verdict": "good" }));
        assert_eq!(rate.send().await.unwrap().status(), 201);
        town.count().await;
        let after = town.send("auditor", "GET", YEAR, Value::Null).await.1;
        let of = |view: &Value, key: &str| view["all"]["ratings"][key].as_u64().unwrap();
        assert_eq!(of(&after, "received"), of(&before, "received") + 1, "{database}");
        assert_eq!(of(&after, "counted"), of(&before, "counted") + 1, "{database}");
        assert_eq!(town.recount().differences, [], "{database}");

        // Somebody with the database in his hands makes a unit look better.
        {
            let mut db = town.shared.store.connection().unwrap();
            let bent = sql_query(
                "UPDATE figure_sums SET sums = replace(sums, '\"closed\":', '\"closed\":1') \
                 WHERE dimension = 'unit' AND span = 'month' AND sums LIKE '%\"closed\":%' AND day = \
                 (SELECT max(day) FROM figure_sums WHERE span = 'month' AND sums LIKE '%\"closed\":%')",
            )
            .execute(&mut **db)
            .unwrap();
            assert!(bent > 0);
            assert_eq!(town.recount().differences.len(), bent, "{database}: each is named");
            keep::rebuild(&mut db, &town.shared.rules(), town.shared.clock.now()).unwrap();
        }
        assert_eq!(town.recount().differences, [], "{database}");
        let again = town.send("auditor", "GET", YEAR, Value::Null).await.1;
        assert_eq!(again["all"], after["all"], "{database}: rebuilding gives what was kept");
    }
}
