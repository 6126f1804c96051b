//! The log as another office sees it: followed from outside by a program that is
//! not ours, compared with the database by the auditor's command, and missed when
//! somebody starts from an older copy.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use qiyema_e2e::{
    binaries::{free_address, workspace},
    python,
};

use crate::{
    held::Held,
    town::{BOTH, Database, Town, argument, rateable},
};

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The verifier in Python: whether all is as it should be, and what it says.
fn follow(town: &Town, more: &[&Path]) -> (bool, String) {
    let python = python::with("vectors", &["cryptography", "pyjwt"]).unwrap();
    let script = workspace().join("tests/verify_ledger.py");
    let mut asked = Command::new(python);
    let answer = asked.arg(script).arg(town.url("")).args(more).stdin(Stdio::null()).output().unwrap();
    (answer.status.success(), said(&answer))
}

async fn head(base: &str) -> String {
    reqwest::get(format!("{base}/ledger/checkpoint")).await.unwrap().text().await.unwrap()
}

fn entries(head: &str) -> u64 {
    head.lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or(0)
}

/// Waits until the log has more entries than this.
async fn grown(town: &Town, than: u64) -> String {
    grown_at(&town.url(""), than).await
}

async fn grown_at(base: &str, than: u64) -> String {
    let begun = Instant::now();
    loop {
        let now = head(base).await;
        if entries(&now) > than {
            return now;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "the log stands still: {now}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_office_follows_the_log_and_the_holder_of_a_receipt_finds_his_rating() {
    for database in BOTH {
        let town = Town::on(database);
        let folder = tempfile::tempdir().unwrap();
        let (older, receipt) = (folder.path().join("older"), folder.path().join("receipt"));
        std::fs::write(&older, grown(&town, 1500).await).unwrap();
        let (sound, text) = follow(&town, &[&older]);
        assert!(sound && text.contains("is a part of it"), "{database:?}: {text}");

        let (owner, png) = (town.person(), town.text("png"));
        let number = rateable(&owner, png).into_iter().next().unwrap();
        owner.json(&["rate", png, "--issue", &number, "--bad", "--receipt", argument(&receipt)]);
        grown(&town, entries(&std::fs::read_to_string(&older).unwrap())).await;
        let begun = Instant::now();
        let text = loop {
            let (sound, text) = follow(&town, &[&older, &receipt]);
            if sound {
                break text;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{database:?}: {text}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        };
        assert!(text.contains("is entry"), "{database:?}: {text}");

        // A head of somebody else's log is no part of this one.
        let forged = std::fs::read_to_string(&older).unwrap().replacen('1', "2", 1);
        std::fs::write(&older, forged).unwrap();
        let (sound, text) = follow(&town, &[&older]);
        assert!(!sound && text.contains("FALSE"), "{database:?}: {text}");
    }
}

/// Waits until nothing waits to be entered.
async fn whole(held: &Held) {
    let begun = Instant::now();
    loop {
        let told = held.verify(None).ok();
        if told.out.contains(", 0 rows wait") {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(3), "the log stands still: {told:?}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_finds_the_row_that_was_altered_with_and_without_a_head_from_outside() {
    for database in BOTH {
        let town = Town::on(database);
        let (held, office) = (town.held(), tempfile::tempdir().unwrap());
        grown(&town, 1500).await;
        whole(&held).await;
        let earlier = office.path().join("earlier");
        std::fs::write(&earlier, head(&held.base).await).unwrap();
        held.verify(Some(&earlier)).ok();

        let entered = "SELECT row_id FROM ledger_entries WHERE kind = 'ratings' ORDER BY position LIMIT 1";
        let id = held.sql(&[entered]);
        assert_eq!(id.len(), 36, "{database:?}: {id}");
        let turn = format!(
            "UPDATE ratings SET verdict = CASE verdict WHEN 'good' THEN 'bad' ELSE 'good' END WHERE id = '{id}'"
        );
        held.as_superuser(&[&turn]);
        for outside in [None, Some(&*earlier)] {
            let told = held.verify(outside).exits(1);
            let named: Vec<&str> = told.out.lines().skip(1).collect();
            assert_eq!(named, [format!("altered ratings {id}")], "{database:?}: {told:?}");
            assert!(told.err.contains("1 rows and 0 heads do not fit"), "{database:?}: {told:?}");
        }
        held.as_superuser(&[&turn]);
        held.verify(Some(&earlier)).ok();
    }
}

/// The holder of database and keys can make both fit each other. He cannot make them fit what another office has.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_turned_back_or_goes_another_way_does_not_lead_to_a_witnessed_head() {
    for database in BOTH {
        let mut town = Town::on(database);
        let (person, office) = (town.person(), tempfile::tempdir().unwrap());
        grown(&town, 1500).await;
        whole(&town.held()).await;
        let numbers = rateable(&person, town.text("png"));
        let base = town.url("");
        let (earlier, later) = (office.path().join("earlier"), office.path().join("later"));
        std::fs::write(&earlier, head(&base).await).unwrap();

        town.fall();
        let older = town.held().copied("older");
        town.rise();
        let at_copy = entries(&head(&base).await);
        rate_at(&base, &town, &numbers[0], "good").await;
        let witnessed = grown(&town, at_copy).await;
        std::fs::write(&later, &witnessed).unwrap();
        let rewritten = format!("rewritten: the first {} entries", entries(&witnessed));
        let held = town.held();
        held.verify(Some(&later)).ok();

        // Turned back.
        older.verify(None).ok();
        older.verify(Some(&earlier)).ok();
        let told = older.verify(Some(&later)).exits(1);
        assert!(told.out.contains(&rewritten), "{database:?}: {told:?}");
        // With the newer head beside the key it does not even serve.
        let aside = office.path().join("aside");
        std::fs::copy(older.kept_head(), &aside).unwrap();
        std::fs::copy(held.kept_head(), older.kept_head()).unwrap();
        let address = free_address().unwrap();
        assert!(older.serve(address).is_err(), "{database:?}: a database that is older than its head serves");
        let told = older.verify(None).exits(1);
        assert!(told.out.contains("rewritten: the first"), "{database:?}: {told:?}");
        std::fs::copy(&aside, older.kept_head()).unwrap();

        // And goes on from there, until it is as long as what was witnessed.
        let other = older.serve(address).unwrap();
        let elsewhere = format!("http://{address}");
        for number in numbers.iter().skip(1) {
            rate_at(&elsewhere, &town, number, "bad").await;
        }
        grown_at(&elsewhere, entries(&witnessed) - 1).await;
        older.verify(None).ok();
        older.verify(Some(&earlier)).ok();
        let told = older.verify(Some(&later)).exits(1);
        assert!(told.out.contains(&rewritten), "{database:?}: {told:?}");
        drop(other);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_does_not_serve_until_somebody_answers_for_it() {
    let town = Town::on(Database::Sqlite);
    grown(&town, 1500).await;
    let held = town.held();
    held.verify(None).ok();
    let copy = held.beside("copy");
    held.run(&["backup", argument(&copy.folder)]).ok();
    let address = free_address().unwrap();
    assert!(copy.serve(address).is_err(), "a copy must not serve unnoticed");
    copy.run(&["ledger", "accept"]).ok();
    drop(copy.serve(address).unwrap());

    let key = held.run(&["ledger", "key"]).ok();
    assert!(key.out.contains("/ledger+"), "{key:?}");
}

/// Points a witness at another address, as a changed name server would.
fn turn_to(folder: &Path, url: &str) {
    let log = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path().join("log.json");
    let mut text: serde_json::Value = serde_json::from_slice(&std::fs::read(&log).unwrap()).unwrap();
    text["url"] = url.into();
    std::fs::write(&log, text.to_string()).unwrap();
}

async fn rate_at(base: &str, town: &Town, number: &str, verdict: &str) {
    let url = format!("{base}/api/v1/scans/{}/issues/{number}/ratings", town.seal());
    let said = serde_json::json!({ "verdict": verdict });
    let answer = reqwest::Client::new().post(url).json(&said).send().await.unwrap();
    assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_keeps_every_head_and_refuses_a_log_that_was_turned_back_or_rewritten() {
    for database in BOTH {
        let mut town = Town::on(database);
        let (office, png) = (town.person(), town.text("png").to_owned());
        let folder = tempfile::tempdir().unwrap();
        let kept = ["--folder", argument(folder.path())];
        let witness = |verb: &[&str]| office.run(&[&["witness"], verb, &kept].concat());
        let base = town.url("");
        grown(&town, 1500).await;

        witness(&["check"]).exits(5);
        witness(&["follow", &base]).exits(2);
        witness(&["follow", &base, "--key", "qy.example.cn/ledger+00000000+AAAA"]).exits(6);
        witness(&["follow", &base, "--yes"]).ok();
        let first = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path().join("heads");
        assert_eq!(std::fs::read_dir(&first).unwrap().count(), 1, "{database:?}");

        let numbers = rateable(&office, &png);
        let receipt = office.file("r.jws");
        let before = entries(&head(&base).await);
        office.json(&["rate", &png, "--issue", &numbers[0], "--bad", "--receipt", argument(&receipt)]);
        grown(&town, before).await;
        let begun = Instant::now();
        while witness(&["receipt", argument(&receipt)]).exit != Some(0) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{database:?}: the rating is not in the log");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        witness(&["check"]).ok();
        assert!(std::fs::read_dir(&first).unwrap().count() > 1, "{database:?}: every head is kept");

        // The holder of database and keys goes back to a copy and lives on from there.
        town.fall();
        let copy = town.held().copied("older");
        town.rise();
        let at_copy = entries(&head(&base).await);
        rate_at(&base, &town, &numbers[1], "good").await;
        grown(&town, at_copy).await;
        witness(&["check"]).ok();

        let address = free_address().unwrap();
        let _other = copy.serve(address).unwrap();
        let elsewhere = format!("http://{address}");
        turn_to(folder.path(), &elsewhere);
        let told = witness(&["check"]).exits(6);
        assert!(told.out.contains("TURNED BACK"), "{told:?}");
        // It has to outgrow what the witness saw before anybody can tell.
        for number in numbers.iter().skip(1) {
            rate_at(&elsewhere, &town, number, "bad").await;
        }
        let begun = Instant::now();
        while !witness(&["check"]).out.contains("REWRITTEN") {
            assert!(begun.elapsed() < Duration::from_mins(3), "the fork goes unnoticed");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert!(first.with_file_name("evidence").read_dir().unwrap().count() >= 2);
        turn_to(folder.path(), &base);
        witness(&["check"]).ok();
    }
}
