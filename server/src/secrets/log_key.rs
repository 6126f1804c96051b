//! The key that signs heads of the tamper-evident log, and what is kept beside it: the
//! last head that was signed, outside the database, so that an older copy of the
//! database is noticed, and how far the entries have come in time, so that nobody makes
//! the log take in old rows by renaming entries. Forms: C2SP signed-note and tlog-checkpoint.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use data_encoding::BASE64;
use signed_note::{Note, Signer as _, StandardSigner, StandardVerifier, VerifierList, key_id};
use tlog_tiles::{Checkpoint, Hash};

use super::{
    files::{self, FileError},
    folder::KeyFolder,
};
use crate::clock::Ids;

/// Its file in the key folder.
const FILE: &str = "ledger.key";
/// What stands before the key in a note's key text (Ed25519).
const ED25519: u8 = 1;

/// Why a head could not be signed or kept.
#[derive(Debug, thiserror::Error)]
pub enum LogKeyError {
    /// The key file or the head's file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The operating system.
    #[error("the operating system refused: {0}")]
    Io(#[from] io::Error),
    /// The file holds no key.
    #[error("{0} holds no key of a log")]
    Malformed(PathBuf),
    /// The file says no time.
    #[error("{0} holds no time; remove it, and the log goes by the database")]
    Time(PathBuf),
    /// Signing failed, or a note is not one of this log.
    #[error("the head of the log is no note that this log signed")]
    Note,
}

/// Signs heads.
#[derive(Clone)]
pub struct LogKey {
    signer: StandardSigner,
    public: String,
    origin: String,
    head: PathBuf,
    newest: PathBuf,
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({}, …)", self.public)
    }
}

impl LogKey {
    /// Reads the key from the key folder, or makes one. The host at that time names
    /// the log for ever: a server may get another address, its log stays the same.
    pub fn open_or_create(folder: impl Into<KeyFolder>, host: &str, ids: Ids) -> Result<Self, LogKeyError> {
        let folder = folder.into();
        let [path, head, newest] =
            [FILE, "ledger.head", "ledger.newest"].map(|name| folder.path().join(name));
        let malformed = || LogKeyError::Malformed(path.clone());
        let kept = match folder.read(FILE) {
            Ok(bytes) => bytes,
            Err(missing) if missing.is_missing() => {
                let seed: [u8; 32] = ids.bytes()?;
                let made = [&seed, format!("{host}/ledger").as_bytes()].concat();
                match folder.create(FILE, &made) {
                    Ok(()) => made,
                    // Another instance was faster.
                    Err(taken) if taken.is_taken() => folder.read(FILE)?,
                    Err(other) => return Err(other.into()),
                }
            }
            Err(other) => return Err(other.into()),
        };
        let (seed, name) = kept.split_at_checked(32).ok_or_else(malformed)?;
        let seed: [u8; 32] = seed.try_into().map_err(|_| malformed())?;
        let origin = String::from_utf8(name.to_vec()).map_err(|_| malformed())?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| malformed())?;
        let named = |key: &[u8]| [&[ED25519], key].concat();
        let public = named(pair.public_key().as_ref());
        let id = key_id(&origin, &public);
        let secret = format!("PRIVATE+KEY+{origin}+{id:08x}+{}", BASE64.encode(&named(&seed)));
        Ok(Self {
            signer: StandardSigner::new(&secret).map_err(|_| malformed())?,
            public: format!("{origin}+{id:08x}+{}", BASE64.encode(&public)),
            origin,
            head,
            newest,
        })
    }

    /// `name+id+key`, by which anybody verifies a head.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// Signs the head of so many entries.
    pub fn sign(&self, size: u64, root: Hash) -> Result<String, LogKeyError> {
        let text = Checkpoint::new(&self.origin, size, root, "").map_err(|_| LogKeyError::Note)?.to_bytes();
        let mut note = Note::new(&text, &[]).map_err(|_| LogKeyError::Note)?;
        note.add_sigs(&[&self.signer]).map_err(|_| LogKeyError::Note)?;
        String::from_utf8(note.to_bytes()).map_err(|_| LogKeyError::Note)
    }

    /// Size and root of a head that this log signed.
    pub fn read(&self, note: &str) -> Result<(u64, Hash), LogKeyError> {
        let verifier = StandardVerifier::new(&self.public).map_err(|_| LogKeyError::Note)?;
        let known = VerifierList::new(vec![Box::new(verifier)]);
        let note = Note::from_bytes(note.as_bytes()).map_err(|_| LogKeyError::Note)?;
        note.verify(&known).map_err(|_| LogKeyError::Note)?;
        let head = Checkpoint::from_bytes(note.text()).map_err(|_| LogKeyError::Note)?;
        if head.origin() != self.origin || self.signer.name() != self.origin {
            return Err(LogKeyError::Note);
        }
        Ok((head.size(), *head.hash()))
    }

    /// The last head that was kept outside the database.
    pub fn kept(&self) -> Result<Option<(u64, Hash)>, LogKeyError> {
        match files::read_private(&self.head) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes).map_err(|_| LogKeyError::Note)?;
                self.read(&text).map(Some)
            }
            Err(missing) if missing.is_missing() => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// Keeps a head outside the database, unless a later one is kept already; with it, when its newest row was made,
    /// in milliseconds since 1970, if it has one that tells.
    pub fn keep(&self, note: &str, newest: Option<u64>) -> Result<(), LogKeyError> {
        let (size, _) = self.read(note)?;
        if self.kept()?.is_some_and(|(kept, _)| kept >= size) {
            return Ok(());
        }
        files::write_private(&self.head, note.as_bytes())?;
        match newest {
            Some(newest) => Ok(files::write_private(&self.newest, newest.to_string().as_bytes())?),
            None => Ok(()),
        }
    }

    /// When the newest row was made that the log is known to hold, in milliseconds since 1970; 0, if nothing says so.
    pub fn newest(&self) -> Result<u64, LogKeyError> {
        match files::read_private(&self.newest) {
            Ok(bytes) => {
                let text = String::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok());
                text.ok_or_else(|| LogKeyError::Time(self.newest.clone()))
            }
            Err(missing) if missing.is_missing() => Ok(0),
            Err(other) => Err(other.into()),
        }
    }

    /// Forgets the head: nothing is in the log.
    pub fn forget(&self) -> Result<(), LogKeyError> {
        removed(&self.newest)?;
        removed(&self.head)
    }

    /// Keeps a head in place of a later one: after a restore that somebody answers for.
    pub fn keep_anyway(&self, note: &str) -> Result<(), LogKeyError> {
        self.read(note)?;
        // Its newest row is told by the database again, which is believed from here on.
        removed(&self.newest)?;
        Ok(files::write_private(&self.head, note.as_bytes())?)
    }
}

fn removed(file: &Path) -> Result<(), LogKeyError> {
    match std::fs::remove_file(file) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(LogKeyError::Io(cause)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use tlog_tiles::Hash;

    use super::LogKey;
    use crate::clock::Ids;

    #[test]
    fn a_head_is_signed_read_and_kept_and_no_other_log_can_sign_it() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let key = LogKey::open_or_create(folder.path(), "qy.example.cn", Ids).unwrap();
        // Under another address it is the same log.
        let again = LogKey::open_or_create(folder.path(), "new.example.cn", Ids).unwrap();
        assert_eq!(key.public(), again.public());
        let note = key.sign(7, Hash([3; 32])).unwrap();
        assert!(note.starts_with("qy.example.cn/ledger\n7\n"), "{note}");
        let (size, root) = again.read(&note).unwrap();
        assert_eq!((size, root.0), (7, [3; 32]));
        let stranger = LogKey::open_or_create(other.path(), "qy.example.cn", Ids).unwrap();
        assert!(stranger.read(&note).is_err());
        assert!(key.read(&note.replace("\n7\n", "\n8\n")).is_err());

        assert!(key.kept().unwrap().is_none());
        assert_eq!(key.newest().unwrap(), 0);
        key.keep(&note, Some(40)).unwrap();
        key.keep(&key.sign(5, Hash([1; 32])).unwrap(), Some(30)).unwrap();
        assert_eq!(again.kept().unwrap().map(|(size, _)| size), Some(7), "an older head replaces nothing");
        key.keep(&key.sign(8, Hash([1; 32])).unwrap(), None).unwrap();
        assert_eq!(again.newest().unwrap(), 40, "a head of none that tells a time leaves it");
        key.keep_anyway(&note).unwrap();
        assert_eq!(again.newest().unwrap(), 0);
    }
}
