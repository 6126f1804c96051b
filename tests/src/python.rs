//! Python checks run in an environment of their own under `target/`, with the
//! packages a test names; nothing is installed into the system's Python.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{binaries, needs};

/// The interpreter of an environment called `name` that holds `packages` (`name==version`, or a flag of pip).
pub fn with(name: &str, packages: &[&str]) -> Result<PathBuf> {
    let folder = binaries::target_folder().join("rig").join(format!("python-{name}"));
    let python = folder.join("bin/python");
    let stamp = folder.join("installed");
    let wanted = packages.join("\n");
    let complete = || std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) && python.is_file();
    if complete() {
        return Ok(python);
    }
    let _one_at_a_time = needs::lock("python")?;
    if complete() {
        return Ok(python);
    }
    let system = needs::program(needs::PYTHON)?;
    let make = || run(Command::new(&system).args(["-m", "venv", "--clear"]).arg(&folder));
    if make().is_err() {
        // Debian ships python3 without what `venv` needs.
        needs::install(&["python3-venv"])?;
        make()?;
    }
    if !packages.is_empty() {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
        run(Command::new(&python).args(pip).args(packages))?;
    }
    std::fs::write(&stamp, wanted)?;
    Ok(python)
}

/// Compares figures with a recount from the raw tables (`tests/verify_figures.py`, which says what `ask` holds); gives
/// what it said, whether or not anything differs.
pub fn recount_figures(ask: &Path) -> Result<String> {
    let python = with("figures", &["psycopg[binary]==3.3.9"])?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify_figures.py");
    let answer = Command::new(python).arg("-B").arg(script).arg(ask).stdin(Stdio::null()).output()?;
    let said = String::from_utf8(answer.stdout)?;
    if said.is_empty() {
        bail!("the recount failed: {}", String::from_utf8_lossy(&answer.stderr));
    }
    Ok(said)
}

fn run(command: &mut Command) -> Result<()> {
    let answer = command.stdin(Stdio::null()).output().with_context(|| format!("starting {command:?}"))?;
    if !answer.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&answer.stderr));
    }
    Ok(())
}
