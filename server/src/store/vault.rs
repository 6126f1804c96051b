//! Files on disk, each under the SHA-256 of what it holds: the same file twice
//! is one file. A file is whole before it has its name, and nothing here serves
//! it: the folder lies outside whatever the web can reach.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

/// How long an arrival is waited for.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// How long a kept file waits for the row that attaches it; a form was refused otherwise.
pub const LOOSE: Duration = Duration::from_hours(24);

/// The folder of attachments.
#[derive(Debug, Clone)]
pub struct Vault {
    folder: PathBuf,
}

impl Vault {
    /// Opens or makes the folder below the data folder; what interrupted uploads
    /// left behind is swept.
    pub fn open(data: &Path) -> io::Result<Self> {
        let vault = Self { folder: data.join("attachments") };
        make(&vault.folder)?;
        make(&vault.arriving())?;
        vault.sweep()?;
        Ok(vault)
    }

    /// A nameless file that a body is written to while it arrives; it goes away
    /// by itself.
    pub fn arrival(&self) -> io::Result<NamedTempFile> {
        // tempfile makes it 0600.
        NamedTempFile::new_in(self.arriving())
    }

    /// Keeps these bytes and gives their hash.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let hash = HEXLOWER.encode(&Sha256::digest(bytes));
        let place = self.place(&hash);
        let size = u64::try_from(bytes.len()).map_err(io::Error::other)?;
        if fs::metadata(&place).is_ok_and(|known| known.len() == size) {
            // As young as a new one: it may be about to be attached again.
            let touched = File::options()
                .write(true)
                .open(&place)
                .and_then(|file| file.set_modified(SystemTime::now()));
            if touched.is_ok() {
                return Ok(hash);
            }
        }
        let folder = place.parent().ok_or_else(|| io::Error::other("no folder"))?;
        make(folder)?;
        let mut file = self.arrival()?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&place)?;
        // The name is durable only when its folder is.
        File::open(folder)?.sync_all()?;
        Ok(hash)
    }

    /// Opens a kept file.
    pub fn fetch(&self, hash: &str) -> io::Result<File> {
        File::open(self.place(hash))
    }

    /// Kept files of one of the 256 folders that are old enough to be attached, if ever: their hashes.
    pub fn old(&self, folder: u8) -> io::Result<Vec<String>> {
        let listed = match fs::read_dir(self.folder.join(format!("{folder:02x}"))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listed => listed?,
        };
        let mut old = Vec::new();
        for file in listed {
            let file = file?;
            if age(&file.path()).is_some_and(|age| age > LOOSE)
                && let Ok(hash) = file.file_name().into_string()
            {
                old.push(hash);
            }
        }
        Ok(old)
    }

    /// Removes a kept file that nothing is attached to, unless it was just kept again.
    pub fn discard(&self, hash: &str) -> io::Result<()> {
        let place = self.place(hash);
        if age(&place).is_some_and(|age| age > LOOSE) { fs::remove_file(place) } else { Ok(()) }
    }

    /// Leaves these bytes among the arrivals, under a name nobody else has, until
    /// they are taken back or swept; sweeps what others left.
    pub fn park(&self, bytes: &[u8]) -> io::Result<String> {
        self.sweep()?;
        let mut file = self.arrival()?;
        file.write_all(bytes)?;
        let path = file.into_temp_path().keep()?;
        let name = path.file_name().and_then(|name| name.to_str());
        Ok(name.ok_or_else(|| io::Error::other("no name"))?.to_owned())
    }

    /// Takes back what was parked under this name. Of two who try one gets it.
    pub fn unpark(&self, name: &str) -> io::Result<Vec<u8>> {
        let path = self.arriving().join(name);
        let bytes = fs::read(&path)?;
        fs::remove_file(path)?;
        Ok(bytes)
    }

    /// Keeps an arrival under this name, durably, until [`Vault::forget`].
    pub fn set_aside(&self, file: NamedTempFile, name: &str) -> io::Result<()> {
        let folder = self.folder.join("imports");
        make(&folder)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(name))?;
        File::open(folder)?.sync_all()
    }

    /// Opens what was set aside.
    pub fn aside(&self, name: &str) -> io::Result<File> {
        File::open(self.folder.join("imports").join(name))
    }

    /// Names of what was set aside longer ago than an arrival is waited for.
    pub fn long_aside(&self) -> io::Result<Vec<String>> {
        let listed = match fs::read_dir(self.folder.join("imports")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listed => listed?,
        };
        let mut left = Vec::new();
        for file in listed {
            let file = file?;
            if age(&file.path()).is_some_and(|age| age > FORGOTTEN)
                && let Ok(name) = file.file_name().into_string()
            {
                left.push(name);
            }
        }
        Ok(left)
    }

    /// Removes what was set aside, if it still is there.
    pub fn forget(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.folder.join("imports").join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes arrivals that nobody came back for. Younger ones may be on their way
    /// in another instance that shares the folder.
    fn sweep(&self) -> io::Result<()> {
        for left in fs::read_dir(self.arriving())? {
            let left = left?;
            let age =
                left.metadata().and_then(|meta| meta.modified()).map(|at| at.elapsed().unwrap_or_default());
            // Another instance may have been faster.
            if age.is_ok_and(|age| age > FORGOTTEN) {
                drop(fs::remove_file(left.path()));
            }
        }
        Ok(())
    }

    fn arriving(&self) -> PathBuf {
        self.folder.join("arriving")
    }

    /// Two letters make 256 folders: none grows too long to list.
    fn place(&self, hash: &str) -> PathBuf {
        self.folder.join(hash.get(..2).unwrap_or("00")).join(hash)
    }
}

fn age(file: &Path) -> Option<Duration> {
    fs::metadata(file).and_then(|meta| meta.modified()).ok()?.elapsed().ok()
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Read, os::unix::fs::PermissionsExt, time::SystemTime};

    use super::{FORGOTTEN, Vault};

    #[test]
    fn a_file_is_kept_once_for_its_owner_alone_and_read_back() {
        let data = tempfile::tempdir().unwrap();
        let vault = Vault::open(data.path()).unwrap();
        let hash = vault.keep(b"a picture").unwrap();
        assert_eq!(vault.keep(b"a picture").unwrap(), hash);
        assert_ne!(vault.keep(b"another").unwrap(), hash);
        let place = data.path().join("attachments").join(&hash[..2]).join(&hash);
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(place.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        let mut text = String::new();
        vault.fetch(&hash).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "a picture");
        assert!(vault.fetch("00ff").is_err());
    }

    #[test]
    fn what_nobody_came_back_for_is_swept_and_what_is_on_its_way_is_not() {
        let data = tempfile::tempdir().unwrap();
        let vault = Vault::open(data.path()).unwrap();
        let left = vault.arrival().unwrap().into_temp_path().keep().unwrap();
        let parked = vault.park(b"a table").unwrap();
        let long_ago = SystemTime::now() - 2 * FORGOTTEN;
        fs::File::options().write(true).open(&left).unwrap().set_modified(long_ago).unwrap();
        Vault::open(data.path()).unwrap();
        assert!(!left.exists());
        assert_ne!(vault.park(b"a table").unwrap(), parked, "the same table of somebody else");
        assert_eq!(vault.unpark(&parked).unwrap(), b"a table");
        assert!(vault.unpark(&parked).is_err(), "once");
    }
}
