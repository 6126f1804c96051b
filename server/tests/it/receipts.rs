//! A receipt, held against the server that gave it: whoever holds it sees whether the
//! rating still stands, and a rating that somebody altered or removed is exposed by it alone.

use data_encoding::HEXLOWER;
use diesel::{RunQueryDsl, sql_query};
use qiyema_protocol::receipt::{ReceiptStatus, Standing};
use serde_json::{Value, json};
use tlog_tiles::record_hash;

use crate::{
    harness::{BOTH, Town},
    ratings::{device, unrated},
};

/// Rates an issue of the first enterprise and gives the receipt.
async fn rated(town: &Town, number: &str, token: Option<&str>, body: Value) -> (String, String) {
    let url = town.url(&format!("/api/v1/scans/{}/issues/{number}/ratings", town.seal));
    let mut asked = crate::harness::client().post(url).json(&body);
    if let Some(token) = token {
        asked = asked.bearer_auth(token);
    }
    let said: Value = asked.send().await.unwrap().json().await.unwrap();
    let text = |key: &str| said[key].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();
    (text("receipt"), text("rating"))
}

async fn status(town: &Town, receipt: &str) -> ReceiptStatus {
    let answer = crate::harness::get(town.url(&format!("/api/v1/receipts/{receipt}"))).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn page(town: &Town, receipt: &str, lang: &str) -> (u16, String) {
    let url = town.url(&format!("/receipts?receipt={receipt}&lang={lang}"));
    let answer = crate::harness::get(url).await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_a_receipt_sees_whether_its_rating_stands() {
    for database in BOTH {
        let town = Town::on(database);
        let (number, token) = (unrated(&town).await, device(&town).await);
        let (passer, _) =
            rated(&town, &number, None, json!({ "verdict": "bad", "comment": "保密的话" })).await;
        assert_eq!(status(&town, &passer).await.standing, Standing::Unverified, "{database}");
        let (owner, rating) = rated(&town, &number, Some(&token), json!({ "verdict": "good" })).await;
        let found = status(&town, &owner).await;
        assert_eq!((found.standing, &found.receipt.sub), (Standing::Counted, &rating), "{database}");
        assert!(found.log.is_none(), "{database}: it waits to be entered");
        assert_eq!(status(&town, &passer).await.standing, Standing::Superseded, "{database}");
        let second = json!({ "verdict": "good", "round": "second" });
        let (second, _) = rated(&town, &number, Some(&token), second).await;
        assert_eq!(status(&town, &second).await.standing, Standing::Beside, "{database}");

        // After the job has looked, the proof is there; the page says it all without a script.
        town.count().await;
        let found = status(&town, &owner).await;
        let log = found.log.expect("it is in the log");
        assert!(log.position < log.size && log.checkpoint.contains("/ledger"), "{database}: {log:?}");
        let entry = log.entry.as_deref().expect("the entry is shown to whoever holds the receipt");
        let leaf = HEXLOWER.encode(&record_hash(entry.as_bytes()).0);
        assert!(leaf == log.leaf && found.receipt.is_of(entry), "{database}: {entry}");
        // The entry of any other rating is just as well in the log, and is not this receipt's.
        let other = status(&town, &passer).await;
        assert!(!found.receipt.is_of(other.log.unwrap().entry.as_deref().unwrap()), "{database}");
        let (code, shown) = page(&town, &owner, "zh").await;
        assert_eq!(code, 200, "{shown}");
        assert!(shown.contains("记录的就是本回执的评价"), "{database}: {shown}");
        for word in ["评价有效，已计入统计", "已记入日志", number.as_str(), log.leaf.as_str()]
        {
            assert!(shown.contains(word), "{database}: {word}: {shown}");
        }
        assert!(page(&town, &owner, "en").await.1.contains("The rating stands and counts"));
        // No more than the receipt says.
        let (_, shown) = page(&town, &passer, "zh").await;
        let all = format!("{shown}{}", serde_json::to_string(&status(&town, &passer).await).unwrap());
        assert!(!all.contains("保密的话") && !all.contains(&town.seeded.enterprise), "{database}: {all}");
        assert!(!shown.contains("<script"), "{shown}");

        // What is no receipt of this site is refused before the database is asked.
        let forged = format!("{}A", &owner[..owner.len() - 1]);
        let forged = if forged == owner { format!("{}B", &owner[..owner.len() - 1]) } else { forged };
        for wrong in [&*forged, "x", "a.b.c", &town.seal] {
            let (code, shown) = page(&town, wrong, "zh").await;
            assert_eq!(code, 422, "{database}: {wrong}");
            assert!(shown.contains("不是本站出具的真实回执") && shown.contains("role=\"alert\""), "{shown}");
            let answer = crate::harness::get(town.url(&format!("/api/v1/receipts/{wrong}"))).await.unwrap();
            let said: Value = answer.json().await.unwrap();
            assert_eq!(said["code"], "receipt_false", "{database}: {wrong}");
        }
        let empty = crate::harness::get(town.url("/receipts")).await.unwrap();
        assert_eq!(empty.status(), 200);
        assert!(empty.text().await.unwrap().contains("<textarea"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excluded_rating_says_why_in_the_open() {
    for database in BOTH {
        let town = Town::on(database);
        let (receipt, rating) = of_bureau(&town).await;
        let path = |rest: &str| format!("/api/v1/staff/ratings/{rating}{rest}");
        let appeal = json!({ "ground": "mistaken", "reason": "企业来电说明按错了,应为好评。" });
        assert_eq!(town.send("hanxue", "POST", &path("/appeal"), appeal).await.0, 201, "{database}");
        assert_eq!(
            status(&town, &receipt).await.standing,
            Standing::Counted,
            "{database}: nobody decided yet"
        );
        for who in ["performance_reviewer", "supervisor"] {
            let body = json!({ "judgement": "accepted", "reason": "录音核实为误评" });
            assert_eq!(town.send(who, "POST", &path("/decisions"), body).await.0, 201, "{database}");
        }
        let found = status(&town, &receipt).await;
        let why = found.exclusion.expect("it is said why");
        assert_eq!((found.standing, why.people), (Standing::Excluded, 2), "{database}");
        let (_, shown) = page(&town, &receipt, "zh").await;
        assert!(shown.contains("不计入统计") && shown.contains("误评 · 2 名本单位以外的人员决定"), "{shown}");
        assert!(!shown.contains("录音"), "the full text is for after the PIN: {shown}");
    }
}

/// A bad rating by the owner of a closure of the power bureau: receipt and id.
pub async fn of_bureau(town: &Town) -> (String, String) {
    let token = device(town).await;
    let url = town.url(&format!("/api/v1/scans/{}?page=1", town.seal));
    let board: Value =
        crate::harness::client().get(url).bearer_auth(&token).send().await.unwrap().json().await.unwrap();
    for card in board["issues"].as_array().unwrap() {
        if card["closure"]["rateable"] != true {
            continue;
        }
        let number = card["number"].as_str().unwrap();
        let (receipt, rating) = rated(town, number, Some(&token), json!({ "verdict": "bad" })).await;
        let view =
            town.send("supervisor", "GET", &format!("/api/v1/staff/ratings/{rating}"), Value::Null).await.1;
        if view["unit"] == "gdj" {
            return (receipt, rating);
        }
    }
    panic!("the first enterprise has no closed issue of the power bureau")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_alone_exposes_a_rating_that_was_altered_or_removed() {
    for database in BOTH {
        let town = Town::on(database);
        let (number, token) = (unrated(&town).await, device(&town).await);
        let (receipt, rating) = rated(&town, &number, Some(&token), json!({ "verdict": "bad" })).await;
        assert_eq!(status(&town, &receipt).await.standing, Standing::Counted, "{database}");
        {
            // Whoever owns the database can switch its guards off.
            let mut db = town.shared.store.connection().unwrap();
            let mut run = |sql: &str| sql_query(sql).execute(&mut **db).map(drop);
            if database == "sqlite" {
                run("DROP TRIGGER ratings_no_update").unwrap();
                run("DROP TRIGGER ratings_no_delete").unwrap();
                run("PRAGMA foreign_keys = OFF").unwrap();
            } else {
                run("SET session_replication_role = replica").unwrap();
            }
            run(&format!("UPDATE ratings SET verdict = 'good' WHERE id = '{rating}'")).unwrap();
        }
        assert_eq!(status(&town, &receipt).await.standing, Standing::Altered, "{database}");
        assert!(page(&town, &receipt, "zh").await.1.contains("评价已被改动"), "{database}");
        {
            let mut db = town.shared.store.connection().unwrap();
            let mut run = |sql: &str| sql_query(sql).execute(&mut **db).map(drop);
            run(if database == "sqlite" {
                "PRAGMA foreign_keys = OFF"
            } else {
                "SET session_replication_role = replica"
            })
            .unwrap();
            run(&format!("DELETE FROM ratings WHERE id = '{rating}'")).unwrap();
        }
        assert_eq!(status(&town, &receipt).await.standing, Standing::Missing, "{database}");
        let (code, shown) = page(&town, &receipt, "en").await;
        assert!(code == 200 && shown.contains("The rating is gone"), "{database}: {shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_about_the_log_too_often_waits() {
    let town = Town::with("sqlite", &[("limits.log_reads_per_minute", "5")]);
    let mut last = 0;
    for _ in 0..7 {
        last = crate::harness::get(town.url("/ledger/checkpoint")).await.unwrap().status().as_u16();
    }
    assert_eq!(last, 429);
    assert_eq!(crate::harness::get(town.url("/api/v1/receipts/x")).await.unwrap().status(), 429);
}
