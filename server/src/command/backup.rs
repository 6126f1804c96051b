//! `backup`: a folder that can be served from, taken while the server runs.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use secrecy::ExposeSecret;

use crate::{
    config::Config,
    secrets::files,
    store::{backup, connection::Target},
};

/// Where to.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  qiyema-server backup /srv/backup/2026-11-25\n\
    Restore: stop the server and serve from the copy, or put it where the data folder was:\n  \
    QIYEMA_PATHS_DATA=/srv/backup/2026-11-25 qiyema-server serve")]
pub struct Backup {
    /// 新文件夹 · A folder that does not exist yet; it will hold the signing keys: keep it as safe as them.
    pub folder: PathBuf,
}

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// The database is among it; PostgreSQL's is not.
    pub database: bool,
    /// Attachments.
    pub attachments: usize,
    /// Files of the keys folder.
    pub keys: usize,
}

/// Copies and tells.
pub fn run(ask: &Backup, config: &Config) -> anyhow::Result<()> {
    let copied = copy(config, &ask.folder)?;
    println!("{}: {} attachments, {} key files", ask.folder.display(), copied.attachments, copied.keys);
    if copied.database {
        println!("database: copied and checked");
    } else {
        println!(
            "database: PostgreSQL is not copied; run pg_dump BEFORE this command, so that no attachment it names is missing"
        );
    }
    Ok(())
}

/// Copies the data folder. The database comes first: a file is kept before the
/// row that names it, so that each file the copy names is there. The copy gets
/// its name when it is whole.
pub fn copy(config: &Config, folder: &Path) -> anyhow::Result<Copied> {
    if folder.exists() {
        bail!("{} exists; name a new folder", folder.display());
    }
    // Connecting would make an empty database.
    let keys = config.paths.keys_dir();
    if !keys.is_dir() {
        bail!("{} is not there: is paths.data the folder the server uses?", keys.display());
    }
    let name = folder.file_name().and_then(|name| name.to_str()).context("name a folder")?;
    let draft = folder.with_file_name(format!(".{name}.part"));
    if draft.exists() {
        fs::remove_dir_all(&draft).with_context(|| format!("an interrupted copy: {}", draft.display()))?;
    }
    let copied = fill(config, &keys, &draft);
    if copied.is_err() {
        // Half a copy helps nobody, and it would hold the signing keys where nobody looks.
        let _ = fs::remove_dir_all(&draft);
    }
    let copied = copied?;
    fs::rename(&draft, folder).with_context(|| folder.display().to_string())?;
    flush(folder.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    Ok(copied)
}

fn fill(config: &Config, keys: &Path, draft: &Path) -> anyhow::Result<Copied> {
    files::private_folder(draft)?;
    let source = Target::parse(config.database.url_or_default(&config.paths).expose_secret())?;
    let file = draft.join("qiyema.db");
    let database = backup::copy(&source, file.to_str().context("the folder's name is not UTF-8")?)?;
    if database {
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        flush(&file)?;
    }
    // Without the head of the log: whoever goes on from a copy says so (`ledger accept`).
    let keys = tree(keys, &draft.join("keys"), &["ledger.head", "ledger.newest"])?;
    let attachments =
        tree(&config.paths.data.join("attachments"), &draft.join("attachments"), &["arriving"])?;
    flush(draft)?;
    Ok(Copied { database, attachments, keys })
}

/// Copies a folder with what is below it, each file flushed; gives how many.
fn tree(from: &Path, to: &Path, without: &[&str]) -> anyhow::Result<usize> {
    let mut count = 0;
    files::private_folder(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        // `.tmp…` is a file that is being written beside its name: it is gone a moment later.
        let draft = entry.file_name().as_encoded_bytes().starts_with(b".tmp");
        if draft || without.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            count += tree(&source, &target, &[])?;
        } else {
            // Keeps the mode, which is 0600.
            fs::copy(&source, &target).with_context(|| source.display().to_string())?;
            flush(&target)?;
            count += 1;
        }
    }
    flush(to)?;
    Ok(count)
}

fn flush(path: &Path) -> io::Result<()> {
    fs::File::open(path)?.sync_all()
}
