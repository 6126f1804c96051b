//! Throw-away PostgreSQL: one cluster a process, in a temporary folder, reached
//! by a Unix socket in it (no port to collide on, nobody else can connect), and
//! a fresh database for whoever asks. `QIYEMA_TEST_POSTGRES` (the URL of a
//! database in which databases may be created) takes its place.

use std::{
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{needs, watchdog::Watchdog};

/// `nobody` and `nogroup` on Debian: initdb refuses root.
const NOBODY: u32 = 65534;
const USER: &str = "qiyema";

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    base: Base,
    made: AtomicU32,
    running: Option<(Child, Watchdog)>,
}

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production: for measuring.
    Durable,
    /// Fast: a test's database dies with the test anyway.
    Fast,
}

#[derive(Debug)]
enum Base {
    Given(String),
    Socket(PathBuf),
}

impl Cluster {
    /// This process's cluster; started at the first call.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Self::given_or_new().map_err(|error| format!("{error:#}")));
        shared.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
    }

    /// A cluster of one's own; ends when dropped.
    pub fn start(durability: Durability) -> Result<Self> {
        let initdb = needs::program(needs::INITDB)?;
        let postgres = needs::program(needs::POSTGRES)?;
        let folder = tempfile::Builder::new().prefix("qiyema-pg-").tempdir()?.keep();
        if needs::is_root() {
            chown(&folder, Some(NOBODY), Some(NOBODY))?;
        }
        let data = folder.join("data");
        let making = unprivileged(&initdb)
            .args([
                "--auth=trust",
                "--username",
                USER,
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("starting initdb")?;
        let watchdog = Watchdog::over(making.id(), "TERM", Some(&folder))?;
        let made = making.wait_with_output()?;
        watchdog.call_off();
        if !made.status.success() {
            std::fs::remove_dir_all(&folder)?;
            bail!("initdb failed: {}", String::from_utf8_lossy(&made.stderr));
        }
        let mut command = unprivileged(&postgres);
        // Servers that tests run inside their own process keep their connections until it ends.
        command.arg("-D").arg(&data).arg("-k").arg(&folder).args(["-c", "listen_addresses=", "-N", "1000"]);
        if durability == Durability::Fast {
            command.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        let log = std::fs::File::create(folder.join("log"))?;
        let child =
            command.current_dir(&folder).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        // INT is PostgreSQL's fast shutdown: it frees its shared memory.
        let watchdog = Watchdog::over(child.id(), "INT", Some(&folder))?;
        let cluster = Self {
            base: Base::Socket(folder.clone()),
            made: AtomicU32::new(0),
            running: Some((child, watchdog)),
        };
        cluster.wait_until_ready(&folder.join("log"))?;
        Ok(cluster)
    }

    /// The URL of a new, empty database.
    pub fn fresh(&self) -> Result<String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("qiyema_test_{}_{number}", std::process::id());
        self.psql(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"))?;
        Ok(self.url(&name))
    }

    /// The URL of a copy of a database that [`fresh`](Self::fresh) gave and nobody uses any more.
    pub fn copy(&self, of: &str) -> Result<String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let name = format!("qiyema_test_{}_{number}", std::process::id());
        let of = of.rsplit('/').next().and_then(|rest| rest.split('?').next()).context("a database's URL")?;
        // Whoever filled it may still be hanging up.
        self.psql(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{of}'"))?;
        self.psql(&format!("CREATE DATABASE {name} TEMPLATE {of}"))?;
        Ok(self.url(&name))
    }

    fn given_or_new() -> Result<Self> {
        match std::env::var("QIYEMA_TEST_POSTGRES") {
            Ok(url) => Ok(Self { base: Base::Given(url), made: AtomicU32::new(0), running: None }),
            Err(_) => Self::start(Durability::Fast),
        }
    }

    fn url(&self, database: &str) -> String {
        match &self.base {
            Base::Socket(folder) => format!("postgres://{USER}@/{database}?host={}", percent(folder)),
            Base::Given(url) => with_database(url, database),
        }
    }

    fn psql(&self, sql: &str) -> Result<()> {
        let url = match &self.base {
            Base::Given(url) => url.clone(),
            Base::Socket(_) => self.url("postgres"),
        };
        let answer = Command::new(needs::program(needs::PSQL)?)
            .args(["--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1", "-c", sql, &url])
            .stdin(Stdio::null())
            .output()
            .context("starting psql")?;
        if !answer.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&answer.stderr));
        }
        Ok(())
    }

    fn wait_until_ready(&self, log: &Path) -> Result<()> {
        let begun = Instant::now();
        while let Err(error) = self.psql("SELECT 1") {
            if begun.elapsed() > Duration::from_mins(1) {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                return Err(error.context(format!("PostgreSQL did not start: {said}")));
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Some((mut child, watchdog)) = self.running.take() else { return };
        let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        if stopped.is_ok_and(|status| status.success()) && child.wait().is_ok() {
            watchdog.call_off();
            if let Base::Socket(folder) = &self.base {
                let _leftover_is_in_the_temporary_folder = std::fs::remove_dir_all(folder);
            }
        }
    }
}

fn unprivileged(program: &Path) -> Command {
    if !needs::is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}"), "--clear-groups".to_owned()]);
    command.arg(program);
    command
}

fn percent(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('/', "%2F").replace(' ', "%20")
}

/// Puts another database into a URL, keeping host and options.
fn with_database(url: &str, database: &str) -> String {
    let (before_options, options) =
        url.split_once('?').map_or((url, None), |(url, options)| (url, Some(options)));
    let host_begins = before_options.find("://").map_or(0, |at| at + 3);
    let host_ends = before_options
        .char_indices()
        .find(|(at, letter)| *at >= host_begins && *letter == '/')
        .map_or(before_options.len(), |(at, _)| at);
    let host = before_options.get(..host_ends).unwrap_or(before_options);
    options.map_or_else(|| format!("{host}/{database}"), |options| format!("{host}/{database}?{options}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_in_a_given_url() {
        assert_eq!(
            with_database("postgres://u:p@h:5433/old?sslmode=require", "new"),
            "postgres://u:p@h:5433/new?sslmode=require"
        );
        assert_eq!(with_database("postgres://u@h", "new"), "postgres://u@h/new");
        assert_eq!(with_database("postgres:///old?host=%2Ftmp", "new"), "postgres:///new?host=%2Ftmp");
    }

    #[test]
    fn a_cluster_starts_answers_and_leaves_nothing_behind() {
        let cluster = Cluster::start(Durability::Fast).unwrap();
        let (first, second) = (cluster.fresh().unwrap(), cluster.fresh().unwrap());
        assert_ne!(first, second);
        let asked = Command::new(needs::program(needs::PSQL).unwrap())
            .args(["-XAtc", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", &first])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&asked.stdout).trim(), "0", "{asked:?}");
        let Base::Socket(folder) = &cluster.base else { panic!("own cluster") };
        let folder = folder.clone();
        drop(cluster);
        assert!(!folder.exists());
    }
}
