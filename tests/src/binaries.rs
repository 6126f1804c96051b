//! The real binaries: built once a process by the cargo that runs the tests,
//! in the same profile, and servers running from them until dropped.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{OnceLock, mpsc},
    thread::{sleep, spawn},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::watchdog::Watchdog;

const START: Duration = Duration::from_mins(2);

/// Where cargo puts what it builds.
#[must_use]
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), |given| workspace().join(given))
}

/// The root of the project.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// `qiyema-server`.
pub fn server() -> Result<PathBuf> {
    built("qiyema-server")
}

/// `qiyema`.
pub fn client() -> Result<PathBuf> {
    built("qiyema")
}

fn built(name: &str) -> Result<PathBuf> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    BUILT
        .get_or_init(|| build().map_err(|error| format!("{error:#}")))
        .as_ref()
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let file = target_folder().join(profile).join(name);
    if !file.is_file() {
        bail!("cargo built no {}", file.display());
    }
    Ok(file)
}

// `--tests` makes cargo choose the same features as `cargo test --workspace`
// did, so that nothing is compiled a second time.
fn build() -> Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--workspace", "--bins", "--tests"]).current_dir(workspace());
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let answer = command.stdin(Stdio::null()).output().context("starting cargo build")?;
    if !answer.status.success() {
        bail!("cargo build failed: {}", String::from_utf8_lossy(&answer.stderr));
    }
    Ok(())
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    watchdog: Option<Watchdog>,
    /// What it printed at the start (`demo --json`), else empty.
    pub document: String,
}

impl Server {
    /// `demo --json` in `data`, on `listen` (`127.0.0.1:0` takes a free port), with settings from the environment.
    pub fn demo(data: &Path, listen: &str, settings: &[(&str, &str)]) -> Result<Self> {
        let mut command = Command::new(server()?);
        command.args(["demo", "--json", "--past", "0", "--listen", listen, "--data-dir"]).arg(data);
        command.envs(settings.iter().copied());
        let (mut server, stdout) = Self::spawn(command)?;
        let (sender, receiver) = mpsc::channel();
        spawn(move || {
            let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
            let mut document = String::new();
            while !complete(&document)
                && let Some(line) = lines.next()
            {
                let _a_string_takes_all = writeln!(document, "{line}");
            }
            let _nobody_waits_any_more = sender.send(document);
            lines.for_each(drop);
        });
        server.document = receiver.recv_timeout(START).context("demo printed no document in time")?;
        if !complete(&server.document) {
            bail!("demo ended early: {:?} after {:?}", server.child.wait(), server.document);
        }
        Ok(server)
    }

    /// `serve` on `address`, with settings from the environment; ready when it returns.
    pub fn serve(address: SocketAddr, settings: &[(&str, &str)]) -> Result<Self> {
        let mut command = Command::new(server()?);
        command.arg("serve").env("QIYEMA_HTTP_LISTEN", address.to_string()).envs(settings.iter().copied());
        Self::run(command, address)
    }

    /// Any command that serves on `address` and answers `/healthz`; ready when it returns.
    pub fn run(command: Command, address: SocketAddr) -> Result<Self> {
        let (mut server, mut stdout) = Self::spawn(command)?;
        spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let begun = Instant::now();
        while !healthy(address) {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended with {status} before it was ready");
            }
            if begun.elapsed() > START {
                bail!("the server did not answer /healthz in time");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// Its process number.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it the hard way (SIGKILL), as a power cut would.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it to stop and waits.
    pub fn stop(mut self) -> Result<std::process::ExitStatus> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        if let Some(watchdog) = self.watchdog.take() {
            watchdog.call_off();
        }
        Ok(status)
    }

    fn spawn(mut command: Command) -> Result<(Self, impl Read + Send + use<>)> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {command:?}"))?;
        let stdout = child.stdout.take().context("a piped output")?;
        let watchdog = Some(Watchdog::over(child.id(), "TERM", None)?);
        Ok((Self { child, watchdog, document: String::new() }, stdout))
    }

    fn end(&mut self) {
        let Some(watchdog) = self.watchdog.take() else { return };
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
        watchdog.call_off();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// A port that was free a moment ago.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.take(4096).read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    };
    ask().unwrap_or(false)
}

/// Whether a JSON object has been read to its last brace.
fn complete(text: &str) -> bool {
    let (mut depth, mut opened, mut in_string, mut escaped) = (0_u32, false, false, false);
    for letter in text.chars() {
        match (in_string, letter) {
            (true, _) if escaped => escaped = false,
            (true, '\\') => escaped = true,
            (true, '"') => in_string = false,
            (false, '"') => in_string = true,
            (false, '{' | '[') => (depth, opened) = (depth + 1, true),
            (false, '}' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    opened && depth == 0 && !in_string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_complete_at_its_last_brace() {
        assert!(!complete(""));
        assert!(!complete("{\n  \"a\": {\"b\": 1}\n"));
        assert!(complete("{\n  \"a\": {\"b\": 1}\n}\n"));
        assert!(!complete(r#"{"a": "}" "#));
        assert!(complete(r#"{"a": "\"}", "b": [1, {}]}"#));
    }
}
