//! A witness of tamper-evident logs: keeps every head it has seen and takes a newer
//! one only if it continues them. Forms: C2SP signed-note, tlog-checkpoint and
//! tlog-tiles; the arithmetic of the tree is RFC 6962's, by `tlog_tiles`.

pub mod heads;
mod tiles;

use qiyema_protocol::{
    ledger::Inclusion,
    receipt::{ReceiptClaims, ReceiptStatus},
};
use reqwest::Method;
use signed_note::{Note, StandardVerifier, Verifier as _, VerifierList};
use tlog_tiles::{Checkpoint, Hash, TileHashReader, check_record, check_tree, prove_tree, record_hash};

use crate::{api::Api, exit::Failure};
use heads::Log;
use tiles::Remote;

/// A head whose signature was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// Entries below it.
    pub size: u64,
    /// Hash of all of them.
    pub root: Hash,
    /// The signed note.
    pub note: String,
}

/// What a look at a log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The first head.
    First,
    /// Nothing new.
    Same,
    /// It continues what was seen, by so many entries.
    Grown(u64),
}

/// Name of a log and a way to check its notes, from `name+id+key`.
pub fn verifier(key: &str) -> Result<StandardVerifier, Failure> {
    StandardVerifier::new(key.trim())
        .map_err(|_| Failure::new(2, "不是日志公钥 / no key of a log (name+id+key)"))
}

impl Head {
    /// Reads a note and checks that the log signed it.
    pub fn read(note: &str, key: &str) -> Result<Self, Failure> {
        let verifier = verifier(key)?;
        let name = verifier.name().to_owned();
        let head = Note::from_bytes(note.as_bytes())
            .ok()
            .filter(|note| note.verify(&VerifierList::new(vec![Box::new(verifier)])).is_ok())
            .and_then(|note| Checkpoint::from_bytes(note.text()).ok())
            .filter(|head| head.origin() == name)
            .ok_or_else(|| Failure::new(6, format!("日志头的签名不对 / the head is not signed by {name}")))?;
        Ok(Self { size: head.size(), root: *head.hash(), note: note.to_owned() })
    }

    /// The latest head of a server.
    pub fn fetch(api: &Api, log: &Log) -> Result<Self, Failure> {
        let bytes = api.bytes(Method::GET, &format!("{}/ledger/checkpoint", log.url), None, None)?;
        Self::read(&String::from_utf8(bytes).map_err(Failure::failed)?, &log.key)
    }

    /// Proves by the server's tiles that this head continues an older one.
    fn continues(&self, older: &Self, remote: &Remote<'_>) -> Result<(), Failure> {
        if older.size == 0 {
            return Ok(());
        }
        let reader = TileHashReader::new(self.size, self.root, remote);
        let shown = prove_tree(self.size, older.size, &reader)
            .and_then(|proof| check_tree(&proof, self.size, self.root, older.size, older.root));
        // A server that does not answer has not lied.
        remote.failure()?;
        shown.map_err(|_| rewritten(older.size))
    }
}

/// Looks at a log and keeps what it finds; a fork or a rollback is kept as evidence and told (exit 6).
pub fn check(api: &Api, log: &Log) -> Result<(Head, Seen), Failure> {
    let head = Head::fetch(api, log)?;
    let seen = match log.latest()? {
        None => Seen::First,
        Some(kept) if kept.size == head.size && kept.root == head.root => return Ok((head, Seen::Same)),
        Some(kept) if head.size < kept.size => {
            let evidence = log.keep_evidence(&head)?;
            return Err(Failure::new(
                6,
                format!(
                    "!!! 日志倒退：曾有 {} 条，现仅 {} 条；证据 {3} / THE LOG WAS TURNED BACK from {0} to {1} entries{2}; evidence: {3}",
                    kept.size,
                    head.size,
                    if continues_backwards(api, log, &kept, &head) { "" } else { ", and rewritten" },
                    evidence.display()
                ),
            ));
        }
        Some(kept) => {
            let shown = if kept.size == head.size {
                Err(rewritten(kept.size))
            } else {
                head.continues(&kept, &Remote::new(api, &log.url))
            };
            if let Err(failure) = shown {
                if failure.exit != 6 {
                    return Err(failure);
                }
                let evidence = log.keep_evidence(&head)?;
                return Err(Failure::new(6, format!("{failure}; 证据 / evidence: {}", evidence.display())));
            }
            Seen::Grown(head.size - kept.size)
        }
    };
    log.keep(&head)?;
    Ok((head, seen))
}

/// Whether an older head leads to the kept one: then the log was only cut, not rewritten.
fn continues_backwards(api: &Api, log: &Log, kept: &Head, now: &Head) -> bool {
    kept.continues(now, &Remote::new(api, &log.url)).is_ok()
}

/// Checks that a rating is in the log, below a head that continues what was seen; answers its place.
pub fn find(api: &Api, log: &Log, receipt: &str, claims: &ReceiptClaims) -> Result<u64, Failure> {
    let (latest, _) = check(api, log)?;
    let url = format!("{}/api/v1/receipts/{receipt}", log.url);
    let status: ReceiptStatus = api.json(Method::GET, &url, None, None)?;
    let found = status.log.ok_or_else(|| {
        Failure::new(
            6,
            "评价不在日志中 / the rating is not in the log (a rating of the last minutes may still be waiting)",
        )
    })?;
    is_of(&found, claims)?;
    let head = Head::read(&found.checkpoint, &log.key)?;
    let remote = Remote::new(api, &log.url);
    match head.size.cmp(&latest.size) {
        std::cmp::Ordering::Less => latest.continues(&head, &remote)?,
        std::cmp::Ordering::Greater => head.continues(&latest, &remote)?,
        std::cmp::Ordering::Equal if head.root == latest.root => {}
        std::cmp::Ordering::Equal => return Err(rewritten(head.size)),
    }
    leads(&found, &head)?;
    Ok(found.position)
}

/// Checks that a row is below the head that came with it, and that this log signed the head.
pub fn included(found: &Inclusion, key: &str) -> Result<(), Failure> {
    leads(found, &Head::read(&found.checkpoint, key)?)
}

/// Checks that an entry of the log is that of the rating which a receipt is for.
pub fn is_of(found: &Inclusion, claims: &ReceiptClaims) -> Result<(), Failure> {
    let own = found.entry.as_ref().is_some_and(|entry| {
        data_encoding::HEXLOWER.encode(&record_hash(entry.as_bytes()).0) == found.leaf && claims.is_of(entry)
    });
    if own {
        return Ok(());
    }
    Err(Failure::new(6, "日志中的记录与回执不符 / the entry in the log is not that of the receipt's rating"))
}

fn leads(found: &Inclusion, head: &Head) -> Result<(), Failure> {
    let hash = |text: &String| {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(Hash)
    };
    let way: Option<Vec<Hash>> = found.proof.iter().map(hash).collect();
    let shown = hash(&found.leaf)
        .zip(way)
        .is_some_and(|(leaf, way)| check_record(&way, head.size, head.root, found.position, leaf).is_ok());
    if shown {
        return Ok(());
    }
    Err(Failure::new(6, "评价的证明不成立 / the way from the rating to the head is false"))
}

fn rewritten(size: u64) -> Failure {
    Failure::new(
        6,
        format!(
            "!!! 日志被改写：最新的头不延续已见证的前 {size} 条 / THE LOG WAS REWRITTEN: the latest head does not continue the first {size} entries that were witnessed"
        ),
    )
}
