//! The tamper-evident log as stored: entries, salts, nodes of the tree, signed
//! heads. They are added and read; the tree's arithmetic is `tlog_tiles`'.

pub mod rows;

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
};

use chrono::NaiveDateTime;
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use tlog_tiles::{Hash, HashReader};

use super::{
    QueryError,
    connection::Db,
    schema::{ledger_cursors, ledger_entries, ledger_heads, ledger_nodes, ledger_salts},
};
use crate::domain::ledger::Kind;

/// Rows of one statement's list.
const CHUNK: usize = 400;

/// An entry as stored; the leaf in hex.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = ledger_entries)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct EntryRow {
    pub position: i64,
    pub kind: String,
    pub row_id: String,
    pub leaf: String,
}

/// A signed head as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = ledger_heads)]
#[expect(missing_docs, reason = "columns are documented in the migrations")]
pub struct HeadRow {
    pub size: i64,
    pub root: String,
    pub note: String,
    pub at: NaiveDateTime,
}

/// Entries in all.
pub fn size(db: &mut Db) -> QueryResult<i64> {
    let last: Option<i64> =
        ledger_entries::table.select(diesel::dsl::max(ledger_entries::position)).first(db)?;
    Ok(last.map_or(0, |last| last + 1))
}

/// The latest head.
pub fn head(db: &mut Db) -> QueryResult<Option<HeadRow>> {
    ledger_heads::table.order(ledger_heads::size.desc()).first(db).optional()
}

/// So many of the latest heads, the latest first.
pub fn latest(db: &mut Db, most: i64) -> QueryResult<Vec<HeadRow>> {
    ledger_heads::table.order(ledger_heads::size.desc()).limit(most).load(db)
}

/// All heads, the smallest first.
pub fn heads(db: &mut Db) -> QueryResult<Vec<HeadRow>> {
    ledger_heads::table.order(ledger_heads::size).load(db)
}

/// Adds a head.
pub fn add_head(db: &mut Db, row: &HeadRow) -> QueryResult<()> {
    diesel::insert_into(ledger_heads::table).values(row).execute(db).map(drop)
}

/// The entry of a row.
pub fn entry(db: &mut Db, kind: Kind, row: &str) -> QueryResult<Option<EntryRow>> {
    ledger_entries::table
        .filter(ledger_entries::kind.eq(kind.table()))
        .filter(ledger_entries::row_id.eq(row))
        .first(db)
        .optional()
}

/// Entries of a kind whose rows have an id between two, both included.
pub fn entries_between(db: &mut Db, kind: Kind, from: &str, to: &str) -> QueryResult<Vec<EntryRow>> {
    ledger_entries::table
        .filter(ledger_entries::kind.eq(kind.table()))
        .filter(ledger_entries::row_id.ge(from))
        .filter(ledger_entries::row_id.le(to))
        .order(ledger_entries::row_id)
        .load(db)
}

/// Which of these rows of a kind have an entry.
pub fn entered(db: &mut Db, kind: Kind, rows: &[String]) -> QueryResult<HashSet<String>> {
    let mut all = HashSet::new();
    for part in rows.chunks(CHUNK) {
        let known: Vec<String> = ledger_entries::table
            .filter(ledger_entries::kind.eq(kind.table()))
            .filter(ledger_entries::row_id.eq_any(part.to_vec()))
            .select(ledger_entries::row_id)
            .load(db)?;
        all.extend(known);
    }
    Ok(all)
}

/// Entries of a kind whose rows have a greater id than this.
pub fn entries_after(db: &mut Db, kind: Kind, id: &str, limit: i64) -> QueryResult<Vec<EntryRow>> {
    ledger_entries::table
        .filter(ledger_entries::kind.eq(kind.table()))
        .filter(ledger_entries::row_id.gt(id))
        .order(ledger_entries::row_id)
        .limit(limit)
        .load(db)
}

/// Entries from a position on, in the order of the log.
pub fn entries_from(db: &mut Db, position: i64, limit: i64) -> QueryResult<Vec<EntryRow>> {
    ledger_entries::table
        .filter(ledger_entries::position.ge(position))
        .order(ledger_entries::position)
        .limit(limit)
        .load(db)
}

/// Salts of rows of a kind whose ids lie between two, both included.
pub fn salts_between(db: &mut Db, kind: Kind, from: &str, to: &str) -> QueryResult<BTreeMap<String, String>> {
    let rows: Vec<(String, String)> = ledger_salts::table
        .filter(ledger_salts::kind.eq(kind.table()))
        .filter(ledger_salts::row_id.ge(from))
        .filter(ledger_salts::row_id.le(to))
        .select((ledger_salts::row_id, ledger_salts::salt))
        .load(db)?;
    Ok(rows.into_iter().collect())
}

/// Adds an entry with its salt and the nodes that it completes.
pub fn add(db: &mut Db, row: &EntryRow, salt: &str, nodes: &[(u64, Hash)]) -> QueryResult<()> {
    diesel::insert_into(ledger_entries::table).values(row).execute(db)?;
    let salted =
        (ledger_salts::kind.eq(&row.kind), ledger_salts::row_id.eq(&row.row_id), ledger_salts::salt.eq(salt));
    diesel::insert_into(ledger_salts::table).values(salted).execute(db)?;
    for (place, hash) in nodes {
        let node = (ledger_nodes::place.eq(number(*place)?), ledger_nodes::hash.eq(HEXLOWER.encode(&hash.0)));
        diesel::insert_into(ledger_nodes::table).values(node).execute(db)?;
    }
    Ok(())
}

/// Up to where the rows of a kind were looked at.
pub fn cursor(db: &mut Db, kind: Kind) -> QueryResult<String> {
    let row: Option<String> = ledger_cursors::table
        .filter(ledger_cursors::kind.eq(kind.table()))
        .select(ledger_cursors::row_id)
        .first(db)
        .optional()?;
    Ok(row.unwrap_or_default())
}

/// Moves that on.
pub fn set_cursor(db: &mut Db, kind: Kind, id: &str) -> QueryResult<()> {
    let mine = ledger_cursors::table.filter(ledger_cursors::kind.eq(kind.table()));
    if diesel::update(mine).set(ledger_cursors::row_id.eq(id)).execute(db)? == 0 {
        let row = (ledger_cursors::kind.eq(kind.table()), ledger_cursors::row_id.eq(id));
        diesel::insert_into(ledger_cursors::table).values(row).execute(db)?;
    }
    Ok(())
}

/// Reads nodes of the tree for `tlog_tiles`.
pub struct Nodes<'a>(RefCell<&'a mut Db>);

impl<'a> Nodes<'a> {
    /// Over this connection.
    pub const fn new(db: &'a mut Db) -> Self {
        Self(RefCell::new(db))
    }
}

impl HashReader for Nodes<'_> {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        let mut db = self.0.borrow_mut();
        let wanted = places.iter().map(|place| number(*place)).collect::<QueryResult<Vec<i64>>>();
        let rows = wanted.and_then(|wanted| {
            ledger_nodes::table.filter(ledger_nodes::place.eq_any(wanted)).load::<(i64, String)>(&mut **db)
        });
        let rows = rows.map_err(|error| tlog_tiles::Error::InvalidInput(error.to_string()))?;
        let known: BTreeMap<u64, Hash> = rows
            .into_iter()
            .filter_map(|(place, hash)| Some((u64::try_from(place).ok()?, unhex(&hash)?)))
            .collect();
        places
            .iter()
            .map(|place| known.get(place).copied().ok_or(tlog_tiles::Error::IndexesNotInTree))
            .collect()
    }
}

/// A hash written in hex.
#[must_use]
pub fn unhex(text: &str) -> Option<Hash> {
    let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
    bytes.try_into().ok().map(Hash)
}

fn number(place: u64) -> QueryResult<i64> {
    i64::try_from(place).map_err(|error| QueryError::SerializationError(Box::new(error)))
}
