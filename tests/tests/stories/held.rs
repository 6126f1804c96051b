//! What a server stands on, in the hands of whoever holds the machine: its folder
//! and its database, the server's own commands, and SQL without any guard.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use qiyema_e2e::{
    binaries::{self, Server},
    needs,
    postgres::Cluster,
};

use crate::town::{Ran, argument};

/// Statements one after another, rows as psql shows them.
const SQLITE: &str = "import sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
for statement in sys.argv[2:]:
    for row in base.execute(statement):
        print('|'.join('' if value is None else str(value) for value in row))
";

/// Folder and database of a server, which may run or not.
#[derive(Debug, Clone)]
pub struct Held {
    /// The data folder.
    pub folder: PathBuf,
    /// The database's URL, if it is not in the folder.
    pub database: Option<String>,
    /// The server's address for the world.
    pub base: String,
}

impl Held {
    /// Another folder that needs no other database, as a backup is.
    pub fn beside(&self, name: &str) -> Self {
        Self { folder: self.folder.with_file_name(name), ..self.clone() }
    }

    /// A copy of both, which knows nothing of what happens from here on. The server must not run meanwhile.
    pub fn copied(&self, name: &str) -> Self {
        let mut copy = self.beside(name);
        let done = Command::new("cp").arg("-a").args([&self.folder, &copy.folder]).status().unwrap();
        assert!(done.success());
        copy.database = self.database.as_ref().map(|url| Cluster::shared().unwrap().copy(url).unwrap());
        copy
    }

    /// Its settings, for the environment.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        let mut all = vec![
            ("QIYEMA_PATHS_DATA", argument(&self.folder)),
            ("QIYEMA_HTTP_PUBLIC_URL", self.base.as_str()),
        ];
        all.extend(self.database.iter().map(|url| ("QIYEMA_DATABASE_URL", url.as_str())));
        all
    }

    /// A command of the server's binary.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut asked = Command::new(binaries::server().unwrap());
        ran(asked.args(arguments).envs(self.settings()))
    }

    /// A server on it; or why it does not serve.
    pub fn serve(&self, address: SocketAddr) -> Result<Server, String> {
        Server::serve(address, &self.settings()).map_err(|error| format!("{error:#}"))
    }

    /// What SQL answers: a row a line, its values between bars.
    pub fn sql(&self, statements: &[&str]) -> String {
        let ran = match &self.database {
            None => {
                let mut asked = Command::new(needs::program(needs::PYTHON).unwrap());
                ran(asked.args(["-c", SQLITE]).arg(self.folder.join("qiyema.db")).args(statements))
            }
            Some(url) => {
                let mut asked = Command::new(needs::program(needs::PSQL).unwrap());
                asked.args(["-XAtq", "-v", "ON_ERROR_STOP=1"]);
                asked.args(statements.iter().flat_map(|statement| ["-c", *statement])).arg(url);
                ran(&mut asked)
            }
        };
        ran.ok().out.trim().to_owned()
    }

    /// The same past every trigger.
    pub fn as_superuser(&self, statements: &[&str]) -> String {
        let first: Vec<String> = if self.database.is_some() {
            vec!["SET session_replication_role = replica".to_owned()]
        } else {
            let names = self.sql(&["SELECT name FROM sqlite_master WHERE type = 'trigger'"]);
            names.lines().map(|name| format!("DROP TRIGGER {name}")).collect()
        };
        let all: Vec<&str> = first.iter().map(String::as_str).chain(statements.iter().copied()).collect();
        self.sql(&all)
    }

    /// The file of the head that is kept outside the database.
    pub fn kept_head(&self) -> PathBuf {
        self.folder.join("keys/ledger.head")
    }

    /// The auditor's command, with a head that somebody else kept.
    pub fn verify(&self, head: Option<&Path>) -> Ran {
        let mut arguments = vec!["ledger", "verify"];
        if let Some(head) = head {
            arguments.extend(["--checkpoint", argument(head)]);
        }
        self.run(&arguments)
    }
}

fn ran(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { exit: status.code(), out: text(stdout), err: text(stderr) }
}
