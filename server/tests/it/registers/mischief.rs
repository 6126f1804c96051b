//! Tables that are meant to hurt, or are merely odd: each is told clearly, and nothing is half entered.

use super::*;

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
            let row = match database {
                "sqlite" => format!(
                    "CREATE TRIGGER refused BEFORE INSERT ON enterprise_import_rows \
                     WHEN NEW.import_id = '{id}' AND NEW.line = 4 BEGIN SELECT RAISE(ABORT, 'refused'); END"
                ),
                _ => format!(
                    "ALTER TABLE enterprise_import_rows ADD CONSTRAINT refused \
                     CHECK (import_id <> '{id}' OR line <> 4)"
                ),
            };
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
