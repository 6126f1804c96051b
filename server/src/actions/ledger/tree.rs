//! The log itself, as its auditor looks at it: the tree is grown again from the
//! entries, and held against the heads and against the nodes as stored.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use tlog_tiles::{Hash, stored_hash_index, sub_tree_index, tree_hash};

use super::{
    Known,
    met::{Leaves, Met},
    nodes,
    verify::{Fault, Found},
};
use crate::{
    actions::Refused,
    domain::ledger::Kind,
    secrets::log_key::LogKey,
    store::{
        self,
        connection::Db,
        ledger::{
            rows::{self, Entry},
            unhex,
        },
    },
};

/// Entries of a page.
const PAGE: i64 = 1000;
/// The table of its nodes.
const NODES: &str = "ledger_nodes";

/// The tree over the entries.
pub struct Tree {
    /// Entries.
    pub size: u64,
    /// Its root; none for an empty log, or where a position is gone.
    pub root: Option<Hash>,
    /// Heads (their sizes) that the entries do not lead to.
    pub unfit: BTreeSet<u64>,
}

/// Grows it, and names the entries and nodes that do not belong there, and the rows whose entries no row meets.
pub fn grow(
    db: &mut Db,
    key: &LogKey,
    outside: &[(u64, Hash)],
    met: &Met,
    found: &mut BTreeSet<Found>,
) -> Result<Tree, Refused> {
    let mut unfit = BTreeSet::new();
    let said = heads(db, key, outside, &mut unfit)?;
    let signed = said.last().map_or(0, |(size, _)| *size);
    let mut due = said.into_iter().peekable();
    let (mut known, mut size, mut whole) = (Known::default(), 0, true);
    let (mut leaves, mut wrong) = (Leaves::default(), BTreeSet::new());
    // No head covers what stands before the first one; a page of it is enough to know.
    for one in rows::entries(db, i64::MIN, PAGE)?.iter().take_while(|one| one.position.is_none()) {
        misplaced(one, signed, met, found);
    }
    let mut from = Some(0);
    while let Some(start) = from {
        let page = rows::entries(db, start, PAGE)?;
        let last = page.last().and_then(|last| last.position);
        from = last.and_then(|last| i64::try_from(last).ok()?.checked_add(1));
        let mut own = Vec::new();
        for one in page {
            misplaced(&one, signed, met, found);
            // Where a position is gone, nothing behind it can be told by its place; its rows are looked at still.
            whole &= one.position == Some(size);
            if !whole {
                continue;
            }
            leaves.add(&one.leaf, size);
            own.extend(nodes(&mut known, size, unhex(&one.leaf).unwrap_or_default())?);
            size += 1;
            while let Some((_, root)) = due.next_if(|(at, _)| *at == size) {
                if tree_hash(size, &known).map_err(store::unfit)?.0 != root.0 {
                    unfit.insert(size);
                }
            }
        }
        if let (Some((first, _)), Some((last, _))) = (own.first(), own.last()) {
            compared(&rows::nodes(db, *first, Some(*last))?, &own, &mut wrong);
            // Only the right edge is needed further on.
            let edge: BTreeSet<u64> = sub_tree_index(0, size, Vec::new()).into_iter().collect();
            known.0.retain(|place, _| edge.contains(place));
        }
    }
    for (place, before) in leaves.twice() {
        twice(db, place, before, found)?;
    }
    // Heads of more entries than there are; one of none fits any log.
    unfit.extend(due.map(|(size, _)| size).filter(|size| *size > 0));
    if !whole {
        return Ok(Tree { size, root: None, unfit });
    }
    let root = if size == 0 { None } else { Some(tree_hash(size, &known).map_err(store::unfit)?) };
    // Where the entries themselves are not to be believed, the nodes above them are not compared.
    if unfit.is_empty() {
        found.append(&mut wrong);
        for place in rows::nodes(db, stored_hash_index(0, size), None)?.into_keys() {
            found.insert(node(place, Fault::Added));
        }
    }
    Ok(Tree { size, root, unfit })
}

/// What was signed, by size: the heads stored that are this log's own, and those from outside.
fn heads(
    db: &mut Db,
    key: &LogKey,
    outside: &[(u64, Hash)],
    unfit: &mut BTreeSet<u64>,
) -> Result<Vec<(u64, Hash)>, Refused> {
    let mut said: Vec<(u64, Hash)> = outside.to_vec();
    for head in rows::heads(db)? {
        match key.read(&head.note) {
            Ok((size, root)) if head.size == Some(size) && unhex(&head.root) == Some(root) => {
                said.push((size, root));
            }
            // Nobody but this log can sign for it.
            _ => drop(unfit.insert(head.size.unwrap_or_default())),
        }
    }
    said.sort_by_key(|(size, _)| *size);
    Ok(said)
}

/// Names an entry that nobody signed for, one of a kind that there is not, and one that no row meets.
fn misplaced(one: &Entry, signed: u64, met: &Met, found: &mut BTreeSet<Found>) {
    let mut name = |fault| {
        found.insert(Found { table: one.kind.clone(), row: one.row.clone(), fault });
    };
    if one.position.is_none_or(|position| position >= signed) {
        name(Fault::Unsigned);
    }
    if Kind::of(&one.kind).is_none() || one.position.is_none_or(|position| !met.has(position)) {
        name(Fault::Missing);
    }
}

/// Names an entry that is the same as another one, and yet another row's.
fn twice(db: &mut Db, place: u64, before: u64, found: &mut BTreeSet<Found>) -> Result<(), Refused> {
    let mut at = |place: u64| -> Result<Option<Entry>, Refused> {
        Ok(rows::entries(db, i64::try_from(place).map_err(store::unfit)?, 1)?.into_iter().next())
    };
    let (Some(one), Some(other)) = (at(place)?, at(before)?) else { return Ok(()) };
    // Where one of them does not fit its row, that is named already, and the other one is as it was.
    let named = |entry: &Entry| found.iter().any(|found| found.table == entry.kind && found.row == entry.row);
    if one.leaf == other.leaf && !named(&one) && !named(&other) {
        found.insert(Found { table: one.kind, row: one.row, fault: Fault::Added });
    }
    Ok(())
}

/// Names the nodes that proofs are made of and that are not those of the entries.
fn compared(there: &BTreeMap<u64, String>, own: &[(u64, Hash)], wrong: &mut BTreeSet<Found>) {
    for (place, hash) in own {
        match there.get(place) {
            None => drop(wrong.insert(node(*place, Fault::Missing))),
            Some(stored) if *stored != HEXLOWER.encode(&hash.0) => {
                wrong.insert(node(*place, Fault::Altered));
            }
            Some(_) => {}
        }
    }
}

fn node(place: u64, fault: Fault) -> Found {
    Found { table: NODES.to_owned(), row: place.to_string(), fault }
}
