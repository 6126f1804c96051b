//! The log as another office sees it: followed from outside by a program that is
//! not ours, compared with the database by the auditor's command, and missed when
//! somebody starts from an older copy.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use qiyema_e2e::{
    binaries::{self, Server, free_address, workspace},
    python,
};

use crate::town::{BOTH, Database, Town, argument, rateable};

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

async fn head(town: &Town) -> String {
    reqwest::get(town.url("/ledger/checkpoint")).await.unwrap().text().await.unwrap()
}

fn entries(head: &str) -> u64 {
    head.lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or(0)
}

/// Waits until the log has more entries than this.
async fn grown(town: &Town, than: u64) -> String {
    let begun = Instant::now();
    loop {
        let now = head(town).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_finds_what_was_altered_and_an_older_copy_does_not_serve_unnoticed() {
    let town = Town::on(Database::Sqlite);
    let data = town.data();
    grown(&town, 1500).await;
    let base = town.url("");
    let program = binaries::server().unwrap();
    let run = |arguments: &[&str], data: &Path| {
        let mut asked = Command::new(&program);
        asked.args(arguments).env("QIYEMA_PATHS_DATA", data).env("QIYEMA_HTTP_PUBLIC_URL", &base);
        asked.stdin(Stdio::null()).output().unwrap()
    };
    let sound = run(&["ledger", "verify"], &data);
    assert!(sound.status.success(), "{}", said(&sound));

    let copy = data.with_file_name("copy");
    let copied = run(&["backup", copy.to_str().unwrap()], &data);
    assert!(copied.status.success(), "{}", said(&copied));
    let address = free_address().unwrap();
    let settings = [("QIYEMA_PATHS_DATA", copy.to_str().unwrap()), ("QIYEMA_HTTP_PUBLIC_URL", base.as_str())];
    let refused = Server::serve(address, &settings).err().map(|error| format!("{error:#}"));
    assert!(refused.is_some(), "a copy must not serve unnoticed");
    let accepted = run(&["ledger", "accept"], &copy);
    assert!(accepted.status.success(), "{}", said(&accepted));
    drop(Server::serve(address, &settings).unwrap());

    let key = run(&["ledger", "key"], &data);
    assert!(said(&key).contains("/ledger+"), "{}", said(&key));
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
        let town = Town::on(database);
        let (office, png, folder) = (town.person(), town.text("png"), tempfile::tempdir().unwrap());
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

        let numbers = rateable(&office, png);
        let receipt = office.file("r.jws");
        let before = entries(&head(&town).await);
        office.json(&["rate", png, "--issue", &numbers[0], "--bad", "--receipt", argument(&receipt)]);
        grown(&town, before).await;
        let begun = Instant::now();
        while witness(&["receipt", argument(&receipt)]).exit != Some(0) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{database:?}: the rating is not in the log");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        witness(&["check"]).ok();
        assert!(std::fs::read_dir(&first).unwrap().count() > 1, "{database:?}: every head is kept");
        if matches!(database, Database::Postgres) {
            continue;
        }

        // The holder of database and keys goes back to a copy and lives on from there.
        let data = town.data();
        let copy = data.with_file_name("older");
        let run = |arguments: &[&str], data: &Path| {
            let mut asked = Command::new(binaries::server().unwrap());
            asked.args(arguments).env("QIYEMA_PATHS_DATA", data).env("QIYEMA_HTTP_PUBLIC_URL", &base);
            let done = asked.stdin(Stdio::null()).output().unwrap();
            assert!(done.status.success(), "{}", said(&done));
        };
        run(&["backup", copy.to_str().unwrap()], &data);
        run(&["ledger", "accept"], &copy);
        let at_copy = entries(&head(&town).await);
        rate_at(&base, &town, &numbers[1], "good").await;
        grown(&town, at_copy).await;
        witness(&["check"]).ok();

        let address = free_address().unwrap();
        let settings =
            [("QIYEMA_PATHS_DATA", copy.to_str().unwrap()), ("QIYEMA_HTTP_PUBLIC_URL", base.as_str())];
        let _other = Server::serve(address, &settings).unwrap();
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
