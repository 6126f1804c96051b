//! The auditor's question: is the database still what the log says? Every leaf
//! is computed again from its row, and the tree from its leaves; whatever does
//! not fit is named by its table and id.

use std::collections::{BTreeSet, HashMap};

use data_encoding::HEXLOWER;
use serde::Serialize;
use tlog_tiles::{Hash, record_hash, tree_hash};

use super::{Known, LATE, nodes, of_moment};
use crate::{
    actions::Refused,
    domain::ledger::{Kind, before, earlier, entry},
    store::{
        self,
        connection::Db,
        ledger::{self, rows, unhex},
    },
};

/// Rows and entries of a page.
const PAGE: i64 = 1000;

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It does not hold any more what was entered.
    Altered,
    /// It was entered, and is gone.
    Missing,
    /// It has no entry, and is too old to be waiting for one.
    Added,
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

/// Verifies everything against the log, the heads stored, and these heads from outside.
pub fn verify(db: &mut Db, outside: &[(u64, Hash)]) -> Result<Verified, Refused> {
    let mut found = Vec::new();
    let mut waiting = 0;
    for kind in Kind::ALL {
        waiting += rows_of(db, kind, &mut found)?;
        entries_of(db, kind, &mut found)?;
    }
    let (entries, root, heads) = tree(db, outside)?;
    found.sort();
    Ok(Verified { entries, root: root.map(|root| HEXLOWER.encode(&root.0)), waiting, rows: found, heads })
}

/// Every row against its entry; gives how many wait for one.
fn rows_of(db: &mut Db, kind: Kind, found: &mut Vec<Found>) -> Result<u64, Refused> {
    let through = ledger::cursor(db, kind)?;
    let young = if kind.has_own_id() { before(&through, LATE) } else { earlier(&through, LATE) };
    let (mut from, mut waiting) = (String::new(), 0);
    loop {
        let page = rows::after(db, kind, &from, PAGE)?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(waiting) };
        let (first, last) = (first.0.clone(), last.0.clone());
        let entries = ledger::entries_between(db, kind, &first, &last)?;
        let leaves: HashMap<&str, &str> = entries.iter().map(|one| (&*one.row_id, &*one.leaf)).collect();
        let salts = ledger::salts_between(db, kind, &first, &last)?;
        for one in page {
            let age = if kind.has_own_id() { one.0.clone() } else { of_moment(&one) };
            let (id, columns) = one;
            let fault = match leaves.get(&*id) {
                None if age > young => {
                    waiting += 1;
                    continue;
                }
                None => Fault::Added,
                Some(leaf) => {
                    let salt = salts.get(&id).map_or("", String::as_str);
                    if HEXLOWER.encode(&record_hash(&entry(kind, &columns, salt)).0) == **leaf {
                        continue;
                    }
                    Fault::Altered
                }
            };
            found.push(Found { table: kind.table().to_owned(), row: id, fault });
        }
        from = last;
    }
}

/// Every entry against its row.
fn entries_of(db: &mut Db, kind: Kind, found: &mut Vec<Found>) -> Result<(), Refused> {
    let mut from = String::new();
    loop {
        let page = ledger::entries_after(db, kind, &from, PAGE)?;
        let Some(last) = page.last().map(|one| one.row_id.clone()) else { return Ok(()) };
        let mut there = BTreeSet::new();
        let mut at = from.clone();
        // As many rows as entries, unless some were added: page on until the last one.
        while at < last {
            let rows = rows::after(db, kind, &at, PAGE)?;
            let Some(end) = rows.last().map(|row| row.0.clone()) else { break };
            there.extend(rows.into_iter().map(|row| row.0));
            at = end;
        }
        for one in page {
            if !there.contains(&one.row_id) {
                found.push(Found { table: one.kind, row: one.row_id, fault: Fault::Missing });
            }
        }
        from = last;
    }
}

/// The tree over the entries, and the heads that it does not lead to.
fn tree(db: &mut Db, outside: &[(u64, Hash)]) -> Result<(u64, Option<Hash>, Vec<u64>), Refused> {
    let mut said: Vec<(u64, Hash)> = outside.to_vec();
    for head in ledger::heads(db)? {
        let size = u64::try_from(head.size).map_err(store::unfit)?;
        said.push((size, unhex(&head.root).unwrap_or_default()));
    }
    said.sort_by_key(|(size, _)| *size);
    let mut heads = BTreeSet::new();
    let mut known = Known::default();
    let mut size = 0;
    let mut due = said.iter().peekable();
    loop {
        let page = ledger::entries_from(db, i64::try_from(size).map_err(store::unfit)?, PAGE)?;
        if page.is_empty() {
            break;
        }
        for one in page {
            if one.position != i64::try_from(size).map_err(store::unfit)? {
                // A position is gone: nothing behind it can be believed.
                heads.extend(due.map(|(size, _)| *size));
                return Ok((size, None, heads.into_iter().collect()));
            }
            let leaf = unhex(&one.leaf).unwrap_or_default();
            nodes(&mut known, size, leaf)?;
            size += 1;
            while let Some((_, root)) = due.next_if(|(at, _)| *at == size) {
                if tree_hash(size, &known).map_err(store::unfit)? != *root {
                    heads.insert(size);
                }
            }
        }
    }
    // Heads of more entries than there are.
    heads.extend(due.map(|(size, _)| *size));
    let root = if size == 0 { None } else { Some(tree_hash(size, &known).map_err(store::unfit)?) };
    Ok((size, root, heads.into_iter().collect()))
}
