//! The register as a table: sent, compared, confirmed, entered by a job that may
//! be interrupted, given out again, and whatever people put into spreadsheets.

use qiyema_server::{
    actions::{Refused, job::Job, registers::import},
    startup::{assemble, jobs::Runner},
    store::{connection::Db, imports, transaction},
};
use reqwest::Client;
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
    let answer = Client::new().post(url).bearer_auth(token).multipart(form).send().await.unwrap();
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
    let answer = Client::new().get(town.url(path)).bearer_auth(token).send().await.unwrap();
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
async fn mischief_is_told_clearly_and_leaves_nothing_behind() {
    let town = Town::on("sqlite");
    let count = async || {
        let all = file(&town, "/api/v1/staff/enterprises.csv").await;
        String::from_utf8(all).unwrap().lines().count()
    };
    let before = count().await;
    let million = many(3).replace("uscc,name\n", "");
    let million = format!("uscc,name\n{}", million.repeat(170_000));
    for (bad, says) in [
        (&b"uscc,name\n"[..], "没有数据行"),
        (b"%PDF-1.4\0", "不是CSV或XLSX"),
        (b"PK\x03\x04bomb", "损坏"),
        ("名称,电话\n甲,1\n".as_bytes(), "缺少：统一社会信用代码"),
        (million.as_bytes(), "超过500000行"),
        (format!("uscc,name\n{GOOD},\"甲\n91330502MA2TEXT16J,乙\n").as_bytes(), "第2行的英文引号"),
        (&rows_of(&[1, 2, 3, 2]), "第2行的行号重复或倒序"),
        (&districts(), "吴兴区、南浔区"),
    ] {
        let (status, refused) = send(&town, "code_issuer", "", bad).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("file")), "{refused}");
        assert!(refused["errors"][0]["detail"]["zh"].as_str().unwrap().contains(says), "{refused}");
    }
    let (_, list) = town.send("code_issuer", "GET", "/api/v1/staff/enterprise-imports", Value::Null).await;
    assert_eq!(list["imports"], json!([]), "a file that is refused is no run");
    let left = std::fs::read_dir(town.shared.config.paths.data.join("attachments").join("imports"));
    assert!(left.map_or(0, Iterator::count) == 0, "and no file stays");
    for who in ["auditor", "dispatcher", "intake_officer"] {
        assert_eq!(send(&town, who, "", many(1).as_bytes()).await.0, 403, "{who}");
    }
    // Formulas, a picture, sixty characters, eighteen blanks.
    let table = format!(
        "uscc,name\n=1+1,公式\n\"                  \",空格\n{GOOD},=HYPERLINK(1)\n91330502MA2TEXT16J,😀有限公司\n91330100799655058B,{}\n",
        "名".repeat(60)
    );
    let (_, begun) = send(&town, "code_issuer", "", table.as_bytes()).await;
    settle(&town).await;
    assert_eq!(counts(&run(&town, &begun["id"]).await), json!([1, 1, 0, 1, 2]));
    let exported = String::from_utf8(file(&town, "/api/v1/staff/enterprises.csv").await).unwrap();
    assert!(exported.contains(&format!("{GOOD},'=HYPERLINK(1)")), "no cell is a formula");
    assert_eq!(count().await, before + 1);
}

/// A workbook as a program wrote it that numbers rows as it likes.
fn rows_of(numbers: &[u32]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write(0, 0, "x").unwrap();
    let mut from = ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let rows = numbers.iter().zip(std::iter::once("uscc".to_owned()).chain(usccs(numbers.len())));
    let rows = rows.map(|(n, uscc)| format!("<row r=\"{n}\">{}{}</row>", cell(&uscc), cell("name")));
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.collect::<String>());
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        to.start_file(&*name, SimpleFileOptions::default()).unwrap();
        if name.ends_with("sheet1.xml") {
            to.write_all(sheet.as_bytes()).unwrap();
        } else {
            std::io::copy(&mut part, &mut to).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

/// A sheet for each district.
fn districts() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (district, uscc) in ["吴兴区", "南浔区"].into_iter().zip(usccs(2)) {
        let sheet = book.add_worksheet().set_name(district).unwrap();
        sheet.write_row(0, 0, ["统一社会信用代码", "企业名称"]).unwrap();
        sheet.write_row(1, 0, [&*uscc, district]).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// Rows that the database refuses must not keep everybody else's tables waiting.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_whose_rows_the_database_refuses_is_given_up_and_the_next_one_goes_on() {
    use diesel::{RunQueryDsl, sql_query};
    for database in BOTH {
        let town = Town::on(database);
        let (_, stuck) = send(&town, "code_issuer", "", many(5).as_bytes()).await;
        let (_, next) = send(&town, "code_issuer", "", many(6).as_bytes()).await;
        {
            let mut db = town.shared.store.connection().unwrap();
            let id = stuck["id"].as_str().unwrap();
            let row = format!(
                "INSERT INTO enterprise_import_rows (import_id, line, verdict, finding, detail, uscc, name) \
                 VALUES ('{id}', 4, 'same', '', '', '', '')"
            );
            sql_query(row).execute(&mut **db).unwrap();
        }
        let runner = Runner::new(&town.shared).unwrap();
        let mut failures = 0;
        while run(&town, &stuck["id"]).await["state"] == "importing" {
            failures += u32::from(runner.look(Job::Registers).await.is_err());
            assert!(failures < 10, "{database}: it is tried for ever");
        }
        let failed = run(&town, &stuck["id"]).await;
        assert_eq!(
            (&failed["state"], &failed["fresh"]),
            (&json!("failed"), &json!(0)),
            "{database}: {failed}"
        );
        assert!(failed["failure"]["zh"].as_str().unwrap().contains("数据库多次拒绝"), "{database}: {failed}");
        assert!(failures > 1, "{database}: once is not enough to give up");
        settle(&town).await;
        assert_eq!(counts(&run(&town, &next["id"]).await), json!([6, 0, 0, 0, 0]), "{database}");
    }
}

/// The texts of a workbook are in memory: whoever sends another one waits for its turn.
#[tokio::test(flavor = "multi_thread")]
async fn tables_are_looked_at_one_at_a_time() {
    let town = Town::on("sqlite");
    let turn = qiyema_server::web::uploads::turn(&town.shared).await.unwrap();
    let table = many(3);
    let mut sending = std::pin::pin!(send(&town, "code_issuer", "?dry_run=true", table.as_bytes()));
    tokio::select! {
        biased;
        (status, early) = &mut sending => panic!("{status} {early}"),
        () = tokio::time::sleep(std::time::Duration::from_secs(2)) => {}
    }
    drop(turn);
    let (status, begun) = sending.await;
    assert_eq!(status, 202, "{begun}");
}

/// What people do to a workbook: a title over merged cells, formulas in place of data, blanks, names
/// of sixty characters, pictures for letters, characters that few fonts have.
fn workbook() -> Vec<u8> {
    use rust_xlsxwriter::{Format, Formula, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 3, "某市企业名录(合并单元格)", &Format::new()).unwrap();
    sheet.write_row(1, 0, ["统一社会信用代码", "企业名称", "备注"]).unwrap();
    // A formula's result was worked out by whoever saved it; this one was never opened.
    sheet.write_formula(2, 0, Formula::new("=CONCATENATE(\"9133\",\"\")")).unwrap();
    sheet.write_string(2, 1, "公式有限公司").unwrap();
    sheet.write_string(3, 0, " ".repeat(18)).unwrap();
    sheet.write_string(3, 1, "空格有限公司").unwrap();
    sheet.write_string(4, 0, "91330523MA2TEXT160").unwrap();
    sheet.write_string(4, 1, "名".repeat(60)).unwrap();
    sheet.write_string(5, 0, "９１３３０１００７９９６５５０５８Ｂ").unwrap();
    sheet.write_string(5, 1, "上海𬭎昌😀商行").unwrap();
    sheet.write_string(6, 0, "91440300192317458F").unwrap();
    sheet.write_string(6, 1, "上海𬭎昌商行").unwrap();
    // Two rows share one cell of the credit code: the second has none.
    sheet.merge_range(7, 0, 8, 0, "91350100M000100Y43", &Format::new()).unwrap();
    sheet.write_string(7, 1, "上面的企业").unwrap();
    sheet.write_string(8, 1, "下面的企业").unwrap();
    sheet.write_number(9, 0, 9.133_050_0e17).unwrap();
    sheet.write_string(9, 1, "科学计数法有限公司").unwrap();
    book.save_to_buffer().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_of_mischief_is_told_row_by_row_and_what_is_right_goes_in() {
    for database in BOTH {
        let town = Town::on(database);
        let (status, begun) = send(&town, "code_issuer", "?dry_run=true", &workbook()).await;
        assert_eq!(status, 202, "{database}: {begun}");
        settle(&town).await;
        let checked = run(&town, &begun["id"]).await;
        assert_eq!((&checked["state"], &checked["total"]), (&json!("checked"), &json!(8)), "{checked}");
        let place = format!("/api/v1/staff/enterprise-imports/{}", begun["id"].as_str().unwrap());
        let (_, rows) = town.send("code_issuer", "GET", &format!("{place}/rows"), Value::Null).await;
        let told: Vec<(u64, &str)> = rows["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["row"].as_u64().unwrap(), row["verdict"].as_str().unwrap()))
            .collect();
        let all = [
            (3, "bad"),
            (4, "bad"),
            (5, "changed"),
            (6, "held"),
            (7, "fresh"),
            (8, "fresh"),
            (9, "bad"),
            (10, "bad"),
        ];
        assert_eq!(told, all, "{database}: {rows}");
        for row in rows["rows"].as_array().unwrap().iter().filter(|row| row["verdict"] == "bad") {
            let said = [&row["what"]["zh"], &row["what"]["en"], &row["remedy"]["zh"], &row["remedy"]["en"]];
            assert!(said.iter().all(|text| text.as_str().is_some_and(|text| text.len() > 3)), "{row}");
        }
        let exported =
            async || String::from_utf8(file(&town, "/api/v1/staff/enterprises.csv").await).unwrap();
        assert!(!exported().await.contains("上面的企业"), "{database}: nothing is written by a dry run");
        town.send("code_issuer", "POST", &format!("{place}/confirmation"), json!({})).await;
        settle(&town).await;
        assert_eq!(counts(&run(&town, &begun["id"]).await), json!([2, 1, 0, 1, 4]), "{database}");
        let all = exported().await;
        assert!(all.contains("91440300192317458F,上海𬭎昌商行"), "{database}: {all}");
        assert!(!all.contains('😀') && !all.contains("下面的企业"), "{database}");
    }
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
