//! PostgreSQL writes a row down as JSON, by itself and whatever its columns have
//! become; moments and days are the same whatever the session is set to.

use std::collections::BTreeMap;

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    pg::Pg,
    sql_query,
    sql_types::{BigInt, Nullable, Text},
};
use serde_json::{Map, Value};

use super::{Beside, Cell, Entry, Head, Raw, RowAndFact, Stated, beside, raw, stated};
use crate::domain::ledger::{
    Kind, Made, State,
    columns::{Form, columns, of_issues},
};

/// Rows that are fetched at once.
const PAGE: usize = 1000;

/// What was written down of rows that change.
const FACTS: &str = Kind::StateFacts.table();
/// Of a fact: its issue is gone.
const GONE: &str = "NOT EXISTS (SELECT 1 FROM issues i WHERE i.id = f.issue_id)";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    cells: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    position: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    row_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    leaf: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    salt: Option<String>,
}

#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = Text)]
    cells: String,
    #[diesel(sql_type = Nullable<Text>)]
    fact: Option<String>,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

#[derive(QueryableByName)]
struct Two {
    #[diesel(sql_type = Text)]
    one: String,
    #[diesel(sql_type = Text)]
    other: String,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    row_id: String,
    #[diesel(sql_type = Text)]
    leaf: String,
}

#[derive(QueryableByName)]
struct Signed {
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Text)]
    root: String,
    #[diesel(sql_type = Text)]
    note: String,
}

#[derive(QueryableByName)]
struct Node {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    hash: String,
}

/// In a transaction: a cursor lives no longer.
pub(super) fn each(db: &mut PgConnection, kind: Kind, deed: &mut dyn FnMut(Raw)) -> QueryResult<()> {
    let Some(select) = select(db, kind)? else { return Ok(()) };
    fetched(db, &select, &mut |line| deed(row(kind, line)))
}

fn fetched<T>(db: &mut PgConnection, select: &str, deed: &mut dyn FnMut(T)) -> QueryResult<()>
where
    T: QueryableByName<Pg> + 'static,
{
    sql_query(format!("DECLARE ledger_rows NO SCROLL CURSOR FOR {select}")).execute(db)?;
    loop {
        let page: Vec<T> = sql_query(format!("FETCH {PAGE} FROM ledger_rows")).load(db)?;
        let last = page.len() < PAGE;
        page.into_iter().for_each(&mut *deed);
        if last {
            return sql_query("CLOSE ledger_rows").execute(db).map(drop);
        }
    }
}

pub(super) fn unentered(
    db: &mut PgConnection,
    kind: Kind,
    since: &str,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<Raw>> {
    let Some(select) = select(db, kind)? else { return Ok(Vec::new()) };
    let (column, from) = match kind.made() {
        Made::ByName => (kind.key().first().copied().unwrap_or("id"), "$1"),
        Made::ByColumn(column) => (column, "$1::timestamp"),
    };
    let found = sql_query(format!(
        "{select} WHERE e.row_id IS NULL AND t.\"{column}\" >= {from} ORDER BY t.\"{column}\", {} LIMIT $2 OFFSET $3",
        name(kind)
    ));
    let found = found.bind::<Text, _>(since).bind::<BigInt, _>(limit).bind::<BigInt, _>(offset);
    Ok(found.load::<Line>(db)?.into_iter().map(|line| row(kind, line)).collect())
}

pub(super) fn one(db: &mut PgConnection, kind: Kind, id: &str) -> QueryResult<Option<Raw>> {
    let Some(select) = select(db, kind)? else { return Ok(None) };
    let found = sql_query(format!("{select} WHERE {} = $1", name(kind))).bind::<Text, _>(id);
    Ok(found.load::<Line>(db)?.into_iter().next().map(|line| row(kind, line)))
}

pub(super) fn entries(db: &mut PgConnection, from: i64, limit: i64) -> QueryResult<Vec<Entry>> {
    let found = sql_query(
        "SELECT position, kind, row_id, leaf FROM ledger_entries WHERE position >= $1 ORDER BY position LIMIT $2",
    );
    let found: Vec<Told> = found.bind::<BigInt, _>(from).bind::<BigInt, _>(limit).load(db)?;
    let one = |one: Told| Entry {
        position: u64::try_from(one.position).ok(),
        kind: one.kind,
        row: one.row_id,
        leaf: one.leaf,
    };
    Ok(found.into_iter().map(one).collect())
}

/// In a transaction, as [`each`].
pub(super) fn issues(db: &mut PgConnection, deed: &mut dyn FnMut(Beside)) -> QueryResult<()> {
    if !is_there(db, "issues")? || !is_there(db, Kind::IssueFacts.table())? {
        return Ok(());
    }
    let select = "SELECT pg_catalog.to_jsonb(t)::text AS cells, pg_catalog.to_jsonb(f)::text AS fact FROM issues t \
                  LEFT JOIN (SELECT DISTINCT ON (issue_id) * FROM issue_facts ORDER BY issue_id, version DESC) f \
                  ON f.issue_id = t.id";
    fetched(db, select, &mut |pair: Pair| {
        let fact = pair.fact.map(|fact| cells(&fact, columns(Kind::IssueFacts)));
        deed(beside(cells(&pair.cells, of_issues()), fact));
    })
}

pub(super) fn misfits(db: &mut PgConnection) -> QueryResult<(Vec<String>, Vec<String>)> {
    let mut list = |which: &str| -> QueryResult<Vec<String>> {
        let sql = format!("SELECT DISTINCT f.issue_id AS word FROM issue_facts f WHERE {which}");
        Ok(sql_query(sql).load::<Word>(db)?.into_iter().map(|one| one.word).collect())
    };
    Ok((list(GONE)?, list("f.fits IS NOT TRUE")?))
}

/// In a transaction, as [`each`].
pub(super) fn states(db: &mut PgConnection, state: State, deed: &mut dyn FnMut(Stated)) -> QueryResult<()> {
    let table = state.table();
    if !is_there(db, table)? || !is_there(db, FACTS)? {
        return Ok(());
    }
    let select = format!(
        "SELECT pg_catalog.to_jsonb(t)::text AS cells, pg_catalog.to_jsonb(f)::text AS fact FROM \"{table}\" t \
         LEFT JOIN ({}) f ON f.row_key = {}",
        newest(table),
        written(state),
    );
    fetched(db, &select, &mut |pair: Pair| {
        let fact = pair.fact.map(|fact| cells(&fact, columns(Kind::StateFacts)));
        deed(stated(state, cells(&pair.cells, state.columns()), fact));
    })
}

/// The cells of a row, and those of its newest fact.
pub(super) fn state(
    db: &mut PgConnection,
    state: State,
    key: &[String],
    name: &str,
) -> QueryResult<RowAndFact> {
    let is = |(index, column): (usize, &&str)| {
        let day = state.columns().contains(&(*column, Form::Day));
        format!("t.\"{column}\" = ${}{}", index + 1, if day { "::date" } else { "" })
    };
    let is = state.key().iter().enumerate().map(is).collect::<Vec<_>>().join(" AND ");
    let mut row = sql_query(format!(
        "SELECT pg_catalog.to_jsonb(t)::text AS word FROM \"{}\" t WHERE {is}",
        state.table()
    ))
    .into_boxed::<Pg>();
    for part in key {
        row = row.bind::<Text, _>(part);
    }
    let row: Vec<Word> = row.load(db)?;
    let fact = sql_query(format!(
        "SELECT pg_catalog.to_jsonb(f)::text AS word FROM {FACTS} f WHERE f.table_name = $1 AND f.row_key = $2 \
         ORDER BY f.version DESC LIMIT 1"
    ));
    let fact: Vec<Word> = fact.bind::<Text, _>(state.table()).bind::<Text, _>(name).load(db)?;
    let first = |found: Vec<Word>, columns| found.first().map(|one| cells(&one.word, columns));
    Ok((first(row, state.columns()), first(fact, columns(Kind::StateFacts))))
}

pub(super) fn lost(db: &mut PgConnection, state: State) -> QueryResult<Vec<String>> {
    let table = state.table();
    if !is_there(db, FACTS)? {
        return Ok(Vec::new());
    }
    let gone = if is_there(db, table)? {
        format!("NOT EXISTS (SELECT 1 FROM \"{table}\" t WHERE {} = f.row_key)", written(state))
    } else {
        "true".to_owned()
    };
    let sql =
        format!("SELECT f.row_key AS word FROM ({}) f WHERE f.gone IS NOT TRUE AND {gone}", newest(table));
    Ok(sql_query(sql).load::<Word>(db)?.into_iter().map(|one| one.word).collect())
}

pub(super) fn unfit(db: &mut PgConnection) -> QueryResult<Vec<(String, String)>> {
    if !is_there(db, FACTS)? {
        return Ok(Vec::new());
    }
    let sql =
        format!("SELECT DISTINCT table_name AS one, row_key AS other FROM {FACTS} WHERE fits IS NOT TRUE");
    Ok(sql_query(sql).load::<Two>(db)?.into_iter().map(|two| (two.one, two.other)).collect())
}

/// The newest facts of a table.
fn newest(table: &str) -> String {
    format!(
        "SELECT DISTINCT ON (row_key) * FROM {FACTS} WHERE table_name = '{table}' ORDER BY row_key, version DESC"
    )
}

/// What names a row of a table that changes, whatever the session is set to.
fn written(state: State) -> String {
    let parts = state.key().iter().map(|key| format!("(pg_catalog.to_jsonb(t)->>'{key}')"));
    parts.collect::<Vec<_>>().join("||'/'||")
}

pub(super) fn heads(db: &mut PgConnection) -> QueryResult<Vec<Head>> {
    let found: Vec<Signed> = sql_query("SELECT size, root, note FROM ledger_heads").load(db)?;
    let head = |one: Signed| Head { size: u64::try_from(one.size).ok(), root: one.root, note: one.note };
    Ok(found.into_iter().map(head).collect())
}

pub(super) fn nodes(db: &mut PgConnection, from: i64, to: i64) -> QueryResult<BTreeMap<u64, String>> {
    let found = sql_query("SELECT place, hash FROM ledger_nodes WHERE place BETWEEN $1 AND $2");
    let found: Vec<Node> = found.bind::<BigInt, _>(from).bind::<BigInt, _>(to).load(db)?;
    Ok(found.into_iter().filter_map(|one| Some((u64::try_from(one.place).ok()?, one.hash))).collect())
}

/// Rows with their entries; none, if there is no such table any more.
fn select(db: &mut PgConnection, kind: Kind) -> QueryResult<Option<String>> {
    let table = kind.table();
    if !is_there(db, table)? {
        return Ok(None);
    }
    Ok(Some(format!(
        "SELECT pg_catalog.to_jsonb(t)::text AS cells, e.position, e.row_id, e.leaf, s.salt FROM \"{table}\" t \
         LEFT JOIN ledger_entries e ON e.kind = '{table}' AND e.row_id = {name} \
         LEFT JOIN ledger_salts s ON s.kind = '{table}' AND s.row_id = {name}",
        name = name(kind),
    )))
}

fn name(kind: Kind) -> String {
    match kind.key() {
        [one] => format!("t.\"{one}\""),
        several => several.iter().map(|key| format!("t.\"{key}\"::text")).collect::<Vec<_>>().join("||'/'||"),
    }
}

fn is_there(db: &mut PgConnection, table: &str) -> QueryResult<bool> {
    let found = sql_query("SELECT relname::text AS word FROM pg_class WHERE oid = to_regclass($1)");
    Ok(!found.bind::<Text, _>(table).load::<Word>(db)?.is_empty())
}

fn row(kind: Kind, line: Line) -> Raw {
    let entry = line.row_id.map(|row| Entry {
        position: line.position.and_then(|position| u64::try_from(position).ok()),
        kind: kind.table().to_owned(),
        row,
        leaf: line.leaf.unwrap_or_default(),
    });
    raw(kind, cells(&line.cells, columns(kind)), entry, line.salt)
}

fn cells(text: &str, columns: &[(&str, Form)]) -> Vec<Cell> {
    let mut there: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let cell = |(column, form): &(&str, Form)| match there.remove(*column) {
        None => Cell::Other("-".to_owned()),
        Some(Value::Null) => Cell::Null,
        // As JSON writes a moment; ours is that of SQLite.
        Some(Value::String(text)) if *form == Form::Moment => match text.split_once('T') {
            Some((day, time)) => Cell::Text(format!("{day} {time}")),
            None => Cell::Other(text),
        },
        Some(Value::String(text)) => Cell::Text(text),
        Some(Value::Bool(flag)) => Cell::Flag(flag),
        Some(Value::Number(number)) if *form == Form::Number => {
            number.as_i64().map_or_else(|| Cell::Other(number.to_string()), Cell::Number)
        }
        Some(other) => Cell::Other(other.to_string()),
    };
    columns.iter().map(cell).collect()
}
