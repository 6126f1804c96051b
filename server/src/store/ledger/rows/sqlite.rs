//! SQLite keeps any value in any column, and text that is none. So that nothing is
//! turned into something else on its way, each value is asked for by its type and
//! its bytes.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXUPPER;
use diesel::{
    QueryResult, QueryableByName, RunQueryDsl, SqliteConnection, sql_query,
    sql_types::{BigInt, Nullable, Text},
    sqlite::Sqlite,
};

use super::{Beside, Cell, Entry, Head, Raw, RowAndFact, Stated, beside, raw, stated};
use crate::domain::ledger::{
    Kind, Made, State,
    columns::{Form, columns, of_issues},
};

/// What was written down of rows that change.
const FACTS: &str = Kind::StateFacts.table();
/// Of a fact: its issue is gone.
const GONE: &str = "NOT EXISTS (SELECT 1 FROM issues i WHERE i.id = f.issue_id COLLATE BINARY)";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    cells: String,
    /// Of the entry: position, kind, name, leaf; of an issue: its fact.
    #[diesel(sql_type = Nullable<Text>)]
    other: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    salt: Option<String>,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

pub(super) fn each(db: &mut SqliteConnection, kind: Kind, deed: &mut dyn FnMut(Raw)) -> QueryResult<()> {
    let Some(select) = select(db, kind)? else { return Ok(()) };
    for line in sql_query(select).load_iter::<Line, _>(db)? {
        deed(row(kind, line?));
    }
    Ok(())
}

pub(super) fn unentered(
    db: &mut SqliteConnection,
    kind: Kind,
    since: &str,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<Raw>> {
    let Some(select) = select(db, kind)? else { return Ok(Vec::new()) };
    let column = match kind.made() {
        Made::ByName => kind.key().first().copied().unwrap_or("id"),
        Made::ByColumn(column) => column,
    };
    let found = sql_query(format!(
        "{select} WHERE e.row_id IS NULL AND t.\"{column}\" >= ? ORDER BY t.\"{column}\", t.rowid LIMIT ? OFFSET ?"
    ));
    let found = found.bind::<Text, _>(since).bind::<BigInt, _>(limit).bind::<BigInt, _>(offset);
    Ok(found.load::<Line>(db)?.into_iter().map(|line| row(kind, line)).collect())
}

pub(super) fn one(db: &mut SqliteConnection, kind: Kind, id: &str) -> QueryResult<Option<Raw>> {
    let Some(select) = select(db, kind)? else { return Ok(None) };
    let found = sql_query(format!("{select} WHERE {} = ?", name(kind))).bind::<Text, _>(id);
    Ok(found.load::<Line>(db)?.into_iter().next().map(|line| row(kind, line)))
}

pub(super) fn entries(db: &mut SqliteConnection, from: i64, limit: i64) -> QueryResult<Vec<Entry>> {
    let found = sql_query(format!(
        "SELECT {} AS word FROM ledger_entries e WHERE e.position >= ? ORDER BY e.position LIMIT ?",
        of_entry(),
    ));
    let found: Vec<Word> = found.bind::<BigInt, _>(from).bind::<BigInt, _>(limit).load(db)?;
    Ok(found.iter().map(|one| entry(&one.word)).collect())
}

pub(super) fn issues(db: &mut SqliteConnection, deed: &mut dyn FnMut(Beside)) -> QueryResult<()> {
    let (here, facts) = (present(db, "issues")?, present(db, Kind::IssueFacts.table())?);
    if here.is_empty() || facts.is_empty() {
        return Ok(());
    }
    let found = sql_query(format!(
        "SELECT {} AS cells, CASE WHEN f.id IS NULL THEN NULL ELSE {} END AS other, NULL AS salt FROM issues t \
         LEFT JOIN issue_facts f ON f.issue_id = t.id COLLATE BINARY \
         AND f.version = (SELECT max(version) FROM issue_facts WHERE issue_id = t.id COLLATE BINARY)",
        cells("t", of_issues(), &here),
        cells("f", columns(Kind::IssueFacts), &facts),
    ));
    for line in found.load_iter::<Line, _>(db)? {
        let line = line?;
        deed(beside(all(&line.cells), line.other.as_deref().map(all)));
    }
    Ok(())
}

pub(super) fn misfits(db: &mut SqliteConnection) -> QueryResult<(Vec<String>, Vec<String>)> {
    let mut list = |which: &str| -> QueryResult<Vec<String>> {
        let sql = format!("SELECT DISTINCT {} AS word FROM issue_facts f WHERE {which}", cell("f.issue_id"));
        let found = sql_query(sql).load::<Word>(db)?;
        Ok(found.into_iter().map(|one| super::shown(&read(&one.word))).collect())
    };
    Ok((list(GONE)?, list("f.fits IS NOT 1")?))
}

pub(super) fn states(
    db: &mut SqliteConnection,
    state: State,
    deed: &mut dyn FnMut(Stated),
) -> QueryResult<()> {
    let (here, facts) = (present(db, state.table())?, present(db, FACTS)?);
    if facts.is_empty() || !state.key().iter().all(|key| here.contains(*key)) {
        return Ok(());
    }
    let (table, name) = (state.table(), named(state.key()));
    let own = format!("table_name = '{table}' AND row_key = {name}");
    let found = sql_query(format!(
        "SELECT {} AS cells, CASE WHEN f.id IS NULL THEN NULL ELSE {} END AS other, NULL AS salt FROM \"{table}\" t \
         LEFT JOIN {FACTS} f ON f.{own} AND f.version = (SELECT max(version) FROM {FACTS} WHERE {own})",
        cells("t", state.columns(), &here),
        cells("f", columns(Kind::StateFacts), &facts),
    ));
    for line in found.load_iter::<Line, _>(db)? {
        let line = line?;
        deed(stated(state, all(&line.cells), line.other.as_deref().map(all)));
    }
    Ok(())
}

/// The cells of a row, and those of its newest fact.
pub(super) fn state(
    db: &mut SqliteConnection,
    state: State,
    key: &[String],
    name: &str,
) -> QueryResult<RowAndFact> {
    let names =
        |columns: &[(&'static str, Form)]| columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let is = state.key().iter().map(|column| format!("t.\"{column}\" = ? COLLATE BINARY"));
    let mut row = sql_query(format!(
        "SELECT {} AS word FROM \"{}\" t WHERE {}",
        cells("t", state.columns(), &names(state.columns())),
        state.table(),
        is.collect::<Vec<_>>().join(" AND "),
    ))
    .into_boxed::<Sqlite>();
    for part in key {
        row = row.bind::<Text, _>(part);
    }
    let row: Vec<Word> = row.load(db)?;
    let fact = sql_query(format!(
        "SELECT {} AS word FROM {FACTS} f WHERE f.table_name = ? AND f.row_key = ? COLLATE BINARY \
         ORDER BY f.version DESC LIMIT 1",
        cells("f", columns(Kind::StateFacts), &names(columns(Kind::StateFacts))),
    ));
    let fact: Vec<Word> = fact.bind::<Text, _>(state.table()).bind::<Text, _>(name).load(db)?;
    let first = |found: Vec<Word>| found.first().map(|one| all(&one.word));
    Ok((first(row), first(fact)))
}

pub(super) fn lost(db: &mut SqliteConnection, state: State) -> QueryResult<Vec<String>> {
    if present(db, FACTS)?.is_empty() {
        return Ok(Vec::new());
    }
    let (table, here) = (state.table(), present(db, state.table())?);
    let name = named(state.key());
    let gone = if state.key().iter().all(|key| here.contains(*key)) {
        // Sought in one list that SQLite makes once, whatever the key is made of.
        format!("f.row_key COLLATE BINARY NOT IN (SELECT {name} FROM \"{table}\" t WHERE {name} IS NOT NULL)")
    } else {
        "1".to_owned()
    };
    let found = sql_query(format!(
        "SELECT {} AS word FROM {FACTS} f WHERE f.table_name = '{table}' AND f.gone IS NOT 1 AND f.version = \
         (SELECT max(version) FROM {FACTS} WHERE table_name = '{table}' AND row_key = f.row_key) AND {gone}",
        cell("f.row_key"),
    ));
    Ok(found.load::<Word>(db)?.iter().map(|one| super::shown(&read(&one.word))).collect())
}

pub(super) fn unfit(db: &mut SqliteConnection) -> QueryResult<Vec<(String, String)>> {
    if present(db, FACTS)?.is_empty() {
        return Ok(Vec::new());
    }
    let cells = ["f.table_name", "f.row_key"].map(cell).join("||','||");
    let found = sql_query(format!("SELECT DISTINCT {cells} AS word FROM {FACTS} f WHERE f.fits IS NOT 1"));
    let pair = |one: &Word| {
        let mut cells = all(&one.word).into_iter().map(|cell| super::shown(&cell));
        (cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
    };
    Ok(found.load::<Word>(db)?.iter().map(pair).collect())
}

pub(super) fn heads(db: &mut SqliteConnection) -> QueryResult<Vec<Head>> {
    let cells = ["size", "root", "note"].map(cell).join("||','||");
    let found: Vec<Word> = sql_query(format!("SELECT {cells} AS word FROM ledger_heads")).load(db)?;
    let head = |(size, rest): (Option<u64>, Vec<String>)| {
        let mut rest = rest.into_iter();
        Head { size, root: rest.next().unwrap_or_default(), note: rest.next().unwrap_or_default() }
    };
    Ok(found.iter().map(|one| head(numbered(&one.word))).collect())
}

pub(super) fn nodes(db: &mut SqliteConnection, from: i64, to: i64) -> QueryResult<BTreeMap<u64, String>> {
    let cells = ["place", "hash"].map(cell).join("||','||");
    let found =
        sql_query(format!("SELECT {cells} AS word FROM ledger_nodes WHERE place >= ? AND place <= ?"));
    let found: Vec<Word> = found.bind::<BigInt, _>(from).bind::<BigInt, _>(to).load(db)?;
    let node = |(place, rest): (Option<u64>, Vec<String>)| Some((place?, rest.into_iter().next()?));
    Ok(found.iter().filter_map(|one| node(numbered(&one.word))).collect())
}

/// An entry, in SQL; [`entry`] reads it.
fn of_entry() -> String {
    ["e.position", "e.kind", "e.row_id", "e.leaf"].map(cell).join("||','||")
}

fn entry(text: &str) -> Entry {
    let (position, rest) = numbered(text);
    let mut rest = rest.into_iter();
    let mut next = || rest.next().unwrap_or_default();
    Entry { position, kind: next(), row: next(), leaf: next() }
}

/// A number, if it is one, and what can be shown of the other cells.
fn numbered(text: &str) -> (Option<u64>, Vec<String>) {
    let mut cells = text.split(',').map(read);
    let number = match cells.next() {
        Some(Cell::Number(number)) => u64::try_from(number).ok(),
        _ => None,
    };
    (number, cells.map(|cell| super::shown(&cell)).collect())
}

/// Rows with their entries; none, if there is no such table any more.
fn select(db: &mut SqliteConnection, kind: Kind) -> QueryResult<Option<String>> {
    let table = kind.table();
    let there = present(db, table)?;
    if !kind.key().iter().all(|key| there.contains(*key)) {
        return Ok(None);
    }
    let cells = cells("t", columns(kind), &there);
    Ok(Some(format!(
        "SELECT {cells} AS cells, CASE WHEN e.row_id IS NULL THEN NULL ELSE {} END AS other, {} AS salt \
         FROM \"{table}\" t LEFT JOIN ledger_entries e ON e.kind = '{table}' AND e.row_id = {name} \
         LEFT JOIN ledger_salts s ON s.kind = '{table}' AND s.row_id = {name}",
        of_entry(),
        cell("s.salt"),
        name = name(kind),
    )))
}

/// What names a row, in SQL. Only text is a name: a number or bytes that look like one are not the row that was entered.
fn name(kind: Kind) -> String {
    named(kind.key())
}

fn named(key: &[&str]) -> String {
    match key {
        [one] => format!("t.\"{one}\" COLLATE BINARY"),
        several => {
            let parts = several.iter().map(|key| format!("t.\"{key}\"")).collect::<Vec<_>>();
            format!("({}) COLLATE BINARY", parts.join("||'/'||"))
        }
    }
}

/// The values of a row, in SQL; of a column that is gone, a mark.
fn cells(table: &str, columns: &[(&str, Form)], there: &BTreeSet<String>) -> String {
    let one = |column: &str| {
        if there.contains(column) { cell(&format!("{table}.\"{column}\"")) } else { "'-'".to_owned() }
    };
    columns.iter().map(|(column, _)| one(column)).collect::<Vec<_>>().join("||','||")
}

/// Type and bytes of a value.
fn cell(column: &str) -> String {
    format!("(substr(typeof({column}),1,1)||hex(CAST({column} AS BLOB)))")
}

fn present(db: &mut SqliteConnection, table: &str) -> QueryResult<BTreeSet<String>> {
    let found = sql_query(format!("SELECT name AS word FROM pragma_table_info('{table}')"));
    Ok(found.load::<Word>(db)?.into_iter().map(|one| one.word).collect())
}

fn row(kind: Kind, line: Line) -> Raw {
    let salt = line.salt.map(|cell| super::shown(&read(&cell)));
    raw(kind, all(&line.cells), line.other.as_deref().map(entry), salt)
}

fn all(cells: &str) -> Vec<Cell> {
    cells.split(',').map(read).collect()
}

fn read(cell: &str) -> Cell {
    let (sort, bytes) = cell.split_at(cell.len().min(1));
    let bytes = HEXUPPER.decode(bytes.as_bytes()).unwrap_or_default();
    let text = String::from_utf8(bytes);
    match (sort, text) {
        ("n", _) => Cell::Null,
        ("t", Ok(text)) => Cell::Text(text),
        ("i", Ok(text)) => text.parse().map_or_else(|_| Cell::Other(cell.to_owned()), Cell::Number),
        _ => Cell::Other(cell.to_owned()),
    }
}
