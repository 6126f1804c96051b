//! Entering rows in the tamper-evident log, after their own commit: a rating
//! never waits for another one. Rows are entered in the order of time, whatever
//! their kinds, so that the last entry tells how far the log has come.

pub mod bounds;
mod issues;
pub mod look;
mod met;
pub mod stands;
mod states;
mod tree;
pub mod verify;

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};
use tlog_tiles::{
    Hash, HashReader, prove_record, record_hash, stored_hash_index, stored_hashes_for_record_hash,
    sub_tree_index, tree_hash,
};

use bounds::Bounds;
pub use stands::{Behind, accept, stands};

use super::Refused;
use crate::{
    clock::{Ids, Timestamp},
    domain::ledger::{Kind, Made, entry, moment},
    secrets::log_key::{LogKey, LogKeyError},
    store::{
        self,
        columns::column,
        connection::Db,
        ledger::{
            self, EntryRow, HeadRow, Nodes,
            rows::{self, Raw},
        },
    },
};

/// Entries of one look: others write to the same database.
const BATCH: usize = 200;
/// Rows of a page.
const PAGE: i64 = 201;

/// What one look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Entries added.
    pub added: usize,
    /// Rows that were found and will never be entered: their names or moments are not of this time.
    pub refused: usize,
    /// The new head, signed.
    pub note: Option<String>,
    /// When the newest row among them was made, in milliseconds since 1970.
    pub newest: Option<u64>,
}

/// Enters rows that are not in the log, and signs the new head; nothing, if the database does not hold any more what
/// was signed of it.
pub fn enter(db: &mut Db, key: &LogKey, at: Timestamp) -> Result<Result<Entered, Behind>, Refused> {
    if let Err(behind) = stands(db, key)? {
        return Ok(Err(behind));
    }
    let start = u64::try_from(ledger::size(db)?).map_err(store::unfit)?;
    let kept = key.newest().map_err(|error| failed(&error))?;
    let Waiting { rows, opening, refused, newest } = waiting(db, at, kept)?;
    let mut size = start;
    let mut tree = edge(db, size)?;
    for (kind, id, columns) in rows.into_iter().chain(opened(db, opening, at)?) {
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
    let added = usize::try_from(size - start).unwrap_or(usize::MAX);
    if added == 0 {
        return Ok(Ok(Entered { added, refused, note: None, newest: None }));
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
    Ok(Ok(Entered { added, refused, note: Some(note), newest }))
}

/// A row that is entered.
type Entering = (Kind, String, Map<String, Value>);

/// What waits to be entered.
struct Waiting {
    /// The oldest rows.
    rows: Vec<Entering>,
    /// The kind of which all is entered with them for the first time.
    opening: Option<Kind>,
    /// Rows that will never be entered.
    refused: usize,
    /// When the newest row was made of the kinds that are taken in.
    newest: Option<u64>,
}

/// A row that waits, and when it was made.
type Dated = (u64, Kind, Raw);

/// The oldest rows that have no entry: of the kinds that were taken in once, and of one that was not. A batch is shared,
/// so that what happens now does not wait until a large kind is taken in.
fn waiting(db: &mut Db, at: Timestamp, kept: u64) -> Result<Waiting, Refused> {
    let bounds = Bounds::now(db, at, kept)?;
    let mut opening = bounds.opening();
    let (mut running, mut old, mut refused) = (Vec::new(), Vec::new(), 0);
    for kind in Kind::ALL {
        let into = match opening {
            Some(opening) if opening == kind => &mut old,
            _ if bounds.is_open(kind) => &mut running,
            _ => continue,
        };
        refused += oldest(db, kind, &bounds, into)?;
    }
    for rows in [&mut running, &mut old] {
        rows.sort_by(|one, other| (one.0, one.1, &one.2.id).cmp(&(other.0, other.1, &other.2.id)));
    }
    // What is left for the next look is younger than all of its sort that is entered now. A kind is open only when
    // nothing at all is left: its rows then tell nothing that is older than what others still wait with.
    let share = if old.is_empty() { BATCH } else { BATCH - old.len().min(BATCH / 2) };
    let taken = running.len().min(share);
    let room = BATCH - taken;
    if running.len() > taken || old.len() > room {
        opening = None;
    }
    let time = |rows: &[Dated]| {
        rows.iter().filter(|(_, kind, _)| kind.made() == Made::ByName).map(|(time, ..)| *time).max()
    };
    let mut newest = time(running.get(..taken).unwrap_or_default());
    if opening.is_some() {
        // Its rows tell how far the log is from here on.
        newest = newest.or(Some(kept)).max(time(&old));
    }
    let rows = running.into_iter().take(taken).chain(old.into_iter().take(room));
    let rows = rows.map(|(_, kind, Raw { id, columns, .. })| (kind, id, columns));
    Ok(Waiting { rows: rows.collect(), opening, refused, newest })
}

/// How long the log is, and whether rows wait to be entered that it would take in.
pub fn waits(db: &mut Db, key: &LogKey, at: Timestamp) -> Result<(i64, bool), Refused> {
    let size = ledger::size(db)?;
    let kept = key.newest().map_err(|error| failed(&error))?;
    Ok((size, !waiting(db, at, kept)?.rows.is_empty()))
}

/// Adds the oldest rows of a kind that wait, more than a batch if there are; gives how many will never be entered.
fn oldest(db: &mut Db, kind: Kind, bounds: &Bounds, into: &mut Vec<Dated>) -> Result<usize, Refused> {
    let (mut found, mut refused, mut offset) = (0, 0, 0);
    while found <= BATCH {
        let page = rows::unentered(db, kind, &bounds.since(kind), (offset, PAGE))?;
        let rows = i64::try_from(page.len()).map_err(store::unfit)?;
        for row in page {
            match bounds.time(kind, &row) {
                Some(time) => {
                    into.push((time, kind, row));
                    found += 1;
                }
                None => refused += 1,
            }
        }
        if rows < PAGE {
            break;
        }
        offset += rows;
    }
    Ok(refused)
}

/// Says that a kind was taken in; the log has this as well, so that nobody can take it back.
fn opened(db: &mut Db, kind: Option<Kind>, at: Timestamp) -> Result<Option<Entering>, Refused> {
    let Some(kind) = kind else { return Ok(None) };
    ledger::open(db, kind, column(at))?;
    let columns = [("kind", json!(kind.table())), ("at", json!(moment(column(at))))];
    let columns = columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Some((Kind::Openings, kind.table().to_owned(), columns)))
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

/// The entry of a row as it stands now, if that is what was entered.
pub fn shown(db: &mut Db, kind: Kind, row: &str, leaf: Hash) -> Result<Option<String>, Refused> {
    let Some(row) = rows::one(db, kind, row)?.filter(|row| row.readable) else { return Ok(None) };
    let bytes = entry(kind, &row.columns, &row.salt);
    let own = record_hash(&bytes).0 == leaf.0;
    Ok(String::from_utf8(bytes).ok().filter(|_| own))
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
