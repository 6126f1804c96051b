//! A unit appeals against a rating, people outside it decide, and the figures
//! show what came in beside what counts. The rating stays as it was.

use diesel::{RunQueryDsl, sql_query};
use qiyema_protocol::{administration::NewPerson, staff::Role};
use qiyema_server::{
    actions::{admin::people, job::Job, rights::Actor},
    clock::Clock,
    startup::jobs::Runner,
    store::people as rows,
};
use serde_json::{Value, json};

use crate::{
    administration::person_of,
    console::{Browser, place},
    harness::{BOTH, Town},
    ratings::device,
    receipts::of_bureau,
};

const YEAR: &str = "/api/v1/staff/figures?from=2025-01-01&to=2027-06-30";
/// The demo's ratings are older than the time to appeal.
pub const LONG: (&str, &str) = ("workflow.file_appeal", "1000");
const WHY: &str = "企业来电说明按错了,应为好评。";

/// Where a rating is, in the API.
pub fn path(rating: &Value, rest: &str) -> String {
    format!("/api/v1/staff/ratings/{}{rest}", rating["id"].as_str().unwrap())
}

/// First ratings against which the administrator of the power bureau may appeal.
pub async fn of_the_bureau(town: &Town) -> Vec<Value> {
    let (status, list) = town.send("hanxue", "GET", "/api/v1/staff/ratings", Value::Null).await;
    assert_eq!(status, 200, "{list}");
    let all = list["ratings"].as_array().unwrap();
    assert!(all.iter().all(|one| one["unit"] == "gdj"), "{list}");
    all.iter().filter(|one| one["may_appeal"] == true && one["round"] == "first").cloned().collect()
}

/// A supervisor who is a handler of the bureau as well.
fn supervisor_of_the_bureau(town: &Town) -> String {
    let mut db = town.shared.store.connection().unwrap();
    let new: NewPerson = serde_json::from_value(json!({
        "username": "both.hats",
        "person": {
            "name": "兼职", "post": "科员", "roles": ["supervisor", "handler"], "office": "gdj-1", "units": [],
        },
    }))
    .unwrap();
    let (rules, now) = (town.shared.rules(), town.shared.clock.now());
    let made = people::create(&mut db, &Actor::at_the_machine(), &new, &rules, now).unwrap();
    let known = rows::by_username(&mut db, "auditor").unwrap().unwrap().row.password_hash;
    rows::set_password(&mut db, &made.id, &known).unwrap();
    made.username
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_outside_the_unit_leave_a_rating_out_and_it_stays_where_it_is() {
    for database in BOTH {
        let town = Town::with(database, &[LONG]);
        let rating = of_the_bureau(&town).await.pop().unwrap();
        let before = town.send("leader", "GET", YEAR, Value::Null).await.1["all"].clone();
        let appeal = json!({ "ground": "mistaken", "reason": WHY });
        let accepted = json!({ "judgement": "accepted", "reason": "录音核实为误评" });
        let (appeals, decisions) = (path(&rating, "/appeal"), path(&rating, "/decisions"));
        // Whom it is for, and whom not.
        assert_eq!(town.send("hewei", "POST", &appeals, appeal.clone()).await.0, 404, "another unit's");
        assert_eq!(town.send("supervisor", "POST", &appeals, appeal.clone()).await.0, 403);
        let (status, said) = town.send("supervisor", "POST", &decisions, accepted.clone()).await;
        assert_eq!((status, &said["code"]), (409, &json!("nothing_asked")), "{said}");
        let (status, said) =
            town.send("hanxue", "POST", &appeals, json!({ "ground": "malicious", "reason": "恶意" })).await;
        assert_eq!((status, &said["errors"][0]["field"]), (422, &json!("reason")), "{said}");
        let (status, said) = town.send("hanxue", "POST", &appeals, appeal.clone()).await;
        assert_eq!((status, &said["may_appeal"]), (201, &json!(false)), "{said}");
        let (status, said) = town.send("hanxue", "POST", &appeals, appeal).await;
        assert_eq!((status, &said["code"]), (409, &json!("appealed_already")), "{said}");
        // Nobody of the unit decides, and nobody twice.
        let both = supervisor_of_the_bureau(&town);
        assert_eq!(town.send(&both, "POST", &decisions, accepted.clone()).await.0, 403, "{database}");
        let (status, said) = town.send("performance_reviewer", "POST", &decisions, accepted.clone()).await;
        assert_eq!((status, &said["excluded"]), (201, &json!(false)), "one decides nothing: {said}");
        let (status, said) = town.send("performance_reviewer", "POST", &decisions, accepted.clone()).await;
        assert_eq!((status, &said["code"]), (403, &json!("another_officer")), "{said}");
        town.count().await;
        assert_eq!(town.send("leader", "GET", YEAR, Value::Null).await.1["all"], before, "{database}");
        let (status, said) = town.send("supervisor", "POST", &decisions, accepted.clone()).await;
        assert_eq!((status, &said["excluded"]), (201, &json!(true)), "{said}");
        let third = person_of(&town, Role::PerformanceReviewer, &[]);
        assert_eq!(town.send(&third, "POST", &decisions, accepted).await.0, 409, "it is over");
        // The rating says what it said, and nobody learns who gave it.
        let after = town.send("hanxue", "GET", &path(&rating, ""), Value::Null).await.1;
        for key in ["id", "verdict", "level", "solved", "comment", "tags", "at", "unit", "tier"] {
            assert_eq!(after[key], rating[key], "{database}: {key}");
        }
        for key in ["enterprise", "enterprise_id", "code", "code_id", "device", "owner"] {
            assert!(after.get(key).is_none(), "{after}");
        }
        assert_eq!(after["appeal"]["outcome"], "accepted");
        // Raw and adjusted stand side by side.
        town.count().await;
        let all = town.send("leader", "GET", YEAR, Value::Null).await.1["all"].clone();
        let (was, is) = (&before["ratings"], &all["ratings"]);
        let n = |value: &Value| value.as_i64().unwrap();
        assert_eq!((n(&is["excluded"]), n(&was["excluded"])), (1, 0), "{database}");
        assert_eq!(is["received"], was["received"]);
        let sum = ["counted", "unverified", "superseded", "excluded"].map(|key| n(&is[key]));
        assert_eq!(n(&is["received"]), sum.iter().sum::<i64>(), "{database}");
        assert_eq!(n(&is["counted"]), n(&was["counted"]) - 1);
        assert_eq!(all["good_raw"], before["good"], "as received, nothing changed");
        assert_eq!(n(&all["good"]["whole"]), n(&before["good"]["whole"]) - 1);
        // The database refuses to forget any of it.
        let mut db = town.shared.store.connection().unwrap();
        for table in ["rating_appeals", "appeal_decisions", "appeal_outcomes"] {
            for statement in
                [format!("DELETE FROM {table}"), format!("UPDATE {table} SET enterprise_id = 'x'")]
            {
                let refused = sql_query(&statement).execute(&mut **db).unwrap_err().to_string();
                assert!(refused.contains("append-only"), "{database}: {statement}: {refused}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_person_settles_what_two_decide_differently() {
    for database in BOTH {
        let town = Town::with(database, &[LONG]);
        let rating = of_the_bureau(&town).await.pop().unwrap();
        let before = town.send("leader", "GET", YEAR, Value::Null).await.1["all"].clone();
        let appeal = json!({ "ground": "malicious", "reason": "同一企业反复给出相同差评。" });
        assert_eq!(town.send("hanxue", "POST", &path(&rating, "/appeal"), appeal).await.0, 201);
        let third = person_of(&town, Role::PerformanceReviewer, &[]);
        let waiting = "/api/v1/staff/ratings?show=waiting";
        for (who, judgement) in
            [("performance_reviewer", "accepted"), ("supervisor", "rejected"), (third.as_str(), "rejected")]
        {
            let (_, list) = town.send(who, "GET", waiting, Value::Null).await;
            assert_eq!(list["ratings"][0]["may_decide"], true, "{database} {who}");
            let said = json!({ "judgement": judgement, "reason": "已核对录音" });
            let (status, said) = town.send(who, "POST", &path(&rating, "/decisions"), said).await;
            assert_eq!((status, &said["may_decide"]), (201, &json!(false)), "{said}");
        }
        let after = town.send("auditor", "GET", &path(&rating, ""), Value::Null).await.1;
        assert_eq!((&after["appeal"]["outcome"], &after["excluded"]), (&json!("rejected"), &json!(false)));
        assert_eq!(after["appeal"]["decisions"].as_array().unwrap().len(), 3);
        town.count().await;
        assert_eq!(town.send("leader", "GET", YEAR, Value::Null).await.1["all"], before, "{database}");
        let (_, list) = town.send("supervisor", "GET", waiting, Value::Null).await;
        assert_eq!(list["ratings"], json!([]), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_carries_an_appeal_and_the_owner_reads_what_came_of_it() {
    let town = Town::with("sqlite", &[LONG]);
    // A rating of the first enterprise, so that its owner can look.
    let (_, id) = of_bureau(&town).await;
    let found = town.send("supervisor", "GET", &format!("/api/v1/staff/ratings/{id}"), Value::Null).await.1;
    let token = device(&town).await;
    let url = town.url(&format!("/api/v1/scans/{}/issues/{}", town.seal, found["issue"].as_str().unwrap()));
    let read = crate::harness::client().get(url).bearer_auth(&token).send().await.unwrap();
    let card: Value = read.json().await.unwrap();
    assert!(!card.to_string().contains("不计入考核"));
    let page = format!("/console/ratings/{}", found["id"].as_str().unwrap());
    let unit = Browser::signed_in(&town, "hanxue").await;
    assert!(unit.page("/console/ratings").await.contains(&page));
    assert!(!unit.page(&page).await.contains("checked"), "nothing is chosen beforehand");
    let faulty =
        unit.post(&page, &format!("{page}/appeal"), &[("ground", "mistaken"), ("reason", "太短")]).await;
    assert_eq!(faulty.status(), 422);
    assert!(faulty.text().await.unwrap().contains("太短"), "what was typed is kept");
    let filed = unit.post(&page, &format!("{page}/appeal"), &[("ground", "mistaken"), ("reason", WHY)]).await;
    assert_eq!((filed.status().as_u16(), place(&filed)), (303, page.as_str()));
    for who in ["supervisor", "performance_reviewer"] {
        let person = Browser::signed_in(&town, who).await;
        assert!(person.page("/console/ratings?show=waiting").await.contains(&page), "{who}");
        let fields = [("judgement", "accepted"), ("reason", "录音核实为误评")];
        assert_eq!(person.post(&page, &format!("{page}/decisions"), &fields).await.status(), 303, "{who}");
    }
    assert!(unit.page(&page).await.contains("申诉成立，不计入考核"));
    let number = found["issue"].as_str().unwrap();
    let url = town.url(&format!("/api/v1/scans/{}/issues/{number}", town.seal));
    let read = crate::harness::client().get(url).bearer_auth(&token).send().await.unwrap();
    let card = read.text().await.unwrap();
    assert!(card.contains("一条评价不计入考核；评价仍保留") && card.contains("录音核实为误评"), "{card}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appeal_has_its_working_days_and_a_lamp_until_it_is_decided() {
    for database in BOTH {
        let moment = |text: &str| text.parse().unwrap();
        let clock = Clock::fixed(moment("2026-11-23T02:00:00Z"));
        let town = Town::at(database, &[LONG], &clock);
        let rating = of_the_bureau(&town).await.pop().unwrap();
        let appeal = json!({ "ground": "mistaken", "reason": WHY });
        let (status, said) = town.send("hanxue", "POST", &path(&rating, "/appeal"), appeal).await;
        assert_eq!(status, 201, "{said}");
        // Five working days after a Monday.
        let look = async |who: &str| {
            town.send(who, "GET", &path(&rating, ""), Value::Null).await.1["appeal"].clone()
        };
        let now = look("hanxue").await;
        assert_eq!((&now["due_on"], &now["lamp"]), (&json!("2026-11-30"), &json!("green")), "{database}");
        let runner = Runner::new(&town.shared).unwrap();
        for (at, lamp, left, urged) in [
            ("2026-11-27T02:00:00Z", "yellow", 1, 0),
            ("2026-11-30T02:00:00Z", "red", 0, 1),
            ("2026-12-02T02:00:00Z", "overdue", -2, 1),
        ] {
            clock.set(moment(at));
            // On its last day those who decide are urged, once, however often the clock looks.
            for _ in 0..2 {
                runner.look(Job::Invitations).await.unwrap();
            }
            let inbox = town.send("supervisor", "GET", "/api/v1/staff/inbox", Value::Null).await.1;
            let told = inbox["notices"].as_array().unwrap().iter();
            let told = told.filter(|one| one["kind"] == "appeal_urged").count();
            assert_eq!(told, urged, "{database} {at}: {inbox}");
            let then = look("supervisor").await;
            assert_eq!((&then["lamp"], &then["days_left"]), (&json!(lamp), &json!(left)), "{database} {at}");
        }
        let page = Browser::signed_in(&town, "supervisor").await.page("/console/ratings?show=waiting").await;
        assert!(page.contains("已超期2个工作日") && page.contains("应于 2026-11-30"), "{database}: {page}");
        for who in ["performance_reviewer", "supervisor"] {
            let said = json!({ "judgement": "rejected", "reason": "已核对录音" });
            assert_eq!(town.send(who, "POST", &path(&rating, "/decisions"), said).await.0, 201);
        }
        let done = look("hanxue").await;
        assert_eq!((&done["lamp"], done.get("days_left")), (&json!("off"), None), "{database}");
    }
}
