//! Entering rows in the tamper-evident log, after their own commit: a rating
//! never waits for another one. Rows that are only ever added are found by their
//! ids, which sort by time.

pub mod look;
pub mod verify;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use data_encoding::HEXLOWER;
use tlog_tiles::{
    Hash, HashReader, prove_record, record_hash, stored_hash_index, stored_hashes_for_record_hash,
    sub_tree_index, tree_hash,
};

use super::{
    Refused,
    admin::{Subject, record},
    rights::Actor,
};
use crate::{
    clock::{Ids, Timestamp},
    domain::ledger::{Kind, before, earlier, entry},
    secrets::log_key::{LogKey, LogKeyError},
    store::{
        self,
        columns::column,
        connection::Db,
        ledger::{self, EntryRow, HeadRow, Nodes, rows},
    },
};

/// A row may be committed so long after its id was made, in milliseconds: a
/// deed is tried a few times before it is given up, for half a minute at most.
const LATE: u64 = 5 * 60 * 1000;
/// Rows of a page.
const PAGE: i64 = 500;
/// Entries of one look: others write to the same database.
const BATCH: usize = 200;

/// What one look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Entries added.
    pub added: usize,
    /// The new head, signed.
    pub note: Option<String>,
}

/// Enters rows that are not in the log, and signs the new head.
pub fn enter(db: &mut Db, key: &LogKey, at: Timestamp) -> Result<Entered, Refused> {
    let mut size = u64::try_from(ledger::size(db)?).map_err(store::unfit)?;
    let start = size;
    let mut tree = edge(db, size)?;
    for kind in Kind::ALL {
        for (id, columns) in missing(db, kind, BATCH.saturating_sub(added(start, size)))? {
            let salt = HEXLOWER.encode(&Ids.bytes::<16>().map_err(store::unfit)?);
            let leaf = record_hash(&entry(kind, &columns, &salt));
            let nodes = nodes(&mut tree, size, leaf)?;
            let row = EntryRow {
                position: i64::try_from(size).map_err(store::unfit)?,
                kind: kind.table().to_owned(),
                row_id: id,
                leaf: HEXLOWER.encode(&leaf.0),
            };
            ledger::add(db, &row, &salt, &nodes)?;
            size += 1;
        }
    }
    if size == start {
        return Ok(Entered { added: 0, note: None });
    }
    let root = tree_hash(size, &tree).map_err(store::unfit)?;
    let note = key.sign(size, root).map_err(|error| failed(&error))?;
    let head = HeadRow {
        size: i64::try_from(size).map_err(store::unfit)?,
        root: HEXLOWER.encode(&root.0),
        note: note.clone(),
        at: column(at),
    };
    ledger::add_head(db, &head)?;
    Ok(Entered { added: added(start, size), note: Some(note) })
}

fn added(start: u64, size: u64) -> usize {
    usize::try_from(size - start).unwrap_or(usize::MAX)
}

/// Rows of a kind that have no entry, at most so many.
fn missing(db: &mut Db, kind: Kind, most: usize) -> Result<Vec<rows::Row>, Refused> {
    let mut found = Vec::new();
    let mut through = ledger::cursor(db, kind)?;
    if !kind.has_own_id() {
        return by_moment(db, kind, &through, most);
    }
    let mut from = before(&through, LATE);
    while found.len() < most {
        let page = rows::after(db, kind, &from, PAGE)?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { break };
        let (first, last) = (first.0.clone(), last.0.clone());
        let known = ledger::entries_between(db, kind, &first, &last)?;
        let full = i64::try_from(page.len()).is_ok_and(|rows| rows >= PAGE);
        for row in page {
            if known.iter().any(|entry| entry.row_id == row.0) {
                continue;
            }
            if found.len() == most {
                // The cursor stays before what was left for the next look.
                return settle(db, kind, &through, found);
            }
            through = through.max(row.0.clone());
            found.push(row);
        }
        from = last;
        if !full {
            break;
        }
    }
    settle(db, kind, &through, found)
}

/// The same of rows that are named by what they are about: those whose moment is not long past. The cursor is a moment.
fn by_moment(db: &mut Db, kind: Kind, through: &str, most: usize) -> Result<Vec<rows::Row>, Refused> {
    let late = earlier(through, LATE);
    let since = NaiveDateTime::parse_from_str(&late, "%Y-%m-%dT%H:%M:%S%.fZ").unwrap_or_default();
    let mut rows = rows::since(db, kind, since)?;
    let names: Vec<String> = rows.iter().map(|row| row.0.clone()).collect();
    let known = ledger::entered(db, kind, &names)?;
    rows.retain(|row| !known.contains(&row.0));
    // The oldest first: the cursor stays before what was left for the next look.
    rows.truncate(most);
    let newest = rows.last().map(of_moment).unwrap_or_default().max(through.to_owned());
    settle(db, kind, &newest, rows)
}

/// The moment of a row, as its entry writes it.
fn of_moment((_, columns): &rows::Row) -> String {
    columns.get("at").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

fn settle(db: &mut Db, kind: Kind, through: &str, found: Vec<rows::Row>) -> Result<Vec<rows::Row>, Refused> {
    if !found.is_empty() {
        ledger::set_cursor(db, kind, through)?;
    }
    Ok(found)
}

/// The nodes at the tree's right edge: all that a further leaf needs.
fn edge(db: &mut Db, size: u64) -> Result<Known, Refused> {
    if size == 0 {
        return Ok(Known::default());
    }
    let places = sub_tree_index(0, size, Vec::new());
    let hashes = Nodes::new(db).read_hashes(&places).map_err(store::unfit)?;
    Ok(Known(places.into_iter().zip(hashes).collect()))
}

/// The nodes that the next leaf completes, with their places.
fn nodes(tree: &mut Known, position: u64, leaf: Hash) -> Result<Vec<(u64, Hash)>, Refused> {
    let hashes = stored_hashes_for_record_hash(position, leaf, tree).map_err(store::unfit)?;
    let nodes: Vec<(u64, Hash)> = (stored_hash_index(0, position)..).zip(hashes).collect();
    tree.0.extend(nodes.iter().copied());
    Ok(nodes)
}

/// The root of the first `size` entries, from the nodes as stored.
pub fn root(db: &mut Db, size: u64) -> Result<Hash, Refused> {
    Ok(tree_hash(size, &Nodes::new(db)).map_err(store::unfit)?)
}

/// Hashes of a tile, from the nodes as stored.
pub fn tile(db: &mut Db, tile: &tlog_tiles::Tile) -> Result<Option<Vec<u8>>, Refused> {
    // An address may name any level and number; the library's arithmetic is for tiles that a tree can have.
    let (level, width) = (u32::from(tile.level()), u128::from(tile.width()));
    let size = u128::try_from(ledger::size(db)?).map_err(store::unfit)?;
    let reach = u128::from(tile.level_index()) * 256 + width;
    if level > 7 || width == 0 || reach > size >> (8 * level) {
        return Ok(None);
    }
    match tile.read_data(&Nodes::new(db)) {
        Ok(data) => Ok(Some(data)),
        Err(tlog_tiles::Error::IndexesNotInTree) => Ok(None),
        Err(other) => Err(store::unfit(other).into()),
    }
}

/// That a row is in the log.
#[derive(Debug, Clone)]
pub struct Included {
    /// Its place.
    pub position: u64,
    /// Hash of its entry.
    pub leaf: Hash,
    /// Entries below the head.
    pub size: u64,
    /// From the leaf to the root.
    pub proof: Vec<Hash>,
    /// The head.
    pub note: String,
}

/// The way from a row's entry to the latest head; none while it is not in the log.
pub fn included(db: &mut Db, kind: Kind, row: &str) -> Result<Option<Included>, Refused> {
    let (Some(entry), Some(head)) = (ledger::entry(db, kind, row)?, ledger::head(db)?) else {
        return Ok(None);
    };
    let position = u64::try_from(entry.position).map_err(store::unfit)?;
    let size = u64::try_from(head.size).map_err(store::unfit)?;
    let leaf = ledger::unhex(&entry.leaf).unwrap_or_default();
    let proof = prove_record(size, position, &Nodes::new(db)).map_err(store::unfit)?;
    Ok(Some(Included { position, leaf, size, proof, note: head.note }))
}

/// Goes on from what the database holds, whatever was signed before; gives how many
/// entries that is. What came after them is given up, and the trail says so.
pub fn accept(db: &mut Db, actor: &Actor, key: &LogKey, at: Timestamp) -> Result<u64, Refused> {
    let lost = key.kept().map_err(|error| failed(&error))?.map(|(size, _)| size);
    let size = u64::try_from(ledger::size(db)?).map_err(store::unfit)?;
    let detail = serde_json::json!({ "entries": size, "before": lost });
    let subject = Subject { kind: "ledger", id: "ledger" };
    record(db, subject, "ledger_accepted", &detail, &actor.id, at)?;
    let kept = if size == 0 {
        key.forget()
    } else {
        key.sign(size, root(db, size)?).and_then(|note| key.keep_anyway(&note))
    };
    kept.map_err(|error| failed(&error))?;
    Ok(size)
}

/// Whether the database still holds what the head outside it says; of an empty log the head is kept now.
pub fn stands(db: &mut Db, key: &LogKey) -> Result<Result<(), Behind>, Refused> {
    let have = u64::try_from(ledger::size(db)?).map_err(store::unfit)?;
    let Some((size, root)) = key.kept().map_err(|error| failed(&error))? else {
        if have > 0 {
            return Ok(Err(Behind::Unknown { have }));
        }
        // Kept before the first entry: a server killed between that entry and its head must not look like a
        // copy whose head was lost.
        let nothing = key.sign(0, self::root(db, 0)?).and_then(|note| key.keep(&note));
        nothing.map_err(|error| failed(&error))?;
        return Ok(Ok(()));
    };
    follows(db, have, size, root)
}

/// Whether so many entries lead to a head that was signed.
fn follows(db: &mut Db, have: u64, size: u64, root: Hash) -> Result<Result<(), Behind>, Refused> {
    if have < size {
        return Ok(Err(Behind::Short { have, size }));
    }
    let same = self::root(db, size)?.0 == root.0;
    Ok(if same { Ok(()) } else { Err(Behind::Other { size }) })
}

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
}

fn failed(error: &LogKeyError) -> Refused {
    tracing::error!(%error, "the head of the log could not be signed or read");
    store::unfit(std::io::Error::other(error.to_string())).into()
}

/// Nodes of a tree that are held in memory.
#[derive(Default)]
struct Known(HashMap<u64, Hash>);

impl HashReader for Known {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let known = |place| self.0.get(place).copied().ok_or(tlog_tiles::Error::IndexesNotInTree);
        places.iter().map(known).collect()
    }
}
