//! A town: a seeded server, and people with the command-line client.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use qiyema_e2e::{
    binaries::{self, Server},
    postgres::Cluster,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::held::Held;

/// Which database the server stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

pub const BOTH: [Database; 2] = [Database::Sqlite, Database::Postgres];

/// A running demo.
pub struct Town {
    server: Option<Server>,
    document: Value,
    folder: TempDir,
    database: Option<String>,
}

impl Town {
    pub fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Cluster::shared().unwrap().fresh().unwrap()),
        };
        let settings: Vec<(&str, &str)> =
            url.iter().map(|url| ("QIYEMA_DATABASE_URL", url.as_str())).collect();
        let server = Server::demo(&folder.path().join("data"), "127.0.0.1:0", &settings).unwrap();
        let document = serde_json::from_str(&server.document).unwrap();
        Self { server: Some(server), document, folder, database: url }
    }

    /// Kills the server as a power cut would, and serves the same data at the same address again.
    pub fn fall_and_rise(&mut self) {
        self.fall();
        self.rise();
    }

    /// Kills the server as a power cut would.
    pub fn fall(&mut self) {
        self.server.take().unwrap().kill();
    }

    /// Serves the same data at the same address again.
    pub fn rise(&mut self) {
        let held = self.held();
        let address = held.base.trim_start_matches("http://").parse().unwrap();
        self.server = Some(held.serve(address).unwrap());
    }

    /// What the server stands on.
    pub fn held(&self) -> Held {
        Held { folder: self.data(), database: self.database.clone(), base: self.url("") }
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn text(&self, key: &str) -> &str {
        self.document[key].as_str().unwrap_or_else(|| panic!("{key} in {}", self.document))
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text("base_url").trim_end_matches('/'))
    }

    /// The last part of the code's text: what routes take.
    pub fn seal(&self) -> &str {
        self.text("seal_text").rsplit('/').next().unwrap()
    }

    /// A person whose client trusts this town's keys.
    pub fn person(&self) -> Person {
        let person = Person { home: tempfile::tempdir().unwrap(), base: self.text("base_url").to_owned() };
        person.run(&["keys", "trust", &person.base, "--yes"]).ok();
        person
    }

    /// A person of the staff, signed in. A role the demo lists.
    pub fn staff(&self, role: &str) -> Person {
        let (name, password) = self.account(role);
        self.signed_in(name, password)
    }

    /// User name and password of somebody of this role.
    pub fn account(&self, role: &str) -> (&str, &str) {
        let all = self.document["staff"].as_array().unwrap();
        let found = all.iter().find(|one| one["role"] == role).unwrap_or_else(|| panic!("{role} in {all:?}"));
        (found["username"].as_str().unwrap(), found["password"].as_str().unwrap())
    }

    pub fn signed_in(&self, username: &str, password: &str) -> Person {
        let person = self.person();
        let arguments = ["login", "--server", &person.base, "--username", username, "--password-stdin"];
        person.feed(&arguments, password.as_bytes()).ok();
        person
    }
}

/// Somebody with the client and a home of their own.
pub struct Person {
    home: TempDir,
    base: String,
}

/// How the client ended.
#[derive(Debug)]
pub struct Ran {
    pub exit: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Person {
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.feed(arguments, b"")
    }

    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        let mut with_json = arguments.to_vec();
        with_json.push("--json");
        let ran = self.run(&with_json).ok();
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {arguments:?}: {}", ran.out))
    }

    pub fn feed(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = Command::new(binaries::client().unwrap())
            .args(arguments)
            .env("QIYEMA_CONFIG_DIR", self.home.path())
            .env("LANG", "zh_CN.UTF-8")
            .env_remove("QIYEMA_SERVER")
            .env_remove("QIYEMA_TOKEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A client that refuses early reads no input; that is no failure of the story.
        let _closed = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        Ran {
            exit: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

impl Ran {
    #[track_caller]
    pub fn ok(self) -> Self {
        self.exits(0)
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.exit, Some(code), "out: {}\nerr: {}", self.out, self.err);
        self
    }
}

/// A path as an argument.
pub fn argument(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Numbers of the closed issues that can be rated, over all pages.
pub fn rateable(person: &Person, png: &str) -> Vec<String> {
    let mut found = Vec::new();
    for page in 1.. {
        let board = person.json(&["scan", png, "--page", &page.to_string()]);
        let cards = board["issues"].as_array().unwrap();
        let open = cards.iter().filter(|card| {
            card["closure"]["rateable"] == true
                && card["closure"]["unverified_verdict"].is_null()
                && card["closure"]["owner_verdict"].is_null()
        });
        found.extend(open.map(|card| card["number"].as_str().unwrap().to_owned()));
        if Some(page) >= board["pages"].as_u64() {
            return found;
        }
    }
    found
}
