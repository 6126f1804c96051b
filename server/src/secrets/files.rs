//! Files nobody else may read: written whole or not at all, and refused when
//! their mode lets others in. Nothing here knows what is inside them.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Why a private file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Others may read or write it; the sentence says how to mend that.
    #[error("{path} is open to other users (mode {mode:04o}); run: chmod {mend} '{path}'")]
    Open {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they should be.
        mend: &'static str,
    },
    /// It is locked, and no passphrase is set.
    #[error("{path} is locked with a passphrase; set keys.passphrase (QIYEMA_KEYS_PASSPHRASE_FILE)")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The passphrase does not open it, or it is damaged.
    #[error("{path} does not open with keys.passphrase: another one locked it, or it is damaged")]
    Passphrase {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{path}: {cause}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
}

impl FileError {
    /// True if the file does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io { cause, .. } if cause.kind() == io::ErrorKind::NotFound)
    }

    /// True if a file of that name is there already.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Io { cause, .. } if cause.kind() == io::ErrorKind::AlreadyExists)
    }
}

/// Creates a folder (mode 0700) with its parents; a folder that is there must be private.
pub fn private_folder(path: &Path) -> Result<(), FileError> {
    if path.is_dir() {
        return refuse_open(path, "700");
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|cause| io_error(path, cause))
}

/// Waits for, and holds, a lock that other processes hold too; dropping the file lets go.
pub fn lock(path: &Path) -> Result<fs::File, FileError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(|cause| io_error(path, cause))?;
    file.lock().map_err(|cause| io_error(path, cause))?;
    Ok(file)
}

/// Reads a private file after looking at its mode.
pub fn read_private(path: &Path) -> Result<Vec<u8>, FileError> {
    refuse_open(path, "600")?;
    fs::read(path).map_err(|cause| io_error(path, cause))
}

/// Writes a private file (mode 0600) atomically: after a power cut there is
/// either the old content or the new one.
pub fn write_private(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let (mut file, folder) = draft(path)?;
    let written = file.write_all(content).and_then(|()| file.as_file().sync_all());
    written.map_err(|cause| io_error(path, cause))?;
    file.persist(path).map_err(|failure| io_error(path, failure.error))?;
    sync_folder(&folder)
}

/// Like [`write_private`], but refuses to replace a file that is there.
pub fn create_private(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let (mut file, folder) = draft(path)?;
    let written = file.write_all(content).and_then(|()| file.as_file().sync_all());
    written.map_err(|cause| io_error(path, cause))?;
    file.persist_noclobber(path).map_err(|failure| io_error(path, failure.error))?;
    sync_folder(&folder)
}

/// A temporary file beside the target; `tempfile` makes it 0600.
fn draft(path: &Path) -> Result<(tempfile::NamedTempFile, PathBuf), FileError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let file = tempfile::NamedTempFile::new_in(&folder).map_err(|cause| io_error(path, cause))?;
    Ok((file, folder))
}

fn sync_folder(folder: &Path) -> Result<(), FileError> {
    if cfg!(unix) {
        fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|cause| io_error(folder, cause))?;
    }
    Ok(())
}

fn refuse_open(path: &Path, mend: &'static str) -> Result<(), FileError> {
    let meta = fs::metadata(path).map_err(|cause| io_error(path, cause))?;
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o7777;
        if mode & 0o077 != 0 {
            return Err(FileError::Open { path: path.to_owned(), mode, mend });
        }
    }
    #[cfg(not(unix))]
    let _ = (meta, mend);
    Ok(())
}

fn io_error(path: &Path, cause: io::Error) -> FileError {
    FileError::Io { path: path.to_owned(), cause }
}
