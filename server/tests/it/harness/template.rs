//! Towns are alike at their beginning: one is filled, and the next ones are
//! copies of its database and its folder. Filling one takes seconds in a debug
//! build, which was most of what the tests took.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::TimeDelta;
use qiyema_e2e::postgres::Cluster;
use qiyema_server::{
    clock::{Clock, Timestamp},
    command::seed::demo::{self, Seeded},
};

use super::assemble_with;

/// A town may begin so long after its template was filled: what is due today is still due today.
const FRESH: TimeDelta = TimeDelta::seconds(90);
/// Settings of these sections are not seen by what fills a town.
const UNSEEN: [&str; 6] = ["http.", "limits.", "webhooks.", "mail.", "delivery.", "jobs."];

/// A filled town that nobody uses.
pub(super) struct Template {
    database: String,
    past: usize,
    at: Timestamp,
    seeded: Seeded,
    folder: tempfile::TempDir,
    /// The name of its database on PostgreSQL.
    url: Option<String>,
}

/// Those that were made for the present.
static MADE: Mutex<Vec<Arc<Template>>> = Mutex::new(Vec::new());

/// One for a town of these settings; nothing for settings that change what fills it.
pub(super) fn of(
    database: &str,
    settings: &[(&str, &str)],
    clock: &Clock,
    past: usize,
) -> Option<Arc<Template>> {
    if !settings.iter().all(|(key, _)| UNSEEN.iter().any(|section| key.starts_with(section))) {
        return None;
    }
    let at = clock.now();
    // Whoever needs the same one waits for it.
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let fits = |one: &&Arc<Template>| {
        one.database == database && one.past == past && one.at <= at && at - one.at <= FRESH
    };
    if let Some(known) = made.iter().find(fits) {
        return Some(Arc::clone(known));
    }
    let new = Arc::new(fill(database, clock, at, past));
    // Clocks of the tests stand anywhere; a few places are enough to meet them again.
    if made.len() > 16 {
        made.remove(0);
    }
    made.push(Arc::clone(&new));
    Some(new)
}

fn fill(database: &str, clock: &Clock, at: Timestamp, past: usize) -> Template {
    let url = (database == "postgres").then(|| Cluster::shared().unwrap().fresh().unwrap());
    let (shared, listener, folder) = assemble_with(&[], url.clone(), clock, None);
    drop(listener);
    let seeded = demo::fill_with(&shared, at, past).unwrap();
    drop(shared);
    let keys = folder.path().join("data/keys");
    // Each town has a log of its own: its name is the address.
    for file in ["ledger.key", "ledger.head"] {
        std::fs::remove_file(keys.join(file)).unwrap();
    }
    Template { database: database.to_owned(), past, at, seeded, folder, url }
}

impl Template {
    /// What the demo printed.
    pub(super) fn seeded(&self) -> Seeded {
        self.seeded.clone()
    }

    /// A database like it, on PostgreSQL.
    pub(super) fn database(&self) -> Option<String> {
        self.url.as_ref().map(|url| Cluster::shared().unwrap().copy(url).unwrap())
    }

    /// Puts its folder there.
    pub(super) fn copy(&self, to: &Path) {
        copy(&self.folder.path().join("data"), to);
    }
}

fn copy(from: &Path, to: &Path) {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt};
    let mode = std::fs::metadata(from).unwrap().mode();
    std::fs::DirBuilder::new().mode(mode & 0o777).create(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (name, kind) = (entry.file_name(), entry.file_type().unwrap());
        if kind.is_dir() {
            copy(&entry.path(), &to.join(&name));
        } else if !name.to_string_lossy().ends_with("-shm") {
            // Rights of files are copied as well.
            std::fs::copy(entry.path(), to.join(&name)).unwrap();
        }
    }
}
