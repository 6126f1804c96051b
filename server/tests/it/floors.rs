//! The floors of the house: a room uses lower floors only, rooms of one floor
//! do not know each other, a framework stays in its room, and no file grows
//! above 400 lines.

use std::{
    fs,
    path::{Path, PathBuf},
};

use qiyema_server::domain::ledger::Kind;

const FLOORS: [(&str, u8); 11] = [
    ("domain", 1),
    ("clock", 1),
    ("config", 1),
    ("store", 2),
    ("secrets", 2),
    ("picture", 2),
    ("courier", 2),
    ("actions", 3),
    ("web", 4),
    ("startup", 5),
    ("command", 5),
];
/// Crates that only some rooms may name.
const OWNED: [(&str, &[&str]); 7] = [
    ("diesel", &["store"]),
    ("actix_web", &["web", "startup", "command"]),
    ("argon2", &["secrets"]),
    ("qrcode", &["picture", "command"]),
    ("image", &["picture"]),
    ("reqwest", &["courier"]),
    ("lettre", &["courier"]),
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push(path);
        }
    }
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// Rooms named by `crate::room`, also inside `use crate::{a::…, b}`.
fn rooms_named(text: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut named = Vec::new();
    for (at, hit) in text.match_indices("crate::") {
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + hit.len()..];
        let Some(list) = rest.strip_prefix('{') else {
            named.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut item = String::new();
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => named.push(word(std::mem::take(&mut item).trim())),
                _ if depth == 0 => item.push(c),
                _ => {}
            }
        }
        named.push(word(item.trim()));
    }
    named.retain(|name| !name.is_empty());
    named
}

fn complaints(room: &str, text: &str) -> Vec<String> {
    let Some(own) = floor(room) else { return Vec::new() };
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for other in rooms_named(&code) {
        let Some(theirs) = floor(&other) else { continue };
        if other != room && (theirs > own || (theirs == own && own == 2)) {
            found.push(format!("{room} uses {other}"));
        }
    }
    for (krate, rooms) in OWNED {
        let path = format!("{krate}::");
        let names = code
            .match_indices(&path)
            .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
        if names && !rooms.contains(&room) {
            found.push(format!("{room} names {krate}"));
        }
    }
    found
}

#[test]
fn no_room_looks_upward_and_no_file_is_too_long() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&src, &mut paths);
    assert!(paths.len() > 10, "the house was not found");
    let mut faults = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let inside = path.strip_prefix(&src).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        faults
            .extend(complaints(room, &text).into_iter().map(|what| format!("{}: {what}", inside.display())));
        if text.lines().count() > 400 {
            faults.push(format!("{}: more than 400 lines", inside.display()));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_watchman_sees_what_it_should() {
    assert_eq!(complaints("domain", "use crate::store::Db;"), ["domain uses store"]);
    assert_eq!(complaints("store", "use crate::{clock::Clock, secrets::{a, b}};"), ["store uses secrets"]);
    assert_eq!(complaints("actions", "use diesel::prelude::*;"), ["actions names diesel"]);
    assert!(complaints("web", "use crate::{actions::scan, config::Http};\n// crate::command").is_empty());
}

/// The table that each statement of the store changes or removes rows of, as written; none, where it is named elsewhere.
fn changed_tables(text: &str) -> Vec<Option<String>> {
    let ends = |c: char| !(c.is_alphanumeric() || c == '_');
    let starts = ["diesel::update(", "diesel::delete(", "replace_into("];
    let after =
        starts.iter().flat_map(|start| text.match_indices(start).map(|(at, hit)| &text[at + hit.len()..]));
    let named = |rest: &str| {
        let (before, _) = rest.split_once("::table")?;
        let name = before.rsplit(ends).next()?;
        (before.len() - name.len() < 20).then(|| name.to_owned())
    };
    after.map(named).collect()
}

#[test]
fn the_store_has_no_function_that_changes_or_removes_what_is_in_the_log() {
    let logged: Vec<&str> = Kind::ALL.into_iter().map(Kind::table).collect();
    // Of messages, links and rows of imports, which nobody keeps for ever: they name the table elsewhere.
    let apart = ["imports.rs", "outbox.rs", "links.rs"];
    let (mut files, mut statements) = (Vec::new(), 0);
    sources(Path::new("src/store"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for table in changed_tables(&text) {
            statements += 1;
            match table {
                Some(table) => {
                    assert!(
                        !logged.contains(&&*table) && !table.starts_with("ledger_"),
                        "{}: {table}",
                        file.display()
                    );
                }
                None => assert!(
                    apart.iter().any(|name| file.ends_with(name)),
                    "{}: of which table?",
                    file.display()
                ),
            }
        }
        for word in ["UPDATE ", "DELETE FROM ", "REPLACE INTO "] {
            for (at, _) in text.match_indices(word) {
                let rest = &text[at + word.len()..];
                let table =
                    rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
                assert!(!logged.contains(&table), "{}: {word}{table}", file.display());
            }
        }
    }
    assert!(statements > 40, "{statements} were found");
    // That it can see one.
    let bad = "diesel::update(ratings::table.filter(ratings::id.eq(id)))";
    assert_eq!(changed_tables(bad), [Some("ratings".to_owned())]);
}
