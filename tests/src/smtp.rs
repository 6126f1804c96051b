//! A mail server in another language than ours, with TLS and a certificate of its
//! own authority, so that what we say to mail servers is judged by somebody else.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{python, watchdog::Watchdog};

/// How the server protects its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Plain first, TLS on request.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Never.
    Plain,
}

/// A mail server that ends with the test.
#[derive(Debug)]
pub struct MailServer {
    /// Its port on this machine.
    pub port: u16,
    folder: TempDir,
    child: Child,
    watchdog: Option<Watchdog>,
}

impl MailServer {
    /// Starts one whose certificate is made out to `name`. It takes letters.
    pub fn start(protection: Protection, name: &str) -> Result<Self> {
        let python = python::with("smtp", &["aiosmtpd==1.4.6", "trustme==1.2.1"])?;
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("mode"), "take")?;
        let word = match protection {
            Protection::Starttls => "starttls",
            Protection::Tls => "tls",
            Protection::Plain => "plain",
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/smtp_server.py");
        let mut command = Command::new(python);
        command.args([script, word]).arg(folder.path()).arg(name);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let watchdog = Some(Watchdog::over(child.id(), "TERM", None)?);
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let port = line.trim().parse().context("the mail server did not start")?;
        Ok(Self { port, folder, child, watchdog })
    }

    /// The file of the authority that signed its certificate.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What it does with letters from now on: `take`, `refuse`, `hang_up`.
    pub fn mode(&self, mode: &str) -> Result<()> {
        Ok(std::fs::write(self.folder.path().join("mode"), mode)?)
    }

    /// What it saw, a line of JSON each.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        let seen = std::fs::read_to_string(self.folder.path().join("seen")).unwrap_or_default();
        seen.lines().map(ToOwned::to_owned).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
        if let Some(watchdog) = self.watchdog.take() {
            watchdog.call_off();
        }
    }
}
