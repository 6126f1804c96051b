//! Figures counted again by others: every figure of every grouping by a script in another language that reads the
//! tables themselves, and the intervals by statsmodels.

use chrono::Timelike;
use diesel::{RunQueryDsl, sql_query};
use qiyema_protocol::figures::By;
use qiyema_server::{
    actions::figures::keep,
    domain::figures::{compare, interval},
};
use serde_json::{Value, json};

use crate::{
    figures::YEAR,
    harness::{BOTH, Town},
};

/// What the script says of these answers.
pub fn recounted(town: &Town, answers: &[String]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = answers
        .iter()
        .enumerate()
        .map(|(at, answer)| {
            let name = folder.path().join(format!("{at}.json"));
            std::fs::write(&name, answer).unwrap();
            name.display().to_string()
        })
        .collect();
    let rules = town.shared.rules();
    let (terms, weights) = (rules.figures, rules.figures.weights);
    let ask = json!({
        "database": town.database,
        "today": rules.day(town.shared.clock.now()),
        "opens": terms.hours.0.hour(),
        "closes": terms.hours.1.hour(),
        "fix": rules.limits.fix,
        "fix_complex": rules.limits.fix_complex,
        "unverified": terms.unverified,
        "weights": [weights.basically_satisfied, weights.response, weights.resolution, weights.satisfaction],
        "answers": names,
    });
    let file = folder.path().join("ask.json");
    std::fs::write(&file, ask.to_string()).unwrap();
    serde_json::from_str(&qiyema_e2e::python::recount_figures(&file).unwrap()).unwrap()
}

/// All groupings of a period and its dashboard, word for word as the API says them: to the last digit.
pub async fn said(town: &Town, period: &str) -> Vec<String> {
    let token = town.token("auditor").await;
    let mut answers = Vec::new();
    for by in By::ALL {
        let by = serde_json::to_value(by).unwrap();
        let path = format!("/api/v1/staff/figures?{period}&by={}", by.as_str().unwrap());
        answers.push(get(town, &token, &path).await);
    }
    answers.push(get(town, &token, &format!("/api/v1/staff/figures/dashboard?{period}")).await);
    answers
}

async fn get(town: &Town, token: &str, path: &str) -> String {
    let answer = crate::harness::client().get(town.url(path)).bearer_auth(token).send().await.unwrap();
    answer.text().await.unwrap()
}

/// An appeal leaves one of the owners' first ratings out; three others are flagged, one of them twice.
async fn leave_one_out_and_flag_some(town: &Town) {
    let (_, list) = town.send("hanxue", "GET", "/api/v1/staff/ratings", Value::Null).await;
    let open = |one: &&Value| one["may_appeal"] == true && one["round"] == "first" && one["tier"] == "owner";
    let rating = list["ratings"].as_array().unwrap().iter().find(open).unwrap()["id"].as_str().unwrap();
    let path = |rest: &str| format!("/api/v1/staff/ratings/{rating}/{rest}");
    let appeal = json!({ "ground": "mistaken", "reason": "企业来电说明按错了，应为好评。" });
    assert_eq!(town.send("hanxue", "POST", &path("appeal"), appeal).await.0, 201);
    for who in ["performance_reviewer", "supervisor"] {
        let accepted = json!({ "judgement": "accepted", "reason": "录音核实为误评" });
        assert_eq!(town.send(who, "POST", &path("decisions"), accepted).await.0, 201, "{who}");
    }
    let mut db = town.shared.store.connection().unwrap();
    for (reason, most) in [("burst_network", 3), ("shared_device", 1)] {
        let flags = format!(
            "INSERT INTO rating_flags (id, enterprise_id, rating_id, reason, at) \
             SELECT '{reason}-' || id, enterprise_id, id, '{reason}', at FROM ratings \
             WHERE round = 'first' ORDER BY id LIMIT {most}"
        );
        assert_eq!(sql_query(flags).execute(&mut **db).unwrap(), most);
    }
    keep::rebuild(&mut db, &town.shared.rules(), town.shared.clock.now()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_in_another_language_comes_to_every_figure_of_every_grouping() {
    for database in BOTH {
        // With a year of ratings and call-backs.
        let town = Town::with_past(database, 300);
        leave_one_out_and_flag_some(&town).await;
        let today = town.shared.rules().day(town.shared.clock.now());
        let mut answers = said(&town, "from=2025-01-01&to=2027-06-30").await;
        answers.extend(said(&town, &format!("from={}&to={today}", today.format("%Y-%m-01"))).await);
        // What came in is not what counts: else the recount would compare the same number twice.
        let all = serde_json::from_str::<Value>(&answers[0]).unwrap()["all"].clone();
        let of = |key: &str| all["ratings"][key].as_u64().unwrap();
        assert_eq!((of("excluded"), of("flagged")), (1, 3), "{database}: {all}");
        assert_ne!(all["good"], all["good_raw"], "{database}");
        let found = recounted(&town, &answers);
        assert_eq!(found["different"], json!([]), "{database}");
        assert!(found["compared"].as_u64().unwrap() > 8000, "{database}: {found}");
        // It sees what is bent.
        answers[1] = answers[1].replacen("\"closed\":", "\"closed\":1", 1);
        let found = recounted(&town, &answers);
        assert_eq!(found["different"].as_array().unwrap().len(), 1, "{database}: {found}");
    }
}

#[test]
fn four_thousand_intervals_are_those_of_statsmodels() {
    let mut pairs: Vec<Value> = Vec::new();
    let mut pair = |part: u32, whole: u32| {
        let share = interval::share(part, whole);
        pairs.push(json!([part, whole, share.low, share.high]));
    };
    for whole in 1..=60 {
        (0..=whole).for_each(|part| pair(part, whole));
    }
    for step in 1..=2110_u32 {
        let whole = step * step % 999_983 + 61;
        pair(step * 7919 % (whole + 1), whole);
    }
    assert_eq!(pairs.len(), 4000);
    assert_eq!(verified("verify_wilson.py", &Value::from(pairs)), 4000);
}

/// How many of the numbers a script of `tests/` compared with those of statsmodels or scipy; it fails if any differs.
fn verified(script: &str, numbers: &Value) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("numbers.json");
    std::fs::write(&file, numbers.to_string()).unwrap();
    let python = qiyema_e2e::python::with("wilson", &["statsmodels==0.15.0"]).unwrap();
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests").join(script);
    let answer = std::process::Command::new(python).arg(script).arg(&file).output().unwrap();
    assert!(answer.status.success(), "{answer:?}");
    let said: Value = serde_json::from_slice(&answer.stdout).unwrap();
    said["compared"].clone()
}

#[test]
fn two_thousand_differences_are_those_of_scipy() {
    let (mut pairs, mut found) = (Vec::new(), Vec::new());
    for step in 1..=2000_u32 {
        let (whole, other) = (step * 31 % 97 + 1, step * step % 9973 + 1);
        let (part, other_part) = (step * 7919 % (whole + 1), step * 104_729 % (other + 1));
        let p = compare::fisher((part.into(), whole.into()), (other_part.into(), other.into())).unwrap();
        pairs.push(json!([part, whole, other_part, other, p]));
        found.push(Some(p));
    }
    let holm: Vec<Value> = found.chunks(40).map(|some| json!([some, compare::holm(some)])).collect();
    assert_eq!(verified("verify_fisher.py", &json!({ "pairs": pairs, "holm": holm })), 2050);
}

#[tokio::test(flavor = "multi_thread")]
async fn grade_and_leader_stay_those_of_the_closure_whoever_comes_after() {
    for database in BOTH {
        let town = Town::on(database);
        let by = async |by: &str| {
            let view = town.send("auditor", "GET", &format!("{YEAR}&by={by}"), Value::Null).await.1;
            view["groups"].clone()
        };
        let before = (by("leader").await, by("grade").await);
        let leaders = before.0.as_array().unwrap();
        let names: Vec<&Value> = leaders.iter().map(|group| &group["name"]["zh"]).collect();
        assert!(names.contains(&&json!("林涛")) && names.contains(&&json!("周红")), "{database}: {names:?}");

        // Each leads down to exactly his closures.
        for group in leaders {
            let id = group["id"].as_str().unwrap();
            let path = YEAR.replace("figures?", "figures/closures?");
            let mut seen = 0;
            let mut after = String::new();
            loop {
                let path = format!("{path}&by=leader&member={id}{after}");
                let page = town.send("auditor", "GET", &path, Value::Null).await.1;
                seen += page["closures"].as_array().unwrap().len();
                let Some(next) = page["next"].as_str() else { break };
                after = format!("&after={next}");
            }
            assert_eq!(json!(seen), group["figures"]["closed"], "{database} {id}");
        }

        // Everybody is in charge of something else, and every category has another grade.
        {
            let mut db = town.shared.store.connection().unwrap();
            for change in ["DELETE FROM staff_units", "UPDATE categories SET grade = 'cross_department'"] {
                assert!(sql_query(change).execute(&mut **db).unwrap() > 0);
            }
            keep::rebuild(&mut db, &town.shared.rules(), town.shared.clock.now()).unwrap();
        }
        assert_eq!((by("leader").await, by("grade").await), before, "{database}");
        assert_eq!(town.recount().differences, [], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_closure_was_rated_in_one_way_and_page_and_report_say_in_which() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        let all = town.send("auditor", "GET", YEAR, Value::Null).await.1["all"].clone();
        let how = all["how"].as_object().unwrap();
        let sum: u64 = how.values().map(|one| one.as_u64().unwrap()).sum();
        assert_eq!(json!(sum), all["closed"], "{database}: {how:?}");
        for slice in ["pin", "invitation", "call_back", "code", "not_rated"] {
            assert!(how[slice].as_u64().unwrap() > 0, "{database}: {slice}");
        }
        let path = YEAR.replace("figures?", "figures/dashboard?");
        let funnel = town.send("auditor", "GET", &path, Value::Null).await.1["funnel"].clone();
        let step = |name: &str| funnel[name].as_u64().unwrap();
        assert!(step("closed") > step("invited") && step("invited") > 100, "{database}: {funnel}");
        let reader = crate::console::Browser::signed_in(&town, "auditor").await;
        for page in ["figures", "figures/report"] {
            let page = reader.page(&format!("/console/{page}?from=2025-01-01&to=2027-06-30&lang=en")).await;
            for (name, count) in
                [("owner by invitation", &how["invitation"]), ("by call-back", &how["call_back"])]
            {
                assert!(
                    page.contains(&format!("{name} <b class=\"tnum\">{count}</b>")),
                    "{database}: {name}"
                );
            }
            assert!(page.contains("invited to rate"), "{database}");
        }
    }
}
