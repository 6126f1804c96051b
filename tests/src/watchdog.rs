//! A test that is killed drops nothing. So each long-lived child gets a small
//! shell that waits for the end of a pipe from this process: whatever ends the
//! process closes the pipe, and the shell then ends the child and its folder.

use std::{
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};

/// Ends one child when this process ends, unless called off first.
#[derive(Debug)]
pub struct Watchdog(Child);

// Waits up to ten seconds for the child to leave by itself before it forces it.
const SCRIPT: &str = r#"
IFS= read -r word
[ "$word" = off ] && exit 0
kill -"$2" "$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || break; sleep 1; done
kill -KILL "$1" 2>/dev/null
[ -n "$3" ] && rm -rf -- "$3"
exit 0
"#;

impl Watchdog {
    /// Watches over `pid`: `signal` first, KILL later, then the folder is removed.
    pub fn over(pid: u32, signal: &str, folder: Option<&Path>) -> Result<Self> {
        let child = Command::new("sh")
            .args(["-c", SCRIPT, "watchdog", &pid.to_string(), signal])
            .arg(folder.unwrap_or_else(|| Path::new("")))
            // A group of its own: Ctrl-C at the terminal must not end the watchdog first.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the watchdog's shell")?;
        Ok(Self(child))
    }

    /// The child is gone already; its number may belong to somebody else by now.
    pub fn call_off(mut self) {
        if let Some(mut pipe) = self.0.stdin.take() {
            let _closed_means_gone = pipe.write_all(b"off\n");
        }
        let _reaped = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_ends_the_child_and_its_folder() {
        let folder = tempfile::tempdir().unwrap().keep();
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        let mut watchdog = Watchdog::over(child.id(), "TERM", Some(&folder)).unwrap();
        drop(watchdog.0.stdin.take());
        assert!(!child.wait().unwrap().success());
        assert!(watchdog.0.wait().unwrap().success());
        assert!(!folder.exists());
    }

    #[test]
    fn called_off_it_touches_nothing() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        Watchdog::over(child.id(), "TERM", None).unwrap().call_off();
        assert!(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
