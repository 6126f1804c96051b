//! Codes on paper by command line: `code print` for some, `code issue --all --as` and
//! `code run download` for a city.

use std::process::Command;

use qiyema_e2e::needs;
use serde_json::Value;

use crate::{
    register::table,
    town::{BOTH, Person, Town, argument},
};

/// Pages of a PDF, as another program counts them.
fn pages(pdf: &std::path::Path) -> usize {
    let ran = Command::new(needs::program(needs::PDFTOTEXT).unwrap()).arg(pdf).arg("-").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap().matches('\u{c}').count()
}

fn register(issuer: &Person, rows: &[(&str, &str)]) {
    for (uscc, name) in rows {
        issuer.run(&["enterprise", "register", "--uscc", uscc, "--name", name]).ok();
        issuer.json(&["code", "issue", uscc]);
    }
}

#[test]
fn code_print_tells_what_it_would_be_and_saves_what_was_asked_for() {
    for database in BOTH {
        let town = Town::on(database);
        let issuer = town.staff("code_issuer");
        register(
            &issuer,
            &[("91350100M000100Y43", "织里😀童装厂"), ("914403001922038216", "湖州丝绸之路丝织有限公司")],
        );
        let print = |more: &[&str]| {
            let mut all = vec!["code", "print", "--trial", "--format", "a4-3x8"];
            all.extend(more);
            issuer.run(&all)
        };
        // A preview first: nothing is written, what lacks and what is named in vain is told.
        let preview = print(&["91350100M000100Y43", "914403001922038216", "NOSUCHCODE"]).ok();
        assert!(preview.out.contains("2 个企业码，1 页"), "{database:?}: {}", preview.out);
        for said in ["91350100M000100Y43", "😀", "〓", "NOSUCHCODE", "--out"] {
            assert!(preview.err.contains(said), "{database:?}: {said} is not in {}", preview.err);
        }
        let out = issuer.file("labels.pdf");
        let list = issuer.file("list.txt");
        std::fs::write(&list, "914403001922038216\n\n91350100M000100Y43\n").unwrap();
        let file = print(&["--file", argument(&list), "--out", argument(&out), "--skip", "23"]).ok();
        assert!(file.err.contains("labels.pdf"), "{database:?}: {}", file.err);
        assert_eq!(pages(&out), 2, "{database:?}: one label is left of the first sheet");
        let said = issuer.json(&["code", "print", "--trial", "--format", "plaque-a6", "--find", "sczl"]);
        assert_eq!((&said["preview"]["codes"], &said["saved"]), (&Value::from(1), &Value::Null), "{said}");

        // What cannot be is refused, and no file is left behind.
        let none = issuer.file("none.pdf");
        print(&["--find", "织里😀", "--symbol", "18", "--out", argument(&none)]).exits(1);
        print(&["--find", "没有这一家", "--out", argument(&none)]).exits(1);
        print(&["--out", argument(&none)]).exits(2);
        town.staff("dispatcher")
            .run(&["code", "print", "--trial", "--format", "a4-3x8", "--find", "织里"])
            .exits(4);
        let trial =
            issuer.run(&["code", "print", "--format", "a4-3x8", "--find", "织里", "--out", argument(&none)]);
        assert!(trial.exits(7).err.contains("public"), "{database:?}: a trial address");
        assert!(!none.exists(), "{database:?}");

        // A letter once, and again only when told so.
        let letter = |more: &[&str]| {
            let mut all =
                vec!["code", "print", "--trial", "--format", "letter-a4", "914403001922038216", "--out"];
            all.push(argument(&out));
            all.extend(more);
            issuer.run(&all)
        };
        letter(&[]).ok();
        letter(&[]).exits(7);
        issuer.run(&["enterprise", "reset-pin", "914403001922038216"]).ok();
        letter(&[]).ok();
        letter(&[]).exits(7);
        letter(&["--again"]).ok();
        assert_eq!(pages(&out), 1, "{database:?}");
    }
}

/// Enough for two files of label sheets.
const CITY: usize = 1_300;

#[test]
fn a_city_is_issued_and_printed_with_one_command() {
    let town = Town::on(BOTH[0]);
    let issuer = town.staff("code_issuer");
    let import = |rows: std::ops::Range<usize>| {
        let (file, text) = (issuer.file("城.csv"), table());
        let lines: Vec<&str> = text.lines().collect();
        std::fs::write(&file, [&lines[..1], &lines[1 + rows.start..=rows.end]].concat().join("\n")).unwrap();
        issuer.json(&["enterprise", "import", argument(&file)]);
    };
    let saved = |run: &Value| {
        let saved = std::fs::File::open(run["saved"][0].as_str().unwrap()).unwrap();
        zip::ZipArchive::new(saved).unwrap()
    };
    import(0..CITY);
    let folder = issuer.file("print");
    issuer.run(&["code", "issue", "--all", "--yes", "--as", "a4-3x8"]).exits(2);
    let all = ["code", "issue", "--all", "--yes", "--trial", "--as", "a4-3x8", "--into", argument(&folder)];
    let done = issuer.json(&all);
    assert_eq!((&done["state"], &done["issued"]), (&"done".into(), &CITY.into()), "{done}");
    assert_eq!(done["saved"].as_array().unwrap().len(), 1, "{done}");
    let mut archive = saved(&done);
    let mut sheets = 0;
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let name = file.name().unwrap().into_owned();
        if name != "manifest.csv" {
            let out = issuer.file("sheets.pdf");
            std::io::copy(&mut file, &mut std::fs::File::create(&out).unwrap()).unwrap();
            sheets += pages(&out);
        }
    }
    assert_eq!((archive.len(), sheets), (3, CITY.div_ceil(24)), "two files of whole sheets, and the list");

    // Letters: what was fetched is there; a PIN is printed again only if that is asked for.
    import(CITY..CITY + 30);
    let letters =
        ["code", "issue", "--all", "--yes", "--trial", "--as", "letter-a4", "--into", argument(&folder)];
    let done = issuer.json(&letters);
    assert_eq!((&done["issued"], saved(&done).len()), (&30.into(), 2), "{done}");
    let run = done["id"].as_str().unwrap();
    let again = |folder: &str, more: &[&str]| {
        let folder = issuer.file(folder);
        let mut all = vec!["code", "run", "download", run, argument(&folder), "--trial", "--as", "letter-a4"];
        all.extend(more);
        saved(&issuer.json(&all)).len()
    };
    assert_eq!(again("print", &[]), 2, "it is there");
    assert_eq!(again("second", &[]), 1, "all of them were printed: the list alone");
    assert_eq!(again("third", &["--again"]), 2);
}
