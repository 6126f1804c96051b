//! The auditor's question: is the database still what the log says? Every leaf
//! is computed again from its row, and the tree from its leaves; whatever does
//! not fit is named by its table and id.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use serde::Serialize;
use tlog_tiles::{Hash, record_hash};

use super::{bounds::Bounds, issues, met::Met, states, tree};
use crate::{
    actions::Refused,
    clock::Timestamp,
    domain::ledger::{Kind, entry},
    secrets::log_key::LogKey,
    store::{
        self,
        connection::{Db, be_patient},
        ledger::{self, rows},
    },
};

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It does not hold any more what was entered.
    Altered,
    /// It was entered, and is gone.
    Missing,
    /// It has no entry, and none will be made for it: its name or its moment is not of the time since the last one. Or
    /// it stands there once more.
    Added,
    /// It has an entry, and nobody signed for that.
    Unsigned,
}

/// A row that does not fit the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Found {
    /// Its table.
    pub table: String,
    /// Its id.
    pub row: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What a verification came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries of the log.
    pub entries: u64,
    /// Root of the tree over them, in hex; absent for an empty log.
    pub root: Option<String>,
    /// Rows that wait to be entered.
    pub waiting: u64,
    /// Rows that do not fit.
    pub rows: Vec<Found>,
    /// Heads (their sizes) that the entries do not lead to: the log itself was rewritten.
    pub heads: Vec<u64>,
}

impl Verified {
    /// Nothing was altered.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.rows.is_empty() && self.heads.is_empty()
    }
}

/// Verifies everything against the log, the heads stored, and these heads from outside, as it stands at one moment.
pub fn verify(
    db: &mut Db,
    key: &LogKey,
    outside: &[(u64, Hash)],
    at: Timestamp,
) -> Result<Verified, Refused> {
    // It reads everything there is.
    be_patient(db)?;
    let newest = key.newest().map_err(|error| super::failed(&error))?;
    store::snapshot(db, |db| {
        let mut found = BTreeSet::new();
        let bounds = Bounds::now(db, at, newest)?;
        let mut met = Met::of(ledger::count(db)?);
        let mut waiting = 0;
        for kind in Kind::ALL {
            waiting += rows_of(db, kind, &bounds, &mut met, &mut found)?;
        }
        issues::beside_facts(db, &mut found)?;
        states::beside_facts(db, &mut found)?;
        let tree = tree::grow(db, key, outside, &met, &mut found)?;
        Ok(Verified {
            entries: tree.size,
            root: tree.root.map(|root| HEXLOWER.encode(&root.0)),
            waiting,
            rows: found.into_iter().collect(),
            heads: tree.unfit.into_iter().collect(),
        })
    })
}

/// Every row against its entry; gives how many wait for one.
fn rows_of(
    db: &mut Db,
    kind: Kind,
    bounds: &Bounds,
    met: &mut Met,
    found: &mut BTreeSet<Found>,
) -> Result<u64, Refused> {
    let mut waiting = 0;
    rows::each(db, kind, &mut |row| {
        let fault = match &row.entry {
            None if bounds.time(kind, &row).is_some() => {
                waiting += 1;
                return;
            }
            None => Fault::Added,
            Some(own) => {
                let again = own.position.is_some_and(|position| met.again(position));
                let leaf = record_hash(&entry(kind, &row.columns, &row.salt));
                match row.readable && HEXLOWER.encode(&leaf.0) == own.leaf {
                    true if again => Fault::Added,
                    true => return,
                    false => Fault::Altered,
                }
            }
        };
        found.insert(Found { table: kind.table().to_owned(), row: row.id, fault });
    })?;
    Ok(waiting)
}
