//! The key folder: private files, locked with a passphrase if there is one. A locked
//! file is of no use to whoever copies the folder without the passphrase.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret as _, SecretString};

use super::files::{self, FileError};
use crate::clock::Ids;

/// Begins a locked file; then salt, nonce, and what AES-256-GCM made of the content,
/// with the file's name as associated data, under the argon2id hash of the passphrase.
const MAGIC: &[u8] = b"qiyema locked 1\n";
const SALT: usize = 16;
/// Memory in KiB, passes and lanes of argon2id (RFC 9106 §4, second recommendation).
const COST: (u32, u32, u32) = (65_536, 3, 4);

/// Where keys lie, and what locks them.
#[derive(Clone)]
pub struct KeyFolder {
    path: PathBuf,
    passphrase: Option<SecretString>,
}

impl fmt::Debug for KeyFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyFolder({}, …)", self.path.display())
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for KeyFolder {
    fn from(path: &P) -> Self {
        Self { path: path.as_ref().to_owned(), passphrase: None }
    }
}

impl KeyFolder {
    /// A folder; an empty passphrase is none.
    #[must_use]
    pub fn new(path: PathBuf, passphrase: &SecretString) -> Self {
        let given = !passphrase.expose_secret().is_empty();
        Self { path, passphrase: given.then(|| passphrase.clone()) }
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads a secret file; one that is not locked is read as it is.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        let path = self.path.join(name);
        let content = files::read_private(&path)?;
        let Some(locked) = content.strip_prefix(MAGIC) else { return Ok(content) };
        let Some(passphrase) = &self.passphrase else { return Err(FileError::Locked { path }) };
        open(locked, passphrase, name).ok_or(FileError::Passphrase { path })
    }

    /// Writes a new secret file, locked if there is a passphrase; what is there is never replaced.
    pub fn create(&self, name: &str, content: &[u8]) -> Result<(), FileError> {
        files::create_private(&self.path.join(name), &self.prepared(name, content)?)
    }

    /// Locks every secret file with the passphrase; answers how many were not locked.
    /// A file that another passphrase locks ends it.
    pub fn lock(&self) -> Result<usize, FileError> {
        self.rewrite(|content| !content.starts_with(MAGIC), |name, content| self.prepared(name, content))
    }

    /// Takes the lock off every secret file; answers how many had one.
    pub fn unlock(&self) -> Result<usize, FileError> {
        self.rewrite(|content| content.starts_with(MAGIC), |_, content| Ok(content.to_vec()))
    }

    /// Whether a passphrase is set.
    #[must_use]
    pub const fn has_passphrase(&self) -> bool {
        self.passphrase.is_some()
    }

    fn rewrite(
        &self,
        concerned: impl Fn(&[u8]) -> bool,
        change: impl Fn(&str, &[u8]) -> Result<Vec<u8>, FileError>,
    ) -> Result<usize, FileError> {
        let failed = |cause| FileError::Io { path: self.path.clone(), cause };
        let mut changed = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let key = |name: &&str| Path::new(name).extension().is_some_and(|kind| kind == "key");
            let Some(name) = name.to_str().filter(key) else { continue };
            // Opened before anything is written: a wrong passphrase changes nothing.
            let content = self.read(name)?;
            if concerned(&files::read_private(&self.path.join(name))?) {
                changed.push((name.to_owned(), change(name, &content)?));
            }
        }
        for (name, content) in &changed {
            files::write_private(&self.path.join(name), content)?;
        }
        Ok(changed.len())
    }

    fn prepared(&self, name: &str, content: &[u8]) -> Result<Vec<u8>, FileError> {
        let Some(passphrase) = &self.passphrase else { return Ok(content.to_vec()) };
        seal(content, passphrase, name).ok_or_else(|| FileError::Passphrase { path: self.path.join(name) })
    }
}

fn seal(content: &[u8], passphrase: &SecretString, name: &str) -> Option<Vec<u8>> {
    let (salt, nonce) = (Ids.bytes::<SALT>().ok()?, Ids.bytes::<NONCE_LEN>().ok()?);
    let mut sealed = content.to_vec();
    let (once, name) = (Nonce::assume_unique_for_key(nonce), Aad::from(name.as_bytes()));
    cipher(passphrase, &salt)?.seal_in_place_append_tag(once, name, &mut sealed).ok()?;
    Some([MAGIC, &salt, &nonce, &sealed].concat())
}

fn open(locked: &[u8], passphrase: &SecretString, name: &str) -> Option<Vec<u8>> {
    let (salt, rest) = locked.split_first_chunk::<SALT>()?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
    let mut sealed = sealed.to_vec();
    let (once, name) = (Nonce::assume_unique_for_key(*nonce), Aad::from(name.as_bytes()));
    let content = cipher(passphrase, salt)?.open_in_place(once, name, &mut sealed).ok()?;
    Some(content.to_vec())
}

fn cipher(passphrase: &SecretString, salt: &[u8]) -> Option<LessSafeKey> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose_secret().as_bytes(), salt, &mut key)
        .ok()?;
    UnboundKey::new(&AES_256_GCM, &key).map(LessSafeKey::new).ok()
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::KeyFolder;
    use crate::{
        clock::Timestamp,
        secrets::{files::FileError, keystore::KeyStore},
    };

    #[test]
    fn a_locked_file_opens_for_its_passphrase_and_its_name_only() {
        let temp = tempfile::tempdir().unwrap();
        let with = |text: &str| KeyFolder::new(temp.path().to_owned(), &SecretString::from(text));
        let (plain, locked) = (with(""), with("correct horse"));
        plain.create("a.key", b"secret a").unwrap();
        locked.create("b.key", b"secret b").unwrap();
        assert_eq!(locked.read("a.key").unwrap(), b"secret a", "one that is not locked is read as it is");
        assert!(matches!(plain.read("b.key"), Err(FileError::Locked { .. })));
        assert!(matches!(with("battery").read("b.key"), Err(FileError::Passphrase { .. })));

        assert!(matches!(with("battery").lock(), Err(FileError::Passphrase { .. })));
        assert_eq!(plain.read("a.key").unwrap(), b"secret a", "a wrong passphrase changed nothing");
        assert_eq!(locked.lock().unwrap(), 1);
        assert!(matches!(plain.read("a.key"), Err(FileError::Locked { .. })));
        std::fs::rename(temp.path().join("a.key"), temp.path().join("c.key")).unwrap();
        assert!(matches!(locked.read("c.key"), Err(FileError::Passphrase { .. })), "bound to its name");
        std::fs::rename(temp.path().join("c.key"), temp.path().join("a.key")).unwrap();
        assert_eq!(locked.unlock().unwrap(), 2);
        assert_eq!(plain.read("b.key").unwrap(), b"secret b");
    }

    #[test]
    fn codes_are_signed_with_locked_keys_by_whoever_has_the_passphrase() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("keys");
        let at = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        let locked = KeyFolder::new(path.clone(), &SecretString::from("correct horse"));
        let store = KeyStore::open_or_create(locked.clone(), at).unwrap();
        assert_eq!(store.signer().unwrap().kid(), 1);
        let bytes = std::fs::read(path.join("seal-001.key")).unwrap();
        assert!(bytes.starts_with(super::MAGIC));
        let without = KeyStore::open(&path).unwrap().signer().unwrap_err().to_string();
        assert!(without.contains("QIYEMA_KEYS_PASSPHRASE_FILE"), "{without}");
    }
}
