//! Whether the database still holds what was signed of it. The last head is kept
//! outside the database, where whoever owns the database cannot reach.

use tlog_tiles::{Hash, tree_hash};

use super::failed;
use crate::{
    actions::{
        Refused,
        admin::{Subject, record},
        rights::Actor,
    },
    clock::Timestamp,
    secrets::log_key::LogKey,
    store::{
        self,
        connection::Db,
        ledger::{self, Nodes},
    },
};

/// Why the server must not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Behind {
    /// The log is shorter than it was.
    #[error(
        "the database is older than the log: it holds {have} entries, and a head of {size} was signed. \
         Somebody restored an older copy. If that was meant, run `qiyema-server ledger accept`"
    )]
    Short {
        /// Entries that it holds.
        have: u64,
        /// Entries of the head that was signed.
        size: u64,
    },
    /// Nothing outside the database says how long the log was.
    #[error(
        "the database holds a log of {have} entries, and no head of it is kept beside the key (ledger.head). \
         If this is a copy that was restored on purpose, run `qiyema-server ledger accept`"
    )]
    Unknown {
        /// Entries that it holds.
        have: u64,
    },
    /// The log has another content than it had.
    #[error(
        "the log was rewritten: its first {size} entries are not those whose head was signed. \
         Do not go on; `qiyema-server ledger verify` names what was altered"
    )]
    Other {
        /// Entries of the head that was signed.
        size: u64,
    },
    /// Somebody added entries, and cannot sign for them.
    #[error(
        "the database holds a log of {have} entries, and no head of so many was ever signed: somebody added some. \
         Do not go on; `qiyema-server ledger verify` names them"
    )]
    Beyond {
        /// Entries that it holds.
        have: u64,
    },
}

/// Whether the database still holds what the head outside it says, and nothing that was not signed; of an empty log
/// the head is kept now.
pub fn stands(db: &mut Db, key: &LogKey) -> Result<Result<(), Behind>, Refused> {
    let Some(kept) = key.kept().map_err(|error| failed(&error))? else {
        let have = entries(db)?;
        if have > 0 {
            return Ok(Err(Behind::Unknown { have }));
        }
        // Kept before the first entry: a server killed between that entry and its head must not look like a
        // copy whose head was lost.
        let nothing = key.sign(0, super::root(db, 0)?).and_then(|note| key.keep(&note, None));
        nothing.map_err(|error| failed(&error))?;
        return Ok(Ok(()));
    };
    agrees(db, key, kept)
}

/// The same with a head that was kept before the database was asked.
pub(super) fn agrees(
    db: &mut Db,
    key: &LogKey,
    (size, root): (u64, Hash),
) -> Result<Result<(), Behind>, Refused> {
    let have = entries(db)?;
    if have < size {
        return Ok(Err(Behind::Short { have, size }));
    }
    if ledger::strays(db)? {
        return Ok(Err(Behind::Beyond { have }));
    }
    if !leads(db, size, root)? {
        return Ok(Err(Behind::Other { size }));
    }
    // A server that was killed between its entries and the file has signed them nevertheless.
    let signed = have == size
        || match ledger::head_of(db, have)?.map(|note| key.read(&note)) {
            Some(Ok((size, root))) => size == have && leads(db, size, root)?,
            _ => false,
        };
    Ok(if signed { Ok(()) } else { Err(Behind::Beyond { have }) })
}

/// Goes on from what the database holds, whatever was signed before; gives how many
/// entries that is. What came after them is given up, and the trail says so.
pub fn accept(db: &mut Db, actor: &Actor, key: &LogKey, at: Timestamp) -> Result<u64, Refused> {
    let lost = key.kept().map_err(|error| failed(&error))?.map(|(size, _)| size);
    let size = entries(db)?;
    let detail = serde_json::json!({ "entries": size, "before": lost });
    let subject = Subject { kind: "ledger", id: "ledger" };
    record(db, subject, "ledger_accepted", &detail, &actor.id, at)?;
    let kept = if size == 0 {
        key.forget()
    } else {
        key.sign(size, super::root(db, size)?).and_then(|note| key.keep_anyway(&note))
    };
    kept.map_err(|error| failed(&error))?;
    Ok(size)
}

fn entries(db: &mut Db) -> Result<u64, Refused> {
    Ok(u64::try_from(ledger::size(db)?).map_err(store::unfit)?)
}

/// Whether so many entries lead to a root; they do not where nodes of the tree are gone.
fn leads(db: &mut Db, size: u64, root: Hash) -> Result<bool, Refused> {
    match tree_hash(size, &Nodes::new(db)) {
        Ok(found) => Ok(found.0 == root.0),
        Err(tlog_tiles::Error::IndexesNotInTree) => Ok(false),
        Err(other) => Err(store::unfit(other).into()),
    }
}
