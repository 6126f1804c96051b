//! Codes for a whole city by command line: the server is killed in the middle and the
//! run goes on; nobody gets two codes and nobody none, and the files are all there.

use std::{collections::BTreeSet, thread::sleep, time::Duration};

use serde_json::Value;

use crate::{
    register::{ROWS, table},
    town::{BOTH, Person, Town, argument},
};

#[test]
fn a_killed_server_goes_on_with_a_run_and_serves_each_enterprise_once() {
    for database in BOTH {
        let mut town = Town::on(database);
        let issuer = town.staff("code_issuer");
        let file = issuer.file("城.csv");
        std::fs::write(&file, table()).unwrap();
        issuer.json(&["enterprise", "import", argument(&file)]);
        issuer.run(&["--json", "code", "issue", "--all"]).exits(2);

        let watcher = town.staff("code_issuer");
        let killed = std::thread::scope(|scope| {
            let client =
                scope.spawn(|| issuer.json(&["code", "issue", "--all", "--division", "330005", "--yes"]));
            let mut so_far = 0;
            while so_far < 200 {
                sleep(Duration::from_millis(30));
                so_far = newest(&watcher)["issued"].as_u64().unwrap_or(0);
                assert!(so_far < count(ROWS), "{database:?}: over before it could be killed");
            }
            town.fall_and_rise();
            // The client waits for the server and watches on.
            let done = client.join().unwrap();
            assert_eq!((&done["state"], &done["issued"]), (&"done".into(), &ROWS.into()), "{done}");
            so_far
        });
        let left = issuer.json(&["code", "issue", "--all", "--yes"]);
        assert_eq!(left["count"], Value::from(0), "{database:?}: nobody is left out, killed at {killed}");

        let run = newest(&issuer);
        let folder = issuer.file("print");
        let arguments =
            ["code", "run", "download", run["id"].as_str().unwrap(), argument(&folder), "--trial"];
        let saved = issuer.json(&arguments);
        let saved: Vec<&str> =
            saved["saved"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(saved.len(), 1, "{database:?}");
        let mut archive = zip::ZipArchive::new(std::fs::File::open(saved[0]).unwrap()).unwrap();
        assert_eq!(archive.len(), ROWS + 1, "{database:?}: a file each, and the table");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("manifest.csv").unwrap(), &mut text).unwrap();
        let column = |line: &str, n: usize| line.split(',').nth(n).unwrap().to_owned();
        let usccs: BTreeSet<String> = text.lines().skip(1).map(|line| column(line, 1)).collect();
        let codes: BTreeSet<String> = text.lines().skip(1).map(|line| column(line, 2)).collect();
        assert_eq!((usccs.len(), codes.len()), (ROWS, ROWS), "{database:?}: each enterprise once");
        // What was saved whole is not fetched again.
        let before = std::fs::metadata(saved[0]).unwrap().modified().unwrap();
        issuer.json(&arguments);
        assert_eq!(std::fs::metadata(saved[0]).unwrap().modified().unwrap(), before, "{database:?}");
    }
}

fn newest(issuer: &Person) -> Value {
    issuer.json(&["code", "run", "list"])["runs"][0].clone()
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap()
}
