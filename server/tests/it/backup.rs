//! A backup is taken while people write, and it can be served from.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use qiyema_server::{
    clock::Ids,
    command::backup::{self, Backup},
    config::Config,
    secrets::pin::PinKey,
    store::{connection::Target, issues, vault::Vault},
};
use serde_json::{Value, json};

use crate::harness::Town;

fn taken(config: &Config, folder: &Path) -> anyhow::Result<()> {
    backup::run(&Backup { folder: folder.to_owned() }, config)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_busy_server_holds_all_that_was_acknowledged_before_it() {
    let town = Town::on("sqlite");
    let picture = Vault::open(&town.shared.config.paths.data).unwrap().keep(b"a picture").unwrap();
    let list = "/api/v1/staff/enterprises?q=9133";
    let found = town.send("intake_officer", "GET", list, Value::Null).await.1;
    let issues_of =
        format!("/api/v1/staff/enterprises/{}/issues", found["enterprises"][0]["id"].as_str().unwrap());
    let issue = json!({
        "subject": "厂区道路积水", "body": "雨后积水严重", "category": "power", "channel": "hotline12345",
    });
    let mut numbers = Vec::new();
    let place = tempfile::tempdir().unwrap();
    for turn in 0..4 {
        let (status, made) = town.send("intake_officer", "POST", &issues_of, issue.clone()).await;
        assert_eq!(status, 201, "{made}");
        numbers.push(made["number"].as_str().unwrap().to_owned());
        if turn == 2 {
            taken(&town.shared.config, &place.path().join("copy")).unwrap();
        }
    }
    let copy = place.path().join("copy");
    let mut db = Target::Sqlite(copy.join("qiyema.db").display().to_string()).connect().unwrap();
    let there: Vec<bool> =
        numbers.iter().map(|number| issues::by_number(&mut db, number).unwrap().is_some()).collect();
    assert_eq!(there, [true, true, true, false]);
    assert!(Vault::open(&copy).unwrap().fetch(&picture).is_ok());
    for name in fs::read_dir(town.shared.config.paths.keys_dir()).unwrap() {
        let name = name.unwrap();
        if name.file_name() == "ledger.head" || name.file_name() == "ledger.newest" {
            // Whoever goes on from a copy answers for it: the head stays where the log went on.
            assert!(!copy.join("keys").join(name.file_name()).exists());
            continue;
        }
        let kept = fs::metadata(copy.join("keys").join(name.file_name())).unwrap();
        assert_eq!(kept.permissions().mode() & 0o077, 0, "{:?}", name.path());
    }
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o700);
    let pins = PinKey::open_or_create(&copy.join("keys"), Ids).unwrap();
    assert_eq!(pins.mark(), town.shared.trust.pin_key.mark(), "the copy prints the same PINs");

    let again = taken(&town.shared.config, &copy).unwrap_err();
    assert!(again.to_string().contains("exists"), "{again}");
    let mut elsewhere = (*town.shared.config).clone();
    elsewhere.paths.data = place.path().join("nothing");
    let nothing = taken(&elsewhere, &place.path().join("other")).unwrap_err();
    assert!(nothing.to_string().contains("paths.data"), "{nothing}");
    assert!(!place.path().join("nothing").exists() && !place.path().join("other").exists());
}
