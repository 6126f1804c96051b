//! The folder of signing keys: `keyring.json` (public part) and one private
//! PKCS#8 file a key. A key id is never given twice; a retired key never returns.

mod record;

use std::path::{Path, PathBuf};

use qiyema_protocol::{
    algorithm::Algorithm,
    keyring::{Jwk, Jwks, KeyRing},
};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Timestamp,
    secrets::{
        files,
        keypair::{self, NoPair, Public},
        scribe::Scribe,
        signer::Signer,
    },
};

pub use record::{KeyError, KeyRecord, KeyStatus};

const RING_FILE: &str = "keyring.json";
const LOCK_FILE: &str = "keyring.lock";

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
        let standing = store.records.iter().filter(|r| r.status != KeyStatus::Retired);
        // Its codes hang on walls: better no server than one that calls them false.
        if let Some(record) = standing.into_iter().find(|r| !r.alg.is_built_in()) {
            return Err(KeyError::NotBuiltIn(record.alg));
        }
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
                store.rotate(Algorithm::Ed25519, at)?;
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
    pub fn generate(&mut self, algorithm: Algorithm, at: Timestamp) -> Result<u8, KeyError> {
        let (pkcs8, Public { x, y }) = keypair::generate(algorithm).map_err(|no| match no {
            NoPair::NotBuiltIn => KeyError::NotBuiltIn(algorithm),
            NoPair::Failed => KeyError::Generate,
        })?;
        let kid = self.keep(&pkcs8)?;
        let mut records = self.records.clone();
        let status = KeyStatus::Live;
        records.push(KeyRecord { kid, alg: algorithm, x, y, created_at: at, status, retired_at: None });
        self.save(records)?;
        Ok(kid)
    }

    /// Makes a key and lets it sign from now on.
    pub fn rotate(&mut self, algorithm: Algorithm, at: Timestamp) -> Result<u8, KeyError> {
        let kid = self.generate(algorithm, at)?;
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
            KeyStatus::Live if self.is_last_of_scribe(kid) => return Err(KeyError::LastOfScribe(kid)),
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
        let jwk = |r: &KeyRecord| Jwk::of(r.kid, r.alg, r.x.clone(), r.y.clone());
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

    /// What signs documents: the key that signs seals if it is an Ed25519 key, else the newest such.
    pub fn scribe(&self) -> Result<Scribe, KeyError> {
        let newest = self.scribes().max_by_key(|r| (r.status == KeyStatus::Active, r.kid));
        let kid = newest.ok_or(KeyError::NoSigner)?.kid;
        self.load(kid)?;
        Ok(Scribe::from_pkcs8(kid, &files::read_private(&self.private_file(kid))?))
    }

    /// Whether no other Ed25519 key could sign documents.
    #[must_use]
    pub fn is_last_of_scribe(&self, kid: u8) -> bool {
        self.scribes().all(|r| r.kid == kid)
    }

    fn scribes(&self) -> impl Iterator<Item = &KeyRecord> {
        let standing = self.records.iter().filter(|r| r.status != KeyStatus::Retired);
        standing.filter(|r| r.alg == Algorithm::Ed25519)
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
        let record = self.record(kid)?;
        let pkcs8 = files::read_private(&self.private_file(kid))?;
        let (signer, public) = keypair::read(record.alg, kid, &pkcs8).map_err(|no| match no {
            NoPair::NotBuiltIn => KeyError::NotBuiltIn(record.alg),
            NoPair::Failed => KeyError::Mismatch(kid),
        })?;
        if public.x != record.x || public.y != record.y {
            return Err(KeyError::Mismatch(kid));
        }
        Ok(signer)
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

    use qiyema_protocol::{
        algorithm::Algorithm,
        seal::{CodeId, Host, SealError},
    };

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

        assert_eq!(store.rotate(Algorithm::Ed25519, at()).unwrap(), 2);
        assert_eq!(seal.verify(&host, &store.ring().unwrap()).unwrap().kid(), 1);
        store.retire(1, at()).unwrap();

        let mut again = KeyStore::open(&folder).unwrap();
        assert_eq!(seal.verify(&host, &again.ring().unwrap()), Err(SealError::RetiredKey(1)));
        assert_eq!(again.list()[0].status, KeyStatus::Retired);
        assert_eq!(again.signer().unwrap().kid(), 2);
        assert!(matches!(again.activate(1), Err(KeyError::Retired(1))));
        assert_eq!(again.generate(Algorithm::Ed25519, at()).unwrap(), 3, "an id is never given twice");
        assert_eq!(again.signer().unwrap().kid(), 2, "generated, not yet signing");
    }

    #[test]
    fn a_key_file_open_to_others_or_of_another_key_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        store.generate(Algorithm::Ed25519, at()).unwrap();
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
        assert_eq!(first.rotate(Algorithm::Ed25519, at()).unwrap(), 2);
        assert!(matches!(second.rotate(Algorithm::Ed25519, at()), Err(KeyError::Changed)));
        assert_eq!(KeyStore::open(&folder).unwrap().list().len(), 2, "the first one's key is still there");
    }

    #[test]
    fn a_key_file_that_is_not_in_the_ring_is_passed_over_and_kept() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        let stray = folder.join("seal-002.key");
        std::fs::write(&stray, "left by a power cut").unwrap();
        assert_eq!(store.rotate(Algorithm::Ed25519, at()).unwrap(), 3);
        assert_eq!(KeyStore::open(&folder).unwrap().signer().unwrap().kid(), 3);
        assert_eq!(std::fs::read_to_string(&stray).unwrap(), "left by a power cut");

        for kid in 4..=255 {
            std::fs::write(folder.join(format!("seal-{kid:03}.key")), "").unwrap();
        }
        assert!(matches!(store.generate(Algorithm::Ed25519, at()), Err(KeyError::Full)));
    }

    #[cfg(feature = "gm")]
    #[test]
    fn codes_may_be_sealed_with_sm2_while_receipts_stay_with_ed25519() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        assert_eq!(store.rotate(Algorithm::Sm2, at()).unwrap(), 2);
        let store = KeyStore::open(&folder).unwrap();
        let signer = store.signer().unwrap();
        assert_eq!((signer.algorithm(), store.scribe().unwrap().kid()), (Algorithm::Sm2, 1));
        let seal = signer.seal(&host, CodeId([7; 10])).unwrap();
        assert_eq!(seal.verify(&host, &store.ring().unwrap()).unwrap().kid(), 2);
        assert!(seal == signer.seal(&host, CodeId([7; 10])).unwrap(), "it can be drawn again");

        let mut store = store;
        assert!(matches!(store.retire(1, at()), Err(KeyError::LastOfScribe(1))));
        store.generate(Algorithm::Ed25519, at()).unwrap();
        store.retire(1, at()).unwrap();
        assert_eq!(KeyStore::open(&folder).unwrap().scribe().unwrap().kid(), 3);
    }

    #[cfg(not(feature = "gm"))]
    #[test]
    fn a_folder_with_an_sm2_key_is_refused_by_a_build_without_it() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let mut store = KeyStore::open_or_create(&folder, at()).unwrap();
        assert!(matches!(store.rotate(Algorithm::Sm2, at()), Err(KeyError::NotBuiltIn(Algorithm::Sm2))));
        let ring = folder.join("keyring.json");
        let sm2 = std::fs::read_to_string(&ring).unwrap().replace("EdDSA", "SM2");
        std::fs::write(&ring, sm2).unwrap();
        let refusal = KeyStore::open(&folder).unwrap_err().to_string();
        assert!(refusal.contains("--features gm"), "{refusal}");
    }
}
