//! The list of promises that were not kept: turned page by page it holds each once, whatever is closed meanwhile, and
//! says how what is not closed stands.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use qiyema_server::store::{connection::Db, figures::sums};
use serde_json::Value;

use crate::{
    console::Browser,
    figures_away::{get, lines},
    harness::{BOTH, Town},
};

const ALWAYS: &str = "from=2025-01-01&to=2027-06-30";

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

fn words(db: &mut Db, sql: &str) -> Vec<String> {
    sql_query(sql).load::<Word>(db).unwrap().into_iter().map(|row| row.word).collect()
}

fn run(db: &mut Db, sql: &str) {
    assert!(sql_query(sql).execute(db).unwrap() > 0, "{sql}");
}

/// Two issues that were closed again and again, each time late for one day: more than fit on a page.
fn late_again_and_again(town: &Town) {
    let mut db = town.shared.store.connection().unwrap();
    let today = town.shared.rules().day(town.shared.clock.now());
    let before = today - Days::new(90);
    let found = words(
        &mut db,
        &format!(
            "SELECT id || ' ' || due_on AS word FROM closures WHERE due_on < '{before}' ORDER BY due_on DESC LIMIT 2"
        ),
    );
    for (place, one) in found.iter().enumerate() {
        let (closure, due) = one.split_once(' ').unwrap();
        let due: NaiveDate = due.parse().unwrap();
        for n in 2..50_u64 {
            let at = due + Days::new(n);
            let id = format!("{place:08}-0000-7000-8000-{n:012}");
            run(
                &mut db,
                &format!(
                    "INSERT INTO closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, \
                     first_due_on, due_on, rate_until) SELECT '{id}', enterprise_id, issue_id, result, reply, \
                     '{at} 06:00:00', by, unit_id, handler_id, due_on, due_on, rate_until FROM closures \
                     WHERE id = '{closure}'"
                ),
            );
        }
        for day in (0..50).map(|n| due + Days::new(n)) {
            sums::mark(&mut db, day).unwrap();
        }
    }
}

/// Number, promised day and day of closing: what a line is known by.
fn known(line: &Value) -> (String, String, String) {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    (text("number"), text("due_on"), text("closed_on"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_promise_that_was_not_kept_is_on_one_page() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        late_again_and_again(&town);
        town.count().await;
        let token = town.token("leader").await;
        let mut longest = 0;
        for by in ["unit", "handler", "leader", "category", "channel", "level", "grade"] {
            let of = format!("{ALWAYS}&by={by}");
            let view = get(&town, &token, &format!("/api/v1/staff/figures?{of}")).await.1;
            for group in view["groups"].as_array().unwrap() {
                let id = group["id"].as_str().unwrap();
                for (which, figure) in [("late", "on_time"), ("late_first", "on_time_first")] {
                    let path = format!("/api/v1/staff/figures/closures?{of}&member={id}&which={which}");
                    let found = lines(&town, &token, &path).await;
                    let share = |key: &str| group["figures"][figure][key].as_u64().unwrap();
                    let wanted = share("whole") - share("part");
                    assert_eq!(u64::try_from(found.len()).unwrap(), wanted, "{database} {by} {id} {which}");
                    let days: Vec<&str> = found.iter().map(|line| line["due_on"].as_str().unwrap()).collect();
                    assert!(days.is_sorted_by(|a, b| a >= b), "{database} {by} {id} {which}: {days:?}");
                    let mut keys: Vec<_> = found.iter().map(known).collect();
                    keys.sort();
                    keys.dedup();
                    assert_eq!(keys.len(), found.len(), "{database} {by} {id} {which}: one twice");
                    longest = longest.max(found.len());
                }
            }
        }
        assert!(longest > 100, "{database}: {longest} are more than two pages");
        for wrong in ["50", "18446744073709551615", "nonsense", "2026-02-30.a.open", "2026-02-03.a.x"] {
            for which in ["late", "late_first", "all"] {
                let path = format!(
                    "/api/v1/staff/figures/closures?{ALWAYS}&by=level&member=county&which={which}&after={wrong}"
                );
                let (status, refused) = get(&town, &token, &path).await;
                assert_eq!(
                    (status, &refused["errors"][0]["field"]),
                    (422, &"after".into()),
                    "{path}: {refused}"
                );
            }
        }
    }
}

/// The group of a level that has most to list, and its list.
async fn longest(town: &Town, token: &str) -> (String, Vec<Value>) {
    let mut best = (String::new(), Vec::new());
    for level in ["town", "county", "city"] {
        let path = format!("/api/v1/staff/figures/closures?{ALWAYS}&by=level&member={level}&which=late");
        let (status, _) = get(town, token, &path).await;
        let found = if status == 200 { lines(town, token, &path).await } else { Vec::new() };
        if found.len() > best.1.len() {
            best = (path, found);
        }
    }
    best
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_told_twice_while_something_is_closed() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        late_again_and_again(&town);
        town.count().await;
        let token = town.token("leader").await;
        let (path, whole) = longest(&town, &token).await;
        // One that is open stands far behind: promised for a day before the last of the others.
        let open = |line: &&Value| line.get("closed_on").is_none();
        let number = |line: &Value| line["number"].as_str().unwrap().to_owned();
        let mut opens = whole.iter().filter(open).map(number);
        // Another one, younger than all others, is promised for the very day that the first page ends in.
        let (far, like) = (opens.next().unwrap(), opens.next().unwrap());
        let within = format!("{like}-2");
        let day_of = |line: &Value| line["due_on"].as_str().unwrap().to_owned();
        {
            let mut db = town.shared.store.connection().unwrap();
            run(&mut db, &twin(&like, &within));
            for (number, day) in [(&far, day_of(whole.last().unwrap())), (&within, day_of(&whole[49]))] {
                let sql = format!(
                    "UPDATE issues SET due_on = '{day}', first_due_on = '{day}' WHERE number = '{number}'"
                );
                run(&mut db, &sql);
            }
            for day in
                words(&mut db, "SELECT DISTINCT '' || due_on AS word FROM issues WHERE due_on IS NOT NULL")
            {
                sums::mark(&mut db, day.parse().unwrap()).unwrap();
            }
        }
        town.count().await;
        let before = lines(&town, &token, &path).await;
        let first = get(&town, &token, &path).await.1;
        let page = first["closures"].as_array().unwrap();
        assert_eq!(page.len(), 50, "{database}");
        let near = page.iter().filter(open).map(number).find(|one| *one != within).unwrap();
        let last = page.last().unwrap();
        let cut = before.iter().filter(|line| line["due_on"] == last["due_on"]);
        assert!(
            cut.clone().any(|line| line["number"] == *within),
            "{database}: it is of the day that is cut"
        );
        assert!(cut.into_iter().any(|line| !page.contains(line)), "{database}: the day goes on");
        assert!(page.iter().any(|line| line["number"] == *within), "{database}: it is told before the cut");
        assert!(!page.iter().any(|line| line["number"] == *far), "{database}: it is not on the first page");
        for (place, number) in [near, far, within].iter().enumerate() {
            let mut db = town.shared.store.connection().unwrap();
            let id = format!("{place:08}-0000-7000-9000-000000000000");
            run(
                &mut db,
                &format!(
                    "INSERT INTO closures (id, enterprise_id, issue_id, result, reply, at, by, unit_id, handler_id, \
                     first_due_on, due_on, rate_until) SELECT '{id}', i.enterprise_id, i.id, c.result, c.reply, \
                     '{} 00:00:01', c.by, c.unit_id, c.handler_id, i.first_due_on, i.due_on, c.rate_until \
                     FROM issues i JOIN closures c ON c.id <> i.id WHERE i.number = '{number}' LIMIT 1",
                    town.shared.clock.now().date_naive()
                ),
            );
            let sql = format!(
                "UPDATE issues SET is_open = FALSE, state = 'closed', closure_id = '{id}' WHERE number = '{number}'"
            );
            run(&mut db, &sql);
        }
        let mut after = page.clone();
        let next = first["next"].as_str().unwrap();
        after.extend(lines_from(&town, &token, &path, next).await);
        let told = |lines: &[Value]| -> Vec<(String, String)> {
            let mut told: Vec<_> = lines.iter().map(|line| (known(line).0, known(line).1)).collect();
            told.sort();
            told
        };
        assert_eq!(told(&after), told(&before), "{database}");
    }
}

/// An issue that is as another one is, and younger than any.
fn twin(of: &str, number: &str) -> String {
    let rest = "enterprise_id, subject, body, category_id, channel_id, level, state, is_open, version, submitted_at, \
                submitted_by, accepted_at, lead_unit_id, office_id, handler_id, first_due_on, due_on, due_at, provisional, \
                last_kind, last_at, state_at, supervision, round";
    format!(
        "INSERT INTO issues (id, number, {rest}) SELECT 'ffffffff-0000-7000-8000-000000000000', '{number}', {rest} \
         FROM issues WHERE number = '{of}'"
    )
}

/// The lines of a list from a page on.
async fn lines_from(town: &Town, token: &str, path: &str, from: &str) -> Vec<Value> {
    lines_of(town, token, path, Some(from.to_owned())).await
}

async fn lines_of(town: &Town, token: &str, path: &str, mut next: Option<String>) -> Vec<Value> {
    let mut seen = Vec::new();
    while let Some(after) = next.take() {
        let page = get(town, token, &format!("{path}&after={after}")).await.1;
        seen.extend(page["closures"].as_array().unwrap().clone());
        next = page["next"].as_str().map(ToOwned::to_owned);
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_closed_says_whether_it_still_can_be() {
    for database in BOTH {
        let town = Town::with_past(database, 200);
        town.count().await;
        let token = town.token("leader").await;
        let (path, whole) = longest(&town, &token).await;
        let numbers: Vec<String> = whole
            .iter()
            .filter(|line| line.get("closed_on").is_none() && line["state"] != "deferred")
            .map(|line| line["number"].as_str().unwrap().to_owned())
            .collect();
        let cases = [
            ("withdrawn", "FALSE", "已撤回", "withdrawn"),
            ("merged", "FALSE", "已并案", "merged"),
            ("deferred", "TRUE", "已挂账", "deferred"),
            ("in_progress", "TRUE", "尚未办结", "still open"),
        ];
        assert!(numbers.len() >= cases.len(), "{database}: {numbers:?}");
        for (number, (state, open, ..)) in numbers.iter().zip(cases) {
            let mut db = town.shared.store.connection().unwrap();
            let now = town.shared.clock.now().naive_utc();
            let sql = format!(
                "UPDATE issues SET state = '{state}', is_open = {open}, state_at = '{now}' WHERE number = '{number}'"
            );
            run(&mut db, &sql);
        }
        let found = lines(&town, &token, &path).await;
        assert_eq!(found.len(), whole.len(), "{database}: what was late stays late");
        let by_number: BTreeMap<&str, &Value> =
            found.iter().map(|line| (line["number"].as_str().unwrap(), line)).collect();
        let leader = Browser::signed_in(&town, "leader").await;
        let shown = path.replace("/api/v1/staff", "/console");
        let (zh, en) = (leader.page(&shown).await, leader.page(&format!("{shown}&lang=en")).await);
        for (number, (state, _, words, english)) in numbers.iter().zip(cases) {
            assert_eq!(by_number[number.as_str()]["state"], state, "{database} {number}");
            assert!(zh.contains(&format!(">{words}</td>")), "{database}: {words}");
            assert!(en.contains(&format!(">{english}</td>")), "{database}: {english}");
        }
        let closed = found.iter().filter(|line| line.get("closed_on").is_some());
        assert!(closed.clone().count() > 0 && closed.into_iter().all(|line| line.get("state").is_none()));
        // Each list names the figure that it explains.
        let first = leader.page(&shown.replace("which=late", "which=late_first")).await;
        assert!(zh.contains("件数就是按时办结率少的") && !zh.contains("首次承诺办结率少的"), "{database}");
        assert!(first.contains("件数就是按首次承诺办结率少的"), "{database}");
    }
}
