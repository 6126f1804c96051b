//! The log itself, as its auditor looks at it: the tree is grown again from the
//! entries, and held against the heads and against the nodes as stored.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use tlog_tiles::{Hash, tree_hash};

use super::{
    Known, nodes,
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

/// Grows it, and names the entries and nodes that do not belong there.
pub fn grow(
    db: &mut Db,
    key: &LogKey,
    outside: &[(u64, Hash)],
    found: &mut BTreeSet<Found>,
) -> Result<Tree, Refused> {
    let mut unfit = BTreeSet::new();
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
    let signed = said.last().map_or(0, |(size, _)| *size);
    let (mut known, mut size) = (Known::default(), 0);
    let mut due = said.iter().peekable();
    let mut own = Vec::new();
    // No head covers what stands before the first one; a page of it is enough to know.
    for one in rows::entries(db, i64::MIN, PAGE)?.iter().take_while(|one| one.position.is_none()) {
        misplaced(one, signed, found);
    }
    loop {
        let page = rows::entries(db, i64::try_from(size).map_err(store::unfit)?, PAGE)?;
        if page.is_empty() {
            break;
        }
        for one in page {
            misplaced(&one, signed, found);
            if one.position != Some(size) {
                // A position is gone: nothing behind it can be believed.
                unfit.extend(due.map(|(size, _)| *size));
                return Ok(Tree { size, root: None, unfit });
            }
            own.extend(nodes(&mut known, size, unhex(&one.leaf).unwrap_or_default())?);
            size += 1;
            while let Some((_, root)) = due.next_if(|(at, _)| *at == size) {
                if tree_hash(size, &known).map_err(store::unfit)?.0 != root.0 {
                    unfit.insert(size);
                }
            }
        }
    }
    // Heads of more entries than there are; one of none fits any log.
    unfit.extend(due.map(|(size, _)| *size).filter(|size| *size > 0));
    let root = if size == 0 { None } else { Some(tree_hash(size, &known).map_err(store::unfit)?) };
    // Where the entries themselves are not to be believed, the nodes above them are not compared.
    if unfit.is_empty() {
        stored(db, &own, found)?;
    }
    Ok(Tree { size, root, unfit })
}

/// Names an entry that nobody signed for, and one of a kind that there is not.
fn misplaced(one: &Entry, signed: u64, found: &mut BTreeSet<Found>) {
    let mut name = |fault| {
        found.insert(Found { table: one.kind.clone(), row: one.row.clone(), fault });
    };
    if one.position.is_none_or(|position| position >= signed) {
        name(Fault::Unsigned);
    }
    if Kind::of(&one.kind).is_none() {
        name(Fault::Missing);
    }
}

/// The nodes that proofs are made of.
fn stored(db: &mut Db, own: &[(u64, Hash)], found: &mut BTreeSet<Found>) -> Result<(), Refused> {
    let mut name = |place: String, fault| {
        found.insert(Found { table: NODES.to_owned(), row: place, fault });
    };
    let mut from = 0;
    for page in own.chunks(1000) {
        let last = page.last().map_or(0, |(place, _)| *place);
        let there = rows::nodes(db, from, Some(last))?;
        for (place, hash) in page {
            match there.get(place) {
                None => name(place.to_string(), Fault::Missing),
                Some(stored) if *stored != HEXLOWER.encode(&hash.0) => {
                    name(place.to_string(), Fault::Altered);
                }
                Some(_) => {}
            }
        }
        from = last + 1;
    }
    for place in rows::nodes(db, from, None)?.into_keys() {
        name(place.to_string(), Fault::Added);
    }
    Ok(())
}
