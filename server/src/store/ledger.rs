//! The tamper-evident log as stored: entries, salts, nodes of the tree, signed
//! heads. They are added and read; the tree's arithmetic is `tlog_tiles`'.

pub mod rows;

use std::{cell::RefCell, collections::BTreeMap};

use chrono::NaiveDateTime;
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use tlog_tiles::{Hash, HashReader};

use super::{
    QueryError,
    connection::Db,
    schema::{ledger_entries, ledger_heads, ledger_nodes, ledger_openings, ledger_salts},
};
use crate::domain::ledger::Kind;

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
    // The last place there can be is no place of ours.
    Ok(last.map_or(0, |last| last.saturating_add(1)))
}

/// Entries, however they are placed.
pub fn count(db: &mut Db) -> QueryResult<u64> {
    let rows: i64 = ledger_entries::table.count().get_result(db)?;
    Ok(rows.unsigned_abs())
}

/// The latest head.
pub fn head(db: &mut Db) -> QueryResult<Option<HeadRow>> {
    ledger_heads::table.order(ledger_heads::size.desc()).first(db).optional()
}

/// So many of the latest heads, the latest first.
pub fn latest(db: &mut Db, most: i64) -> QueryResult<Vec<HeadRow>> {
    ledger_heads::table.order(ledger_heads::size.desc()).limit(most).load(db)
}

/// The note of the head of so many entries.
pub fn head_of(db: &mut Db, size: u64) -> QueryResult<Option<String>> {
    let mine = ledger_heads::table.filter(ledger_heads::size.eq(number(size)?));
    mine.select(ledger_heads::note).first(db).optional()
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

/// The names that were entered last of these kinds, so many, the last first.
pub fn newest(db: &mut Db, kinds: &[&str], most: i64) -> QueryResult<Vec<String>> {
    ledger_entries::table
        .filter(ledger_entries::kind.eq_any(kinds))
        .order(ledger_entries::position.desc())
        .limit(most)
        .select(ledger_entries::row_id)
        .load(db)
}

/// Whether there are entries before the first one: no head covers them.
pub fn strays(db: &mut Db) -> QueryResult<bool> {
    let first: Option<i64> =
        ledger_entries::table.select(diesel::dsl::min(ledger_entries::position)).first(db)?;
    Ok(first.is_some_and(|first| first < 0))
}

/// Kinds that the log has taken in: by their entries and by their rows, so that one whose entry was renamed is not taken
/// in again with whatever was slipped into it.
pub fn openings(db: &mut Db) -> QueryResult<Vec<String>> {
    let entered = ledger_entries::table
        .filter(ledger_entries::kind.eq(Kind::Openings.table()))
        .select(ledger_entries::row_id);
    let mut all: Vec<String> = entered.load(db)?;
    all.extend(ledger_openings::table.select(ledger_openings::kind).load::<String>(db)?);
    Ok(all)
}

/// Says from when on the log takes in a kind.
pub fn open(db: &mut Db, kind: Kind, at: NaiveDateTime) -> QueryResult<()> {
    let row = (ledger_openings::kind.eq(kind.table()), ledger_openings::at.eq(at));
    diesel::insert_into(ledger_openings::table).values(row).execute(db).map(drop)
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
