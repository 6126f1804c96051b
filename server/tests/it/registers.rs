//! The register as a table: sent, compared, confirmed, entered by a job that may
//! be interrupted, given out again, and whatever people put into spreadsheets.

mod mischief;

use qiyema_server::{
    actions::{Refused, job::Job, registers::import},
    startup::{assemble, jobs::Runner},
    store::{connection::Db, imports, transaction},
};
use serde_json::{Value, json};

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
    intake::with_file,
};

const SHELF: &str = "/console/enterprise-imports";
const GOOD: &str = "91330500MA2TEXT16M";

async fn send(town: &Town, who: &str, query: &str, table: &[u8]) -> (u16, Value) {
    let token = town.token(who).await;
    let url = town.url(&format!("/api/v1/staff/enterprise-imports{query}"));
    let form = with_file("企业名录.csv", table.to_vec());
    let answer = crate::harness::client().post(url).bearer_auth(token).multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

/// Lets the job look until nothing is left.
async fn settle(town: &Town) {
    release(town);
    let runner = Runner::new(&town.shared).unwrap();
    while runner.look(Job::Registers).await.unwrap() {}
}

async fn run(town: &Town, id: &Value) -> Value {
    let path = format!("/api/v1/staff/enterprise-imports/{}", id.as_str().unwrap());
    town.send("code_issuer", "GET", &path, Value::Null).await.1
}

fn counts(run: &Value) -> Value {
    json!([run["fresh"], run["changed"], run["same"], run["held"], run["bad"]])
}

async fn file(town: &Town, path: &str) -> Vec<u8> {
    let token = town.token("code_issuer").await;
    let answer = crate::harness::client().get(town.url(path)).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

/// Credit codes whose check character fits, as many as wanted.
fn usccs(count: usize) -> impl Iterator<Item = String> {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    (0..count).map(|n| {
        let stem = format!("9133{:013}", 4_000_000_000_u64 + u64::try_from(n).unwrap());
        let (mut weight, mut sum) = (1, 0);
        for digit in stem.bytes() {
            sum += ALPHABET.iter().position(|one| *one == digit).unwrap() * weight;
            weight = weight * 3 % 31;
        }
        format!("{stem}{}", char::from(ALPHABET[(31 - sum % 31) % 31]))
    })
}

fn many(count: usize) -> String {
    let rows = usccs(count).enumerate().map(|(n, uscc)| format!("{uscc},第{n}号有限公司\n"));
    std::iter::once("uscc,name\n".to_owned()).chain(rows).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_become_of_each_row_and_writes_nothing() {
    for database in BOTH {
        let town = Town::on(database);
        let table = format!(
            "湖州市企业名录\n统一社会信用代码,企业名称\n{GOOD},改了名的有限公司\n\
             ９１３３０１００７９９６５５０５８Ｂ,杭州𬭎业有限公司\n91350100M0001TGQXM,早期代码有限公司\n\
             9133O500MA2TEXT16M,字母有限公司\n91330100799655058B,重复的有限公司\n"
        );
        let gbk_would_lose_a_character = table.as_bytes();
        let (status, begun) = send(&town, "code_issuer", "?dry_run=true", gbk_would_lose_a_character).await;
        assert_eq!(
            (status, &begun["state"], &begun["total"]),
            (202, &json!("checking"), &json!(5)),
            "{begun}"
        );
        settle(&town).await;
        let checked = run(&town, &begun["id"]).await;
        assert_eq!(
            (&checked["state"], counts(&checked)),
            (&json!("checked"), json!([1, 1, 0, 1, 2])),
            "{database}"
        );
        let rows = format!("/api/v1/staff/enterprise-imports/{}/rows", begun["id"].as_str().unwrap());
        let (_, rows) = town.send("code_issuer", "GET", &rows, Value::Null).await;
        let told: Vec<_> = rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row["row"].as_u64().unwrap(),
                    row["verdict"].as_str().unwrap(),
                    row["finding"].as_str().unwrap_or(""),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (3, "changed", ""),
                (4, "fresh", ""),
                (5, "held", "check_character"),
                (6, "bad", "character"),
                (7, "bad", "twice")
            ],
            "{database}"
        );
        let (_, found) = town
            .send("code_issuer", "GET", "/api/v1/staff/enterprises?q=91330100799655058B", Value::Null)
            .await;
        assert_eq!(found["enterprises"], json!([]), "{database}: nothing was written");

        // Confirmed with the warnings: the same rows are entered.
        let path = format!("/api/v1/staff/enterprise-imports/{}/confirmation", begun["id"].as_str().unwrap());
        let confirmed = town.send("code_issuer", "POST", &path, json!({ "confirm_warnings": true })).await;
        assert_eq!((confirmed.0, &confirmed.1["state"]), (202, &json!("importing")));
        settle(&town).await;
        let done = run(&town, &begun["id"]).await;
        assert_eq!((&done["state"], counts(&done)), (&json!("done"), json!([2, 1, 0, 0, 2])), "{database}");
        let again = town.send("code_issuer", "POST", &path, json!({})).await;
        assert_eq!((again.0, &again.1["code"]), (409, &json!("import_over")), "{database}");
        let (_, found) =
            town.send("code_issuer", "GET", "/api/v1/staff/enterprises?q=改了名的", Value::Null).await;
        assert_eq!(found["enterprises"][0]["uscc"], GOOD, "{database}: found under its new name");
        let report = file(
            &town,
            &format!("/api/v1/staff/enterprise-imports/{}/report.csv", begun["id"].as_str().unwrap()),
        )
        .await;
        let report = String::from_utf8(report).unwrap();
        assert_eq!(report.lines().count(), 6, "{report}");
        assert!(report.contains("杭州𬭎业有限公司") && report.contains("与第4行重复"), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_cut_off_goes_on_where_it_stopped_and_nothing_is_entered_twice() {
    for database in BOTH {
        let town = Town::on(database);
        let table = many(1_050);
        let (status, begun) = send(&town, "code_issuer", "", table.as_bytes()).await;
        assert_eq!((status, &begun["state"]), (202, &json!("importing")), "{begun}");
        let (_, twin) = send(&town, "code_issuer", "", table.as_bytes()).await;
        assert_eq!(twin["id"], begun["id"], "{database}: the same file sent again is the same run");
        // The process dies in the middle of it: the look is dropped at some point.
        let runner = Runner::new(&town.shared).unwrap();
        for _ in 0..40 {
            let cut =
                tokio::time::timeout(std::time::Duration::from_millis(60), runner.look(Job::Registers)).await;
            if cut.is_ok() {
                break;
            }
            if run(&town, &begun["id"]).await["handled"].as_u64().unwrap() >= 200 {
                break;
            }
        }
        drop(runner);
        let rival = Runner::new(&town.shared).unwrap();
        assert!(!rival.look(Job::Registers).await.unwrap(), "{database}: the lease is held, or all is done");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        settle(&town).await;
        let done = run(&town, &begun["id"]).await;
        assert_eq!(
            (&done["state"], counts(&done)),
            (&json!("done"), json!([1_050, 0, 0, 0, 0])),
            "{database}"
        );

        // Everything that is known comes out, goes in again, and changes nothing.
        for ending in ["csv", "xlsx"] {
            let exported = file(&town, &format!("/api/v1/staff/enterprises.{ending}")).await;
            let (status, again) = send(&town, "code_issuer", "", &exported).await;
            assert_eq!(status, 202, "{database} {ending}: {again}");
            settle(&town).await;
            let again = run(&town, &again["id"]).await;
            assert_eq!(
                (&again["fresh"], &again["changed"], &again["bad"], &again["held"]),
                (&json!(0), &json!(0), &json!(0), &json!(0)),
                "{database} {ending}"
            );
            assert_eq!(again["same"], again["total"], "{database} {ending}");
        }
    }
}

/// As if the dead process's lease had run out.
fn release(town: &Town) {
    use diesel::{RunQueryDsl, sql_query};
    let mut db = town.shared.store.connection().unwrap();
    sql_query("UPDATE leases SET until = '2000-01-01 00:00:00' WHERE name = 'registers'")
        .execute(&mut **db)
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_file_is_told_and_a_run_can_be_cancelled() {
    let town = Town::on("sqlite");
    let (_, begun) = send(&town, "code_issuer", "", many(10).as_bytes()).await;
    let folder = town.shared.config.paths.data.join("attachments").join("imports");
    std::fs::remove_file(folder.join(begun["id"].as_str().unwrap())).unwrap();
    settle(&town).await;
    let failed = run(&town, &begun["id"]).await;
    assert_eq!(failed["state"], "failed");
    assert!(failed["failure"]["en"].as_str().unwrap().contains("Send it again"), "{failed}");
    let (_, waits) = send(&town, "code_issuer", "?dry_run=true", many(10).as_bytes()).await;
    let id = waits["id"].as_str().unwrap();
    let path = format!("/api/v1/staff/enterprise-imports/{id}/cancellation");
    assert_eq!(town.send("code_issuer", "POST", &path, Value::Null).await.1["state"], "cancelled");
    assert_eq!(town.send("code_issuer", "POST", &path, Value::Null).await.1["code"], "import_over");
    assert!(!folder.join(id).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_checks_first_and_shows_how_far_it_is() {
    let town = Town::on("sqlite");
    let browser = Browser::signed_in(&town, "code_issuer").await;
    let page = browser.page("/console/enterprise-imports").await;
    assert!(page.contains("批量导入企业") && page.contains("500000行"), "{page}");
    let sent = browser.post_file(SHELF, SHELF, &[], ("名录.csv", many(3).into_bytes())).await;
    assert_eq!(sent.status(), 303);
    let here = place(&sent).to_owned();
    let waiting = browser.get(&here).await;
    assert_eq!(waiting.headers()["refresh"], "3");
    assert!(waiting.text().await.unwrap().contains("<progress"));
    settle(&town).await;
    let checked = browser.get(&here).await;
    assert!(checked.headers().get("refresh").is_none());
    let text = checked.text().await.unwrap();
    assert!(text.contains("确认导入3行") && text.contains("尚未写入任何内容"), "{text}");
    let confirmed = browser.post(&here, &format!("{here}/confirmation"), &[]).await;
    assert_eq!((confirmed.status().as_u16(), place(&confirmed)), (303, &*here));
    settle(&town).await;
    assert!(browser.page(&here).await.contains("导入完成"));
    let nothing = browser.post_file(SHELF, SHELF, &[], ("x.csv", b"a,b\n1,2\n".to_vec())).await;
    assert_eq!(nothing.status(), 422);
    assert!(nothing.text().await.unwrap().contains("缺少"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_forgotten_some_rows_at_a_time() {
    for database in BOTH {
        let town = Town::on(database);
        let (_, begun) = send(&town, "code_issuer", "?dry_run=true", many(2_050).as_bytes()).await;
        settle(&town).await;
        let id = begun["id"].as_str().unwrap().to_owned();
        let mut db = town.shared.store.connection().unwrap();
        let kept = |db: &mut Db| imports::lines(db, &id, &[], (0, i32::MAX), 10_000).unwrap().len();
        assert_eq!(kept(&mut db), 2_050, "{database}");
        // Confirmed: what the dry run said is not told any more, and goes as the rows are entered.
        let path = format!("/api/v1/staff/enterprise-imports/{id}/confirmation");
        assert_eq!(town.send("code_issuer", "POST", &path, json!({})).await.0, 202, "{database}");
        assert_eq!(kept(&mut db), 2_050, "{database}");
        let rows = format!("/api/v1/staff/enterprise-imports/{id}/rows");
        let (_, told) = town.send("code_issuer", "GET", &rows, Value::Null).await;
        assert_eq!(told["rows"], json!([]), "{database}: {told}");
        settle(&town).await;
        assert_eq!(counts(&run(&town, &begun["id"]).await), json!([2_050, 0, 0, 0, 0]), "{database}");
        assert_eq!(kept(&mut db), 2_050, "{database}");

        let later = town.shared.clock.now() + chrono::TimeDelta::days(91);
        let mut left = Vec::new();
        while import::overdue(&mut db, later).unwrap() {
            transaction::<_, Refused>(&mut db, |db| import::sweep(db, later)).unwrap();
            left.push(kept(&mut db));
        }
        assert_eq!(left, [50, 0], "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_no_import_needs_is_removed_at_the_next_start() {
    for database in BOTH {
        let town = Town::on(database);
        let (_, waits) = send(&town, "code_issuer", "?dry_run=true", many(3).as_bytes()).await;
        settle(&town).await;
        let (_, over) = send(&town, "code_issuer", "", many(5).as_bytes()).await;
        settle(&town).await;
        let folder = town.shared.config.paths.data.join("attachments").join("imports");
        let (waits, over) = (waits["id"].as_str().unwrap(), over["id"].as_str().unwrap());
        // The process died before the row was there, and after the import was over.
        let long_ago = std::time::SystemTime::now() - std::time::Duration::from_hours(2);
        for (name, old) in [("nobodys", true), (over, true), (waits, true), ("arriving-now", false)] {
            let file = std::fs::File::options().create(true).append(true).open(folder.join(name)).unwrap();
            if old {
                file.set_modified(long_ago).unwrap();
            }
        }
        let config = (*town.shared.config).clone();
        let host = town.shared.trust.host.clone();
        assemble::assemble(config, &town.shared.clock, host, false).unwrap();
        let mut left: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut wanted = [waits.to_owned(), "arriving-now".to_owned()];
        wanted.sort();
        assert_eq!(left, wanted, "{database}");
    }
}
