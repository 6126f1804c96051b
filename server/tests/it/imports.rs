//! A table of issues: checked first, entered then, and doing it again makes nothing new.

use serde_json::{Value, json};

use crate::{
    harness::{BOTH, Town},
    intake::with_file,
};

const GOOD: &str = "91330500MA2TEXT16M";

async fn import(town: &Town, who: &str, query: &str, table: Vec<u8>) -> (u16, Value) {
    let token = town.token(who).await;
    let url = town.url(&format!("/api/v1/staff/issue-imports?channel=hotline12345{query}"));
    let form = with_file("七月.csv", table);
    let answer = crate::harness::client().post(url).bearer_auth(token).multipart(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn table() -> String {
    format!(
        "渠道编号,统一社会信用代码,类别,主题,内容,联系人,联系电话\n\
         W1,{GOOD},power,用电增容,需增容,张三,13812348000\n\
         W2,{GOOD},没有这类,=1+1,道路积水,,\n\
         W3,914403001922038216,power,x,道路积水,,\n\
         ,{GOOD},power,主题,内容,,\n\
         W5,{GOOD},power,出口退税,迟迟不到账,,\n"
    )
}

fn counts(report: &Value) -> Value {
    json!([report["rows"], report["fresh"], report["known"], report["bad"]])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_names_every_bad_row_and_writes_nothing() {
    for database in BOTH {
        let town = Town::on(database);
        let (status, report) = import(&town, "intake_officer", "&dry_run=true", table().into()).await;
        assert_eq!((status, counts(&report)), (200, json!([5, 2, 0, 3])), "{database}: {report}");
        let faults: Vec<(u64, &str)> = report["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| (fault["row"].as_u64().unwrap(), fault["column"].as_str().unwrap()))
            .collect();
        assert_eq!(
            faults,
            [(3, "类别"), (4, "统一社会信用代码"), (4, "主题"), (5, "渠道编号")],
            "{database}"
        );
        assert!(report["faults"].as_array().unwrap().iter().all(|fault| fault["remedy"]["zh"] != ""));
        let (_, again) = import(&town, "intake_officer", "&dry_run=true", table().into()).await;
        assert_eq!(counts(&again), json!([5, 2, 0, 3]), "{database}: nothing was written");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_is_wrong_with_a_row_is_named_at_once_in_both_languages() {
    for database in BOTH {
        let town = Town::on(database);
        let table = "渠道编号,统一社会信用代码,类别,主题,内容,层级,联系人,联系电话\n\
                     ,91330500,没有这类,x,,月球,张三,call me\n";
        let (status, report) = import(&town, "intake_officer", "&dry_run=true", table.into()).await;
        assert_eq!((status, counts(&report)), (200, json!([1, 0, 0, 1])), "{database}: {report}");
        let faults = report["faults"].as_array().unwrap();
        let columns: Vec<&str> = faults.iter().map(|fault| fault["column"].as_str().unwrap()).collect();
        assert_eq!(
            columns,
            ["渠道编号", "层级", "统一社会信用代码", "类别", "主题", "内容", "联系电话"],
            "{database}"
        );
        for fault in faults {
            for said in ["what", "remedy"] {
                let (zh, en) = (fault[said]["zh"].as_str().unwrap(), fault[said]["en"].as_str().unwrap());
                let is_chinese = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
                assert!(is_chinese(zh) && !en.is_empty(), "{database}: {fault}");
                // What somebody typed is repeated as it is.
                assert!(!is_chinese(&en.replace("没有这类", "")), "{database}: {en}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_rows_become_issues_once() {
    for database in BOTH {
        let town = Town::on(database);
        let gbk = encoding_rs::GBK.encode(&table()).0.into_owned();
        let (status, report) = import(&town, "intake_officer", "", gbk).await;
        assert_eq!((status, report["issues"].as_array().unwrap().len()), (200, 2), "{database}: {report}");
        let made: Vec<&Value> = report["issues"].as_array().unwrap().iter().map(|one| &one["made"]).collect();
        assert_eq!(made, [&json!(true), &json!(true)]);
        let (_, again) = import(&town, "intake_officer", "", table().into()).await;
        assert_eq!(counts(&again), json!([5, 0, 2, 3]), "{database}");
        assert_eq!(again["issues"][0]["number"], report["issues"][0]["number"], "the same issue");
        let (_, part) = import(&town, "intake_officer", "&first_row=3&most_rows=2", table().into()).await;
        assert_eq!((counts(&part), &part["next_row"]), (json!([2, 0, 0, 2]), &json!(5)), "{database}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_table_or_not_allowed_is_refused() {
    let town = Town::on("sqlite");
    assert_eq!(import(&town, "auditor", "", table().into()).await.0, 403);
    for bad in [b"".to_vec(), b"%PDF-1.4\0".to_vec(), b"PK\x03\x04bomb".to_vec()] {
        let (status, refused) = import(&town, "intake_officer", "", bad).await;
        assert_eq!((status, &refused["errors"][0]["field"]), (422, &json!("file")), "{refused}");
    }
    let (status, refused) = import(&town, "intake_officer", "", vec![b'a'; 6 * 1024 * 1024]).await;
    assert_eq!((status, &refused["code"]), (413, &json!("payload_too_large")));
    let (status, report) = import(&town, "intake_officer", "&dry_run=true", b"a,b\n1,2\n".to_vec()).await;
    assert_eq!(
        (status, report["faults"].as_array().unwrap().len()),
        (200, 5),
        "every missing column is named"
    );
}
