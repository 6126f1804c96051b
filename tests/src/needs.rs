//! Finds programs. As root on Debian a missing one is installed by its package
//! name; anywhere else the error names what to install. One lock file keeps
//! several test binaries from running apt at once.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// A program, and the Debian packages that bring it.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Its file name.
    pub program: &'static str,
    /// What to install when it is missing.
    pub packages: &'static [&'static str],
}

/// Creates clusters.
pub const INITDB: Need = Need { program: "initdb", packages: &["postgresql"] };
/// The database server.
pub const POSTGRES: Need = Need { program: "postgres", packages: &["postgresql"] };
/// Speaks SQL to it.
pub const PSQL: Need = Need { program: "psql", packages: &["postgresql-client"] };
/// The browser.
pub const CHROMIUM: Need = Need { program: "chromium", packages: &["chromium"] };
/// Steers the browser.
pub const CHROMEDRIVER: Need = Need { program: "chromedriver", packages: &["chromium-driver"] };
/// Lists fonts.
pub const FC_LIST: Need = Need { program: "fc-list", packages: &["fontconfig"] };
/// Sends many requests.
pub const WRK: Need = Need { program: "wrk", packages: &["wrk"] };
/// Turns pages of a PDF into pictures, as a printer does.
pub const PDFTOPPM: Need = Need { program: "pdftoppm", packages: &["poppler-utils"] };
/// Takes the text out of a PDF.
pub const PDFTOTEXT: Need = Need { program: "pdftotext", packages: &["poppler-utils"] };
/// Reads QR codes; an independent yardstick.
pub const ZBARIMG: Need = Need { program: "zbarimg", packages: &["zbar-tools"] };
/// Runs checks written in another language.
pub const PYTHON: Need = Need { program: "python3", packages: &["python3", "python3-venv"] };

/// The program's path; installs it, or says what to install.
pub fn program(need: Need) -> Result<PathBuf> {
    if let Some(found) = find(need.program) {
        return Ok(found);
    }
    let _one_at_a_time = lock("apt")?;
    if find(need.program).is_none() {
        install(need.packages)?;
    }
    find(need.program).with_context(|| {
        format!(
            "`{}` is needed and was not found, even after installing {}",
            need.program,
            need.packages.join(" ")
        )
    })
}

/// A font with Chinese glyphs: without one the browser draws boxes.
pub fn chinese_font() -> Result<()> {
    let fc_list = program(FC_LIST)?;
    let has_one = || -> Result<bool> {
        Ok(!Command::new(&fc_list).arg(":lang=zh-cn").output().context("fc-list")?.stdout.is_empty())
    };
    if has_one()? {
        return Ok(());
    }
    let _one_at_a_time = lock("apt")?;
    if !has_one()? {
        install(&["fonts-noto-cjk"])?;
    }
    if !has_one()? {
        bail!("a Chinese font is needed: install fonts-noto-cjk");
    }
    Ok(())
}

/// Installs Debian packages, or says what to install.
pub fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    let sentence = format!("this test needs {names}; on Debian: sudo apt-get install {names}");
    if !is_root() || find("apt-get").is_none() {
        bail!(sentence);
    }
    apt(&["update", "-q"]).with_context(|| sentence.clone())?;
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend_from_slice(packages);
    apt(&arguments).context(sentence)
}

/// Held until dropped; across processes.
pub fn lock(name: &str) -> Result<File> {
    let path = std::env::temp_dir().join(format!("qiyema-rig-{name}.lock"));
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))?;
    file.lock().with_context(|| format!("locking {}", path.display()))?;
    Ok(file)
}

/// Whether this process may install packages and must hand databases to another user.
#[must_use]
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|answer| answer.stdout.trim_ascii() == b"0")
}

/// Looks in PATH, then where Debian hides PostgreSQL's programs.
#[must_use]
pub fn find(name: &str) -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
    });
    on_path.or_else(|| newest_postgres(Path::new("/usr/lib/postgresql"), name))
}

fn newest_postgres(root: &Path, name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir(root).ok()?.filter_map(Result::ok);
    let numbered = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let file = version.path().join("bin").join(name);
        file.is_file().then_some((number, file))
    });
    numbered.max_by_key(|(number, _)| *number).map(|(_, file)| file)
}

fn apt(arguments: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("starting apt-get")?;
    if !status.success() {
        bail!("apt-get {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_postgresql_wins_by_number_not_by_spelling() {
        let root = tempfile::tempdir().unwrap();
        for version in ["9", "15", "13", "contrib"] {
            let bin = root.path().join(version).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            std::fs::write(bin.join("initdb"), "").unwrap();
        }
        assert_eq!(newest_postgres(root.path(), "initdb"), Some(root.path().join("15/bin/initdb")));
        assert_eq!(newest_postgres(root.path(), "psql"), None);
    }

    #[test]
    fn what_cannot_be_installed_is_named() {
        let need = Need { program: "qiyema-no-such-program", packages: &["qiyema-no-such-package"] };
        let error = format!("{:#}", program(need).unwrap_err());
        assert!(error.contains("apt-get install qiyema-no-such-package"), "{error}");
    }
}
