//! The log as its auditor looks at it: how long it is, what was signed of it, and
//! whether the database still holds what the head outside it says.

use tlog_tiles::Hash;

use super::{Behind, stands::agrees};
use crate::{
    actions::{
        Refused,
        rights::{Actor, Deed},
    },
    secrets::log_key::LogKey,
    store::{
        self,
        connection::Db,
        ledger::{self, HeadRow},
    },
};

/// Heads shown.
const HEADS: i64 = 20;

/// The state of the log.
#[derive(Debug, Clone)]
pub struct Look {
    /// Entries in all.
    pub entries: i64,
    /// Signed heads, the latest first.
    pub heads: Vec<HeadRow>,
    /// What the head outside the database says.
    pub stands: Result<(), Behind>,
}

/// Looks at it, beside the head that was kept outside the database before this look began: one that is kept
/// while it goes on may be of entries that this look does not see. Nothing is written.
pub fn look(db: &mut Db, actor: &Actor, key: &LogKey, kept: Option<(u64, Hash)>) -> Result<Look, Refused> {
    actor.may(Deed::ReadHistory)?;
    let entries = ledger::size(db)?;
    let have = u64::try_from(entries).map_err(store::unfit)?;
    let stands = match kept {
        Some(kept) => agrees(db, key, kept)?,
        None if have > 0 => Err(Behind::Unknown { have }),
        None => Ok(()),
    };
    Ok(Look { entries, heads: ledger::latest(db, HEADS)?, stands })
}
