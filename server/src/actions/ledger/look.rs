//! The log as its auditor looks at it: how long it is, what was signed of it, and
//! whether the database still holds what the head outside it says.

use super::{Behind, stands};
use crate::{
    actions::{
        Refused,
        rights::{Actor, Deed},
    },
    secrets::log_key::LogKey,
    store::{
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

/// Looks at it.
pub fn look(db: &mut Db, actor: &Actor, key: &LogKey) -> Result<Look, Refused> {
    actor.may(Deed::ReadHistory)?;
    Ok(Look { entries: ledger::size(db)?, heads: ledger::latest(db, HEADS)?, stands: stands(db, key)? })
}
