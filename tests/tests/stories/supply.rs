//! What is in the tree: licences, banned crates and sources, as `.deny.toml`
//! says. cargo-deny reads the same file; this test needs no tool of its own.

use std::process::Command;

use qiyema_e2e::binaries::workspace;
use serde_json::Value;

struct Tree {
    packages: Vec<Value>,
    rules: toml::Table,
}

impl Tree {
    fn read() -> Self {
        let rules: toml::Table =
            std::fs::read_to_string(workspace().join(".deny.toml")).unwrap().parse().unwrap();
        let mut command = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
        command.args(["metadata", "--format-version=1", "--locked"]).current_dir(workspace());
        for target in rules["graph"]["targets"].as_array().unwrap() {
            command.args(["--filter-platform", target.as_str().unwrap()]);
        }
        let answer = command.output().unwrap();
        assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
        let document: Value = serde_json::from_slice(&answer.stdout).unwrap();
        Self { packages: document["packages"].as_array().unwrap().clone(), rules }
    }

    fn list(&self, section: &str, key: &str) -> Vec<String> {
        let values = self.rules[section][key].as_array().unwrap();
        values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn every_licence_is_permissive() {
    let tree = Tree::read();
    let allowed = tree.list("licenses", "allow");
    let refused: Vec<String> = tree
        .packages
        .iter()
        .filter_map(|package| {
            let licence = package["license"].as_str().unwrap_or("");
            (!permitted(licence, &allowed))
                .then(|| format!("{} {}: {licence:?}", package["name"], package["version"]))
        })
        .collect();
    assert!(tree.packages.len() > 100);
    assert_eq!(refused, [""; 0]);
}

#[test]
fn no_banned_crate_is_in_the_tree() {
    let tree = Tree::read();
    let mut found = Vec::new();
    for ban in tree.rules["bans"]["deny"].as_array().unwrap() {
        let (name, below) = match ban["crate"].as_str().unwrap().split_once("@<") {
            Some((name, below)) => (name, Some(below)),
            None => (ban["crate"].as_str().unwrap(), None),
        };
        found.extend(tree.packages.iter().filter_map(|package| {
            let version = package["version"].as_str().unwrap();
            let hit = package["name"] == name && below.is_none_or(|below| numbers(version) < numbers(below));
            hit.then(|| format!("{name} {version}: {}", ban["reason"]))
        }));
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn every_crate_comes_from_the_registry_or_from_here() {
    let tree = Tree::read();
    let allowed: Vec<String> =
        tree.list("sources", "allow-registry").iter().map(|url| format!("registry+{url}")).collect();
    let strange: Vec<&Value> = tree
        .packages
        .iter()
        .map(|package| &package["source"])
        .filter(|source| source.as_str().is_some_and(|source| !allowed.iter().any(|known| known == source)))
        .collect();
    assert_eq!(strange, [&Value::Null; 0]);
}

#[test]
fn a_licence_expression_is_read_as_spdx_reads_it() {
    let allowed = ["MIT", "ISC"].map(str::to_owned);
    for good in
        ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(MIT OR GPL-3.0) AND ISC", "MIT OR GPL-3.0 AND GPL-2.0"]
    {
        assert!(permitted(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR AGPL-3.0) AND MIT", "MIT WITH Some-exception"]
    {
        assert!(!permitted(bad, &allowed), "{bad}");
    }
}

/// `OR` binds weaker than `AND`; a licence with an exception is another licence.
fn permitted(expression: &str, allowed: &[String]) -> bool {
    let spaced =
        expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ").replace(" WITH ", "-WITH-");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let verdict = any_of(&words, &mut at, allowed);
    verdict && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut verdict = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        verdict |= all_of(words, at, allowed);
    }
    verdict
}

fn all_of(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut verdict = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        verdict &= one(words, at, allowed);
    }
    verdict
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word != "(" {
        return allowed.iter().any(|licence| licence == word);
    }
    let verdict = any_of(words, at, allowed);
    let closed = words.get(*at) == Some(&")");
    *at += 1;
    verdict && closed
}

fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}
