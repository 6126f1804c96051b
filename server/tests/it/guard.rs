//! Who may not rate, and which ratings a reviewer should look at: staff's own devices
//! are refused; what comes from an office, or from one place too often, is kept,
//! counted and flagged.

use chrono::TimeDelta;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_protocol::{seal::CodeId, staff::Role};
use qiyema_server::actions::sweep::sweep;
use reqwest::{Response, redirect::Policy};
use serde_json::{Value, json};

use crate::{
    administration::person_of,
    console::{Browser, place},
    harness::{BOTH, Town},
    ratings::device,
};

const YEAR: &str = "/api/v1/staff/figures?from=2025-01-01&to=2027-06-30";
const FLAGGED: &str = "/api/v1/staff/ratings?show=flagged";
const PROXY: (&str, &str) = ("http.trusted_proxies", "127.0.0.1");

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(town: &Town, sql: &str) -> Vec<String> {
    let mut db = town.shared.store.connection().unwrap();
    sql_query(sql).load::<Word>(&mut **db).unwrap().into_iter().map(|row| row.word).collect()
}

/// Closed issues of any enterprise that nobody has rated, with the seal of its code: those of one unit first.
fn open(town: &Town) -> Vec<(String, String)> {
    let sql = "SELECT i.number || ' ' || min(c.id) AS word FROM issues i \
               JOIN closures k ON k.id = i.closure_id JOIN codes c ON c.enterprise_id = i.enterprise_id \
               LEFT JOIN ratings r ON r.closure_id = k.id WHERE i.state = 'closed' AND r.id IS NULL \
               AND c.id NOT IN (SELECT code_id FROM code_endings) AND c.id NOT IN (SELECT code_id FROM code_suspensions) \
               GROUP BY i.number, k.unit_id ORDER BY k.unit_id, i.number";
    let keys = town.shared.trust.keys.now();
    words(town, sql)
        .into_iter()
        .map(|row| {
            let (number, code) = row.split_once(' ').unwrap();
            let code: CodeId = code.parse().unwrap();
            (number.to_owned(), keys.signer.seal(&town.shared.trust.host, code).unwrap().segment())
        })
        .collect()
}

/// Sends the form of a rating with these cookies, from this address behind a proxy.
async fn rate(town: &Town, (number, seal): &(String, String), cookies: &str, from: &str) -> Response {
    let client = crate::harness::plain().redirect(Policy::none()).build().unwrap();
    let asked = client.post(town.url(&format!("/c/{seal}/issues/{number}/ratings?lang=zh&care=0")));
    let asked = asked.header("Sec-Fetch-Site", "same-origin").header("X-Forwarded-For", from);
    let asked = asked.header("Content-Type", "application/x-www-form-urlencoded").header("Cookie", cookies);
    asked.header("Accept", "text/html").body("verdict=good").send().await.unwrap()
}

/// The cookie of this name that an answer set.
fn set(answer: &Response, name: &str) -> String {
    let all = answer.headers().get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    let mut own = all.filter(|set| set.starts_with(&format!("{name}=")));
    own.next().unwrap_or_else(|| panic!("{name} is not set")).split(';').next().unwrap().to_owned()
}

async fn flagged(town: &Town) -> Vec<(String, Vec<String>)> {
    let (status, list) = town.send("performance_reviewer", "GET", FLAGGED, Value::Null).await;
    assert_eq!(status, 200, "{list}");
    let flags = |one: &Value| serde_json::from_value(one["flags"].clone()).unwrap();
    let all = list["ratings"].as_array().unwrap().iter();
    all.map(|one| (one["issue"].as_str().unwrap().to_owned(), flags(one))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_on_which_staff_signed_in_rates_nothing_not_even_after_signing_out() {
    for database in BOTH {
        let town = Town::on(database);
        let issue = open(&town).remove(0);
        let stranger = Browser::stranger(&town.base);
        let inside = stranger.sign_in("qianfeng", &town.seeded.password, "").await;
        let (session, mark) = (set(&inside, "qiyema_console"), set(&inside, "qiyema_staff_device"));
        assert!(!mark.contains("qianfeng"));
        let long = inside.headers().get_all("set-cookie").iter().any(|set| {
            let set = set.to_str().unwrap();
            set.starts_with("qiyema_staff_device=")
                && set.contains("HttpOnly")
                && set.contains("Max-Age=34560000")
        });
        assert!(long, "{database}: it outlasts the session");
        for cookies in [&session, &mark, &format!("x=1; {mark}")] {
            let refused = rate(&town, &issue, cookies, "").await;
            assert_eq!(refused.status(), 403, "{database}: {cookies}");
            let page = refused.text().await.unwrap();
            assert!(page.contains("不能代企业评价") && page.contains("企业自己的手机"), "{page}");
        }
        // The page with the form says so before anything is typed.
        let form = town.url(&format!("/c/{}/issues/{}/ratings", issue.1, issue.0));
        let asked = crate::harness::client().get(&form).header("Cookie", &mark).header("Accept", "text/html");
        assert_eq!(asked.send().await.unwrap().status(), 403, "{database}");
        // A session of the API is one as well, and a mark that somebody made up is none.
        let api = town.url(&format!("/api/v1/scans/{}/issues/{}/ratings", issue.1, issue.0));
        let token = town.token("qianfeng").await;
        let asked =
            crate::harness::client().post(&api).bearer_auth(token).json(&json!({ "verdict": "good" }));
        let refused: Value = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(refused["code"], "staff_device", "{database}");
        assert!(words(&town, "SELECT rating_id AS word FROM rating_traces").is_empty(), "{database}");
        let forged = "qiyema_staff_device=1795000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let stored = rate(&town, &issue, forged, "").await;
        assert_eq!(stored.status(), 303, "{database}: {}", stored.text().await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_from_an_office_counts_and_is_flagged_and_the_unit_does_not_learn_of_it() {
    for database in BOTH {
        let town = Town::with(database, &[PROXY]);
        let put = |value: &str| json!({ "value": value });
        let path = "/api/v1/admin/settings/office_networks";
        let (status, said) = town.send("administrator", "PUT", path, put("10.1.0.0/33")).await;
        assert_eq!((status, &said["code"]), (422, &json!("invalid_input")), "{said}");
        let (status, said) = town.send("administrator", "PUT", path, put("10.1.0.0/16, 2001:db8::/32")).await;
        assert_eq!(status, 204, "{said}");
        town.count().await;
        let before = town.send("leader", "GET", YEAR, Value::Null).await.1["all"]["ratings"].clone();

        let some = open(&town);
        assert_eq!(rate(&town, &some[0], "", "192.0.2.7").await.status(), 303);
        assert_eq!(rate(&town, &some[1], "", "10.1.2.3").await.status(), 303);
        assert_eq!(flagged(&town).await, [(some[1].0.clone(), vec!["office_network".to_owned()])]);

        town.count().await;
        let after = town.send("leader", "GET", YEAR, Value::Null).await.1["all"]["ratings"].clone();
        let n = |value: &Value, key: &str| value[key].as_i64().unwrap();
        assert_eq!((n(&before, "flagged"), n(&after, "flagged")), (0, 1), "{database}");
        assert_eq!(n(&after, "unverified"), n(&before, "unverified") + 2, "{database}: both stand as before");
        assert_eq!(n(&after, "excluded"), n(&before, "excluded"));
        assert!(town.recount().differences.is_empty() && town.unbalanced().is_empty(), "{database}");
        let page = Browser::signed_in(&town, "leader")
            .await
            .page("/console/figures?from=2025-01-01&to=2027-06-30")
            .await;
        assert!(page.contains("其中待核查（有标记） 1"), "{database}: {page}");

        // Nobody who is confined to a unit learns where a rating came from.
        assert_eq!(town.send("hanxue", "GET", FLAGGED, Value::Null).await.0, 403);
        let (_, list) = town.send("hanxue", "GET", "/api/v1/staff/ratings", Value::Null).await;
        assert!(!list.to_string().contains("office_network") && !list.to_string().contains("flags"));
        let unit = Browser::signed_in(&town, "hanxue").await;
        assert!(!unit.page("/console/ratings").await.contains("待核查"), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bursts_and_shared_devices_are_flagged_from_the_first_one_and_none_is_dropped() {
    for database in BOTH {
        let town = Town::with(database, &[PROXY, ("rating.burst_ratings", "3")]);
        // Three ratings of the power bureau, by code and by PIN, two of them of one closure.
        let bureau = words(
            &town,
            "SELECT i.number AS word FROM issues i JOIN closures k ON k.id = i.closure_id WHERE k.unit_id = 'gdj'",
        );
        let all = open(&town);
        let own: Vec<&(String, String)> = all.iter().filter(|(number, _)| bureau.contains(number)).collect();
        let first = own.iter().find(|(_, seal)| *seal == town.seal).expect("one of the first enterprise");
        let other = own.iter().find(|one| one != &first).expect("another one of the bureau");
        let pin = device(&town).await;
        let proved = format!("qiyema_device_{}={pin}", town.seeded.code);
        assert_eq!(rate(&town, first, "", "192.0.2.7").await.status(), 303);
        assert_eq!(rate(&town, other, "", "192.0.2.7").await.status(), 303);
        assert!(flagged(&town).await.is_empty(), "{database}: two are no burst");
        let third = rate(&town, first, &proved, "192.0.2.7").await;
        assert_eq!(third.status(), 303, "{database}: {}", third.text().await.unwrap());
        let found = flagged(&town).await;
        assert_eq!(found.len(), 3, "{database}: the earlier ones as well: {found:?}");
        assert!(found.iter().all(|(_, flags)| flags == &["burst_network"]), "{database}: {found:?}");

        // A browser that keeps its cookie rates for two enterprises, from two networks.
        let elsewhere: Vec<&(String, String)> = all.iter().filter(|one| !own.contains(one)).collect();
        let one = elsewhere[0];
        let two = elsewhere.iter().find(|(_, seal)| *seal != one.1).expect("of another enterprise");
        let kept = set(&rate(&town, one, "", "198.51.100.1").await, "qiyema_rater");
        assert_eq!(flagged(&town).await.len(), 3, "{database}");
        let again = rate(&town, two, &kept, "203.0.113.9").await;
        assert_eq!(again.status(), 303);
        assert!(
            !again.headers().get_all("set-cookie").iter().any(|set| set.to_str().unwrap().contains("rater"))
        );
        let shared = flagged(&town).await.into_iter().filter(|(_, flags)| flags == &["shared_device"]);
        let mut shared: Vec<String> = shared.map(|(number, _)| number).collect();
        shared.sort();
        let mut both = vec![one.0.clone(), two.0.clone()];
        both.sort();
        assert_eq!(shared, both, "{database}");

        // Neither addresses nor cookies are kept, and what is kept is swept away; the flags stay.
        let traces = words(&town, "SELECT network || ' ' || coalesce(device, '') AS word FROM rating_traces");
        assert_eq!(traces.len(), 5, "{database}");
        assert!(traces.iter().all(|trace| trace.len() == 65 && !trace.contains('.')), "{traces:?}");
        assert!(!traces.join(" ").contains(kept.split_once('=').unwrap().1));
        {
            let mut db = town.shared.store.connection().unwrap();
            let (rules, now) = (town.shared.rules(), town.shared.clock.now());
            assert_eq!(sweep(&mut db, &rules, now + TimeDelta::days(13)).unwrap().traces, 0, "{database}");
            assert_eq!(sweep(&mut db, &rules, now + TimeDelta::days(15)).unwrap().traces, 5, "{database}");
            for statement in ["DELETE FROM rating_flags", "UPDATE rating_flags SET reason = 'office_network'"]
            {
                let refused = sql_query(statement).execute(&mut **db).unwrap_err().to_string();
                assert!(refused.contains("append-only"), "{database}: {statement}: {refused}");
            }
        }
        assert_eq!(flagged(&town).await.len(), 5, "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_excludes_nothing_a_reviewer_asks_and_two_others_decide() {
    for database in BOTH {
        let town = Town::with(database, &[("rating.office_networks", "127.0.0.0/8")]);
        let some = open(&town).into_iter().find(|(_, seal)| *seal == town.seal).unwrap();
        let pin = device(&town).await;
        let url = town.url(&format!("/api/v1/scans/{}/issues/{}/ratings", some.1, some.0));
        let asked = crate::harness::client().post(url).bearer_auth(&pin).json(&json!({ "verdict": "good" }));
        let rated: Value = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(rated["tier"], "owner", "{database}: it is accepted: {rated}");
        town.count().await;
        let counted = |all: Value| all["all"]["ratings"]["counted"].as_i64().unwrap();
        let before = counted(town.send("leader", "GET", YEAR, Value::Null).await.1);

        let page = format!("/console/ratings/{}", rated["rating"].as_str().unwrap());
        let reviewer = Browser::signed_in(&town, "performance_reviewer").await;
        assert!(reviewer.page("/console/ratings?show=flagged").await.contains(&page));
        let shown = reviewer.page(&page).await;
        assert!(
            shown.contains("来自办公网络") && shown.contains("来源存疑") && shown.contains("提请复核"),
            "{shown}"
        );
        assert!(!shown.contains("恶意评价") && !shown.contains(" checked"), "{shown}");
        let reason = ("reason", "评价来自单位办公网络,请核实是否企业本人。");
        let wrong = reviewer.post(&page, &format!("{page}/appeal"), &[("ground", "mistaken"), reason]).await;
        assert_eq!(wrong.status(), 422, "{database}: the unit's ground is not the reviewer's");
        let asked = reviewer.post(&page, &format!("{page}/appeal"), &[("ground", "suspect"), reason]).await;
        assert_eq!((asked.status().as_u16(), place(&asked)), (303, page.as_str()), "{database}");
        let fields = [("judgement", "accepted"), ("reason", "核实为工作人员代评")];
        let own = reviewer.post(&page, &format!("{page}/decisions"), &fields).await;
        assert_eq!(own.status(), 403, "{database}: whoever asked does not decide");
        let second = person_of(&town, Role::PerformanceReviewer, &[]);
        for who in ["supervisor", &second] {
            town.count().await;
            assert_eq!(counted(town.send("leader", "GET", YEAR, Value::Null).await.1), before, "{database}");
            let path = format!("/api/v1/staff/ratings/{}/decisions", rated["rating"].as_str().unwrap());
            let body = json!({ "judgement": "accepted", "reason": "核实为工作人员代评" });
            assert_eq!(town.send(who, "POST", &path, body).await.0, 201, "{database} {who}");
        }
        town.count().await;
        assert_eq!(counted(town.send("leader", "GET", YEAR, Value::Null).await.1), before - 1, "{database}");
        assert!(town.unbalanced().is_empty(), "{database}");
    }
}
