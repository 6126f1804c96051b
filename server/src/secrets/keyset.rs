//! The keys a running server works with. A set is opened whole and never changes;
//! when the key folder does, a new set takes its place, and with the old one go
//! the seals it had verified: a retired key is void within seconds.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::SystemTime,
};

use moka::sync::Cache;
use qiyema_protocol::{
    keyring::{Jwks, KeyRing, Known},
    receipt::{ReceiptClaims, ReceiptError},
    seal::{Host, Seal, SealError, Verified},
};

use super::{
    folder::KeyFolder,
    keystore::{KeyError, KeyStore},
    scribe::Scribe,
    signer::Signer,
};

/// Verified seals that are remembered; whether a code stands is looked up all the same.
const REMEMBERED: u64 = 20_000;

/// One state of the key folder.
pub struct KeySet {
    /// Public keys as a document.
    pub jwks: Jwks,
    /// The key that signs new codes.
    pub signer: Signer,
    /// The key that signs receipts, code JWTs and the list of revoked codes.
    pub scribe: Scribe,
    ring: KeyRing,
    live: Vec<Signer>,
    verified: Cache<String, Verified>,
}

/// What the private key of a code is good for.
pub enum Drawing<'a> {
    /// It can sign the very same seal again.
    With(&'a Signer),
    /// It was retired: what it signed is void.
    Retired,
    /// It is not in the key folder.
    Absent,
}

impl KeySet {
    /// Reads what a key folder holds.
    pub fn of(store: &KeyStore) -> Result<Self, KeyError> {
        Ok(Self {
            jwks: store.jwks(),
            signer: store.signer()?,
            scribe: store.scribe()?,
            ring: store.ring()?,
            live: store.live(),
            verified: Cache::new(REMEMBERED),
        })
    }

    /// Verifies the path segment of a seal; asks no database.
    pub fn verify(&self, segment: &str, host: &Host) -> Result<Verified, SealError> {
        if let Some(known) = self.verified.get(segment) {
            return Ok(known);
        }
        let verified = Seal::from_segment(segment)?.verify(host, &self.ring)?;
        self.verified.insert(segment.to_owned(), verified);
        Ok(verified)
    }

    /// What a receipt says, if one of these keys signed it for this host.
    pub fn receipt(&self, text: &str, host: &Host) -> Result<ReceiptClaims, ReceiptError> {
        ReceiptClaims::open(text, &self.ring, host.as_str())
    }

    /// Keys that were retired.
    #[must_use]
    pub fn retired(&self) -> Vec<i32> {
        self.jwks.retired.iter().map(|kid| i32::from(*kid)).collect()
    }

    /// What there is to draw a code again that `kid` has signed.
    #[must_use]
    pub fn drawing(&self, kid: i32) -> Drawing<'_> {
        let Ok(kid) = u8::try_from(kid) else { return Drawing::Absent };
        match self.ring.find(kid) {
            Known::Retired => Drawing::Retired,
            Known::Unknown => Drawing::Absent,
            Known::Live(_) | Known::Unsupported(_) => {
                let signer = self.live.iter().find(|signer| signer.kid() == kid);
                signer.map_or(Drawing::Absent, Drawing::With)
            }
        }
    }
}

/// The present set of a folder.
pub struct LiveKeys {
    folder: KeyFolder,
    set: RwLock<Arc<KeySet>>,
    seen: Mutex<Option<Stamp>>,
}

/// Tells two states of a file apart; it is replaced, never written in place.
type Stamp = (Option<SystemTime>, u64, u64);

impl LiveKeys {
    /// Opens a folder whose store was opened already.
    pub fn open(folder: impl Into<KeyFolder>, store: &KeyStore) -> Result<Self, KeyError> {
        let set = RwLock::new(Arc::new(KeySet::of(store)?));
        // Not yet seen: the first look reads the folder again, in case it changed meanwhile.
        Ok(Self { folder: folder.into(), set, seen: Mutex::new(None) })
    }

    /// The keys as they are now. Whoever needs two answers that fit together keeps the set.
    #[must_use]
    pub fn now(&self) -> Arc<KeySet> {
        self.set.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks whether the folder changed and takes the new keys over. A folder that
    /// cannot be read leaves the keys as they are.
    pub fn refresh(&self) -> Result<bool, KeyError> {
        let stamp = stamp(&KeyStore::ring_file(self.folder.path()));
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if stamp.is_some() && *seen == stamp {
            return Ok(false);
        }
        let store = KeyStore::open(self.folder.clone())?;
        let set = KeySet::of(&store)?;
        let changed = set.jwks != self.now().jwks || set.signer.kid() != self.now().signer.kid();
        *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        *seen = stamp;
        Ok(changed)
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let meta = std::fs::metadata(path).ok()?;
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&meta);
    #[cfg(not(unix))]
    let number = 0;
    Some((meta.modified().ok(), meta.len(), number))
}

#[cfg(test)]
mod tests {
    use qiyema_protocol::{
        algorithm::Algorithm,
        seal::{CodeId, Host, SealError, Verified},
    };

    use super::{Drawing, LiveKeys};
    use crate::{clock::Timestamp, secrets::keystore::KeyStore};

    #[test]
    fn a_running_server_follows_its_key_folder() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("keys");
        let at = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        let host = Host::from_origin("https://qy.example.cn").unwrap();
        let mut store = KeyStore::open_or_create(&folder, at).unwrap();
        let keys = LiveKeys::open(&folder, &store).unwrap();
        let seal = keys.now().signer.seal(&host, CodeId([7; 10])).unwrap();
        let verify = || keys.now().verify(&seal.segment(), &host).map(Verified::kid);
        assert_eq!(verify(), Ok(1));

        store.rotate(Algorithm::Ed25519, at).unwrap();
        assert!(keys.refresh().unwrap() && !keys.refresh().unwrap());
        assert_eq!((keys.now().signer.kid(), verify()), (2, Ok(1)));
        let set = keys.now();
        let Drawing::With(older) = set.drawing(1) else { panic!("the older key is still there") };
        assert_eq!(older.seal(&host, CodeId([7; 10])).unwrap().segment(), seal.segment());

        std::fs::remove_file(folder.join("seal-001.key")).unwrap();
        store.generate(Algorithm::Ed25519, at).unwrap();
        keys.refresh().unwrap();
        assert!(matches!(keys.now().drawing(1), Drawing::Absent) && verify() == Ok(1), "public part stays");

        store.retire(1, at).unwrap();
        keys.refresh().unwrap();
        assert_eq!(verify(), Err(SealError::RetiredKey(1)), "also what was verified before");
        assert!(matches!(keys.now().drawing(1), Drawing::Retired));

        std::fs::write(folder.join("keyring.json"), "{").unwrap();
        assert!(keys.refresh().is_err(), "damaged");
        assert_eq!(keys.now().signer.kid(), 2, "and the keys stay");
    }
}
