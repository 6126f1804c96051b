//! The folder of signing keys: `keyring.json` (public part) and one private
//! PKCS#8 file a key. A key id is never given twice; a retired key never returns.

use std::path::{Path, PathBuf};

use aws_lc_rs::{
    encoding::{AsDer as _, Pkcs8V1Der},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use data_encoding::BASE64URL_NOPAD;
use qiyema_protocol::keyring::{self, Jwk, Jwks, KeyRing};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    secrets::{files, files::FileError, signer::Signer},
};

const RING_FILE: &str = "keyring.json";
const LOCK_FILE: &str = "keyring.lock";

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStatus {
    /// Its seals stand; it does not sign new ones.
    Live,
    /// Its seals stand and it signs new ones.
    Active,
    /// Its seals are void for ever.
    Retired,
}

/// The public part of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// 1 to 255.
    pub kid: u8,
    /// Always `EdDSA`.
    pub alg: String,
    /// Public key, base64url without padding.
    pub x: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it may do.
    pub status: KeyStatus,
    /// When it was retired.
    pub retired_at: Option<Timestamp>,
}

/// Why the key folder refuses.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file could not be read or written, or is open to others.
    #[error(transparent)]
    File(#[from] FileError),
    /// `keyring.json` is damaged.
    #[error("{path} is damaged: {cause}")]
    Damaged {
        /// The ring file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// A published key is not acceptable.
    #[error(transparent)]
    Ring(#[from] keyring::KeyError),
    /// No such key.
    #[error("there is no key {0}; see `key list`")]
    Unknown(u8),
    /// The key that signs cannot be retired.
    #[error("key {0} signs new codes; rotate first, then retire it")]
    Active(u8),
    /// A retired key never returns.
    #[error("key {0} was retired; a retired key never returns")]
    Retired(u8),
    /// All 255 ids are used up.
    #[error("all 255 key ids are used")]
    Full,
    /// No key signs.
    #[error("no key signs yet; run `key rotate`")]
    NoSigner,
    /// The private file is not the key that was published.
    #[error("the private file of key {0} is damaged or belongs to another key")]
    Mismatch(u8),
    /// Somebody else changed the ring at the same time.
    #[error("the keys were changed by another process meanwhile; look at `key list` and try again")]
    Changed,
    /// The crypto library could not make a key.
    #[error("no key could be generated")]
    Generate,
}

/// An open key folder.
#[derive(Debug, Clone)]
pub struct KeyStore {
    folder: PathBuf,
    records: Vec<KeyRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RingFile {
    keys: Vec<KeyRecord>,
}

impl KeyStore {
    /// Opens a folder that has a key ring, and checks the ring.
    pub fn open(folder: &Path) -> Result<Self, KeyError> {
        files::private_folder(folder)?;
        let path = folder.join(RING_FILE);
        let bytes = files::read_private(&path)?;
        let file: RingFile = serde_json::from_slice(&bytes)
            .map_err(|cause| KeyError::Damaged { path: path.clone(), cause: cause.to_string() })?;
        let store = Self { folder: folder.to_owned(), records: file.keys };
        store.ring()?;
        if store.records.iter().filter(|r| r.status == KeyStatus::Active).count() > 1 {
            return Err(KeyError::Damaged { path, cause: "two keys are active".into() });
        }
        Ok(store)
    }

    /// Opens the folder, or makes it with one active key.
    pub fn open_or_create(folder: &Path, at: Timestamp) -> Result<Self, KeyError> {
        match Self::open_or_empty(folder)? {
            store if store.records.is_empty() => {
                let mut store = store;
                store.rotate(at)?;
                Ok(store)
            }
            store => Ok(store),
        }
    }

    /// Opens the folder, or makes it without any key.
    pub fn open_or_empty(folder: &Path) -> Result<Self, KeyError> {
        match Self::open(folder) {
            Err(KeyError::File(missing)) if missing.is_missing() => {
                files::private_folder(folder)?;
                Ok(Self { folder: folder.to_owned(), records: Vec::new() })
            }
            other => other,
        }
    }

    /// Makes a key that is published but does not sign yet.
    pub fn generate(&mut self, at: Timestamp) -> Result<u8, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Generate)?;
        let pkcs8: Pkcs8V1Der<'static> = pair.as_der().map_err(|_| KeyError::Generate)?;
        let kid = self.keep(pkcs8.as_ref())?;
        let mut records = self.records.clone();
        records.push(KeyRecord {
            kid,
            alg: "EdDSA".into(),
            x: BASE64URL_NOPAD.encode(pair.public_key().as_ref()),
            created_at: at,
            status: KeyStatus::Live,
            retired_at: None,
        });
        self.save(records)?;
        Ok(kid)
    }

    /// Makes a key and lets it sign from now on.
    pub fn rotate(&mut self, at: Timestamp) -> Result<u8, KeyError> {
        let kid = self.generate(at)?;
        self.activate(kid)?;
        Ok(kid)
    }

    /// Lets a live key sign; the one before stays live.
    pub fn activate(&mut self, kid: u8) -> Result<(), KeyError> {
        if self.record(kid)?.status == KeyStatus::Retired {
            return Err(KeyError::Retired(kid));
        }
        self.load(kid)?;
        let mut records = self.records.clone();
        for record in &mut records {
            match record.status {
                _ if record.kid == kid => record.status = KeyStatus::Active,
                KeyStatus::Active => record.status = KeyStatus::Live,
                KeyStatus::Live | KeyStatus::Retired => {}
            }
        }
        self.save(records)
    }

    /// Voids every seal of a key, for ever. Not possible for the key that signs.
    pub fn retire(&mut self, kid: u8, at: Timestamp) -> Result<(), KeyError> {
        match self.record(kid)?.status {
            KeyStatus::Active => return Err(KeyError::Active(kid)),
            KeyStatus::Retired => return Err(KeyError::Retired(kid)),
            KeyStatus::Live => {}
        }
        let mut records = self.records.clone();
        for record in records.iter_mut().filter(|r| r.kid == kid) {
            record.status = KeyStatus::Retired;
            record.retired_at = Some(at);
        }
        self.save(records)
    }

    /// Every key there ever was, oldest first.
    #[must_use]
    pub fn list(&self) -> &[KeyRecord] {
        &self.records
    }

    /// The document to publish.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        let (gone, live): (Vec<_>, Vec<_>) =
            self.records.iter().partition(|r| r.status == KeyStatus::Retired);
        let jwk = |record: &KeyRecord| Jwk {
            x: record.x.clone(),
            alg: record.alg.clone(),
            ..Jwk::ed25519(record.kid, &[0; 32])
        };
        Jwks { keys: live.into_iter().map(jwk).collect(), retired: gone.into_iter().map(|r| r.kid).collect() }
    }

    /// The ring that verifies seals.
    pub fn ring(&self) -> Result<KeyRing, KeyError> {
        Ok(KeyRing::from_jwks(&self.jwks())?)
    }

    /// The key that signs now.
    pub fn signer(&self) -> Result<Signer, KeyError> {
        let active = self.records.iter().find(|r| r.status == KeyStatus::Active);
        self.load(active.ok_or(KeyError::NoSigner)?.kid)
    }

    /// Every live key whose private file is there; a file that is not, or is not the
    /// published key, leaves its older seals standing and cannot draw them again.
    #[must_use]
    pub fn live(&self) -> Vec<Signer> {
        let live = self.records.iter().filter(|r| r.status != KeyStatus::Retired);
        live.filter_map(|r| self.load(r.kid).ok()).collect()
    }

    /// The file that says which keys there are; it is replaced at every change.
    #[must_use]
    pub fn ring_file(folder: &Path) -> PathBuf {
        folder.join(RING_FILE)
    }

    /// Reads a private file and proves that it is the published key.
    fn load(&self, kid: u8) -> Result<Signer, KeyError> {
        let pkcs8 = files::read_private(&self.private_file(kid))?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&pkcs8).map_err(|_| KeyError::Mismatch(kid))?;
        if BASE64URL_NOPAD.encode(pair.public_key().as_ref()) != self.record(kid)?.x {
            return Err(KeyError::Mismatch(kid));
        }
        Ok(Signer::from_pkcs8(kid, &pkcs8))
    }

    /// Writes a private file under the next id. An id whose file is there but
    /// not in the ring is passed over: a power cut may have left it, or an old
    /// ring was put back, and then that key has signed. It is never overwritten.
    fn keep(&self, pkcs8: &[u8]) -> Result<u8, KeyError> {
        let last = self.records.iter().map(|r| r.kid).max().unwrap_or(0);
        let mut kid = last.checked_add(1).ok_or(KeyError::Full)?;
        loop {
            match files::create_private(&self.private_file(kid), pkcs8) {
                Err(failure) if failure.is_taken() => kid = kid.checked_add(1).ok_or(KeyError::Full)?,
                written => return written.map(|()| kid).map_err(KeyError::File),
            }
        }
    }

    fn record(&self, kid: u8) -> Result<&KeyRecord, KeyError> {
        self.records.iter().find(|r| r.kid == kid).ok_or(KeyError::Unknown(kid))
    }

    fn private_file(&self, kid: u8) -> PathBuf {
        self.folder.join(format!("seal-{kid:03}.key"))
    }

    /// On disk first: memory never claims what a restart would forget. Nor does it
    /// write over what another process has added since: that key may have signed.
    fn save(&mut self, keys: Vec<KeyRecord>) -> Result<(), KeyError> {
        let path = self.folder.join(RING_FILE);
        let _held = files::lock(&self.folder.join(LOCK_FILE))?;
        match Self::open(&self.folder) {
            Ok(there) if there.records != self.records => return Err(KeyError::Changed),
            Err(KeyError::File(missing)) if missing.is_missing() && self.records.is_empty() => {}
            Err(other) => return Err(other),
            Ok(_) => {}
        }
        let file = RingFile { keys };
        let json = serde_json::to_vec_pretty(&file)
            .map_err(|cause| KeyError::Damaged { path: path.clone(), cause: cause.to_string() })?;
        files::write_private(&path, &json)?;
        self.records = file.keys;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use qiyema_protocol::seal::{CodeId, Host, SealError};

    use super::{KeyError, KeyStatus, KeyStore};
    use crate::clock::Timestamp;

    fn at() -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn seals_stand_through_rotation_and_fall_with_retirement() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        let seal = store.signer().unwrap().seal(&host, CodeId([7; 10])).unwrap();
        assert!(matches!(store.retire(1, at()), Err(KeyError::Active(1))));

        assert_eq!(store.rotate(at()).unwrap(), 2);
        assert_eq!(seal.verify(&host, &store.ring().unwrap()).unwrap().kid(), 1);
        store.retire(1, at()).unwrap();

        let mut again = KeyStore::open(&folder).unwrap();
        assert_eq!(seal.verify(&host, &again.ring().unwrap()), Err(SealError::RetiredKey(1)));
        assert_eq!(again.list()[0].status, KeyStatus::Retired);
        assert_eq!(again.signer().unwrap().kid(), 2);
        assert!(matches!(again.activate(1), Err(KeyError::Retired(1))));
        assert_eq!(again.generate(at()).unwrap(), 3, "an id is never given twice");
        assert_eq!(again.signer().unwrap().kid(), 2, "generated, not yet signing");
    }

    #[test]
    fn a_key_file_open_to_others_or_of_another_key_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        store.generate(at()).unwrap();
        let (one, two) = (folder.join("seal-001.key"), folder.join("seal-002.key"));
        assert_eq!(std::fs::metadata(&one).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);

        std::fs::set_permissions(&one, std::fs::Permissions::from_mode(0o640)).unwrap();
        let sentence = store.signer().unwrap_err().to_string();
        assert!(sentence.contains("mode 0640") && sentence.contains("chmod 600"), "{sentence}");

        std::fs::copy(&two, &one).unwrap();
        std::fs::set_permissions(&one, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(store.signer(), Err(KeyError::Mismatch(1))));
    }

    #[test]
    fn of_two_that_change_the_ring_at_once_the_later_is_told() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let mut first = KeyStore::open_or_create(&folder, at()).unwrap();
        let mut second = KeyStore::open(&folder).unwrap();
        assert_eq!(first.rotate(at()).unwrap(), 2);
        assert!(matches!(second.rotate(at()), Err(KeyError::Changed)));
        assert_eq!(KeyStore::open(&folder).unwrap().list().len(), 2, "the first one's key is still there");
    }

    #[test]
    fn a_key_file_that_is_not_in_the_ring_is_passed_over_and_kept() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        let stray = folder.join("seal-002.key");
        std::fs::write(&stray, "left by a power cut").unwrap();
        assert_eq!(store.rotate(at()).unwrap(), 3);
        assert_eq!(KeyStore::open(&folder).unwrap().signer().unwrap().kid(), 3);
        assert_eq!(std::fs::read_to_string(&stray).unwrap(), "left by a power cut");

        for kid in 4..=255 {
            std::fs::write(folder.join(format!("seal-{kid:03}.key")), "").unwrap();
        }
        assert!(matches!(store.generate(at()), Err(KeyError::Full)));
    }
}
